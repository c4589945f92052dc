//! The files of scaffolds, by their paths such as `auth-trigger/_shared/scaffold.toml`, and places in
//! them.

use std::borrow::Cow;

use super::template::Fault;
use super::{Catalog, Scaffold};
use crate::error::Error;
use crate::path::RepoPath;
use crate::source::{Diagnostic, Place, SourceFile, offset};

impl Catalog {
    /// A file, for places in it.
    pub(crate) fn source(&self, path: &str) -> SourceFile {
        let text = self.files.get(path);
        let base = match text {
            Some(Cow::Owned(_)) => self.set.clone(),
            Some(Cow::Borrowed(_)) | None => RepoPath::new("scaffolds").unwrap_or_default(),
        };
        let text = text.map_or("", |text| text.as_ref());
        SourceFile::new(&base.join(path).unwrap_or_default(), text)
    }

    /// The files of a scaffold, or of what a family shares, by their paths.
    pub(crate) fn files_of(&self, owner: String) -> impl Iterator<Item = (String, String)> {
        let files = self.directory(&format!("{owner}/"));
        files.map(move |(file, text)| (format!("{owner}/{file}"), text.to_owned()))
    }

    /// The files below a directory, with paths relative to it.
    pub(super) fn directory<'a>(
        &'a self,
        directory: &str,
    ) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        let prefix = directory.to_owned();
        self.files
            .range(prefix.clone()..)
            .map_while(move |(path, text)| Some((path.strip_prefix(&prefix)?, text.as_ref())))
    }

    /// The file of a partial that templates of a scaffold name.
    pub(super) fn partial(&self, scaffold: &Scaffold, partial: &str) -> String {
        let own = format!("{}/partials/{partial}.hbs", scaffold.directory());
        match self.files.contains_key(&own) {
            true => own,
            false => format!("{}/partials/{partial}.hbs", scaffold.family.directory()),
        }
    }

    /// A problem of a text in a file of a scaffold.
    pub(super) fn invalid(&self, owner: &str, file: &str, text: &str, problem: String) -> Error {
        let place = self.place((owner, file), text, (1, 1));
        place.problem(problem, "").into()
    }

    /// A fault of a template, which is all or a part of a file, for a scaffold.
    pub(super) fn fault(
        &self,
        scaffold: &Scaffold,
        (owner, file): (&str, &str),
        template: &str,
        fault: &Fault,
    ) -> Diagnostic {
        let place = match &fault.partial {
            None => self.place((owner, file), template, fault.position),
            Some(partial) => {
                let source = self.source(&self.partial(scaffold, partial));
                let (line, column) = fault.position;
                let offset = offset(source.text(), line, column);
                source.at(offset..offset)
            }
        };
        place.problem(&fault.message, &fault.hint)
    }

    /// A line and column, counted from 1, of a text in a file.
    fn place(
        &self,
        (owner, file): (&str, &str),
        text: &str,
        (line, column): (usize, usize),
    ) -> Place {
        let source = self.source(&format!("{owner}/{file}"));
        let start = source.find(text).unwrap_or(0);
        let offset = start + offset(&source.text()[start..], line, column);
        source.at(offset..offset)
    }
}
