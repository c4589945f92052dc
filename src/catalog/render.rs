//! What a scaffold makes of the user's answers.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};

use super::answers::Answers;
use super::family::FileRule;
use super::scaffold::Scaffold;
use super::template::Templates;
use super::{Catalog, SCAFFOLD};
use crate::error::{ErrorKind, Result};

/// What a scaffold makes of the user's answers. Paths are relative to the project.
#[derive(Debug)]
pub struct Rendering {
    pub files: BTreeMap<String, String>,
    /// Files of the project that are created once and edited later.
    pub project: BTreeMap<String, String>,
    /// The value of the entry in the resource's own file.
    pub wiring: String,
    /// The commands that Amplify Hosting runs before it builds the backend.
    pub build_steps: Vec<String>,
    pub notes: Vec<String>,
    /// The files of the catalog that `files` and `project` are made from.
    pub sources: BTreeMap<String, String>,
}

/// Fills in all templates of `scaffold`.
///
/// # Errors
/// When a template is wrong or uses a variable that there is none of: a mistake in the scaffold.
pub fn render(catalog: &Catalog, scaffold: &Scaffold, answers: &Answers) -> Result<Rendering> {
    let mut renderer = Renderer::new(catalog, scaffold, answers);
    let event_override = renderer.event_override()?;
    let environment = renderer.environment()?;
    let pool_actions = renderer.pool_actions()?;
    renderer.templates.set("event_override", event_override);
    renderer.templates.set("environment", environment);
    renderer.templates.set("pool_actions", pool_actions);
    let (mut files, mut project) = (BTreeMap::new(), BTreeMap::new());
    let (own, shared) = (&*scaffold.directory(), &*scaffold.family.directory());
    let mut problems = Vec::new();
    let mut add = |owners: &[&str], rule: &FileRule, files: &mut _| {
        let Err(error) = renderer.add(owners, rule, files) else {
            return Ok(());
        };
        problems.extend_from_slice(error.diagnostics());
        if error.diagnostics().is_empty() { Err(error) } else { Ok(()) }
    };
    for rule in &scaffold.family.files {
        add(&[shared, own], rule, &mut files)?;
    }
    for rule in &scaffold.files {
        add(&[own], rule, &mut files)?;
    }
    add(&[own], &scaffold.event_files(), &mut files)?;
    let project_files = FileRule { from: "project".to_owned(), to: String::new(), when: None };
    add(&[shared], &project_files, &mut project)?;
    if !problems.is_empty() {
        return Err(ErrorKind::Invalid(problems).into());
    }
    let mut inline = |owner, texts: &[String]| -> Result<Vec<String>> {
        texts.iter().map(|text| renderer.text(owner, SCAFFOLD, text)).collect()
    };
    let notes = inline(own, &scaffold.notes)?;
    let build_steps = inline(shared, &scaffold.family.build_steps)?;
    let wiring = renderer.text(own, SCAFFOLD, &scaffold.wiring.value)?;
    let notes = notes.iter().map(|note| note.trim().to_owned());
    Ok(Rendering {
        files,
        project,
        wiring: wiring.trim().to_owned(),
        build_steps,
        notes: notes.filter(|note| !note.is_empty()).collect(),
        sources: renderer.sources,
    })
}

/// Fills in the sample events of `scaffold` alone, by their paths.
pub fn sample_events(
    catalog: &Catalog,
    scaffold: &Scaffold,
    answers: &Answers,
) -> Result<BTreeMap<String, String>> {
    let mut renderer = Renderer::new(catalog, scaffold, answers);
    let mut events = BTreeMap::new();
    renderer.add(&[&scaffold.directory()], &scaffold.event_files(), &mut events)?;
    Ok(events)
}

pub(super) struct Renderer<'a> {
    catalog: &'a Catalog,
    scaffold: &'a Scaffold,
    pub(super) templates: Templates<'a>,
    sources: BTreeMap<String, String>,
}

impl<'a> Renderer<'a> {
    pub(super) fn new(catalog: &'a Catalog, scaffold: &'a Scaffold, answers: &Answers) -> Self {
        let mut partials = HashMap::new();
        for owner in [scaffold.family.directory(), scaffold.directory()] {
            let files = catalog.directory(&format!("{owner}/partials/"));
            partials.extend(files.map(|(path, text)| (path.trim_end_matches(".hbs"), text)));
        }
        let context = Value::Object(answers.context().clone());
        let templates = Templates::new(context, partials);
        Self { catalog, scaffold, templates, sources: BTreeMap::new() }
    }

    /// What a function in TypeScript has to set itself of the user pool; null for nothing.
    fn event_override(&mut self) -> Result<Value> {
        let wiring = &self.scaffold.wiring;
        let (Some(rule), Some(property)) = (&wiring.r#override, self.scaffold.versioned_property())
        else {
            return Ok(Value::Null);
        };
        let own = &self.scaffold.directory();
        let [version, comment] =
            [&rule.version, &rule.comment].map(|text| self.text(own, SCAFFOLD, text));
        let (version, comment) = (version?, comment?);
        if version.is_empty() {
            return Ok(Value::Null);
        }
        // What `defineAuth` knows it also permits.
        let permission = wiring.define_keys().is_empty();
        Ok(json!({
            "property": property, "version": version, "comment": comment, "permission": permission,
        }))
    }

    /// The environment variables of the function: name, value, and the lines of the comment.
    fn environment(&mut self) -> Result<Value> {
        let own = &self.scaffold.directory();
        let mut variables = Vec::new();
        for rule in &self.scaffold.environment {
            if self.applies(own, rule.when.as_deref())? {
                let value = self.text(own, SCAFFOLD, &rule.value)?;
                let comment = self.text(own, SCAFFOLD, &rule.comment)?;
                let comment: Vec<_> = comment.trim().lines().collect();
                variables.push(json!({ "name": rule.name, "value": value, "comment": comment }));
            }
        }
        Ok(variables.into())
    }

    /// What the function may do with the user pool.
    fn pool_actions(&mut self) -> Result<Value> {
        match &self.scaffold.pool_permissions {
            Some(rule) if self.applies(&self.scaffold.directory(), rule.when.as_deref())? => {
                Ok(json!(rule.actions))
            }
            _ => Ok(json!([])),
        }
    }

    /// Adds the files of a rule to `files`, if it applies. The first owner is the one whose rule it is.
    fn add(
        &mut self,
        owners: &[&str],
        rule: &FileRule,
        files: &mut BTreeMap<String, String>,
    ) -> Result<()> {
        let catalog = self.catalog;
        let files_in = |owner: &str, from: &str| catalog.directory(&format!("{owner}/{from}/"));
        let owner = owners[0];
        let from = self.text(owner, SCAFFOLD, &rule.from)?;
        if owners.iter().all(|owner| files_in(owner, &from).next().is_none()) {
            let problem = format!("there is no directory `{from}` with files in `{owner}/`");
            return Err(catalog.invalid(owner, SCAFFOLD, &rule.from, problem));
        }
        if !self.applies(owner, rule.when.as_deref())? {
            return Ok(());
        }
        let to = self.text(owner, SCAFFOLD, &rule.to)?;
        for owner in owners {
            for (path, text) in files_in(owner, &from) {
                let source = format!("{from}/{path}");
                let (target, content) = match path.strip_suffix(".hbs") {
                    Some(target) => (target, self.text(owner, &source, text)?),
                    None => (path, text.to_owned()),
                };
                let target = format!("{to}/{}", self.text(owner, &source, target)?);
                let target = target.trim_start_matches('/').to_owned();
                let source = format!("{owner}/{source}");
                if let Some(other) = self.sources.get(&target)
                    && *other != source
                    && other.starts_with(&format!("{owner}/"))
                {
                    let problem = format!("`{target}` is also made from `{other}`");
                    return Err(catalog.invalid(owner, &source[owner.len() + 1..], "", problem));
                }
                files.insert(target.clone(), content);
                self.sources.insert(target, source);
            }
        }
        Ok(())
    }

    /// What `when` says: without one, a rule applies.
    fn applies(&mut self, owner: &str, when: Option<&str>) -> Result<bool> {
        let Some(when) = when else {
            return Ok(true);
        };
        match self.text(owner, SCAFFOLD, when)?.as_str() {
            "true" => Ok(true),
            "false" => Ok(false),
            other => {
                let problem = format!("`when` evaluates to `{other}`, not to `true` or `false`");
                Err(self.catalog.invalid(owner, SCAFFOLD, when, problem))
            }
        }
    }

    /// Fills in a template in a file of the catalog.
    fn text(&mut self, owner: &str, file: &str, template: &str) -> Result<String> {
        self.templates.fill(template).map_err(|faults| {
            let faults = faults
                .iter()
                .map(|fault| self.catalog.fault(self.scaffold, (owner, file), template, fault));
            ErrorKind::Invalid(faults.collect()).into()
        })
    }
}
