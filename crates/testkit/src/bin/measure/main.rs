//! `measure frames FILE`, `measure images FILE`, `measure start FILE` and `measure window FILE`: figures of the real window, written to FILE as JSON.
//!
//! `LONGSHORE_APP` is the app's binary. Each figure stands beside a peer's or a floor's of the same run, as machines
//! differ and are noisy. It may grow by a figure that needs the real window; what the backend costs is measured
//! without one (`crates/app/examples`).

mod frames;
mod home;
mod images;
mod memory;
mod start;
mod window;

use anyhow::{Context, Result, bail};
use std::path::PathBuf;

#[tokio::main]
async fn main() -> Result<()> {
    let app = std::env::var_os("LONGSHORE_APP").context("LONGSHORE_APP is not set")?;
    let app = PathBuf::from(app);
    let mut arguments = std::env::args_os().skip(1);
    let (Some(what), Some(file)) = (arguments.next(), arguments.next()) else {
        bail!("usage: measure frames|images|start|window FILE");
    };
    let file = PathBuf::from(file);
    match what.to_str() {
        Some("frames") => frames::measure(&app, &file).await,
        Some("images") => images::measure(&app, &file).await,
        Some("start") => start::measure(&app, &file).await,
        Some("window") => window::measure(&app, &file).await,
        _ => bail!("usage: measure frames|images|start|window FILE"),
    }
}
