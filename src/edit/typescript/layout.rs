//! Generated TypeScript, laid out as a project's configuration of Prettier says. Its lines are broken
//! where every width breaks them.

use super::prettier::{ArrowParens, Prettier, TrailingComma};
use super::source::{Source, string_content};
use crate::edit::text::TextEdit;

/// Generated `text` as Prettier lays it out with these options.
pub fn laid_out(text: &str, prettier: &Prettier) -> String {
    let Ok(source) = Source::parse(text) else {
        return text.to_owned();
    };
    let mut edit = TextEdit::default();
    let mut left = vec![source.root()];
    while let Some(node) = left.pop() {
        let mut cursor = node.walk();
        left.extend(node.children(&mut cursor));
        let parent = node.parent().map_or("", |parent| parent.kind());
        let next = node.next_sibling();
        match node.kind() {
            // The keyword `string` has the same kind, without a name.
            "string" if node.is_named() && !prettier.single_quote => {
                if let Some(content) = string_content(&source, node).filter(|it| !it.contains('"'))
                {
                    edit.replace(node.byte_range(), format!("\"{content}\""));
                }
            }
            ";" if !prettier.semi => edit.replace(node.byte_range(), ""),
            "," if next.is_some_and(|next| matches!(next.kind(), "}" | "]" | ")")) => {
                let goes = match prettier.trailing_comma {
                    TrailingComma::All => false,
                    TrailingComma::Es5 => matches!(parent, "arguments" | "formal_parameters"),
                    TrailingComma::None => true,
                };
                if goes {
                    edit.replace(node.byte_range(), "");
                }
            }
            "object" | "named_imports" | "object_pattern" if !prettier.bracket_spacing => {
                let inside = &source.text[node.start_byte() + 1..node.end_byte() - 1];
                if inside.len() > 2 && !inside.contains('\n') {
                    edit.replace(node.start_byte() + 1..node.start_byte() + 2, "");
                    edit.replace(node.end_byte() - 2..node.end_byte() - 1, "");
                }
            }
            "formal_parameters" if prettier.arrow_parens == ArrowParens::Avoid => {
                let parameter = node.named_child(0).filter(|_| node.named_child_count() == 1);
                let is_bare =
                    parameter.is_some_and(|it| !source.text_of(it).contains([':', '=', '{']));
                if parent == "arrow_function" && is_bare {
                    edit.replace(node.start_byte()..node.start_byte() + 1, "");
                    edit.replace(node.end_byte() - 1..node.end_byte(), "");
                }
            }
            _ => {}
        }
    }
    let indent = if prettier.use_tabs { "\t".to_owned() } else { " ".repeat(prettier.tab_width) };
    let text = edit.apply(text);
    let lines = text.split_inclusive('\n').map(|line| {
        let code = line.trim_start_matches(' ');
        indent.repeat((line.len() - code.len()) / 2) + code
    });
    lines.collect()
}

/// Whether two texts differ only in what Prettier's options change.
pub fn has_same_code(a: &str, b: &str) -> bool {
    let is_code = |character: &char| {
        !character.is_whitespace() && !matches!(character, ';' | ',' | '(' | ')' | '\'' | '"')
    };
    a.chars().filter(is_code).eq(b.chars().filter(is_code))
}
