//! A function as its scaffold generates it for this project.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::builder::in_file;
use super::membership::own_ignore_file;
use super::request::LoginMethod;
use crate::catalog::{Answers, Catalog, Choices, Rendering, Scaffold, render};
use crate::edit::typescript::{has_same_code, laid_out};
use crate::edit::{self, CurrentValue};
use crate::error::{Error, Result};
use crate::path::RepoPath;
use crate::process::format_rust;
use crate::project::{CargoRoot, CodeLayout, Language, Membership, Project};

/// A function that is generated and not yet planned.
pub struct Generated {
    pub answers: Answers,
    /// The language that it is declared in.
    pub language: Language,
    pub cargo: CargoRoot,
    /// Its directory.
    pub package: RepoPath,
    /// Its files, relative to its directory.
    pub files: BTreeMap<String, String>,
    /// Everything else that the scaffold has for it.
    pub rendering: Rendering,
    pub layout: Layout,
}

/// How the Rust files of a function are laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Layout {
    /// As rustfmt does without a configuration.
    Default,
    /// As the repository's configuration of rustfmt says.
    Configured(PathBuf),
    /// As by default, since rustfmt is missing or refuses the repository's configuration.
    Failed(PathBuf),
}

/// What functions are generated from, besides their answers.
#[derive(Clone, Copy)]
pub struct Generator<'a> {
    pub project: &'a Project,
    pub catalog: &'a Catalog,
    pub scaffold: &'a Scaffold,
    /// Where functions are declared; `None` goes by what the project has.
    pub wiring: Option<Language>,
    pub login_with: Option<LoginMethod>,
}

impl<'a> Generator<'a> {
    /// Goes by what the project has.
    pub fn new(project: &'a Project, catalog: &'a Catalog, scaffold: &'a Scaffold) -> Self {
        Self { project, catalog, scaffold, wiring: None, login_with: None }
    }

    /// The directory of the function `name`.
    pub fn directory(&self, name: &str) -> Result<RepoPath> {
        self.project.function(&self.scaffold.family.resource.name, name)
    }

    /// The answers with these choices.
    pub fn answers(&self, name: &str, choices: &Choices) -> Result<Answers> {
        Answers::new(self.scaffold, Some(name), &Vec::new())?.upon(choices, self.scaffold)
    }

    /// Generates the function `name` with these choices.
    pub fn generate_with(&self, name: &str, choices: &Choices) -> Result<Generated> {
        self.generate(self.answers(name, choices)?)
    }

    /// Generates a function from these answers.
    pub fn generate(&self, mut answers: Answers) -> Result<Generated> {
        let project = self.project;
        let package = self.directory(&answers.name)?;
        let cargo = project.cargo_root(&package)?;
        let language = project.language(self.wiring)?;
        if language == Language::TypeScript {
            let login_with = self.login_with.unwrap_or(LoginMethod::Email);
            answers.tell("login_with", login_with.key());
            answers.tell("wiring", "typescript");
            answers.tell("resource_file", "resource.ts");
        }
        tell_membership(&mut answers, &cargo, &package);
        if panics_abort(project, &cargo)? {
            answers.tell("panics_abort", true);
        }
        let mut rendering = render(self.catalog, self.scaffold, &answers)?;
        let mut files = BTreeMap::new();
        for (file, mut text) in std::mem::take(&mut rendering.files) {
            let path = project.path(&file)?;
            let own = path.below(&package).filter(|own| !own.is_empty());
            let own = own.ok_or_else(|| {
                Error::failed(format!("the scaffold has `{file}`, which is not in `{package}/`"))
            })?;
            if own == "Cargo.toml" {
                check_dependencies(&answers.name, &text, &path)?;
                text = edit::inherit(&text, &cargo.inherited).map_err(in_file(&path))?;
            }
            if own == "resource.ts"
                && let CodeLayout::Configured(prettier) = project.code_layout(&package)
            {
                text = laid_out(&text, &prettier);
            }
            files.insert(own.to_owned(), text);
        }
        if let Some(text) = own_ignore_file(project, &cargo, &package) {
            files.insert(".gitignore".to_owned(), text);
        }
        let config = project.rustfmt_config(&package);
        let layout = lay_out(&mut files, cargo.inherited.crate_edition(), config);
        Ok(Generated { answers, language, cargo, package, files, rendering, layout })
    }
}

/// Formats the Rust files as the repository's configuration says, where it has one.
fn lay_out(files: &mut BTreeMap<String, String>, edition: &str, config: Option<PathBuf>) -> Layout {
    let Some(config) = config else {
        return Layout::Default;
    };
    let sources = files.iter().filter(|(file, _)| file.ends_with(".rs"));
    let formatted = sources
        .map(|(file, source)| Some((file.clone(), format_rust(source, edition, Some(&config))?)));
    match formatted.collect::<Option<Vec<_>>>() {
        Some(formatted) => {
            files.extend(formatted);
            Layout::Configured(config)
        }
        None => Layout::Failed(config),
    }
}

impl Generated {
    /// Whether a file differs from the generated one only in its layout, as rustfmt or Prettier
    /// changes it.
    pub fn has_same_code(&self, file: &str, text: &str) -> bool {
        if let Some(generated) = self.files.get(file).filter(|_| file.ends_with(".ts")) {
            return has_same_code(generated, text);
        }
        let Some(generated) = self.files.get(file).filter(|_| file.ends_with(".rs")) else {
            return false;
        };
        // rustfmt moves letters and digits, and neither adds nor removes any.
        let count = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
        if count(generated) != count(text) {
            return false;
        }
        let config = match &self.layout {
            Layout::Configured(config) => Some(config.as_path()),
            Layout::Default | Layout::Failed(_) => None,
        };
        let formatted = |source| format_rust(source, self.cargo.inherited.crate_edition(), config);
        let generated = formatted(generated);
        generated.is_some() && generated == formatted(text)
    }
}

/// Whether a panic ends the process in a release build, as the workspace's profile says.
pub fn panics_abort(project: &Project, cargo: &CargoRoot) -> Result<bool> {
    let path = cargo.manifest();
    let is_own = matches!(cargo.membership, Membership::Alone(_));
    let text = project.read_text(&path)?.filter(|_| !is_own).unwrap_or_default();
    let setting = edit::setting(&text, &["profile", "release", "panic"], "\"abort\"");
    Ok(setting.map_err(in_file(&path))? == CurrentValue::Same)
}

/// Tells the templates where Cargo builds the crate.
fn tell_membership(answers: &mut Answers, cargo: &CargoRoot, package: &RepoPath) {
    if matches!(cargo.membership, Membership::Alone(_)) {
        answers.tell("membership", "standalone");
        answers.tell("own_workspace", cargo.is_own_workspace());
        // Amplify apps ignore this directory.
        answers.tell("target", "../../../.amplify/rust");
        return;
    }
    let below = package.below(&cargo.directory).unwrap_or_default();
    let up = "../".repeat(below.split('/').count());
    answers.tell("target", format!("{up}target"));
}

/// Refuses a crate with the name of one that it uses, which it would hide.
fn check_dependencies(name: &str, manifest: &str, path: &RepoPath) -> Result<()> {
    let dependencies = edit::keys(manifest, &["dependencies"]).map_err(in_file(path))?;
    let same = |dependency: &String| dependency.replace('-', "_") == name.replace('-', "_");
    match dependencies.into_iter().find(same) {
        Some(dependency) => Err(Error::usage(format!(
            "the name `{name}` is that of the crate `{dependency}`, which the handler uses"
        ))
        .hint(format!("choose another name: `--name {name}-trigger`"))),
        None => Ok(()),
    }
}
