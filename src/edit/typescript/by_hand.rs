//! Lines for people to put in, where an edit is refused.

use super::Export;
use super::entry::Entry;

/// What makes `defineAuth` wire `function` at `keys`.
#[must_use]
pub fn wiring_by_hand(function: &Export, keys: &[&str]) -> String {
    let entry = Entry::new(keys, function.name).map_or(String::new(), |entry| entry.inline());
    by_hand(function, "defineAuth", &entry)
}

/// What makes `resource` part of the backend.
#[must_use]
pub fn backend_by_hand(resource: &Export) -> String {
    by_hand(resource, "defineBackend", resource.name)
}

fn by_hand(export: &Export, definition: &str, entry: &str) -> String {
    let Export { name, module, extension } = export;
    format!(
        "import {{ {name} }} from '{module}{extension}';\n\n\
         // in what {definition} is called with\n{entry}\n"
    )
}
