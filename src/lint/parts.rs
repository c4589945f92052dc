//! What every function must have, a crate of its name and the file that declares it, and what is not
//! for a scaffold to write.

use super::Rendered;
use crate::catalog::SCAFFOLD;
use crate::project::FUNCTION_RECORD;
use crate::source::Diagnostic;

/// The project's own files that a family can have, besides those of its resource.
const PROJECT_FILES: [&str; 3] = ["Cargo.toml", "amplify.yml", "amplify/backend.ts"];

pub fn check(subject: &Rendered, problems: &mut Vec<Diagnostic>) {
    let (name, family) = (&subject.scaffold.name, &subject.scaffold.family);
    let resource = format!("amplify/{}", family.resource.name);
    let declarations = ["resource.toml", "resource.ts"];
    let at = |source: &str| subject.catalog.source(source).at(0..0);
    for rendering in &subject.renderings {
        let own = |file: &&str| rendering.files.get_key_value(&format!("{resource}/{name}/{file}"));
        for (files, wanted) in
            [(&["Cargo.toml"][..], "Cargo.toml"), (&declarations, "{{resource_file}}")]
        {
            if files.iter().find_map(own).is_none() {
                let problem = format!("no `{}` is generated for a function", files.join("` or `"));
                let label = format!("add what goes to `{resource}/{{{{name}}}}/{wanted}`");
                let family = at(&format!("{}/{SCAFFOLD}", family.directory()));
                problems.push(family.problem(problem, label));
            }
        }
        if let Some((path, _)) = own(&FUNCTION_RECORD) {
            let problem = format!("`{path}` is the record that `new` writes");
            problems.push(at(&rendering.sources[path]).problem(problem, "use another name"));
        }
        if let Some((path, manifest)) = own(&"Cargo.toml")
            && let Ok(manifest) = manifest.parse::<toml::Table>()
            && manifest.get("package").and_then(|it| it.get("name")?.as_str()) != Some(name)
        {
            let problem = format!("the package of `{path}` is not called `{name}`");
            let label = "write `name = {{toml name}}` in `[package]`";
            problems.push(at(&rendering.sources[path]).problem(problem, label));
        }
        for path in rendering.project.keys() {
            let of_resource = path.strip_prefix(&format!("{resource}/"));
            if !PROJECT_FILES.contains(&path.as_str())
                && of_resource.is_none_or(|file| !declarations.contains(&file))
            {
                let problem = format!("`{path}` is not a file that `new` creates in a project");
                let label = "remove it, or generate it for each function";
                problems.push(at(&rendering.sources[path]).problem(problem, label));
            }
        }
    }
}
