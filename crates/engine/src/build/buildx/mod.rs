//! A build by BuildKit, with the `docker buildx` that is installed on this computer.
//!
//! What it is: a program that is found (here), called (`call`) and run, whose standard error is read (`run`, `reader`). It builds in
//! the very engine that it is told of, and leaves the image there. What it is not: it brings no program along, and uses no builder
//! but the engine's own BuildKit. Grows by another thing that `buildx build` can be told.

mod call;
pub(crate) mod reader;
mod run;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use futures_util::stream::BoxStream;
use tokio::process::Command;

use super::{BuildEvent, BuildOf};
use crate::find::Env;
use crate::{Address, Engine, Error};

/// How long it may take to say its version.
const ASKED: Duration = Duration::from_secs(5);
/// The oldest version that tells its progress as JSON.
const OLDEST: (u32, u32) = (0, 13);

/// The `docker buildx` of this computer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Buildx {
    /// The program.
    pub program: PathBuf,
    /// The folder for what it remembers; made where it is missing.
    pub state: PathBuf,
}

impl Buildx {
    /// Finds the program: among the plugins of the Docker client, else on the `PATH`. Blocks.
    pub fn find(env: &Env) -> Option<PathBuf> {
        let plugin = format!("docker-buildx{}", std::env::consts::EXE_SUFFIX);
        let folders = env.plugins().into_iter();
        let found = folders.map(|folder| folder.join(&plugin));
        let path = std::env::var_os("PATH").unwrap_or_default();
        let bare = format!("buildx{}", std::env::consts::EXE_SUFFIX);
        let on_path = std::env::split_paths(&path)
            .flat_map(|folder| [folder.join(&plugin), folder.join(&bare)]);
        let is_there = |file: &PathBuf| file.is_absolute() && file.is_file();
        found.chain(on_path).find(is_there)
    }

    /// Returns its version; none where it can't be run, or is too old to be read.
    pub async fn version(&self) -> Option<String> {
        let mut command = Command::new(&self.program);
        command
            .arg("version")
            .stdin(Stdio::null())
            .kill_on_drop(true);
        let said = tokio::time::timeout(ASKED, command.output()).await;
        let said = said.ok()?.ok()?;
        read_version(&String::from_utf8_lossy(&said.stdout))
    }

    /// Tells whether it can build in this engine: one of this computer, that is reached as the program itself reaches it and
    /// has BuildKit. Over a plain connection to another computer secrets would be read by whoever listens.
    pub fn can_build_in(engine: &Engine) -> bool {
        reaches(engine.address()) && !engine.is_podman()
    }

    /// Begins the build when first polled.
    pub(super) fn build(
        &self,
        engine: &Engine,
        of: BuildOf,
        sent: &Arc<AtomicU64>,
    ) -> BoxStream<'static, Result<BuildEvent, Error>> {
        run::build(self, engine, of, sent)
    }
}

/// Tells whether an address is of this computer, in a form that the program reads.
fn reaches(address: &Address) -> bool {
    let read = matches!(
        address,
        Address::Unix(_) | Address::Pipe(_) | Address::Tcp(_)
    );
    read && address.host().is_none()
}

/// Reads "github.com/docker/buildx v0.38.2 abc"; none of one that is too old.
fn read_version(said: &str) -> Option<String> {
    let mut words = said.split_whitespace();
    let version = words.find_map(|word| {
        let version = word.strip_prefix('v').unwrap_or(word);
        version
            .starts_with(|first: char| first.is_ascii_digit())
            .then_some(version)
    })?;
    let mut parts = version.split('.').map(|part| part.parse::<u32>().ok());
    let at = (parts.next()??, parts.next()??);
    // One that was built without being told its version is no old one: old ones were.
    (at >= OLDEST || at == (0, 0)).then(|| version.to_owned())
}
