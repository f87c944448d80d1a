//! `bench`: figures for what one waits for, as the product is optimised.

use crate::setup::{self, For};
use crate::{Done, places, shell};

/// The profile they are built with: the product's optimisation, without its long link.
const PROFILE: &str = "bench-app";

/// `cargo xtask bench timeline`: what opening a large repository costs.
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
