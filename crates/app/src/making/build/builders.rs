//! Which builder builds: BuildKit where `docker buildx` is there and can reach the engine, else the engine's own.
//!
//! Not here: the build. Grows by another builder.

use crate::ground::blocking;
use crate::ground::options::{BuildxAt, Options};
use crate::local::LocalEngine;
use crate::view::making::BuildBy;
use crate::view::problem::Problem;
use crate::words::making as say;
use engine::{Buildx, Engine};
use std::path::PathBuf;

/// Where `docker buildx` is looked for, and where it keeps what it remembers.
pub(in crate::making) struct Builders {
    at: BuildxAt,
    state: PathBuf,
}

impl Builders {
    pub fn new(options: &Options) -> Self {
        Self {
            at: options.buildx.clone(),
            state: options.data_dir.join("buildx"),
        }
    }

    /// Returns which builder builds in this engine, and the program where it is BuildKit.
    pub async fn of(
        &self,
        local: &LocalEngine,
        engine: &Engine,
    ) -> Result<(BuildBy, Option<Buildx>), Problem> {
        let own = |why: crate::view::said::Said| {
            let why = why.text();
            Ok((BuildBy::Engine { why }, None))
        };
        if engine.is_podman() {
            return own(say::podman_builds());
        }
        if !Buildx::can_build_in(engine) {
            return own(say::too_far());
        }
        let program = match self.at.clone() {
            BuildxAt::At(program) => Some(program),
            BuildxAt::Nowhere => None,
            BuildxAt::Found => {
                let env = local.env();
                blocking(move || Buildx::find(&env)).await?
            }
        };
        let Some(program) = program else {
            return own(say::no_buildx());
        };
        let buildx = Buildx {
            program,
            state: self.state.clone(),
        };
        match buildx.version().await {
            Some(version) => {
                let version = oci::text::plain(&version, 100);
                Ok((BuildBy::Buildx { version }, Some(buildx)))
            }
            None => own(say::old_buildx()),
        }
    }
}
