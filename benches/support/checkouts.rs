//! Copies of git checkouts to run the program in.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use walkdir::WalkDir;

use crate::support::{self, Tree, read_tree, write_tree};

/// A promise that is not kept, and how.
pub type Held = Result<(), String>;

/// Those below a directory, at any depth.
pub fn checkouts(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut entries = WalkDir::new(directory).sort_by_file_name().into_iter();
    while let Some(entry) = entries.next() {
        let path = entry.expect("a readable directory").into_path();
        if path.join(".git").exists() {
            found.push(path);
            entries.skip_current_dir();
        }
    }
    found
}

/// A copy of a checkout, without what git ignores.
pub struct Repository {
    pub name: String,
    pub before: Tree,
    sandbox: TempDir,
}

impl Repository {
    pub fn copy(checkout: &Path, below: &Path) -> Self {
        let mut list = Command::new("git");
        list.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
        let listed = support::succeed(list.current_dir(checkout)).stdout;
        let listed = String::from_utf8(listed).expect("paths in UTF-8");
        let files: BTreeSet<_> = listed.split('\0').collect();
        let mut before = read_tree(checkout);
        before.retain(|path, _| files.contains(path.as_str()));
        let name = checkout.strip_prefix(below).unwrap_or(checkout).display().to_string();
        let repository = Self { name, before, sandbox: TempDir::new().expect("a directory") };
        repository.restore(&repository.before);
        repository
    }

    pub fn root(&self) -> PathBuf {
        self.sandbox.path().join("repository")
    }

    pub fn restore(&self, tree: &Tree) {
        write_tree(&self.root(), tree);
        fs::create_dir_all(self.root()).expect("created");
        support::succeed(Command::new("git").args(["init", "--quiet"]).current_dir(self.root()));
    }

    pub fn tree(&self) -> Tree {
        read_tree(&self.root())
    }

    /// The directories of the Amplify apps in TypeScript.
    pub fn apps(&self) -> BTreeSet<String> {
        let files = ["amplify/auth/resource.ts", "amplify/backend.ts"];
        let found = self
            .before
            .keys()
            .filter_map(|path| files.iter().find_map(|file| path.strip_suffix(file)));
        found.filter(|app| app.is_empty() || app.ends_with('/')).map(str::to_owned).collect()
    }

    /// Runs the program, and gives its exit code and what it printed.
    pub fn run(&self, directory: &str, arguments: &[&str]) -> (i32, Vec<u8>, String) {
        let mut program = support::program();
        program.args(arguments).current_dir(self.root().join(directory));
        let output = program.output().expect("it runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code().unwrap_or(-1), output.stdout, said)
    }

    pub fn expect(&self, directory: &str, arguments: &[&str]) -> Held {
        let (code, printed, said) = self.run(directory, arguments);
        let printed = String::from_utf8_lossy(&printed);
        match code {
            0 => Ok(()),
            _ => Err(format!("`{}` ends with {code}: {printed}{said}", arguments.join(" "))),
        }
    }

    pub fn is(&self, expected: &Tree) -> Held {
        let found = self.tree();
        let paths = expected.keys().chain(found.keys()).collect::<BTreeSet<_>>();
        let differing = paths.into_iter().filter(|path| expected.get(*path) != found.get(*path));
        let differing: Vec<_> = differing.map(String::as_str).collect();
        if differing.is_empty() { Ok(()) } else { Err(differing.join(", ")) }
    }
}
