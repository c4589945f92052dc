//! An output stream, with or without colors, which remembers its first error.

use std::fmt;
use std::io::{Error, ErrorKind, IsTerminal, Result, Write};
use std::sync::{Arc, Mutex, PoisonError};

use anstream::{AutoStream, ColorChoice};
use dialoguer::console;

use super::style::{Colors, fill, render};

/// Standard output, standard error, or a replacement.
pub struct Stream {
    writer: Box<dyn Write + Send>,
    colors: Colors,
    sink: Sink,
    failure: Option<Error>,
}

/// What reads a stream.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sink {
    Terminal,
    /// A file or a program, which may need every byte.
    Other,
}

impl Stream {
    /// Standard output.
    pub fn stdout() -> Self {
        let stdout = std::io::stdout();
        Self::of_process(&stdout, Box::new(std::io::stdout()))
    }

    /// Standard error.
    pub fn stderr() -> Self {
        let stderr = std::io::stderr();
        Self::of_process(&stderr, Box::new(std::io::stderr()))
    }

    /// Any other writer, without colors unless they are requested.
    pub fn plain(writer: Box<dyn Write + Send>) -> Self {
        Self { writer, colors: Colors::Off, sink: Sink::Other, failure: None }
    }

    fn of_process(
        stream: &(impl IsTerminal + anstream::stream::RawStream),
        writer: Box<dyn Write + Send>,
    ) -> Self {
        let colors = match AutoStream::choice(stream) {
            ColorChoice::Never => Colors::Off,
            _ => Colors::On,
        };
        let is_terminal = IsTerminal::is_terminal(stream);
        let sink = if is_terminal { Sink::Terminal } else { Sink::Other };
        Self { colors, sink, ..Self::plain(writer) }
    }

    /// Follows `--color`; `auto` depends on the stream.
    pub(super) fn follow(&mut self, choice: clap::ColorChoice) {
        match choice {
            clap::ColorChoice::Auto => {}
            clap::ColorChoice::Always => self.colors = Colors::On,
            clap::ColorChoice::Never => self.colors = Colors::Off,
        }
    }

    /// Prints a text with styles. Other control characters are escaped.
    pub fn print(&mut self, text: &str) {
        self.write(render(text, self.colors).as_bytes());
    }

    /// Prints Clap's message about the command line, which is not escaped: it is the user's own.
    pub fn print_usage(&mut self, text: &clap::builder::StyledStr) {
        match self.colors {
            Colors::On => self.write(text.ansi().to_string().as_bytes()),
            Colors::Off => self.write(text.to_string().as_bytes()),
        }
    }

    /// Whether it gets escape sequences.
    pub(super) fn colors(&self) -> Colors {
        self.colors
    }

    /// A text for a terminal in lines that fit beside `indent`, which all but the first begin with.
    pub(super) fn wrapped(&self, text: &str, indent: &str) -> String {
        let size = console::Term::stderr().size_checked().filter(|_| self.sink == Sink::Terminal);
        let Some((_, width)) = size else {
            return text.to_owned();
        };
        fill(text, usize::from(width), indent, indent).trim_start().to_owned()
    }

    /// Removes what another program, such as Cargo, has left in the last line of a terminal.
    pub(super) fn clear_line(&mut self) {
        if self.sink == Sink::Terminal {
            self.write(b"\r\x1b[K");
        }
    }

    /// Prints a text unchanged for a program, and styled for a terminal.
    pub(super) fn print_exactly(&mut self, text: &str, styled: impl FnOnce(&str) -> String) {
        match (self.sink, self.colors) {
            (Sink::Other, Colors::Off) => self.write(text.as_bytes()),
            _ => self.print(&styled(text)),
        }
    }

    pub(super) fn write(&mut self, bytes: &[u8]) {
        if self.failure.is_none() {
            self.failure = self.try_write(bytes).err();
        }
    }

    fn try_write(&mut self, bytes: &[u8]) -> Result<()> {
        self.writer.write_all(bytes)?;
        self.writer.flush()
    }

    /// The first error, except a closed pipe.
    pub(super) fn take_failure(&mut self) -> Option<Error> {
        let failure = self.failure.take();
        failure.filter(|error| error.kind() != ErrorKind::BrokenPipe)
    }
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream").field("colors", &self.colors).finish_non_exhaustive()
    }
}

/// A writer whose bytes can be read. Copies share them.
#[derive(Clone, Debug, Default)]
pub struct Buffer(Arc<Mutex<Vec<u8>>>);

impl Buffer {
    /// The bytes that were written since the last call.
    pub fn take(&self) -> Vec<u8> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}
