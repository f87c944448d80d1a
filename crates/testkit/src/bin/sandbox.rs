//! `sandbox FOLDER`: runs a registry and an engine to play with until its input closes or it is told to end.

use std::io::{Read, Write};
use std::path::PathBuf;

use anyhow::{Context, Result};
use testkit::sandbox::{Sandbox, facts_path};

#[tokio::main]
async fn main() -> Result<()> {
    let folder = std::env::args_os().nth(1).map(PathBuf::from);
    let folder = folder.context("usage: sandbox FOLDER")?;
    let sandbox = Sandbox::start(&folder).await?;
    tell(&folder, &sandbox)?;
    tokio::select! {
        () = input_closed() => {}
        () = told_to_end() => {}
    }
    drop(sandbox);
    // A thread may still wait for input; the process need not wait for it.
    std::process::exit(0);
}

/// Prints the lines a person reads, and a last one that `cargo xtask run` waits for.
fn tell(folder: &std::path::Path, sandbox: &Sandbox) -> Result<()> {
    let facts = sandbox.facts();
    let mut out = std::io::stdout().lock();
    writeln!(out, "Sandbox")?;
    writeln!(out, "  registry  {}", facts.host)?;
    writeln!(out, "  user      {}", facts.user)?;
    writeln!(out, "  secret    {}", facts.secret)?;
    match (&facts.docker_host, sandbox.without_engine()) {
        (Some(address), _) => writeln!(out, "  engine    {address}")?,
        (None, why) => writeln!(
            out,
            "  engine    none of its own: {}.\n            Push and pull need an engine; everything else works.",
            why.unwrap_or("it did not start")
        )?,
    }
    writeln!(out, "ready {}", facts_path(folder).display())?;
    out.flush()?;
    Ok(())
}

async fn input_closed() {
    let _ = tokio::task::spawn_blocking(|| {
        let mut input = std::io::stdin().lock();
        let mut bytes = [0_u8; 256];
        while matches!(input.read(&mut bytes), Ok(count) if count > 0) {}
    })
    .await;
}

#[cfg(unix)]
async fn told_to_end() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut end), Ok(mut interrupt)) = (
        signal(SignalKind::terminate()),
        signal(SignalKind::interrupt()),
    ) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = end.recv() => {}
        _ = interrupt.recv() => {}
    }
}

#[cfg(not(unix))]
async fn told_to_end() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
