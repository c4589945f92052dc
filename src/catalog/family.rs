//! Families of scaffolds: what calls the functions of one, and what all of them have.

use serde::Deserialize;

use super::SHARED;
use super::name::check_function_name;

/// What all scaffolds of a family have: the `scaffold.toml` of its `_shared`.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Family {
    /// The name of its directory.
    #[serde(skip)]
    pub name: String,
    /// What one of its functions is, in a phrase: `a Lambda trigger of the user pool`.
    pub summary: String,
    /// What calls the functions.
    pub resource: Resource,
    /// The groups of scaffolds, in the order in which they are listed.
    #[serde(default)]
    pub groups: Vec<String>,
    /// What is generated for every function.
    pub files: Vec<FileRule>,
    /// A template of the path, in the project, of the directory that sample events go to.
    pub events: String,
    /// Templates of the commands that Amplify Hosting runs before it builds a backend.
    pub build_steps: Vec<String>,
}

/// Files to generate from a directory of the scaffold.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct FileRule {
    /// A template of the directory's path in the scaffold.
    pub from: String,
    /// A template of the directory's path in the project.
    pub to: String,
    /// A template that says with `true` or `false` whether they are generated; without it they are.
    pub when: Option<String>,
}

/// A resource of the backend that calls functions. It is defined in `amplify/<name>/resource.toml`, or in
/// `resource.ts` in an Amplify app, and its functions are in `amplify/<name>/<function>/`.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Resource {
    /// The name of its directory, and of the constant that `resource.ts` exports.
    pub name: String,
    /// What it is: `user pool`.
    pub what: String,
    /// The service that calls the functions: `Cognito`.
    pub service: String,
    /// The function of Amplify that defines it: `defineAuth`.
    pub define: String,
    /// The function of Amplify that refers to one of another stack, if there is such a function:
    /// `referenceAuth`.
    pub reference: Option<String>,
}

impl Family {
    /// The directory of what its scaffolds share.
    pub(crate) fn directory(&self) -> String {
        format!("{}/{SHARED}", self.name)
    }

    /// What its types do not rule out, each with the text that has it.
    pub(super) fn problems(&self) -> Vec<(String, String)> {
        let mut problems = Vec::new();
        let Resource { name, define, reference, .. } = &self.resource;
        if let Err(error) = check_function_name(name) {
            let problem = format!("`resource.name` is not the name of a directory: {error}");
            problems.push((format!("\"{name}\""), problem));
        }
        if name == "scaffolds" {
            let problem = "`amplify/scaffolds/` has scaffolds, and no resource".to_owned();
            problems.push((format!("\"{name}\""), problem));
        }
        for function in std::iter::once(define).chain(reference) {
            let is_name = |c: char| c.is_ascii_alphanumeric();
            if !function.starts_with(|c: char| c.is_ascii_lowercase())
                || !function.chars().all(is_name)
            {
                let problem = format!("`{function}` is not the name of a function of Amplify");
                problems.push((format!("\"{function}\""), problem));
            }
        }
        problems
    }
}

impl Resource {
    /// The file that defines it in a project without TypeScript, relative to the project.
    pub fn file(&self) -> String {
        format!("amplify/{}/resource.toml", self.name)
    }
}
