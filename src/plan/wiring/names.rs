//! What an Amplify app calls a function and the resource that calls it.

use crate::catalog::identifier;
use crate::edit::typescript::{Export, import_extension};
use crate::project::App;

/// What the app calls a function.
pub struct Names {
    /// The constant that its `resource.ts` exports.
    pub export: String,
    in_resource: String,
    in_backend: String,
    /// The constant that the resource's file exports, and that file, seen from the backend.
    resource: String,
    resource_file: String,
    /// The extension of new imports, where the file has none to take it from.
    extension: String,
}

impl Names {
    pub fn new(function: &str, resource: &str, app: &App) -> Self {
        let files = [&app.resource, &app.backend].into_iter();
        let mut texts = files.filter_map(|file| file.text.as_deref());
        let extension = texts.find_map(import_extension).unwrap_or_else(|| {
            let needed = app.resource.path.as_str().ends_with(".mts");
            if needed { ".js" } else { "" }.to_owned()
        });
        Self {
            export: identifier(function),
            in_resource: format!("./{function}/resource"),
            in_backend: format!("./{resource}/{function}/resource"),
            resource: identifier(resource),
            resource_file: format!("./{resource}/resource"),
            extension,
        }
    }

    /// The function, seen from the resource's file.
    pub fn in_resource(&self) -> Export<'_> {
        self.export_of(&self.export, &self.in_resource)
    }

    /// The function, seen from `amplify/backend.ts`.
    pub fn in_backend(&self) -> Export<'_> {
        self.export_of(&self.export, &self.in_backend)
    }

    /// The resource, seen from `amplify/backend.ts`.
    pub fn resource(&self) -> Export<'_> {
        self.export_of(&self.resource, &self.resource_file)
    }

    fn export_of<'a>(&'a self, name: &'a str, module: &'a str) -> Export<'a> {
        Export { name, module, extension: &self.extension }
    }
}
