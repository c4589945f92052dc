//! Runs events on functions, one after the other, each in a new environment.

use std::collections::BTreeMap;

use super::build::{RunOptions, build_functions};
use super::event::Event;
use super::functions::LocalFunction;
use super::report::{Report, locate, run_event};
use crate::error::Result;
use crate::process::block_on;
use crate::project::Project;

/// An event for a function.
#[derive(Debug)]
pub struct Call<'a> {
    pub function: &'a LocalFunction,
    /// The name of the sample event that it is, if it is one.
    pub sample: Option<String>,
    pub event: Event,
}

/// All sample events of the functions, in the order of their names.
pub fn samples<'a>(functions: &[&'a LocalFunction], project: &Project) -> Result<Vec<Call<'a>>> {
    let mut calls = Vec::new();
    for &function in functions {
        for name in function.samples(project)? {
            let event = function.sample(project, &name)?;
            calls.push(Call { function, sample: Some(name), event });
        }
    }
    Ok(calls)
}

/// Builds the functions, those of a workspace in one run of Cargo, and makes the calls.
///
/// # Errors
/// When a function cannot be built or started, and on Ctrl-C.
pub fn run(calls: &[Call], project: &Project, options: &RunOptions) -> Result<Vec<Report>> {
    let functions: BTreeMap<_, _> =
        calls.iter().map(|call| (call.function.name.as_str(), call.function)).collect();
    let functions: Vec<_> = functions.into_values().collect();
    let built = build_functions(project, &functions, options)?;
    let mut deployments = BTreeMap::new();
    for (function, built) in functions.iter().zip(built) {
        deployments.insert(&function.name, function.deployment(built?.binary, &options.variables));
    }
    block_on(async {
        let mut reports = Vec::new();
        for Call { function, sample, event } in calls {
            let mut report = run_event(&deployments[&function.name], event.clone()).await?;
            report.sample.clone_from(sample);
            locate(&mut report, &function.directory, project)?;
            reports.push(report);
        }
        Ok(reports)
    })
}
