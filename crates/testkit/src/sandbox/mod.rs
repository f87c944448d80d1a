//! A registry and an engine to play with, kept in one folder between runs.
//!
//! Both are its own; what the person runs is neither used for it nor touched. Where the machine cannot run
//! an engine, the sandbox says so and goes on with the registry alone.

mod container;
mod engine;
mod filling;
mod home;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::parts::Dockerd;
use home::Home;

/// The content of `sandbox.json`, which the app reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Facts {
    /// The registry's address.
    pub host: String,
    /// The user it takes.
    pub user: String,
    /// That user's secret.
    pub secret: String,
    /// The engine, as `DOCKER_HOST` would name it.
    pub docker_host: Option<String>,
}

impl Facts {
    fn port(&self) -> Option<u16> {
        self.host.rsplit_once(':')?.1.parse().ok()
    }
}

/// A running sandbox; dropping it ends both.
pub struct Sandbox {
    facts: Facts,
    without_engine: Option<String>,
    _registry: Home,
    _engine: Option<Dockerd>,
    _lock: fs::File,
}

impl Sandbox {
    /// Starts what `folder` holds, and fills it when it is new.
    pub async fn start(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder)?;
        let folder = folder.canonicalize()?;
        let lock = fs::File::options()
            .create(true)
            .append(true)
            .open(folder.join("lock"))?;
        if lock.try_lock().is_err() {
            bail!("the sandbox in {} is running already", folder.display());
        }
        let known = known(&folder);
        let secret = match &known {
            Some(facts) => facts.secret.clone(),
            None => new_secret()?,
        };
        let port = known.as_ref().and_then(Facts::port);
        let registry = Home::start(&folder, USER, &secret, port).await?;
        let (engine, without_engine) = match engine::start(&folder).await {
            Ok(engine) => (Some(engine), None),
            Err(why) => (None, Some(format!("{why:#}"))),
        };
        let facts = Facts {
            host: registry.host(),
            user: USER.to_owned(),
            secret,
            docker_host: engine.as_ref().map(Dockerd::docker_host),
        };
        write_facts(&folder, &facts)?;
        Ok(Self {
            facts,
            without_engine,
            _registry: registry,
            _engine: engine,
            _lock: lock,
        })
    }

    /// Returns where it is and how to sign in.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Returns why it has no engine, if it has none.
    pub fn without_engine(&self) -> Option<&str> {
        self.without_engine.as_deref()
    }
}

const USER: &str = "demo";

/// Returns the file that tells the app about a sandbox.
pub fn facts_path(folder: &Path) -> PathBuf {
    folder.join("sandbox.json")
}

fn known(folder: &Path) -> Option<Facts> {
    serde_json::from_slice(&fs::read(facts_path(folder)).ok()?).ok()
}

fn write_facts(folder: &Path, facts: &Facts) -> Result<()> {
    let mut options = fs::File::options();
    options.create(true).truncate(true).write(true);
    // It holds a secret, if only of a sandbox.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(facts_path(folder))?;
    file.write_all(&serde_json::to_vec_pretty(facts)?)?;
    Ok(())
}

fn new_secret() -> Result<String> {
    let mut bytes = [0_u8; 15];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|error| anyhow::anyhow!("random bytes: {error}"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
