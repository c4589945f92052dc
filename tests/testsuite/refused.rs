//! Every directory in `tests/refused` is a project with something wrong in its `resource.toml`, and
//! `problems` is all that is said about it, place by place: errors, then warnings. Those named
//! `err-…` are configurations that Amplify refuses too.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use cargo_amplify::catalog::{Catalog, Scaffold};
use cargo_amplify::model::Backend;
use cargo_amplify::project::{Project, locate};

use libtest_mimic::Trial;

use crate::cases::golden::golden_text;
use crate::cases::names_in;
use crate::cases::sandbox::call;
use crate::support::{repository, write_tree};
use crate::trial;

pub fn tests() -> Vec<Trial> {
    let test = |name: String| {
        let directory = repository().join("tests/refused").join(&name);
        trial("refused", &name, move || check(&directory))
    };
    let others = functions![
        what_is_never_called_is_said_with_the_template,
        what_is_never_called_is_said_of_an_app,
        what_cannot_be_parsed_is_a_finding,
        more_than_a_stack_can_have_is_refused,
        what_cannot_be_read_is_not_missing,
        a_directory_in_the_place_of_a_file_is_found,
    ];
    names_in("tests/refused").into_iter().map(test).chain(others).collect()
}

/// All scaffolds of the program.
pub fn scaffolds() -> Vec<Scaffold> {
    Catalog::embedded().scaffolds().expect("scaffolds")
}

/// Reads the backend of a project.
pub fn read(project: &Path) -> Backend {
    let location = locate(Some(project), project).expect("a directory");
    let project = Project::open(&location).expect("a workspace");
    Backend::read(&project, &scaffolds()).expect("readable files")
}

fn what_is_never_called_is_said_with_the_template() {
    let run = call(&repository().join("tests/refused/reach"), &["synth"]);
    let printed = String::from_utf8(run.err).expect("UTF-8");
    assert_eq!(run.code, 0, "{printed}");
    for warning in ["USER_PASSWORD_AUTH", "client_credentials", "links need a domain"] {
        assert!(printed.contains(warning), "{printed}");
    }
}

/// The warnings about an app whose `defineAuth` takes this, and whose `backend.ts` has this code.
fn warnings(auth: &str, code: &str) -> Vec<String> {
    let sandbox = tempfile::tempdir().expect("a directory");
    let functions = [
        ("userMigration", "user-migration"),
        ("inboundFederation", "inbound-federation"),
        ("createAuthChallenge", "create-auth-challenge"),
        ("defineAuthChallenge", "define-auth-challenge"),
        ("preTokenGeneration", "pre-token-generation"),
    ];
    let import = |(name, module)| format!("import {{ {name} }} from './auth/{module}/resource';\n");
    let imports: String = functions.into_iter().map(import).collect();
    let amplify = "from '@aws-amplify/backend';\n";
    let files = [
        (
            "amplify/auth/resource.ts",
            format!(
                "import {{ defineAuth }} {amplify}{}export const auth = defineAuth({{ {auth} }});\n",
                imports.replace("./auth/", "./")
            ),
        ),
        (
            "amplify/backend.ts",
            format!(
                "import {{ defineBackend }} {amplify}import {{ auth }} from './auth/resource';\n\
                 {imports}const backend = defineBackend({{ auth, inboundFederation }});\n{code}\n"
            ),
        ),
        (
            "amplify/auth/inbound-federation/resource.ts",
            "pool.addPropertyOverride('LambdaConfig.InboundFederation', {});\n".to_owned(),
        ),
    ];
    let is_needed = |file: &&(&str, String)| {
        code.contains("federation") || !file.0.contains("inbound-federation")
    };
    let tree = files.iter().filter(is_needed);
    let tree = tree.map(|(path, text)| ((*path).to_owned(), text.clone().into_bytes()));
    write_tree(sandbox.path(), &tree.collect());
    read(sandbox.path()).warnings.into_iter().map(|warning| warning.message).collect()
}

/// As far as its code shows it: what only running it tells, or sets elsewhere, is no warning.
fn what_is_never_called_is_said_of_an_app() {
    const LINK: &str = "loginWith: { email: { verificationEmailStyle: 'LINK' } }";
    const MIGRATION: &str = "loginWith: { email: true }, triggers: { userMigration }";
    const CREATE: &str = "loginWith: { email: true }, triggers: { createAuthChallenge }";
    const TOKENS: &str = "loginWith: { email: true }, triggers: { preTokenGeneration }";
    const V3: &str = "pool.addPropertyOverride('LambdaConfig.PreTokenGenerationConfig', \
                      { LambdaVersion: 'V3_0' });";
    let body = |style, body| {
        format!(
            "loginWith: {{ email: {{ verificationEmailStyle: {style}, verificationEmailBody: {body} }}, \
             externalProviders: providers }}"
        )
    };
    let (code, link) =
        (body("'CODE'", "(code) => `Go {##here##}`"), body("'LINK'", "() => '{####}'"));
    let unclear = body("process.env.STYLE", "() => '{####}'");
    let call = body("'LINK'", "() => render('{####}')");
    let blank = body("'CODE'", "(code) => `Your\u{a0}code: ${code()}`");
    for (auth, code, expected) in [
        (LINK, "", Some("links need a domain")),
        (LINK, "backend.auth.resources.userPool.addDomain('domain', {});", None),
        (&LINK.replace("{ email", "{ externalProviders: providers, email"), "", None),
        (&LINK.replace("{ email", "{ ...more, email"), "", None),
        (&LINK.replace("'LINK'", "style"), "", None),
        (MIGRATION, "", Some("USER_PASSWORD_AUTH")),
        (MIGRATION, "cfnUserPoolClient.explicitAuthFlows = flows;", None),
        (MIGRATION, "userPool.addClient('app', { authFlows: { userPassword: true } });", None),
        (CREATE, "", Some("`defineAuthChallenge`, `verifyAuthChallengeResponse`")),
        (CREATE, "userPool.addTrigger(UserPoolOperation.DEFINE_AUTH_CHALLENGE, fn);", None),
        (&CREATE.replace("createAuth", "defineAuth"), "", None),
        (TOKENS, V3, Some("client_credentials")),
        (TOKENS, &V3.replace("V3", "V2"), None),
        (
            TOKENS,
            &format!(
                "{V3} userPool.addClient('m', {{ oAuth: {{ flows: {{ clientCredentials: true }} }} }});"
            ),
            None,
        ),
        ("loginWith: { email: true }", "// federation", Some("no identity provider")),
        (
            "loginWith: { email: true, externalProviders: { oidc: [], scopes: ['EMAIL'] } }",
            "// federation",
            Some("no identity provider"),
        ),
        ("loginWith: { email: true, externalProviders: { saml } }", "// federation", None),
        ("loginWith: { email: true }", "// federation\nnew CfnUserPoolIdentityProvider();", None),
        (&code, "", Some("`{##…##}` does not belong")),
        (&link, "", Some("`{####}` does not belong")),
        (&unclear, "", None),
        (&call, "", None),
        (&blank, "", Some("rejects the character '\\u{a0}'")),
        (&blank, "cfnUserPool.emailVerificationMessage = message;", None),
        (
            "loginWith: { email: true }, accountRecovery: 'PHONE_ONLY_WITHOUT_MFA'",
            "",
            Some("nobody can recover"),
        ),
        (
            "loginWith: { email: true, phone: true }, accountRecovery: 'PHONE_ONLY_WITHOUT_MFA'",
            "",
            None,
        ),
    ] {
        let warnings = warnings(auth, code);
        let is_expected = match expected {
            Some(expected) => warnings.len() == 1 && warnings[0].contains(expected),
            None => warnings.is_empty(),
        };
        assert!(is_expected, "{auth}\n{code}\n{warnings:?}");
    }
}

/// A rule that needs a setting says nothing where that is there with a mistake.
fn what_cannot_be_read_is_not_missing() {
    let login = "[loginWith]\nemail = true\n";
    let by_email = "[multifactor]\nmode = \"OPTIONAL\"\nemail = true\n";
    let ses = "[senders]\nemail = { fromEmail = \"a@example.com\" }\n";
    for (text, rule, expected) in [
        ("[loginWith]\n".to_owned(), "at least one of", true),
        ("[loginWith]\nemial = true\n".to_owned(), "at least one of", false),
        ("[loginWith]\nemail = \"yes\"\n".to_owned(), "at least one of", false),
        (format!("{login}[multifactor]\nmode = \"OPTIONAL\"\n"), "no second factor", true),
        (format!("{login}[multifactor]\nmode = \"OPTIONAL\"\ntop = true\n"), "no second", false),
        (format!("{login}{by_email}"), "codes by email need", true),
        (format!("{login}{by_email}[senders]\nemail = {{ fromEmail = 3 }}\n"), "need", false),
        (format!("{login}{by_email}{ses}"), "email alone recovers", true),
        (format!("accountRecovery = 1\n{login}{by_email}{ses}"), "email alone recovers", false),
    ] {
        let directory = tempfile::tempdir().expect("a directory");
        let auth = directory.path().join("amplify/auth");
        std::fs::create_dir_all(&auth).expect("created");
        std::fs::write(auth.join("resource.toml"), &text).expect("written");
        let problems = read(directory.path()).diagnostics;
        let is_told = problems.iter().any(|problem| problem.message.contains(rule));
        assert_eq!(is_told, expected, "{text}{problems:?}");
        assert!(!problems.is_empty(), "{text}");
    }
}

fn more_than_a_stack_can_have_is_refused() {
    let synth = |groups: usize| {
        let groups: Vec<_> = (0..groups).map(|number| format!("group{number}")).collect();
        let directory = tempfile::tempdir().expect("a directory");
        let auth = directory.path().join("amplify/auth");
        std::fs::create_dir_all(&auth).expect("created");
        let text = format!("groups = {groups:?}\n[loginWith]\nemail = true\n");
        std::fs::write(auth.join("resource.toml"), text).expect("written");
        call(directory.path(), &["synth"])
    };
    assert_eq!(synth(240).code, 0);
    let refused = synth(250);
    let printed = String::from_utf8(refused.err).expect("UTF-8");
    assert_eq!(refused.code, 1);
    assert!(printed.contains("506 resources") && printed.contains("remove groups"), "{printed}");
}

/// Of `check`, at its line, beside those of other files.
fn what_cannot_be_parsed_is_a_finding() {
    const FUNCTION: &str = "amplify/auth/pre-sign-up";
    let conflict = "<<<<<<< HEAD\n=======\n>>>>>>> other\n";
    for (file, added, expected) in [
        ("Cargo.toml".to_owned(), "x x\n", "--> Cargo.toml:1:3"),
        ("Cargo.toml".to_owned(), conflict, "has merge conflict markers"),
        (format!("{FUNCTION}/Cargo.toml"), "x x\n", "--> amplify/auth/pre-sign-up/Cargo.toml:1:3"),
        (format!("{FUNCTION}/Cargo.toml"), conflict, "pre-sign-up/Cargo.toml:1:1"),
        (format!("{FUNCTION}/generated.toml"), "x x\n", "pre-sign-up/generated.toml:1:3"),
        ("amplify/generated.toml".to_owned(), conflict, "--> amplify/generated.toml:1:1"),
        (
            "amplify/auth/resource.toml".to_owned(),
            "[userAttributes.custom:tenant]\n",
            "help: put the key in quotes, such as `\"custom:tenant\"`",
        ),
        ("amplify/auth/resource.toml".to_owned(), conflict, "--> amplify/auth/resource.toml:1:1"),
    ] {
        let sandbox = tempfile::tempdir().expect("a directory");
        let root = sandbox.path();
        assert_eq!(call(root, &["new", "auth-trigger", "pre-sign-up"]).code, 0);
        let before = fs::read_to_string(root.join(&file)).expect("a file");
        fs::write(root.join(&file), format!("{added}{before}")).expect("writable");
        let sample = format!("{FUNCTION}/events/broken.json");
        fs::write(root.join(sample), "{").expect("writable");
        let run = call(root, &["check"]);
        let printed = String::from_utf8(run.out).expect("UTF-8");
        assert_eq!(run.code, 4, "{file}: {printed}");
        assert!(printed.contains(expected), "{printed}");
        let is_one_of_several = file.starts_with(FUNCTION) && file.ends_with("Cargo.toml");
        assert!(!is_one_of_several || printed.contains("broken.json:1:"), "{printed}");
    }
}

/// All problems are reported at once, with their places.
fn check(directory: &Path) -> Result<(), String> {
    let mut problems = String::new();
    let backend = read(directory);
    for problem in backend.diagnostics.into_iter().chain(backend.warnings) {
        let (line, column) = problem.place.position();
        let _ = writeln!(problems, "{}:{line}:{column}", problem.path());
        let _ = writeln!(problems, "    {}", problem.message);
        let _ = writeln!(problems, "    {}", problem.label);
    }
    assert!(!problems.is_empty(), "nothing is wrong");
    golden_text(&directory.join("problems"), &problems)
}

fn a_directory_in_the_place_of_a_file_is_found() {
    for file in ["amplify/auth/resource.toml", "amplify/auth/f/resource.toml", "amplify/backend.ts"]
    {
        let directory = tempfile::tempdir().expect("a directory");
        fs::create_dir_all(directory.path().join(file).join("more")).expect("created");
        let run = call(directory.path(), &["check"]);
        let said = String::from_utf8_lossy(&[run.out, run.err].concat()).into_owned();
        assert!(run.code == 4 && said.contains("this is a directory"), "{file}: {said}");
        assert!(said.contains(file), "{said}");
    }
}
