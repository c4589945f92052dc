//! Problems in the user's files, shown at their place as rustc does.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::style::{BOLD, CYAN, RED, from_ansi};
use crate::diagnostic::Diagnostic;

/// All problems, with an empty line after each.
pub fn render(diagnostics: &[Diagnostic]) -> String {
    let renderer = Renderer::plain()
        .error(RED.ansi())
        .help(CYAN.ansi())
        .emphasis(BOLD.ansi())
        .line_num(CYAN.ansi());
    let texts = diagnostics.iter().map(|diagnostic| {
        let place = AnnotationKind::Primary
            .span(diagnostic.span.clone())
            .label(diagnostic.label.as_str());
        let snippet = Snippet::source(&*diagnostic.source)
            .path(diagnostic.path.as_str())
            .annotation(place);
        let group = Group::with_title(Level::ERROR.primary_title(diagnostic.message.as_str()))
            .element(snippet);
        let hint = diagnostic
            .hint
            .as_deref()
            .map(|hint| Level::HELP.message(hint));
        from_ansi(&renderer.render(&[group.elements(hint)])) + "\n\n"
    });
    texts.collect()
}
