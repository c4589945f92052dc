//! Values that are plain to see: settings of a resource, and arguments of a command.

use std::ops::Range;

use tree_sitter::Node;

use super::resource::{Slot, slot};
use super::source::{Source, named, string_content, string_range};
use super::{Definer, DefinerKeys, Refusal, values};

/// A setting, as far as it can be known without running the code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallSetting {
    /// Not set, `false`, or an empty array.
    Absent,
    /// Set here, to this string or to a message with this text; none for another value.
    Present(Option<String>, Range<usize>),
    /// Only running the code tells.
    Unclear,
}

/// What a resource is defined with.
pub struct CallDefinition {
    source: Source,
    definer: Definer<'static>,
}

impl CallDefinition {
    /// Parses the text of a `resource.ts`.
    pub fn parse(text: &str, definer: Definer<'static>) -> Result<Self, Refusal> {
        Ok(Self { source: Source::parse(text)?, definer })
    }

    /// The setting that `keys` lead to.
    pub fn setting(&self, keys: &[&str]) -> CallSetting {
        let Ok(slot) = slot(&self.source, &DefinerKeys { definer: self.definer, keys }) else {
            return CallSetting::Unclear;
        };
        let Slot::Filled(value) = slot else {
            return CallSetting::Absent;
        };
        let plain = values::unwrap(value);
        match plain.kind() {
            "false" => CallSetting::Absent,
            "array" if named(plain).is_empty() => CallSetting::Absent,
            _ => CallSetting::Present(text(&self.source, plain), value.byte_range()),
        }
    }
}

/// The text of a string, or of a function that makes one; what it puts in is left out.
fn text(source: &Source, value: Node) -> Option<String> {
    let value = values::unwrap(value);
    match value.kind() {
        "string" => string_content(source, value).map(str::to_owned),
        "template_string" => {
            let parts = named(value);
            let parts = parts.into_iter().filter(|part| part.kind() == "string_fragment");
            Some(parts.map(|part| source.text_of(part)).collect())
        }
        "arrow_function" => text(source, value.child_by_field_name("body")?),
        _ => None,
    }
}

/// The argument behind the argument `option`, such as `'--bin'`, of a call or in an array: a string,
/// or a constant that is one; with the bytes between its quotes.
pub fn option_value(code: &str, option: &str) -> Option<(String, Range<usize>)> {
    let source = Source::parse(code).ok()?;
    let mut options = source.around(option).filter_map(|node| {
        let node = if node.kind() == "string_fragment" { node.parent()? } else { node };
        (string_content(&source, node) == Some(option)).then(|| node.next_named_sibling())?
    });
    let value = values::unwrap(options.next()?);
    let constant = values::is_name(value).then(|| values::constant(&source, source.text_of(value)));
    let string = constant.flatten().map_or(value, values::unwrap);
    Some((string_content(&source, string)?.to_owned(), string_range(string)))
}
