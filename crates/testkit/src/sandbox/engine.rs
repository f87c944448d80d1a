//! The sandbox's engine: one of its own where this machine can run one, whatever else runs here.

use std::path::Path;

use anyhow::{Result, bail};

use super::filling::{forget_half_filled, once};
use crate::parts::{Dockerd, EngineKind, Part, available};
use crate::seed;

/// Starts an engine of its own: as root, in a user namespace, or Podman's, whichever can be had here.
pub(super) async fn start(folder: &Path) -> Result<Dockerd> {
    let kinds = [
        (Part::Dockerd, EngineKind::Debian),
        (Part::RootlessDockerd, EngineKind::Rootless),
        (Part::Podman, EngineKind::Podman),
    ];
    if !cfg!(target_os = "linux") {
        bail!("the app uses the one on this computer, if there is one");
    }
    let mut reasons = Vec::new();
    for (part, kind) in kinds {
        if let Err(why) = available(part) {
            reasons.push(why);
            continue;
        }
        // A kind has a store of its own: none reads another's.
        let name = match kind {
            EngineKind::Podman => "podman",
            EngineKind::Rootless => "rootless-engine",
            _ => "engine",
        };
        forget_half_filled(folder, name)?;
        match Dockerd::start_kind(kind, Some(&folder.join(name))).await {
            Ok(engine) => {
                once(folder, name, async || seed::engine(&engine).await).await?;
                return Ok(engine);
            }
            Err(why) => reasons.push(format!("{why:#}")),
        }
    }
    bail!("{}", reasons.join("; "))
}
