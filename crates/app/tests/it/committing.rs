//! A container becomes an image, and the image goes where its sheet said: on real engines and a real registry.

use crate::home::{Home, guarded_registry, problem};
use crate::places::loaded;
use app::view::containers::ChangeKind;
use app::view::making::{CommitOrder, CommitPlan, Made, ThenPush};
use app::view::problem::Code;
use app::view::push::{KeepAnswer, NameAnswer, PushQuestion};
use app::view::tasks::{TaskKind, TaskOutcome, TaskState, TaskView};
use futures_util::future::join_all;
use serde_json::{Value, json};
use testkit::images::{ImageSpec, sleeper};
use testkit::parts::{Dockerd, EngineKind, Part, Registry, RegistryVersion, need};

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
            image: None,
            name: None,
            account: self.account.clone(),
            repository: PLACE.to_owned(),
            tag: tag.to_owned(),
            engine: None,
            platform: None,
            base,
        }
    }

    /// What a sheet for this tag orders, as the registry stands.
    async fn then(&self, tag: &str, keep: KeepAnswer) -> ThenPush {
        let base = Some(self.plan().await.image_id);
        let plan = self.home.app.plan_push(self.question(tag, base)).await;
        ThenPush {
            account: self.account.clone(),
            repository: PLACE.to_owned(),
            tag: tag.to_owned(),
            expected: plan.unwrap().target.map(|target| target.digest),
            keep,
            share_rule: false,
            allows: None,
            accept_loss: false,
            taken_name: NameAnswer::Unasked,
            secret_goes_to: None,
        }
    }

    async fn committed(&self, order: CommitOrder) -> TaskView {
        let id = self.home.app.start_commit(order).await.unwrap();
        self.home.ended(&id).await
    }

    /// The push that followed a commit.
    async fn pushed_after(&self, commit: &TaskView) -> TaskView {
        let number: i64 = commit.id.parse().unwrap();
        let next = (number + 1).to_string();
        self.home.ended(&next).await
    }

    async fn at(&self, tag: &str) -> Option<String> {
        let manifest = self.registry.manifest(PLACE, tag).await.unwrap();
        manifest.map(|(digest, _)| digest)
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

    // Several at once, with one name that nobody has yet: the first one gets it, and no other takes it.
    let ordered = (0..4).map(|n| {
        let order = CommitOrder {
            message: n.to_string(),
            ..machine.named(NEW)
        };
        app.start_commit(order)
    });
    let mut bearers = Vec::new();
    for id in join_all(ordered).await {
        match id {
            Ok(id) => {
                let task = machine.home.ended(&id).await;
                let made = made(&task);
                if made.name.is_some() {
                    bearers.push(made.image.clone());
                } else {
                    assert!(made.notes[0].text.contains("another image’s name"));
                }
            }
            Err(problem) => assert_eq!(problem.code, Code::NameTaken),
        }
    }
    assert_eq!(bearers.len(), 1, "{bearers:?}");
    assert_eq!(machine.image(NEW).await["Id"], bearers[0].as_str());
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
