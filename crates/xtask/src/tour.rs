//! `tour`: every screen and sheet of the real window, walked through on a virtual display, with pictures.

use std::fs;

use crate::build::build;
use crate::setup::{self, For};
use crate::{Done, places, shell};

/// Runs `cargo xtask tour`.
pub fn tour() -> Done {
    if !cfg!(target_os = "linux") {
        return Err("The tour needs a driver for the window, which only Linux has.".to_owned());
    }
    setup::prepare(For::Tour)?;
    build()?;
    shell::step("tour");
    let pictures = places::below_target("tour");
    fs::create_dir_all(&pictures).map_err(|error| format!("{}: {error}", pictures.display()))?;
    let mut tour = shell::program(places::built("tour")?);
    tour.arg(&pictures)
        .env("LONGSHORE_APP", places::built("longshore-app")?);
    shell::succeed(tour)?;
    shell::say(&format!("The pictures are in {}.", pictures.display()));
    Ok(())
}
