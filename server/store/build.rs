//! Rebuilds the crate when a migration is added; those it knows are tracked anyway.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
