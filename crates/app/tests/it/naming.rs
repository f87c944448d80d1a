//! An image of this computer gets one more name, on each real engine: read while it is typed, and never another image's
//! without a question.

use crate::home::{Home, guarded_registry, problem};
use crate::places::loaded;
use app::view::computer::{NameOrder, NameQuestion, NameView};
use app::view::events::{AppEvent, Stale};
use app::view::problem::Code;
use app::view::push::PushQuestion;
use testkit::images::ImageSpec;
use testkit::parts::{Dockerd, EngineKind, Part, RegistryVersion, need};

async fn read(home: &Home, image: &str, host: Option<&str>, name: (&str, &str)) -> NameView {
    let question = NameQuestion {
        image: image.to_owned(),
        host: host.map(str::to_owned),
        repository: name.0.to_owned(),
        tag: name.1.to_owned(),
    };
    home.app.read_name(question).await.unwrap()
}

fn order(image: &str, name: &str, move_name: bool) -> NameOrder {
    NameOrder {
        image: image.to_owned(),
        name: name.to_owned(),
        move_name,
    }
}

async fn bearer(engine: &Dockerd, name: &str) -> Option<String> {
    let image = engine.image(name).await.unwrap()?;
    Some(image["Id"].as_str().unwrap().to_owned())
}

async fn round(kind: EngineKind) {
    let registry = guarded_registry(RegistryVersion::Two).await;
    let engine = Dockerd::start_kind(kind, None).await.unwrap();
    let home = Home::with(Some(&engine));
    let account = home.sign_in(&registry.host()).await.id;
    let spec = |seed| ImageSpec::of_sizes(seed, &[20_000]);
    let first = loaded(&engine, &spec(1), "localhost/a/one:v1").await;
    let second = loaded(&engine, &spec(2), "localhost/a/two:v1").await;

    // For Synapse the project's id comes first; what is read is what is given then.
    let synapse = Some("docker.synapse.org");
    let told = read(&home, &first, synapse, ("mytool", "v1")).await;
    assert!(told.problem.unwrap().hints[0].contains("syn12345/mytool"));
    let told = read(&home, &first, synapse, ("syn12345/mytool", "v1")).await;
    assert_eq!(told.name, "docker.synapse.org/syn12345/mytool:v1");
    assert_eq!((told.problem, told.taken), (None, None));
    home.app
        .tag_image(order(&first, &told.name, false))
        .await
        .unwrap();
    assert_eq!(bearer(&engine, &told.name).await.as_ref(), Some(&first));
    assert!(bearer(&engine, "localhost/a/one:v1").await.is_some());
    let is_told = |event: &AppEvent| {
        matches!(
            event,
            AppEvent::Stale {
                what: Stale::Images
            }
        )
    };
    assert!(home.heard_within_a_moment().await.iter().any(is_told));
    // Once more: it has it already.
    home.app
        .tag_image(order(&first, &told.name, false))
        .await
        .unwrap();

    // Without a registry, as people type it.
    let told = read(&home, &first, None, ("mytool", "v1")).await;
    assert_eq!(told.name, "mytool:v1");
    home.app
        .tag_image(order(&first, &told.name, false))
        .await
        .unwrap();
    assert_eq!(bearer(&engine, "mytool:v1").await.as_ref(), Some(&first));
    let told = read(&home, &first, None, ("mytool", "v1")).await;
    assert_eq!(told.taken, None, "it is its own");

    // Another image's: asked, and moved only after a yes. It says whether that one is left without a name.
    let told = read(&home, &second, None, ("mytool", "v1")).await;
    let taken = told.taken.unwrap();
    assert!(first.contains(&taken.short) && taken.others, "{taken:?}");
    let asked = problem(home.app.tag_image(order(&second, &told.name, false)).await);
    assert_eq!(asked.code, Code::NameTaken);
    assert_eq!(bearer(&engine, "mytool:v1").await.as_ref(), Some(&first));
    home.app
        .tag_image(order(&second, &told.name, true))
        .await
        .unwrap();
    assert_eq!(bearer(&engine, "mytool:v1").await.as_ref(), Some(&second));
    let third = loaded(&engine, &spec(3), "localhost/a/three:v1").await;
    let told = read(&home, &first, Some("localhost"), ("a/three", "v1")).await;
    let taken = told.taken.unwrap();
    assert!(third.contains(&taken.short) && !taken.others, "{taken:?}");

    // A name that a person gave is asked about by a push of another image, too.
    let there = read(&home, &first, Some(&registry.host()), ("lab/tool", "v1")).await;
    assert_eq!(there.name, format!("{}/lab/tool:v1", registry.host()));
    home.app
        .tag_image(order(&first, &there.name, false))
        .await
        .unwrap();
    let question = PushQuestion {
        image: Some(second.clone()),
        name: None,
        account,
        repository: "lab/tool".to_owned(),
        tag: "v1".to_owned(),
        engine: None,
        platform: None,
        base: None,
    };
    let plan = home.app.plan_push(question).await.unwrap();
    assert_eq!(plan.name_taken.as_ref(), Some(&there.name));

    // What can be no name is told; nothing is given without a tag, nor to an image that is gone.
    let told = read(&home, &first, None, ("My Tool", "v1")).await;
    assert!(told.name.is_empty() && told.problem.is_some());
    for name in ["mytool", "my tool:v1", "mytool@sha256:00"] {
        assert!(home.app.tag_image(order(&first, name, true)).await.is_err());
    }
    let nobody = format!("sha256:{}", "0".repeat(64));
    let gone = problem(home.app.tag_image(order(&nobody, "mytool:v2", true)).await);
    assert!(
        gone.message.contains("no longer has this image"),
        "{gone:?}"
    );
    assert_eq!(bearer(&engine, "mytool:v2").await, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_image_gets_a_name_with_a_graph_driver() {
    if need(Part::Dockerd) && need(Part::Registry) {
        Box::pin(round(EngineKind::Debian)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_image_gets_a_name_with_the_containerd_store() {
    if need(Part::NewDockerd) && need(Part::Registry) {
        Box::pin(round(EngineKind::Containerd)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_image_gets_a_name_with_podman() {
    if need(Part::Podman) && need(Part::Registry) {
        Box::pin(round(EngineKind::Podman)).await;
    }
}
