//! The sheet of a build: what it would read, before the button.

use super::order::{Building, called};
use crate::ground::{blocking, lock, names, whole_path};
use crate::making::room::Making;
use crate::view::making::{BuildArg, BuildBy, BuildPlan, BuildQuestion, BuildSecret};
use crate::view::problem::Problem;
use crate::words;
use crate::words::making as say;
use engine::{Context, Dockerfile, Engine, IgnoreFile};
use oci::Platform;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// So many files and folders are looked at, and so long; a sheet is not worth more.
const COUNTED: u64 = 200_000;
const PATIENCE: Duration = Duration::from_secs(10);
/// So many Dockerfiles are offered.
const DOCKERFILES: usize = 50;
/// The platforms that are offered besides the engine's own: what base images are usually made for.
const USUAL: [&str; 7] = [
    "linux/amd64",
    "linux/arm64",
    "linux/arm/v7",
    "linux/386",
    "linux/ppc64le",
    "linux/riscv64",
    "linux/s390x",
];

/// What was found in a folder.
struct Found {
    folder: PathBuf,
    dockerfile: String,
    dockerfiles: Vec<String>,
    names: Dockerfile,
}

impl Making {
    /// Says what a build would read.
    pub async fn plan_build(&self, question: BuildQuestion) -> Result<BuildPlan, Problem> {
        let BuildQuestion { folder, dockerfile } = question;
        let ended = Arc::new(AtomicBool::new(false));
        // There is one sheet: what it asked before isn't waited for any more.
        std::mem::replace(&mut *lock(&self.looking), Arc::clone(&ended))
            .store(true, Ordering::Relaxed);
        // What is wrong with the folder is said before any engine is waited for.
        let found = blocking(move || look(&folder, dockerfile)).await??;
        let built_by = self.built_by().await;
        let ignores = match &built_by {
            Ok((_, BuildBy::Buildx { .. })) => IgnoreFile::OfDockerfile,
            _ => IgnoreFile::OfFolder,
        };
        let (at, name) = (found.folder.clone(), found.dockerfile.clone());
        let size = blocking(move || size(&at, &name, ignores, &ended)).await??;
        let (engine, builder) = built_by?;
        let own = self.local.answer(engine.info().await).await?.platform;
        let folder = found.folder.to_string_lossy().into_owned();
        let arg = |arg: engine::BuildArg| BuildArg {
            name: arg.name,
            default: arg.default,
        };
        Ok(BuildPlan {
            name: called(&folder),
            folder,
            dockerfile: found.dockerfile,
            dockerfiles: found.dockerfiles,
            stages: found.names.stages,
            args: found.names.args.into_iter().map(arg).collect(),
            files: size.files,
            bytes: size.bytes,
            cut: size.cut,
            builder,
            platforms: platforms(&own),
        })
    }

    /// Returns the engine that is used, and what builds in it.
    async fn built_by(&self) -> Result<(Engine, BuildBy), Problem> {
        let engine = self.local.engine().await?;
        let (builder, _) = self.builders.of(&self.local, &engine).await?;
        Ok((engine, builder))
    }

    /// Checks an order before it is stored. `ours` are images that builds gave the name: from them it moves by itself.
    pub(crate) async fn check_build(
        &self,
        order: &mut Building,
        ours: &[String],
    ) -> Result<(), Problem> {
        if let Some(then) = &order.then {
            names::tag(&then.tag)?;
        }
        let (folder, dockerfile) = (order.folder.clone(), order.dockerfile.clone());
        let secrets = std::mem::take(&mut order.secrets);
        let looked = blocking(move || {
            let secrets = secrets
                .into_iter()
                .map(found)
                .collect::<Result<Vec<_>, _>>()?;
            let folder = Path::new(&folder);
            if !folder.is_absolute() {
                return Err(say::no_folder(&folder.display().to_string()));
            }
            // Whatever builds it then reads the one file or the other.
            let open = |says| Context::open(folder, &dockerfile, says);
            let context = open(IgnoreFile::OfFolder).or_else(|_| open(IgnoreFile::OfDockerfile));
            context
                .map(|_| secrets)
                .map_err(|error| words::of_engine(&error))
        });
        order.secrets = looked.await??;
        if order.naming.name.is_none() {
            return Ok(());
        }
        let engine = self.local.engine().await?;
        self.check_name(&engine, &mut order.naming, ours).await
    }
}

/// Finds the file of a secret. Blocks.
fn found(secret: BuildSecret) -> Result<BuildSecret, Problem> {
    let BuildSecret { id, file } = secret;
    let whole = whole_path(&file).filter(|path| path.is_file());
    let whole = whole.ok_or_else(|| say::no_secret_file(&file))?;
    if id.trim().is_empty() {
        return Err(say::no_secret_id(&file));
    }
    Ok(BuildSecret {
        id: id.trim().to_owned(),
        file: whole.to_string_lossy().into_owned(),
    })
}

/// Looks into a folder. Blocks.
fn look(typed: &str, dockerfile: Option<String>) -> Result<Found, Problem> {
    let folder = whole_path(typed).ok_or_else(|| say::no_folder(typed))?;
    if !folder.is_dir() {
        return Err(say::no_folder(typed));
    }
    let dockerfiles = Dockerfile::list(&folder, DOCKERFILES);
    let dockerfile = match dockerfile.filter(|name| !name.is_empty()) {
        Some(name) => name,
        None => dockerfiles
            .first()
            .cloned()
            .ok_or_else(|| say::no_dockerfile(&called(&folder.to_string_lossy())))?,
    };
    let names = Dockerfile::read(&folder, &dockerfile).map_err(|error| words::of_engine(&error))?;
    Ok(Found {
        folder,
        dockerfile,
        dockerfiles,
        names,
    })
}

/// Counts what a build would read. Blocks.
fn size(
    folder: &Path,
    dockerfile: &str,
    ignores: IgnoreFile,
    ended: &AtomicBool,
) -> Result<engine::ContextSize, Problem> {
    let until = Instant::now() + PATIENCE;
    let goes_on = || !ended.load(Ordering::Relaxed) && Instant::now() < until;
    let context = Context::open(folder, dockerfile, ignores);
    let size = context.and_then(|context| context.size(COUNTED, goes_on));
    size.map_err(|error| words::of_engine(&error))
}

fn platforms(own: &Platform) -> Vec<String> {
    let own = own.to_string();
    let others = USUAL.iter().map(ToString::to_string);
    let others = others.filter(|platform| *platform != own);
    std::iter::once(own.clone()).chain(others).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_engines_own_platform_comes_first_and_once() {
        let own = Platform::read("linux", "arm64", None).unwrap();
        let offered = platforms(&own);
        assert_eq!(
            (offered[0].as_str(), offered.len()),
            ("linux/arm64", USUAL.len())
        );
    }
}
