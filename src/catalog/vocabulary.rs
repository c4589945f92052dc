//! What templates can say: variables and helpers. A page of `docs/` is made from it.

use handlebars::{Handlebars, handlebars_helper};
use serde_json::Value;

/// The variables that every template has, besides its inputs.
pub const VARIABLES: [(&str, &str); 14] = [
    ("name", "The name of the function, its directory, its crate and its binary."),
    ("summary", "`summary` of `scaffold.toml`."),
    ("trigger", "The table `[trigger]` of `scaffold.toml`: `trigger.sources`, `trigger.docs` …"),
    ("wiring", "`toml`, or `typescript` in an Amplify app in TypeScript."),
    ("resource_file", "The file that declares the function: `resource.toml` or `resource.ts`."),
    ("membership", "`member` of a Cargo workspace, or `standalone`."),
    ("own_workspace", "Whether a crate that stands alone needs a `[workspace]` of its own."),
    ("target", "The path of Cargo's target directory, from the function's directory."),
    ("login_with", "What users sign in with: `email` or `phone`."),
    ("export", "The constant that `resource.ts` exports."),
    ("panics_abort", "Whether the workspace's release profile has `panic = \"abort\"`."),
    (
        "event_override",
        "What the definition of the user pool cannot say: its `property`, `version`, `comment`.",
    ),
    ("environment", "The variables of `[[environment]]`, each with `name`, `value`, `comment`."),
    ("pool_actions", "The actions of `[pool-permissions]`."),
];

/// The helpers that a template may use.
pub const HELPERS: [(&str, &str); 18] = [
    ("toml", "A string literal of TOML: `{{toml name}}`."),
    ("rust", "A string literal of Rust: `{{rust name}}`."),
    ("snake", "An identifier of Rust: `{{snake name}}`."),
    ("call", "A call that rustfmt leaves as it is: `{{call \"f(\" argument \");\"}}`."),
    ("if", "A block for a value that is set: `{{#if flag}} … {{else}} … {{/if}}`."),
    ("unless", "The opposite of `if`."),
    ("each", "A block for each item of a list: `{{this}}`, `{{this.name}}`, `{{@last}}`."),
    ("with", "A block that looks for names in a value."),
    ("lookup", "A member of a value by a name that is computed."),
    ("eq", "Whether two values are equal: `{{#if (eq wiring \"toml\")}}`."),
    ("ne", "Whether two values differ."),
    ("gt", "Whether a number is greater than another."),
    ("gte", "Whether a number is at least another."),
    ("lt", "Whether a number is less than another."),
    ("lte", "Whether a number is at most another."),
    ("and", "Whether two values are set."),
    ("or", "Whether one of two values is set."),
    ("not", "Whether a value is not set."),
];

/// Makes the helpers known that handlebars does not have.
pub fn register(handlebars: &mut Handlebars) {
    handlebars.register_helper("toml", Box::new(toml));
    handlebars.register_helper("rust", Box::new(rust));
    handlebars.register_helper("snake", Box::new(snake));
    handlebars.register_helper("call", Box::new(call));
}

handlebars_helper!(toml: |text: str| toml_edit::Value::from(text).to_string());
handlebars_helper!(rust: |text: str| literal(text));
handlebars_helper!(snake: |text: str| text.replace('-', "_"));
handlebars_helper!(call: |start: str, argument: Value, end: str| {
    let arguments: Vec<_> = match argument {
        Value::Array(items) => items.iter().filter_map(Value::as_str).map(literal).collect(),
        item => ["name", "value"].iter().filter_map(|key| item[key].as_str()).map(literal).collect(),
    };
    let line = arguments.join(", ");
    // A character beyond ASCII takes one or two columns. rustfmt accepts both forms where it matters.
    let columns: usize = line.chars().map(|character| 1 + usize::from(!character.is_ascii())).sum();
    if columns <= SHORT_ARGUMENTS {
        format!("{start}{line}{end}")
    } else {
        let lines: String = arguments.iter().map(|line| format!("        {line},\n")).collect();
        format!("{start}\n        //\n{lines}    {end}")
    }
});

fn literal(text: &str) -> String {
    format!("{text:?}")
}

/// Up to this many columns, rustfmt leaves arguments and arrays on one line.
const SHORT_ARGUMENTS: usize = 50;
