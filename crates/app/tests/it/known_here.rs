//! Registries that don't list their repositories: what is known on this computer stands in the list, and a typed path opens.

use crate::home::{Home, guarded_registry, scripted, scripted_with_engine};
use app::view::browse::{KnownFrom, KnownRepository};
use app::view::events::{AppEvent, Stale};
use testkit::images::{ImageSpec, push};
use testkit::parts::{Dockerd, Part, RegistryVersion, need};
use testkit::scripted::Answer;

async fn known(home: &Home, id: &str) -> Vec<(String, KnownFrom)> {
    let list = home.app.repositories(id.to_owned()).await.unwrap();
    let of = |KnownRepository { name, from }| (name, from);
    let known: Vec<_> = list.known.into_iter().map(of).collect();
    for (name, _) in &known {
        assert!(list.names.contains(name), "{name}: {:?}", list.names);
    }
    known
}

fn named(name: &str, from: KnownFrom) -> (String, KnownFrom) {
    (name.to_owned(), from)
}

/// Behaviour (lists): Where a registry doesn't list its repositories, those that images, containers, compose files and earlier looks on this computer name are listed, each with where it is known from; nothing is asked of the registry for it.
/// Source: `GET /v2/_catalog` is refused by GHCR, Docker Hub and ECR.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_this_computer_knows_stands_in_for_a_list() {
    let Some((home, registry, engine, id)) = scripted_with_engine().await else {
        return;
    };
    let host = registry.host();
    let image = async |seed: u64, name: &str| {
        let spec = ImageSpec::of_sizes(seed, &[1_000]);
        engine.load_tar(spec.save(&[name]).unwrap()).await.unwrap();
    };
    image(1, &format!("{host}/lab/image:v1")).await;
    image(2, "elsewhere.example/lab/other:v1").await;
    image(3, "mine:dev").await;
    let compose = home.folder.path().join("compose.yaml");
    let text =
        format!("services:\n  a:\n    image: {host}/lab/composed:v1\n  b:\n    image: postgres\n");
    std::fs::write(&compose, text).unwrap();
    let labels = serde_json::json!({"Labels": {
        "com.docker.compose.project.config_files": format!("/dev/zero,{}", compose.display()),
    }});
    let run = format!("{host}/lab/run:v1");
    image(4, &run).await;
    let made = engine.create_container_of("one", &run, &labels);
    made.await.unwrap();
    registry.push_image("lab/seen", "v1", "one");
    let lab = home.at(&id, "lab/seen");
    lab.refresh_tags().await;
    lab.resolve("v1").await;

    registry.set(|faults| faults.no_catalog = true);
    registry.forget_requests();
    home.app.refresh_repositories(id.clone()).await.unwrap();
    let all = [
        named("lab/composed", KnownFrom::Compose),
        named("lab/image", KnownFrom::Image),
        named("lab/run", KnownFrom::Image),
        named("lab/seen", KnownFrom::Seen),
    ];
    assert_eq!(known(&home, &id).await, all);
    // Beside the two that tell whose registry it is, once a month.
    assert_eq!(registry.count("GET", "/v2/_catalog"), 1);
    assert_eq!(registry.requests().len(), 3, "{:?}", registry.requests());

    // What is gone from the engine goes, and what a list tells needs no telling of where else it is known from.
    engine
        .remove_image(&format!("{host}/lab/image:v1"))
        .await
        .unwrap();
    home.app.refresh_repositories(id.clone()).await.unwrap();
    assert_eq!(
        known(&home, &id).await,
        [all[0].clone(), all[2].clone(), all[3].clone()]
    );
    registry.set(|faults| faults.no_catalog = false);
    home.app.refresh_repositories(id.clone()).await.unwrap();
    assert_eq!(known(&home, &id).await, []);
    let list = home.app.repositories(id.clone()).await.unwrap();
    assert_eq!(
        (list.names, list.note, list.refused),
        (vec!["lab/seen".into()], None, false)
    );
}

/// Behaviour (lists): A list that is empty may be one for others: what is known here and answers is shown, what the registry no longer has isn't.
/// Source: some registries answer a catalog that isn't for everyone with an empty list, as an emptied registry does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_list_that_is_empty_what_answers_is_shown() {
    let (home, registry, id) = scripted().await;
    for name in ["lab/tool", "lab/gone", "lab/secret"] {
        registry.push_image(name, "v1", name);
        let at = home.at(&id, name);
        at.refresh_tags().await;
        at.resolve("v1").await;
    }
    registry.script(|asked| {
        let gone = asked.path.starts_with("/v2/lab/gone/");
        let secret = asked.path.starts_with("/v2/lab/secret/");
        if asked.path.starts_with("/v2/_catalog") {
            return Some(Answer::json(r#"{"repositories":null}"#));
        }
        let status = if gone {
            Some(404)
        } else {
            secret.then_some(403)
        };
        status.map(Answer::of)
    });
    home.app.refresh_repositories(id.clone()).await.unwrap();
    let tool = [named("lab/tool", KnownFrom::Seen)];
    assert_eq!(known(&home, &id).await, tool);
    // A question that came to nothing is no answer.
    registry.script(|asked| {
        if asked.path.starts_with("/v2/_catalog") {
            return Some(Answer::json(r#"{"repositories":[]}"#));
        }
        let is_tool = asked.path.starts_with("/v2/lab/tool/");
        Some(Answer::of(if is_tool { 400 } else { 404 }))
    });
    home.app.refresh_repositories(id.clone()).await.unwrap();
    assert_eq!(known(&home, &id).await, tool);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_engine_was_known_to_hold_stays_known_while_it_is_gone() {
    if !need(Part::Dockerd) {
        return;
    }
    let mut engine = Dockerd::start(None).await.unwrap();
    let registry = testkit::scripted::Scripted::start().await.unwrap();
    let home = Home::with(Some(&engine));
    let id = home.anyone(&registry.host()).await;
    let name = format!("{}/lab/image:v1", registry.host());
    let spec = ImageSpec::of_sizes(1, &[1_000]);
    engine.load_tar(spec.save(&[&name]).unwrap()).await.unwrap();
    registry.set(|faults| faults.no_catalog = true);
    home.app.refresh_repositories(id.clone()).await.unwrap();
    let held = [named("lab/image", KnownFrom::Image)];
    assert_eq!(known(&home, &id).await, held);
    engine.stop();
    home.app.refresh_repositories(id.clone()).await.unwrap();
    assert_eq!(known(&home, &id).await, held);
}

/// Behaviour (lists): A typed path opens on a registry that lists nothing, and is remembered once it was found to be there; a path that isn't there, or may not be read, is not.
/// Source: no API of distribution tells whether a repository exists but its tags.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_typed_path_is_remembered_once_it_was_there() {
    let (mut home, registry, id) = scripted().await;
    registry.push_image("lab/tool", "v1", "one");
    registry.set(|faults| faults.no_catalog = true);
    registry.script(|asked| {
        asked
            .path
            .starts_with("/v2/lab/secret/")
            .then(|| Answer::of(403))
    });
    home.app.refresh_repositories(id.clone()).await.unwrap();
    let digest = registry.tagged("lab/tool", "v1").unwrap();
    let text = format!("{}/lab/tool:v1@{digest}", registry.host());
    let opened = home.app.open_path(None, text).await.unwrap();
    assert_eq!(opened.account.as_deref(), Some(id.as_str()));
    assert_eq!(opened.repository, "lab/tool");
    assert_eq!(
        (opened.tag.as_deref(), opened.digest),
        (Some("v1"), Some(digest))
    );
    assert_eq!(
        known(&home, &id).await,
        [],
        "nobody has seen yet that it is there"
    );
    registry.forget_requests();
    home.at(&id, "lab/tool").refresh_tags().await;
    assert_eq!(registry.count("GET", "/v2/lab/tool/tags/list"), 1);
    let typed = [named("lab/tool", KnownFrom::Typed)];
    assert_eq!(known(&home, &id).await, typed);
    let stale = Stale::Repositories {
        account: id.clone(),
    };
    let told = home.heard_within_a_moment().await;
    assert!(told.contains(&AppEvent::Stale { what: stale }));

    for nothing in ["lab/none", "lab/secret"] {
        let opened = home.app.open_path(Some(id.clone()), nothing.into());
        assert_eq!(opened.await.unwrap().repository, nothing);
        let _ = home.app.refresh_tags(id.clone(), nothing.into()).await;
    }
    // What was only looked at, without a path that was typed, is no wish to keep it on the list.
    registry.push_image("lab/looked", "v1", "two");
    home.at(&id, "lab/looked").refresh_tags().await;
    home.reopen();
    assert_eq!(known(&home, &id).await, typed);
    home.app
        .forget_path(id.clone(), "lab/tool".into())
        .await
        .unwrap();
    assert_eq!(known(&home, &id).await, []);

    let none = home
        .app
        .open_path(None, "elsewhere.example/lab/tool".into());
    assert_eq!(none.await.unwrap().account, None);
    let no_path = home.app.open_path(Some(id), "Lab/Tool".into()).await;
    assert!(!no_path.unwrap_err().hints.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_typed_path_opens_on_a_real_registry_and_outlives_its_list() {
    for version in [RegistryVersion::Two, RegistryVersion::Three] {
        if version == RegistryVersion::Three && !need(Part::NewRegistry) {
            continue;
        }
        let registry = guarded_registry(version).await;
        let home = Home::new();
        let id = home.sign_in(&registry.host()).await.id;
        let spec = ImageSpec::of_sizes(1, &[1_000]);
        push(&registry, "lab/tool", "v1", &spec).await.unwrap();
        home.app
            .open_path(Some(id.clone()), "lab/tool:v1".into())
            .await
            .unwrap();
        home.at(&id, "lab/tool").refresh_tags().await;
        assert_eq!(
            known(&home, &id).await,
            [named("lab/tool", KnownFrom::Typed)]
        );
        // Once the registry lists it, it is the registry's.
        home.app.refresh_repositories(id.clone()).await.unwrap();
        assert_eq!(known(&home, &id).await, []);
    }
}
