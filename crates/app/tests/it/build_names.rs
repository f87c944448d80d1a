//! The name that a build gives: from which image it moves, and when it is asked about.

use crate::building::Machine;
use app::view::making::BuildOrder;
use app::view::problem::Code;
use app::view::tasks::{TaskOutcome, TaskState, TaskView};
use testkit::held_file::HeldFile;
use testkit::parts::EngineKind;

const NAME: &str = "localhost/lab/here:1";

/// Names an image of the engine.
async fn tagged(machine: &Machine, image: &str) {
    let path = format!("/images/{image}/tag?repo=localhost/lab/here&tag=1");
    let (status, _, _) = machine.engine.post(&path, "", &[]).await.unwrap();
    assert_eq!(status, 201);
}

/// Returns the id of the image that bears the name.
async fn bearer(machine: &Machine) -> String {
    let image = machine.engine.image(NAME).await.unwrap().unwrap();
    let id = image["Id"].as_str().unwrap();
    id.trim_start_matches("sha256:").to_owned()
}

fn named(machine: &Machine, move_name: bool) -> BuildOrder {
    BuildOrder {
        name: Some(NAME.to_owned()),
        move_name,
        ..machine.order(None)
    }
}

fn made(build: &TaskView) -> app::view::making::Made {
    match build.outcome.clone() {
        Some(TaskOutcome::Made(made)) => made,
        _ => panic!("{build:#?}"),
    }
}

/// A name that is another image's moves only where the person said so, or a build here gave it.
async fn round(kind: EngineKind) {
    let Some(machine) = Machine::start(kind).await else {
        return;
    };
    let app = &machine.home.app;
    let other = made(&machine.built(machine.order(None)).await).image;
    tagged(&machine, &other).await;
    machine.write("a.txt", "four");
    let refused = app.start_build(named(&machine, false)).await.unwrap_err();
    assert_eq!(refused.code, Code::NameTaken, "{refused:?}");
    assert!(refused.message.contains(NAME), "{refused:?}");
    assert!(other.contains(&bearer(&machine).await));
    let build = machine.built(named(&machine, true)).await;
    assert_eq!(build.state, TaskState::Done, "{build:#?}");
    assert_eq!(made(&build).name.as_deref(), Some(NAME));
    let second = bearer(&machine).await;
    assert!(!other.contains(&second));
    // A build gave it: it moves by itself.
    machine.write("a.txt", "five");
    let build = machine.built(named(&machine, false)).await;
    assert_eq!(build.state, TaskState::Done, "{build:#?}");
    let third = bearer(&machine).await;
    assert_ne!(third, second);
    // Nothing was made anew: it is its own name already.
    let build = machine.built(named(&machine, false)).await;
    assert_eq!(made(&build).name.as_deref(), Some(NAME));
    assert_eq!(bearer(&machine).await, third);

    // It goes to another image while the build runs.
    let mut held = HeldFile::hold().await.unwrap();
    let dockerfile = format!("FROM scratch\nADD {} /file\n", held.url);
    machine.write("Dockerfile", &dockerfile);
    let id = app.start_build(named(&machine, false)).await.unwrap();
    held.asked().await;
    tagged(&machine, &other).await;
    held.let_go();
    let build = machine.home.ended(&id).await;
    assert_eq!(build.state, TaskState::Done, "{build:#?}");
    let made = made(&build);
    assert_eq!(made.name, None);
    assert!(made.notes[0].text.contains(NAME), "{made:?}");
    assert!(other.contains(&bearer(&machine).await));

    // It went to another image after a build was ordered, and before that is begun again.
    tagged(&machine, &second).await;
    machine.write("Dockerfile", "FROM scratch\nCOPY later /\n");
    let build = machine.built(named(&machine, false)).await;
    assert_eq!(build.state, TaskState::Failed, "{build:#?}");
    tagged(&machine, &other).await;
    machine.write("later", "there now");
    let again = app.retry_task(build.id).await.unwrap();
    let build = machine.home.ended(&again).await;
    assert_eq!(build.problem.unwrap().code, Code::NameTaken);
    assert!(other.contains(&bearer(&machine).await));

    // One without a host is Docker Hub's, whichever engine it is.
    let order = BuildOrder {
        name: Some("lab-here:1".to_owned()),
        ..machine.order(None)
    };
    let build = machine.built(order).await;
    assert_eq!(build.state, TaskState::Done, "{build:#?}");
    // Podman writes the host out.
    let written = if kind == EngineKind::Podman {
        "docker.io/library/lab-here:1"
    } else {
        "lab-here:1"
    };
    let listed = app.images().await.unwrap();
    let names: Vec<_> = listed
        .iter()
        .filter_map(|row| row.name.as_deref())
        .collect();
    assert!(names.contains(&written), "{names:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_moves_with_leave_only_with_docker() {
    Box::pin(round(EngineKind::Debian)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_moves_with_leave_only_with_the_containerd_store() {
    Box::pin(round(EngineKind::Containerd)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_moves_with_leave_only_with_podman() {
    Box::pin(round(EngineKind::Podman)).await;
}
