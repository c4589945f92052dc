//! The steps of `new auth-trigger`, each by itself: `cargo bench --bench generator`.

#![allow(missing_docs)]

use std::fs;
use std::path::Path;

use cargo_amplify::apply::{Disk, apply, lock};
use cargo_amplify::catalog::{Answers, Catalog, Scaffold, render};
use cargo_amplify::edit::typescript::{self, Definer, DefinerKeys, Export};
use cargo_amplify::plan::{Decisions, Hosting, Plan, Request, build, patch};
use cargo_amplify::project::{Location, Project, StateDir, locate};
use divan::Bencher;
use tempfile::TempDir;

#[path = "support/apps.rs"]
mod apps;
#[path = "support/workspaces.rs"]
mod workspaces;

fn main() {
    divan::main();
}

fn scaffolds(catalog: &Catalog) -> Vec<(Scaffold, Answers)> {
    let scaffold = catalog.scaffold("pre-token-generation").expect("known");
    let answers = Answers::new(&scaffold, None, &Vec::new()).expect("valid");
    vec![(scaffold, answers)]
}

fn plan(catalog: &Catalog, root: &Path) -> (Project, Plan) {
    let state = StateDir::At(root.with_extension("state"));
    let location = Location { state, ..locate(Some(root), root).expect("a directory") };
    let project = Project::open(&location).expect("open");
    let request = Request {
        catalog,
        scaffolds: &scaffolds(catalog),
        login_with: None,
        wiring: None,
        hosting: Hosting::Leave,
        on_conflict: Decisions::NONE,
    };
    let plan = build(&request, &project).expect("planned");
    (project, plan)
}

#[divan::bench]
fn load_catalog() -> Catalog {
    Catalog::embedded()
}

#[divan::bench]
fn render_one(bencher: Bencher) {
    let catalog = Catalog::embedded();
    let scaffolds = scaffolds(&catalog);
    let (scaffold, answers) = &scaffolds[0];
    bencher.bench(|| render(&catalog, scaffold, answers).expect("rendered"));
}

#[divan::bench(args = [0, 1, 100, 1000])]
fn plan_beside_members(bencher: Bencher, members: usize) {
    let catalog = Catalog::embedded();
    let folder = workspaces::create(members);
    bencher.bench(|| plan(&catalog, folder.path()));
}

#[divan::bench]
fn diff(bencher: Bencher) {
    let folder = TempDir::new().expect("a directory");
    let (_, plan) = plan(&Catalog::embedded(), folder.path());
    bencher.bench(|| patch(&plan, folder.path()));
}

/// With all its syncing to disk.
#[divan::bench]
fn apply_to_empty_folder(bencher: Bencher) {
    let folder = TempDir::new().expect("a directory");
    let root = folder.path().join("root");
    let (project, plan) = plan(&Catalog::embedded(), &root);
    bencher.with_inputs(|| drop(fs::remove_dir_all(&root))).bench_values(|()| {
        let lock = lock(&root, &mut |_| {}).expect("locked");
        apply(&plan, &project, &lock, &mut Disk::new(&mut |_| Ok(()))).expect("written");
    });
}

/// `amplify/auth/resource.ts` of 1,000 lines: as Prettier breaks them, and as full as they get.
#[divan::bench(args = ["usual", "full"])]
fn wire_typescript(bencher: Bencher, lines: &str) {
    let text = match lines {
        "usual" => apps::usual_resource(),
        _ => apps::resource(992, |index| {
            format!(
                "    'custom:attribute{index}': {{ dataType: 'String', mutable: true }}, // {index}\n"
            )
        }),
    };
    let function = Export { name: "preSignUp", module: "./pre-sign-up/resource", extension: "" };
    let definer = Definer { what: "user pool", define: "defineAuth", reference: None };
    let hook = DefinerKeys { definer, keys: &["triggers", "preSignUp"] };
    bencher.bench(|| typescript::wire(&text, &function, &hook).expect("wired"));
}
