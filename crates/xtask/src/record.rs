//! `record`: what real engines say, written down anew for the tests that read it.

use crate::setup::{self, For};
use crate::{Done, places, shell};

/// Runs `cargo xtask record`.
pub fn record() -> Done {
    setup::prepare(For::Test)?;
    shell::step("record");
    let mut cargo = shell::cargo()?;
    cargo.args([
        "run",
        "--quiet",
        "--package",
        "testkit",
        "--bin",
        "record",
        "--",
    ]);
    let folder = places::root().join("crates/engine/streams");
    cargo.arg(&folder);
    shell::succeed(cargo)?;
    shell::say(&format!("The streams are in {}.", folder.display()));
    Ok(())
}
