//! `new`

use super::choices::{given, without_kind};
use super::conflicts::decide;
use super::transaction::{carry_out, write};
use super::verify::verify;
use crate::catalog::{Answers, Scaffold};
use crate::cli::New;
use crate::error::{Error, Result};
use crate::plan::{Hosting, Request, build, default_name};
use crate::project::{Location, Project};
use crate::ui::{Mode, Ui};

/// Scaffolds a function and wires it.
pub fn new(arguments: &New, location: &Location, ui: &Ui) -> Result<()> {
    let catalog = location.catalog()?;
    let kind = match &arguments.kind {
        Some(kind) => kind.clone(),
        None => without_kind(arguments, &catalog.only(&arguments.family)?, ui)?,
    };
    let kind = kind.as_str();
    let scaffolds = catalog.find_in(&arguments.family, kind, "new")?;
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
        catalog.find_in(&arguments.family, kind, "new")?.into_iter().map(answer).collect()
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
