//! Lines for people to put in, where an edit is refused.

use super::entry::Entry;
use super::overrides::PRINCIPAL;
use super::statements::{Style, statements};
use super::{Export, Override, Permission};

fn import(export: &Export) -> String {
    let Export { name, module, extension } = export;
    format!("import {{ {name} }} from '{module}{extension}';\n")
}

/// What makes `defineAuth` wire `function` at `keys`.
#[must_use]
pub fn wiring_by_hand(function: &Export, keys: &[&str]) -> String {
    let entry = Entry::new(keys, function.name).map_or(String::new(), |entry| entry.inline());
    format!("{}\n// in what defineAuth is called with\n{entry}\n", import(function))
}

/// What makes `resource` part of the backend.
#[must_use]
pub fn backend_by_hand(resource: &Export) -> String {
    let name = resource.name;
    format!("{}\n// in what defineBackend is called with\n{name}\n", import(resource))
}

/// What makes `function` part of the backend and sets the property to it.
#[must_use]
pub fn override_by_hand(function: &Export, wanted: &Override) -> String {
    let name = function.name;
    let style = Style { unit: "  ", quote: '\'', end: ";" };
    let principal = match wanted.permission {
        Permission::Added => import(&PRINCIPAL),
        Permission::Given => String::new(),
    };
    format!(
        "{principal}{}\nconst backend = defineBackend({{\n  // …\n  {name},\n}});\n\n{}\n",
        import(function),
        statements(&style, ["backend", "auth", name], wanted)
    )
}
