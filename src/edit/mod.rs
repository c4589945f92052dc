//! Text in, text out: edits that add their own bytes and leave all others alone.
//!
//! A parser finds the place, `TextEdit` changes the original text there; nothing is ever
//! written back from a parsed tree. This module knows no paths.

mod amplify_yml;
mod gitignore;
mod manifest;
mod text;
mod toml;
pub mod typescript;
mod yaml;

pub use amplify_yml::{add_build_steps, remove_build_steps};
pub use gitignore::{ignore_target, ignores, no_longer_ignore_target};
pub(crate) use manifest::{
    DependencySpec, Inherited, RUNTIME_NEEDS, RustVersion, fit_resolver, inherit,
};
pub use toml::{
    CurrentValue, EditError, KeyPath, is_bare, is_written, push_string, remove_key, remove_string,
    set_value, setting,
};
pub(crate) use toml::{dotted, key_path, keys, place, string_at, strings};
