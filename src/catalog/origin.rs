//! Where a scaffold is from: the program, or a set.

use std::borrow::Cow;

use super::{Catalog, EMBEDDED, Scaffold};

/// Where a scaffold is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScaffoldOrigin {
    /// It is part of the program.
    BuiltIn,
    /// It is one of a set.
    Added,
    /// It is one of a set, and takes the place of one of the program.
    Replaced,
}

impl Catalog {
    /// What to say of a scaffold of a set.
    pub fn provenance(&self, scaffold: &Scaffold) -> Option<String> {
        let (name, set) = (&scaffold.name, &self.set);
        match self.origin(scaffold) {
            ScaffoldOrigin::BuiltIn => None,
            ScaffoldOrigin::Added => Some(format!("`{name}` is a scaffold of `{set}`")),
            ScaffoldOrigin::Replaced => {
                Some(format!("`{name}` is that of `{set}`, in place of the built-in scaffold"))
            }
        }
    }

    /// Where a scaffold is from.
    pub fn origin(&self, scaffold: &Scaffold) -> ScaffoldOrigin {
        let directory = scaffold.directory();
        let is_embedded = EMBEDDED.get_dir(&directory).is_some();
        let mut files = self.files.range(format!("{directory}/")..);
        let is_own = files.next().is_some_and(|(path, text)| {
            path.starts_with(&format!("{directory}/")) && matches!(text, Cow::Owned(_))
        });
        match (is_own, is_embedded) {
            (false, _) => ScaffoldOrigin::BuiltIn,
            (true, false) => ScaffoldOrigin::Added,
            (true, true) => ScaffoldOrigin::Replaced,
        }
    }

    /// All that a scaffold has from a set, to be hashed; `None` for one of the program.
    pub fn contents(&self, scaffold: &Scaffold) -> Option<String> {
        let owners = [scaffold.family.directory(), scaffold.directory()];
        let owners = owners.map(|owner| format!("{owner}/"));
        let is_part = |path: &str| owners.iter().any(|owner| path.starts_with(owner));
        let parts =
            self.files.iter().filter(|(path, text)| is_part(path) && matches!(text, Cow::Owned(_)));
        let parts: String =
            parts.flat_map(|(path, text)| [path.as_str(), "\n", text, "\n"]).collect();
        (!parts.is_empty()).then_some(parts)
    }
}
