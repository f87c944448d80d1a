//! How lists end: at exactly their bounds, and where a question of our own leads nowhere.

use crate::world::*;
use bytes::Bytes;
use registry::{Doubt, HttpOptions, Kind, LIST_LIMIT};
use std::time::Duration;
use testkit::scripted::{Answer, Links, Scripted};

const PATH: &str = "/v2/team/app/tags/list";

async fn three() -> (Scripted, registry::Registry) {
    let (server, client) = open().await;
    for tag in ["a", "b", "c"] {
        server.push_image("team/app", tag, tag);
    }
    server.set(|faults| faults.page = Some(2));
    (server, client)
}

#[tokio::test]
async fn hostile_a_page_that_is_too_large_ends_the_list_and_is_no_list_by_itself() {
    let (server, client) = three().await;
    let mut pages = app(&client).tags();
    pages.next().await.unwrap().unwrap();
    let length = usize::try_from(LIST_LIMIT).unwrap() + 1;
    server.set(|faults| faults.list_body = Some(Bytes::from(vec![b' '; length])));
    assert_eq!(pages.next().await, Ok(None));
    assert_eq!(pages.doubt(), Some(&Doubt::More));
    let limit = LIST_LIMIT;
    let error = app(&client).tags().next().await.unwrap_err();
    assert_eq!(error.kind, Kind::TooLarge { limit });
}

#[tokio::test]
async fn a_list_may_have_exactly_as_many_bytes_as_are_read() {
    let (server, client) = three().await;
    let body = Bytes::from_static(br#"{"name":"team/app","tags":["a"]}"#);
    let length = body.len() as u64;
    server.set(|faults| faults.list_body = Some(body));
    let list = |most| app(&client).tags().within(most).listing();
    let whole = list(length).await.unwrap();
    assert!(whole.is_whole() && whole.entries.len() == 1);
    let limit = length - 1;
    assert_eq!(
        list(limit).await.unwrap_err().kind,
        Kind::TooLarge { limit }
    );
}

#[tokio::test]
async fn hostile_a_list_that_never_begins_is_a_failure() {
    let (server, _) = three().await;
    server.set(|faults| faults.delay = Duration::from_mins(10));
    let options = HttpOptions {
        longest_list: Duration::from_millis(50),
        ..quick()
    };
    let client = client_with(&server.host(), anonymous(), &options);
    let mut pages = app(&client).tags();
    let error = pages.next().await.unwrap_err();
    assert_eq!((error.kind, pages.doubt()), (Kind::Timeout, None));
    assert_eq!(error.request, format!("GET {PATH}"));
}

#[tokio::test]
async fn names_that_are_none_are_counted() {
    let (server, client) = open().await;
    for name in ["Upper/case", "a", "../x", "b"] {
        server.push_image(name, "v1", name);
    }
    let mut pages = client.catalog().sized(2);
    let mut seen = Vec::new();
    while pages.next().await.unwrap().is_some() {
        seen.push(pages.left_out());
    }
    assert_eq!((seen.len(), seen.last()), (2, Some(&2)), "{seen:?}");
    assert_eq!(client.catalog().listing().await.unwrap().left_out, 2);
}

#[tokio::test]
async fn a_list_that_is_asked_for_as_it_is_names_no_size() {
    let (server, client) = three().await;
    server.set(|faults| (faults.page, faults.links) = (None, Links::Missing));
    let list = app(&client).tags().sized(0).listing().await.unwrap();
    assert!(list.is_whole() && list.entries.len() == 3);
    // Nothing is as much as was asked for, and no page that is full.
    server.set(|faults| faults.null_tags = true);
    let list = app(&client).tags().sized(0).listing().await.unwrap();
    assert!(list.is_whole() && list.entries.is_empty());
    let asked: Vec<_> = server
        .requests()
        .into_iter()
        .map(|seen| seen.path)
        .collect();
    assert_eq!(asked, [PATH; 2]);
}

/// The next page would be asked for by a name that was asked about before.
#[tokio::test]
async fn a_page_that_ends_where_another_did_is_the_last() {
    let (server, client) = open().await;
    server.script(|asked| {
        let names = match asked.query {
            query if query.contains("last=") => r#"["c","b"]"#,
            _ => r#"["a","b"]"#,
        };
        (asked.path == PATH).then(|| Answer::json(format!(r#"{{"tags":{names}}}"#)))
    });
    let list = app(&client).tags().sized(2).listing().await.unwrap();
    assert_eq!((list.entries.len(), &list.doubt), (3, &Some(Doubt::Unsaid)));
    assert!(!list.is_whole());
    assert_eq!(server.count("GET", PATH), 2);
}
