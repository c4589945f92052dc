//! `amplify.yml`: what Amplify Hosting needs to build a function in Rust.

use super::draft::Draft;
use super::request::Language;
use super::reverse::take_out;
use crate::catalog::Rendering;
use crate::edit::{self, YamlRefusal};
use crate::error::{Error, Remedy, Result};
use crate::path::RepoPath;

const AMPLIFY_YML: &str = "amplify.yml";

/// Has Amplify Hosting build the function.
pub fn prepare(draft: &mut Draft, language: Language, rendering: &Rendering) -> Result<()> {
    if language == Language::Toml {
        return Err(Error::usage("Amplify Hosting builds apps in TypeScript")
            .hint("leave `--amplify-yml` out"));
    }
    let project = |file| rendering.project.get(file).map_or("", String::as_str);
    let steps: Vec<_> = project("amplify-build-steps").lines().map(str::to_owned).collect();
    let path = find(draft)?;
    let exists = draft.project.read(&path)?.is_some();
    draft.edit(&path, project(AMPLIFY_YML), |draft, path, text| {
        let edited = match edit::add_build_steps(text, &steps) {
            Ok((edited, added)) => {
                if !added.is_empty() {
                    let file = draft.recorded(path);
                    let steps = draft.record.shared.build_steps.entry(file).or_default();
                    steps.extend(added);
                }
                edited
            }
            Err(refusal) => {
                refuse(draft, path, &refusal, &steps);
                return Ok(text.to_owned());
            }
        };
        Ok(edited)
    })?;
    if !exists {
        let note = format!("{path} is new: its `frontend` is that of a Vite app, make it yours");
        draft.notes.push(note);
    }
    Ok(())
}

/// The file in the project, or at the root of the repository.
fn find(draft: &Draft) -> Result<RepoPath> {
    let here = draft.project.path(AMPLIFY_YML)?;
    let top = RepoPath::new(AMPLIFY_YML).unwrap_or_default();
    let only_top = draft.project.read(&here)?.is_none() && draft.project.read(&top)?.is_some();
    Ok(if only_top { top } else { here })
}

fn refuse(draft: &mut Draft, path: &RepoPath, refusal: &YamlRefusal, steps: &[String]) {
    let steps: Vec<_> = steps.iter().map(|step| format!("    {step}")).collect();
    let steps = steps.join("\n");
    let by_hand = format!(
        "leave `--amplify-yml` out, and have these run before the backend is deployed:\n\n{steps}"
    );
    draft.conflict(path, refusal.to_string(), Remedy::ByHand(by_hand));
}

/// Takes the steps out of a file that they were added to.
pub fn take_back(draft: &mut Draft, path: &RepoPath, steps: &[String]) -> Result<()> {
    take_out(draft, path, |_, _, text| Ok(edit::remove_build_steps(text, steps)))
}
