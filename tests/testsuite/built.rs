//! What `invoke` says in a project whose handlers are built: see `kinds.rs`.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::documents;
use crate::support::{builds_generated, cargo, program, read_tree, succeed};

/// The commands of the documents.
pub fn the_commands_of_the_documents_work(project: &Path) {
    for (variable, arguments) in documents::invoke_commands() {
        let mut command = program();
        command.args(arguments.split(' ')).arg("-q");
        command.envs(variable.as_deref().and_then(|variable| variable.split_once('=')));
        succeed(builds_generated(command.current_dir(project)));
    }
}

/// Every sample event of every function is run, and Cognito takes the reply.
pub fn every_sample_is_accepted(project: &Path) {
    let mut command = program();
    command.args(["invoke", "--all", "-q", "--format", "json"]);
    let output = succeed(builds_generated(command.current_dir(project)));
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let run = |run: &Value| {
        let text = |name: &str| run[name].as_str().expect("a text").to_owned();
        format!("amplify/auth/{}/events/{}.json", text("function"), text("sample"))
    };
    let runs: Vec<_> = report["runs"].as_array().expect("runs").iter().map(run).collect();
    let tree = read_tree(project);
    let samples: Vec<_> = tree.keys().filter(|path| path.contains("/events/")).collect();
    assert_eq!(runs.iter().collect::<Vec<_>>(), samples);
    for run in report["runs"].as_array().expect("runs") {
        let findings = run["verdict"]["findings"].as_array().expect("findings");
        let rules: Vec<_> = findings.iter().map(|finding| &finding["rule"]).collect();
        let expected = match run["function"].as_str() {
            // Its texts for e-mail need a pool that sends with Amazon SES, as its comments say.
            Some("custom-message") if writes_email(run) => vec!["email-needs-ses"],
            // Amplify's example puts the user into its group instead of their own.
            Some("pre-token-generation") if has_groups(run) => vec!["groups-lost"],
            // It asks no old directory until somebody names one.
            Some("user-migration") => vec!["no-attributes"],
            _ => vec![],
        };
        assert_eq!(rules, expected, "{run:#}");
    }
}

/// The tests of a generated crate agree with `invoke --all` on the replies that are recorded.
pub fn a_recorded_reply_is_expected_by_the_crates_own_test_too(project: &Path) {
    let name = "verify-auth-challenge-response";
    let folder = project.join("amplify/auth").join(name);
    let file = "VerifyAuthChallengeResponse_Authentication.json";
    let event = fs::read_to_string(folder.join("events").join(file)).expect("an event");
    let mut event: Value = serde_json::from_str(&event).expect("JSON");
    event["request"]["challengeAnswer"] = Value::Null;
    fs::write(folder.join("events/refused.json"), event.to_string()).expect("written");
    let pass = |expected: bool| {
        let mut all = program();
        builds_generated(all.args(["invoke", name, "--all"]).current_dir(project));
        let mut test = cargo(project);
        test.args(["test", "-p", name, "every_sample"]);
        for command in [&mut all, &mut test] {
            let output = command.output().expect("it runs");
            assert_eq!(output.status.success(), expected, "{command:?}: {output:?}");
        }
    };
    pass(false);
    let mut bless = program();
    bless.args(["invoke", name, "--all", "--bless", "-q"]).current_dir(project);
    succeed(builds_generated(&mut bless));
    pass(true);
    let path = folder.join("replies").join(file);
    for (answer, expected) in [(json!("[varies]"), true), (json!("changed"), false)] {
        let mut reply: Value =
            serde_json::from_slice(&fs::read(&path).expect("recorded")).expect("JSON");
        reply["response"]["answerCorrect"] = answer;
        fs::write(&path, reply.to_string()).expect("written");
        pass(expected);
    }
}

fn writes_email(run: &Value) -> bool {
    run["response"]["emailMessage"].is_string()
}

fn has_groups(run: &Value) -> bool {
    let groups = &run["event"]["request"]["groupConfiguration"]["groupsToOverride"];
    groups.as_array().is_some_and(|groups| !groups.is_empty())
}

/// The ID token is the one on Amplify's page "Override ID token claims".
pub fn the_token_is_that_of_amplifys_page(project: &Path) {
    let mut command = program();
    command.args(["invoke", "pre-token-generation", "-q", "--format", "json"]);
    let output = succeed(builds_generated(command.current_dir(project)));
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let page = json!({
        "cognito:groups": ["amplify_group_1"],
        "email_verified": true,
        "iss": "...",
        "cognito:username": "...",
        "origin_jti": "...",
        "amplfy_attribute": "amplify_gen_2",
        "aud": "...",
    });
    let token = &report["tokens"]["after"]["id"];
    for (name, value) in page.as_object().expect("claims") {
        if value == "..." {
            assert!(token[name].is_string(), "{name}: {token}");
        } else {
            assert_eq!(token[name], *value, "{name}");
        }
    }
    let before = &report["tokens"]["before"]["id"];
    for added in ["cognito:groups", "amplfy_attribute"] {
        assert_eq!(before[added], Value::Null, "{added}");
    }
}

/// What a person sees: the picture in the README.
pub fn the_picture_is_what_is_printed(project: &Path) {
    let arguments = ["invoke", "pre-token-generation", "-q", "--color", "always"];
    let with = ["--group", "admins", "--user-attribute", "email=bob@example.com"];
    let mut command = program();
    command.args(arguments).args(with).current_dir(project);
    let output = succeed(builds_generated(&mut command));
    let printed = String::from_utf8(output.stdout).expect("UTF-8");
    let (before, times) = printed.rsplit_once(" ms, after a start of ").expect("times");
    let (before, _) = before.rsplit_once('(').expect("a time");
    let (_, after) = times.split_once(" ms)").expect("a time");
    let printed = format!("{before}(0.9 ms, after a start of 2.8 ms){after}");
    let command = format!("$ cargo amplify invoke pre-token-generation {}", with.join(" "));
    let title = "cargo amplify invoke: the ID token before and after, and Cognito's verdict";
    documents::golden_picture(
        "docs/invoke.svg",
        title,
        &format!("{command}\n{}", cropped(&printed)),
    );
}

/// What changes in the ID token with a line around it, and the verdict; `…` stands for the rest.
fn cropped(printed: &str) -> String {
    let lines: Vec<_> = printed.lines().collect();
    let at = |text: &str| lines.iter().position(|line| line.contains(text)).expect("a line");
    let (id, access, verdict) = (at("ID token"), at("access token"), at("accepted"));
    let is_changed =
        |line: usize| [31, 32].iter().any(|colour| lines[line].contains(&format!("[{colour}m")));
    let is_shown = |line: usize| match line {
        line if line < id || (access..verdict).contains(&line) => false,
        line if line < access => {
            line <= id + 1 || (line - 1..=line + 1).any(|near| near < access && is_changed(near))
        }
        _ => true,
    };
    let shown = (0..lines.len()).map(is_shown).collect::<Vec<_>>();
    let mut text = String::new();
    for (line, is_shown) in shown.iter().enumerate() {
        if *is_shown {
            text += lines[line];
            text.push('\n');
        } else if line == 0 || shown[line - 1] {
            text += "    …\n";
        }
    }
    text
}

/// The level in `resource.toml`, by Lambda's names, is that from which the handler logs.
pub fn a_function_logs_from_its_level(project: &Path) {
    let resource = project.join("amplify/auth/pre-authentication/resource.toml");
    let text = fs::read_to_string(&resource).expect("a file");
    for (level, logs) in [("debug", true), ("info", true), ("error", false), ("fatal", false)] {
        let logging = format!("{text}\n[logging]\nformat = \"json\"\nlevel = \"{level}\"\n");
        fs::write(&resource, logging).expect("written");
        let mut command = program();
        command.args(["invoke", "pre-authentication", "-q", "--format", "json"]);
        command.env_remove("RUST_LOG").current_dir(project);
        let output = succeed(builds_generated(&mut command));
        let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!(report["log"].to_string().contains("sign-in"), logs, "{level}: {report:#}");
    }
    fs::write(&resource, text).expect("written");
}
