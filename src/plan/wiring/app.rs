//! The files of an Amplify app that matter here.

use std::cell::OnceCell;
use std::ops::Range;

use crate::catalog::{Scaffold, identifier};
use crate::edit::typescript::{Export, import_extension};
use crate::error::Result;
use crate::path::RepoPath;
use crate::project::Project;
use crate::source::{Place, SourceFile};

const ENDINGS: [&str; 3] = ["ts", "mts", "js"];

/// An Amplify app, as far as it is there.
pub struct App {
    /// Which user pool there is: `amplify/auth/resource.ts`.
    pub auth: File,
    /// What is deployed: `amplify/backend.ts`.
    pub backend: File,
    /// Parsed for once.
    extension: OnceCell<String>,
}

/// A file of the app.
pub struct File {
    /// Where it is, or would be.
    pub path: RepoPath,
    /// What it says; none if it is not there.
    pub text: Option<String>,
}

impl App {
    pub fn find(project: &Project) -> Result<Self> {
        Ok(Self {
            auth: File::find(project, "amplify/auth/resource")?,
            backend: File::find(project, "amplify/backend")?,
            extension: OnceCell::new(),
        })
    }

    /// A file that only an app in TypeScript has, if there is one.
    pub fn exists(&self) -> Option<&RepoPath> {
        let files = [&self.backend, &self.auth];
        files.into_iter().find_map(|file| file.text.as_ref().map(|_| &file.path))
    }

    /// The extension of new imports, where the file has none to take it from.
    fn extension(&self) -> &str {
        self.extension.get_or_init(|| {
            let files = [&self.auth, &self.backend].into_iter();
            let mut texts = files.filter_map(|file| file.text.as_deref());
            texts.find_map(import_extension).unwrap_or_else(|| {
                let needed = self.auth.path.as_str().ends_with(".mts");
                if needed { ".js" } else { "" }.to_owned()
            })
        })
    }
}

/// How the app calls a function.
pub struct Names {
    /// The constant that its `resource.ts` exports.
    pub export: String,
    in_auth: String,
    in_backend: String,
    extension: String,
}

impl Names {
    pub fn new(function: &str, app: &App) -> Self {
        Self {
            export: identifier(function),
            in_auth: format!("./{function}/resource"),
            in_backend: format!("./auth/{function}/resource"),
            extension: app.extension().to_owned(),
        }
    }

    /// The function, seen from `amplify/auth/resource.ts`.
    pub fn in_auth(&self) -> Export<'_> {
        self.export_of(&self.export, &self.in_auth)
    }

    /// The function, seen from `amplify/backend.ts`.
    pub fn in_backend(&self) -> Export<'_> {
        self.export_of(&self.export, &self.in_backend)
    }

    /// The user pool, seen from `amplify/backend.ts`.
    pub fn auth(&self) -> Export<'_> {
        self.export_of("auth", "./auth/resource")
    }

    fn export_of<'a>(&'a self, name: &'a str, module: &'a str) -> Export<'a> {
        let extension = &self.extension;
        Export { name, module, extension }
    }
}

/// The file that defines the function of a folder.
pub fn function_file(project: &Project, folder: &str) -> Result<File> {
    File::find(project, &format!("amplify/auth/{folder}/resource"))
}

impl File {
    /// What it says; nothing if it is not there.
    pub fn text(&self) -> &str {
        self.text.as_deref().unwrap_or_default()
    }

    /// A place in it.
    pub fn place(&self, span: Range<usize>) -> Place {
        SourceFile::new(&self.path, self.text()).at(span)
    }

    fn find(project: &Project, stem: &str) -> Result<Self> {
        for ending in ENDINGS {
            let path = project.path(&format!("{stem}.{ending}"))?;
            if let Some(text) = project.read_text(&path)? {
                return Ok(Self { path, text: Some(text) });
            }
        }
        let path = project.path(&format!("{stem}.ts"))?;
        Ok(Self { path, text: None })
    }
}

/// Where the function goes in what `defineAuth` is called with.
pub fn keys(scaffold: &Scaffold) -> Vec<&str> {
    let keys = scaffold.wiring.define_auth().iter();
    keys.map(String::as_str).collect()
}
