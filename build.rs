//! Rebuilds the crate when a scaffold changes: `include_dir` does not watch its folder by itself.

fn main() {
    println!("cargo:rerun-if-changed=scaffolds");
}
