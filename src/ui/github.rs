//! Annotations of GitHub Actions: commands on standard output, each for a line of a file.
//!
//! Source: <https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions>

use crate::check::{Finding, Level};
use crate::path::RepoPath;

/// The command that shows a finding at its line. GitHub knows files as seen from `base`, the top of
/// the git repository.
pub fn annotation(finding: &Finding, base: &RepoPath) -> String {
    let kind = match finding.level {
        Level::Problem => "error",
        Level::Warning => "warning",
        Level::Note => "notice",
    };
    let diagnostic = &finding.diagnostic;
    let file = base.child(diagnostic.path().as_str());
    let (line, column) = diagnostic.place.position();
    let parts = [Some(&diagnostic.message), Some(&diagnostic.label), diagnostic.hint.as_ref()];
    let parts = parts.into_iter().flatten().filter(|part| !part.is_empty());
    let text = parts.cloned().collect::<Vec<_>>().join("\n");
    let file = escaped(file.as_str()).replace(':', "%3A").replace(',', "%2C");
    format!("::{kind} file={file},line={line},col={column}::{}\n", escaped(&text))
}

fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}
