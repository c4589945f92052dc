//! The files of an Amplify app that say which functions are called.

use std::ops::Range;
use std::path::{Path, PathBuf};

use serde_json::Map;
use walkdir::{DirEntry, WalkDir};

use super::super::Project;
use crate::catalog::Resource;
use crate::cognito::AUTH;
use crate::edit::typescript::{
    Configuration, Definer, PRETTIER_FILES, Prettier, editor_options, is_blank,
};
use crate::error::Result;
use crate::path::RepoPath;
use crate::source::{Place, SourceFile};

/// What Amplify loads, and what it does not but TypeScript has.
const EXTENSIONS: [&str; 6] = ["ts", "mts", "cts", "js", "mjs", "cjs"];

/// How many directories are looked at for an app elsewhere, and how far down.
const LIMIT: usize = 5_000;
const DEPTH: usize = 5;
/// How many of them are named.
const NAMED: usize = 3;

/// An Amplify app, as far as it exists.
pub struct App {
    /// Defines a resource: `amplify/auth/resource.ts`.
    pub resource: AppFile,
    /// Says what is deployed: `amplify/backend.ts`.
    pub backend: AppFile,
}

/// How generated TypeScript is to be laid out.
pub enum CodeLayout {
    /// As the scaffolds have it.
    Own,
    /// As Prettier does with these options.
    Configured(Prettier),
    /// As the scaffolds have it, since only Prettier can read this configuration.
    Unread(PathBuf),
}

/// A file of the app.
pub struct AppFile {
    /// Where it is, or would be.
    pub path: RepoPath,
    /// Its text; `None` if it does not exist.
    pub text: Option<String>,
}

impl Project {
    /// How TypeScript that is generated in a directory is to be laid out: as the nearest configuration
    /// of Prettier says, and of the editor, up to the top of the repository.
    pub(crate) fn code_layout(&self, directory: &RepoPath) -> CodeLayout {
        let mut configured = None;
        for (file, text) in self.upward(directory, &PRETTIER_FILES) {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            match Configuration::parse(&name, &text) {
                Configuration::Missing => {}
                Configuration::Options(options) => {
                    configured = Some(options);
                    break;
                }
                Configuration::Unread => return CodeLayout::Unread(file),
            }
        }
        let mut options = Map::new();
        for (_, text) in self.upward(directory, &[".editorconfig"]) {
            let (found, counts_above) = editor_options(&text);
            for (name, value) in found {
                options.entry(name).or_insert(value);
            }
            if !counts_above {
                break;
            }
        }
        match configured {
            None if options.is_empty() => return CodeLayout::Own,
            None => drop(options.insert("singleQuote".to_owned(), true.into())),
            Some(configured) => options.extend(configured),
        }
        let prettier = serde_json::from_value(options.into());
        prettier.map_or(CodeLayout::Own, CodeLayout::Configured)
    }
}

/// What the code of an app calls a resource and its definition.
pub fn definer(resource: &Resource) -> Definer<'_> {
    Definer {
        what: &resource.what,
        define: &resource.define,
        reference: resource.reference.as_deref(),
    }
}

impl App {
    /// The files of an app that are about a resource.
    pub fn find(project: &Project, resource: &str) -> Result<Self> {
        let resource = AppFile::find(project, &format!("amplify/{resource}/resource"))?;
        Ok(Self {
            // One without code defines nothing.
            resource: AppFile { text: resource.text.filter(|text| !is_blank(text)), ..resource },
            backend: AppFile::find(project, "amplify/backend")?,
        })
    }

    /// The directories of apps elsewhere in the git repository, those further down first, where the
    /// project itself has none; as seen from the project.
    pub fn elsewhere(project: &Project) -> Vec<PathBuf> {
        if project.exists() {
            return Vec::new();
        }
        let here = project.directory().under(project.root());
        let top = project.files.git_top(&here).unwrap_or_else(|| here.clone());
        let steps = here.strip_prefix(&top).map_or(0, |below| below.components().count());
        let up = [".."].repeat(steps).iter().collect();
        let starts = [(here, PathBuf::new()), (top, up)].into_iter();
        let mut apps = starts.map(|(start, to_start)| {
            let apps = Self::below(project, &start).into_iter();
            apps.filter_map(|app| Some(to_start.join(app.strip_prefix(&start).ok()?))).collect()
        });
        apps.find(|apps: &Vec<_>| !apps.is_empty()).unwrap_or_default()
    }

    fn below(project: &Project, start: &Path) -> Vec<PathBuf> {
        let is_wanted = |entry: &DirEntry| {
            let name = entry.file_name().to_string_lossy();
            let is_hidden = entry.depth() > 0 && name.starts_with('.');
            let is_left_out = is_hidden || name == "node_modules" || name == "target";
            let ignored =
                || project.ignored_by(entry.path().ancestors().skip(1), start, entry.path());
            entry.file_type().is_dir() && !is_left_out && ignored() != Some(true)
        };
        let walk = WalkDir::new(start).max_depth(DEPTH).sort_by_file_name();
        let directories = walk.into_iter().filter_entry(is_wanted).flatten().take(LIMIT);
        let apps = directories.filter(|entry| {
            let has = |stem: &str| {
                let file = |extension| entry.path().join(format!("{stem}.{extension}"));
                EXTENSIONS.into_iter().any(|extension| file(extension).is_file())
            };
            entry.file_name() == "amplify" && (has("backend") || has("auth/resource"))
        });
        apps.filter_map(|app| Some(app.path().parent()?.to_owned())).take(NAMED).collect()
    }

    /// Whether a path below a project is that of the file which says what is deployed.
    pub fn has_backend(path: &str) -> bool {
        is_code(path, "amplify/backend")
    }

    /// A file that only an app in TypeScript has, if the project has one.
    pub fn exists(project: &Project) -> Result<Option<RepoPath>> {
        for resource in std::iter::once(AUTH.to_owned()).chain(project.resources()?) {
            let app = Self::find(project, &resource)?;
            let mut files = [app.backend, app.resource].into_iter();
            if let Some(file) = files.find(|file| file.text.is_some()) {
                return Ok(Some(file.path));
            }
        }
        Ok(None)
    }
}

impl AppFile {
    /// Its text; empty if it does not exist.
    pub fn text(&self) -> &str {
        self.text.as_deref().unwrap_or_default()
    }

    /// A place in it.
    pub fn place(&self, span: Range<usize>) -> Place {
        SourceFile::new(&self.path, self.text()).at(span)
    }

    /// The file that defines the function in a directory.
    pub fn of_function(project: &Project, resource: &str, name: &str) -> Result<Self> {
        Self::find(project, &format!("amplify/{resource}/{name}/resource"))
    }

    /// Whether a file in the directory of a resource defines it, in whatever language.
    pub fn is_resource(file: &str) -> bool {
        file == "resource.toml" || is_code(file, "resource")
    }

    fn find(project: &Project, stem: &str) -> Result<Self> {
        for extension in EXTENSIONS {
            let path = project.path(&format!("{stem}.{extension}"))?;
            if let Some(text) = project.read_text(&path)? {
                return Ok(Self { path, text: Some(text) });
            }
        }
        let path = project.path(&format!("{stem}.ts"))?;
        Ok(Self { path, text: None })
    }
}

/// What the packages of Node.js around a project say of Amplify.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodePackage {
    /// There is none.
    Missing,
    /// None depends on Amplify's package for backends.
    WithoutAmplify,
    /// One does, or is above the root, where nothing is read.
    WithAmplify,
}

impl NodePackage {
    /// Looks from the project up to the top of the git repository.
    pub fn find(project: &Project) -> Result<Self> {
        if project.above("package.json").is_some() {
            return Ok(Self::WithAmplify);
        }
        let mut found = Self::Missing;
        let here = std::iter::once(project.directory.clone());
        for directory in here.chain(project.directory.parents()) {
            match project.read_text(&directory.child("package.json"))? {
                Some(text) if text.contains("\"@aws-amplify/backend\"") => {
                    return Ok(Self::WithAmplify);
                }
                Some(_) => found = Self::WithoutAmplify,
                None => {}
            }
        }
        Ok(found)
    }
}

/// Whether a path is that of a file with code.
fn is_code(path: &str, wanted: &str) -> bool {
    let (stem, extension) = path.rsplit_once('.').unwrap_or_default();
    stem == wanted && EXTENSIONS.contains(&extension)
}
