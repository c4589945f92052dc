//! Whether files have changed, by their times and lengths.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use walkdir::{DirEntry, WalkDir};

/// A number that is another one when a file below `own` has changed, come or gone, or a source or
/// manifest elsewhere below `root`.
pub fn of(root: &Path, own: &Path) -> u64 {
    let mut hasher = DefaultHasher::new();
    let entries = WalkDir::new(root).sort_by_file_name().into_iter();
    for entry in entries.filter_entry(is_source).flatten() {
        let Ok(metadata) = entry.metadata() else {
            continue;
        };
        if metadata.is_file() && (is_code(entry.path()) || entry.path().starts_with(own)) {
            entry.path().hash(&mut hasher);
            metadata.len().hash(&mut hasher);
            metadata.modified().ok().hash(&mut hasher);
        }
    }
    hasher.finish()
}

fn is_code(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    matches!(extension, Some("rs" | "toml" | "lock"))
}

/// Leaves out hidden entries, packages of npm, and folders of Cargo, which marks them.
fn is_source(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    let is_root = entry.depth() == 0;
    let is_made = name == "node_modules"
        || (entry.file_type().is_dir() && entry.path().join("CACHEDIR.TAG").exists());
    is_root || !(name.starts_with('.') || is_made)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn sources_count_and_what_is_made_does_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        let write = |path: &str, text: &str| {
            let path = root.join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("created");
            fs::write(path, text).expect("written");
        };
        write("src/main.rs", "a");
        let of = || of(root, &root.join("amplify"));
        let first = of();
        write("notes.txt", "note");
        write("target/CACHEDIR.TAG", "tag");
        write("target/debug/out", "binary");
        write(".git/index", "index");
        write("node_modules/x/index.js", "x");
        assert_eq!(of(), first);
        write("src/main.rs", "ab");
        let second = of();
        assert_ne!(second, first);
        write("amplify/text.html", "");
        assert_ne!(of(), second);
    }
}
