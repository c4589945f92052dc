//! The code of an app, and which files of it name which others.

use super::super::Project;
use crate::edit::typescript as edit;
use crate::error::Result;
use crate::path::RepoPath;
use crate::source::{Place, SourceFile};

const EXTENSIONS: [&str; 8] = ["ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs"];

/// A place that names a file of the app.
pub struct LocatedUse {
    /// The import, export or call.
    pub place: Place,
    /// The file, without its extension.
    pub target: RepoPath,
    /// Each use of what is imported.
    pub uses: Vec<Place>,
}

impl Project {
    /// The files with code below `directory`, sorted.
    ///
    /// # Errors
    /// When a directory cannot be read.
    pub(crate) fn code_below(&self, directory: &RepoPath) -> Result<Vec<RepoPath>> {
        let mut files = self.files_below(directory)?;
        files.retain(|file| {
            let extension = file.as_str().rsplit_once('.').map(|(_, extension)| extension);
            let is_code = extension.is_some_and(|extension| EXTENSIONS.contains(&extension));
            is_code && !file.parts().any(|part| part == "node_modules")
        });
        Ok(files)
    }

    /// A file of the function in TypeScript that has this directory, if there is one: code in the
    /// directory, and not a crate.
    ///
    /// # Errors
    /// When the directory cannot be read.
    pub(crate) fn typescript_function(&self, directory: &RepoPath) -> Result<Option<RepoPath>> {
        if self.has(directory, "Cargo.toml") {
            return Ok(None);
        }
        Ok(self.code_below(directory)?.into_iter().next_back())
    }

    /// The places in the text of a file that name others of the app.
    pub(crate) fn module_uses(&self, path: &RepoPath, text: &str) -> Vec<LocatedUse> {
        let file = SourceFile::new(path, text);
        let uses = edit::module_uses(text).into_iter().filter_map(|found| {
            let uses = found.uses.into_iter().map(|span| file.at(span)).collect();
            let target = self.module_target(path, &found.module)?;
            Some(LocatedUse { place: file.at(found.span), target, uses })
        });
        uses.collect()
    }

    /// The file that a module of the app is, without extension, as a file names it: by a relative
    /// path, or by one that starts with an alias.
    pub(crate) fn module_target(&self, from: &RepoPath, module: &str) -> Option<RepoPath> {
        if module.starts_with('.') {
            return from.parent()?.relative(module);
        }
        let module = format!("/{module}");
        if let Some(at) = module.find("/amplify/") {
            return self.path(&module[at + 1..]).ok();
        }
        let resources = self.resources().ok()?;
        let at = resources.iter().find_map(|name| module.find(&format!("/{name}/")))?;
        self.path(&format!("amplify{}", &module[at..])).ok()
    }

    /// Whether there is a file with this path and some extension.
    pub(crate) fn has_module(&self, target: &RepoPath) -> bool {
        let stems = [target.to_string(), format!("{target}/index")];
        let mut files = stems.iter().flat_map(|stem| {
            let file = move |extension| RepoPath::new(format!("{stem}.{extension}"));
            EXTENSIONS.iter().chain(&["json"]).filter_map(file)
        });
        files.any(|file| file.under(self.root()).is_file())
    }
}
