//! `bench`: figures for what one waits for.

use std::fs;
use std::path::PathBuf;

use crate::build::build;
use crate::setup::{self, For};
use crate::{Done, places, shell};

/// The profile the backend is measured with: the product's optimisation, without its long link.
const PROFILE: &str = "bench-app";

/// Runs `cargo xtask bench timeline`: what opening a large repository costs.
pub fn timeline() -> Done {
    setup::programs(For::Run)?;
    example("timeline")
}

/// Runs `cargo xtask bench hostile`: what lists that mean no good cost, beside honest ones. No part but ours is needed.
pub fn hostile() -> Done {
    example("hostile")
}

/// Runs `cargo xtask bench vendors`: what a thousand tags cost by vendors' own interfaces, beside the protocol.
pub fn vendors() -> Done {
    example("vendors")
}

/// Runs `cargo xtask bench engine`: what long lists of an engine cost, and, on Linux, how the real window draws one. The
/// engine is a played one.
pub fn engine() -> Done {
    example("engine")?;
    if cfg!(target_os = "linux") {
        return of_the_window("images", "engine");
    }
    Ok(())
}

/// Runs one of the backend's measuring programs, `bench_<name>`.
fn example(name: &str) -> Done {
    shell::step(&format!("bench {name}"));
    let figures = places::below_target("bench").join(format!("{name}.json"));
    let mut cargo = shell::cargo()?;
    cargo.args(["run", "--quiet", "--profile", PROFILE]);
    cargo.args([
        "--package",
        "app",
        "--example",
        &format!("bench_{name}"),
        "--",
    ]);
    cargo.arg(&figures);
    shell::succeed(cargo)?;
    shell::say(&format!("The figures are in {}.", figures.display()));
    Ok(())
}

/// Runs `cargo xtask bench frames`: how evenly the real window scrolls a long timeline, beside a plain list in the same
/// window.
pub fn frames() -> Done {
    if !cfg!(target_os = "linux") {
        return Err("The frames need a driver for the window, which only Linux has.".to_owned());
    }
    of_the_window("frames", "frames")
}

/// Measures the window of the app that every other command builds: its UI is the product's either way. The figures go to
/// the file of that name.
fn of_the_window(what: &str, file: &str) -> Done {
    setup::prepare(For::Tour)?;
    build()?;
    shell::step(&format!("bench {what}"));
    measure(
        what,
        file,
        &[("LONGSHORE_APP", places::built("longshore-app")?)],
    )
}

/// Runs `cargo xtask bench start`: how long the app takes to its first pixel and what memory it holds, beside an empty
/// window of the same Tauri. Both are built with the product's optimisation.
pub fn start() -> Done {
    in_the_window("start")
}

/// Runs `cargo xtask bench window`: what one waits for in the open window, over few names and over many.
pub fn window() -> Done {
    in_the_window("window")
}

/// Runs one of the programs that measure the real window of an app with the product's optimisation.
fn in_the_window(name: &str) -> Done {
    if !cfg!(target_os = "linux") {
        return Err(format!(
            "The {name} is measured on a virtual display, which only Linux has."
        ));
    }
    setup::prepare(For::Tour)?;
    build()?;
    shell::step(&format!("bench {name}"));
    let mut cargo = shell::cargo()?;
    cargo.args(["build", "--quiet", "--profile", PROFILE]);
    cargo.args(["--package", "longshore-app", "--bins"]);
    cargo.args(["--example", "empty_window", "--features", "custom-protocol"]);
    shell::succeed(cargo)?;
    let built = places::cargo_target()?.join(PROFILE);
    let apps = [
        ("LONGSHORE_APP", built.join("longshore-app")),
        ("LONGSHORE_EMPTY", built.join("examples/empty_window")),
    ];
    measure(name, name, &apps)
}

/// Runs the program that measures windows, over the apps that these variables name. The figures go to the file of that
/// name.
fn measure(what: &str, file: &str, apps: &[(&str, PathBuf)]) -> Done {
    let folder = places::below_target("bench");
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let figures = folder.join(format!("{file}.json"));
    let mut measure = shell::program(places::built("measure")?);
    measure.arg(what).arg(&figures).envs(apps.iter().cloned());
    shell::succeed(measure)?;
    shell::say(&format!("The figures are in {}.", figures.display()));
    Ok(())
}

/// Runs `cargo xtask bench`: all of them.
pub fn all() -> Done {
    timeline()?;
    hostile()?;
    vendors()?;
    engine()?;
    frames()?;
    start()?;
    window()
}
