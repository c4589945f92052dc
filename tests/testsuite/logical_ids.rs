//! No logical ID is given twice, whatever things are called.

use std::collections::BTreeSet;

use cargo_amplify::synth::{Code, synthesize};
use heck::ToUpperCamelCase;
use proptest::prelude::*;
use proptest::sample::subsequence;
use serde_json::Value;

use crate::refused::{read, scaffolds};
use crate::support::{repeated, write_tree};

tests![names_that_are_alike_are_different_resources, an_id_is_that_of_a_name];

/// Names that are those of others with a suffix, or of resources that every template has.
const GROUPS: [&str; 5] = ["Admin", "admin", "a-b", "UserPool", "AdminGroup"];
const FUNCTIONS: [&str; 8] = [
    "admin-group",
    "a",
    "a-schedule",
    "a-schedule-schedule",
    "authenticated",
    "unauthenticated",
    "user-pool-sms",
    "custom-sender-key",
];
const SECRETS: [&str; 8] = [
    "USER_POOL",
    "UserPool",
    "user-pool",
    "ADMIN_GROUP",
    "A_ROLE",
    "A_SCHEDULE_1",
    "GOOGLE_PROVIDER",
    "API_KEY",
];
const PROVIDERS: [&str; 4] = ["Google", "a.b", "ab", "Saml"];

#[derive(Clone, Debug)]
struct Names {
    groups: Vec<&'static str>,
    functions: Vec<&'static str>,
    scheduled: Vec<&'static str>,
    secrets: Vec<&'static str>,
    providers: Vec<&'static str>,
}

fn names() -> impl Strategy<Value = Names> {
    let some = |names: &'static [&'static str]| subsequence(names, 0..=names.len());
    let parts =
        (some(&GROUPS), some(&FUNCTIONS), some(&FUNCTIONS), some(&SECRETS), some(&PROVIDERS));
    parts.prop_map(|(groups, functions, scheduled, secrets, providers)| Names {
        groups,
        functions,
        scheduled,
        secrets,
        providers,
    })
}

/// The template of a project with these names.
fn template(names: &Names) -> Value {
    let mut auth = format!("groups = {:?}\n[loginWith]\nphone = true\n", names.groups);
    let external = "[loginWith.externalProviders]\ncallbackUrls = [\"https://example.com\"]\n\
                    logoutUrls = [\"https://example.com\"]\n";
    auth += external;
    for name in names.providers.iter().filter(|name| name.len() > 2) {
        auth += &format!(
            "[[loginWith.externalProviders.oidc]]\nname = {name:?}\n\
             issuerUrl = \"https://example.com\"\n\
             clientId = {{ secret = \"API_KEY\" }}\nclientSecret = {{ secret = \"API_KEY\" }}\n"
        );
    }
    let mut files = vec![("amplify/auth/resource.toml".to_owned(), auth)];
    for name in &names.functions {
        let mut text = String::new();
        if names.scheduled.contains(name) {
            text += "schedule = [\"every day\", \"every week\"]\n";
        }
        text += "[logging]\nretention = \"1 day\"\n[environment]\n";
        for secret in &names.secrets {
            text += &format!("X{} = {{ secret = {secret:?} }}\n", text.len());
        }
        text += "[[permissions]]\nactions = [\"s3:GetObject\"]\nresources = [\"*\"]\n";
        files.push((format!("amplify/auth/{name}/resource.toml"), text));
    }
    let directory = tempfile::tempdir().expect("a directory");
    let files = files.into_iter().map(|(path, text)| (path, text.into_bytes())).collect();
    write_tree(directory.path(), &files);
    let backend = read(directory.path());
    assert_eq!(backend.diagnostics, []);
    let code = |_: &_| Ok(Code::Binary("asset".to_owned()));
    let auth = backend.auth.as_ref().expect("a user pool");
    synthesize(&backend, auth, &scaffolds(), &code).expect("a template").to_value()
}

/// The logical IDs of the resources of a type.
fn of_type<'a>(template: &'a Value, kind: &str) -> Vec<&'a str> {
    let resources = template["Resources"].as_object().expect("resources").iter();
    let resources = resources.filter(|(_, resource)| resource["Type"] == kind);
    resources.map(|(id, _)| id.as_str()).collect()
}

fn names_that_are_alike_are_different_resources() {
    let config =
        ProptestConfig { cases: repeated(64), failure_persistence: None, ..Default::default() };
    proptest!(config, |(names in names())| {
        let template = template(&names);
        let resources = template["Resources"].as_object().expect("resources");
        let scheduled = names.functions.iter().filter(|name| names.scheduled.contains(name)).count();
        // Both roles of the identity pool, that for SMS, and those of groups, functions, schedules.
        let roles = 3 + names.groups.len() + names.functions.len() + scheduled;
        prop_assert_eq!(of_type(&template, "AWS::IAM::Role").len(), roles);
        prop_assert_eq!(of_type(&template, "AWS::Scheduler::Schedule").len(), 2 * scheduled);
        for id in of_type(&template, "AWS::Lambda::Function") {
            let role = resources[id]["Properties"]["Role"]["Fn::GetAtt"][0].as_str().expect("a role");
            let trust = &resources[role]["Properties"]["AssumeRolePolicyDocument"]["Statement"][0];
            prop_assert_eq!(&trust["Principal"]["Service"], "lambda.amazonaws.com");
        }
        for id in of_type(&template, "AWS::Cognito::UserPoolGroup") {
            let role = resources[id]["Properties"]["RoleArn"]["Fn::GetAtt"][0].as_str();
            let trust = &resources[role.expect("a role")]["Properties"]["AssumeRolePolicyDocument"];
            prop_assert_eq!(&trust["Statement"][0]["Action"], "sts:AssumeRoleWithWebIdentity");
        }
        let mut secrets: BTreeSet<_> = names.secrets.iter().copied().collect();
        if names.functions.is_empty() {
            secrets.clear();
        }
        if names.providers.iter().any(|name| name.len() > 2) {
            secrets.insert("API_KEY");
        }
        let parameters = template["Parameters"].as_object().cloned().unwrap_or_default();
        let told: BTreeSet<_> = parameters.values().map(|parameter| {
            parameter["Description"].as_str().expect("a text").trim_start_matches("The secret ")
        }).collect();
        prop_assert_eq!(told, secrets);
        prop_assert!(parameters.keys().all(|id| !resources.contains_key(id)));
        let printed = template.to_string();
        prop_assert!(!printed.contains("\"secret "), "a parameter without a name: {}", printed);
    });
}

/// An ID depends on nothing but the name, unless another one has it.
fn an_id_is_that_of_a_name() {
    for name in FUNCTIONS.iter().filter(|name| !name.contains("auth") && !name.contains("sms")) {
        let [groups, scheduled, providers] = [vec![], vec![*name], vec![]];
        let names =
            Names { groups, functions: vec![name], scheduled, secrets: vec!["API_KEY"], providers };
        let template = template(&names);
        let pascal = name.to_upper_camel_case();
        for suffix in ["Role", "RolePolicy", "ScheduleRole", "Schedule1", "Function", "Logs"] {
            assert!(template["Resources"].get(format!("{pascal}{suffix}")).is_some(), "{template}");
        }
        assert!(template["Parameters"].get("ApiKey").is_some(), "{template}");
    }
}
