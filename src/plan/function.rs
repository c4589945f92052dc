//! A function as its scaffold makes it for this project.

use std::collections::BTreeMap;

use super::draft::{Draft, in_file};
use super::membership::own_ignore_file;
use super::request::{Language, LoginWith};
use super::wiring;
use crate::catalog::{Answers, Catalog, Rendering, Scaffold, render};
use crate::edit::{self, EditError};
use crate::error::{Error, Result};
use crate::path::RepoPath;
use crate::project::{CargoRoot, Membership};

/// A function, made and not yet written.
pub struct Made {
    /// What it was made from.
    pub answers: Answers,
    /// What says that there is such a function.
    pub language: Language,
    /// Where Cargo builds it.
    pub cargo: CargoRoot,
    /// Its folder.
    pub package: RepoPath,
    /// Its files, seen from its folder.
    pub files: BTreeMap<String, String>,
    /// All else that the scaffold has for it.
    pub rendering: Rendering,
}

/// What functions are made of, besides their answers.
#[derive(Clone, Copy)]
pub struct Maker<'a> {
    pub catalog: &'a Catalog,
    pub scaffold: &'a Scaffold,
    /// Where functions are declared; `None` goes by what the project has.
    pub wiring: Option<Language>,
    pub login_with: Option<LoginWith>,
}

impl<'a> Maker<'a> {
    /// Goes by what the project has.
    pub fn new(catalog: &'a Catalog, scaffold: &'a Scaffold) -> Self {
        Self { catalog, scaffold, wiring: None, login_with: None }
    }

    /// Makes a function of these answers.
    pub fn make(&self, draft: &Draft, mut answers: Answers) -> Result<Made> {
        let package = draft.project.function(&answers.name)?;
        let cargo = draft.project.cargo_root(&package)?;
        let wishes = (self.wiring, self.login_with);
        let language = wiring::prepare(draft.project, wishes, &mut answers)?;
        if language == Language::TypeScript {
            tell_membership(&mut answers, &cargo, &package);
        }
        let mut rendering = render(self.catalog, self.scaffold, &answers)?;
        let mut files = BTreeMap::new();
        for (file, mut text) in std::mem::take(&mut rendering.files) {
            let path = draft.project.path(&file)?;
            let own = path.below(&package).filter(|own| !own.is_empty());
            let own = own.ok_or_else(|| {
                Error::failed(format!("the scaffold has `{file}`, which is not in `{package}/`"))
            })?;
            if own == "Cargo.toml" {
                check_dependencies(&answers.name, &text, &path)?;
                text = crate_manifest(&text, &cargo, &rendering).map_err(in_file(&path))?;
            }
            files.insert(own.to_owned(), text);
        }
        if let Some(text) = own_ignore_file(draft, &cargo, &package)? {
            files.insert(".gitignore".to_owned(), text);
        }
        Ok(Made { answers, language, cargo, package, files, rendering })
    }
}

/// Tells the templates where Cargo builds the crate.
fn tell_membership(answers: &mut Answers, cargo: &CargoRoot, package: &RepoPath) {
    if matches!(cargo.membership, Membership::Alone(_)) {
        answers.tell("membership", "standalone");
        // Which Amplify apps ignore.
        answers.tell("target", "../../../.amplify/rust");
        return;
    }
    let below = package.below(&cargo.folder).unwrap_or_default();
    let up = "../".repeat(below.split('/').count());
    answers.tell("target", format!("{up}target"));
}

/// A crate with the name of one that it uses would hide it.
fn check_dependencies(name: &str, manifest: &str, path: &RepoPath) -> Result<()> {
    let dependencies = edit::keys(manifest, &["dependencies"]).map_err(in_file(path))?;
    let same = |dependency: &String| dependency.replace('-', "_") == name.replace('-', "_");
    match dependencies.into_iter().find(same) {
        Some(dependency) => Err(Error::failed(format!(
            "the name `{name}` is that of the crate `{dependency}`, which the handler uses"
        ))
        .hint(format!("choose another name: `--name {name}-trigger`"))),
        None => Ok(()),
    }
}

/// The crate's manifest: fitted into its workspace, or complete in itself where it stands alone.
fn crate_manifest(
    text: &str,
    cargo: &CargoRoot,
    rendering: &Rendering,
) -> Result<String, EditError> {
    let text = edit::inherit(text, &cargo.inherited)?;
    if !matches!(cargo.membership, Membership::Alone(_)) {
        return Ok(text);
    }
    let root = rendering.project.get("Cargo.toml").and_then(|root| root.split_once("\n\n"));
    let (_, profile) = root.unwrap_or_default();
    let workspace = if cargo.is_own_workspace() { "\n[workspace]\n" } else { "" };
    Ok(format!("{text}{workspace}\n{profile}"))
}
