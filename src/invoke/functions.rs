//! The functions of a project: the handler crates below `amplify/`, and what calls them.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

use super::environment::Deployment;
use crate::catalog::{Catalog, Scaffold, nearest};
use crate::cognito::{source_of, trigger_of};
use crate::edit;
use crate::error::{Error, Result};
use crate::plan::AUTH_RESOURCE;
use crate::workspace::{RepoPath, Workspace};

/// A function of the project.
#[derive(Debug)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// The folder of its handler crate.
    pub folder: RepoPath,
    /// The triggers that call it; none when that is not known.
    pub triggers: Vec<Caller>,
    settings: Settings,
}

/// A trigger that calls a function.
#[derive(Debug)]
pub struct Caller {
    /// The trigger.
    pub scaffold: Scaffold,
    /// The version of its events, if the project declares one.
    pub event_version: Option<String>,
}

/// What matters here of `resource.toml`. Defaults are those of Amplify's `defineFunction`.
#[derive(Debug, Deserialize)]
#[serde(default)]
struct Settings {
    name: Option<String>,
    #[serde(rename = "timeoutSeconds")]
    timeout: u64,
    #[serde(rename = "memoryMB")]
    memory: u32,
    environment: BTreeMap<String, serde_json::Value>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            name: None,
            timeout: 3,
            memory: 512,
            environment: BTreeMap::new(),
        }
    }
}

impl Function {
    /// The function with the binary that was built of its crate.
    #[must_use]
    pub fn deployment(&self, binary: PathBuf) -> Deployment {
        // A secret is no text: its value is taken from the environment of this program.
        let texts = self.settings.environment.iter();
        let texts =
            texts.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
        Deployment {
            name: self.name.clone(),
            binary,
            timeout: Duration::from_secs(self.settings.timeout),
            memory: self.settings.memory,
            environment: texts.collect(),
        }
    }

    /// The names of its sample events, without `.json`, sorted.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn samples(&self, workspace: &Workspace) -> Result<Vec<String>> {
        let Some(folder) = self.folder.join("events") else {
            return Ok(Vec::new());
        };
        let names = workspace.names_in(&folder)?;
        let samples = names.iter().filter_map(|name| name.strip_suffix(".json"));
        Ok(samples.map(str::to_owned).collect())
    }

    /// The text of a sample event.
    ///
    /// # Errors
    /// When there is none of that name, with the nearest.
    pub fn sample(&self, workspace: &Workspace, name: &str) -> Result<String> {
        let name = name.strip_suffix(".json").unwrap_or(name);
        let text = match self.folder.join(&format!("events/{name}.json")) {
            Some(path) => workspace.read_text(&path)?,
            None => None,
        };
        let samples = self.samples(workspace)?;
        text.ok_or_else(|| {
            let folder = &self.folder;
            let error = Error::failed(format!(
                "there is no sample event `{name}` in `{folder}/events`"
            ));
            suggest(error, name, &samples)
        })
    }
}

/// All functions of the project, by their folders.
///
/// # Errors
/// When a file of the project cannot be read or is not what it should be.
pub fn functions(workspace: &Workspace, catalog: &Catalog, family: &str) -> Result<Vec<Function>> {
    let amplify = workspace.project_path("amplify")?;
    let auth = workspace.read_text(&workspace.project_path(AUTH_RESOURCE)?)?;
    let scaffolds: Vec<_> = catalog.names(family);
    let mut functions = Vec::new();
    for group in workspace.names_in(&amplify)? {
        let group = amplify.join(&group).unwrap_or_default();
        for name in workspace.names_in(&group)? {
            let Some(folder) = group.join(&name) else {
                continue;
            };
            if !workspace
                .names_in(&folder)?
                .iter()
                .any(|file| file == "Cargo.toml")
            {
                continue;
            }
            let settings = settings(workspace, &folder)?;
            let mut function = Function {
                name: settings.name.clone().unwrap_or(name),
                folder,
                triggers: Vec::new(),
                settings,
            };
            let all = scaffolds.iter().map(|name| catalog.scaffold(family, name));
            let all: Vec<_> = all.collect::<Result<_>>()?;
            function.triggers = callers(workspace, &function, auth.as_deref(), all)?;
            functions.push(function);
        }
    }
    Ok(functions)
}

/// The function called `name`; without a name, the only one.
///
/// # Errors
/// When there is none, with the nearest.
pub fn find<'a>(functions: &'a [Function], name: Option<&str>) -> Result<&'a Function> {
    let names: Vec<_> = functions
        .iter()
        .map(|function| function.name.clone())
        .collect();
    match (name, functions) {
        (_, []) => Err(Error::failed("the project has no function")
            .hint("make one with `cargo amplify new auth-trigger`")
            .hint("or name the project's folder with `--path`")),
        (None, [only]) => Ok(only),
        (None, _) => Err(Error::usage("the project has several functions")
            .hint(format!("name one of: {}", names.join(", ")))),
        (Some(name), _) => functions
            .iter()
            .find(|function| function.name == name)
            .ok_or_else(|| {
                suggest(
                    Error::usage(format!("there is no function `{name}`")),
                    name,
                    &names,
                )
            }),
    }
}

pub(super) fn suggest(error: Error, name: &str, known: &[String]) -> Error {
    let names: Vec<_> = known.iter().map(String::as_str).collect();
    match nearest(name, &names) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None if names.is_empty() => error,
        None => error.hint(format!("choose one of: {}", names.join(", "))),
    }
}

fn settings(workspace: &Workspace, folder: &RepoPath) -> Result<Settings> {
    let path = folder.join("resource.toml").unwrap_or_default();
    let Some(text) = workspace.read_text(&path)? else {
        return Ok(Settings::default());
    };
    toml_edit::de::from_str(&text)
        .map_err(|error| Error::in_file(&path, error.to_string().trim_end()))
}

/// The triggers that are wired to the function, or else those that its sample events are of.
fn callers(
    workspace: &Workspace,
    function: &Function,
    auth: Option<&str>,
    scaffolds: Vec<Scaffold>,
) -> Result<Vec<Caller>> {
    let mut sampled = Vec::new();
    for name in function.samples(workspace)? {
        let text = function.sample(workspace, &name)?;
        let event = serde_json::from_str(&text).unwrap_or_default();
        sampled.push(trigger_of(source_of(&event)).to_owned());
    }
    let (mut wired, mut sampled_from) = (Vec::new(), Vec::new());
    for scaffold in scaffolds {
        let key: Vec<_> = scaffold.wiring.key.iter().map(String::as_str).collect();
        let at = |member| edit::text_at(auth.unwrap_or_default(), &key, member);
        let path = workspace.project_path(AUTH_RESOURCE)?;
        let in_file = |error| Error::in_file(&path, error);
        let members = edit::keys(auth.unwrap_or_default(), &key).map_err(in_file)?;
        if at("handler").map_err(in_file)?.as_ref() == Some(&function.name) {
            let event_version = match members.iter().any(|member| member == "eventVersion") {
                true => at("eventVersion").map_err(in_file)?,
                false => None,
            };
            wired.push(Caller {
                scaffold,
                event_version,
            });
        } else if scaffold
            .trigger
            .sources
            .iter()
            .any(|source| sampled.contains(&trigger_of(source).to_owned()))
        {
            sampled_from.push(Caller {
                scaffold,
                event_version: None,
            });
        }
    }
    Ok(if wired.is_empty() {
        sampled_from
    } else {
        wired
    })
}
