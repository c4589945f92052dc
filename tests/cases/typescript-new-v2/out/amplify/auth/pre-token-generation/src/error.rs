//! What a handler returns when it cannot answer.

use lambda_runtime::Diagnostic;

/// Why the trigger failed. Cognito stops what the user was doing and shows them the text.
#[derive(Debug)]
pub enum Error {
    /// A decision that the user may read: `<Trigger> failed with error <text>.`, so write
    /// the text without a full stop.
    Refused(String),
    /// Anything else. It is logged whole; the user reads only that something went wrong.
    Internal(Box<dyn std::error::Error + Send + Sync>),
}

/// Lets `?` turn any error into an internal one, so that its text never reaches a user.
impl<E: std::error::Error + Send + Sync + 'static> From<E> for Error {
    fn from(error: E) -> Self {
        Self::Internal(Box::new(error))
    }
}

impl From<Error> for Diagnostic {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(message) => Self {
                error_type: "Refused".to_owned(),
                error_message: message,
            },
            Error::Internal(error) => {
                // Standard error goes to the function's log.
                eprintln!("ERROR {error}: {error:?}");
                Self {
                    error_type: "InternalError".to_owned(),
                    error_message: "an internal error, please try again later".to_owned(),
                }
            }
        }
    }
}
