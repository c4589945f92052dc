//! What the handler returns when it fails.

use lambda_runtime::Diagnostic;

/// Why the trigger failed. Lambda retries, and the user does not see it.
#[derive(Debug)]
pub struct Error(Box<dyn std::error::Error + Send + Sync>);

impl Error {
    /// Writes the error to the log.
    pub fn log(&self) {
        tracing::error!("{}: {:?}", self.0, self.0);
    }
}

impl<E: std::error::Error + Send + Sync + 'static> From<E> for Error {
    fn from(error: E) -> Self {
        Self(Box::new(error))
    }
}

impl From<Error> for Diagnostic {
    fn from(_: Error) -> Self {
        Self {
            error_type: "Error".to_owned(),
            error_message: "see the log of the function".to_owned(),
        }
    }
}
