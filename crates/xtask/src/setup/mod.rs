//! `setup`: installs what is missing, uses what is there, and touches nothing else.

mod debian;
mod deny;
mod go;
mod node;
mod pulp;
mod python;

use crate::{Done, places, shell};

pub use deny::program as cargo_deny;

/// The needs of a command.
#[derive(Debug, Clone, Copy)]
pub enum For {
    /// Building the app.
    Build,
    /// Building the app and opening it beside its sandbox.
    Run,
    /// Driving the real window on a virtual display as well.
    Tour,
    /// Everything the tests use.
    Test,
}

/// Runs `cargo xtask setup`.
pub fn everything() -> Done {
    prepare(For::Test)?;
    shell::say("Everything is there.");
    Ok(())
}

/// Makes sure that what a command needs is there.
pub fn prepare(need: For) -> Done {
    shell::step("setup");
    // First what only the person can install: nobody wants to hear of it after ten minutes.
    node::there()?;
    system(need)?;
    node::packages()?;
    if matches!(need, For::Test) {
        deny::ready()?;
        go::ready()?;
        pulp::ready()?;
    }
    Ok(())
}

/// Makes sure that the programs a command starts are there; for one that builds no window.
pub fn programs(need: For) -> Done {
    shell::step("setup");
    system(need)
}

/// Installs the system's own packages, where we know how.
fn system(need: For) -> Done {
    if !cfg!(target_os = "linux") {
        return elsewhere();
    }
    let missing = debian::missing(need);
    if missing.is_empty() {
        return Ok(());
    }
    if shell::find("apt-get").is_none() {
        return Err(format!(
            "This system has no apt-get, so these are for you to install (in Debian's names):\n  {}\n\
             Then run the command again.",
            missing.join(" ")
        ));
    }
    debian::install(&missing)?;
    let still = debian::missing(need);
    if still.is_empty() {
        return Ok(());
    }
    Err(format!(
        "Still missing after the installation: {}.",
        still.join(" ")
    ))
}

/// Says what is missing on macOS and Windows: they bring the web view, and the compiler is the person's to install.
fn elsewhere() -> Done {
    if cfg!(target_os = "macos") && shell::find("cc").is_none() {
        return Err("The C compiler is missing: run `xcode-select --install`.".to_owned());
    }
    if cfg!(windows) {
        shell::say(
            "Needed on Windows: the Visual Studio C++ build tools, and WebView2 (part of Windows 11).",
        );
    }
    if places::is_ci() {
        return Ok(());
    }
    if shell::find("docker").is_none() && shell::find("podman").is_none() {
        shell::say("No docker or podman found: the app opens without an engine.");
    }
    Ok(())
}
