//! A folder becomes an image, and the image goes where its sheet said: on real engines and a real registry.

use crate::home::{Home, guarded_registry};
use crate::making;
use app::view::events::AppEvent;
use app::view::making::{
    BuildBy, BuildOrder, BuildQuestion, BuildSecret, BuildStep, BuildValue, StepState, ThenPush,
};
use app::view::problem::Code;
use app::view::push::{KeepAnswer, PushQuestion};
use app::view::tasks::{TaskKind, TaskOutcome, TaskState, TaskView};
use std::collections::BTreeMap;
use std::path::Path;
use testkit::held_file::HeldFile;
use testkit::parts::{Dockerd, EngineKind, Part, Registry, RegistryVersion, need};

pub struct Machine {
    kind: EngineKind,
    pub home: Home,
    registry: Registry,
    pub engine: Dockerd,
    account: String,
    folder: tempfile::TempDir,
}

impl Machine {
    /// Waits until a build tells that a step runs: what it does may be seen before it is told.
    async fn until_it_runs(&self, build: &str, step: &str) {
        let since = std::time::Instant::now();
        let runs = || {
            let log = self.home.app.build_log(build);
            let last = log.steps.last();
            last.is_some_and(|last| last.state == StepState::Running && last.text.contains(step))
        };
        while !runs() {
            assert!(since.elapsed().as_secs() < 30, "{step} doesn't run");
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    }

    pub async fn start(kind: EngineKind) -> Option<Self> {
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
        let folder = tempfile::tempdir().unwrap();
        let made = Self {
            kind,
            home,
            registry,
            engine,
            account,
            folder,
        };
        made.write(
            "Dockerfile",
            "FROM scratch\nARG WHAT=x\nLABEL what=$WHAT\nCOPY a.txt /\n",
        );
        made.write("a.txt", "one");
        Some(made)
    }

    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join(name), text).unwrap();
    }

    fn folder(&self) -> String {
        self.folder.path().display().to_string()
    }

    pub fn order(&self, then: Option<ThenPush>) -> BuildOrder {
        BuildOrder {
            folder: self.folder(),
            dockerfile: "Dockerfile".to_owned(),
            target: None,
            args: Vec::new(),
            secrets: Vec::new(),
            engine_builder: false,
            platform: None,
            no_cache: false,
            name: None,
            move_name: false,
            then,
        }
    }

    fn question(&self, tag: &str) -> PushQuestion {
        making::question(&self.account, "lab/built", tag)
    }

    /// What a sheet for this tag orders, as the registry stands.
    async fn then(&self, tag: &str, keep: KeepAnswer) -> ThenPush {
        let plan = self.home.app.plan_push(self.question(tag)).await.unwrap();
        assert!(plan.image.is_none() && plan.at_most.is_none());
        assert!(plan.warnings.is_empty(), "{plan:?}");
        making::then(self.question(tag), plan, keep)
    }

    pub async fn built(&self, order: BuildOrder) -> TaskView {
        let id = self.home.app.start_build(order).await.unwrap();
        self.home.ended(&id).await
    }

    /// The push that followed a build.
    async fn pushed_after(&self, build: &TaskView) -> TaskView {
        making::pushed_after(&self.home, build).await
    }

    async fn at(&self, tag: &str) -> Option<String> {
        let manifest = self.registry.manifest("lab/built", tag).await.unwrap();
        manifest.map(|(digest, _)| digest)
    }

    /// The steps of a build as the window has them after all that was told.
    fn steps_told(&self, task: &str) -> Vec<BuildStep> {
        let mut steps = BTreeMap::new();
        for event in self.home.events() {
            if let AppEvent::Build {
                task: of,
                steps: changed,
                ..
            } = event
                && of == task
            {
                steps.extend(changed.into_iter().map(|step| (step.key, step)));
            }
        }
        steps.into_values().collect()
    }
}

async fn round(kind: EngineKind) {
    let Some(machine) = Machine::start(kind).await else {
        return;
    };
    let question = BuildQuestion {
        folder: machine.folder(),
        dockerfile: None,
    };
    let plan = machine.home.app.plan_build(question).await.unwrap();
    assert_eq!((plan.dockerfile.as_str(), plan.files), ("Dockerfile", 2));
    assert_eq!(plan.args[0].default.as_deref(), Some("x"));
    assert!(plan.platforms[0].starts_with("linux/"), "{plan:?}");

    // Built, then pushed to a new tag: one yes, given before.
    let then = machine.then("v1", KeepAnswer::ByRule).await;
    let order = BuildOrder {
        args: vec![BuildValue {
            name: "WHAT".to_owned(),
            value: "aligner".to_owned(),
        }],
        ..machine.order(Some(then))
    };
    let build = machine.built(order).await;
    assert_eq!(build.state, TaskState::Done, "{build:#?}");
    assert_eq!((build.kind, build.tag.as_str()), (TaskKind::Build, "v1"));
    assert_eq!(build.done, build.total);
    let Some(TaskOutcome::Made(made)) = &build.outcome else {
        panic!("{build:#?}");
    };
    assert!(made.then && made.name.is_none());
    assert_eq!(made.engine, Some(machine.engine.docker_host()));
    let push = machine.pushed_after(&build).await;
    assert_eq!(
        (push.kind, push.state),
        (TaskKind::Push, TaskState::Done),
        "{push:#?}"
    );
    assert_eq!(made.next.as_deref(), Some(push.id.as_str()));
    let first = machine.at("v1").await.unwrap();
    let image = machine.engine.image(&made.image).await.unwrap().unwrap();
    assert_eq!(image["Config"]["Labels"]["what"], "aligner");

    // What would be lost is said before anything is built.
    let question = PushQuestion {
        platform: Some("linux/s390x".to_owned()),
        ..machine.question("v1")
    };
    let plan = machine.home.app.plan_push(question).await.unwrap();
    assert!(plan.warnings[0].starts_with("s390x only, "), "{plan:?}");

    // What was told is what is remembered.
    let told = machine.steps_told(&build.id);
    let log = machine.home.app.build_log(&build.id);
    assert_eq!(told, log.steps);
    assert_eq!(told.len(), 4, "{told:#?}");
    assert!(told.iter().all(|step| step.state != StepState::Running));
    assert!(log.sent > 0);

    // Over a tag: what it pointed at is kept, as the answer said.
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    machine.write("a.txt", "two");
    let then = machine.then("v1", KeepAnswer::EachOverwrite).await;
    assert_eq!(then.expected.as_deref(), Some(first.as_str()));
    let build = machine.built(machine.order(Some(then))).await;
    let push = machine.pushed_after(&build).await;
    assert_eq!(push.state, TaskState::Done, "{push:#?}");
    let moved = push.outcome.and_then(TaskOutcome::moved).unwrap();
    let second = machine.at("v1").await.unwrap();
    assert_ne!(first, second);
    let kept = machine.at(&moved.commit_tag.unwrap()).await;
    assert_eq!(kept.as_deref(), Some(first.as_str()));

    // A tag that moved during the build stops the push with the known question.
    let then = ThenPush {
        expected: Some(first),
        ..machine.then("v1", KeepAnswer::ByRule).await
    };
    machine.write("a.txt", "three");
    let build = machine.built(machine.order(Some(then))).await;
    assert_eq!(build.state, TaskState::Done, "{build:#?}");
    let push = machine.pushed_after(&build).await;
    assert_eq!(push.state, TaskState::Failed, "{push:#?}");
    assert_eq!(push.problem.unwrap().code, Code::TagMoved);
    assert_eq!(machine.at("v1").await.as_deref(), Some(second.as_str()));
    failing(&machine).await;
}

/// What fails says in which step, and nothing follows it.
async fn failing(machine: &Machine) {
    let then = machine.then("v9", KeepAnswer::ByRule).await;
    machine.write("Dockerfile", "FROM scratch\nCOPY missing /\n");
    let build = machine.built(machine.order(Some(then.clone()))).await;
    assert_eq!(build.state, TaskState::Failed, "{build:#?}");
    let problem = build.problem.clone().unwrap();
    assert_eq!(problem.message, "COPY missing / failed.");
    assert!(problem.detail.unwrap().contains("missing"));
    let log = machine.home.app.build_log(&build.id);
    assert_eq!(log.steps.last().unwrap().state, StepState::Failed);

    if machine.kind != EngineKind::Containerd {
        failing_in_a_program(machine).await;
        machine.write("Dockerfile", "FROM scratch\nCOPY missing /\n");
    }
    // Mended, and ordered again as it was.
    machine.write("missing", "there now");
    let again = machine.home.app.retry_task(build.id.clone()).await.unwrap();
    let build = machine.home.ended(&again).await;
    assert_eq!(build.state, TaskState::Done, "{build:#?}");
    let push = machine.pushed_after(&build).await;
    assert_eq!(push.state, TaskState::Done, "{push:#?}");

    // Stopped: the running step says so, and nothing is pushed.
    let mut held = HeldFile::hold().await.unwrap();
    let dockerfile = format!("FROM scratch\nLABEL one=1\nADD {} /file\n", held.url);
    machine.write("Dockerfile", &dockerfile);
    let then = ThenPush {
        tag: "v10".to_owned(),
        ..then
    };
    let id = machine
        .home
        .app
        .start_build(machine.order(Some(then)))
        .await
        .unwrap();
    held.asked().await;
    machine.until_it_runs(&id, "ADD").await;
    machine.home.app.cancel_task(id.clone()).await.unwrap();
    let build = machine.home.ended(&id).await;
    assert_eq!(build.state, TaskState::Cancelled, "{build:#?}");
    let log = machine.home.app.build_log(&id);
    assert_eq!(log.steps.last().unwrap().state, StepState::Stopped);
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert_eq!(machine.home.app.running(), 0);
    assert_eq!(machine.at("v10").await, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_build_and_the_push_that_follows_with_docker() {
    Box::pin(round(EngineKind::Debian)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_build_and_the_push_that_follows_with_the_containerd_store() {
    Box::pin(round(EngineKind::Containerd)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_build_and_the_push_that_follows_with_podman() {
    Box::pin(round(EngineKind::Podman)).await;
}

/// What a step printed last is told with its failure. (Debian's `runc` is too old to run anything for the newest engine.)
async fn failing_in_a_program(machine: &Machine) {
    if !need(Part::Dockerd) {
        return;
    }
    let program = testkit::parts::program("docker-init").unwrap();
    std::fs::copy(program, machine.folder.path().join("tool")).unwrap();
    let text = "FROM scratch\nCOPY tool /tool\nRUN [\"/tool\", \"/missing\"]\n";
    machine.write("Dockerfile", text);
    let build = machine.built(machine.order(None)).await;
    let problem = build.problem.unwrap();
    assert_eq!(problem.message, "RUN [\"/tool\", \"/missing\"] failed.");
    let detail = problem.detail.unwrap();
    let mut lines = detail.lines();
    assert!(
        lines
            .next()
            .unwrap()
            .ends_with("exec /missing failed: No such file or directory"),
        "{detail}"
    );
    assert!(lines.next().unwrap().contains("127"), "{detail}");
    let log = machine.home.app.build_log(&build.id);
    let step = log.steps.last().unwrap();
    assert_eq!((step.state, step.lines.len()), (StepState::Failed, 1));
}

/// The engine that is used when the image is there may be another, which has no such image.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_follows_goes_from_the_engine_that_built() {
    if !need(Part::Podman) {
        return;
    }
    let Some(mut machine) = Machine::start(EngineKind::Debian).await else {
        return;
    };
    let podman = Dockerd::start_kind(EngineKind::Podman, None).await.unwrap();
    // The one that builds is typed: once another is used, it isn't listed any more.
    machine.home = Home::with(Some(&podman));
    machine.account = machine.home.sign_in(&machine.registry.host()).await.id;
    let built_by = machine.engine.docker_host();
    let choose = async |engine: Option<String>| {
        let mut values = machine.home.app.start().await.unwrap().settings.values;
        values.engine = engine;
        machine.home.app.set_settings(values).await.unwrap();
        machine.home.app.engine().await.unwrap();
    };
    choose(Some(built_by.clone())).await;
    let steps: Vec<String> = (0..12).map(|n| format!("COPY data /d{n}")).collect();
    machine.write("Dockerfile", &format!("FROM scratch\n{}", steps.join("\n")));
    std::fs::write(machine.folder.path().join("data"), vec![1; 1 << 20]).unwrap();
    let then = machine.then("v1", KeepAnswer::ByRule).await;
    let order = machine.order(Some(then));
    let id = machine.home.app.start_build(order).await.unwrap();
    machine.home.until(&id, |task| task.total > 0).await;
    choose(None).await;
    let listed = machine.home.app.engines().await.unwrap();
    assert!(!listed.iter().any(|row| row.id == built_by), "{listed:#?}");
    let build = machine.home.ended(&id).await;
    assert_eq!(build.state, TaskState::Done, "{build:#?}");
    let push = machine.pushed_after(&build).await;
    assert_eq!(push.state, TaskState::Done, "{push:#?}");
    assert_eq!(push.engine, Some(built_by));
    assert!(machine.at("v1").await.is_some());
}

/// BuildKit, where it is: its image goes where the sheet said, with what a secret needs.
async fn by_buildkit(kind: EngineKind) {
    if !need(Part::Buildx) {
        return;
    }
    let Some(mut machine) = Machine::start(kind).await else {
        return;
    };
    let buildx = Part::Buildx.program("buildx").unwrap();
    machine.home = Home::with_buildx(&machine.engine, buildx);
    machine.account = machine.home.sign_in(&machine.registry.host()).await.id;
    let question = BuildQuestion {
        folder: machine.folder(),
        dockerfile: None,
    };
    let plan = machine.home.app.plan_build(question).await.unwrap();
    assert!(
        matches!(&plan.builder, BuildBy::Buildx { version } if version.starts_with("0.")),
        "{plan:?}"
    );
    let then = machine.then("v1", KeepAnswer::ByRule).await;
    let build = machine.built(machine.order(Some(then))).await;
    assert_eq!(build.state, TaskState::Done, "{build:#?}");
    let push = machine.pushed_after(&build).await;
    assert_eq!(push.state, TaskState::Done, "{push:#?}");
    assert!(machine.at("v1").await.is_some());
    let log = machine.home.app.build_log(&build.id);
    let copy = log.steps.iter().find(|step| step.text == "COPY a.txt /");
    assert_eq!(copy.unwrap().state, StepState::Done, "{log:#?}");

    machine.write("Dockerfile", "FROM scratch\nCOPY gone /\n");
    let build = machine.built(machine.order(None)).await;
    assert_eq!(build.problem.unwrap().message, "COPY gone / failed.");

    // A secret is a file that is there; the engine's own builder takes none.
    let secret = |file: &str| BuildSecret {
        id: "token".to_owned(),
        file: file.to_owned(),
    };
    let with = |file: &str, engine_builder| BuildOrder {
        secrets: vec![secret(file)],
        engine_builder,
        ..machine.order(None)
    };
    let nowhere = machine
        .home
        .app
        .start_build(with("/nowhere/token", false))
        .await;
    assert!(nowhere.unwrap_err().message.contains("/nowhere/token"));
    let there = machine.folder.path().join("a.txt").display().to_string();
    machine.write("Dockerfile", "FROM scratch\nCOPY a.txt /\n");
    let build = machine.built(with(&there, true)).await;
    assert!(build.problem.unwrap().message.contains("takes no secrets"));
    let build = machine.built(with(&there, false)).await;
    assert_eq!(build.state, TaskState::Done, "{build:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn buildkit_and_the_push_that_follows_with_docker() {
    Box::pin(by_buildkit(EngineKind::Debian)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn buildkit_and_the_push_that_follows_with_the_containerd_store() {
    Box::pin(by_buildkit(EngineKind::Containerd)).await;
}

#[tokio::test]
async fn what_can_not_be_built_is_told_before() {
    let home = Home::new();
    let plan = async |folder: &Path, dockerfile: Option<&str>| {
        let question = BuildQuestion {
            folder: folder.display().to_string(),
            dockerfile: dockerfile.map(str::to_owned),
        };
        home.app.plan_build(question).await.unwrap_err().message
    };
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty");
    std::fs::create_dir(&empty).unwrap();
    assert_eq!(plan(&empty, None).await, "No Dockerfile in empty.");
    assert!(
        plan(Path::new("relative"), None)
            .await
            .contains("is no folder")
    );
    assert!(
        plan(&folder.path().join("none"), None)
            .await
            .contains("is no folder")
    );
    std::fs::write(empty.join("Dockerfile"), "FROM scratch").unwrap();
    assert!(
        plan(&empty, Some("../Dockerfile"))
            .await
            .contains("is not the name")
    );
    std::fs::write(empty.join(".dockerignore"), "[").unwrap();
    assert!(plan(&empty, None).await.contains(".dockerignore"));
}
