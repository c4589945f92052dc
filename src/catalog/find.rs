//! Scaffolds by what the user calls them.

use super::{Catalog, Scaffold, spelled, suggestion};
use crate::error::{Error, Result};
use crate::program::command;

impl Catalog {
    /// The scaffolds of one family.
    ///
    /// # Errors
    /// When there is no such family, with the nearest.
    pub fn only(&self, family: &str) -> Result<Self> {
        if !self.families().contains(&family) {
            return Err(Error::usage(format!("there is no family `{family}` of scaffolds"))
                .hint(suggestion(family, &self.families())));
        }
        let mut only = self.clone();
        only.files.retain(|path, _| path.split('/').next() == Some(family));
        Ok(only)
    }

    /// The scaffold with this name, or all of the bundle with this name. Names are taken in
    /// kebab-case, camelCase and PascalCase.
    ///
    /// # Errors
    /// When there is none, with the nearest name; when its files are not valid.
    pub fn find(&self, name: &str) -> Result<Vec<Scaffold>> {
        self.find_names(name)?.iter().map(|name| self.scaffold(name)).collect()
    }

    /// The same, by their names.
    pub fn find_names(&self, name: &str) -> Result<Vec<String>> {
        let (names, bundles) = (self.names(), self.bundles());
        if let Some(name) = spelled(name, &names) {
            return Ok(vec![name.to_owned()]);
        }
        if let Some(name) = spelled(name, &bundles) {
            return Ok(self.bundle(name)?.scaffolds);
        }
        let known: Vec<_> = names.into_iter().chain(bundles).collect();
        let families = self.families().join(" or ");
        Err(Error::usage(format!("there is no {families} `{name}`")).hint(suggestion(name, &known)))
    }

    /// The scaffolds of a family, as [`Self::find`] finds them.
    ///
    /// # Errors
    /// When there is no such family; when the name is that of a scaffold of another one, with the
    /// right one for the command `verb`.
    pub fn find_in(&self, family: &str, name: &str, verb: &str) -> Result<Vec<Scaffold>> {
        self.only(family)?.find(name).map_err(|error| match self.find(name).as_deref() {
            Ok([other, ..]) if other.family.name != family => {
                let (other, name) = (&other.family.name, &other.name);
                let right = command(&format!("{verb} {other} {name}"));
                Error::usage(format!("`{name}` is not a kind of {family}"))
                    .hint(format!("it is one of {other}: `{right}`"))
            }
            _ => error,
        })
    }
}
