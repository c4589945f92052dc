//! The manifest of a new crate, fitted into its workspace as `cargo new` does.

use std::fmt;

use toml_edit::{DocumentMut, Item, Table, value};

use super::toml::EditError;

/// The keys of a package that Cargo lets it inherit, but for `publish`: a function is not published.
const INHERITABLE: [&str; 15] = [
    "authors",
    "categories",
    "description",
    "documentation",
    "edition",
    "exclude",
    "homepage",
    "include",
    "keywords",
    "license",
    "license-file",
    "readme",
    "repository",
    "rust-version",
    "version",
];

/// The editions that have `async`, and the first Rust that has them.
const EDITIONS: [(&str, RustVersion); 3] =
    [("2024", RustVersion(1, 85)), ("2021", RustVersion(1, 56)), ("2018", RustVersion(1, 31))];

/// The first Rust that the Lambda runtime is for.
pub const RUNTIME_NEEDS: RustVersion = RustVersion(1, 84);

/// A version of Rust, as far as it decides what there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RustVersion(pub u32, pub u32);

impl fmt::Display for RustVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}

impl RustVersion {
    /// Reads `1.85` or `1.85.0`, also with a platform behind it, or `nightly-2024-11-23`; `None` for a
    /// name such as `stable`.
    pub fn parse(version: &str) -> Option<Self> {
        let version = version.trim();
        if let Some(date) = version.strip_prefix("nightly-") {
            return Self::of_nightly(date);
        }
        let version = version.split('-').next()?;
        let mut parts = version.split('.').map(|part| part.parse().ok());
        Some(Self(parts.next()??, parts.next()??))
    }

    /// What was in the making on a date: since the first nightly build of 1.85, and long before, there is
    /// a new version every six weeks.
    fn of_nightly(date: &str) -> Option<Self> {
        let mut parts = date.split('-').map(|part| part.parse::<u16>().ok().map(i32::from));
        let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
        let versions = (days(year, month, day) - days(2024, 11, 23)).div_euclid(42);
        Some(Self(1, u32::try_from(85 + versions).ok()?))
    }
}

/// The days before a date of the Gregorian calendar, from a day that is always the same. Its years begin
/// in March.
fn days(year: i32, month: i32, day: i32) -> i32 {
    let (year, month) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
    year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day
}

/// What a workspace declares for its members to inherit, and the toolchain that reads it.
#[derive(Debug, Default)]
pub struct Inherited {
    pub package_keys: Vec<String>,
    pub edition: Option<String>,
    pub rust_version: Option<RustVersion>,
    /// The toolchain that the repository asks for, if it names a version.
    pub toolchain: Option<RustVersion>,
    pub lints: bool,
    /// Those of `[workspace.dependencies]` that are crates.io's package of the name.
    pub dependencies: Vec<(String, DependencySpec)>,
}

/// One entry of `[workspace.dependencies]`, as far as it decides whether to inherit it.
#[derive(Debug)]
pub struct DependencySpec {
    /// The version requirement.
    pub version: String,
    pub default_features: bool,
}

/// `manifest`, the text of a new crate's `Cargo.toml`, with everything inherited that the
/// workspace declares.
///
/// An edition before 2018 is not inherited: it has no `async`. Nor is a `rust-version` that cannot build the
/// crate. Where none is, it is the newest that
/// the toolchain and the inherited `rust-version` have, as Cargo refuses another.
pub fn inherit(manifest: &str, workspace: &Inherited) -> Result<String, EditError> {
    let mut document = parse(manifest)?;
    if let Some(package) = document.get_mut("package").and_then(Item::as_table_mut) {
        inherit_package(package, workspace);
    }
    for section in ["dependencies", "dev-dependencies"] {
        if let Some(table) = document.get_mut(section).and_then(Item::as_table_like_mut) {
            for (name, spec) in &workspace.dependencies {
                if let Some(dependency) = table.get_mut(name) {
                    inherit_dependency(dependency, spec);
                }
            }
        }
    }
    if workspace.lints {
        let mut lints = Table::new();
        lints.insert("workspace", value(true));
        document.insert("lints", Item::Table(lints));
    }
    Ok(document.to_string())
}

fn parse(manifest: &str) -> Result<DocumentMut, EditError> {
    manifest.parse().map_err(EditError::Syntax)
}

/// The manifest of a new workspace, with a resolver that the toolchain knows.
pub fn fit_resolver(manifest: &str, toolchain: Option<RustVersion>) -> Result<String, EditError> {
    match toolchain.is_some_and(|toolchain| toolchain < RustVersion(1, 84)) {
        true => super::set_value(manifest, &["workspace", "resolver"], "\"2\""),
        false => Ok(manifest.to_owned()),
    }
}

impl Inherited {
    /// The edition of a new crate.
    pub fn crate_edition(&self) -> &str {
        let limit = self.rust_version.into_iter().chain(self.toolchain).min();
        let fits = |(_, first): &&(&str, RustVersion)| limit.is_none_or(|limit| *first <= limit);
        let newest = EDITIONS.iter().find(fits).map_or("2018", |(edition, _)| edition);
        self.own_edition().unwrap_or(newest)
    }

    /// The edition that a crate can inherit.
    fn own_edition(&self) -> Option<&str> {
        self.edition.as_deref().filter(|edition| *edition != "2015")
    }
}

fn inherit_package(package: &mut Table, workspace: &Inherited) {
    let edition = workspace.crate_edition();
    let first = EDITIONS.iter().find(|(name, _)| *name == edition);
    let needed = first.map_or(RUNTIME_NEEDS, |(_, first)| RUNTIME_NEEDS.max(*first));
    package.insert("edition", value(edition));
    for key in &workspace.package_keys {
        let is_out = match key.as_str() {
            "edition" => workspace.own_edition().is_none(),
            "rust-version" => workspace.rust_version.is_some_and(|version| version < needed),
            key => !INHERITABLE.contains(&key),
        };
        if is_out {
            continue;
        }
        let mut inherited = Table::new();
        inherited.set_dotted(true);
        inherited.insert("workspace", value(true));
        package.insert(key, Item::Table(inherited));
    }
}

/// Inherits a dependency when the workspace has a compatible version, with no fewer features.
fn inherit_dependency(dependency: &mut Item, spec: &DependencySpec) {
    let version = dependency.as_str().or_else(|| dependency.get("version")?.as_str());
    if version.is_some_and(|version| major(version) != major(&spec.version)) {
        return;
    }
    let features = dependency.get("features").cloned();
    let has_defaults = dependency.get("default-features").is_none();
    let mut inherited = toml_edit::InlineTable::new();
    inherited.insert("workspace", true.into());
    if has_defaults && !spec.default_features {
        inherited.insert("default-features", true.into());
    }
    if let Some(Ok(features)) = features.map(Item::into_value) {
        inherited.insert("features", features);
    }
    *dependency = value(inherited);
}

/// The part of a version requirement that decides compatibility: `1` of `^1.2`, `0.4` of `0.4.1`.
fn major(requirement: &str) -> Option<String> {
    let requirement = requirement.split(',').next()?.trim();
    let version = requirement.trim_start_matches(['^', '=', '~', '>', ' ']);
    let mut parts = version.split(['.', '-', '+']);
    let major = parts.next()?;
    Some(match (major, parts.next()) {
        ("0", Some(minor)) => format!("0.{minor}"),
        _ => major.to_owned(),
    })
}
