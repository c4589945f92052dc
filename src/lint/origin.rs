//! Where in a scaffold a generated text comes from.

use super::Rendered;
use crate::source::Place;

impl Rendered<'_> {
    /// The place that an offset of a text comes from: where the file that it is made of, or a partial,
    /// has the same line or makes it; or else the start of the file.
    pub(super) fn place(&self, source: &str, text: &str, offset: usize) -> Place {
        let file = self.catalog.source(source);
        if file.text() == text {
            return file.at(offset..offset);
        }
        let start = text[..offset].rfind('\n').map_or(0, |end| end + 1);
        let made = text[start..].lines().next().unwrap_or_default();
        let partials = self.survey.partials.iter().map(|path| self.catalog.source(path));
        let files: Vec<_> = [file.clone()].into_iter().chain(partials).collect();
        let find = |makes: fn(&str, &str) -> bool| {
            let starts = files.iter().map(|file| line_start(file.text(), |line| makes(line, made)));
            files.iter().zip(starts).find_map(|(file, start)| Some((file, start?)))
        };
        let copied = find(is_copied).map(|(file, line)| (file, line + offset - start));
        copied.or_else(|| find(is_filled_in)).map_or(file.at(0..0), |(file, at)| file.at(at..at))
    }
}

fn is_copied(line: &str, made: &str) -> bool {
    line == made && !line.trim().is_empty()
}

/// Whether a line of a template can become this one.
fn is_filled_in(line: &str, made: &str) -> bool {
    let parts = line.split_once("{{").zip(line.rsplit_once("}}"));
    parts.is_some_and(|((before, _), (_, after))| {
        !before.trim().is_empty() && made.starts_with(before) && made.ends_with(after)
    })
}

fn line_start(text: &str, is_wanted: impl Fn(&str) -> bool) -> Option<usize> {
    let mut start = 0;
    let mut lines = text.split_inclusive('\n');
    lines.find(|line| {
        let is_found = is_wanted(line.trim_end_matches('\n'));
        start += if is_found { 0 } else { line.len() };
        is_found
    })?;
    Some(start)
}
