//! Building by BuildKit, with a real `docker buildx`, in the engines that have it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use engine::{BuildEvent, BuildOf, Buildx, Error, StepEnd};
use futures_util::StreamExt;
use testkit::images::{ImageSpec, push};
use testkit::parts::{EngineKind, Part, Registry, RegistryOptions, need};

use crate::Machine;
use crate::building::{Ended, ended, ends, folder, of};

/// An engine, and the program with a folder of its own.
async fn machine(kind: EngineKind) -> Option<(Machine, Buildx, tempfile::TempDir)> {
    if !need(Part::Buildx) {
        return None;
    }
    let machine = Machine::start(kind).await?;
    let state = tempfile::tempdir().unwrap();
    let buildx = Buildx {
        program: Part::Buildx.program("buildx").unwrap(),
        state: state.path().join("buildx"),
    };
    Some((machine, buildx, state))
}

fn write(folder: &Path, dockerfile: &str) {
    fs::write(folder.join("Dockerfile"), dockerfile).unwrap();
}

async fn round(kind: EngineKind) {
    let Some((machine, buildx, state)) = machine(kind).await else {
        return;
    };
    let engine = &machine.engine;
    let version = buildx.version().await.unwrap();
    assert!(version.starts_with("0."), "{version}");
    assert!(Buildx::can_build_in(engine));
    let folder = folder(&[
        ("Dockerfile", ""),
        (".dockerignore", "secret\n"),
        ("a.txt", "one"),
        ("secret", "hunter2"),
    ]);
    write(
        folder.path(),
        "FROM scratch AS first\nARG WHAT=nothing\nLABEL what=$WHAT\nCOPY . /all/\nFROM first AS second\nLABEL last=yes\n",
    );
    let first = BuildOf {
        target: Some("first".to_owned()),
        args: BTreeMap::from([("WHAT".to_owned(), "a \"b\" & c".to_owned())]),
        name: Some("team/built:v1".to_owned()),
        ..of(folder.path())
    };
    let done = ended(engine.build_with(&buildx, first.clone())).await;
    assert_eq!(done.error, None, "{done:?}");
    assert!(ends(&done).iter().all(Option::is_some), "{done:?}");
    let copied = |done: &Ended| {
        let copy = done
            .steps
            .iter()
            .find(|(text, _)| text.starts_with("COPY "));
        copy.unwrap_or_else(|| panic!("{done:?}")).1
    };
    assert_eq!(copied(&done), Some(StepEnd::Done), "{done:?}");
    let id = done.image.unwrap();
    let image = engine.inspect(&id).await.unwrap().unwrap();
    assert!(
        image.names.iter().any(|name| name == "team/built:v1"),
        "{image:?}"
    );
    let labels = &machine.dockerd.image(&id).await.unwrap().unwrap()["Config"]["Labels"];
    assert_eq!(labels["what"], "a \"b\" & c");

    // Again, and with another file that is left out: nothing is made anew. Then with one that goes along.
    fs::write(folder.path().join("secret"), "hunter3").unwrap();
    let again = ended(engine.build_with(&buildx, first.clone())).await;
    assert_eq!(again.image.as_deref(), Some(id.as_str()), "{again:?}");
    assert_eq!(copied(&again), Some(StepEnd::Cached), "{again:?}");
    fs::write(folder.path().join("a.txt"), "two").unwrap();
    let changed = ended(engine.build_with(&buildx, first)).await;
    assert_ne!(changed.image.as_deref(), Some(id.as_str()), "{changed:?}");

    // To the end, without a name, and by nothing of before.
    let anew = BuildOf {
        no_cache: true,
        ..of(folder.path())
    };
    let anew = ended(engine.build_with(&buildx, anew)).await;
    assert_eq!(copied(&anew), Some(StepEnd::Done), "{anew:?}");
    let id = anew
        .image
        .unwrap_or_else(|| panic!("it is not kept without a name"));
    let image = engine.inspect(&id).await.unwrap().unwrap();
    assert!(image.names.is_empty(), "{image:?}");
    let listed = engine.images().await.unwrap();
    assert!(listed.iter().any(|image| image.id == id), "{listed:?}");

    failing(&machine, &buildx, folder.path()).await;
    cancelled(&machine, &buildx).await;
    // Nothing is left of what was told.
    let left: Vec<PathBuf> = fs::read_dir(state.path().join("buildx"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|kind| kind == "json"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

/// What can't be built says why, and in which step. A secret that a step wants has to be given.
async fn failing(machine: &Machine, buildx: &Buildx, folder: &Path) {
    let engine = &machine.engine;
    write(folder, "FROM scratch\nCOPY missing /\n");
    let failed = ended(engine.build_with(buildx, of(folder))).await;
    let Some(Error::InStream(why)) = &failed.error else {
        panic!("{failed:?}");
    };
    assert!(why.contains("missing") && !why.contains("ERROR"), "{why}");
    assert!(ends(&failed).contains(&Some(StepEnd::Failed)), "{failed:?}");
    assert_eq!(failed.image, None);
    write(folder, "FROM scratch\nNONSENSE\n");
    let failed = ended(engine.build_with(buildx, of(folder))).await;
    let why = failed.error.as_ref().map(ToString::to_string).unwrap();
    assert!(why.to_lowercase().contains("nonsense"), "{failed:?}");
    let nowhere = BuildOf {
        dockerfile: "None".to_owned(),
        ..of(folder)
    };
    let failed = ended(engine.build_with(buildx, nowhere)).await;
    assert!(
        matches!(failed.error, Some(Error::Context(_))),
        "{failed:?}"
    );
    let none = Buildx {
        program: folder.join("none"),
        ..buildx.clone()
    };
    assert_eq!(none.version().await, None);
    let failed = ended(engine.build_with(&none, of(folder))).await;
    assert!(
        matches!(failed.error, Some(Error::Context(_))),
        "{failed:?}"
    );
}

/// Whoever is cancelled asks the program to stop, and it does; the engine goes on with nothing of it.
async fn cancelled(machine: &Machine, buildx: &Buildx) {
    let steps: Vec<String> = (0..60).map(|n| format!("COPY data /d{n}")).collect();
    let text = format!("FROM scratch\n{}", steps.join("\n"));
    let folder = folder(&[("Dockerfile", &text)]);
    fs::write(folder.path().join("data"), vec![7; 1 << 20]).unwrap();
    let named = BuildOf {
        name: Some("team/never:v1".to_owned()),
        ..of(folder.path())
    };
    let mut build = machine.engine.build_with(buildx, named);
    while !matches!(
        build.next().await.unwrap().unwrap(),
        BuildEvent::Step {
            number: Some(2..),
            ..
        }
    ) {}
    drop(build);
    let since = Instant::now();
    while runs(buildx, folder.path()) {
        assert!(since.elapsed() < Duration::from_secs(4), "it goes on");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(!machine.dockerd.has_image("team/never:v1").await.unwrap());
}

/// Tells whether the program still builds this folder.
fn runs(buildx: &Buildx, folder: &Path) -> bool {
    let (program, folder) = (
        buildx.program.display().to_string(),
        folder.display().to_string(),
    );
    let all = fs::read_dir("/proc").unwrap().flatten();
    all.filter_map(|process| fs::read(process.path().join("cmdline")).ok())
        .any(|line| {
            let line = String::from_utf8_lossy(&line);
            line.starts_with(&program) && line.contains(&folder)
        })
}

#[tokio::test]
async fn buildkit_builds_in_debians_docker() {
    Box::pin(round(EngineKind::Debian)).await;
}

#[tokio::test]
async fn buildkit_builds_in_the_containerd_store() {
    Box::pin(round(EngineKind::Containerd)).await;
}

/// A step that wants a secret fails without it, and runs with it; what is in it stands in no fact of the image.
#[tokio::test]
async fn a_secret_is_there_for_its_step_alone() {
    let Some((machine, buildx, _state)) = machine(EngineKind::Containerd).await else {
        return;
    };
    let folder = folder(&[("Dockerfile", ""), ("token", "hunter2")]);
    let program = testkit::parts::program("docker-init").unwrap();
    fs::copy(program, folder.path().join("tool")).unwrap();
    fs::write(folder.path().join(".dockerignore"), "token").unwrap();
    let mount = "--network=none --mount=type=secret,id=token,required=true";
    write(
        folder.path(),
        &format!("FROM scratch\nCOPY tool /tool\nRUN {mount} [\"/tool\", \"--version\"]\n"),
    );
    let without = ended(machine.engine.build_with(&buildx, of(folder.path()))).await;
    let why = without.error.as_ref().map(ToString::to_string);
    assert!(
        why.as_ref().is_some_and(|why| why.contains("token")),
        "{without:?}"
    );
    let given = BuildOf {
        secrets: BTreeMap::from([("token".to_owned(), folder.path().join("token"))]),
        ..of(folder.path())
    };
    let done = ended(machine.engine.build_with(&buildx, given)).await;
    assert_eq!(done.error, None, "{done:?}");
    assert!(
        done.lines
            .iter()
            .any(|line| line.starts_with("tini version ")),
        "{done:?}"
    );
    let id = done.image.unwrap();
    let image = machine.dockerd.image(&id).await.unwrap().unwrap();
    assert!(!image.to_string().contains("hunter2"), "{image}");
}

/// A Dockerfile's own ignore file takes the place of the folder's, also where it is empty; the engine's own builder reads
/// the folder's alone.
#[tokio::test]
async fn a_dockerfiles_own_ignore_file_counts_for_buildkit_alone() {
    let Some((machine, buildx, _state)) = machine(EngineKind::Containerd).await else {
        return;
    };
    let folder = folder(&[("Dockerfile", ""), ("a.txt", "one")]);
    write(folder.path(), "FROM scratch\nCOPY a.txt /\n");
    let says = |own: &str, folders: &str| {
        fs::write(folder.path().join("Dockerfile.dockerignore"), own).unwrap();
        fs::write(folder.path().join(".dockerignore"), folders).unwrap();
    };
    let by_buildkit = async || ended(machine.engine.build_with(&buildx, of(folder.path()))).await;
    let by_engine = async || ended(machine.engine.build(of(folder.path()))).await;

    says("a.txt", "");
    let (one, other) = (by_buildkit().await, by_engine().await);
    assert!(one.error.is_some(), "{one:?}");
    assert_eq!(other.error, None, "{other:?}");
    says("", "a.txt");
    let (one, other) = (by_buildkit().await, by_engine().await);
    assert_eq!(one.error, None, "{one:?}");
    assert!(other.error.is_some(), "{other:?}");
}

/// Behaviour (lists): A base image is fetched by BuildKit itself, and is a step like any other; one that is missing fails it.
/// Source: buildx 0.38.2 with the BuildKit of Debian's Docker 20.10.24, against distribution.
#[tokio::test]
async fn a_base_image_comes_from_its_registry() {
    if !need(Part::Registry) {
        return;
    }
    let Some((machine, buildx, _state)) = machine(EngineKind::Debian).await else {
        return;
    };
    let registry = Registry::start(RegistryOptions::default()).await.unwrap();
    let base = ImageSpec::of_sizes(1, &[20_000, 300_000]).label("base", "yes");
    push(&registry, "lab/base", "v1", &base).await.unwrap();
    let from = format!("{}/lab/base", registry.host());
    let folder = folder(&[("Dockerfile", ""), ("own", "mine")]);
    write(folder.path(), &format!("FROM {from}:v1\nCOPY own /own\n"));
    let done = ended(machine.engine.build_with(&buildx, of(folder.path()))).await;
    assert_eq!(done.error, None, "{done:?}");
    let text = format!("FROM {from}:v1");
    let step = done.steps.iter().find(|(step, _)| step.starts_with(&text));
    assert_eq!(step.unwrap().1, Some(StepEnd::Done), "{done:?}");
    let id = done.image.unwrap();
    let image = machine.dockerd.image(&id).await.unwrap().unwrap();
    assert_eq!(image["Config"]["Labels"]["base"], "yes", "{image}");
    let layers = async |id: &str| machine.engine.inspect(id).await.unwrap().unwrap().diff_ids;
    machine
        .dockerd
        .load_tar(base.save(&["local/base:1"]).unwrap())
        .await
        .unwrap();
    let (built, below) = (layers(&id).await, layers("local/base:1").await);
    assert_eq!((built.len(), below.len()), (3, 2));
    assert_eq!(built[..2], below);

    write(folder.path(), &format!("FROM {from}:v2\n"));
    let failed = ended(machine.engine.build_with(&buildx, of(folder.path()))).await;
    let why = failed.error.as_ref().map(ToString::to_string).unwrap();
    assert!(
        why.contains("lab/base:v2") && why.contains("not found"),
        "{why}"
    );
    assert!(ends(&failed).contains(&Some(StepEnd::Failed)), "{failed:?}");
}
