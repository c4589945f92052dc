//! `invoke` and `serve`.

use std::path::PathBuf;

use clap::Args;

use super::{candidates, examples};

const VERDICTS: &str = "\
A verdict says what Cognito makes of the reply:
  accepted                Cognito accepts it
  accepted with warnings  Cognito accepts it, but it may not do what you meant; or Cognito may
                          reject it, but no source says so
  rejected                Cognito rejects it, or the handler failed or took too long
The exit code is 1 if a reply is rejected, and 4 if one differs from the recorded reply to its
sample event; a recorded rejection is expected. docs/verdicts.md lists the rules and their evidence.
";

const EXAMPLES: [&str; 4] = [
    "invoke pre-token-generation --group admins --user-attribute email=bob@example.com",
    "invoke pre-sign-up --sample PreSignUp_SignUp",
    "invoke --all",
    "invoke --all --bless",
];

/// Arguments of `invoke`.
#[derive(Debug, Args)]
#[command(after_help = format!("{VERDICTS}\n{}", examples(&EXAMPLES)))]
pub struct Invoke {
    /// The function to run [default: the project's only function]
    #[arg(add = candidates::functions())]
    pub function: Option<String>,

    /// File with the event, or `-` for standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["sample", "all", "trigger_source", "event_version"])]
    pub event: Option<PathBuf>,

    /// One of the sample events in the function's `events/`
    #[arg(
        long,
        value_name = "NAME",
        conflicts_with_all = ["all", "trigger_source", "event_version"],
        add = candidates::samples(),
    )]
    pub sample: Option<String>,

    /// Run all sample events, of all functions when none is named
    #[arg(long, conflicts_with_all = ["trigger_source", "event_version", "user_attribute", "group", "client_metadata", "scope"])]
    pub all: bool,

    /// Exit with 1 on warnings too
    #[arg(long)]
    pub deny_warnings: bool,

    /// Record the replies to all sample events in `replies/`, for `--all` to compare with
    ///
    /// Each event is run twice: what differs is recorded as `[varies]` and not compared.
    #[arg(long, requires = "all")]
    pub bless: bool,

    /// The event's `triggerSource` [default: the trigger's first source]
    #[arg(long, value_name = "SOURCE", add = candidates::sources())]
    pub trigger_source: Option<String>,

    /// Version of the event [default: what the wiring declares]
    #[arg(long, value_name = "VERSION", add = candidates::versions())]
    pub event_version: Option<String>,

    /// Attribute of the user; may be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    pub user_attribute: Vec<(String, String)>,

    /// Group of the user; may be repeated
    #[arg(long, value_name = "NAME")]
    pub group: Vec<String>,

    /// Entry of the app's `clientMetadata`; may be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    pub client_metadata: Vec<(String, String)>,

    /// Scope of the access token; may be repeated
    #[arg(long, value_name = "NAME")]
    pub scope: Vec<String>,

    /// How it is built and run.
    #[command(flatten)]
    pub running: Running,
}

/// Arguments of `serve`.
#[derive(Debug, Args)]
#[command(after_help = "\
An AWS SDK calls it with the endpoint that is printed, any region and any credentials:
  aws lambda invoke --endpoint-url http://127.0.0.1:9000 --function-name pre-sign-up …")]
pub struct Serve {
    /// Port to listen on; 0 takes a free one
    #[arg(long, default_value_t = 9000)]
    pub port: u16,

    /// How it is built and run.
    #[command(flatten)]
    pub running: Running,
}

/// How handlers are built and run.
#[derive(Debug, Args)]
pub struct Running {
    /// Environment variable to pass to handlers; no others are passed (repeatable)
    ///
    /// Without a value, the current one is passed. Handlers get the variables that Lambda sets,
    /// those in `resource.toml`, your AWS settings (`AWS_*`), PATH, HOME, RUST_LOG, RUST_BACKTRACE,
    /// and the settings for proxies and certificates. Others are not passed.
    #[arg(long, value_name = "NAME[=VALUE]")]
    pub env: Vec<String>,

    /// Build and run as deployed
    #[arg(long)]
    pub release: bool,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write it as NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}
