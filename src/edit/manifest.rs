//! The manifest of a new crate, fitted into its workspace as `cargo new` does.

use toml_edit::{DocumentMut, Item, Table, value};

use super::toml::EditError;

/// What a workspace declares for its members to inherit.
#[derive(Debug, Default)]
pub struct Inherited {
    pub package_keys: Vec<String>,
    pub edition: Option<String>,
    pub lints: bool,
    /// `[workspace.dependencies]`, by name.
    pub dependencies: Vec<(String, DependencySpec)>,
}

/// One entry of `[workspace.dependencies]`, as far as it decides whether to inherit it.
#[derive(Debug)]
pub struct DependencySpec {
    /// The version requirement; none for one from a path or from git.
    pub version: Option<String>,
    /// Whether the name stands for another package.
    pub renamed: bool,
}

/// `manifest`, the text of a new crate's `Cargo.toml`, with everything inherited that the
/// workspace declares.
///
/// `publish` is never inherited, and neither is an edition before 2018, which has no `async`.
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

fn inherit_package(package: &mut Table, workspace: &Inherited) {
    for key in &workspace.package_keys {
        let too_old = key == "edition" && workspace.edition.as_deref() == Some("2015");
        if key == "publish" || too_old {
            continue;
        }
        let mut inherited = Table::new();
        inherited.set_dotted(true);
        inherited.insert("workspace", value(true));
        package.insert(key, Item::Table(inherited));
    }
}

/// Inherits a dependency when the workspace means the same package and a compatible version.
fn inherit_dependency(dependency: &mut Item, spec: &DependencySpec) {
    let version = dependency.as_str().or_else(|| dependency.get("version")?.as_str());
    let compatible = match (&spec.version, version) {
        (Some(theirs), Some(ours)) => major(theirs) == major(ours),
        _ => true,
    };
    if spec.renamed || !compatible {
        return;
    }
    let features = dependency.get("features").cloned();
    let mut inherited = toml_edit::InlineTable::new();
    inherited.insert("workspace", true.into());
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_compatible_dependencies_are_inherited() {
        let spec = |version: Option<&str>, renamed| DependencySpec {
            version: version.map(str::to_owned),
            renamed,
        };
        let workspace = Inherited {
            dependencies: vec![
                ("a".to_owned(), spec(Some("=1.0.5"), false)),
                ("b".to_owned(), spec(Some("0.2"), false)),
                ("c".to_owned(), spec(Some("1"), true)),
                ("d".to_owned(), spec(None, false)),
            ],
            ..Inherited::default()
        };
        let manifest = "[dependencies]\na = { version = \"1.1\", default-features = false, \
                        features = [\"x\"] }\nb = \"0.3\"\nc = \"1\"\nd = \"1\"\n";
        assert_eq!(
            inherit(manifest, &workspace).expect("edited"),
            "[dependencies]\na = { workspace = true, features = [\"x\"] }\nb = \"0.3\"\n\
             c = \"1\"\nd = { workspace = true }\n"
        );
    }
}
