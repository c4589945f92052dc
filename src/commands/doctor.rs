//! `doctor`

use crate::error::{ErrorKind, Result};
use crate::process::version_of;
use crate::project::{App, Location, Project};
use crate::ui::{Tool, Ui};

/// Shows which tools there are, in which versions, and what each is needed for.
///
/// # Errors
/// When the project needs one that is missing.
pub fn doctor(location: &Location, ui: &Ui) -> Result<()> {
    let project = Project::open(location)?;
    let (in_rust, in_node) = (has_crate(&project)?, App::exists(&project)?.is_some());
    let directory = location.project.ancestors().find(|directory| directory.is_dir());
    let version = |command: &[&str]| version_of(command, directory?);
    let tools = [
        Tool {
            name: "Rust",
            version: version(&["rustc", "--version"]),
            purpose: "compiles the functions",
            needed: in_rust,
            install: "https://rustup.rs",
        },
        Tool {
            name: "Cargo",
            version: version(&["cargo", "--version"]),
            purpose: "builds and tests them, also for `invoke`, `serve` and `--verify`",
            needed: in_rust,
            install: "https://rustup.rs",
        },
        Tool {
            name: "cargo-lambda",
            // Not by way of Cargo, where a repository can give the name to something else.
            version: version(&["cargo-lambda", "lambda", "--version"]),
            purpose: "builds them for AWS when they are deployed",
            needed: in_rust,
            install: "pip3 install cargo-lambda",
        },
        Tool {
            name: "Node.js",
            version: version(&["node", "--version"]),
            purpose: "runs Amplify, for apps in TypeScript",
            needed: in_node,
            install: "https://nodejs.org",
        },
        Tool {
            name: "Amplify",
            version: amplify(&project)?,
            purpose: "deploys apps in TypeScript, with `npx ampx sandbox`",
            needed: in_node,
            install: "npm install --save-dev @aws-amplify/backend @aws-amplify/backend-cli",
        },
        Tool {
            name: "AWS SAM",
            version: version(&["sam", "--version"]),
            purpose: "deploys the template of `synth`, as the AWS CLI does too",
            needed: false,
            install: "pip3 install aws-sam-cli",
        },
    ];
    ui.doctor(&tools);
    if tools.iter().any(Tool::is_lacking) { Err(ErrorKind::Found.into()) } else { Ok(()) }
}

/// Whether a function is in Rust.
fn has_crate(project: &Project) -> Result<bool> {
    for resource in project.resources()? {
        let directory = project.resource(&resource)?;
        let names = project.directories(&directory)?;
        if names.iter().any(|name| project.has(&directory.child(name), "Cargo.toml")) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The version of Amplify's package, as it says itself: nothing of the repository is run.
fn amplify(project: &Project) -> Result<Option<String>> {
    let here = std::iter::once(project.directory().clone());
    for directory in here.chain(project.directory().parents()) {
        let manifest = directory.child("node_modules/@aws-amplify/backend/package.json");
        let text = project.read_text(&manifest)?.unwrap_or_default();
        let package: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
        if let Some(version) = package["version"].as_str() {
            return Ok(Some(version.to_owned()));
        }
    }
    Ok(None)
}
