//! Copies of a project that share a target directory each run their own handler.

use std::path::Path;

use serde_json::Value;

use crate::support::{builds_generated, cargo, program, read_tree, succeed, target, update_tree};

tests![copies_in_one_target_directory_run_their_own_handlers];

/// Cargo calls the second one built when the first is, since they are at one place of their
/// workspaces.
fn copies_in_one_target_directory_run_their_own_handlers() {
    let copies = ["acme", "globex"].map(|tenant| {
        let sandbox = tempfile::tempdir().expect("a directory");
        let claim = format!("--claim=tenant={tenant}");
        // No other test has a crate of this name there.
        let new = ["new", "auth-trigger", "-q", "--name", "shared-target", &claim];
        succeed(program().args(new).current_dir(sandbox.path()));
        // Always the same directory: Cargo keeps what it builds of each.
        let root = target().join("copies").join(tenant);
        update_tree(&root, &read_tree(sandbox.path()));
        drop(cargo(&root));
        (tenant, root)
    });
    for (tenant, root) in copies.iter().chain(&copies[..1]) {
        assert_eq!(claim(root), *tenant);
    }
}

fn claim(root: &Path) -> String {
    let mut command = program();
    let event = "TokenGeneration_Authentication";
    command.args(["invoke", "-q", "--format", "json", "--sample", event]).current_dir(root);
    let output = succeed(builds_generated(&mut command));
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let claims = &report["response"]["claimsOverrideDetails"]["claimsToAddOrOverride"];
    claims["tenant"].as_str().expect("a text").to_owned()
}
