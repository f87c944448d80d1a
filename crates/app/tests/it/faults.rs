//! Registries that answer badly: every row says so, nothing is believed, nothing is lost.

use crate::home::scripted;
use testkit::scripted::Faults;

/// One fault, switched on.
type Switch = fn(&mut Faults);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bad_answers_are_sentences_in_their_row() {
    let switches: [(Switch, &str); 5] = [
        (|faults| faults.html = true, "isn’t a container registry"),
        (|faults| faults.status500 = true, "a problem of its own"),
        (|faults| faults.half_body = true, "broke off"),
        (
            |faults| faults.wrong_digest = true,
            "something else than was asked for",
        ),
        (
            |faults| faults.huge_manifest = true,
            "more than can be right",
        ),
    ];
    for (switch, words) in switches {
        let (home, registry, id) = scripted().await;
        let lab = home.at(&id, "lab/tool");
        let digest = registry.push_image("lab/tool", "v1", "one");
        lab.refresh_tags().await;
        registry.set(switch);
        let row = lab.resolve("v1").await;
        let trouble = row.trouble.expect(words);
        assert!(trouble.contains(words), "{words}: {trouble}");
        assert_eq!(row.size, None, "{words}");
        // Once the registry is well again, so is the row.
        registry.set(|faults| *faults = Faults::default());
        let row = lab.resolve("v1").await;
        assert_eq!(
            (row.trouble, row.digest.as_deref()),
            (None, Some(digest.as_str())),
            "{words}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registry_that_stumbles_over_a_tag_is_asked_again_but_not_for_ever() {
    let (home, registry, id) = scripted().await;
    let digest = registry.push_image("lab/tool", "v1", "one");
    for (stumbles, seen) in [(2, true), (9, false)] {
        registry.set(|faults| faults.stumbles = stumbles);
        let row = home.at(&id, "lab/tool").resolve("v1").await;
        assert_eq!(row.trouble.is_none(), seen, "{row:#?}");
        // What was known stays.
        assert_eq!(row.digest.as_ref(), Some(&digest));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_an_engine_lists_work_and_pushing_says_what_is_missing() {
    let (home, registry, id) = scripted().await;
    registry.push_image("lab/tool", "v1", "one");
    home.at(&id, "lab/tool").refresh_tags().await;
    let view = home.app.engine().await.unwrap();
    assert!(
        matches!(view, app::view::engine::EngineView::Absent { .. }),
        "{view:?}"
    );
    assert_eq!(
        home.app.images().await.unwrap_err().code,
        app::view::problem::Code::NoEngine
    );
    let task = home
        .app
        .start_pull(home.at(&id, "lab/tool").pull_order("v1", None))
        .await
        .unwrap();
    crate::home::failure(&home.ended(&task).await, app::view::problem::Code::NoEngine);
}
