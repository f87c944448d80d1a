//! `cargo deny`, which checks licences, sources and doubled crates.

use std::path::PathBuf;

use crate::{Done, places, shell};

const VERSION: &str = "0.20.2";

/// Builds it once, unless the person has one.
pub fn ready() -> Done {
    if program()?.is_file() {
        return Ok(());
    }
    shell::say("Building cargo-deny (once).");
    let mut cargo = shell::cargo()?;
    // Not optimised: it runs for a second a day, and building it is what takes long.
    cargo
        .args([
            "install",
            "--locked",
            "--debug",
            "--quiet",
            "--version",
            VERSION,
        ])
        .arg("--root")
        .arg(folder()?)
        .arg("cargo-deny")
        .env("CARGO_TARGET_DIR", folder()?.join("build"));
    shell::succeed(cargo)?;
    // What it was built from is large and of no more use.
    std::fs::remove_dir_all(folder()?.join("build")).map_err(|error| error.to_string())
}

/// Returns its path: the person's own, else ours.
pub fn program() -> Result<PathBuf, String> {
    if let Some(found) = shell::find("cargo-deny") {
        return Ok(found);
    }
    let file = format!("cargo-deny{}", std::env::consts::EXE_SUFFIX);
    Ok(folder()?.join("bin").join(file))
}

fn folder() -> Result<PathBuf, String> {
    Ok(places::cache()?
        .join("tools")
        .join(format!("cargo-deny-{VERSION}")))
}
