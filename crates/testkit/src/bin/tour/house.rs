//! What is visited: the sandbox, and a registry of the tour's own that can be stopped, filled and told to refuse.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use http::Method;
use tempfile::TempDir;
use testkit::images::{ImageSpec, push, retag};
use testkit::parts::{Http, Registry, RegistryOptions};
use testkit::sandbox::{Facts, Sandbox, facts_path};
use testkit::scripted::{Auth, Scripted};

/// A repository of the lab with two tags, one of which has been moved.
pub const TISSUE: &str = "atlas/tissue-map";
/// A repository of the lab whose tags have names as long as people make them.
pub const LONG: &str = "assembly/long-reads";
/// The image that is large enough to be looked at while it is pushed.
pub const LARGE: &str = "tissue-map:big";
/// Its layers (bytes).
const LAYERS: [usize; 3] = [90_000_000, 60_000_000, 3_000_000];
const TEAMS: [&str; 22] = [
    "binding",
    "cell-atlas",
    "cohort",
    "cryo-em",
    "drug-screen",
    "ecology",
    "epigenome",
    "flow",
    "fungi",
    "immuno",
    "kinetics",
    "lipids",
    "mass-spec",
    "metagenome",
    "microscopy",
    "neuro",
    "phylo",
    "proteome",
    "single-cell",
    "virome",
    "wheat",
    "zebrafish",
];

/// What is visited.
pub struct House {
    pub facts: Facts,
    pub path: PathBuf,
    pub lab: Registry,
    /// A registry with a token service, which takes no push.
    pub refusing: Scripted,
    // Our own, where none was given; it ends with us.
    _own: Option<(Sandbox, TempDir)>,
}

impl House {
    pub async fn enter() -> Result<Self> {
        let options = RegistryOptions {
            auth: Some(("demo", "secret")),
            ..RegistryOptions::default()
        };
        let lab = Registry::start(options).await?;
        fill(&lab).await?;
        let refusing = refusing().await?;
        if let Some(path) = std::env::var_os("LONGSHORE_SANDBOX") {
            let path = PathBuf::from(path);
            let facts = serde_json::from_slice(&fs::read(&path)?)?;
            return Ok(Self {
                facts,
                path,
                lab,
                refusing,
                _own: None,
            });
        }
        let folder = tempfile::Builder::new()
            .prefix("longshore-tour-")
            .tempdir()?;
        let sandbox = Sandbox::start(folder.path()).await?;
        Ok(Self {
            facts: sandbox.facts().clone(),
            path: facts_path(folder.path()),
            lab,
            refusing,
            _own: Some((sandbox, folder)),
        })
    }

    /// Returns the way to the engine.
    pub fn engine(&self) -> Result<Http> {
        let host = self.facts.docker_host.as_deref().unwrap_or_default();
        let socket = host
            .strip_prefix("unix://")
            .context("the engine has no socket")?;
        Http::unix(Path::new(socket))
    }

    /// Gives the engine the image that takes a while to be pushed.
    pub async fn load_large(&self) -> Result<()> {
        let tar = ImageSpec::of_sizes(900, &LAYERS).save(&[LARGE])?;
        let engine = self.engine()?;
        let headers = [("content-type", "application/x-tar")];
        let (status, _, _) = engine
            .send(Method::POST, "/images/load", &headers, tar)
            .await?;
        ensure!(status == 200, "the engine does not load {LARGE}: {status}");
        Ok(())
    }
}

async fn fill(lab: &Registry) -> Result<()> {
    for (number, team) in (0..).zip(TEAMS) {
        let image = ImageSpec::of_sizes(number, &[2_000]);
        push(lab, &format!("{team}/pipeline"), "v1", &image).await?;
    }
    push(
        lab,
        TISSUE,
        "v1",
        &ImageSpec::of_sizes(801, &[600_000, 40_000]),
    )
    .await?;
    push(
        lab,
        TISSUE,
        "v2",
        &ImageSpec::of_sizes(802, &[600_000, 70_000]),
    )
    .await?;
    retag(lab, TISSUE, "v2", "latest").await?;
    for number in 1..=8_u64 {
        let name = format!(
            "feature-{number}-align-with-minimap2-and-polish-with-medaka-2024.{number:02}-cuda12.4-ubuntu22.04"
        );
        push(
            lab,
            LONG,
            &name,
            &ImageSpec::of_sizes(810 + number, &[300_000]),
        )
        .await?;
    }
    Ok(())
}

async fn refusing() -> Result<Scripted> {
    let refusing = Scripted::start().await?;
    refusing.push_image("shared/reference", "v1", "one");
    refusing.set(|faults| {
        faults.auth = Auth::TokenGet;
        faults.sign_in = Some(("demo".to_owned(), "secret".to_owned()));
        faults.read_only = true;
    });
    Ok(refusing)
}
