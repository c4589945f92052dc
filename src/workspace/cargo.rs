//! Cargo's rules: which workspace a crate belongs to, and whether it is a member already.
//!
//! The rules are those of the Cargo reference, "Workspaces", and of Cargo's own search: it goes
//! up from the crate to the nearest manifest with `[workspace]` that does not exclude it.

use std::fs;
use std::path::{Path, PathBuf};

use glob::{MatchOptions, Pattern};
use toml_edit::{Document, Item, TableLike};

use super::{RepoPath, Workspace, is_absent};
use crate::edit::{DependencySpec, Inherited};
use crate::error::{Error, Result};

/// `*` in `members` matches within one folder name, as Cargo expands it.
const GLOB: MatchOptions = MatchOptions {
    case_sensitive: true,
    require_literal_separator: true,
    require_literal_leading_dot: false,
};

/// How Cargo sees the folder of a crate.
#[derive(Debug)]
pub struct CargoRoot {
    /// The folder whose `Cargo.toml` is, or has to become, the workspace.
    pub folder: RepoPath,
    /// What has to be done to make the crate part of it.
    pub membership: Membership,
    /// What the crate can inherit.
    pub inherited: Inherited,
    /// Folders of the members that are there, with their package names.
    pub packages: Vec<(RepoPath, String)>,
}

/// What makes a crate part of its workspace.
#[derive(Debug, PartialEq, Eq)]
pub enum Membership {
    /// There is no workspace: `Cargo.toml` is created, or gets a `[workspace]`.
    New,
    /// The crate has to be listed in `members`.
    Missing {
        /// Folders to list in `exclude`: a glob in `members` would take them for crates, and
        /// Cargo refuses a workspace with a member that has no manifest.
        exclude: Vec<RepoPath>,
    },
    /// The crate is listed, or a glob in `members` matches it.
    Member,
    /// The workspace excludes the crate's folder, so the crate stands alone.
    Excluded,
}

/// Finds the workspace of the crate in `package`, from its folder upward to the root.
pub fn find(workspace: &Workspace, package: &RepoPath) -> Result<CargoRoot> {
    let mut excluded_at = None;
    let mut folder = package.parent();
    while let Some(candidate) = folder {
        if let Some(manifest) = Manifest::load(&candidate.under(workspace.root()))? {
            if let Some(table) = manifest.workspace() {
                let members = Members::new(table);
                let path = package.below(&candidate).unwrap_or_default();
                if !members.excludes(path) {
                    return Ok(CargoRoot {
                        membership: members.membership(path, &candidate.under(workspace.root())),
                        packages: members.packages(&manifest, &candidate, workspace)?,
                        inherited: inherited(table),
                        folder: candidate,
                    });
                }
                excluded_at = Some(candidate.clone());
            }
        }
        folder = candidate.parent();
    }
    let project = workspace.project().clone();
    let membership = if excluded_at.as_ref() == Some(&project) {
        Membership::Excluded
    } else {
        Membership::New
    };
    let own_package = Manifest::load(&project.under(workspace.root()))?
        .and_then(|manifest| manifest.package_name())
        .map(|name| (project.clone(), name));
    Ok(CargoRoot {
        folder: project,
        membership,
        inherited: Inherited::default(),
        packages: own_package.into_iter().collect(),
    })
}

/// The workspace that a crate below `project` would belong to, if it is rooted above `project`.
pub fn workspace_root_above(project: &Path) -> Result<Option<PathBuf>> {
    if let Some(manifest) = Manifest::load(project)? {
        if manifest.workspace().is_some() {
            return Ok(None);
        }
        if let Some(root) = manifest.pointer(project) {
            return if project.starts_with(&root) {
                Ok(Some(root))
            } else {
                Err(Error::failed(format!(
                    "`{}` belongs to the workspace `{}`, which is not above it",
                    project.join("Cargo.toml").display(),
                    root.display()
                ))
                .hint(format!("use that workspace: `--path {}`", root.display())))
            };
        }
    }
    for folder in project.ancestors().skip(1) {
        let Some(manifest) = Manifest::load(folder)? else {
            continue;
        };
        if let Some(table) = manifest.workspace() {
            let path = project.strip_prefix(folder).ok().and_then(RepoPath::new);
            let path = path.unwrap_or_default();
            if !Members::new(table).excludes(path.as_str()) {
                return Ok(Some(folder.to_path_buf()));
            }
        }
    }
    Ok(None)
}

/// The nearest of `folders` with a `[workspace]`, else the nearest with a `Cargo.toml`.
pub fn nearest_root<'a>(folders: impl Iterator<Item = &'a Path>) -> Result<Option<PathBuf>> {
    let mut package = None;
    for folder in folders {
        if let Some(manifest) = Manifest::load(folder)? {
            if manifest.workspace().is_some() {
                return Ok(Some(folder.to_path_buf()));
            }
            package.get_or_insert_with(|| folder.to_path_buf());
        }
    }
    Ok(package)
}

/// A parsed `Cargo.toml`.
struct Manifest(Document<String>);

impl Manifest {
    /// Reads the manifest in `folder`; `None` when there is none.
    fn load(folder: &Path) -> Result<Option<Self>> {
        let file = folder.join("Cargo.toml");
        let text = match fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) if is_absent(&error) => return Ok(None),
            Err(error) => return Err(Error::io("read", &file, error)),
        };
        match Document::parse(text) {
            Ok(document) => Ok(Some(Self(document))),
            Err(error) => Err(Error::failed(format!(
                "`{}` is not TOML\n{}",
                file.display(),
                error.to_string().trim_end()
            ))
            .hint("mend the file and run the command again")),
        }
    }

    fn workspace(&self) -> Option<&dyn TableLike> {
        self.0.get("workspace")?.as_table_like()
    }

    fn package_name(&self) -> Option<String> {
        Some(self.0.get("package")?.get("name")?.as_str()?.to_owned())
    }

    /// The folder that `package.workspace` names.
    fn pointer(&self, folder: &Path) -> Option<PathBuf> {
        let path = self.0.get("package")?.get("workspace")?.as_str()?;
        fs::canonicalize(folder.join(path)).ok()
    }
}

/// `members` and `exclude` of a workspace, as paths relative to it.
struct Members {
    members: Vec<String>,
    exclude: Vec<String>,
}

impl Members {
    fn new(workspace: &dyn TableLike) -> Self {
        let list = |key| {
            let array = workspace.get(key).and_then(Item::as_array);
            let texts = array
                .into_iter()
                .flatten()
                .filter_map(|value| value.as_str());
            texts
                .map(|text| {
                    RepoPath::new(text).map_or_else(|| text.to_owned(), |path| path.to_string())
                })
                .collect()
        };
        Self {
            members: list("members"),
            exclude: list("exclude"),
        }
    }

    /// Whether `exclude` keeps a crate at `path` out.
    ///
    /// As in Cargo, `exclude` lists prefixes, and naming the crate in `members` outweighs it. A
    /// member that is named below the same prefix shows that its folder is excluded only for
    /// the globs.
    fn excludes(&self, path: &str) -> bool {
        let covers = |prefix: &String, path: &str| Path::new(path).starts_with(prefix);
        if self.members.iter().any(|member| covers(member, path)) {
            return false;
        }
        self.exclude
            .iter()
            .filter(|prefix| covers(prefix, path))
            .any(|prefix| !self.members.iter().any(|member| covers(prefix, member)))
    }

    fn membership(&self, path: &str, folder: &Path) -> Membership {
        if self.members.iter().any(|member| matches(member, path)) {
            return Membership::Member;
        }
        let parents = Path::new(path)
            .ancestors()
            .skip(1)
            .filter_map(RepoPath::new);
        let exclude = parents.filter(|parent| {
            let excluded = |prefix: &String| Path::new(parent.as_str()).starts_with(prefix);
            !parent.as_str().is_empty()
                && self
                    .members
                    .iter()
                    .any(|member| matches(member, parent.as_str()))
                && !self.exclude.iter().any(excluded)
                && !parent.under(folder).join("Cargo.toml").exists()
        });
        Membership::Missing {
            exclude: exclude.collect(),
        }
    }

    /// The packages that the members are, and the root package.
    fn packages(
        &self,
        root: &Manifest,
        folder: &RepoPath,
        workspace: &Workspace,
    ) -> Result<Vec<(RepoPath, String)>> {
        let mut packages: Vec<_> = root
            .package_name()
            .map(|name| (folder.clone(), name))
            .into_iter()
            .collect();
        let base = folder.under(workspace.root());
        for member in &self.members {
            for path in expand(&base, member) {
                let Some(relative) = path
                    .strip_prefix(workspace.root())
                    .ok()
                    .and_then(RepoPath::new)
                else {
                    continue;
                };
                if let Some(name) = package_name(&path)? {
                    packages.push((relative, name));
                }
            }
        }
        Ok(packages)
    }
}

/// The folders that an entry of `members` stands for.
fn expand(base: &Path, member: &str) -> Vec<PathBuf> {
    if !is_glob(member) {
        return vec![base.join(member)];
    }
    let pattern = format!("{}/{member}", Pattern::escape(&base.to_string_lossy()));
    let paths = glob::glob(&pattern).map(|paths| paths.flatten().collect());
    paths.unwrap_or_default()
}

/// The name of the package in `folder`, without parsing manifests that are in workspaces of a
/// thousand: the line `name = "…"` of the `[package]` table is looked for first.
fn package_name(folder: &Path) -> Result<Option<String>> {
    let file = folder.join("Cargo.toml");
    let text = match fs::read_to_string(&file) {
        Ok(text) => text,
        Err(error) if is_absent(&error) => return Ok(None),
        Err(error) => return Err(Error::io("read", &file, error)),
    };
    let mut lines = text
        .lines()
        .map(str::trim)
        .skip_while(|line| *line != "[package]");
    lines.next();
    for line in lines.take_while(|line| !line.starts_with('[')) {
        let Some(value) = line.strip_prefix("name").map(str::trim_start) else {
            continue;
        };
        if let Some(quoted) = value.strip_prefix('=').map(str::trim_start) {
            let name = quoted.split(['"', '\'']).nth(1);
            return Ok(name.map(str::to_owned));
        }
    }
    // Not in the usual form: `package.name = …`, a comment behind the header.
    Ok(Manifest::load(folder)?.and_then(|manifest| manifest.package_name()))
}

fn matches(member: &str, path: &str) -> bool {
    Pattern::new(member).map_or(member == path, |pattern| pattern.matches_with(path, GLOB))
}

fn is_glob(member: &str) -> bool {
    member.contains(['*', '?', '['])
}

fn inherited(workspace: &dyn TableLike) -> Inherited {
    let table = |key| workspace.get(key).and_then(Item::as_table_like);
    let package = table("package");
    let edition = package.and_then(|package| package.get("edition")?.as_str().map(str::to_owned));
    Inherited {
        package_keys: package.map(keys).unwrap_or_default(),
        edition,
        lints: workspace.get("lints").is_some(),
        dependencies: table("dependencies")
            .into_iter()
            .flat_map(|table| table.iter())
            .map(|(name, item)| (name.to_owned(), dependency(item)))
            .collect(),
    }
}

fn keys(table: &dyn TableLike) -> Vec<String> {
    table.iter().map(|(key, _)| key.to_owned()).collect()
}

fn dependency(item: &Item) -> DependencySpec {
    let table = item.as_table_like();
    let version = item.as_str().or_else(|| table?.get("version")?.as_str());
    DependencySpec {
        version: version.map(str::to_owned),
        renamed: table.is_some_and(|table| table.contains_key("package")),
    }
}
