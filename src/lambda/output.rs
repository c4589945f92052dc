//! What a handler prints, line by line and within limits.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::task::JoinHandle;

use super::deployment::Log;
use crate::error::counted;

/// The most bytes of a line; the rest is dropped.
pub const LONGEST_LINE: usize = 64 * 1024;

/// The most bytes for an event, in both streams together; the rest is dropped.
pub const MOST_OUTPUT: usize = 1024 * 1024;

/// What a line counts in addition to its text, so that empty lines are limited too.
const COST_OF_LINE: usize = size_of::<String>();

/// Where a handler's output goes, and how much more is allowed.
pub struct Output {
    log: Log,
    left: AtomicUsize,
}

impl Output {
    pub fn new(log: &Log) -> Arc<Self> {
        let log = Arc::clone(log);
        let left = AtomicUsize::new(MOST_OUTPUT);
        Arc::new(Self { log, left })
    }

    pub fn start_over(&self) {
        self.left.store(MOST_OUTPUT, Ordering::Relaxed);
    }

    /// Logs a stream until it ends. What is dropped is read too, so that the handler does not
    /// block.
    pub fn follow(
        self: &Arc<Self>,
        stream: impl AsyncRead + Unpin + Send + 'static,
    ) -> JoinHandle<()> {
        let output = Arc::clone(self);
        tokio::spawn(async move {
            let mut stream = BufReader::new(stream);
            let mut line = Line::default();
            while let Ok(bytes) = stream.fill_buf().await
                && !bytes.is_empty()
            {
                let end = bytes.iter().position(|byte| *byte == b'\n');
                line.push(&bytes[..end.unwrap_or(bytes.len())]);
                let used = end.map_or(bytes.len(), |end| end + 1);
                stream.consume(used);
                if end.is_some() {
                    output.log(&std::mem::take(&mut line));
                }
            }
            if line.has_text() {
                output.log(&line);
            }
        })
    }

    fn log(&self, line: &Line) {
        let cost = line.kept.len() + COST_OF_LINE;
        let left = self.left.load(Ordering::Relaxed);
        self.left.store(left.saturating_sub(cost), Ordering::Relaxed);
        if left > cost {
            (self.log)(&line.text());
        } else if left > 0 {
            let most = MOST_OUTPUT / 1024;
            (self.log)(&format!("… further output was dropped: an event's log has {most} KiB"));
        }
    }
}

/// A line, up to the limit.
#[derive(Default)]
struct Line {
    kept: Vec<u8>,
    dropped: usize,
}

impl Line {
    fn push(&mut self, bytes: &[u8]) {
        let kept = bytes.len().min(LONGEST_LINE - self.kept.len());
        self.kept.extend_from_slice(&bytes[..kept]);
        self.dropped += bytes.len() - kept;
    }

    fn has_text(&self) -> bool {
        !self.kept.is_empty()
    }

    fn text(&self) -> String {
        let text = String::from_utf8_lossy(&self.kept);
        match self.dropped {
            0 => text.trim_end().to_owned(),
            dropped => format!("{text}… dropped {} of this line", counted(dropped, "more byte")),
        }
    }
}
