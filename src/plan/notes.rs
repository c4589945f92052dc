//! What the user should know of the repository that a function is added to.

use super::builder::{PlanBuilder, in_file};
use super::change::Change;
use super::function::{Generated, Layout, panics_abort};
use crate::edit::typescript::compiles_amplify_to_commonjs;
use crate::edit::{self, DependencySpec, Inherited, RUNTIME_NEEDS, RustVersion};
use crate::error::Result;
use crate::path::RepoPath;
use crate::project::{Alone, CargoRoot, CodeLayout, Language, Membership, Neighbours, Project};

/// A Rust that the newest version of each dependency is for: the AWS SDK needs the most.
const NEWEST_NEED: RustVersion = RustVersion(1, 94);

/// All of it, for a function that was added to the plan.
pub fn notes(generated: &Generated, plan: &PlanBuilder) -> Result<Vec<String>> {
    let mut notes = on_membership(&generated.cargo, plan.project);
    notes.extend(on_profile(&generated.cargo, plan)?);
    notes.extend(on_rust(generated, plan.project)?);
    notes.extend(on_manifest(generated, plan)?);
    notes.extend(on_code_layout(generated, plan.project)?);
    notes.extend(on_compiler(generated, plan.project)?);
    notes.extend(on_ignored(plan)?);
    notes.extend(on_place(plan.project));
    Ok(notes)
}

/// What becomes of the workspace.
fn on_membership(cargo: &CargoRoot, project: &Project) -> Vec<String> {
    let manifest = project.shown(&cargo.manifest());
    let mut notes = Vec::new();
    match &cargo.membership {
        Membership::Alone(reason) => notes.extend(why_alone(reason, project)),
        Membership::Missing { exclude } if !exclude.is_empty() => {
            let directories: Vec<_> = exclude.iter().map(RepoPath::as_str).collect();
            let directories = directories.join("`, `");
            notes.push(format!(
                "`{directories}` is excluded in {manifest}: a glob in `members` takes it for a crate"
            ));
        }
        _ if cargo.directory != *project.directory() => {
            notes.push(format!("the Cargo workspace is {manifest}"));
        }
        _ => {}
    }
    notes
}

/// What makes functions smaller, for a workspace without a release profile.
fn on_profile(cargo: &CargoRoot, plan: &PlanBuilder) -> Result<Option<String>> {
    let path = cargo.manifest();
    let text = plan.project.read_text(&path)?;
    let profile = ["profile", "release"];
    let has_profile = text.map(|text| edit::is_written(&text, &profile)).transpose();
    // A manifest that does not exist is created with the profile.
    if has_profile.map_err(in_file(&path))?.unwrap_or(true)
        || matches!(cargo.membership, Membership::Member | Membership::Alone(_))
    {
        return Ok(None);
    }
    Ok(Some(format!(
        "`{path}` has no release profile: `opt-level = \"z\"`, `lto = true` and `strip = true` in \
         `[profile.release]` make a smaller function"
    )))
}

/// Why a crate is part of no workspace, unless the user has made it so.
fn why_alone(reason: &Alone, project: &Project) -> Option<String> {
    let manifest = |directory: &RepoPath| project.shown(&directory.child("Cargo.toml"));
    let others = match reason {
        Alone::Own => return None,
        Alone::Excluded(directory) => {
            let manifest = manifest(directory);
            return Some(format!("{manifest} excludes the directory, so the crate stands alone"));
        }
        Alone::Orphaned => {
            let manifest = manifest(project.directory());
            return Some(format!(
                "the crate is a workspace of its own: {manifest} inherits from one that is not there"
            ));
        }
        Alone::Beside(Neighbours::Unknown) => "crates among the many directories below".to_owned(),
        Alone::Beside(Neighbours::These(directories)) => {
            let named: Vec<_> =
                directories.iter().take(3).map(|directory| format!("`{directory}`")).collect();
            match directories.len() - named.len() {
                0 => named.join(", "),
                more => format!("{} and {more} more", named.join(", ")),
            }
        }
    };
    let manifest = manifest(project.directory());
    Some(format!(
        "the crate is a workspace of its own: one in {manifest} would change how Cargo builds {others}"
    ))
}

/// A Rust that is too old for the function, or for dependencies that Cargo would take.
fn on_rust(generated: &Generated, project: &Project) -> Result<Option<String>> {
    let Generated { cargo, package, .. } = generated;
    let Inherited { toolchain, rust_version, .. } = cargo.inherited;
    let manifest = project.shown(&cargo.manifest());
    if let Some(toolchain) = toolchain.filter(|toolchain| *toolchain < RUNTIME_NEEDS) {
        return Ok(Some(format!(
            "the repository asks for Rust {toolchain}, and the Lambda runtime needs {RUNTIME_NEEDS}: \
             raise it in the `rust-toolchain` file"
        )));
    }
    if let Some(version) = rust_version.filter(|version| *version < RUNTIME_NEEDS) {
        return Ok(Some(format!(
            "{manifest} has the `rust-version` {version}, and the Lambda runtime needs {RUNTIME_NEEDS}: \
             the crate does not inherit it; to build the workspace with {version}, list `{package}` \
             in `exclude`"
        )));
    }
    let oldest = toolchain.into_iter().chain(rust_version).min();
    let is_member = matches!(cargo.membership, Membership::Member | Membership::Missing { .. });
    Ok(match oldest.filter(|oldest| is_member && *oldest < NEWEST_NEED) {
        Some(oldest) if !resolves_by_rust_version(cargo, project)? => Some(format!(
            "Cargo takes the newest dependencies, and some may need a newer Rust than {oldest}: \
             `resolver.incompatible-rust-versions = \"fallback\"` in `.cargo/config.toml` takes those \
             that fit"
        )),
        _ => None,
    })
}

/// Whether Cargo takes versions that fit to the `rust-version`: by its settings, the resolver, or the
/// edition of the root package.
fn resolves_by_rust_version(cargo: &CargoRoot, project: &Project) -> Result<bool> {
    const FALLBACK: &str = "incompatible-rust-versions";
    let path = cargo.manifest();
    let text = project.read_text(&path)?.unwrap_or_default();
    let read = |key, name| edit::string_at(&text, key, name).map_err(in_file(&path));
    let resolver = match read(&["workspace"], "resolver")? {
        None => read(&["package"], "resolver")?,
        resolver => resolver,
    };
    let inherits = edit::is_written(&text, &["package", "edition", "workspace"]);
    let edition = if inherits.map_err(in_file(&path))? {
        cargo.inherited.edition.clone()
    } else {
        read(&["package"], "edition")?
    };
    let configs = [".cargo/config.toml", ".cargo/config"];
    let config = project.upward(&cargo.directory, &configs).next();
    let choice =
        config.and_then(|(_, text)| edit::string_at(&text, &["resolver"], FALLBACK).ok()?);
    Ok(match (choice, resolver) {
        (Some(choice), _) => choice == "fallback",
        (None, Some(resolver)) => resolver == "3",
        (None, None) => edition.as_deref() == Some("2024"),
    })
}

/// What the user's own manifests mean for the function.
fn on_manifest(generated: &Generated, plan: &PlanBuilder) -> Result<Vec<String>> {
    let Generated { cargo, files, .. } = generated;
    let mut notes = Vec::new();
    let path = cargo.manifest();
    let manifest = plan.project.shown(&path);
    let own = files.get("Cargo.toml").map_or("", String::as_str);
    for (name, DependencySpec { version, .. }) in &cargo.inherited.dependencies {
        let is_pinned = version.contains(['=', '<', '~']);
        let inherited = ["dependencies", name, "workspace"];
        if is_pinned && edit::is_written(own, &inherited).map_err(in_file(&path))? {
            notes.push(format!(
                "{manifest} pins `{name}` to `{version}`: `--verify` tells whether Cargo finds versions \
                 that fit; if not, relax that or list `{}` in `exclude`",
                generated.package
            ));
        }
    }
    if panics_abort(plan.project, cargo)? {
        notes.push(format!(
            "{manifest} has `panic = \"abort\"`: a panic of the function ends its process, and the \
             next event starts a new one"
        ));
    }
    if let Layout::Failed(config) = &generated.layout {
        notes.push(format!(
            "rustfmt is missing or refuses {}, so the code is in its usual layout",
            config.display()
        ));
    }
    let text = plan.project.read_text(&path)?.unwrap_or_default();
    let has = |key: edit::KeyPath| edit::is_written(&text, key).map_err(in_file(&path));
    let is_member = !matches!(cargo.membership, Membership::New | Membership::Alone(_));
    if is_member && !has(&["package"])? && !has(&["workspace", "resolver"])? {
        notes.push(format!(
            "{manifest} sets no `resolver`, and Cargo warns about that beside a newer edition: \
             `resolver = \"1\"` keeps what it does now"
        ));
    }
    Ok(notes)
}

/// How the code in TypeScript is laid out, where that is not as configured.
fn on_code_layout(generated: &Generated, project: &Project) -> Result<Option<String>> {
    if generated.language == Language::Toml {
        return Ok(None);
    }
    let CodeLayout::Unread(file) = project.code_layout(&generated.package) else {
        return Ok(None);
    };
    Ok(Some(format!(
        "{} is not read: `{}/resource.ts` has single quotes, semicolons and two spaces until Prettier \
         formats it",
        file.display(),
        generated.package
    )))
}

/// What the compiler of the whole repository makes of the code in TypeScript.
fn on_compiler(generated: &Generated, project: &Project) -> Result<Option<String>> {
    let path = project.path("tsconfig.json")?;
    let text = project.read_text(&path)?.unwrap_or_default();
    let is_refused =
        generated.language == Language::TypeScript && compiles_amplify_to_commonjs(&text);
    Ok(is_refused.then(|| {
        format!(
            "{path} compiles `amplify/` to CommonJS, where TypeScript refuses the `import.meta` of \
             `resource.ts`: add \"amplify\" to its `exclude`, as `ampx` checks that by \
             `amplify/tsconfig.json`"
        )
    }))
}

/// What is created and then hidden from git.
fn on_ignored(plan: &PlanBuilder) -> Result<Vec<String>> {
    let created = plan.changes.iter().filter(|(_, change)| matches!(change, Change::Create(_)));
    let mut ignored = Vec::new();
    for (path, _) in created {
        if plan.project.is_ignored(path) {
            ignored.push(path.as_str());
        }
    }
    let Some(first) = ignored.first() else {
        return Ok(Vec::new());
    };
    let what = match ignored.len() {
        1 => format!("`{first}`"),
        2 => format!("`{first}` and another file"),
        count => format!("`{first}` and {} more files", count - 1),
    };
    Ok(vec![format!("git ignores {what}: add what is generated with `git add --force`")])
}

/// What is special about where the project is.
fn on_place(project: &Project) -> Vec<String> {
    let mut notes = Vec::new();
    let directory = project.directory().under(project.root());
    let mut targets = directory.ancestors().filter(|directory| {
        let parent = directory.parent();
        directory.ends_with("target")
            && parent.is_some_and(|parent| parent.join("Cargo.toml").is_file())
    });
    if let Some(target) = targets.next() {
        notes.push(format!(
            "the project is in {}: `cargo clean` of that project removes it",
            target.display()
        ));
    }
    if let Some(unrelated) = project.unrelated() {
        notes.push(format!(
            "the workspace {} is left alone: nothing in it says that the project belongs to it",
            unrelated.join("Cargo.toml").display()
        ));
    }
    notes
}
