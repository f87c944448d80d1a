//! Several engines: which there are, choosing one, and an order that goes to the one it names and to no other. Two real
//! engines, one of them over a real `sshd`.

use crate::home::{Home, failure, guarded_registry, load, scripted_with_engine};
use app::SshProgram;
use app::view::engine::{EngineOrigin, EnginePlace, EngineRow, EngineState, EngineView, EngineWay};
use app::view::problem::Code;
use app::view::push::{KeepAnswer, PushOrder};
use app::view::tasks::TaskState;
use std::time::Duration;
use testkit::images::{ImageSpec, push};
use testkit::parts::{
    Dockerd, EngineKind, Part, Registry, RegistryOptions, RegistryVersion, SshClient, Sshd, need,
};

async fn row(home: &Home, id: &str) -> EngineRow {
    let rows = home.app.engines().await.unwrap();
    rows.iter()
        .find(|row| row.id == id)
        .unwrap_or_else(|| panic!("no {id}: {rows:#?}"))
        .clone()
}

/// An address can be written in several ways; the list is of engines.
#[tokio::test]
async fn an_engine_is_listed_once_however_its_address_is_set() {
    let home = Home::at_engine("unix:///nowhere/docker.sock");
    home.add_context("same", "unix:///nowhere/docker.sock");
    for set in ["/nowhere/docker.sock", "context:same"] {
        let mut values = home.app.start().await.unwrap().settings.values;
        values.engine = Some(set.to_owned());
        home.app.set_settings(values).await.unwrap();
        let mut rows = home.app.engines().await.unwrap();
        // What this machine has of its own is none of the test's.
        rows.retain(|row| row.id.contains("nowhere") || row.id.contains("same"));
        let [row] = rows.as_slice() else {
            panic!("{set}: {rows:#?}");
        };
        assert_eq!(row.id, "unix:///nowhere/docker.sock");
        assert!(row.chosen, "{set}: {row:?}");
    }
}

/// Behaviour (lists): All engines are listed with how they answer; an order goes to the one it names and to no other.
/// Source: Docker contexts (`~/.docker/contexts/meta`), Docker 20.10.24 beside Podman 4.3.1.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_goes_to_the_engine_it_names_and_to_no_other() {
    if !need(Part::Registry) || !need(Part::Dockerd) || !need(Part::Podman) {
        return;
    }
    let registry = Registry::start(RegistryOptions::default()).await.unwrap();
    let image = ImageSpec::of_sizes(1, &[20_000]);
    push(&registry, "lab/tool", "v1", &image).await.unwrap();
    let docker = Dockerd::start(None).await.unwrap();
    let podman = Dockerd::start_kind(EngineKind::Podman, None).await.unwrap();
    let home = Home::with(Some(&docker));
    home.add_context("podman", &podman.docker_host());
    home.add_context("far", "tcp://127.0.0.1:1");
    let (used, other) = (docker.docker_host(), "context:podman");

    // Nothing is asked before somebody wants it.
    let before = row(&home, other).await;
    assert_eq!(
        (before.name.as_str(), before.origin),
        ("podman", EngineOrigin::Context)
    );
    assert_eq!((before.state, before.used), (EngineState::NotAsked, false));
    let EngineView::Ready { id, .. } = home.app.engine().await.unwrap() else {
        panic!("it is there");
    };
    assert_eq!(id, used);
    home.app.look_for_engines().await.unwrap();
    assert!(row(&home, &used).await.used);
    let answers = |row: EngineRow| match row.state {
        EngineState::Answers { name, .. } => name,
        other => panic!("{other:?}"),
    };
    assert_eq!(answers(row(&home, &used).await), "Docker");
    assert_eq!(answers(row(&home, other).await), "Podman");
    let far = row(&home, "context:far").await;
    assert!(
        matches!(&far.state, EngineState::Silent { problem } if problem.code == Code::NoEngine),
        "{far:?}"
    );

    // A pull goes there alone, and what the used one holds is as it was.
    let id = home.anyone(&registry.host()).await;
    let lab = home.at(&id, "lab/tool");
    let mut order = lab.pull_order("v1", None);
    order.engine = Some(other.to_owned());
    let task = home.app.start_pull(order.clone()).await.unwrap();
    let ended = home.ended(&task).await;
    assert_eq!(ended.state, TaskState::Done, "{ended:#?}");
    assert_eq!(ended.engine.as_deref(), Some(other));
    let name = format!("{}/lab/tool:v1", registry.host());
    assert!(podman.has_image(&name).await.unwrap());
    assert!(!docker.has_image(&name).await.unwrap());
    assert_eq!(home.app.images().await.unwrap(), []);

    // So does a push: only the other one has the image.
    let local = load(&podman, 1, 3000).await.remove(0);
    let question = |engine: Option<&str>| {
        let mut question = lab.push_question("v2", &local);
        question.engine = engine.map(str::to_owned);
        question
    };
    assert!(home.app.plan_push(question(None)).await.is_err());
    let plan = home.app.plan_push(question(Some(other))).await.unwrap();
    assert_eq!((plan.target, plan.secret_goes_to), (None, None));
    let mut push = lab.push_order("v2", &local, None, KeepAnswer::ByRule);
    push.engine = Some(other.to_owned());
    let task = home.app.start_push(push).await.unwrap();
    let ended = home.ended(&task).await;
    assert_eq!(ended.state, TaskState::Done, "{ended:#?}");

    // An engine that isn't listed is never looked for elsewhere, nor is the used one taken in its place.
    for nobody in ["context:nobody", "unix:///else.sock", &podman.docker_host()] {
        order.engine = Some(nobody.to_owned());
        let task = home.app.start_pull(order.clone()).await.unwrap();
        let problem = home.ended(&task).await.problem.unwrap();
        assert!(
            problem.message.contains("not there any more"),
            "{nobody}: {problem:?}"
        );
    }
    assert!(!docker.has_image(&name).await.unwrap());

    // One that is chosen is used, and stays chosen.
    let mut values = home.app.start().await.unwrap().settings.values;
    values.engine = Some(other.to_owned());
    home.app.set_settings(values).await.unwrap();
    let EngineView::Ready {
        id, name: called, ..
    } = home.app.engine().await.unwrap()
    else {
        panic!("it is there");
    };
    assert_eq!((id.as_str(), called.as_str()), (other, "Podman"));
    let chosen = row(&home, other).await;
    assert!(chosen.used && chosen.chosen, "{chosen:?}");
    let images = home.app.images().await.unwrap();
    assert!(
        images
            .iter()
            .any(|image| image.name.as_ref() == Some(&name)),
        "{images:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_computer_is_told_a_sign_in_only_where_the_person_agreed() {
    if !need(Part::Registry) || !need(Part::Dockerd) || !need(Part::Podman) || !need(Part::Sshd) {
        return;
    }
    let registry = guarded_registry(RegistryVersion::default()).await;
    let image = ImageSpec::of_sizes(1, &[20_000]);
    push(&registry, "lab/tool", "v1", &image).await.unwrap();
    let here = Dockerd::start(None).await.unwrap();
    // What listens there is Podman, to whom Docker's client passes on as well.
    let there = Dockerd::start_kind(EngineKind::Podman, None).await.unwrap();
    let sshd = Sshd::start(None).await.unwrap();
    let ssh = SshProgram {
        config: Some(sshd.client(SshClient::Known).unwrap()),
        ..SshProgram::default()
    };
    let home = Home::with_ssh(&here, ssh);
    home.add_context("gpu", &format!("ssh://lab{}", there.socket().display()));
    let gpu = "context:gpu";
    home.app.look_for_engines().await.unwrap();
    let far = row(&home, gpu).await;
    assert!(matches!(far.state, EngineState::Answers { .. }), "{far:?}");
    let (host, way) = ("lab".to_owned(), EngineWay::Ssh);
    assert_eq!(far.place, EnginePlace::Other { host, way });

    let id = home.sign_in(&registry.host()).await.id;
    let lab = home.at(&id, "lab/tool");
    let name = format!("{}/lab/tool:v1", registry.host());
    let mut order = lab.pull_order("v1", None);
    order.engine = Some(gpu.to_owned());
    for agreed in [None, Some("elsewhere")] {
        order.secret_goes_to = agreed.map(str::to_owned);
        let task = home.app.start_pull(order.clone()).await.unwrap();
        let problem = failure(&home.ended(&task).await, Code::Other);
        assert!(problem.message.contains("would go to lab"), "{problem:?}");
    }
    assert!(!there.has_image(&name).await.unwrap());

    order.secret_goes_to = Some("lab".to_owned());
    let task = home.app.start_pull(order).await.unwrap();
    let ended = home.ended(&task).await;
    assert_eq!(ended.state, TaskState::Done, "{ended:#?}");
    assert!(there.has_image(&name).await.unwrap());
    assert!(!here.has_image(&name).await.unwrap());

    let local = load(&there, 1, 3000).await.remove(0);
    let mut question = lab.push_question("v2", &local);
    question.engine = Some(gpu.to_owned());
    let plan = home.app.plan_push(question).await.unwrap();
    assert_eq!(plan.secret_goes_to.as_deref(), Some("lab"));
}

/// What an engine that isn't used has is not looked for in the one that is.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_restart_a_push_goes_on_and_asks_at_the_engine_it_names() {
    if !need(Part::Podman) {
        return;
    }
    let Some((mut home, registry, docker, id)) = scripted_with_engine().await else {
        return;
    };
    let podman = Dockerd::start_kind(EngineKind::Podman, None).await.unwrap();
    let other = "context:podman";
    home.add_context("podman", &podman.docker_host());
    let images = load(&podman, 2, 3000).await;
    assert!(!docker.has_image(&images[1]).await.unwrap());
    let order = |home: &Home, image: &str| {
        let keep = KeepAnswer::ByRule;
        let mut order = home.at(&id, "lab/tool").push_order("v1", image, None, keep);
        order.engine = Some(other.to_owned());
        order.name = Some("local/tool:1".to_owned());
        order
    };

    registry.set(|faults| faults.delay = Duration::from_millis(500));
    let first = home.app.start_push(order(&home, &images[0])).await.unwrap();
    home.until(&first, |task| task.state == TaskState::Running)
        .await;
    home.app.leave().await.unwrap();
    assert_eq!(home.ended(&first).await.state, TaskState::Interrupted);
    registry.set(|faults| faults.delay = Duration::ZERO);
    home.reopen();
    let again = home.app.retry_task(first).await.unwrap();
    let ended = home.ended(&again).await;
    assert_eq!(ended.state, TaskState::Done, "{ended:#?}");

    // The tag is taken by now, which this order doesn't know: its sheet is to be opened again.
    let asks = home.app.start_push(order(&home, &images[1])).await.unwrap();
    failure(&home.ended(&asks).await, Code::TagMoved);
    home.reopen();
    let ordered = home.app.ordered_push(asks.clone()).await.unwrap();
    assert_eq!(
        (ordered.engine.as_deref(), ordered.name.as_deref()),
        (Some(other), Some("local/tool:1"))
    );
    let mut question = home.at(&id, "lab/tool").push_question("v1", &ordered.image);
    assert!(home.app.plan_push(question.clone()).await.is_err());
    question.engine.clone_from(&ordered.engine);
    let plan = home.app.plan_push(question).await.unwrap();
    let answered = PushOrder {
        expected: Some(plan.target.unwrap().digest),
        keep: KeepAnswer::Off,
        ..ordered
    };
    let answered = home.app.start_push(answered).await.unwrap();
    let ended = home.ended(&answered).await;
    assert_eq!(ended.state, TaskState::Done, "{ended:#?}");
    assert!(home.app.ordered_pull(asks).await.is_err());

    // So does a pull, whose question is about a name there.
    let mut pull = home.at(&id, "lab/tool").pull_order("v1", None);
    pull.engine = Some(other.to_owned());
    pull.move_name = true;
    let pulled = home.app.start_pull(pull).await.unwrap();
    home.ended(&pulled).await;
    home.reopen();
    let ordered = home.app.ordered_pull(pulled).await.unwrap();
    assert_eq!(
        (ordered.engine.as_deref(), ordered.move_name),
        (Some(other), true)
    );
}

/// What is shared between questions to another computer would be left behind by a program that just ends.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_engine_of_another_computer_is_let_go_of_at_the_end() {
    if !need(Part::Dockerd) || !need(Part::Sshd) {
        return;
    }
    let there = Dockerd::start(None).await.unwrap();
    let sshd = Sshd::start(None).await.unwrap();
    let ssh = SshProgram {
        config: Some(sshd.client(SshClient::Known).unwrap()),
        ..SshProgram::default()
    };
    let home = Home::with_ssh(&there, ssh);
    home.add_context("gpu", &format!("ssh://lab{}", there.socket().display()));
    let mut values = home.app.start().await.unwrap().settings.values;
    values.engine = Some("context:gpu".to_owned());
    home.app.set_settings(values).await.unwrap();
    home.app.images().await.unwrap();
    assert!(!sshd.runs().is_empty());
    home.app.app.computer.leave().await;
    let since = std::time::Instant::now();
    while !sshd.runs().is_empty() {
        let runs = sshd.runs();
        assert!(since.elapsed().as_secs() < 20, "{runs:?}");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
}
