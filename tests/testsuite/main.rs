//! The tests of the whole program. Most are data: see `tests/cases` and `cases.rs`.

#![allow(missing_docs)]

mod ask;
mod built;
mod cases;
mod documents;
mod generated;
mod guarantees;
mod handler;
mod hostile;
mod interrupts;
mod invoke;
mod kinds;
mod mutations;
mod package;
mod parity;
mod processes;
mod properties;
mod reference;
mod refused;
mod registry;
mod scaffolds;
mod schemas;
mod serve;
mod support;
mod tokens;
mod typescript;
mod typescript_mutations;
mod verdicts;
mod verify;
