//! What can be generated: scaffolds, each a directory of data.
//!
//! ```text
//! <family>/_shared/        files of every scaffold of the family, and the project's own files
//! <family>/<scaffold>/     scaffold.toml and the directories that it names
//! <family>/<bundle>/       bundle.toml: scaffolds that are generated together
//! ```
//!
//! A file that ends in `.hbs` is a template, as are all paths; anything else is copied.
//! Adding a scaffold is adding a directory: no code here knows one by name. A project can have a set
//! of its own, laid out in the same way.

mod answers;
mod input;
mod name;
mod offer;
mod render;
mod scaffold;
mod survey;
mod template;
mod typescript;
mod vocabulary;

use std::borrow::Cow;
use std::collections::BTreeMap;

use include_dir::{Dir, DirEntry, include_dir};
use serde::de::DeserializeOwned;

use crate::error::{Error, ErrorKind, Result};
use crate::path::RepoPath;
use crate::source::{Diagnostic, Place, SourceFile, offset};

pub use answers::{Answers, Choice, Choices};
pub(crate) use answers::{Given, check_input};
pub(crate) use input::Input;
pub use input::InputKind;
pub(crate) use name::{check_function_name, nearest, pascal, spelled, suggestion};
pub use offer::Offer;
pub use render::render;
pub(crate) use render::{Rendering, sample_events};
pub(crate) use scaffold::Bundle;
pub use scaffold::Scaffold;
pub(crate) use survey::Survey;
use template::Fault;
pub(crate) use typescript::identifier;
pub use vocabulary::{HELPERS, VARIABLES};

/// The family that the commands are about. A second one would be a field of the [`Catalog`].
const FAMILY: &str = "auth-trigger";

static EMBEDDED: Dir = include_dir!("$CARGO_MANIFEST_DIR/scaffolds");

/// All scaffolds, as files by their path.
#[derive(Clone, Debug)]
pub struct Catalog {
    /// Those of the program are borrowed, those of a set are owned.
    files: BTreeMap<String, Cow<'static, str>>,
    /// Where the set is, for messages.
    set: RepoPath,
}

/// Where a scaffold is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It is part of the program.
    BuiltIn,
    /// It is one of a set.
    Added,
    /// It is one of a set, and takes the place of one of the program.
    Replaced,
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
    /// When a directory is not a scaffold, or its name cannot be that of a function.
    pub fn with_set(mut self, set: &RepoPath, files: BTreeMap<String, String>) -> Result<Self> {
        set.clone_into(&mut self.set);
        let prefix = format!("{FAMILY}/");
        let own = |path: &String| path.starts_with(&prefix);
        let names = files.keys().filter_map(|path| path.strip_prefix(&prefix)?.split_once('/'));
        let mut names: Vec<_> = names.map(|(name, _)| name.to_owned()).collect();
        names.dedup();
        for name in names.iter().filter(|name| *name != SHARED) {
            let has = |file: &str| files.contains_key(&format!("{FAMILY}/{name}/{file}"));
            if !has(SCAFFOLD) && !has(BUNDLE) {
                return Err(Error::failed(format!("`{set}/{FAMILY}/{name}` has no `{SCAFFOLD}`"))
                    .hint("add one, or start from `cargo amplify scaffold eject`"));
            }
            check_function_name(name).map_err(|error| {
                Error::failed(format!("`{set}/{FAMILY}/{name}`: {error}"))
                    .hint("rename the directory: its name is that of the scaffold")
            })?;
            self.files.retain(|path, _| !path.starts_with(&format!("{FAMILY}/{name}/")));
        }
        let files = files.into_iter().filter(|(path, _)| own(path));
        self.files.extend(files.map(|(path, text)| (path, Cow::Owned(text))));
        Ok(self)
    }

    /// What to say of a scaffold of a set.
    pub fn provenance(&self, name: &str) -> Option<String> {
        let set = &self.set;
        match self.origin(name) {
            Origin::BuiltIn => None,
            Origin::Added => Some(format!("`{name}` is a scaffold of `{set}`")),
            Origin::Replaced => {
                Some(format!("`{name}` is that of `{set}`, in place of the built-in scaffold"))
            }
        }
    }

    /// Where the scaffold with this name is from.
    pub fn origin(&self, name: &str) -> Origin {
        let is_embedded = EMBEDDED.get_dir(format!("{FAMILY}/{name}")).is_some();
        let mut files = self.directory(&format!("{name}/"));
        let is_own = |path: &str| self.is_of_set(&format!("{FAMILY}/{name}/{path}"));
        match (files.any(|(path, _)| is_own(path)), is_embedded) {
            (false, _) => Origin::BuiltIn,
            (true, false) => Origin::Added,
            (true, true) => Origin::Replaced,
        }
    }

    /// All that a scaffold has from a set, to be hashed; `None` for one of the program.
    pub fn contents(&self, name: &str) -> Option<String> {
        let owners = [SHARED, name].map(|owner| format!("{FAMILY}/{owner}/"));
        let is_part = |path: &str| owners.iter().any(|owner| path.starts_with(owner));
        let parts = self.files.iter().filter(|(path, _)| is_part(path) && self.is_of_set(path));
        let parts: String = parts.flat_map(|(path, text)| [path, "\n", text, "\n"]).collect();
        (!parts.is_empty()).then_some(parts)
    }

    fn is_of_set(&self, path: &str) -> bool {
        matches!(self.files.get(path), Some(Cow::Owned(_)))
    }

    /// A file, for places in it; `path` is that in the family.
    pub(crate) fn source(&self, path: &str) -> SourceFile {
        let path = format!("{FAMILY}/{path}");
        let base = match self.is_of_set(&path) {
            true => self.set.clone(),
            false => RepoPath::new("scaffolds").unwrap_or_default(),
        };
        let text = self.files.get(&path).map_or("", |text| text.as_ref());
        SourceFile::new(&base.join(&path).unwrap_or_default(), text)
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
        self.named_by(BUNDLE)
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
        Err(Error::usage(format!("there is no {FAMILY} `{name}`")).hint(suggestion(name, &known)))
    }

    /// The scaffold in the directory `name`.
    pub fn scaffold(&self, name: &str) -> Result<Scaffold> {
        let mut scaffold: Scaffold = self.parse(name, SCAFFOLD)?;
        name.clone_into(&mut scaffold.name);
        scaffold.shared = self.parse(SHARED, SCAFFOLD)?;
        let source = self.source(&format!("{name}/{SCAFFOLD}"));
        let problems = scaffold.problems().into_iter().map(|(key, problem)| {
            let start = source.text().find(&key).unwrap_or_default();
            source.at(start..start).problem(problem, "")
        });
        let problems: Vec<_> = problems.collect();
        if problems.is_empty() { Ok(scaffold) } else { Err(ErrorKind::Invalid(problems).into()) }
    }

    /// The bundle in the directory `name`.
    pub fn bundle(&self, name: &str) -> Result<Bundle> {
        self.parse(name, BUNDLE)
    }

    fn parse<T: DeserializeOwned>(&self, directory: &str, file: &str) -> Result<T> {
        let path = format!("{directory}/{file}");
        let source = self.source(&path);
        if !self.files.contains_key(&format!("{FAMILY}/{path}")) {
            return Err(Error::failed(format!("the scaffold file `{}` is missing", source.path())));
        }
        toml::from_str(source.text()).map_err(|error| {
            let place = source.at(error.span().unwrap_or_default());
            let problem =
                place.problem("the scaffold is not valid", error.message().replace('\n', ", "));
            ErrorKind::Invalid(vec![problem]).into()
        })
    }

    /// A problem of a text in a file of a scaffold.
    fn invalid(&self, owner: &str, file: &str, text: &str, problem: String) -> Error {
        let place = self.place((owner, file), text, (1, 1));
        ErrorKind::Invalid(vec![place.problem(problem, "")]).into()
    }

    /// A fault of a template, which is all or a part of a file, for the scaffold `name`.
    fn fault(
        &self,
        name: &str,
        (owner, file): (&str, &str),
        template: &str,
        fault: &Fault,
    ) -> Diagnostic {
        let place = match &fault.partial {
            None => self.place((owner, file), template, fault.position),
            Some(partial) => {
                let source = self.source(&self.partial(name, partial));
                let (line, column) = fault.position;
                let offset = offset(source.text(), line, column);
                source.at(offset..offset)
            }
        };
        place.problem(&fault.message, &fault.hint)
    }

    /// The file of a partial that templates of a scaffold name, by its path in the family.
    fn partial(&self, scaffold: &str, partial: &str) -> String {
        let own = format!("{scaffold}/partials/{partial}.hbs");
        match self.files.contains_key(&format!("{FAMILY}/{own}")) {
            true => own,
            false => format!("{SHARED}/partials/{partial}.hbs"),
        }
    }

    /// The files of a scaffold, or of what all share, by their paths in a set.
    pub(crate) fn files_of(&self, owner: &str) -> impl Iterator<Item = (String, String)> {
        let files = self.directory(&format!("{owner}/"));
        files.map(move |(file, text)| (format!("{FAMILY}/{owner}/{file}"), text.to_owned()))
    }

    /// A line and column, counted from 1, of a text in a file.
    fn place(
        &self,
        (owner, file): (&str, &str),
        text: &str,
        (line, column): (usize, usize),
    ) -> Place {
        let source = self.source(&format!("{owner}/{file}"));
        let start = source.text().find(text).unwrap_or(0);
        let offset = start + offset(&source.text()[start..], line, column);
        source.at(offset..offset)
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
pub(crate) const SHARED: &str = "_shared";

/// The file that says what a scaffold is.
pub(crate) const SCAFFOLD: &str = "scaffold.toml";

/// The file that says which scaffolds are generated together.
const BUNDLE: &str = "bundle.toml";
