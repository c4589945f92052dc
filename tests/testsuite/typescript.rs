//! Every folder in `tests/typescript` is an Amplify app as people write it.
//!
//! - `before/`, `after/`: the app, and the files that change; `expect.md` says what and why
//! - `case.json`: what is asked for, and what is to come of it ([`App`])

use std::fs;
use std::path::{Path, PathBuf};

use cargo_amplify::edit::typescript::{self, Export, Occupied, Override, Permission};
use serde::Deserialize;

use crate::support::repository;

/// `case.json`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct App {
    expect: String,
    trigger: String,
    version: Option<String>,
    handler_dir: String,
    accept_also: Vec<String>,
    #[serde(default)]
    refusal: String,
}

/// The folders of all apps, sorted.
pub fn folders() -> Vec<PathBuf> {
    let entries = fs::read_dir(repository().join("tests/typescript")).expect("tests/typescript");
    let mut folders: Vec<_> = entries
        .map(|entry| entry.expect("readable").path())
        .collect();
    folders.sort();
    assert!(folders.len() > 40, "there are only {} apps", folders.len());
    folders
}

fn read(path: &Path) -> Option<String> {
    fs::read_to_string(path).ok()
}

#[test]
fn probe() {
    for folder in folders() {
        let app: App = serde_json::from_str(&read(&folder.join("case.json")).expect("case.json"))
            .expect("right");
        let name = folder
            .file_name()
            .expect("name")
            .to_string_lossy()
            .into_owned();
        let dir = app.handler_dir.rsplit('/').next().expect("a name");
        let module = format!("./{dir}/resource");
        let function = Export {
            name: &app.trigger,
            module: &module,
            extension: "",
        };
        let before = read(&folder.join("before/amplify/auth/resource.ts")).expect("there");
        let after =
            read(&folder.join("after/amplify/auth/resource.ts")).unwrap_or_else(|| before.clone());
        let keys = ["triggers", app.trigger.as_str()];
        let result = typescript::wire(&before, &function, &keys, Occupied::Refuse);
        match &result {
            Ok(edited) if *edited == after && app.expect != "refuse" => {
                let back = typescript::unwire(edited, &function, &keys).expect("back");
                if back != before && app.expect == "edited" {
                    println!("{name}: NOT BACK\n{back}");
                }
            }
            Ok(edited) => println!(
                "{name} ({}) {:?}: got\n{edited}",
                app.expect, app.accept_also
            ),
            Err(error) => println!("{name} ({}): {error:?} | {}", app.expect, app.refusal),
        }
        if let Some(version) = &app.version {
            let Some(before) = read(&folder.join("before/amplify/backend.ts")) else {
                continue;
            };
            let after =
                read(&folder.join("after/amplify/backend.ts")).unwrap_or_else(|| before.clone());
            let module = format!("./auth/{dir}/resource");
            let function = Export {
                name: &app.trigger,
                module: &module,
                extension: "",
            };
            let auth = Export {
                name: "auth",
                module: "./auth/resource",
                extension: "",
            };
            let comment = |version: &str| {
                format!(
                    "Sends version {version} of the pre token generation event. defineAuth only supports V1_0."
                )
            };
            let wanted = Override {
                property: "LambdaConfig.PreTokenGenerationConfig",
                version,
                comment: &comment(version),
                permission: Permission::Given,
            };
            match typescript::set_override(&before, &auth, &function, &wanted) {
                Ok(edited) if edited == after => {
                    let back = typescript::clear_override(
                        &edited,
                        &function,
                        wanted.property,
                        &comment,
                        Permission::Given,
                    )
                    .expect("back");
                    if back != before {
                        println!("{name}: BACKEND NOT BACK\n{back}");
                    }
                }
                Ok(edited) => println!("{name} backend: got\n{edited}"),
                Err(error) => println!(
                    "{name} backend ({}): {error:?} | {}",
                    app.expect, app.refusal
                ),
            }
        }
    }
}
