//! What an Amplify app calls a function and the user pool.

use crate::catalog::identifier;
use crate::edit::typescript::{Export, import_extension};
use crate::project::App;

/// What the app calls a function.
pub struct Names {
    /// The constant that its `resource.ts` exports.
    pub export: String,
    in_auth: String,
    in_backend: String,
    /// The extension of new imports, where the file has none to take it from.
    extension: String,
}

impl Names {
    pub fn new(function: &str, app: &App) -> Self {
        let files = [&app.auth, &app.backend].into_iter();
        let mut texts = files.filter_map(|file| file.text.as_deref());
        let extension = texts.find_map(import_extension).unwrap_or_else(|| {
            let needed = app.auth.path.as_str().ends_with(".mts");
            if needed { ".js" } else { "" }.to_owned()
        });
        Self {
            export: identifier(function),
            in_auth: format!("./{function}/resource"),
            in_backend: format!("./auth/{function}/resource"),
            extension,
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
        Export { name, module, extension: &self.extension }
    }
}
