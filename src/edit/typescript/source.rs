//! A text and its syntax tree.

use std::ops::Range;

use tree_sitter::{InputEdit, Node, Parser, Point, Tree};

use super::{Refusal, RefusalKind};
use crate::edit::text::{TextEdit, indentation, line_end, line_ending};
use crate::source::merge_marker;

/// A text that parses, and its tree.
pub struct Source {
    pub text: String,
    tree: Tree,
}

impl Source {
    /// Parses `text`.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        Self::with_tree(text.to_owned(), None)
    }

    /// The text with `edit`. Only what the edit touches is parsed again.
    pub fn edited(&self, edit: &TextEdit) -> Result<Self, Refusal> {
        let mut tree = self.tree.clone();
        // From the end, so that each place is still that of the text.
        for (range, replacement) in edit.replacements().rev() {
            let start = self.point(range.start);
            tree.edit(&InputEdit {
                start_byte: range.start,
                old_end_byte: range.end,
                new_end_byte: range.start + replacement.len(),
                start_position: start,
                old_end_position: self.point(range.end),
                new_end_position: behind(start, replacement),
            });
        }
        Self::with_tree(edit.apply(&self.text), Some(&tree)).map_err(|_| Refusal::not_as_planned())
    }

    /// Parses `text` as far as it is TypeScript.
    pub fn parse_with_errors(text: &str) -> Result<Self, Refusal> {
        Self::tree(text.to_owned(), None)
    }

    fn with_tree(text: String, old: Option<&Tree>) -> Result<Self, Refusal> {
        let source = Self::tree(text, old)?;
        match source.error() {
            Some(refusal) => Err(refusal),
            None => Ok(source),
        }
    }

    fn tree(text: String, old: Option<&Tree>) -> Result<Self, Refusal> {
        let mut parser = Parser::new();
        let language = tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into();
        let tree = match parser.set_language(&language) {
            Ok(()) => parser.parse(&text, old),
            Err(_) => None,
        };
        let tree = tree.ok_or_else(Refusal::not_as_planned)?;
        Ok(Self { text, tree })
    }

    pub fn root(&self) -> Node<'_> {
        self.tree.root_node()
    }

    pub fn text_of(&self, node: Node) -> &str {
        &self.text[node.byte_range()]
    }

    /// The nodes that read `text` and nothing else, in the order of the text.
    pub fn mentions<'n>(&'n self, text: &str) -> impl Iterator<Item = Node<'n>> {
        let length = text.len();
        let around = self.around(text);
        around.filter(move |node| node.byte_range().len() == length)
    }

    /// The innermost node around each place that reads `text`.
    pub fn around<'n>(&'n self, text: &str) -> impl Iterator<Item = Node<'n>> {
        let places = self.text.match_indices(text);
        places.filter_map(|(start, found)| {
            let end = start + found.len();
            self.root().descendant_for_byte_range(start, end)
        })
    }

    /// A refusal at a node.
    pub fn refuse(&self, kind: RefusalKind, node: Node, reason: impl Into<String>) -> Refusal {
        Refusal::at(node.byte_range(), kind, reason)
    }

    /// Something that cannot be followed.
    pub fn unclear(&self, node: Node, reason: impl Into<String>) -> Refusal {
        self.refuse(RefusalKind::Unclear, node, reason)
    }

    pub fn eol(&self) -> &'static str {
        line_ending(&self.text)
    }

    /// The white space that the line of a node starts with.
    pub fn indent_of(&self, node: Node) -> &str {
        indentation(&self.text, node.start_byte())
    }

    /// One step of indentation: that of the first line that has one, else two spaces.
    pub fn indent_unit(&self) -> &str {
        let indented = self.text.lines().find_map(|line| {
            let rest = line.trim_start_matches([' ', '\t']);
            let is_code = !rest.is_empty() && !rest.starts_with('*');
            let unit = &line[..line.len() - rest.len()];
            (is_code && !unit.is_empty()).then_some(unit)
        });
        match indented {
            Some(unit) if unit.starts_with('\t') => "\t",
            Some(unit) => unit,
            None => "  ",
        }
    }

    /// Where the comments behind byte `end` end that stand on the same line. `end` itself when
    /// something else stands there, so that nothing can be put at the end of the line.
    pub fn line_tail(&self, end: usize, mut next: Option<Node>) -> usize {
        let line_end = line_end(&self.text, end);
        let mut tail = end;
        while let Some(node) = next.filter(|node| node.start_byte() < line_end) {
            if node.kind() != "comment" || node.end_byte() > line_end {
                return end;
            }
            tail = node.end_byte();
            next = node.next_sibling();
        }
        tail
    }

    fn point(&self, byte: usize) -> Point {
        behind(Point::default(), &self.text[..byte])
    }

    /// The first thing that is not TypeScript.
    fn error(&self) -> Option<Refusal> {
        if !self.root().has_error() {
            return None;
        }
        if let Some(marker) = merge_marker(&self.text) {
            return Some(Refusal::at(marker, RefusalKind::Syntax, "has merge conflict markers"));
        }
        let mut node = self.root();
        while !node.is_error() && !node.is_missing() {
            let mut cursor = node.walk();
            let broken = node
                .children(&mut cursor)
                .find(|child| child.has_error() || child.is_error() || child.is_missing());
            match broken {
                Some(child) => node = child,
                None => break,
            }
        }
        let byte = self.text[..node.start_byte()].trim_end().len();
        let byte = if node.is_missing() { byte.saturating_sub(1) } else { node.start_byte() };
        let byte = (0..=byte).rev().find(|byte| self.text.is_char_boundary(*byte));
        let start = byte.unwrap_or(0);
        Some(Refusal::at(start..start, RefusalKind::Syntax, "syntax error"))
    }
}

/// Why a text is no TypeScript, if it is none.
pub fn syntax_error(text: &str) -> Option<Refusal> {
    Source::parse(text).err()
}

/// The children of a node that are not comments and have a name in the grammar.
pub fn named<'n>(node: Node<'n>) -> Vec<Node<'n>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| child.kind() != "comment").collect()
}

/// Where a text ends that starts at `start`.
fn behind(start: Point, text: &str) -> Point {
    match text.rfind('\n') {
        Some(last) => {
            let rows = text.bytes().filter(|byte| *byte == b'\n').count();
            Point::new(start.row + rows, text.len() - last - 1)
        }
        None => Point::new(start.row, start.column + text.len()),
    }
}

/// What a string says, if that is plain to see: without escapes.
pub fn string_content<'n>(source: &'n Source, node: Node) -> Option<&'n str> {
    let text = source.text_of(node);
    let plain = node.kind() == "string" && !text.contains('\\') && text.len() >= 2;
    plain.then(|| &text[1..text.len() - 1])
}

/// The bytes between the quotes.
pub fn string_range(node: Node) -> Range<usize> {
    node.start_byte() + 1..node.end_byte() - 1
}
