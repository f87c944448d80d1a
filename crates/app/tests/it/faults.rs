//! Registries that answer badly: every row says so, nothing is believed, nothing is lost.

use crate::home::Home;
use testkit::scripted::{Faults, Scripted};

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
        let (home, registry) = (Home::new(), Scripted::start().await.unwrap());
        let id = home.anyone(&registry.host()).await;
        let digest = registry.push_image("lab/tool", "v1", "one");
        home.app
            .refresh_tags(id.clone(), "lab/tool".into())
            .await
            .unwrap();
        registry.set(switch);
        let row = home
            .app
            .resolve_tag(id.clone(), "lab/tool".into(), "v1".into())
            .await
            .unwrap();
        let trouble = row.trouble.expect(words);
        assert!(trouble.contains(words), "{words}: {trouble}");
        assert_eq!(row.size, None, "{words}");
        // Once the registry is well again, so is the row.
        registry.set(|faults| *faults = Faults::default());
        let row = home
            .app
            .resolve_tag(id, "lab/tool".into(), "v1".into())
            .await
            .unwrap();
        assert_eq!(
            (row.trouble, row.digest.as_deref()),
            (None, Some(digest.as_str())),
            "{words}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registry_that_stumbles_over_a_tag_is_asked_again_but_not_for_ever() {
    let (home, registry) = (Home::new(), Scripted::start().await.unwrap());
    let id = home.anyone(&registry.host()).await;
    let digest = registry.push_image("lab/tool", "v1", "one");
    for (stumbles, seen) in [(2, true), (9, false)] {
        registry.set(|faults| faults.stumbles = stumbles);
        let (id, repository) = (id.clone(), "lab/tool".to_owned());
        let row = home.app.resolve_tag(id, repository, "v1".to_owned()).await;
        let row = row.unwrap();
        assert_eq!(row.trouble.is_none(), seen, "{row:#?}");
        // What was known stays.
        assert_eq!(row.digest.as_ref(), Some(&digest));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_an_engine_lists_work_and_pushing_says_what_is_missing() {
    let (home, registry) = (Home::new(), Scripted::start().await.unwrap());
    let id = home.anyone(&registry.host()).await;
    registry.push_image("lab/tool", "v1", "one");
    home.app
        .refresh_tags(id.clone(), "lab/tool".into())
        .await
        .unwrap();
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
        .start_pull(crate::home::pull(&id, "lab/tool", "v1", None))
        .await
        .unwrap();
    crate::home::failure(&home.ended(&task).await, app::view::problem::Code::NoEngine);
}
