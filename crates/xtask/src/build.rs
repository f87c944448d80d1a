//! The build that `run` and `tour` share.

use crate::{Done, shell};

/// Builds the interface, the app that embeds it, and the testkit's programs.
pub fn build() -> Done {
    shell::step("build");
    shell::succeed(shell::npm(&["run", "build"]))?;
    let mut cargo = shell::cargo()?;
    // Not this program itself: a running one can't be replaced everywhere.
    cargo.args([
        "build",
        "--workspace",
        "--exclude",
        "xtask",
        "--features",
        "custom-protocol",
    ]);
    shell::succeed(cargo)
}
