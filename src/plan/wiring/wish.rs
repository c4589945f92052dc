//! A function and how it is to be called.

use super::super::request::LoginWith;
use crate::catalog::{Rendering, Scaffold};
use crate::edit::typescript::{self as edit, Export};
use crate::project::{Before, Function};

/// A function that is to be called.
pub struct Wish<'a> {
    pub name: &'a str,
    pub scaffold: &'a Scaffold,
    pub rendering: &'a Rendering,
    /// How users sign in; none for no wish.
    pub login_with: Option<LoginWith>,
    /// What the record says of the function; none for a new one.
    pub recorded: Option<&'a Function>,
}

impl Wish<'_> {
    /// What a file has of the function before the first edit for it.
    pub fn before(&self, text: &str, after: &str, function: &Export) -> Option<Before> {
        if self.recorded.is_some() || !edit::imports(text, function) {
            None
        } else if text == after {
            Some(Before::Wiring)
        } else {
            Some(Before::Import)
        }
    }

    /// What a file of the project says when it is made.
    pub fn fresh(&self, path: &str) -> &str {
        self.rendering.project.get(path).map_or("", String::as_str)
    }
}
