//! Cargo workspaces to measure in.

use std::fmt::Write;
use std::fs;

use tempfile::TempDir;

/// A workspace that lists `members` crates; an empty directory for none.
pub fn create(members: usize) -> TempDir {
    let folder = TempDir::new().expect("a directory");
    if members == 0 {
        return folder;
    }
    let mut manifest = "[workspace]\nresolver = \"3\"\nmembers = [\n".to_owned();
    for index in 0..members {
        let _ = writeln!(manifest, "    \"crates/member-{index:04}\",");
        let member = folder.path().join(format!("crates/member-{index:04}"));
        fs::create_dir_all(member.join("src")).expect("created");
        let text = format!(
            "[package]\nname = \"member-{index:04}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n"
        );
        fs::write(member.join("Cargo.toml"), text).expect("written");
        fs::write(member.join("src/lib.rs"), "").expect("written");
    }
    manifest.push_str("]\n");
    fs::write(folder.path().join("Cargo.toml"), manifest).expect("written");
    folder
}
