//! `run`: the app, built and opened beside its sandbox.

use crate::build::build;
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
