//! Tests of scaffolds.

use serde_json::json;

use super::plan::{coloured, json};
use super::{BOLD, CYAN, Mode, SCHEMA, Ui};
use crate::cli::Format;
use crate::error::counted;
use crate::plan::{Plan, patch};
use crate::program::command;
use crate::project::Scaffolds;

/// What would have to change for a case to be as accepted.
#[derive(Debug)]
pub struct Snapshot {
    pub case: String,
    pub plan: Plan,
}

impl Snapshot {
    /// Whether anything would have to change.
    pub fn differs(&self) -> bool {
        self.plan.writes()
    }
}

impl Ui {
    /// The cases of a set: how each differs from what was accepted, as a patch.
    pub fn snapshots(&self, snapshots: &[Snapshot], set: &Scaffolds) {
        if self.format == Format::Json {
            let cases = snapshots.iter().map(|it| {
                let mut changes = json(&it.plan, Mode::DryRun)["changes"].take();
                if let Some(changes) = changes.as_array_mut() {
                    changes.retain(|change| change["kind"] != "unchanged");
                }
                json!({ "case": it.case, "isAccepted": !it.differs(), "changes": changes })
            });
            let cases: Vec<_> = cases.collect();
            return self.data(&json!({ "schema": SCHEMA, "cases": cases }));
        }
        let different: Vec<_> = snapshots.iter().filter(|it| it.differs()).collect();
        for snapshot in &different {
            let patch = patch(&snapshot.plan, &self.current);
            self.streams().out.print_exactly(&patch.text, coloured);
            let accept = format!("scaffold test {} --bless{}", snapshot.case, set.argument());
            let accept = command(&accept);
            self.talk(&format!("{CYAN}hint:{CYAN:#} accept it with `{accept}`\n\n"));
        }
        let same = snapshots.len() - different.len();
        let cases = counted(snapshots.len(), "case");
        self.talk(&format!("{BOLD}{same} of {cases} as accepted.{BOLD:#}\n"));
    }
}
