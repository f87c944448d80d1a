//! Finding: over all that is cached, across registries, with nothing asked.

use crate::home::{Home, scripted};
use app::view::find::{Fit, FoundName};
use testkit::scripted::Scripted;

async fn find(home: &Home, typed: &str, whole: bool) -> Vec<FoundName> {
    home.app.find(typed.to_owned(), whole).await.unwrap()
}

/// Writes what was found: `host/repository[:tag]` with `a` and `b` for the hosts.
fn names(found: &[FoundName], first: &str) -> Vec<String> {
    found
        .iter()
        .map(|each| {
            let host = if each.account == first { "a" } else { "b" };
            let tag = each.tag.as_ref().map(|tag| format!(":{tag}"));
            format!("{host}/{}{}", each.repository, tag.unwrap_or_default())
        })
        .collect()
}

/// Two registries, their repositories listed, the tags of some seen.
async fn two() -> (Home, Scripted, Scripted, String) {
    let (home, one, id) = scripted().await;
    let other = Scripted::start().await.unwrap();
    for name in ["genomics/aligner", "genomics/variant-filter", "lab/tool"] {
        one.push_image(name, "v1", name);
    }
    one.push_image("genomics/aligner", "v3", "x");
    one.push_image("genomics/aligner", "test-ref38", "y");
    other.push_image("align/kinase", "v3", "z");
    let second = home.anyone(&other.host()).await;
    for account in [&id, &second] {
        home.app
            .refresh_repositories(account.clone())
            .await
            .unwrap();
    }
    home.at(&id, "genomics/aligner").refresh_tags().await;
    home.at(&second, "align/kinase").refresh_tags().await;
    (home, one, other, id)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_are_found_across_registries_and_nothing_is_asked() {
    let (home, one, other, id) = two().await;
    let asked = (one.requests().len(), other.requests().len());
    let found = find(&home, "align", false).await;
    assert_eq!(names(&found, &id), ["b/align/kinase", "a/genomics/aligner"]);
    assert!(found.iter().all(|each| each.fit == Fit::Beginning));
    let found = find(&home, "aligner", false).await;
    assert_eq!(found[0].fit, Fit::Exact);
    // What begins so is there at once; what has it inside comes with the whole answer.
    assert!(find(&home, "filter", false).await.is_empty());
    let found = find(&home, "filter", true).await;
    assert_eq!(names(&found, &id), ["a/genomics/variant-filter"]);
    assert_eq!(found[0].fit, Fit::Word);
    assert_eq!(
        names(&find(&home, "gvf", true).await, &id),
        ["a/genomics/variant-filter"]
    );
    assert_eq!(
        names(&find(&home, "ref38", true).await, &id),
        ["a/genomics/aligner:test-ref38"]
    );
    assert_eq!(
        names(&find(&home, "v3", false).await, &id),
        ["a/genomics/aligner:v3", "b/align/kinase:v3"]
    );
    assert_eq!((one.requests().len(), other.requests().len()), asked);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tag_is_found_behind_the_name_of_its_repository() {
    let (home, one, _other, id) = two().await;
    for typed in [
        "aligner:v3",
        "aligner v3",
        "genomics/aligner:v3",
        "GENOMICS/Aligner:V3",
    ] {
        let found = find(&home, typed, false).await;
        assert_eq!(names(&found, &id), ["a/genomics/aligner:v3"], "{typed}");
    }
    let found = find(&home, "aligner:", false).await;
    assert_eq!(
        names(&found, &id),
        [
            "a/genomics/aligner:test-ref38",
            "a/genomics/aligner:v1",
            "a/genomics/aligner:v3"
        ]
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
    );
    // As it is pasted from a terminal.
    let pasted = format!("docker pull {}/genomics/aligner:v1", one.host());
    assert_eq!(
        names(&find(&home, &pasted, false).await, &id),
        ["a/genomics/aligner:v1"]
    );
    let place = format!("{}/genomics/", one.host());
    let found = find(&home, &place, false).await;
    assert_eq!(
        names(&found, &id),
        ["a/genomics/aligner", "a/genomics/variant-filter"]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_no_typed_text_finds_everything_or_breaks() {
    let (home, _one, _other, _) = two().await;
    for typed in [
        "",
        "   ",
        ":",
        "%",
        "_",
        "'; DROP TABLE tags; --",
        "\u{0}",
        "\u{202e}",
        "🦀",
        "*",
    ] {
        let found = find(&home, typed, true).await;
        assert!(
            found
                .iter()
                .all(|each| typed == ":" || each.tag.is_some() && typed == "_"),
            "{typed:?}: {found:?}"
        );
    }
    let long = "a".repeat(100_000);
    assert!(find(&home, &long, true).await.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_deleted_or_whose_registry_went_is_not_found() {
    let (home, one, _other, id) = two().await;
    one.drop_manifest("genomics/aligner", "v3");
    home.at(&id, "genomics/aligner").refresh_tags().await;
    assert_eq!(
        names(&find(&home, "v3", true).await, &id),
        ["b/align/kinase:v3"]
    );
    home.app.remove_registry(id.clone(), false).await.unwrap();
    assert_eq!(
        names(&find(&home, "align", true).await, &id),
        ["b/align/kinase"]
    );
    assert!(find(&home, "v1", true).await.is_empty());
}
