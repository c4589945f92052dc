//! Templates: handlebars, where an unknown variable is an error and nothing is escaped.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use handlebars::{
    Context, Handlebars, RenderContext, RenderError, Renderable, Template, TemplateError,
    handlebars_helper,
};
use serde_json::{Value, json};

use super::answers::Answers;
use super::scaffold::{FileRule, Scaffold};
use super::{Catalog, SCAFFOLD, SHARED, broken};
use crate::error::Result;

/// What a scaffold makes of the user's answers. Paths are relative to the project.
#[derive(Debug)]
pub struct Rendering {
    pub files: BTreeMap<String, String>,
    /// Files of the project that are created once and edited later.
    pub project: BTreeMap<String, String>,
    /// The value of the trigger in `amplify/auth/resource.toml`.
    pub wiring: String,
    /// The commands that Amplify Hosting runs before it builds the backend.
    pub build_steps: Vec<String>,
    pub notes: Vec<String>,
}

/// Fills in all templates of `scaffold`.
///
/// # Errors
/// When a template is wrong or uses a variable that there is none of: a mistake in the scaffold.
pub fn render(catalog: &Catalog, scaffold: &Scaffold, answers: &Answers) -> Result<Rendering> {
    let mut renderer = Renderer::new(catalog, scaffold, answers)?;
    let event_override = renderer.event_override(scaffold)?;
    let environment = renderer.environment(scaffold)?;
    let pool_actions = renderer.pool_actions(scaffold)?;
    let context = renderer.context.data_mut();
    context["event_override"] = event_override;
    context["environment"] = environment;
    context["pool_actions"] = pool_actions;
    let mut files = BTreeMap::new();
    for rule in &scaffold.shared.files {
        renderer.add(&[SHARED, &scaffold.name], rule, &mut files)?;
    }
    let own = [scaffold.name.as_str()];
    for rule in &scaffold.files {
        renderer.add(&own, rule, &mut files)?;
    }
    renderer.add(&own, &scaffold.event_files(), &mut files)?;
    let mut project = BTreeMap::new();
    let project_files = FileRule { from: "project".to_owned(), to: String::new(), when: None };
    renderer.add(&[SHARED], &project_files, &mut project)?;
    let inline = |text: &String| renderer.text(&scaffold.name, SCAFFOLD, text);
    let shared = |text: &String| renderer.text(SHARED, SCAFFOLD, text);
    let notes: Vec<_> = scaffold.notes.iter().map(inline).collect::<Result<_>>()?;
    Ok(Rendering {
        files,
        project,
        wiring: inline(&scaffold.wiring.value)?.trim().to_owned(),
        build_steps: scaffold.shared.build_steps.iter().map(shared).collect::<Result<_>>()?,
        notes: notes
            .iter()
            .map(|note| note.trim().to_owned())
            .filter(|note| !note.is_empty())
            .collect(),
    })
}

/// Fills in the sample events of `scaffold` alone, by their paths.
pub fn sample_events(
    catalog: &Catalog,
    scaffold: &Scaffold,
    answers: &Answers,
) -> Result<BTreeMap<String, String>> {
    let renderer = Renderer::new(catalog, scaffold, answers)?;
    let mut events = BTreeMap::new();
    renderer.add(&[&scaffold.name], &scaffold.event_files(), &mut events)?;
    Ok(events)
}

struct Renderer<'a> {
    catalog: &'a Catalog,
    context: Context,
    handlebars: Handlebars<'static>,
}

impl<'a> Renderer<'a> {
    /// Knows the helpers, and the partials of the scaffold and of its family that its templates
    /// name: parsing takes longer than all else.
    fn new(catalog: &'a Catalog, scaffold: &'a Scaffold, answers: &'a Answers) -> Result<Self> {
        let mut handlebars = Handlebars::new();
        handlebars.set_strict_mode(true);
        handlebars.register_escape_fn(handlebars::no_escape);
        handlebars.register_helper("toml", Box::new(toml));
        handlebars.register_helper("rust", Box::new(rust));
        handlebars.register_helper("snake", Box::new(snake));
        handlebars.register_helper("call", Box::new(call));
        let mut partials = HashMap::new();
        let mut texts = Vec::new();
        for owner in [SHARED, &scaffold.name] {
            for (path, text) in catalog.directory(&format!("{owner}/")) {
                match path.strip_prefix("partials/") {
                    Some(name) => {
                        partials.insert(name.trim_end_matches(".hbs"), (owner, path, text));
                    }
                    None => texts.push(text),
                }
            }
        }
        while let Some(text) = texts.pop() {
            for (name, (owner, path, text)) in partials.extract_if(|name, _| text.contains(*name)) {
                let partial = parsed(text).map_err(|error| broken(owner, path, &error))?;
                let mut partial = Template::clone(&partial);
                partial.name = Some(name.to_owned());
                handlebars.register_template(name, partial);
                texts.push(text);
            }
        }
        Ok(Self {
            catalog,
            context: Context::from(Value::Object(answers.context().clone())),
            handlebars,
        })
    }

    /// What a function in TypeScript has to set itself of the user pool; null for nothing.
    fn event_override(&self, scaffold: &Scaffold) -> Result<Value> {
        let wiring = &scaffold.wiring;
        let (Some(rule), Some(property)) = (&wiring.r#override, scaffold.versioned_property())
        else {
            return Ok(Value::Null);
        };
        let [version, comment] =
            [&rule.version, &rule.comment].map(|text| self.text(&scaffold.name, SCAFFOLD, text));
        let (version, comment) = (version?, comment?);
        if version.is_empty() {
            return Ok(Value::Null);
        }
        // What `defineAuth` knows it also permits.
        let permission = wiring.define_auth().is_empty();
        Ok(json!({
            "property": property, "version": version, "comment": comment, "permission": permission,
        }))
    }

    /// The environment variables of the function: name, value, and the lines of the comment.
    fn environment(&self, scaffold: &Scaffold) -> Result<Value> {
        let mut variables = Vec::new();
        for rule in &scaffold.environment {
            if self.applies(&scaffold.name, rule.when.as_deref())? {
                let value = self.text(&scaffold.name, SCAFFOLD, &rule.value)?;
                let comment = self.text(&scaffold.name, SCAFFOLD, &rule.comment)?;
                let comment: Vec<_> = comment.trim().lines().collect();
                variables.push(json!({ "name": rule.name, "value": value, "comment": comment }));
            }
        }
        Ok(variables.into())
    }

    /// What the function may do with the user pool.
    fn pool_actions(&self, scaffold: &Scaffold) -> Result<Value> {
        match &scaffold.pool_permissions {
            Some(rule) if self.applies(&scaffold.name, rule.when.as_deref())? => {
                Ok(json!(rule.actions))
            }
            _ => Ok(json!([])),
        }
    }

    /// Adds the files of a rule to `files`, if it applies. The first owner is the one whose rule it is.
    fn add(
        &self,
        owners: &[&str],
        rule: &FileRule,
        files: &mut BTreeMap<String, String>,
    ) -> Result<()> {
        let owner = owners[0];
        let from = self.text(owner, SCAFFOLD, &rule.from)?;
        if owners.iter().all(|owner| self.files_in(owner, &from).next().is_none()) {
            let problem = format!("there is no directory `{from}` with files");
            return Err(broken(owner, SCAFFOLD, &problem));
        }
        if !self.applies(owner, rule.when.as_deref())? {
            return Ok(());
        }
        let to = self.text(owner, SCAFFOLD, &rule.to)?;
        for owner in owners {
            for (path, text) in self.files_in(owner, &from) {
                let (target, content) = match path.strip_suffix(".hbs") {
                    Some(target) => (target, self.text(owner, &format!("{from}/{path}"), text)?),
                    None => (path, text.to_owned()),
                };
                let target = format!("{to}/{}", self.text(owner, path, target)?);
                files.insert(target.trim_start_matches('/').to_owned(), content);
            }
        }
        Ok(())
    }

    /// What `when` says: without one, a rule applies.
    fn applies(&self, owner: &str, when: Option<&str>) -> Result<bool> {
        match self.text(owner, SCAFFOLD, when.unwrap_or("true"))?.as_str() {
            "true" => Ok(true),
            "false" => Ok(false),
            other => {
                let problem = format!("`when` comes to `{other}`, and not to `true` or `false`");
                Err(broken(owner, SCAFFOLD, &problem))
            }
        }
    }

    /// The files below a directory of a scaffold, by their path seen from it.
    fn files_in(
        &self,
        owner: &str,
        directory: &str,
    ) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        self.catalog.directory(&format!("{owner}/{directory}/"))
    }

    fn text(&self, owner: &str, file: &str, template: &str) -> Result<String> {
        if !template.contains("{{") {
            return Ok(template.to_owned());
        }
        parsed(template)
            .map_err(RenderError::from)
            .and_then(|template| {
                let mut scope = RenderContext::new(None);
                template.renders(&self.handlebars, &self.context, &mut scope)
            })
            .map_err(|error| broken(owner, file, &error))
    }
}

/// A template by its text, each of which is parsed once.
fn parsed(text: &str) -> Result<Arc<Template>, TemplateError> {
    static PARSED: Mutex<Option<HashMap<String, Arc<Template>>>> = Mutex::new(None);
    let mut known = PARSED.lock().unwrap_or_else(PoisonError::into_inner);
    let known = known.get_or_insert_default();
    if let Some(template) = known.get(text) {
        return Ok(Arc::clone(template));
    }
    let template = Arc::new(Template::compile(text)?);
    known.insert(text.to_owned(), Arc::clone(&template));
    Ok(template)
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
