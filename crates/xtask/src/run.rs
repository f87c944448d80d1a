//! `run`: the app, built and opened beside its sandbox.

use crate::setup::{self, For};
use crate::{Done, places, sandbox, shell, tour};

/// Runs `cargo xtask run`.
pub fn run() -> Done {
    if !places::has_display() {
        shell::say("No display: walking the main job on a virtual one instead.");
        return tour::tour();
    }
    setup::prepare(For::Run)?;
    build()?;
    shell::step("run");
    let sandbox = sandbox::start()?;
    let mut app = shell::program(places::built("longshore-app")?);
    app.env("LONGSHORE_SANDBOX", sandbox::facts());
    let done = shell::succeed(app);
    drop(sandbox);
    done
}

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
