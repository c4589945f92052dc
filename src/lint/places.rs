//! Where generated files go: into the directory of the function, and each to a name of its own on
//! every file system.

use std::collections::BTreeMap;

use super::Rendered;
use crate::path::RepoPath;
use crate::source::Diagnostic;

pub fn check(subject: &Rendered, problems: &mut Vec<Diagnostic>) {
    let scaffold = &subject.scaffold;
    let resource = &scaffold.family.resource.name;
    let directory = RepoPath::new(format!("amplify/{resource}/{}", scaffold.name));
    for rendering in &subject.renderings {
        let mut names = BTreeMap::new();
        for target in rendering.files.keys() {
            let alike = names.insert(target.to_lowercase(), target);
            let sources = [Some(target), alike].map(|it| it.map(|it| &rendering.sources[it]));
            let mut sources = sources.into_iter().flatten();
            // Of two files, it is not the one that all share.
            let own = sources.find(|source| source.starts_with(&scaffold.directory()));
            let source = subject.catalog.source(own.unwrap_or(&rendering.sources[target]));
            let mut add = |problem: String, hint: &str| {
                problems.push(source.at(0..0).problem(problem, hint));
            };
            let path = RepoPath::new(target).filter(|path| !path.is_in_git());
            let below = path.as_ref().zip(directory.as_ref());
            let below = below.and_then(|(path, directory)| path.below(directory));
            if below.is_none_or(str::is_empty) {
                let hint = format!("`to` starts with `amplify/{resource}/{{{{name}}}}`");
                add(format!("`{target}` is not in the directory of the function"), &hint);
            } else if target.chars().any(|c| c.is_control() || r#"\:*?"<>|"#.contains(c)) {
                add(format!("`{target}` has a character that Windows does not allow"), "");
            } else if let Some(other) = alike {
                let hint = "not on every file system";
                add(format!("`{target}` and `{other}` differ only in case"), hint);
            }
        }
    }
}
