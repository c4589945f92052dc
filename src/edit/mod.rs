//! Text in, text out: edits that add their own bytes and leave all others alone.
//!
//! A parser finds the place, [`TextEdit`] changes the original text there; nothing is ever
//! written back from a parsed tree. This module knows no paths.

mod amplify_yml;
mod gitignore;
mod manifest;
mod text;
mod toml;
pub mod typescript;

pub use amplify_yml::{YamlRefusal, add_build_steps, remove_build_steps};
pub use gitignore::{ignore_target, no_longer_ignore_target};
pub use manifest::{DependencySpec, Inherited, inherit, path_dependencies};
pub use text::{TextEdit, position};
pub use toml::{
    EditError, KeyPath, Setting, is_bare, is_written, keys, place, push_string, remove_key,
    remove_string, set_value, setting, text_at,
};
