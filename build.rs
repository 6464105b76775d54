//! Scenarios and snapshots are bundled: a new file there must rebuild the crate.
fn main() {
    println!("cargo:rerun-if-changed=scenarios");
    println!("cargo:rerun-if-changed=snapshots");
}
