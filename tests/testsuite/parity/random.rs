//! Random configurations, each as TOML and as TypeScript, which Amplify synthesizes too.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use super::configurations::{Configuration, configuration};
use super::merged::merged;
use super::{compare, differences, template, without_differences};
use crate::refused::read;
use crate::support::{repeated, repository, succeed, write_tree};

/// How many configurations are compared.
const CONFIGURATIONS: u32 = 200;

/// Compares random configurations in `work`, below the packages of npm. `SEED` in the environment
/// makes others.
#[allow(clippy::print_stdout)]
pub fn random_configurations_are_those_of_amplify(work: &Path) {
    let seed: u64 = std::env::var("SEED").map_or(1, |seed| seed.parse().expect("a number"));
    println!("SEED={seed}");
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let strategy = configuration();
    let mut apps = Vec::new();
    while apps.len() < repeated(CONFIGURATIONS) as usize {
        let configuration = strategy.new_tree(&mut runner).expect("a configuration").current();
        let app = work.join(apps.len().to_string());
        write(&app, &configuration);
        if read(&app).diagnostics.is_empty() {
            apps.push(app);
        }
    }
    synthesize(&apps);
    let differences = differences();
    let mut different = String::new();
    let mut compared = 0;
    for app in &apps {
        let reference = without_differences(merged(&app.join("cdk.out")), &differences);
        let (count, found) = compare(&reference, &template(app), &differences);
        compared += count;
        if !found.is_empty() {
            let _ = writeln!(different, "{}:\n{}", app.display(), found.join("\n"));
        }
    }
    println!("{compared} properties of {} configurations were compared", apps.len());
    assert!(different.is_empty(), "SEED={seed}\n{different}");
    assert!(compared > 100 * apps.len(), "they are too much alike");
}

/// Has Amplify synthesize the apps, in one process.
fn synthesize(apps: &[PathBuf]) {
    let directory = repository().join("interop/amplify");
    let mut node = Command::new("node");
    node.args(["--import", "tsx", "synth.mjs"]).args(apps).current_dir(directory);
    succeed(node.env("ONLY_TEMPLATES", "1"));
}

/// Writes a configuration in both languages.
fn write(app: &Path, (auth, functions): &Configuration) {
    let mut files = vec![
        ("amplify/package.json".to_owned(), "{ \"type\": \"module\" }\n".to_owned()),
        ("amplify/handler.ts".to_owned(), "export const handler = async () => {};\n".to_owned()),
        ("amplify/backend.ts".to_owned(), backend_ts(auth, functions)),
        ("amplify/auth/resource.ts".to_owned(), auth_ts(auth, functions)),
        ("amplify/auth/resource.toml".to_owned(), toml::to_string(auth).expect("TOML")),
    ];
    for (name, function) in functions {
        let path = |extension| format!("amplify/auth/{name}/resource.{extension}");
        let mut typescript = function.clone();
        let table = typescript.as_object_mut().expect("a table");
        if let Some(variables) = table.get_mut("environment").and_then(Value::as_object_mut) {
            variables.retain(|name, _| !name.ends_with("_USERPOOL_ID"));
        }
        table.insert("entry".to_owned(), "../../handler.ts".into());
        table.insert("name".to_owned(), (*name).into());
        let text = format!(
            "import {{ defineFunction, secret }} from '@aws-amplify/backend';\n\
             export const fn = defineFunction({});\n",
            typescript_of("", &typescript, functions)
        );
        files.push((path("ts"), text));
        files.push((path("toml"), toml::to_string(function).expect("TOML")));
    }
    write_tree(app, &files.into_iter().map(|(path, text)| (path, text.into_bytes())).collect());
}

/// The name of a function in TypeScript.
fn identifier(name: &str, functions: &[(&'static str, Value)]) -> String {
    let index = functions.iter().position(|(other, _)| *other == name).expect("a function");
    format!("f{index}")
}

fn imports(functions: &[(&'static str, Value)], from: &str) -> String {
    let import = |(name, _): &(&str, Value)| {
        let identifier = identifier(name, functions);
        format!("import {{ fn as {identifier} }} from '{from}/{name}/resource';\n")
    };
    functions.iter().map(import).collect()
}

fn auth_ts(auth: &Value, functions: &[(&'static str, Value)]) -> String {
    format!(
        "import {{ defineAuth, secret }} from '@aws-amplify/backend';\n{}\
         export const auth = defineAuth({});\n",
        imports(functions, "."),
        typescript_of("", auth, functions)
    )
}

/// With the event version, which `defineAuth` cannot say.
fn backend_ts(auth: &Value, functions: &[(&'static str, Value)]) -> String {
    let members = functions.iter().map(|(name, _)| format!(", {}", identifier(name, functions)));
    let mut text = format!(
        "import {{ defineBackend }} from '@aws-amplify/backend';\n\
         import {{ auth }} from './auth/resource';\n{}\
         const backend = defineBackend({{ auth{} }});\n",
        imports(functions, "./auth"),
        members.collect::<String>()
    );
    let trigger = &auth["triggers"]["preTokenGeneration"];
    if let Some(version) = trigger["eventVersion"].as_str() {
        let handler = identifier(trigger["handler"].as_str().expect("a name"), functions);
        let _ = writeln!(
            text,
            "backend.auth.resources.cfnResources.cfnUserPool.addPropertyOverride(\
             'LambdaConfig.PreTokenGenerationConfig', {{ LambdaVersion: '{version}', \
             LambdaArn: backend.{handler}.resources.lambda.functionArn }});"
        );
    }
    text
}

/// A value as Amplify takes it, where `key` has it.
fn typescript_of(key: &str, value: &Value, functions: &[(&'static str, Value)]) -> String {
    match (key, value) {
        ("triggers", Value::Object(triggers)) => {
            let trigger = |(name, target): (&String, &Value)| {
                let handler = target.as_str().or(target["handler"].as_str()).expect("a name");
                format!("{name}: {}", identifier(handler, functions))
            };
            format!("{{ {} }}", triggers.iter().map(trigger).collect::<Vec<_>>().join(", "))
        }
        ("access", Value::Array(access)) => {
            let allow = |access: &Value| {
                let name = access["resource"].as_str().expect("a name");
                format!("allow.resource({}).to({})", identifier(name, functions), access["to"])
            };
            format!("(allow) => [{}]", access.iter().map(allow).collect::<Vec<_>>().join(", "))
        }
        ("handler", Value::String(name)) => identifier(name, functions),
        (
            "verificationEmailBody" | "verificationMessage" | "smsMessage" | "emailBody",
            Value::String(_),
        ) => format!("(placeholder) => (placeholder('Go'), {value})"),
        (_, Value::Object(object)) if object.contains_key("secret") => {
            format!("secret({})", object["secret"])
        }
        (_, Value::Object(object)) => {
            let member = |(key, value): (&String, &Value)| {
                format!("{}: {}", json!(key), typescript_of(key, value, functions))
            };
            format!("{{ {} }}", object.iter().map(member).collect::<Vec<_>>().join(", "))
        }
        (_, Value::Array(array)) => {
            let items = array.iter().map(|item| typescript_of("", item, functions));
            format!("[{}]", items.collect::<Vec<_>>().join(", "))
        }
        _ => value.to_string(),
    }
}
