//! Where the sandbox's registry runs: as a process here, in a container beside the engine, or in this process.

use std::path::Path;

use anyhow::Result;

use super::container::Container;
use super::filling::{forget_half_filled, once};
use crate::parts::{Part, Registry, RegistryOptions, SignedIn, available};
use crate::scripted::Scripted;
use crate::seed;

/// A running registry of a sandbox.
pub(super) enum Home {
    Process(Box<Registry>),
    Container(Container),
    InProcess(Scripted),
}

impl Home {
    /// Starts the best one that can be had here. The port of the last run is tried first: an account of
    /// that run then still finds it.
    pub(super) async fn start(
        folder: &Path,
        user: &str,
        secret: &str,
        port: Option<u16>,
    ) -> Result<Self> {
        if available(Part::Registry).is_ok() {
            forget_half_filled(folder, "registry")?;
            let registry = process(folder, user, secret, port).await?;
            once(folder, "registry", async || seed::registry(&registry).await).await?;
            return Ok(Self::Process(Box::new(registry)));
        }
        // Where the engine is inside a virtual machine, only a registry in there is its own "localhost".
        if let Some(program) = Container::program() {
            forget_half_filled(folder, "registry")?;
            let container = Container::start(program, folder, user, secret, port).await?;
            let door = SignedIn::new(&container.host(), user, secret)?;
            once(folder, "registry", async || seed::registry(&door).await).await?;
            return Ok(Self::Container(container));
        }
        let scripted = in_process(port).await?;
        scripted.set(|faults| faults.sign_in = Some((user.to_owned(), secret.to_owned())));
        scripted.set(|faults| faults.auth = crate::scripted::Auth::Basic);
        // It forgets everything when it ends, so it is filled each time.
        let door = SignedIn::new(&scripted.host(), user, secret)?;
        seed::registry(&door).await?;
        Ok(Self::InProcess(scripted))
    }

    /// Returns `127.0.0.1:port`.
    pub(super) fn host(&self) -> String {
        match self {
            Self::Process(registry) => registry.host(),
            Self::Container(container) => container.host(),
            Self::InProcess(scripted) => scripted.host(),
        }
    }
}

async fn process(folder: &Path, user: &str, secret: &str, port: Option<u16>) -> Result<Registry> {
    let options = |port| RegistryOptions {
        auth: Some((user, secret)),
        root: Some(folder.join("registry")),
        port,
        ..RegistryOptions::default()
    };
    if port.is_some()
        && let Ok(registry) = Registry::start(options(port)).await
    {
        return Ok(registry);
    }
    Registry::start(options(None)).await
}

async fn in_process(port: Option<u16>) -> Result<Scripted> {
    if let Some(port) = port
        && let Ok(scripted) = Scripted::start_on(&format!("127.0.0.1:{port}")).await
    {
        return Ok(scripted);
    }
    Scripted::start().await
}
