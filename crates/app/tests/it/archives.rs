//! Images go into a file and come out of it again, on each real engine: the file is whole or isn't there, nobody else may
//! read it, and no name is taken from another image unasked.

use crate::home::{Home, problem};
use crate::places::loaded;
use app::view::computer::{LoadOrder, SaveOrder};
use app::view::tasks::{TaskOutcome, TaskState, TaskView, Unit};
use std::path::{Path, PathBuf};
use testkit::images::ImageSpec;
use testkit::parts::{Dockerd, EngineKind, Part, need};

fn save(images: &[&str], folder: Option<&Path>) -> SaveOrder {
    SaveOrder {
        images: images.iter().map(ToString::to_string).collect(),
        folder: folder.map(|folder| folder.display().to_string()),
    }
}

fn load(path: &Path, moves: &[&str]) -> LoadOrder {
    LoadOrder {
        path: path.display().to_string(),
        moves: moves.iter().map(ToString::to_string).collect(),
    }
}

async fn saved(home: &Home, order: SaveOrder) -> PathBuf {
    let id = home.app.start_save(order).await.unwrap();
    let task = home.ended(&id).await;
    let Some(TaskOutcome::Saved(saved)) = &task.outcome else {
        panic!("{task:?}");
    };
    let path = PathBuf::from(&saved.path);
    let length = std::fs::metadata(&path).unwrap().len();
    assert_eq!(
        (saved.bytes, task.done, task.unit),
        (length, length, Unit::Bytes)
    );
    assert!(task.items.is_empty(), "a file is no layer");
    path
}

async fn taken_in(home: &Home, order: LoadOrder) -> TaskView {
    let id = home.app.start_load(order).await.unwrap();
    home.ended(&id).await
}

fn names(task: &TaskView) -> Vec<String> {
    let Some(TaskOutcome::Loaded(loaded)) = &task.outcome else {
        panic!("{task:?}");
    };
    let mut names = loaded.names.clone();
    names.sort();
    names
}

fn files(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[cfg(not(unix))]
fn is_private(_: &Path) -> bool {
    true
}

#[cfg(unix)]
fn is_private(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777 == 0o600
}

#[allow(clippy::too_many_lines)] // one story, told in its order
async fn round(kind: EngineKind) {
    let engine = Dockerd::start_kind(kind, None).await.unwrap();
    let home = Home::with(Some(&engine));
    let (one, two) = ("localhost/team/one:v1", "localhost/team/two:v1");
    let spec = |seed| ImageSpec::of_sizes(seed, &[300_000]);
    let first = loaded(&engine, &spec(1), one).await;
    let second = loaded(&engine, &spec(2), two).await;

    // Into the downloads, under a name that no other file has.
    let downloads = home.folder.path().join("downloads");
    let alone = saved(&home, save(&[one], None)).await;
    assert_eq!(alone, downloads.join("one-v1.tar"));
    assert!(is_private(&alone));
    let again = saved(&home, save(&[one], None)).await;
    assert_eq!(again, downloads.join("one-v1-2.tar"));
    assert_eq!(files(&downloads), ["one-v1-2.tar", "one-v1.tar"]);
    // Several go into one file, into a folder that was chosen.
    let chosen = tempfile::tempdir().unwrap();
    let both = saved(&home, save(&[one, two], Some(chosen.path()))).await;
    assert_eq!(both, chosen.path().join("images-2.tar"));

    // What is there already takes nothing from anybody.
    let plan = home
        .app
        .plan_load(&both.display().to_string())
        .await
        .unwrap();
    assert_eq!(
        plan.names.as_deref(),
        Some(&[one.to_owned(), two.to_owned()][..])
    );
    assert!(plan.taken.is_empty() && plan.bytes > 600_000, "{plan:?}");

    for name in [one, two] {
        engine.remove_image(name).await.unwrap();
    }
    let task = taken_in(&home, load(&both, &[])).await;
    assert_eq!(names(&task), [one, two]);
    assert_eq!((task.done, task.total), (plan.bytes, plan.bytes));
    for (name, id) in [(one, &first), (two, &second)] {
        let image = engine.image(name).await.unwrap().unwrap();
        assert_eq!(image["Id"].as_str(), Some(id.as_str()), "{name}");
    }

    // A name that is another image's now is asked about, and moves with a yes alone.
    engine.remove_image(one).await.unwrap();
    let other = loaded(&engine, &spec(3), one).await;
    let plan = home
        .app
        .plan_load(&alone.display().to_string())
        .await
        .unwrap();
    assert_eq!(plan.taken.len(), 1, "{plan:?}");
    assert_eq!(plan.taken[0].short, oci::short_id(&other));
    // A yes to another name is none to this one.
    let refused = taken_in(&home, load(&alone, &[two])).await;
    assert_eq!(refused.state, TaskState::Failed);
    let told = refused.problem.unwrap().message;
    assert!(
        told.contains(one) && told.contains(oci::short_id(&other)),
        "{told}"
    );
    let image = engine.image(one).await.unwrap().unwrap();
    assert_eq!(image["Id"].as_str(), Some(other.as_str()), "nothing moved");
    let task = taken_in(&home, load(&alone, &[one])).await;
    let Some(TaskOutcome::Loaded(outcome)) = &task.outcome else {
        panic!("{task:?}");
    };
    assert!(
        outcome.notes[0].text.contains("stays, without it"),
        "{outcome:?}"
    );
    let image = engine.image(one).await.unwrap().unwrap();
    assert_eq!(image["Id"].as_str(), Some(first.as_str()));

    // What isn't there is told, and leaves no file; neither does what is no archive reach the engine.
    let id = home
        .app
        .start_save(save(&["localhost/no:such"], None))
        .await
        .unwrap();
    let failed = home.ended(&id).await;
    assert_eq!(failed.state, TaskState::Failed, "{failed:?}");
    assert_eq!(
        failed.problem.unwrap().message,
        "The engine couldn’t save this."
    );
    assert_eq!(files(&downloads), ["one-v1-2.tar", "one-v1.tar"]);
    let text = chosen.path().join("notes.tar");
    std::fs::write(&text, "no archive at all").unwrap();
    let refused = problem(home.app.plan_load(&text.display().to_string()).await);
    assert_eq!(refused.message, "notes.tar is no archive of images.");
    // An archive that breaks off is the engine's to refuse.
    let whole = std::fs::read(&alone).unwrap();
    std::fs::write(&text, &whole[..whole.len() / 2]).unwrap();
    let failed = taken_in(&home, load(&text, &[])).await;
    assert_eq!(failed.state, TaskState::Failed, "{failed:?}");
    let problem = failed.problem.unwrap();
    assert!(problem.detail.is_some(), "{problem:?}");
}

#[tokio::test]
async fn archives_of_debians_docker() {
    if need(Part::Dockerd) {
        round(EngineKind::Debian).await;
    }
}

#[tokio::test]
async fn archives_of_the_containerd_engine() {
    if need(Part::NewDockerd) {
        round(EngineKind::Containerd).await;
    }
}

#[tokio::test]
async fn archives_of_podman() {
    if need(Part::Podman) {
        round(EngineKind::Podman).await;
    }
}

#[tokio::test]
async fn what_is_stopped_leaves_no_file_and_no_image() {
    if !need(Part::Dockerd) {
        return;
    }
    let engine = Dockerd::start(None).await.unwrap();
    let home = Home::with(Some(&engine));
    let big = ImageSpec::of_sizes(1, &[60_000_000]);
    loaded(&engine, &big, "localhost/big:v1").await;
    let downloads = home.folder.path().join("downloads");
    let id = home
        .app
        .start_save(save(&["localhost/big:v1"], None))
        .await
        .unwrap();
    home.until(&id, |task| task.state == TaskState::Running)
        .await;
    home.app.cancel_task(id.clone()).await.unwrap();
    let task = home.ended(&id).await;
    assert_eq!((task.state, task.outcome), (TaskState::Cancelled, None));
    assert!(!downloads.exists() || files(&downloads).is_empty());

    let path = saved(&home, save(&["localhost/big:v1"], None)).await;
    engine.remove_image("localhost/big:v1").await.unwrap();
    let id = home.app.start_load(load(&path, &[])).await.unwrap();
    home.until(&id, |task| task.done > 0 || task.state == TaskState::Done)
        .await;
    home.app.cancel_task(id.clone()).await.unwrap();
    let task = home.ended(&id).await;
    // On a quick computer it may have been done before.
    if task.state == TaskState::Cancelled {
        assert!(!engine.has_image("localhost/big:v1").await.unwrap());
    }
    assert!(path.is_file(), "what is read stays");
}

#[tokio::test]
async fn orders_that_name_nothing_are_refused_before_they_begin() {
    let home = Home::new();
    let none = problem(home.app.start_save(save(&[], None)).await);
    assert!(none.message.contains("between one and 200"), "{none:?}");
    let nowhere = problem(
        home.app
            .start_save(save(&["a:1"], Some(Path::new("x/y"))))
            .await,
    );
    assert!(nowhere.message.contains("is no folder"), "{nowhere:?}");
    for path in ["", "x.tar", "/nowhere/x.tar"] {
        let refused = problem(home.app.start_load(load(Path::new(path), &[])).await);
        assert!(refused.message.contains("is no file"), "{refused:?}");
    }
    assert!(home.app.tasks().await.unwrap().is_empty());
}
