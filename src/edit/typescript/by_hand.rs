//! Lines for people to put in, where an edit is refused.

use super::new_property::NewProperty;
use super::source::Source;
use super::{DefinerKeys, Export, new_import};

/// What makes the definition of a resource in `text` wire `function` at `hook`.
pub fn wiring_by_hand(text: &str, function: &Export, hook: &DefinerKeys) -> String {
    let entry = NewProperty::new(hook.keys, function.name);
    let entry = entry.map_or(String::new(), |entry| entry.inline());
    by_hand(text, function, hook.definer.define, &entry)
}

/// What makes `resource` part of the backend that `text` defines.
pub fn backend_by_hand(text: &str, resource: &Export) -> String {
    by_hand(text, resource, "defineBackend", resource.name)
}

fn by_hand(text: &str, export: &Export, definition: &str, entry: &str) -> String {
    let source = Source::parse_with_errors(text).ok();
    let import = source.map(|source| new_import::statement(&source, export, export.name));
    let import = import.unwrap_or_default();
    format!("{import}\n\n// in what {definition} is called with\n{entry}\n")
}
