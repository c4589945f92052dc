//! The only one that starts processes.

mod editor;

pub use editor::edit_file;
