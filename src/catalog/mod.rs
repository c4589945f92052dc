//! What can be generated: scaffolds, each a directory of data.
//!
//! ```text
//! <family>/_shared/        files of every scaffold of the family, and the project's own files
//! <family>/<scaffold>/     scaffold.toml and the directories that it names
//! <family>/<bundle>/       bundle.toml: scaffolds that are generated together
//! ```
//!
//! A file that ends in `.hbs` is a template, as are all paths; anything else is copied.
//! Adding a scaffold or a family is adding a directory: no code here knows one by name. A project can
//! have a set of its own, laid out in the same way.

mod answers;
mod family;
mod files;
mod find;
mod input;
mod name;
mod offer;
mod origin;
mod render;
mod scaffold;
mod survey;
mod template;
mod typescript;
mod vocabulary;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use include_dir::{Dir, DirEntry, include_dir};
use serde::de::DeserializeOwned;

use crate::error::{Error, ErrorKind, Result};
use crate::path::RepoPath;
use crate::program::command;

pub use answers::{Answers, Choice, Choices};
pub(crate) use answers::{Given, check_input};
pub use family::{Family, Resource};
pub(crate) use input::Input;
pub use input::InputKind;
pub(crate) use name::{check_function_name, nearest, pascal, spelled, suggestion};
pub use offer::Offer;
pub use origin::ScaffoldOrigin;
pub use render::render;
pub(crate) use render::{Rendering, sample_events};
pub(crate) use scaffold::Bundle;
pub(crate) use scaffold::resources;
pub use scaffold::{Scaffold, Trigger};
pub(crate) use survey::Survey;
pub(crate) use typescript::identifier;
pub use vocabulary::{HELPERS, VARIABLES};

/// The family that is offered where none is named.
pub const DEFAULT_FAMILY: &str = "auth-trigger";

/// What to do where there is no function.
pub(crate) fn make_one() -> String {
    format!("make one with `{}`", command(&format!("new {DEFAULT_FAMILY}")))
}

/// The directory with what all scaffolds of a family share.
pub(crate) const SHARED: &str = "_shared";

/// The file that says what a scaffold is, and in [`SHARED`], what a family is.
pub(crate) const SCAFFOLD: &str = "scaffold.toml";

/// The file that says which scaffolds are generated together.
const BUNDLE: &str = "bundle.toml";

static EMBEDDED: Dir = include_dir!("$CARGO_MANIFEST_DIR/scaffolds");

/// All scaffolds, as files by their path.
#[derive(Clone, Debug)]
pub struct Catalog {
    /// Those of the program are borrowed, those of a set are owned.
    files: BTreeMap<String, Cow<'static, str>>,
    /// Where the set is, for messages.
    set: RepoPath,
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
        Self { files, set: RepoPath::default() }
    }

    /// The scaffolds of the program and those of a set, whose files are given by their paths in it.
    /// A scaffold takes the place of one with the same name, and a shared file that of one with the
    /// same path. Messages call the directory of the set `set`.
    ///
    /// # Errors
    /// When a directory is not a scaffold, its name cannot be that of a function or is that of one of
    /// another family, or nothing says what its family is.
    pub fn with_set(mut self, set: &RepoPath, files: BTreeMap<String, String>) -> Result<Self> {
        set.clone_into(&mut self.set);
        let mut families: BTreeSet<_> = self.families().into_iter().map(str::to_owned).collect();
        let declared = files.keys().filter_map(|path| parts(path)).filter(declares);
        families.extend(declared.map(|(family, ..)| family.to_owned()));
        let mut directories = BTreeMap::<_, Vec<_>>::new();
        for (path, text) in files {
            if let Some((family, name, _)) = parts(&path).filter(|(it, ..)| families.contains(*it))
            {
                let directory = (family.to_owned(), name.to_owned());
                directories.entry(directory).or_default().push((path, Cow::Owned(text)));
            }
        }
        for ((family, name), files) in directories {
            if name != SHARED {
                self.check_directory(&family, &name, &files)?;
                self.files.retain(|path, _| !path.starts_with(&format!("{family}/{name}/")));
            }
            self.files.extend(files);
        }
        match families.iter().find(|family| !self.families().contains(&family.as_str())) {
            Some(family) => {
                let problem = format!("`{set}/{family}/{SHARED}` has no `{SCAFFOLD}`");
                Err(Error::failed(format!("{problem}, which says what the family is"))
                    .hint(suggestion(family, &self.families())))
            }
            None => Ok(self),
        }
    }

    /// Refuses a directory of a set that is not a scaffold.
    fn check_directory(
        &self,
        family: &str,
        name: &str,
        files: &[(String, Cow<str>)],
    ) -> Result<()> {
        let directory = format!("{}/{family}/{name}", self.set);
        if !files.iter().filter_map(|(path, _)| parts(path)).any(|path| declares(&path)) {
            return Err(Error::failed(format!("`{directory}` has no `{SCAFFOLD}`"))
                .hint(format!("add one, or start from `{}`", command("scaffold eject KIND"))));
        }
        let unfit = match self.family_of(name) {
            Some(other) if other != family => {
                Err(Error::failed(format!("the name `{name}` is that of a scaffold of {other}")))
            }
            _ => [family, name].into_iter().try_for_each(check_function_name),
        };
        unfit.map_err(|error| {
            Error::failed(format!("`{directory}`: {error}"))
                .hint("rename the directory: its name is that of the scaffold")
        })
    }

    /// The names of the families, sorted.
    pub fn families(&self) -> Vec<&str> {
        let families = self.files.keys().filter_map(|path| parts(path));
        let families = families.filter(|(_, name, file)| (*name, *file) == (SHARED, SCAFFOLD));
        families.map(|(family, ..)| family).collect()
    }

    /// The family of the scaffold or bundle with this name.
    pub fn family_of(&self, name: &str) -> Option<&str> {
        let mut all = self.files.keys().filter_map(|path| parts(path)).filter(declares);
        all.find(|(_, known, _)| *known == name).map(|(family, ..)| family)
    }

    /// The names of the scaffolds, sorted.
    pub fn names(&self) -> Vec<&str> {
        self.named_by(SCAFFOLD).into_keys().collect()
    }

    /// The names of the bundles, sorted: scaffolds that are generated together.
    pub fn bundles(&self) -> Vec<&str> {
        self.named_by(BUNDLE).into_keys().collect()
    }

    /// The directories with such a file, each with its family.
    fn named_by(&self, file: &str) -> BTreeMap<&str, &str> {
        let all = self.files.keys().filter_map(|path| parts(path));
        let named = all.filter(|(_, name, found)| *found == file && *name != SHARED);
        named.map(|(family, name, _)| (name, family)).collect()
    }

    /// All scaffolds, sorted by name.
    pub fn scaffolds(&self) -> Result<Vec<Scaffold>> {
        let families = self.families().into_iter();
        let families = families.map(|name| Ok((name, Arc::new(self.family(name)?))));
        let families = families.collect::<Result<BTreeMap<_, _>>>()?;
        let scaffolds = self.named_by(SCAFFOLD).into_iter().filter_map(|(name, family)| {
            let family = families.get(family)?;
            Some(self.scaffold_of(family, name))
        });
        scaffolds.collect()
    }

    /// The scaffold in the directory `name` of its family.
    pub fn scaffold(&self, name: &str) -> Result<Scaffold> {
        let family = self.family_of(name).unwrap_or(DEFAULT_FAMILY);
        self.scaffold_of(&Arc::new(self.family(family)?), name)
    }

    fn scaffold_of(&self, family: &Arc<Family>, name: &str) -> Result<Scaffold> {
        let file = format!("{}/{name}/{SCAFFOLD}", family.name);
        let mut scaffold: Scaffold = self.parse(&file)?;
        name.clone_into(&mut scaffold.name);
        scaffold.family = Arc::clone(family);
        self.valid(&file, scaffold.problems())?;
        Ok(scaffold)
    }

    /// The family in the directory `name`.
    pub fn family(&self, name: &str) -> Result<Family> {
        let file = format!("{name}/{SHARED}/{SCAFFOLD}");
        let mut family: Family = self.parse(&file)?;
        name.clone_into(&mut family.name);
        self.valid(&file, family.problems())?;
        Ok(family)
    }

    /// The bundle in the directory `name` of its family.
    pub fn bundle(&self, name: &str) -> Result<Bundle> {
        let family = self.family_of(name).unwrap_or(DEFAULT_FAMILY);
        let file = format!("{family}/{name}/{BUNDLE}");
        let bundle: Bundle = self.parse(&file)?;
        let mut problems = Vec::new();
        if bundle.scaffolds.is_empty() {
            problems.push(("scaffolds".to_owned(), "`scaffolds` is empty".to_owned()));
        }
        for part in &bundle.scaffolds {
            if !self.names().contains(&part.as_str()) || self.family_of(part) != Some(family) {
                let problem = format!("`{part}` is not a scaffold of {family}");
                problems.push((format!("\"{part}\""), problem));
            }
        }
        self.valid(&file, problems)?;
        Ok(bundle)
    }

    fn parse<T: DeserializeOwned>(&self, path: &str) -> Result<T> {
        let source = self.source(path);
        if !self.files.contains_key(path) {
            return Err(Error::failed(format!("the scaffold file `{}` is missing", source.path())));
        }
        toml::from_str(source.text()).map_err(|error| {
            let place = source.at(error.span().unwrap_or_default());
            let problem =
                place.problem("the scaffold is not valid", error.message().replace('\n', ", "));
            problem.into()
        })
    }

    /// Problems of a file, each with the text that has it.
    fn valid(&self, path: &str, problems: Vec<(String, String)>) -> Result<()> {
        let source = self.source(path);
        let problems = problems.into_iter().map(|(key, problem)| {
            let start = source.text().find(&key).unwrap_or_default();
            source.at(start..start).problem(problem, "")
        });
        let problems: Vec<_> = problems.collect();
        if problems.is_empty() { Ok(()) } else { Err(ErrorKind::Invalid(problems).into()) }
    }
}

/// The family, the scaffold and the rest of a path.
fn parts(path: &str) -> Option<(&str, &str, &str)> {
    let (family, path) = path.split_once('/')?;
    let (name, file) = path.split_once('/')?;
    Some((family, name, file))
}

/// Whether a path is that of a file which says what a scaffold or bundle is.
fn declares((_, name, file): &(&str, &str, &str)) -> bool {
    *name != SHARED && [SCAFFOLD, BUNDLE].contains(file)
}
