//! Which function is called for each trigger, as far as the files agree.

use super::Backend;
use crate::catalog::Scaffold;
use crate::error::Result;
use crate::project::{Project, Record, Wired};

impl Backend {
    /// A file that cannot be parsed is a problem once.
    pub(super) fn read_wiring(&mut self, project: &Project, scaffold: &Scaffold) -> Result<()> {
        match project.wiring(scaffold) {
            Ok(wiring) => drop(self.wirings.insert(scaffold.name.clone(), wiring)),
            Err(error) if error.diagnostics().is_empty() => return Err(error),
            Err(error) => {
                let is_known = |path| self.diagnostics.iter().any(|known| known.path() == path);
                let new = error.diagnostics().iter().filter(|problem| !is_known(problem.path()));
                let new: Vec<_> = new.cloned().collect();
                self.diagnostics.extend(new);
            }
        }
        Ok(())
    }

    /// Of several scaffolds for a trigger, only one is wired: that of the function which is called, or
    /// else the one with the name of the trigger.
    pub(super) fn leave_one_scaffold(&mut self, record: &Record, scaffolds: &[Scaffold]) {
        let rank = |scaffold: &Scaffold, function: Option<&str>| {
            let function = function.and_then(|function| record.functions.get(function));
            match function {
                Some(function) if function.kind == scaffold.name => 0,
                _ if scaffold.has_name_of_trigger() => 1,
                _ => 2,
            }
        };
        for scaffold in scaffolds {
            let Some(function) = self.wired(scaffold).map(Wired::function) else {
                continue;
            };
            let own = (rank(scaffold, function), &scaffold.name);
            let is_same = |other: &&Scaffold| {
                other.wiring.key == scaffold.wiring.key
                    && other.family.resource.name == scaffold.family.resource.name
            };
            let mut others = scaffolds.iter().filter(is_same);
            if others.any(|other| (rank(other, function), &other.name) < own) {
                self.wirings.remove(&scaffold.name);
            }
        }
    }

    /// Reports functions that are called for a trigger and were generated for another.
    pub(super) fn check_kinds(&mut self, record: &Record, scaffolds: &[Scaffold]) {
        for scaffold in scaffolds {
            let kind = &scaffold.name;
            let Some(wired) = self.wired(scaffold) else {
                continue;
            };
            let name = wired.function().unwrap_or_default();
            let other = record.functions.get(name).filter(|function| function.kind != *kind);
            let Some(other) = other else {
                continue;
            };
            let message = format!("the function `{name}` is for {}, not for {kind}", other.kind);
            let right = record.functions_of(kind);
            let problem = match right.as_slice() {
                [] => wired.place.problem(message, "").hint(format!(
                    "make one: `{} --on-conflict overwrite`",
                    scaffold.new_command()
                )),
                right => {
                    let label = format!("did you mean `{}`?", right.join("` or `"));
                    wired.place.problem(message, label)
                }
            };
            self.diagnostics.push(problem);
            self.wirings.remove(kind);
        }
    }

    /// The function that is called for the trigger of a scaffold.
    pub(crate) fn wired(&self, scaffold: &Scaffold) -> Option<&Wired> {
        self.wirings.get(&scaffold.name)?.wired()
    }
}
