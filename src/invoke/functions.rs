//! The functions of a project: the handler crates below `amplify/auth`, and what calls them.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::event::{self, Event};
use super::variables::Variables;
use crate::catalog::{Catalog, Resource, Scaffold, make_one, resources, spelled, suggestion};
use crate::cognito::{
    AUTH, EmailAccount, EventVersion, PoolSettings, Verification, source_of, trigger_of,
};
use crate::error::{Error, Result};
use crate::lambda::Deployment;
use crate::model::auth::{Sender, VerificationStyle};
use crate::model::setting::Parameter;
use crate::model::{self, Backend, FunctionFile, Variable};
use crate::path::RepoPath;
use crate::project::Project;

/// A function of the project.
#[derive(Debug)]
pub struct LocalFunction {
    /// Its name.
    pub name: String,
    /// The directory of its handler crate.
    pub directory: RepoPath,
    /// The triggers that call it; none when that is not known.
    pub triggers: Vec<Caller>,
    /// The resource in whose directory it is.
    resource: String,
    /// The file that says which functions are called.
    pub wired_in: RepoPath,
    settings: model::Function,
    /// The user pool, if that is what calls it.
    pub(super) pool: Option<PoolSettings>,
}

/// A trigger that calls a function.
#[derive(Debug)]
pub struct Caller {
    /// The trigger.
    pub scaffold: Arc<Scaffold>,
    /// The version of its events, as far as there is one and it is known.
    pub event_version: Option<EventVersion>,
}

impl Caller {
    /// Whether events of this source are of the trigger. AWS adds sources to triggers over time.
    fn sends(&self, source: &str) -> bool {
        let mut sources = self.scaffold.sources().iter();
        sources.any(|known| trigger_of(known) == trigger_of(source))
    }
}

impl LocalFunction {
    /// The trigger that calls it with events of a source.
    pub fn caller(&self, source: &str) -> Option<&Caller> {
        self.triggers.iter().find(|caller| caller.sends(source))
    }

    /// The function with the binary that was built of its crate, its own variables, and those in
    /// `given`, which come first. The value of a secret, or of a parameter without a default, is
    /// the one that this program has.
    pub fn deployment(&self, binary: PathBuf, given: &Variables) -> Deployment {
        let variables = self.settings.environment.iter();
        let own = variables.filter_map(|(name, value)| match value {
            Variable::Plain(text) => Some((name.clone(), text.into())),
            Variable::Parameter(Parameter { default: Some(text), .. }) => {
                Some((name.clone(), text.into()))
            }
            Variable::Secret(_) | Variable::Parameter(_) => {
                Some((name.clone(), std::env::var_os(name)?))
            }
        });
        let mut environment = log_variables(&self.settings.logging);
        environment.extend(own);
        environment.extend(given.clone());
        Deployment {
            name: self.name.clone(),
            binary,
            timeout: Duration::from_secs(self.settings.timeout_seconds.into()),
            memory: self.settings.memory_mb,
            environment,
            pool: self.pool,
        }
    }

    /// The variables with values that neither the repository, `given` nor this program's environment
    /// has, and what they are.
    pub fn unset_variables(&self, given: &Variables) -> Vec<(&str, &'static str)> {
        let is_set = |name| given.contains_key(name) || std::env::var_os(name).is_some();
        let variables = self.settings.environment.iter();
        let elsewhere = variables.filter_map(|(name, value)| match value {
            Variable::Secret(_) => Some((name.as_str(), "secret")),
            Variable::Parameter(Parameter { default: None, .. }) => {
                Some((name.as_str(), "parameter without a default"))
            }
            Variable::Plain(_) | Variable::Parameter(_) => None,
        });
        elsewhere.filter(|(name, _)| !is_set(*name)).collect()
    }

    /// The names of its sample events, without `.json`, sorted.
    pub fn samples(&self, project: &Project) -> Result<Vec<String>> {
        let directory = self.directory.child("events");
        let files = project.files_below(&directory)?;
        let names = files.iter().filter_map(|file| file.below(&directory));
        let samples = names.filter_map(|name| name.strip_suffix(".json"));
        Ok(samples.map(str::to_owned).collect())
    }

    /// A sample event.
    ///
    /// # Errors
    /// When there is none of that name, with the nearest, or it is not an event.
    pub fn sample(&self, project: &Project, name: &str) -> Result<Event> {
        let name = name.strip_suffix(".json").unwrap_or(name);
        if let Some(path) = self.directory.join(&format!("events/{name}.json"))
            && let Some(bytes) = project.read(&path)?
        {
            return event::read(bytes, path.as_str());
        }
        let directory = &self.directory;
        let error =
            Error::failed(format!("there is no sample event `{name}` in `{directory}/events`"));
        Err(suggest(error, name, &self.samples(project)?))
    }
}

/// The variables that Lambda sets from a function's log settings, which the handler logs by.
fn log_variables(logging: &model::Logging) -> Variables {
    let variables = [
        ("AWS_LAMBDA_LOG_FORMAT", json!(logging.format)),
        ("AWS_LAMBDA_LOG_LEVEL", json!(logging.level)),
    ];
    let set = |(name, value): (&str, Value)| Some((name.to_owned(), value.as_str()?.into()));
    variables.into_iter().filter_map(set).collect()
}

/// All functions of the project, by their directories. One without a `resource.toml`, as in a
/// TypeScript app, has Amplify's defaults.
pub fn functions(project: &Project, catalog: &Catalog) -> Result<Vec<LocalFunction>> {
    let scaffolds = catalog.scaffolds()?;
    let backend = Backend::read(project, &scaffolds)?.valid()?;
    let mut functions = Vec::new();
    for resource in resources(&scaffolds) {
        functions.extend(functions_of(resource, project, &backend)?);
    }
    let scaffolds: Vec<_> = scaffolds.into_iter().map(Arc::new).collect();
    for function in &mut functions {
        function.triggers = callers(project, function, &scaffolds, &backend)?;
    }
    Ok(functions)
}

fn functions_of(
    resource: &Resource,
    project: &Project,
    backend: &Backend,
) -> Result<Vec<LocalFunction>> {
    let wired_in = project.wiring_file(resource)?;
    let mut functions = Vec::new();
    for name in project.directories(&project.resource(&resource.name)?)? {
        let directory = project.function(&resource.name, &name)?;
        if project.read(&directory.child("Cargo.toml"))?.is_none() {
            continue;
        }
        let of_directory = |(_, file): &(&String, &FunctionFile)| file.directory == directory;
        let known = backend.functions.iter().find(of_directory);
        let known = known.map(|(_, file)| file.function.clone());
        let settings = match known {
            Some(settings) => settings,
            None => toml::from_str(&format!("name = {}", toml_edit::Value::from(name)))
                .map_err(|error| Error::in_file(&directory, error))?,
        };
        functions.push(LocalFunction {
            name: settings.name.clone(),
            directory,
            triggers: Vec::new(),
            resource: resource.name.clone(),
            wired_in: wired_in.clone(),
            settings,
            pool: (resource.name == AUTH).then(|| pool_settings(backend)),
        });
    }
    Ok(functions)
}

/// What `amplify/auth/resource.toml` says of the pool; little is known of one in TypeScript.
fn pool_settings(backend: &Backend) -> PoolSettings {
    let Some(auth) = &backend.auth else {
        return PoolSettings::default();
    };
    let email = auth.login_with.email.settings();
    PoolSettings {
        email_account: match auth.senders.email {
            Some(Sender::Service(_)) => EmailAccount::Developer,
            _ => EmailAccount::CognitoDefault,
        },
        verification: match email.and_then(|email| email.verification_email_style) {
            Some(VerificationStyle::Link) => Verification::Link,
            _ => Verification::Code,
        },
    }
}

/// The function called `name`, in any spelling, or else the only one for the trigger of that name;
/// without a name, the only one.
///
/// # Errors
/// When there is none, with the nearest.
pub fn find<'a>(functions: &'a [LocalFunction], name: Option<&str>) -> Result<&'a LocalFunction> {
    let names: Vec<_> = functions.iter().map(|function| function.name.clone()).collect();
    match (name, functions) {
        (_, []) => Err(Error::failed("the project has no function")
            .hint(make_one())
            .hint("or name the project's directory with `--path`")),
        (None, [only]) => Ok(only),
        (None, _) => Err(Error::usage("the project has several functions")
            .hint(format!("name one of: {}", names.join(", ")))),
        (Some(name), _) => {
            let function = match spelled(name, &names) {
                Some(name) => functions.iter().find(|function| function.name == name),
                None => only_of_trigger(functions, name),
            };
            function.ok_or_else(|| {
                suggest(Error::usage(format!("there is no function `{name}`")), name, &names)
            })
        }
    }
}

fn only_of_trigger<'a>(functions: &'a [LocalFunction], kind: &str) -> Option<&'a LocalFunction> {
    let mut of_trigger = functions.iter().filter(|function| {
        let mut triggers = function.triggers.iter();
        triggers.any(|caller| spelled(kind, &[&caller.scaffold.name]).is_some())
    });
    of_trigger.next().filter(|_| of_trigger.next().is_none())
}

pub(super) fn suggest(error: Error, name: &str, known: &[String]) -> Error {
    if known.is_empty() { error } else { error.hint(suggestion(name, known)) }
}

/// The triggers that are wired to the function, or else those that its sample events are of.
fn callers(
    project: &Project,
    function: &LocalFunction,
    scaffolds: &[Arc<Scaffold>],
    backend: &Backend,
) -> Result<Vec<Caller>> {
    let sampled = sampled(project, function)?;
    let (mut wired, mut alike) = (Vec::new(), Vec::new());
    let is_there = |it: &&Arc<Scaffold>| it.family.resource.name == function.resource;
    for scaffold in scaffolds.iter().filter(is_there) {
        let mut caller = Caller { scaffold: Arc::clone(scaffold), event_version: None };
        let called =
            backend.wired(scaffold).filter(|called| called.function() == Some(&function.name));
        if let Some(called) = called {
            caller.event_version = called.version.known();
            wired.push(caller);
        } else if sampled.iter().any(|source| caller.sends(source)) {
            alike.push(caller);
        }
    }
    Ok(if wired.is_empty() { alike } else { wired })
}

/// The sources of the sample events of a function.
fn sampled(project: &Project, function: &LocalFunction) -> Result<Vec<String>> {
    let mut sources = Vec::new();
    for name in function.samples(project)? {
        // One that is not an event is an error only when it is run.
        if let Ok(event) = function.sample(project, &name) {
            sources.push(source_of(&event.value).to_owned());
        }
    }
    Ok(sources)
}
