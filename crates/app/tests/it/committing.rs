//! A container becomes an image, and the image goes where its sheet said: on real engines and a real registry.

use crate::home::{Home, guarded_registry, problem};
use crate::making;
use crate::places::loaded;
use app::view::containers::ChangeKind;
use app::view::making::{CommitOrder, CommitPlan, Made, ThenPush};
use app::view::problem::Code;
use app::view::push::{KeepAnswer, PushQuestion};
use app::view::tasks::{TaskKind, TaskOutcome, TaskState, TaskView};
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;
use testkit::images::{ImageSpec, sleeper};
use testkit::parts::{Dockerd, EngineKind, Part, Registry, RegistryVersion, need};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::mpsc;
use tokio::time::timeout;

/// How soon a thing that is noticed by itself is noticed, on a busy computer.
const SOON: Duration = Duration::from_secs(8);
const IMAGE: &str = "localhost/team/app:v1";
const PLACE: &str = "lab/committed";
const SAVED: &str = "localhost/team/saved:v1";
const NEW: &str = "localhost/team/new:v1";

struct Machine {
    home: Home,
    registry: Registry,
    engine: Dockerd,
    account: String,
    container: String,
}

impl Machine {
    async fn start(kind: EngineKind) -> Option<Self> {
        let part = match kind {
            EngineKind::Containerd => Part::NewDockerd,
            EngineKind::Podman => Part::Podman,
            _ => Part::Dockerd,
        };
        if !need(part) || !need(Part::Registry) {
            return None;
        }
        let registry = guarded_registry(RegistryVersion::Two).await;
        let engine = Dockerd::start_kind(kind, None).await.unwrap();
        let home = Home::with(Some(&engine));
        let account = home.sign_in(&registry.host()).await.id;
        let spec = ImageSpec::of_sizes(1, &[50_000])
            .layer("etc/old", "old")
            .layer("bin/sleeper", sleeper());
        loaded(&engine, &spec, IMAGE).await;
        let wanted = json!({"Cmd": ["/bin/sleeper"], "Volumes": {"/data": {}}});
        let container = engine
            .create_container_of("notebook", IMAGE, &wanted)
            .await
            .unwrap();
        Some(Self {
            home,
            registry,
            engine,
            account,
            container,
        })
    }

    async fn put(&self, path: &str, text: &str) {
        let put = self.engine.put_file(&self.container, path, text.as_bytes());
        put.await.unwrap();
    }

    async fn plan(&self) -> CommitPlan {
        let container = self.container.clone();
        self.home.app.plan_commit(container).await.unwrap()
    }

    fn order(&self, then: Option<ThenPush>) -> CommitOrder {
        CommitOrder {
            container: self.container.clone(),
            called: "notebook".to_owned(),
            name: None,
            move_name: false,
            author: String::new(),
            message: String::new(),
            pause: true,
            lines: Vec::new(),
            then,
        }
    }

    fn named(&self, name: &str) -> CommitOrder {
        CommitOrder {
            name: Some(name.to_owned()),
            ..self.order(None)
        }
    }

    fn question(&self, tag: &str, base: Option<String>) -> PushQuestion {
        PushQuestion {
            base,
            ..making::question(&self.account, PLACE, tag)
        }
    }

    /// What a sheet for this tag orders, as the registry stands.
    async fn then(&self, tag: &str, keep: KeepAnswer) -> ThenPush {
        let base = Some(self.plan().await.image_id);
        let plan = self.home.app.plan_push(self.question(tag, base)).await;
        making::then(self.question(tag, None), plan.unwrap(), keep)
    }

    async fn committed(&self, order: CommitOrder) -> TaskView {
        let id = self.home.app.start_commit(order).await.unwrap();
        self.home.ended(&id).await
    }

    /// The push that followed a commit.
    async fn pushed_after(&self, commit: &TaskView) -> TaskView {
        making::pushed_after(&self.home, commit).await
    }

    async fn at(&self, tag: &str) -> Option<String> {
        let manifest = self.registry.manifest(PLACE, tag).await.unwrap();
        manifest.map(|(digest, _)| digest)
    }

    async fn tag(&self, image: &str, name: &str) {
        let (repository, tag) = name.rsplit_once(':').unwrap();
        let path = format!("/images/{image}/tag?repo={repository}&tag={tag}");
        let (status, _, _) = self.engine.post(&path, "", &[]).await.unwrap();
        assert_eq!(status, 201);
    }

    async fn image(&self, name: &str) -> Value {
        self.engine.image(name).await.unwrap().unwrap()
    }

    async fn state(&self) -> Value {
        let path = format!("/containers/{}/json", self.container);
        let (_, _, body) = self.engine.get(&path).await.unwrap();
        let told: Value = serde_json::from_slice(&body).unwrap();
        told["State"].clone()
    }
}

fn made(task: &TaskView) -> &Made {
    assert_eq!(task.state, TaskState::Done, "{task:#?}");
    match &task.outcome {
        Some(TaskOutcome::Made(made)) => made,
        _ => panic!("{task:#?}"),
    }
}

async fn round(kind: EngineKind) {
    let Some(machine) = Machine::start(kind).await else {
        return;
    };
    let (home, engine) = (&machine.home, &machine.engine);

    // Nothing has changed; then two files have.
    let plan = machine.plan().await;
    assert_eq!(
        (plan.name.as_str(), plan.running, plan.mounts.as_slice()),
        ("notebook", false, &["/data".to_owned()][..])
    );
    assert_eq!(plan.image_id, machine.image(IMAGE).await["Id"]);
    for path in ["etc/old", "etc/new"] {
        machine.put(path, "another").await;
    }
    let changed = machine.plan().await.changed.unwrap();
    assert_eq!((changed.modified, changed.deleted), (1, 0), "{changed:?}");
    let first = changed.first.iter().find(|file| file.path == "/etc/new");
    assert_eq!(first.unwrap().kind, ChangeKind::Added);

    // Committed, then pushed to a new tag: one yes, given before.
    let plan = machine.plan().await;
    let question = machine.question("v1", Some(plan.image_id.clone()));
    let push = home.app.plan_push(question).await.unwrap();
    assert!(push.image.is_none() && push.new_layers == 3, "{push:?}");
    assert!(
        push.at_most.is_some_and(|bytes| bytes >= 50_000),
        "{push:?}"
    );
    let order = CommitOrder {
        author: " Ana ".to_owned(),
        message: "Notes of Tuesday".to_owned(),
        lines: vec![
            " cmd [\"/bin/sleeper\", \"now\"] ".to_owned(),
            String::new(),
        ],
        ..machine.order(Some(machine.then("v1", KeepAnswer::ByRule).await))
    };
    let commit = machine.committed(order).await;
    let image = made(&commit);
    assert!(image.then && image.name.is_none(), "{image:?}");
    assert_eq!(
        (commit.kind, commit.image.as_deref(), commit.tag.as_str()),
        (TaskKind::Commit, Some("notebook"), "v1")
    );
    assert_eq!((commit.done, commit.total), (1, 1));
    let push = machine.pushed_after(&commit).await;
    assert_eq!(
        (push.kind, push.state),
        (TaskKind::Push, TaskState::Done),
        "{push:#?}"
    );
    let first = machine.at("v1").await.unwrap();
    let json = machine.image(&image.image).await;
    assert_eq!(
        (&json["Author"], &json["Comment"]),
        (&json!("Ana"), &json!("Notes of Tuesday"))
    );
    assert_eq!(json["Config"]["Cmd"], json!(["/bin/sleeper", "now"]));

    // While it runs, and over a tag: what that pointed at is kept, as the answer said; the container runs on.
    engine
        .container_act(&machine.container, "start")
        .await
        .unwrap();
    machine.put("etc/new", "third").await;
    assert!(machine.plan().await.running);
    let then = machine.then("v1", KeepAnswer::EachOverwrite).await;
    assert_eq!(then.expected.as_deref(), Some(first.as_str()));
    let commit = machine.committed(machine.order(Some(then))).await;
    made(&commit);
    let push = machine.pushed_after(&commit).await;
    assert_eq!(push.state, TaskState::Done, "{push:#?}");
    let moved = push.outcome.and_then(TaskOutcome::moved).unwrap();
    let second = machine.at("v1").await.unwrap();
    assert_ne!(first, second);
    let kept = machine.at(&moved.commit_tag.unwrap()).await;
    assert_eq!(kept.as_deref(), Some(first.as_str()));
    let state = machine.state().await;
    assert_eq!(
        (&state["Running"], &state["Paused"]),
        (&json!(true), &json!(false))
    );

    // A tag that moved meanwhile stops the push with the known question.
    let then = ThenPush {
        expected: Some(first),
        ..machine.then("v1", KeepAnswer::ByRule).await
    };
    let commit = machine.committed(machine.order(Some(then))).await;
    made(&commit);
    let push = machine.pushed_after(&commit).await;
    assert_eq!(push.state, TaskState::Failed, "{push:#?}");
    assert_eq!(push.problem.unwrap().code, Code::TagMoved);
    assert_eq!(machine.at("v1").await.as_deref(), Some(second.as_str()));

    held(&machine).await;
    names(&machine).await;
    refusals(&machine).await;
}

/// One that somebody holds is read as it is, and held on.
async fn held(machine: &Machine) {
    machine
        .engine
        .container_act(&machine.container, "pause")
        .await
        .unwrap();
    assert!(!machine.plan().await.running);
    made(&machine.committed(machine.order(None)).await);
    assert_eq!(machine.state().await["Status"], "paused");
    machine
        .engine
        .container_act(&machine.container, "unpause")
        .await
        .unwrap();
}

/// A name on this computer: given, asked about where another image has it, and never taken by the way.
async fn names(machine: &Machine) {
    let app = &machine.home.app;
    let first = machine.committed(machine.named(SAVED)).await;
    let first = made(&first);
    assert_eq!(first.name.as_deref(), Some(SAVED));
    assert_eq!(machine.image(SAVED).await["Id"], first.image.as_str());

    machine.put("etc/new", "fourth").await;
    // A name that a commit gave moves with the next one by itself.
    let next = machine.committed(machine.named(SAVED)).await;
    assert_ne!(made(&next).image, first.image);
    assert_eq!(machine.image(SAVED).await["Id"], made(&next).image.as_str());
    machine.tag(IMAGE, SAVED).await;
    machine.put("etc/new", "fifth").await;
    let asked = problem(app.start_commit(machine.named(SAVED)).await);
    assert_eq!(asked.code, Code::NameTaken, "{asked:?}");
    assert!(asked.message.contains(SAVED), "{asked:?}");
    let order = CommitOrder {
        move_name: true,
        ..machine.named(SAVED)
    };
    let second = machine.committed(order).await;
    assert_ne!(made(&second).image, first.image);
    assert_eq!(
        machine.image(SAVED).await["Id"],
        made(&second).image.as_str()
    );
    assert!(machine.engine.has_image(&first.image).await.unwrap());

    // Somebody else gets the name while commits before this one run: it is theirs, and what was made has none.
    for _ in 0..3 {
        app.start_commit(machine.order(None)).await.unwrap();
    }
    let id = app.start_commit(machine.named(NEW)).await.unwrap();
    machine.tag(IMAGE, NEW).await;
    let task = machine.home.ended(&id).await;
    let made = made(&task);
    assert_eq!(made.name, None);
    assert!(
        made.notes[0].text.contains("another image’s name"),
        "{made:?}"
    );
    assert!(machine.engine.has_image(&made.image).await.unwrap());
    assert_eq!(
        machine.image(NEW).await["Id"],
        machine.image(IMAGE).await["Id"]
    );
}

/// What can't be made is told, before where that can be known.
async fn refusals(machine: &Machine) {
    let app = &machine.home.app;
    let images = machine.home.app.images().await.unwrap().len();
    let refused = async |order: CommitOrder| problem(app.start_commit(order).await).message;
    for name in ["Not A Name", "localhost/a@sha256:00", "localhost/a:b c"] {
        let told = refused(machine.named(name)).await;
        assert!(told.contains("can’t be the name of an image"), "{told}");
    }
    let with = |line: &str| CommitOrder {
        lines: vec![line.to_owned()],
        ..machine.order(None)
    };
    assert!(
        refused(with("RUN make"))
            .await
            .contains("“RUN” can’t be said")
    );
    let long = CommitOrder {
        message: "x".repeat(5000),
        ..machine.order(None)
    };
    assert!(refused(long).await.contains("more than the engine takes"));

    // What only the engine can know of a line is told by its task.
    let task = machine.committed(with("EXPOSE nowhere")).await;
    assert_eq!(task.state, TaskState::Failed, "{task:#?}");
    let said = task.problem.unwrap();
    assert!(said.message.contains("one of the lines"), "{said:?}");
    assert_eq!(machine.home.app.images().await.unwrap().len(), images);
    let again = app.retry_task(task.id.clone()).await.unwrap();
    let task = machine.home.ended(&again).await;
    assert_eq!(
        (task.kind, task.state, task.image.as_deref()),
        (TaskKind::Commit, TaskState::Failed, Some("notebook"))
    );

    machine
        .engine
        .remove_container(&machine.container)
        .await
        .unwrap();
    let gone = refused(machine.order(None)).await;
    assert!(gone.contains("no longer has this container"), "{gone}");
    let container = machine.container.clone();
    let gone = problem(app.plan_commit(container).await);
    assert!(gone.message.contains("no longer has this container"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_and_the_push_that_follows_with_docker() {
    Box::pin(round(EngineKind::Debian)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_and_the_push_that_follows_with_the_containerd_store() {
    Box::pin(round(EngineKind::Containerd)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_and_the_push_that_follows_with_podman() {
    Box::pin(round(EngineKind::Podman)).await;
}

/// Plays an engine with one container that it never gets done with; tells each commit that begins, and each that is left.
fn never_done(folder: &Path) -> (String, mpsc::UnboundedReceiver<&'static str>) {
    let socket = folder.join("docker.sock");
    let listener = UnixListener::bind(&socket).unwrap();
    let (tells, told) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((guest, _)) = listener.accept().await {
            tokio::spawn(play(guest, tells.clone()));
        }
    });
    (format!("unix://{}", socket.display()), told)
}

async fn play(mut guest: UnixStream, tells: mpsc::UnboundedSender<&'static str>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match guest.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let head = String::from_utf8(head).unwrap();
    let path = head.split(' ').nth(1).unwrap();
    let body = match path {
        _ if path.contains("/events") => return std::future::pending().await,
        _ if path.contains("/commit?") => {
            tells.send("begun").unwrap();
            while guest.read_u8().await.is_ok() {}
            let _ = tells.send("left");
            return;
        }
        _ if path.contains("/containers/") => {
            r#"{"Id":"c0","Name":"/notebook","Image":"sha256:aa"}"#.to_owned()
        }
        _ if path.ends_with("/_ping") => "OK".to_owned(),
        _ => "{}".to_owned(),
    };
    let length = body.len();
    let whole =
        format!("HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: {length}\r\n\r\n{body}");
    let _ = guest.write_all(whole.as_bytes()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_that_is_stopped_is_waited_for_no_longer_and_one_that_waits_never_begins() {
    let folder = tempfile::tempdir().unwrap();
    let (host, mut told) = never_done(folder.path());
    let home = Home::at_engine(&host);
    let order = |called: &str| CommitOrder {
        container: "c0".to_owned(),
        called: called.to_owned(),
        name: None,
        move_name: false,
        author: String::new(),
        message: String::new(),
        pause: true,
        lines: Vec::new(),
        then: None,
    };
    let first = home.app.start_commit(order("first")).await.unwrap();
    let begun = timeout(SOON, told.recv()).await.unwrap();
    assert_eq!(begun, Some("begun"));
    let second = home.app.start_commit(order("second")).await.unwrap();
    home.app.cancel_task(second.clone()).await.unwrap();
    let second = home.ended(&second).await;
    assert_eq!((second.state, second.total), (TaskState::Cancelled, 0));

    home.app.cancel_task(first.clone()).await.unwrap();
    let first = home.ended(&first).await;
    assert_eq!((first.state, first.total), (TaskState::Cancelled, 1));
    assert_eq!(first.outcome, None);
    let left = timeout(SOON, told.recv()).await.unwrap();
    assert_eq!(left, Some("left"));
    // A task is told as ended a moment before it is no longer counted.
    let over = async {
        while home.app.running() > 0 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    timeout(SOON, over).await.unwrap();
    assert!(told.try_recv().is_err(), "the other one began");
}
