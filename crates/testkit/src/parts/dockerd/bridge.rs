//! A network of one engine's own: the containers of others, and the machine's own network, are not touched.
//!
//! Ports are carried by the engine's proxy alone, so nothing of the machine's packet filter is changed. Grows by nothing.

use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Result, bail};

/// How many there were in this process.
static MADE: AtomicU32 = AtomicU32::new(0);

/// A bridge, taken away when dropped.
#[derive(Debug)]
pub(super) struct Bridge {
    name: String,
}

impl Bridge {
    /// Makes one.
    pub fn make() -> Result<Self> {
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let process = std::process::id();
        // A name has fifteen letters at most.
        let name = format!("ls{process:x}n{number:x}");
        // Another for each process that runs at the same time.
        let place = process.wrapping_mul(16).wrapping_add(number) % 16384;
        let address = format!("10.{}.{}.1/24", 192 + place / 256, place % 256);
        ip(&["link", "add", &name, "type", "bridge"])?;
        let bridge = Self { name };
        ip(&["addr", "add", &address, "dev", &bridge.name])?;
        ip(&["link", "set", &bridge.name, "up"])?;
        Ok(bridge)
    }

    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for Bridge {
    fn drop(&mut self) {
        let _ = ip(&["link", "del", &self.name]);
    }
}

fn ip(arguments: &[&str]) -> Result<()> {
    let output = Command::new("ip").args(arguments).output()?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("ip {}: {said}", arguments.join(" "));
    }
    Ok(())
}
