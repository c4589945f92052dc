//! The tests of the whole program. Most are data: see `tests/cases` and `cases.rs`.

#![allow(missing_docs)]

mod built;
mod cases;
mod documents;
mod generated;
mod handler;
mod interrupts;
mod invoke;
mod kinds;
mod mutations;
mod package;
mod processes;
mod properties;
mod reference;
mod refused;
mod registry;
mod scaffolds;
mod serve;
mod support;
mod tokens;
mod typescript;
mod typescript_mutations;
mod verdicts;
