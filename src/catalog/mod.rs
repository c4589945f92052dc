//! What can be generated: scaffolds, each a directory of data.
//!
//! ```text
//! <family>/_shared/        files of every scaffold of the family, and the project's own files
//! <family>/<scaffold>/     scaffold.toml and the directories that it names
//! <family>/<bundle>/       bundle.toml: scaffolds that are generated together
//! ```
//!
//! A file that ends in `.hbs` is a template, as are all paths; anything else is copied.
//! Adding a scaffold is adding a directory: no code here knows one by name.

mod answers;
mod input;
mod name;
mod offer;
mod render;
mod scaffold;
mod typescript;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use include_dir::{Dir, DirEntry, include_dir};
use serde::de::DeserializeOwned;
use walkdir::WalkDir;

use crate::error::{Error, Result};

pub(crate) use answers::Given;
pub use answers::{Answers, Choice, Choices};
pub(crate) use input::Input;
pub use input::InputKind;
pub(crate) use name::{check_function_name, nearest, pascal, spelled, suggestion};
pub use offer::Offer;
pub use render::render;
pub(crate) use render::{Rendering, sample_events};
pub(crate) use scaffold::Bundle;
pub use scaffold::Scaffold;
pub(crate) use typescript::identifier;

/// The family that the commands are about. A second one would be a field of the [`Catalog`].
const FAMILY: &str = "auth-trigger";

static EMBEDDED: Dir = include_dir!("$CARGO_MANIFEST_DIR/scaffolds");

/// All scaffolds, as files by their path.
#[derive(Clone, Debug)]
pub struct Catalog {
    files: BTreeMap<String, Cow<'static, str>>,
}

impl Catalog {
    /// The scaffolds that are part of this program.
    pub fn embedded() -> Self {
        let mut files = BTreeMap::new();
        let mut directories = vec![&EMBEDDED];
        while let Some(directory) = directories.pop() {
            for entry in directory.entries() {
                match entry {
                    DirEntry::Dir(directory) => directories.push(directory),
                    DirEntry::File(file) => {
                        let path = file.path().to_str().expect("an embedded path is UTF-8");
                        let text = file.contents_utf8().expect("an embedded file is UTF-8");
                        files.insert(path.replace('\\', "/"), Cow::Borrowed(text));
                    }
                }
            }
        }
        Self { files }
    }

    /// Adds the scaffolds of a directory on disk, laid out as described above. They replace files
    /// with the same path.
    pub fn add_directory(&mut self, directory: &Path) -> Result<()> {
        for entry in WalkDir::new(directory).sort_by_file_name() {
            let entry = entry.map_err(|error| {
                Error::failed(format!("cannot read the scaffolds in `{}`", directory.display()))
                    .with_source(error)
            })?;
            if !entry.file_type().is_file() {
                continue;
            }
            let text = fs::read_to_string(entry.path())
                .map_err(|error| Error::io("read", entry.path(), error))?;
            let relative = entry.path().strip_prefix(directory).unwrap_or(entry.path());
            let path = relative.to_string_lossy().replace('\\', "/");
            self.files.insert(path, Cow::Owned(text));
        }
        Ok(())
    }

    /// The names of the scaffolds, sorted.
    pub fn names(&self) -> Vec<&str> {
        self.named_by(SCAFFOLD)
    }

    /// All scaffolds, sorted by name.
    pub fn scaffolds(&self) -> Result<Vec<Scaffold>> {
        let names = self.names().into_iter();
        names.map(|name| self.scaffold(name)).collect()
    }

    /// The names of the bundles, sorted: scaffolds that are generated together.
    pub fn bundles(&self) -> Vec<&str> {
        self.named_by("bundle.toml")
    }

    /// The scaffold with this name, or all of the bundle with this name. Names are taken in
    /// kebab-case, camelCase and PascalCase.
    ///
    /// # Errors
    /// When there is none, with the nearest name; when its files are not valid.
    pub fn find(&self, name: &str) -> Result<Vec<Scaffold>> {
        let (names, bundles) = (self.names(), self.bundles());
        if let Some(name) = spelled(name, &names) {
            return Ok(vec![self.scaffold(name)?]);
        }
        if let Some(name) = spelled(name, &bundles) {
            let bundle = self.bundle(name)?;
            return bundle.scaffolds.iter().map(|name| self.scaffold(name)).collect();
        }
        let known: Vec<_> = names.into_iter().chain(bundles).collect();
        Err(Error::usage(format!("there is no {FAMILY} `{name}`")).hint(suggestion(name, &known)))
    }

    /// The scaffold in the directory `name`.
    pub fn scaffold(&self, name: &str) -> Result<Scaffold> {
        let mut scaffold: Scaffold = self.parse(name, SCAFFOLD)?;
        name.clone_into(&mut scaffold.name);
        scaffold.shared = self.parse(SHARED, SCAFFOLD)?;
        Ok(scaffold)
    }

    /// The bundle in the directory `name`.
    pub fn bundle(&self, name: &str) -> Result<Bundle> {
        self.parse(name, "bundle.toml")
    }

    fn parse<T: DeserializeOwned>(&self, directory: &str, file: &str) -> Result<T> {
        let path = format!("{FAMILY}/{directory}/{file}");
        let text = self.files.get(&path);
        let text =
            text.ok_or_else(|| Error::failed(format!("the scaffold file `{path}` is missing")))?;
        toml::from_str(text).map_err(|error| broken(directory, file, &error))
    }

    fn named_by(&self, file: &str) -> Vec<&str> {
        self.directory("")
            .filter_map(|(path, _)| path.strip_suffix(file)?.strip_suffix('/'))
            .filter(|name| *name != SHARED)
            .collect()
    }

    /// The files below a directory of the family, with paths relative to it.
    fn directory<'a>(
        &'a self,
        directory: &str,
    ) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        let prefix = format!("{FAMILY}/{directory}");
        self.files
            .range(prefix.clone()..)
            .map_while(move |(path, text)| Some((path.strip_prefix(&prefix)?, text.as_ref())))
    }
}

/// The directory with what all scaffolds of a family share.
const SHARED: &str = "_shared";

/// The file that says what a scaffold is.
const SCAFFOLD: &str = "scaffold.toml";

fn broken(scaffold: &str, file: &str, error: &dyn std::fmt::Display) -> Error {
    Error::failed(format!("the scaffold file `{FAMILY}/{scaffold}/{file}` is wrong: {error}"))
}
