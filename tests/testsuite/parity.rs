//! Every directory in `tests/parity` is a configuration with the template that Amplify creates from
//! it: see the README there.

mod configurations;
mod graph;
mod merged;
mod pairs;
mod random;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use cargo_amplify::synth::{Code, synthesize};
use libtest_mimic::Trial;
use serde::Deserialize;
use serde_json::Value;

use crate::cases::names_in;
use crate::refused::{read, scaffolds};
use crate::support::repository;
use crate::trial;
use graph::Graph;
use pairs::pair;

pub fn tests() -> Vec<Trial> {
    let test = |name: String| {
        let directory = directory(&name);
        trial("parity", &name, move || {
            let different = compare_with_amplify(&directory).1;
            different.is_empty().then_some(()).ok_or(different.join("\n"))
        })
    };
    let others = functions![
        thousands_of_properties_are_compared,
        every_case_of_the_reference_is_here_or_left_out_for_a_reason,
        a_changed_template_is_not_equal,
    ];
    // Needs Amplify: see `interop/parity`.
    let random = std::env::var_os("PARITY_WORK").map(|work| {
        trial("parity", "random_configurations", move || {
            random::random_configurations_are_those_of_amplify(Path::new(&work));
            Ok(())
        })
    });
    names().into_iter().map(test).chain(others).chain(random).collect()
}

/// `differences.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Differences {
    ignore: Vec<Ignore>,
    leave: Vec<Leave>,
    statement: Vec<Statement>,
    defaults: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ignore {
    path: String,
    #[serde(rename = "reason")]
    _reason: String,
    /// A value of the reference that must be equal nevertheless.
    unless: Option<String>,
    /// The type of a resource without whose reference there must be no difference.
    referenced_by: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Leave {
    resource: String,
    #[serde(rename = "reason")]
    _reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Statement {
    action: String,
    #[serde(rename = "reason")]
    _reason: String,
}

/// The number of configurations in the reference that Amplify accepts.
const REFERENCE_CASES: usize = 104;

/// Compares our template of a configuration with Amplify's, as [`compare`] does.
fn compare_with_amplify(directory: &Path) -> (usize, Vec<String>) {
    let differences = differences();
    let text = fs::read_to_string(directory.join("amplify.json")).expect("amplify.json");
    let reference = without_differences(serde_json::from_str(&text).expect("JSON"), &differences);
    compare(&reference, &template(directory), &differences)
}

fn thousands_of_properties_are_compared() {
    let names = names();
    let compared = names.iter().map(|name| compare_with_amplify(&directory(name)).0);
    let compared: usize = compared.sum();
    assert!(compared > 7_000, "only {compared} properties were compared");
}

fn every_case_of_the_reference_is_here_or_left_out_for_a_reason() {
    let text = fs::read_to_string(repository().join("tests/parity/left-out.toml")).expect("a file");
    let left_out: BTreeMap<String, String> = toml::from_str(&text).expect("TOML");
    assert!(left_out.values().all(|reason| !reason.is_empty()));
    assert_eq!(names().len() + left_out.len(), REFERENCE_CASES);
    let page = fs::read_to_string(repository().join("docs/deploy.md")).expect("readable");
    assert!(page.contains(&format!("compare {} configurations", names().len())), "docs/deploy.md");
}

/// Changes in a template are found, so that equality is meaningful.
fn a_changed_template_is_not_equal() {
    let differences = differences();
    let template = template(&directory("access-grant-node"));
    let unchanged = compare(&template, &template, &differences).1;
    assert_eq!(unchanged, Vec::<String>::new());
    for (pointer, value) in [
        ("/UserPool/Properties/Policies/PasswordPolicy/MinimumLength", Value::from(9)),
        ("/UserPool/Properties/LambdaConfig/PostConfirmation/Fn::GetAtt/0", "UserPool".into()),
        ("/EVERYONEGroup/Properties/Precedence", Value::from(1)),
        ("/EVERYONEGroup/Properties/RoleArn/Fn::GetAtt/0", "AuthenticatedRole".into()),
        ("/PostConfirmationRoleAccess1/Properties/Roles/0/Ref", "EVERYONEGroupRole".into()),
        ("/PostConfirmationFunction/Properties/Timeout", Value::from(4)),
        ("/UserPoolClient/Properties/CallbackURLs/0", "https://example.org".into()),
    ] {
        let mut changed = template.clone();
        let pointer = format!("/Resources{pointer}");
        *changed.pointer_mut(&pointer).expect("a property") = value;
        let found = compare(&template, &changed, &differences).1;
        assert!(!found.is_empty(), "{pointer} was changed, and nobody noticed");
    }
    let mut circular = template.clone();
    circular["Resources"]["PostConfirmationFunction"]["Properties"]["Layers"] =
        serde_json::json!([{ "Ref": "UserPool" }]);
    assert!(compare(&circular, &circular, &differences).1[0].contains("circle"));
    let mut without = template.clone();
    without["Resources"].as_object_mut().expect("an object").remove("EVERYONEGroup");
    assert!(!compare(&template, &without, &differences).1.is_empty());
}

fn names() -> Vec<String> {
    names_in("tests/parity")
}

fn directory(name: &str) -> PathBuf {
    repository().join("tests/parity").join(name)
}

fn differences() -> Differences {
    let path = repository().join("tests/parity/differences.toml");
    toml::from_str(&fs::read_to_string(path).expect("a file")).expect("TOML")
}

/// Our template of a project.
fn template(directory: &Path) -> Value {
    let backend = read(directory);
    assert_eq!(backend.diagnostics, [], "{}", directory.display());
    let auth = backend.auth.as_ref().expect("a user pool");
    let code = |_: &_| Ok(Code::Binary("asset".to_owned()));
    let template = synthesize(&backend, auth, &scaffolds(), &code).expect("a template");
    template.to_value()
}

/// Removes what is declared to be Amplify's only.
fn without_differences(mut template: Value, differences: &Differences) -> Value {
    let resources = template["Resources"].as_object_mut().expect("resources");
    resources.retain(|id, resource| {
        if differences.leave.iter().any(|leave| is_like(&leave.resource, id)) {
            return false;
        }
        if resource["Type"] != "AWS::IAM::Policy" {
            return true;
        }
        let document = &mut resource["Properties"]["PolicyDocument"]["Statement"];
        let statements = document.as_array_mut().expect("statements");
        statements.retain(|statement| {
            differences.statement.iter().all(|stated| statement["Action"] != stated.action.as_str())
        });
        !statements.is_empty()
    });
    template
}

/// The number of properties that were compared, and those that are different.
fn compare(reference: &Value, ours: &Value, differences: &Differences) -> (usize, Vec<String>) {
    let (reference, ours) = (Graph::new(reference), Graph::new(ours));
    let pairs = pair(&reference, &ours);
    let mut different = Vec::new();
    if ours.has_circle() {
        different.push("resources refer to each other in a circle".to_owned());
    }
    let mut compared = 0;
    for (id, name) in &pairs.left {
        let resource = &reference.resources[id];
        let Some((other, _)) = pairs.right.iter().find(|(_, other)| *other == name) else {
            different.push(format!("only Amplify has {id} ({})", resource.kind));
            continue;
        };
        let left = reference.leaves(id, &pairs.left);
        let right = ours.leaves(other, &pairs.right);
        let paths: std::collections::BTreeSet<_> = left.keys().chain(right.keys()).collect();
        for path in paths {
            let full = format!("{}.{path}", resource.short_kind());
            let (theirs, mine) = (left.get(path), right.get(path));
            let default = differences.defaults.get(&full);
            let ignored = differences.ignore.iter().any(|ignore| {
                let same_after_all = ignore.unless.as_deref();
                let by = ignore.referenced_by.as_ref();
                is_like(&ignore.path, &full)
                    && by.is_none_or(|kind| reference.refers_to(kind, id))
                    && same_after_all.is_none_or(|text| theirs.is_none_or(|value| value != text))
            });
            if ignored {
                continue;
            }
            compared += 1;
            if theirs.or(default) != mine.or(default) {
                different.push(format!("{id}: {full}: {theirs:?} there, {mine:?} here"));
            }
        }
    }
    let paired: Vec<_> = pairs.left.values().collect();
    for (id, name) in &pairs.right {
        if !paired.contains(&name) {
            different.push(format!("only we have {id} ({})", ours.resources[id].kind));
        }
    }
    (compared, different)
}

/// Whether a text fits a pattern with `*` for anything.
fn is_like(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, rest)) => text.strip_prefix(start).is_some_and(|tail| {
            (0..=tail.len())
                .filter(|at| tail.is_char_boundary(*at))
                .any(|at| is_like(rest, &tail[at..]))
        }),
    }
}
