//! What a handler returns when it cannot answer.

use lambda_runtime::Diagnostic;

/// Why the trigger failed. Cognito stops what the user was doing.
#[derive(Debug)]
pub enum Error {
    /// A decision that the user may read, without a full stop at its end: Cognito shows
    /// `<Trigger> failed with error <message>.`
    Refused(String),
    /// Anything else. It is logged; the user only reads that something went wrong.
    Internal(Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// Writes an internal error to the log.
    pub fn log(&self) {
        if let Self::Internal(error) = self {
            tracing::error!("{error}: {error:?}");
        }
    }
}

/// Lets `?` turn any error into an internal one, whose message the user never sees.
impl<E: std::error::Error + Send + Sync + 'static> From<E> for Error {
    fn from(error: E) -> Self {
        Self::Internal(Box::new(error))
    }
}

impl From<Error> for Diagnostic {
    fn from(error: Error) -> Self {
        let (error_type, error_message) = match error {
            Error::Refused(message) => ("Refused", message),
            Error::Internal(_) => {
                let message = "an internal error, please try again later";
                ("InternalError", message.to_owned())
            }
        };
        Self {
            error_type: error_type.to_owned(),
            error_message,
        }
    }
}
