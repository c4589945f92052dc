//! What the files say of who is called.

use crate::source::Place;

/// A function that the user pool calls.
#[derive(Clone, Debug)]
pub struct Wired {
    /// The folder of the function, or what the code calls it.
    pub function: String,
    /// Where the file says so.
    pub place: Place,
    /// The version of the event that Cognito sends, and where it is asked for. None for an event
    /// without versions, and where the code cannot be followed.
    pub version: Option<(String, Place)>,
}
