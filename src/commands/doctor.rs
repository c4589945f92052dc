//! `doctor`

use crate::error::{ErrorKind, Result};
use crate::process::version_of;
use crate::project::{App, Location, Project};
use crate::ui::{Need, Tool, Ui};

/// Shows which tools there are, in which versions, and what each is needed for.
///
/// # Errors
/// When the project needs one that is missing.
pub fn doctor(location: &Location, ui: &Ui) -> Result<()> {
    let project = Project::open(location)?;
    let needed = |is_needed| if is_needed { Need::Here } else { Need::NotHere };
    let (in_rust, in_node) = (needed(has_crate(&project)?), needed(is_app(&project)?));
    let directory = location.project.ancestors().find(|directory| directory.is_dir());
    let version = |command: &[&str]| version_of(command, directory?);
    let tools = [
        Tool {
            name: "Rust",
            version: version(&["rustc", "--version"]),
            purpose: "compiles the functions",
            need: in_rust,
            install: "https://rustup.rs",
        },
        Tool {
            name: "Cargo",
            version: version(&["cargo", "--version"]),
            purpose: "builds and tests them, also for `invoke`, `serve` and `--verify`",
            need: in_rust,
            install: "https://rustup.rs",
        },
        Tool {
            name: "cargo-lambda",
            // Not by way of Cargo, where a repository can give the name to something else.
            version: version(&["cargo-lambda", "lambda", "--version"]),
            purpose: "builds them for AWS when they are deployed",
            need: in_rust,
            install: "pip3 install cargo-lambda",
        },
        Tool {
            name: "Node.js",
            version: version(&["node", "--version"]),
            purpose: "runs Amplify, for apps in TypeScript",
            need: in_node,
            install: "https://nodejs.org",
        },
        Tool {
            name: "Amplify",
            version: amplify(&project)?,
            purpose: "deploys apps in TypeScript, with `npx ampx sandbox`",
            need: in_node,
            install: "npm install --save-dev @aws-amplify/backend @aws-amplify/backend-cli",
        },
        Tool {
            name: "AWS SAM",
            version: version(&["sam", "--version"]),
            purpose: "deploys the template of `synth`, as the AWS CLI does too",
            need: Need::NotHere,
            install: "pip3 install aws-sam-cli",
        },
    ];
    ui.doctor(&tools);
    match tools.iter().any(Tool::is_lacking) {
        true => Err(ErrorKind::Found.into()),
        false => Ok(()),
    }
}

/// Whether a function is in Rust.
fn has_crate(project: &Project) -> Result<bool> {
    let auth = project.auth()?;
    for name in project.directories(&auth)? {
        let manifest = auth.join(&name).and_then(|directory| directory.join("Cargo.toml"));
        if project.read(&manifest.unwrap_or_default())?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

fn is_app(project: &Project) -> Result<bool> {
    Ok(App::find(project)?.exists().is_some())
}

/// The version of Amplify's package, as it says itself: nothing of the repository is run.
fn amplify(project: &Project) -> Result<Option<String>> {
    let here = std::iter::once(project.directory().clone());
    for directory in here.chain(project.directory().parents()) {
        let manifest = directory.join("node_modules/@aws-amplify/backend/package.json");
        let text = project.read_text(&manifest.unwrap_or_default())?.unwrap_or_default();
        let package: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
        if let Some(version) = package["version"].as_str() {
            return Ok(Some(version.to_owned()));
        }
    }
    Ok(None)
}
