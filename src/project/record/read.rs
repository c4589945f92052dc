//! Reads records, which may name any file: plans delete or edit what a record names.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer};

use super::{FUNCTION_RECORD, FunctionRecord, RECORD, Record, Shared, SharedFile};
use crate::catalog::check_function_name;
use crate::cognito::AUTH;
use crate::edit;
use crate::error::{Error, ErrorKind, Result};
use crate::path::RepoPath;
use crate::project::Project;
use crate::project::layout::Target;
use crate::source::{Diagnostic, SourceFile};

impl Record {
    /// Reads the record of a project; an empty one when there is none.
    ///
    /// # Errors When a file is not a record, or names files that are not generated: plans delete or
    /// edit what it names.
    pub(crate) fn load(project: &Project) -> Result<Self> {
        let mut foreign = Vec::new();
        let mut record = Self::default();
        let path = project.path(RECORD)?;
        if let Some((file, text)) = read::<SharedFile>(&path, project)? {
            let mut names = Vec::new();
            for shared in file.shared.files() {
                names.extend(located(shared, project).err().map(|error| (shared.clone(), error)));
            }
            record.is_old = !file.functions.is_empty();
            for (name, function) in file.functions {
                let directory = directory_of(&name, project)?;
                let function = function.moved(name, &directory, project, &mut names);
                record.functions.insert(directory, function);
            }
            record.shared = file.shared;
            foreign.extend(problems(&path, &text, names));
        }
        for resource in project.resources()? {
            for name in project.directories(&project.resource(&resource)?)? {
                let directory = project.function(&resource, &name)?;
                let path = directory.child(FUNCTION_RECORD);
                // The target of a link was not generated.
                if project.has_link(&path, &directory) {
                    continue;
                }
                let Some((mut function, text)) = read::<FunctionRecord>(&path, project)? else {
                    continue;
                };
                foreign.extend(problems(&path, &text, function.foreign(&directory, project)));
                function.resource.clone_from(&resource);
                let other = record.functions.insert(name.clone(), function);
                if let Some(other) = other.filter(|other| other.resource != resource) {
                    let place = SourceFile::new(&path, text.as_str()).at(0..0);
                    let problem = format!("there are two functions `{name}`");
                    let label = format!("the other is in `{}`", other.directory(&name, project)?);
                    foreign
                        .push(place.problem(problem, label).hint("rename one of the directories"));
                }
            }
        }
        if foreign.is_empty() { Ok(record) } else { Err(ErrorKind::Invalid(foreign).into()) }
    }
}

impl FunctionRecord {
    /// The function `name` of an old record, which is in `directory` by now; `foreign` gets the
    /// files that are not its own.
    fn moved(
        mut self,
        name: String,
        directory: &str,
        project: &Project,
        foreign: &mut Vec<(String, Error)>,
    ) -> Self {
        AUTH.clone_into(&mut self.resource);
        let before = format!("amplify/{AUTH}/{name}/");
        for (file, hash) in std::mem::take(&mut self.files) {
            let own = file.strip_prefix(&before).unwrap_or("");
            let directory = self.directory(directory, project);
            match directory.and_then(|directory| Target::own(own, &directory, project)) {
                Ok(_) => drop(self.files.insert(own.to_owned(), hash)),
                Err(error) => foreign.push((file, error)),
            }
        }
        Self { name, ..self }
    }

    /// What it names that does not belong to the function in the directory `directory`.
    fn foreign(&self, directory: &RepoPath, project: &Project) -> Vec<(String, Error)> {
        let name = check_function_name(&self.name).err().map(|error| (self.name.clone(), error));
        let files = self.files.keys().filter_map(|file| {
            let error = Target::own(file, directory, project).err()?;
            Some((file.clone(), error))
        });
        name.into_iter().chain(files).collect()
    }
}

impl Shared {
    fn files(&self) -> impl Iterator<Item = &String> {
        let Self {
            ignore,
            created,
            blank: _,
            keys,
            exclude,
            members,
            backend,
            objects,
            constants,
            build_steps,
        } = self;
        let sets = [ignore, constants].into_iter().flatten();
        let maps = [keys, exclude, members, objects, backend].into_iter().flat_map(BTreeMap::keys);
        sets.chain(maps).chain(created.keys()).chain(build_steps.keys())
    }
}

/// The directory of the function `name` of an old record, which is not renamed with it. If the
/// directory was renamed, its crate still has the name.
fn directory_of(name: &str, project: &Project) -> Result<String> {
    let directories = project.directories(&project.auth()?)?;
    let mut renamed = None;
    for directory in &directories {
        let path = project.function(AUTH, directory)?;
        let manifest = project.manifest(&path)?;
        let package = edit::string_at(manifest.text(), &["package", "name"], "").ok().flatten();
        let has_record = project.read(&path.child(FUNCTION_RECORD))?.is_some();
        if package.as_deref() == Some(name) && !has_record {
            renamed = Some(directory.clone());
        }
    }
    let is_there = directories.iter().any(|directory| directory == name);
    Ok(renamed.filter(|_| !is_there).unwrap_or_else(|| name.to_owned()))
}

/// Reads which resources were added to backends. In early versions that was only the user pool.
pub(super) fn backend<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, BTreeSet<String>>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum BackendParts {
        Early(Vec<String>),
        Resources(BTreeMap<String, BTreeSet<String>>),
    }
    Ok(match BackendParts::deserialize(deserializer)? {
        BackendParts::Early(files) => {
            files.into_iter().map(|file| (file, BTreeSet::from([AUTH.to_owned()]))).collect()
        }
        BackendParts::Resources(resources) => resources,
    })
}

/// A file of the record, and its text; `None` when there is none.
fn read<T: DeserializeOwned>(path: &RepoPath, project: &Project) -> Result<Option<(T, String)>> {
    let Some(text) = project.read_text(path)? else {
        return Ok(None);
    };
    let record = toml::from_str(&text).map_err(|error| {
        let file = SourceFile::new(path, text.as_str());
        Error::from(file.not_toml(error.span(), error.message()).hint(as_it_was(path)))
    })?;
    Ok(Some((record, text)))
}

/// The problems of names in a record, each at its place.
fn problems(path: &RepoPath, text: &str, foreign: Vec<(String, Error)>) -> Vec<Diagnostic> {
    // The first place of each quoted name.
    let (mut places, mut start) = (BTreeMap::new(), 0);
    for part in text.split('"') {
        places.entry(part).or_insert(start..start + part.len());
        start += part.len() + 1;
    }
    let file = SourceFile::new(path, text);
    let problem = |(name, error): (String, Error)| {
        let place = file.at(places.get(name.as_str()).cloned().unwrap_or_default());
        place.problem(error.to_string(), "is not generated").hint(as_it_was(path))
    };
    foreign.into_iter().map(problem).collect()
}

fn as_it_was(path: &RepoPath) -> String {
    format!("restore the file: `git checkout {path}`")
}

/// A path as the record has it: relative to the project, which may be below the root.
pub fn recorded(path: &RepoPath, project: &Project) -> String {
    let mut up = String::new();
    let mut base = Some(project.directory().clone());
    while let Some(directory) = base {
        if let Some(below) = path.below(&directory) {
            return format!("{up}{below}");
        }
        up.push_str("../");
        base = directory.parent();
    }
    path.to_string()
}

/// The path of a shared file that the record has. Any other file is an error.
pub fn located(recorded: &str, project: &Project) -> Result<RepoPath> {
    let path = project.directory().relative(recorded);
    let path = path.ok_or_else(|| Error::failed(format!("`{recorded}` leaves the root")))?;
    Target::shared(&path, project)?;
    Ok(path)
}
