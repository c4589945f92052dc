//! The code of an Amplify app around its functions.

use super::{Finding, Subject, problem};
use crate::edit::typescript::typescript_handler;
use crate::error::Result;
use crate::path::RepoPath;
use crate::source::SourceFile;

pub fn examine(subject: &Subject, findings: &mut Vec<Finding>) -> Result<()> {
    let project = subject.project;
    let is_resource = |directory: RepoPath| subject.resources.contains(&directory);
    for path in project.code_below(&project.path("amplify")?)? {
        let text = project.read_text(&path).unwrap_or_default().unwrap_or_default();
        for used in project.module_uses(&path, &text) {
            let function = used.target.as_str().strip_suffix("/resource").and_then(RepoPath::new);
            let is_function =
                function.and_then(|function| function.parent()).is_some_and(is_resource);
            if is_function && !project.has_module(&used.target) {
                let gone = used.place.problem("imports a file that does not exist", "");
                let hint = format!("remove what uses it, or make `{}.ts` again", used.target);
                findings.push(problem(gone.hint(hint)));
            }
        }
        let directory = path.parent().filter(|it| it.parent().is_some_and(is_resource));
        let is_definition = path.as_str().contains("/resource.");
        if let (Some(directory), true) = (directory, is_definition)
            && project.has(&directory, "Cargo.toml")
            && let Some(call) = typescript_handler(&text)
        {
            let place = SourceFile::new(&path, text).at(call);
            let message = format!("nothing builds the crate in `{directory}`");
            let hint = "generate it again under a name of its own, with `--name`";
            findings.push(problem(place.problem(message, "a handler in TypeScript").hint(hint)));
        }
    }
    Ok(())
}
