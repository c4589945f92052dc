//! Build steps in `amplify.yml`: each edit adds its lines and nothing else, and can be reversed.

use cargo_amplify::edit::{add_build_steps, remove_build_steps};

tests![
    steps_go_before_the_others_and_comments_stay,
    of_several_applications_it_is_the_one_with_the_root,
    a_block_may_be_the_first_command,
    only_commands_of_the_backend_go,
    what_has_no_such_list_is_refused,
];

const APP: &str = "# mine\nversion: 1\nbackend: # äö\n  phases:\n    build:\n      commands:\n\
    \x20       # install\n        - npm ci # all\n        - \"npx ampx pipeline-deploy\"\n\
    frontend:\n  phases:\n    build:\n      commands: [npm run build]\n";

fn steps() -> Vec<String> {
    ["curl -sSf https://example.com | sh", ". \"$HOME/.cargo/env\""].map(str::to_owned).to_vec()
}

fn steps_go_before_the_others_and_comments_stay() {
    let (edited, added) = add_build_steps(APP, "", &steps()).expect("edited");
    assert_eq!(added, steps());
    let lines =
        "        - curl -sSf https://example.com | sh\n        - '. \"$HOME/.cargo/env\"'\n";
    assert_eq!(edited, APP.replace("        # install", &format!("{lines}        # install")));
    assert_eq!(
        add_build_steps(&edited, "", &steps()).expect("unchanged"),
        (edited.clone(), Vec::new())
    );
    assert_eq!(remove_build_steps(&edited, &steps()), APP);
    let windows = APP.replace('\n', "\r\n");
    let (edited, _) = add_build_steps(&windows, "", &steps()).expect("edited");
    assert_eq!(edited.matches('\n').count(), edited.matches("\r\n").count());
}

fn of_several_applications_it_is_the_one_with_the_root() {
    let app = |root: &str| {
        let backend = "    backend:\n      phases:\n        build:\n          commands:\n            - npm ci\n";
        format!("  - {}    appRoot: {root}\n", backend.trim_start())
    };
    let text = format!("version: 1\napplications:\n{}{}", app("apps/web"), app("./apps/api/"));
    let (edited, added) = add_build_steps(&text, "apps/api", &steps()).expect("edited");
    let (web, api) = edited.split_at(edited.find("apps/web").expect("there"));
    assert!(!web.contains("curl") && api.contains("curl"), "{edited}");
    assert_eq!(remove_build_steps(&edited, &added), text);
    assert!(add_build_steps(&text, "apps/other", &steps()).is_err());
}

fn a_block_may_be_the_first_command() {
    let app = APP.replace("- npm ci # all", "- |\n          npm ci\n          echo done");
    let (edited, _) = add_build_steps(&app, "", &steps()).expect("edited");
    assert!(edited.contains("env\"'\n        # install\n        - |\n"), "{edited}");
    assert_eq!(remove_build_steps(&edited, &steps()), app);
}

fn only_commands_of_the_backend_go() {
    let app = APP.replace("[npm run build]", "\n        - . x\n        # - . x\n");
    let (edited, _) = add_build_steps(&app, "", &[". x".to_owned()]).expect("edited");
    assert_ne!(edited, app);
    assert_eq!(remove_build_steps(&edited, &[". x".to_owned()]), app);
}

fn what_has_no_such_list_is_refused() {
    for text in [
        "",
        "version: 1\n",
        "backend:\n  phases:\n    build:\n      commands: [npm ci]\n",
        "backend:\n  phases:\n    build:\n      commands: []\n",
        &format!("applications:\n  - backend: &a {{}}\n  - {}", APP.replace('\n', "\n    "))
            .repeat(2),
    ] {
        assert!(add_build_steps(text, "", &steps()).is_err(), "{text}");
    }
    let refusal = add_build_steps("a: [", "", &steps()).expect_err("no YAML");
    assert!(refusal.to_string().starts_with("is not YAML: "), "{refusal}");
}
