//! The tests of the whole program. Most are data, and each directory of it is a test: see `cases`.
//!
//! `cargo test --test testsuite NAME` runs those whose names contain `NAME`.

#![allow(missing_docs)]

use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};

/// Tests that are functions, which panic when something is not so.
macro_rules! functions {
    ($($(#[$attribute:meta])* $name:ident),* $(,)?) => {{
        let mut tests = Vec::new();
        $(
            $(#[$attribute])*
            tests.push(crate::trial(module_path!(), stringify!($name), || {
                $name();
                Ok(())
            }));
        )*
        tests
    }};
}

/// The tests of a module that has no others.
macro_rules! tests {
    ($($names:tt)*) => {
        pub fn tests() -> Vec<libtest_mimic::Trial> {
            functions![$($names)*]
        }
    };
}

mod any_workspace;
mod ask;
mod binaries;
mod build_steps;
mod built;
mod cases;
mod choices;
#[cfg(target_os = "linux")]
mod completions;
mod documents;
mod event_types;
mod events;
mod families;
mod generated;
mod guarantees;
mod handler;
mod hostile;
mod hostile_serve;
mod in_ci;
mod interrupts;
mod invoke;
mod kinds;
mod logical_ids;
mod mutations;
mod names;
mod package;
mod parity;
mod processes;
mod properties;
mod reads;
mod reference;
mod refused;
mod registry;
mod replies;
mod repositories;
mod scaffolds;
mod schemas;
mod scripted;
mod serve;
mod settings;
mod shapes;
mod shared_target;
mod snapshots;
mod structure;
mod support;
mod texts;
mod tokens;
mod toml_edits;
mod typescript;
mod typescript_apps;
mod typescript_mutations;
mod usage;
mod verdicts;
mod verify;
mod workspaces;

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // A directory is named with hyphens, a test with underscores; either finds it.
    let filters = arguments.filter.iter_mut().chain(&mut arguments.skip);
    filters.for_each(|filter| *filter = filter.replace('-', "_"));
    // Many wait for a process or a time limit: meanwhile others use the processor.
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    arguments.test_threads.get_or_insert(2 * processors);
    support::use_memory_for_temporary_files();
    // Those that take longest come first.
    let tests = [
        generated::build_tests(),
        kinds::tests(),
        package::tests(),
        processes::tests(),
        interrupts::tests(),
        hostile::tests(),
        invoke::tests(),
        events::tests(),
        families::tests(),
        replies::tests(),
        serve::tests(),
        shared_target::tests(),
        hostile_serve::tests(),
        verify::tests(),
        documents::tests(),
        in_ci::tests(),
        registry::tests(),
        repositories::tests(),
        properties::tests(),
        shapes::tests(),
        typescript_apps::tests(),
        any_workspace::tests(),
        workspaces::tests(),
        typescript_mutations::tests(),
        cases::tests(),
        choices::tests(),
        #[cfg(target_os = "linux")]
        completions::tests(),
        generated::tests(),
        typescript::tests(),
        parity::tests(),
        verdicts::tests(),
        logical_ids::tests(),
        ask::tests(),
        build_steps::tests(),
        binaries::tests(),
        names::tests(),
        guarantees::tests(),
        structure::tests(),
        reads::tests(),
        reference::tests(),
        refused::tests(),
        toml_edits::tests(),
        scaffolds::tests(),
        event_types::tests(),
        snapshots::tests(),
        schemas::tests(),
        settings::tests(),
        texts::tests(),
        tokens::tests(),
        usage::tests(),
    ];
    libtest_mimic::run(&arguments, tests.into_iter().flatten().collect()).exit_code()
}

/// A test by its module and name, in the spelling of function names.
fn trial(
    module: &str,
    name: &str,
    test: impl FnOnce() -> Result<(), String> + Send + 'static,
) -> Trial {
    let module = module.trim_start_matches("testsuite::");
    let name = format!("{module}::{name}").replace('-', "_");
    Trial::test(name, || test().map_err(Failed::from))
}
