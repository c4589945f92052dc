//! Problems in the user's files, shown at their place as rustc does.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::diagnostic::Diagnostic;

/// All problems, with an empty line after each.
pub fn render(diagnostics: &[Diagnostic]) -> String {
    let renderer = Renderer::styled();
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
        format!("{}\n\n", renderer.render(&[group.elements(hint)]))
    });
    texts.collect()
}
