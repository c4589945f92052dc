//! A CDK app's templates as one: nested stacks with their references resolved.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Map, Value, json};

/// What Amplify's functions have in place of what they fetch when they start.
const LATER: &str = "<value will be resolved during runtime>";

/// The resources of all templates in `cdk.out`.
pub fn merged(out: &Path) -> Value {
    let root = fs::read_dir(out).expect("cdk.out").map(|entry| entry.expect("an entry").path());
    let is_root = |path: &std::path::PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        name.ends_with(".template.json") && !name.contains(".nested.")
    };
    let mut resources = Map::new();
    let mut outputs = BTreeMap::new();
    add(
        out,
        &root.into_iter().find(is_root).expect("a template"),
        &Map::new(),
        &mut |id, resource| {
            assert!(resources.insert(id.clone(), resource).is_none(), "{id} is there twice");
        },
        &mut outputs,
    );
    let mut resources = Value::Object(resources);
    for _ in 0..4 {
        replace(&mut resources, &|value| {
            let [stack, output] = value.get("Fn::GetAtt")?.as_array()?.as_slice() else {
                return None;
            };
            let name = output.as_str()?.strip_prefix("Outputs.")?;
            outputs.get(stack.as_str()?)?.get(name)?.get("Value").cloned()
        });
    }
    let pool = resources.as_object().expect("resources").iter();
    let pool = pool.filter(|(_, resource)| resource["Type"] == "AWS::Cognito::UserPool");
    let pool = json!({ "Ref": pool.map(|(id, _)| id.clone()).next().expect("a user pool") });
    for (_, resource) in resources.as_object_mut().expect("resources") {
        plain(resource, &pool);
    }
    json!({ "Resources": resources })
}

/// Adds a template's resources and the outputs of the stacks below it.
fn add(
    out: &Path,
    template: &Path,
    parameters: &Map<String, Value>,
    found: &mut dyn FnMut(String, Value),
    outputs: &mut BTreeMap<String, Value>,
) -> Value {
    let text = fs::read_to_string(template).expect("a template");
    let mut template: Value = serde_json::from_str(&text).expect("JSON");
    replace(&mut template, &|value| parameters.get(value.get("Ref")?.as_str()?).cloned());
    for (id, resource) in template["Resources"].as_object().expect("resources") {
        if resource["Type"] != "AWS::CloudFormation::Stack" {
            found(id.clone(), resource.clone());
            continue;
        }
        let file = resource["Metadata"]["aws:asset:path"].as_str().expect("a file");
        let parameters = resource["Properties"]["Parameters"].as_object().cloned();
        let below = add(out, &out.join(file), &parameters.unwrap_or_default(), found, outputs);
        outputs.insert(id.clone(), below);
    }
    template["Outputs"].clone()
}

/// Replaces each value that `with` has another for.
fn replace(value: &mut Value, with: &dyn Fn(&Value) -> Option<Value>) {
    if let Some(other) = with(value) {
        *value = other;
    }
    match value {
        Value::Object(object) => object.values_mut().for_each(|value| replace(value, with)),
        Value::Array(array) => array.iter_mut().for_each(|value| replace(value, with)),
        _ => {}
    }
}

/// Removes tags and asset keys, and has functions refer to the pool that they look up.
fn plain(resource: &mut Value, pool: &Value) {
    let Some(properties) = resource["Properties"].as_object_mut() else {
        return;
    };
    for tags in ["Tags", "UserPoolTags", "IdentityPoolTags"] {
        properties.remove(tags);
    }
    if let Some(code) = properties.get_mut("Code") {
        *code = "asset".into();
    }
    let variables =
        properties.get_mut("Environment").and_then(|all| all["Variables"].as_object_mut());
    for (name, value) in variables.into_iter().flatten() {
        if name.ends_with("_USERPOOL_ID") && value == LATER {
            *value = pool.clone();
        }
    }
}
