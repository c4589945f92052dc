//! The tokens of Rust, with what is in brackets as a list of its own.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// How deep brackets can be in each other. What is deeper is left out.
const DEPTH: usize = 24;

/// How many tokens type parameters can have.
const PARAMETERS: usize = 200;

#[derive(Debug)]
pub enum RustToken {
    Word(String),
    Sign(char),
    /// A literal, as what it means if it is a string, and else as it is written.
    Literal(String),
    Parens(Vec<Self>),
    Braces(Vec<Self>),
    Brackets(Vec<Self>),
}

use RustToken::{Braces, Brackets, Literal, Parens, Sign, Word};

/// The tokens of a text; none if it is not Rust.
pub fn tokens(text: &str) -> Vec<RustToken> {
    text.parse().map(|stream| read(stream, 0)).unwrap_or_default()
}

fn read(stream: TokenStream, depth: usize) -> Vec<RustToken> {
    if depth > DEPTH {
        return Vec::new();
    }
    let mut tokens = Vec::new();
    for tree in stream {
        match tree {
            TokenTree::Ident(word) => {
                tokens.push(Word(word.to_string().trim_start_matches("r#").to_owned()));
            }
            TokenTree::Punct(sign) => tokens.push(Sign(sign.as_char())),
            TokenTree::Literal(literal) => {
                let written = literal.to_string();
                tokens.push(Literal(serde_json::from_str(&written).unwrap_or(written)));
            }
            TokenTree::Group(group) => {
                let inner = read(group.stream(), depth + 1);
                match group.delimiter() {
                    Delimiter::Parenthesis => tokens.push(Parens(inner)),
                    Delimiter::Brace => tokens.push(Braces(inner)),
                    Delimiter::Bracket => tokens.push(Brackets(inner)),
                    Delimiter::None => tokens.extend(inner),
                }
            }
        }
    }
    tokens
}

/// The items of a source: each ends with braces or a semicolon.
pub fn items(tokens: &[RustToken]) -> impl Iterator<Item = &[RustToken]> {
    tokens.split_inclusive(|token| matches!(token, Braces(_) | Sign(';')))
}

/// The parts between commas that are in no angle brackets.
pub fn list(tokens: &[RustToken]) -> Vec<&[RustToken]> {
    let mut depth = 0_usize;
    let mut before = ' ';
    let parts = tokens.split(|token| {
        let sign = if let Sign(sign) = token { *sign } else { ' ' };
        match sign {
            '<' => depth += 1,
            '>' if !matches!(before, '-' | '=') => depth = depth.saturating_sub(1),
            _ => {}
        }
        before = sign;
        sign == ',' && depth == 0
    });
    parts.filter(|part| !part.is_empty()).collect()
}

/// What is in the angle brackets at the start, and what follows.
pub fn angles(tokens: &[RustToken]) -> Option<(&[RustToken], &[RustToken])> {
    let [Sign('<'), rest @ ..] = tokens else {
        return None;
    };
    let mut depth = 1_usize;
    let end = rest.iter().take(PARAMETERS).position(|token| {
        match token {
            Sign('<') => depth += 1,
            Sign('>') => depth -= 1,
            _ => {}
        }
        depth == 0
    })?;
    Some((&rest[..end], &rest[end + 1..]))
}

/// A path, as `std::collections::BTreeMap<String, Value>`.
#[derive(Debug, Default)]
pub struct TypePath<'a> {
    pub names: Vec<&'a str>,
    /// The arguments of the last name that has some, without lifetimes.
    pub arguments: Vec<&'a [RustToken]>,
}

/// The path at the start, and what follows.
pub fn path(tokens: &[RustToken]) -> (TypePath<'_>, &[RustToken]) {
    let mut path = TypePath::default();
    let mut rest = tokens;
    loop {
        if let [Sign(':'), Sign(':'), more @ ..] = rest {
            rest = more;
        }
        if let Some((arguments, more)) = angles(rest) {
            path.arguments = list(arguments);
            path.arguments.retain(|argument| !matches!(argument, [Sign('\''), ..]));
            rest = more;
        } else if let [Word(name), more @ ..] = rest {
            path.names.push(name);
            rest = more;
        } else {
            return (path, rest);
        }
        if !matches!(rest, [Sign(':'), Sign(':'), ..] | [Sign('<'), ..]) {
            return (path, rest);
        }
    }
}
