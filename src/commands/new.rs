//! `new`

use super::conflicts::decide;
use super::transaction::{carry_out, write};
use super::verify::verify;
use crate::catalog::{Answers, Catalog, Given, Input, Offer, Scaffold, check_input};
use crate::cli::New;
use crate::error::{Error, ErrorKind, Result};
use crate::plan::{Hosting, Request, build, default_name};
use crate::process::stop_on_interrupt;
use crate::project::{Location, Project};
use crate::ui::{Mode, Ui};

const DEFAULT_KIND: &str = "pre-token-generation";

/// Scaffolds a function and wires it.
pub fn new(arguments: &New, location: &Location, ui: &Ui) -> Result<()> {
    let catalog = location.catalog()?;
    let kind = match &arguments.kind {
        Some(kind) => kind.clone(),
        None => without_kind(arguments, &catalog.only(&arguments.family)?, ui)?,
    };
    let kind = kind.as_str();
    let scaffolds = catalog.find_in(&arguments.family, kind)?;
    if let (Some(name), [first, _, ..]) = (&arguments.name, scaffolds.as_slice()) {
        return Err(Error::usage(format!(
            "`--name {name}` names one function, and {kind} is several"
        ))
        .hint(format!("leave it out, or generate them one by one: `{}` first", first.name)));
    }
    if arguments.login_with.is_some() && scaffolds.iter().any(|it| it.trigger.is_none()) {
        return Err(Error::usage("`--login-with` is for the user pool, which does not call this"));
    }
    let provenance = scaffolds.iter().filter_map(|it| catalog.provenance(it));
    provenance.for_each(|note| ui.note(&note));
    let given = given(arguments, &scaffolds)?;
    // What is wrong on the command line is said before anything is looked at.
    for scaffold in &scaffolds {
        Answers::new(scaffold, arguments.name.as_deref(), &given).map_err(Error::into_usage)?;
    }
    let project = Project::open(location)?;
    let answered = || -> Result<Vec<_>> {
        let answer = |scaffold: Scaffold| {
            let name = match &arguments.name {
                Some(name) => name.clone(),
                None => default_name(&project, &scaffold)?,
            };
            let answers = Answers::new(&scaffold, Some(&name), &given)?;
            Ok((scaffold, answers))
        };
        catalog.find_in(&arguments.family, kind)?.into_iter().map(answer).collect()
    };
    let plan = |on_conflict| {
        let request = Request {
            catalog: &catalog,
            scaffolds: &answered()?,
            login_with: arguments.login_with,
            wiring: arguments.wiring,
            hosting: if arguments.amplify_yml { Hosting::Prepare } else { Hosting::Leave },
            on_conflict,
        };
        build(&request, &project)
    };
    let plan = || decide(arguments.on_conflict, ui, &plan);
    if arguments.verify {
        let verified =
            write(&project, ui, &plan, &|plan| verify(plan, &answered()?, &project, ui))?;
        ui.plan(&verified, Mode::Write);
        return Ok(());
    }
    carry_out(&project, Mode::new(arguments.dry_run), ui, &plan)
}

/// The kind of a family that the user picks, or else the default.
fn without_kind(arguments: &New, catalog: &Catalog, ui: &Ui) -> Result<String> {
    // Inputs are made for a kind already.
    if !ui.can_offer() || !given(arguments, &[])?.is_empty() {
        if !catalog.names().contains(&DEFAULT_KIND) {
            return Err(Error::usage(format!("which {}?", arguments.family))
                .hint(format!("name one of: {}", catalog.names().join(", "))));
        }
        ui.note(&format!("no trigger given; generating {DEFAULT_KIND}"));
        return Ok(DEFAULT_KIND.to_owned());
    }
    let offers = catalog.offers()?;
    let width = offers.iter().map(|offer| offer.name.len()).max().unwrap_or(0);
    let line = |Offer { name, purpose, .. }: &Offer| format!("{name:width$}  {purpose}");
    let lines: Vec<_> = offers.iter().map(line).collect();
    let first = offers.iter().position(|offer| offer.name == DEFAULT_KIND).unwrap_or(0);
    // From now on, Ctrl-C does not kill the process, which has hidden the cursor.
    stop_on_interrupt()?;
    match ui.pick("Which trigger?", &lines, first)? {
        Some(picked) => Ok(offers[picked].name.clone()),
        None => Err(ErrorKind::Interrupted.into()),
    }
}

/// The inputs that were given, with their own flags or with `--input`.
fn given(arguments: &New, scaffolds: &[Scaffold]) -> Result<Given> {
    let version = arguments.event_version.iter().map(|value| ("event-version", value.as_str()));
    let groups = arguments.group.iter().map(|value| ("group", value.as_str()));
    let claims = arguments.claim.iter().map(|value| ("claim", value.as_str()));
    let architecture = arguments.architecture.iter().map(|value| ("architecture", value.as_str()));
    let flags = version.chain(groups).chain(claims).chain(architecture);
    let mut given: Given = flags.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    for input in &arguments.input {
        let Some((name, value)) = input.split_once('=') else {
            scaffolds.iter().try_for_each(|scaffold| check_input(scaffold, input))?;
            let inputs = scaffolds.iter().flat_map(|scaffold| &scaffold.inputs);
            let values = inputs.filter(|known| known.name == *input).map(Input::values).next();
            return Err(Error::usage(format!("`--input {input}` has no value")).hint(
                match values {
                    Some(values) => format!("write `--input {input}=VALUE`, with one of: {values}"),
                    None => format!("write `--input {input}=VALUE`"),
                },
            ));
        };
        given.push((name.to_owned(), value.to_owned()));
    }
    Ok(given)
}
