//! Synapse: its projects with their repositories, its words, since when its tags point where they do, and images in Docker's own
//! format, by its interface beside the protocol.

use crate::home::Home;
use app::view::about::CreateOrder;
use app::view::browse::{Source, TimeKind};
use app::view::kinds::ProjectView;
use app::view::problem::Code;
use app::view::push::{KeepAnswer, PushOrder};
use app::view::tasks::{TaskOutcome, TaskState};
use std::time::Duration;
use testkit::images::ImageSpec;
use testkit::parts::{Dockerd, EngineKind, Part, need};
use testkit::scripted::Answer;
use testkit::standins::synapse::{DOCKER, Synapse};

const REPOSITORY: &str = "syn123/tool";

async fn synapse() -> (Home, Synapse, String) {
    let synapse = Synapse::start().await.unwrap();
    let home = Home::new();
    let id = home.sign_in(&synapse.host()).await.id;
    (home, synapse, id)
}

/// Counts the questions to Synapse's interface so far whose line has this.
fn asked(synapse: &Synapse, part: &str) -> usize {
    let all = synapse.asked();
    let own = all.iter().filter(|line| line.contains("/repo/v1/"));
    own.filter(|line| line.contains(part)).count()
}

/// Behaviour (vendors): Synapse’s repositories are listed project by project, those that are shared and those of names known here; what has not changed since is not asked for again.
/// Source: Synapse’s source of 24 Oct 2024: `GET /projects`, `POST /entity/children`; the headers of children lack the repository’s name.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn repositories_of_all_projects_are_listed_and_asked_for_once() {
    let (home, synapse, id) = synapse().await;
    for at in 0..60 {
        synapse.add_project(&format!("syn{}", 7000 + at), &format!("Project {at}"));
    }
    let all = [
        "syn123/tool",
        "syn123/deep/er",
        "syn7003/app",
        "syn7059/last",
    ];
    for name in all {
        synapse.push(name, "v1", name);
    }
    synapse.describe("syn7003/app", "Counts\u{202e} cells.\n");
    synapse.forget();
    home.app.refresh_repositories(id.clone()).await.unwrap();
    let list = home.app.repositories(id.clone()).await.unwrap();
    let mut names = all.map(str::to_owned);
    names.sort();
    assert_eq!(
        (list.names, list.note, list.refused),
        (names.to_vec(), None, false)
    );
    let said: Vec<_> = list
        .marks
        .iter()
        .map(|mark| (mark.name.as_str(), mark.words.description.as_deref()))
        .collect();
    assert_eq!(said, [("syn7003/app", Some("Counts cells."))]);
    assert_eq!(asked(&synapse, "GET /repo/v1/projects"), 2, "61 projects");
    assert_eq!(asked(&synapse, "GET /repo/v1/entity/syn"), all.len());

    // Only what changed is asked for anew.
    synapse.describe("syn123/tool", "Aligns reads.");
    synapse.forget();
    home.app.refresh_repositories(id.clone()).await.unwrap();
    assert_eq!(asked(&synapse, "GET /repo/v1/entity/syn"), 1);
    let list = home.app.repositories(id.clone()).await.unwrap();
    assert_eq!((list.names.len(), list.marks.len()), (4, 2));

    let projects = home.app.projects(id).await.unwrap();
    assert_eq!(projects.len(), 61);
    let title = Some("Cell counting".to_owned());
    let name = "syn123".to_owned();
    assert_eq!(projects[0], ProjectView { name, title });
    assert_eq!(synapse.violations(), [""; 0]);
}

/// Behaviour (vendors): A tag that Synapse’s own list folds with another stays, as the registry lists both; and what a tag points at is the registry’s to say, as an OCI image pushed over it is unknown to Synapse.
/// Source: Synapse’s source of 24 Oct 2024: `V1` and `v1` fall together; only Docker’s own manifest type is recorded.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_synapse_folds_or_does_not_know_is_the_registrys_to_say() {
    let (home, synapse, id) = synapse().await;
    synapse.push(REPOSITORY, "V1", "upper");
    let lower = synapse.push(REPOSITORY, "v1", "lower");
    synapse.push(REPOSITORY, "nightly", "docker");
    synapse.make_older(3600);
    let oci = synapse.registry.push_image(REPOSITORY, "nightly", "oci");
    assert_eq!(synapse.known_tags(REPOSITORY).len(), 2);
    home.app.refresh_repositories(id.clone()).await.unwrap();
    let lab = home.at(&id, REPOSITORY);
    for _ in 0..2 {
        lab.refresh_tags().await;
        let mut told = Vec::new();
        for row in lab.tags().await.rows {
            assert!(!row.deleted, "{row:?}");
            told.push(lab.resolve(&row.name).await);
        }
        let names: Vec<&str> = told.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(names.len(), 3, "{names:?}");
        for row in &told {
            assert_eq!(row.digest, synapse.registry.tagged(REPOSITORY, &row.name));
        }
        let row = |name: &str| told.iter().find(|row| row.name == name).unwrap();
        let time = row("v1").time.unwrap();
        assert_eq!(row("v1").digest.as_ref(), Some(&lower));
        assert_eq!(
            (time.kind, time.source),
            (TimeKind::Since, Source::Registry)
        );
        assert_eq!(Some(time.at), synapse.recorded(REPOSITORY, "v1"));
        // Nothing is told of what was pushed as OCI: certainly not that it is as old as what it displaced.
        assert_eq!(row("nightly").digest.as_ref(), Some(&oci));
        let time = row("nightly").time.map(|time| time.at);
        assert_ne!(time, synapse.recorded(REPOSITORY, "nightly"));
    }
    assert_eq!(synapse.violations(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_else_is_in_a_public_project_is_listed_once_a_path_of_it_was_typed() {
    let (home, synapse, id) = synapse().await;
    synapse.add_public_project("syn900", "Atlas");
    for name in [REPOSITORY, "syn900/atlas", "syn900/tools/other"] {
        synapse.push(name, "v1", name);
    }
    let list = async || {
        home.app.refresh_repositories(id.clone()).await.unwrap();
        let list = home.app.repositories(id.clone()).await.unwrap();
        assert_eq!(list.note, None);
        list.names
    };
    assert_eq!(list().await, [REPOSITORY]);
    let path = format!("{}/syn900/atlas", synapse.host());
    let opened = home.app.open_path(Some(id.clone()), path).await.unwrap();
    assert_eq!(opened.repository, "syn900/atlas");
    let atlas = home.at(&id, "syn900/atlas");
    atlas.refresh_tags().await;
    let row = atlas.resolve("v1").await;
    assert_eq!(row.digest, synapse.registry.tagged("syn900/atlas", "v1"));
    let all = [REPOSITORY, "syn900/atlas", "syn900/tools/other"];
    assert_eq!(list().await, all);
    assert_eq!(list().await, all, "and it stays so");
    assert_eq!(synapse.violations(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_that_end_while_one_looks_are_renewed_and_nobody_hears_of_it() {
    let (home, synapse, id) = synapse().await;
    synapse.push(REPOSITORY, "v1", "one");
    synapse.shorten_tokens(2);
    home.app.refresh_repositories(id.clone()).await.unwrap();
    let lab = home.at(&id, REPOSITORY);
    for text in ["two", "three"] {
        lab.refresh_tags().await;
        let digest = synapse.push(REPOSITORY, "v1", text);
        // Longer than a token is good, whose answer says nothing of that.
        tokio::time::sleep(Duration::from_millis(2100)).await;
        let row = lab.resolve("v1").await;
        assert_eq!((row.digest, row.trouble), (Some(digest), None));
    }
    assert_eq!(synapse.violations(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hundreds_of_tags_are_told_page_by_page() {
    let (home, synapse, id) = synapse().await;
    for at in 0..120 {
        synapse.push(REPOSITORY, &format!("v{at:03}"), "one");
    }
    home.app.refresh_repositories(id.clone()).await.unwrap();
    synapse.forget();
    let lab = home.at(&id, REPOSITORY);
    lab.refresh_tags().await;
    assert_eq!(asked(&synapse, "/dockerTag"), 3, "pages of fifty");
    assert_eq!(lab.tags().await.rows.len(), 120);
    let row = lab.resolve("v000").await;
    let since = row.time.map(|time| time.at);
    assert_eq!(since, synapse.recorded(REPOSITORY, "v000"));
    assert_eq!(synapse.violations(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_that_somebody_else_changed_in_that_moment_stay() {
    let (home, synapse, id) = synapse().await;
    synapse.push(REPOSITORY, "v1", "one");
    home.app.refresh_repositories(id.clone()).await.unwrap();
    let lab = home.at(&id, REPOSITORY);
    lab.refresh_tags().await;
    lab.refresh_about().await;
    // Between reading and writing.
    let synapse = std::sync::Arc::new(synapse);
    let other = std::sync::Arc::clone(&synapse);
    synapse.service.before("PUT", "/repo/v1/entity/", move |_| {
        other.describe(REPOSITORY, "Theirs.");
    });
    let problem = lab.try_describe("Ours.").await.unwrap_err();
    assert_eq!(problem.code, Code::Changed, "{problem:?}");
    assert_eq!(synapse.described(REPOSITORY).as_deref(), Some("Theirs."));
    let about = synapse.registry.tagged(REPOSITORY, oci::ABOUT_TAG);
    assert_eq!(about, None, "no other way is taken");
    assert_eq!(synapse.violations(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_repository_is_made_by_an_image_and_by_nothing_else() {
    let (home, synapse, id) = synapse().await;
    home.app.refresh_repositories(id.clone()).await.unwrap();
    let order = CreateOrder {
        account: id.clone(),
        repository: "syn123/new".into(),
        title: "New".into(),
        description: String::new(),
        keep: None,
        private: None,
    };
    let problem = home.app.create_repository(order).await.unwrap_err();
    assert!(problem.message.contains("first image"), "{problem:?}");
    assert_eq!(synapse.registry.count("PUT", "/v2/"), 0);
    assert_eq!(home.app.repositories(id).await.unwrap().names, [""; 0]);
    assert_eq!(synapse.violations(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_its_interface_all_goes_by_the_protocol() {
    for broken in [
        Answer::of(403),
        Answer::of(404),
        Answer::of(500),
        Answer::of(401),
        Answer::page(200, "<html>"),
        Answer::json(r#"{"results":"none"}"#),
        Answer::json(r#"{"results":[{"id":"../1"},7]}"#),
        Answer::redirect(302, "http://127.0.0.1:1/"),
    ] {
        let (home, synapse, id) = synapse().await;
        let case = format!("{broken:?}");
        let digest = synapse.push(REPOSITORY, "v1", "one");
        synapse.break_interface(Some(broken));
        home.app.refresh_repositories(id.clone()).await.unwrap();
        let lab = home.at(&id, REPOSITORY);
        lab.refresh_tags().await;
        let row = lab.resolve("v1").await;
        assert_eq!((row.digest, row.trouble), (Some(digest), None), "{case}");
        let account = home.app.accounts().await.unwrap().remove(0);
        let state = app::view::accounts::AccountState::SignedIn;
        assert_eq!(account.state, state, "{case}");
        assert_eq!(synapse.violations(), [""; 0], "{case}");
    }
}

/// Behaviour (vendors): What an engine pushes to Synapse as an OCI manifest is put under its tag once more in Docker’s own format, where the person wants that: Synapse lists it then, and what the engine pushed keeps its digest.
/// Source: Synapse’s source of 24 Oct 2024: a push of any other manifest type is not recorded.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_oci_image_is_converted_and_then_listed() {
    if !need(Part::NewDockerd) {
        return;
    }
    let synapse = Synapse::start().await.unwrap();
    let engine = Dockerd::start_kind(EngineKind::Containerd, None)
        .await
        .unwrap();
    let home = Home::with(Some(&engine));
    let id = home.sign_in(&synapse.host()).await.id;
    home.app.refresh_repositories(id.clone()).await.unwrap();
    let mut images = Vec::new();
    for seed in [1, 2] {
        let name = format!("docker.io/local/tool:{seed}");
        let image = ImageSpec::of_layers(&[(7, 2_000), (seed, 3_000)]);
        engine
            .load_tar(image.save_oci(&name).unwrap())
            .await
            .unwrap();
        let image = engine.image(&format!("local/tool:{seed}")).await.unwrap();
        images.push(image.unwrap()["Id"].as_str().unwrap().to_owned());
    }
    let lab = home.at(&id, REPOSITORY);

    // As the engine pushes it: it is there, and Synapse knows nothing of it.
    let plan = lab.plan_push("plain", &images[0]).await;
    assert!(plan.new_repository, "{plan:?}");
    assert!(plan.docker_alone.unwrap().contains("Synapse"));
    let unconverted = lab.pushed("plain", &images[0], KeepAnswer::ByRule).await;
    assert_ne!(media_type(&synapse, &unconverted), DOCKER);
    assert_eq!(synapse.known_tags(REPOSITORY), []);

    let mut last: Option<String> = None;
    for image in &images {
        let plan = lab.plan_push("v1", image).await;
        let expected = plan.target.map(|target| target.digest);
        assert_eq!(expected, last);
        let order = PushOrder {
            as_docker: true,
            ..lab.push_order("v1", image, expected.as_deref(), KeepAnswer::EachOverwrite)
        };
        let task = home.app.start_push(order).await.unwrap();
        let ended = home.ended(&task).await;
        assert_eq!(ended.state, TaskState::Done, "{ended:#?}");
        let outcome = ended.outcome.and_then(TaskOutcome::moved).unwrap();
        let digest = outcome.digest.clone().unwrap();
        assert_eq!(media_type(&synapse, &digest), DOCKER);
        assert_eq!(
            synapse.registry.tagged(REPOSITORY, "v1").as_ref(),
            Some(&digest)
        );
        assert!(
            synapse
                .known_tags(REPOSITORY)
                .contains(&("v1".to_owned(), digest.clone()))
        );
        let notes: Vec<&str> = outcome
            .notes
            .iter()
            .map(|note| note.text.as_str())
            .collect();
        assert!(
            notes.iter().any(|note| note.contains("own format")),
            "{notes:?}"
        );
        assert!(
            !notes.iter().any(|note| note.contains("omeone")),
            "{notes:?}"
        );
        // What stood there before is kept, under the guard of any overwrite.
        assert_eq!(outcome.previous, last);
        assert_eq!(outcome.commit_tag.is_some(), last.is_some(), "{outcome:?}");
        last = Some(digest);
    }
    // What the engine pushed first keeps its digest.
    assert!(
        synapse
            .registry
            .manifest(REPOSITORY, &unconverted)
            .is_some()
    );
    assert_eq!(lab.moves().await.rows, []);
    assert_eq!(synapse.violations(), [""; 0]);
}

fn media_type(synapse: &Synapse, digest: &str) -> String {
    let bytes = synapse.registry.manifest(REPOSITORY, digest).unwrap();
    let manifest: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    manifest["mediaType"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}
