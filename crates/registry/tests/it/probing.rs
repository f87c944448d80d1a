//! What a registry can do, asked one thing at a time: each answer in the habits of several, and nothing written by any.

use crate::world::*;
use registry::{Kind, Paging};
use testkit::scripted::{Answer, Auth, Links, Scripted};

const NOBODYS: &str = "6f1c2f1e-0000-4000-8000-000000000000";

/// Tells that nothing was asked for that stores anything.
fn wrote_nothing(server: &Scripted) {
    for method in ["PUT", "POST", "DELETE"] {
        assert_eq!(server.count(method, "/v2/"), 0, "{method}");
    }
    assert_eq!(server.open_uploads(), 0);
}

#[tokio::test]
async fn how_a_list_comes_is_told_by_its_first_part() {
    let (server, client) = open().await;
    let paging = async || app(&client).first_tag_of().await.unwrap().paging;
    let none = app(&client).first_tag_of().await.unwrap_err();
    assert_eq!(none.kind, Kind::NotFound);
    server.push_image("team/app", "v1", "one");
    assert_eq!(paging().await, Paging::TooFew);
    server.push_image("team/app", "v2", "two");
    assert_eq!(paging().await, Paging::Parts);
    server.set(|faults| faults.links = Links::Missing);
    assert_eq!(paging().await, Paging::Unsaid);
    server.set(|faults| faults.ignore_n = true);
    assert_eq!(paging().await, Paging::Whole);
    let catalog = client.first_repository().await.unwrap();
    assert_eq!(catalog.first.unwrap().as_str(), "team/app");
    assert_eq!(catalog.paging, Paging::TooFew);
    wrote_nothing(&server);
}

/// Behaviour (check): Whether one may push is told by an upload that nobody has begun: 404 to who may, 401 to a stranger, 403 to who may only read.
/// Source: the distribution spec, which has an upload looked for after the right to push is checked.
#[tokio::test]
async fn who_may_push_is_told_by_an_upload_that_nobody_has_begun() {
    for auth in [Auth::Basic, Auth::TokenGet] {
        let (server, client) = closed(auth).await;
        server.push_image("team/app", "v1", "one");
        assert_eq!(
            app(&client).may_push(NOBODYS).await.unwrap(),
            Some(true),
            "{auth:?}"
        );
        server.set(|faults| faults.read_only = true);
        assert_eq!(
            app(&client).may_push(NOBODYS).await.unwrap(),
            Some(false),
            "{auth:?}"
        );
        wrote_nothing(&server);
    }
    // A token that doesn't grant it says the same.
    let (server, client) = closed(Auth::TokenGet).await;
    server.set(|faults| faults.never_granted = vec!["push".into()]);
    server.push_image("team/app", "v1", "one");
    assert_eq!(app(&client).may_push(NOBODYS).await.unwrap(), Some(false));
    // Where strangers are told the same, nobody was asked who they are.
    let (server, client) = open().await;
    server.push_image("team/app", "v1", "one");
    assert_eq!(app(&client).may_push(NOBODYS).await.unwrap(), None);
    wrote_nothing(&server);
}

#[tokio::test]
async fn names_referrers_and_ranges_are_told_without_reading_what_they_are_of() {
    let (server, client) = open().await;
    let digest = server.push_image("team/app", "v1", "one");
    let digest = oci::Digest::parse(&digest).unwrap();
    let name = oci::Tag::parse("_h.v1.20261121t021030z-0123456789abcdef0123456789abcdef").unwrap();
    assert!(app(&client).takes_name(&name).await.unwrap());
    server.script(|asked| {
        asked
            .path
            .contains("/manifests/_h.")
            .then(|| Answer::of(400))
    });
    assert!(!app(&client).takes_name(&name).await.unwrap());
    assert!(!app(&client).lists_referrers(&digest).await.unwrap());
    server.set(|faults| faults.referrers = true);
    assert!(app(&client).lists_referrers(&digest).await.unwrap());
    let blob = oci::Digest::parse(&server.put_blob("team/app", &[7; 10_000])).unwrap();
    server.set(|faults| faults.no_ranges = true);
    assert!(!app(&client).gives_ranges(&blob).await.unwrap());
    wrote_nothing(&server);
}

#[tokio::test]
async fn a_greeting_is_asked_as_nobody() {
    let (server, client) = closed(Auth::Basic).await;
    let greeting = client.greet().await.unwrap();
    assert!(greeting.wants_sign_in && greeting.date.is_some());
    assert!(server.requests().iter().all(|seen| !seen.has_authorization));
    server.set(|faults| faults.html = true);
    assert_eq!(client.greet().await.unwrap_err().kind, Kind::NotARegistry);
}
