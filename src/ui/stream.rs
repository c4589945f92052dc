//! A stream that output goes to: with colours or without, and with what went wrong.

use std::fmt;
use std::io::{Error, ErrorKind, Result, Write};

use anstream::adapter::strip_str;
use anstream::{AutoStream, ColorChoice};

/// Standard output, standard error, or what takes their place.
pub struct Stream {
    writer: Box<dyn Write + Send>,
    color: ColorChoice,
    failure: Option<Error>,
}

impl Stream {
    /// Standard output.
    #[must_use]
    pub fn stdout() -> Self {
        let color = AutoStream::choice(&std::io::stdout());
        Self::new(Box::new(std::io::stdout()), color)
    }

    /// Standard error.
    #[must_use]
    pub fn stderr() -> Self {
        let color = AutoStream::choice(&std::io::stderr());
        Self::new(Box::new(std::io::stderr()), color)
    }

    /// Any other writer: no terminal, so without colours unless they are asked for.
    #[must_use]
    pub fn plain(writer: Box<dyn Write + Send>) -> Self {
        Self::new(writer, ColorChoice::Never)
    }

    fn new(writer: Box<dyn Write + Send>, color: ColorChoice) -> Self {
        let failure = None;
        Self {
            writer,
            color,
            failure,
        }
    }

    /// Follows `--color`; `auto` is as the stream is.
    pub(super) fn follow(&mut self, choice: clap::ColorChoice) {
        match choice {
            clap::ColorChoice::Auto => {}
            clap::ColorChoice::Always => self.color = ColorChoice::Always,
            clap::ColorChoice::Never => self.color = ColorChoice::Never,
        }
    }

    /// Prints a text with styles.
    pub fn print(&mut self, text: &str) {
        if self.color == ColorChoice::Never {
            self.write(strip_str(text).to_string().as_bytes());
        } else {
            self.write(text.as_bytes());
        }
    }

    /// Prints a text to the byte where there are no colours, and else as `styled` makes it.
    pub(super) fn print_exactly(&mut self, text: &str, styled: impl FnOnce(&str) -> String) {
        if self.color == ColorChoice::Never {
            self.write(text.as_bytes());
        } else {
            self.write(styled(text).as_bytes());
        }
    }

    /// Writes bytes as they are.
    pub(super) fn write(&mut self, bytes: &[u8]) {
        if self.failure.is_none() {
            self.failure = self.try_write(bytes).err();
        }
    }

    fn try_write(&mut self, bytes: &[u8]) -> Result<()> {
        self.writer.write_all(bytes)?;
        self.writer.flush()
    }

    /// The first error, unless it is that the reader went away.
    pub(super) fn take_failure(&mut self) -> Option<Error> {
        let failure = self.failure.take();
        failure.filter(|error| error.kind() != ErrorKind::BrokenPipe)
    }
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream")
            .field("color", &self.color)
            .finish_non_exhaustive()
    }
}
