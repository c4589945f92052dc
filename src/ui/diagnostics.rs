//! Problems in the user's files, shown like those of rustc.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::style::{BOLD, CYAN, RED, YELLOW, from_ansi};
use crate::source::Diagnostic;

/// All problems, each followed by an empty line.
pub fn errors<'a>(diagnostics: impl IntoIterator<Item = &'a Diagnostic>) -> String {
    render(Level::ERROR, diagnostics)
}

/// All warnings, each followed by an empty line.
pub fn warnings<'a>(diagnostics: impl IntoIterator<Item = &'a Diagnostic>) -> String {
    render(Level::WARNING, diagnostics)
}

fn render<'a>(level: Level, diagnostics: impl IntoIterator<Item = &'a Diagnostic>) -> String {
    let renderer = Renderer::plain()
        .error(RED.ansi())
        .warning(YELLOW.ansi())
        .help(CYAN.ansi())
        .emphasis(BOLD.ansi())
        .line_num(CYAN.ansi());
    let texts = diagnostics.into_iter().map(|diagnostic| {
        // Only the lines of the problem, so that a file with many is not searched for each.
        let (file, span) = (&diagnostic.place.file, &diagnostic.place.span);
        let (number, start) = file.line(span.start);
        let text = &file.text()[start..];
        let end = text[span.end - start..].find('\n');
        let end = end.map_or(text.len(), |length| span.end - start + length);
        let place = AnnotationKind::Primary
            .span(span.start - start..span.end - start)
            .label(diagnostic.label.as_str());
        let snippet = Snippet::source(&text[..end])
            .line_start(number)
            .path(file.path().as_str())
            .annotation(place);
        let group = Group::with_title(level.clone().primary_title(diagnostic.message.as_str()))
            .element(snippet);
        let hint = diagnostic.hint.as_deref().map(|hint| Level::HELP.message(hint));
        from_ansi(&renderer.render(&[group.elements(hint)])) + "\n\n"
    });
    texts.collect()
}
