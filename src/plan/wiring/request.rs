//! What is to be wired.

use super::super::request::LoginMethod;
use crate::catalog::{Rendering, Scaffold};
use crate::edit::typescript::{self as edit, Export};
use crate::project::{Before, FunctionRecord};

/// A function that the user pool is to call.
pub struct WiringRequest<'a> {
    pub name: &'a str,
    pub scaffold: &'a Scaffold,
    pub rendering: &'a Rendering,
    /// How users sign in; `None` leaves an existing pool alone and gives a new one e-mail.
    pub login_with: Option<LoginMethod>,
    /// The record of the function; `None` for a new one.
    pub recorded: Option<&'a FunctionRecord>,
}

impl WiringRequest<'_> {
    /// What a file says of the function before the first edit for it.
    pub fn before(&self, text: &str, after: &str, function: &Export) -> Option<Before> {
        if self.recorded.is_some() || !edit::imports(text, function) {
            None
        } else if text == after {
            Some(Before::Wiring)
        } else {
            Some(Before::Import)
        }
    }

    /// What a file of the project says when it is created.
    pub fn initial_contents(&self, path: &str) -> &str {
        self.rendering.project.get(path).map_or("", String::as_str)
    }
}
