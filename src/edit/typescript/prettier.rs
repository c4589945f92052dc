//! The options of Prettier that change generated code, and what configures them.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::edit::yaml::{Scalar, Step, scalars};

/// The files that configure Prettier, in the order in which it looks for them in a directory.
pub const PRETTIER_FILES: [&str; 19] = [
    "package.json",
    ".prettierrc",
    ".prettierrc.json",
    ".prettierrc.yaml",
    ".prettierrc.yml",
    ".prettierrc.json5",
    ".prettierrc.js",
    ".prettierrc.ts",
    ".prettierrc.mjs",
    ".prettierrc.mts",
    ".prettierrc.cjs",
    ".prettierrc.cts",
    "prettier.config.js",
    "prettier.config.ts",
    "prettier.config.mjs",
    "prettier.config.mts",
    "prettier.config.cjs",
    "prettier.config.cts",
    ".prettierrc.toml",
];

/// The options, with Prettier's defaults.
#[derive(Debug, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Prettier {
    pub(super) single_quote: bool,
    pub(super) semi: bool,
    pub(super) use_tabs: bool,
    pub(super) tab_width: usize,
    pub(super) trailing_comma: TrailingComma,
    pub(super) bracket_spacing: bool,
    pub(super) arrow_parens: ArrowParens,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum TrailingComma {
    All,
    Es5,
    None,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum ArrowParens {
    Always,
    Avoid,
}

impl Default for Prettier {
    fn default() -> Self {
        Self {
            single_quote: false,
            semi: true,
            use_tabs: false,
            tab_width: 2,
            trailing_comma: TrailingComma::All,
            bracket_spacing: true,
            arrow_parens: ArrowParens::Always,
        }
    }
}

/// What a file says of Prettier's options.
pub enum Configuration {
    /// Nothing.
    Missing,
    /// These, by name.
    Options(Map<String, Value>),
    /// Something that only Prettier can read: code, or a package that has the options.
    Unread,
}

impl Configuration {
    /// What the text of a file with one of the names in [`PRETTIER_FILES`] says.
    pub fn parse(name: &str, text: &str) -> Self {
        let value = match name.rsplit_once('.') {
            Some(("package", _)) => {
                match serde_json::from_str::<Value>(text).map(|mut it| it["prettier"].take()) {
                    Ok(Value::Null) | Err(_) => return Self::Missing,
                    Ok(value) => value,
                }
            }
            Some((_, "toml")) => toml::from_str(text).unwrap_or_default(),
            Some((_, "prettierrc" | "json" | "json5" | "yaml" | "yml")) => {
                serde_json::from_str(text).unwrap_or_else(|_| yaml_options(text))
            }
            _ => Value::Null,
        };
        match value {
            Value::Object(options) => Self::Options(options),
            _ => Self::Unread,
        }
    }
}

/// The scalars in the mapping that a YAML document is; nothing more is read of one with an error.
/// Null for something else than a mapping.
fn yaml_options(text: &str) -> Value {
    let (scalars, error) = scalars(text);
    if scalars.is_empty() && error.is_some() {
        return Value::Null;
    }
    let mut options = Map::new();
    for Scalar { path, text, .. } in scalars {
        match path.as_slice() {
            [Step::Key(Some(key))] => drop(options.insert(key.clone(), plain(&text))),
            [Step::Key(_), ..] => {}
            _ => return Value::Null,
        }
    }
    options.into()
}

/// The options that the sections of `.editorconfig` for TypeScript have, as Prettier calls them, and
/// whether files in the directories above count too.
pub fn editor_options(text: &str) -> (Map<String, Value>, bool) {
    let (mut options, mut is_root, mut applies) = (Map::new(), false, true);
    for line in text.lines().map(str::trim) {
        if let Some(section) = line.strip_prefix('[') {
            let section = section.trim_end_matches(']');
            let mut parts = section.split(|c: char| !c.is_alphanumeric());
            applies = section == "*" || parts.any(|part| part == "ts");
        } else if let Some((key, value)) = line.split_once('=').filter(|_| applies) {
            let value = value.trim().to_lowercase();
            match key.trim().to_lowercase().as_str() {
                "root" => is_root = value == "true",
                "indent_style" => drop(options.insert("useTabs".into(), (value == "tab").into())),
                "indent_size" | "tab_width" => {
                    let number = value.parse::<u64>();
                    options.extend(number.map(|width| ("tabWidth".into(), width.into())));
                }
                _ => {}
            }
        }
    }
    (options, !is_root)
}

/// The boolean, number or string that a scalar is.
fn plain(scalar: &str) -> Value {
    serde_json::from_str(scalar).unwrap_or_else(|_| scalar.into())
}
