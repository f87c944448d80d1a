//! An engine that is killed in the middle of a pull, a push or a build, and started again: the task ends with why, nothing
//! runs for ever, and a retry does what was ordered.

use crate::home::{Home, load};
use app::view::events::{AppEvent, Stale};
use app::view::making::BuildOrder;
use app::view::push::KeepAnswer;
use app::view::tasks::TaskState;
use std::path::Path;
use std::time::{Duration, Instant};
use testkit::parts::{Dockerd, EngineKind, Part, need};
use testkit::scripted::Scripted;

/// How soon a task ends once its engine is gone, on a busy computer.
const SOON: Duration = Duration::from_secs(20);
/// How slow the registry is meanwhile: what the engine does then takes long enough to be killed in.
const SLOW: Duration = Duration::from_millis(1500);
/// How long the registry keeps a build waiting for its second stage: longer than any test takes.
const NEVER: Duration = Duration::from_mins(10);

/// Waits until the engine has asked a slow registry for this, in whatever way when `method` is empty.
async fn until_asked(registry: &Scripted, method: &str, part: &str) {
    let since = Instant::now();
    let asked = |seen: &testkit::scripted::Seen| {
        seen.method.starts_with(method) && seen.path.contains(part)
    };
    while !registry.requests().iter().any(asked) {
        assert!(since.elapsed() < SOON, "{:?}", registry.requests());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Waits until a build has done a step and its engine asks the registry for the image of the next stage, which comes
/// later than any engine is killed.
async fn until_builds(home: &Home, registry: &Scripted, id: &str) {
    let since = Instant::now();
    let in_the_middle = |event: &AppEvent| match event {
        AppEvent::Build { task, steps, .. } => {
            task == id && steps.iter().any(|step| step.number >= Some(2))
        }
        _ => false,
    };
    while !home.events().iter().any(in_the_middle) {
        assert!(since.elapsed() < SOON, "no step began");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    until_asked(registry, "", "/v2/").await;
}

/// Kills the engine; checks that the task failed, and retries it once all is well again.
async fn killed(home: &Home, engine: &mut Dockerd, registry: &Scripted, task: &str) {
    engine.kill();
    let failed = tokio::time::timeout(SOON, home.ended(task))
        .await
        .expect("it runs for ever");
    assert_eq!(failed.state, TaskState::Failed, "{failed:#?}");
    let problem = failed.problem.as_ref().unwrap();
    assert!(!problem.hints.is_empty(), "{problem:?}");
    assert!(failed.can_retry, "{failed:#?}");
    until_nothing_runs(home).await;

    registry.set(|faults| faults.delay = Duration::ZERO);
    engine.revive().await.unwrap();
    let again = home.app.retry_task(task.to_owned()).await.unwrap();
    let ended = home.ended(&again).await;
    assert_eq!(ended.state, TaskState::Done, "{ended:#?}");
    until_nothing_runs(home).await;
    let tasks = home.app.tasks().await.unwrap();
    assert!(
        !tasks.iter().any(|each| each.id == task),
        "the new one takes its place"
    );
}

/// Waits until no task is left that runs: an ended one is let go of right after its end is stored.
async fn until_nothing_runs(home: &Home) {
    let since = Instant::now();
    while home.app.app.tasks.running() > 0 {
        assert!(since.elapsed() < SOON, "a task is left");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Lays out a folder whose build takes until the registry answers: its second stage begins with an image from there.
fn long_build(base: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let dockerfile = format!(
        "FROM scratch AS first\nCOPY data /one\nCOPY data /two\nFROM {base}\nCOPY --from=first /one /one\n"
    );
    std::fs::write(folder.path().join("Dockerfile"), dockerfile).unwrap();
    std::fs::write(folder.path().join("data"), "data").unwrap();
    folder
}

fn build_order(folder: &Path) -> BuildOrder {
    BuildOrder {
        folder: folder.display().to_string(),
        dockerfile: "Dockerfile".to_owned(),
        target: None,
        args: Vec::new(),
        secrets: Vec::new(),
        engine_builder: false,
        platform: None,
        no_cache: false,
        name: Some("local/built:1".to_owned()),
        move_name: false,
        then: None,
    }
}

async fn round(kind: EngineKind) {
    let registry = Scripted::start().await.unwrap();
    let mut engine = Dockerd::start_kind(kind, None).await.unwrap();
    let local = load(&engine, 1, 30_000).await.remove(0);
    let home = Home::with(Some(&engine));
    let id = home.anyone(&registry.host()).await;
    let lab = home.at(&id, "lab/tool");
    let begin_slowly = || {
        registry.forget_requests();
        registry.set(|faults| faults.delay = SLOW);
    };

    begin_slowly();
    let order = lab.push_order("v1", &local, None, KeepAnswer::ByRule);
    let task = home.app.start_push(order).await;
    until_asked(&registry, "POST", "/blobs/uploads/").await;
    killed(&home, &mut engine, &registry, &task.unwrap()).await;
    assert!(registry.tagged("lab/tool", "v1").is_some());
    assert!(engine.image(&local).await.unwrap().is_some());

    let name = format!("{}/lab/tool:v1", registry.host());
    for name in [name.as_str(), "local/tool:1"] {
        engine.remove_image(name).await.unwrap();
    }
    lab.refresh_tags().await;
    lab.resolve("v1").await;
    begin_slowly();
    let task = home.app.start_pull(lab.pull_order("v1", None)).await;
    until_asked(&registry, "GET", "/blobs/").await;
    killed(&home, &mut engine, &registry, &task.unwrap()).await;
    assert!(engine.has_image(&name).await.unwrap());

    engine.remove_image(&name).await.unwrap();
    registry.forget_requests();
    registry.set(|faults| faults.delay = NEVER);
    let folder = long_build(&name);
    let order = build_order(folder.path());
    let task = home.app.start_build(order).await.unwrap();
    until_builds(&home, &registry, &task).await;
    killed(&home, &mut engine, &registry, &task).await;
    assert!(engine.has_image("local/built:1").await.unwrap());
}

/// The engine that is used by then knows nothing of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_end_of_a_builds_engine_is_nothing_to_the_one_that_was_chosen_meanwhile() {
    if !need(Part::Dockerd) || !need(Part::Podman) {
        return;
    }
    let mut docker = Dockerd::start(None).await.unwrap();
    let podman = Dockerd::start_kind(EngineKind::Podman, None).await.unwrap();
    let home = Home::with(Some(&docker));
    let registry = Scripted::start().await.unwrap();
    registry.set(|faults| faults.delay = NEVER);
    let folder = long_build(&format!("{}/lab/tool:v1", registry.host()));
    let task = home.app.start_build(build_order(folder.path())).await;
    let task = task.unwrap();
    until_builds(&home, &registry, &task).await;
    let mut values = home.app.start().await.unwrap().settings.values;
    values.engine = Some(podman.docker_host());
    home.app.set_settings(values).await.unwrap();
    home.app.engine().await.unwrap();
    home.events();
    docker.kill();
    let failed = home.ended(&task).await;
    assert_eq!(failed.state, TaskState::Failed, "{failed:#?}");
    let told = home.heard_within_a_moment().await;
    let gone = AppEvent::Stale {
        what: Stale::Engine,
    };
    assert!(!told.contains(&gone), "{told:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pull_a_push_and_a_build_outlive_the_end_of_docker() {
    if need(Part::Dockerd) {
        round(EngineKind::Debian).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pull_a_push_and_a_build_outlive_the_end_of_the_newest_docker() {
    if need(Part::NewDockerd) {
        round(EngineKind::Containerd).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pull_a_push_and_a_build_outlive_the_end_of_podman() {
    if need(Part::Podman) {
        round(EngineKind::Podman).await;
    }
}
