//! Every kind in every Amplify app of `tests/typescript`: `tests/typescript.txt` shows what becomes of
//! them. Nine of ten apps get each kind.

use std::fmt::Write;
use std::path::Path;

use libtest_mimic::Trial;

use crate::cases::golden::golden_text;
use crate::cases::names_in;
use crate::cases::sandbox::call;
use crate::support::{read_tree, repository, write_tree};
use crate::trial;

/// Apps that deploy no user pool of their own, or are broken: there is nothing to add a trigger to.
const WITHOUT_POOL: [&str; 9] = [
    "36-syntax-error",
    "59-no-define-auth",
    "88-spread-of-itself",
    "94-auth-not-deployed",
    "95-no-define-backend",
    "96-pool-of-another-stack",
    "97-pool-of-outputs",
    "105-misspelt-key",
    "107-commented-out",
];

/// The share of the other apps that get each kind.
const WANTED: f64 = 0.9;

const LEGEND: &str = "\
What `new auth-trigger` does for every kind in every app of tests/typescript:
  .  wires it
  s  switches to it with `--on-conflict overwrite`
  R  refuses, and says why
";

pub fn tests() -> Vec<Trial> {
    let test = trial("shapes", "nine_of_ten_apps_get_each_kind", nine_of_ten_apps_get_each_kind);
    vec![test.with_ignored_flag(true)]
}

fn nine_of_ten_apps_get_each_kind() -> Result<(), String> {
    let mut kinds = names_in("scaffolds/auth-trigger");
    kinds.retain(|kind| kind != "_shared");
    let mut table = format!("{LEGEND}\n");
    for (number, kind) in kinds.iter().enumerate() {
        let bars = "| ".repeat(number);
        let _ = writeln!(table, "{:36}{bars}{kind}", "");
    }
    let names = names_in("tests/typescript");
    let (without, with): (Vec<_>, Vec<_>) =
        names.into_iter().partition(|name| WITHOUT_POOL.contains(&name.as_str()));
    let mut row = |name: &String| {
        let outcomes: Vec<_> = kinds.iter().map(|kind| outcome(name, kind)).collect();
        let _ = writeln!(table, "{name:36}{}", outcomes.join(" "));
        outcomes
    };
    let rows: Vec<_> = with.iter().map(&mut row).collect();
    let share = |number: usize| {
        let got = rows.iter().filter(|outcomes| outcomes[number] != "R").count();
        got as f64 / rows.len() as f64
    };
    let shares: Vec<_> = (0..kinds.len()).map(share).collect();
    without.iter().for_each(|name| drop(row(name)));
    table.push('\n');
    for (kind, share) in kinds.iter().zip(&shares) {
        let _ = writeln!(table, "{kind:36}{:.0} % of {} apps", share * 100.0, rows.len());
    }
    golden_text(&repository().join("tests/typescript.txt"), &table)?;
    shares.iter().all(|share| *share >= WANTED).then_some(()).ok_or(table)
}

fn outcome(name: &str, kind: &str) -> &'static str {
    let sandbox = tempfile::tempdir().expect("a directory");
    let root = sandbox.path().join("repo");
    write_tree(&root, &read_tree(&repository().join("tests/typescript").join(name).join("before")));
    let is_done = |more: &[&str]| new(&root, kind, more);
    if is_done(&[]) {
        "."
    } else if is_done(&["--on-conflict", "overwrite"]) {
        "s"
    } else {
        "R"
    }
}

fn new(root: &Path, kind: &str, more: &[&str]) -> bool {
    let arguments = ["new", "auth-trigger", kind, "--dry-run", "--quiet"];
    call(root, &[&arguments[..], more].concat()).code == 0
}
