//! `bench`: figures for what one waits for.

use std::fs;

use crate::build::build;
use crate::setup::{self, For};
use crate::{Done, places, shell};

/// The profile the backend is measured with: the product's optimisation, without its long link.
const PROFILE: &str = "bench-app";

/// Runs `cargo xtask bench timeline`: what opening a large repository costs.
pub fn timeline() -> Done {
    setup::programs(For::Run)?;
    shell::step("bench timeline");
    let figures = places::below_target("bench").join("timeline.json");
    let mut cargo = shell::cargo()?;
    cargo.args(["run", "--quiet", "--profile", PROFILE]);
    cargo.args(["--package", "app", "--example", "bench_timeline", "--"]);
    cargo.arg(&figures);
    shell::succeed(cargo)?;
    shell::say(&format!("The figures are in {}.", figures.display()));
    Ok(())
}

/// Runs `cargo xtask bench frames`: how evenly the real window scrolls a long timeline, beside a plain list in the same
/// window. The UI is the product's either way, so the app is the one every other command builds.
pub fn frames() -> Done {
    if !cfg!(target_os = "linux") {
        return Err("The frames need a driver for the window, which only Linux has.".to_owned());
    }
    setup::prepare(For::Tour)?;
    build()?;
    shell::step("bench frames");
    let folder = places::below_target("bench");
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let figures = folder.join("frames.json");
    let mut frames = shell::program(places::built("frames")?);
    frames
        .arg(&figures)
        .env("LONGSHORE_APP", places::built("longshore-app")?);
    shell::succeed(frames)?;
    shell::say(&format!("The figures are in {}.", figures.display()));
    Ok(())
}

/// Runs `cargo xtask bench`: both.
pub fn all() -> Done {
    timeline()?;
    frames()
}
