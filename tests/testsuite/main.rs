//! The tests of the whole program. Most are data: see `tests/cases` and `cases.rs`.

#![allow(missing_docs)]

mod cases;
mod documents;
mod generated;
mod interrupts;
mod kinds;
mod mutations;
mod package;
mod processes;
mod properties;
mod reference;
mod refused;
mod runtime_api;
mod scaffolds;
mod support;
mod typescript;
mod typescript_mutations;
