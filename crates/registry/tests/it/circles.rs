//! No file of the crate needs, by whatever detour, a file that needs it.

use std::path::Path;
use testkit::imports;

#[test]
fn imports_go_in_no_circle() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let graph = imports::read(&src).unwrap();
    assert!(
        graph.contains_key(Path::new("transport/mod.rs")) && graph.len() > 20,
        "too little was read: {graph:?}"
    );
    let circle = imports::find_circle(&graph);
    assert_eq!(circle, None, "each of these imports the next");
}
