//! Lists and their pages.

use crate::world::*;
use oci::{RepositoryName, Tag};
use registry::{Doubt, HttpOptions, Kind, Listing, REPOSITORIES_MOST, TAGS_MOST};
use std::time::Duration;
use testkit::scripted::{Auth, Links, Scripted};

const PATH: &str = "/v2/team/app/tags/list";

fn five(server: &Scripted) {
    for tag in ["a", "b", "c", "d", "e"] {
        server.push_image("team/app", tag, tag);
    }
    server.set(|faults| faults.page = Some(2));
}

async fn tags(registry: &registry::Registry) -> Result<Vec<String>, registry::Error> {
    let tags = app(registry).tags().all().await?;
    Ok(tags.iter().map(Tag::to_string).collect())
}

async fn listing(registry: &registry::Registry, n: usize) -> Result<Listing<Tag>, registry::Error> {
    app(registry).tags().sized(n).listing().await
}

fn names(list: &Listing<Tag>) -> Vec<&str> {
    list.entries.iter().map(Tag::as_str).collect()
}

/// Behaviour (lists): Every shape of `Link` leads through all pages, an inner host's and a gateway's too, and one on the last page.
/// Source: olareg, Gitea, Quay, Pulp, GitLab; distribution behind a proxy that ends TLS or adds a path.
#[tokio::test]
async fn links_of_every_shape_lead_through_all_pages() {
    let (server, client) = open().await;
    five(&server);
    for links in [
        Links::Relative,
        Links::Absolute,
        Links::Bare,
        Links::Unquoted,
        Links::Inner,
        Links::Prefixed,
        Links::Query,
        Links::Several,
        Links::Headers,
        Links::Cursor,
        Links::Missing,
    ] {
        server.set(|faults| faults.links = links);
        server.forget_requests();
        let list = listing(&client, 2).await.unwrap();
        assert_eq!(names(&list), ["a", "b", "c", "d", "e"], "{links:?}");
        assert!(list.is_whole(), "{links:?}: {:?}", list.doubt);
        assert_eq!(server.count("GET", PATH), 3, "{links:?}");
    }
    server.set(|faults| faults.links = Links::OnTheLastToo);
    server.forget_requests();
    let list = listing(&client, 2).await.unwrap();
    assert_eq!(names(&list), ["a", "b", "c", "d", "e"]);
    assert!(list.is_whole(), "an empty page is an end");
    assert_eq!(server.count("GET", PATH), 4);
}

#[tokio::test]
async fn pages_come_one_by_one() {
    let (server, client) = open().await;
    five(&server);
    let mut pages = app(&client).tags();
    assert_eq!(pages.next().await.unwrap().unwrap().len(), 2);
    assert_eq!(
        server.count("GET", PATH),
        1,
        "the next page is asked for when it is wanted"
    );
    assert_eq!(pages.next().await.unwrap().unwrap().len(), 2);
    assert_eq!(pages.next().await.unwrap().unwrap().len(), 1);
    assert_eq!(pages.next().await.unwrap(), None);
    assert_eq!(pages.next().await.unwrap(), None);
    assert_eq!(server.count("GET", PATH), 3);
}

#[tokio::test]
async fn hostile_a_link_to_another_host_is_followed_on_the_lists_own() {
    let (evil, _) = open().await;
    let (server, client) = closed(Auth::Basic).await;
    five(&server);
    server.set(|faults| faults.links = Links::Foreign);
    let list = listing(&client, 2).await.unwrap();
    assert_eq!(names(&list), ["a", "b", "c", "d", "e"]);
    for seen in server.requests() {
        assert!(seen.path.starts_with("/v2/"), "{}", seen.path);
    }
    assert!(evil.requests().is_empty());
}

/// Behaviour (lists): A list that goes in a circle ends there with what was read, in doubt.
/// Source: cloudflare/serverless-registry and craneoperator (a cursor that is ignored; the last page links to itself).
#[tokio::test]
async fn a_list_in_a_circle_ends_with_what_was_read() {
    let (server, client) = open().await;
    five(&server);
    server.set(|faults| faults.links = Links::Circle);
    let list = listing(&client, 2).await.unwrap();
    assert_eq!(
        (names(&list), list.doubt.clone()),
        (vec!["a", "b"], Some(Doubt::Circle))
    );
    assert_eq!(server.count("GET", PATH), 1);

    server.set(|faults| faults.links = Links::LastToItself);
    let list = listing(&client, 2).await.unwrap();
    assert_eq!(names(&list), ["a", "b", "c", "d", "e"]);
    assert_eq!(list.doubt, Some(Doubt::Circle));

    // Each link is another one, and each page the first.
    server.set(|faults| {
        faults.links = Links::Relative;
        faults.ignore_last = true;
    });
    server.forget_requests();
    let list = listing(&client, 2).await.unwrap();
    assert_eq!(
        (names(&list), list.doubt.clone()),
        (vec!["a", "b"], Some(Doubt::Circle))
    );
    assert_eq!(server.count("GET", PATH), 2);
}

/// Behaviour (lists): A page as long as was asked for, without a `Link`, is followed by the last name; where that is ignored, all are asked for at once.
/// Source: Nexus' docker groups and proxies that drop `Link`; `crane registry serve`, which ignores `last`.
#[tokio::test]
async fn a_full_page_without_a_link_is_followed() {
    let (server, client) = open().await;
    five(&server);
    server.set(|faults| {
        faults.page = None;
        faults.links = Links::Missing;
    });
    let list = listing(&client, 2).await.unwrap();
    assert!(list.is_whole());
    assert_eq!(names(&list), ["a", "b", "c", "d", "e"]);
    assert_eq!(
        listing(&client, 5).await.unwrap().doubt,
        None,
        "an empty page follows"
    );

    server.set(|faults| faults.ignore_last = true);
    let list = listing(&client, 2).await.unwrap();
    assert!(list.is_whole(), "{:?}", list.doubt);
    assert_eq!(names(&list), ["a", "b", "c", "d", "e"]);

    // One that gives two, whatever is asked: that there are more is not to be known, and not to be ruled out.
    server.set(|faults| faults.page = Some(2));
    let list = listing(&client, 2).await.unwrap();
    assert_eq!(
        (names(&list), list.doubt.clone()),
        (vec!["a", "b"], Some(Doubt::Unsaid))
    );

    server.set(|faults| faults.refuse_last = true);
    let list = listing(&client, 2).await.unwrap();
    assert_eq!(
        (names(&list), list.doubt.clone()),
        (vec!["a", "b"], Some(Doubt::Unsaid))
    );
}

/// Behaviour (lists): Where `n` is ignored, or fewer come than were asked for, and no `Link`, the list is whole.
/// Source: distribution 2.8 and GitLab without its database send all tags as one page.
#[tokio::test]
async fn a_list_that_is_longer_or_shorter_than_asked_is_whole() {
    let (server, client) = open().await;
    five(&server);
    for (ignore_n, n) in [(true, 2), (false, 9)] {
        server.set(|faults| {
            (faults.page, faults.ignore_n, faults.links) = (None, ignore_n, Links::Missing);
        });
        server.forget_requests();
        let list = listing(&client, n).await.unwrap();
        assert!(list.is_whole() && list.entries.len() == 5);
        assert_eq!(server.count("GET", PATH), 1);
    }
    let asked = server.requests();
    assert!(asked.iter().all(|seen| !seen.path.contains("n=0")));
}

#[tokio::test]
async fn a_list_that_breaks_in_the_middle_is_in_doubt() {
    let (server, client) = open().await;
    five(&server);
    let mut pages = app(&client).tags();
    pages.next().await.unwrap();
    server.set(|faults| faults.status = Some(400));
    let list = pages.listing().await.unwrap();
    assert!(matches!(list.doubt, Some(Doubt::Broken(error)) if error.kind == Kind::Refused));
    server.set(|faults| faults.status = Some(401));
    assert_eq!(tags(&client).await.unwrap_err().kind, Kind::SignIn);
}

#[tokio::test]
async fn hostile_a_list_ends_at_its_bounds() {
    let (server, client) = open().await;
    five(&server);
    for (links, doubt, most) in [
        (Links::Empty, Doubt::Empty, 51),
        (Links::Long(5000), Doubt::Link, 1),
    ] {
        server.set(|faults| faults.links = links);
        server.forget_requests();
        let list = listing(&client, 2).await.unwrap();
        assert_eq!(list.doubt, Some(doubt), "{links:?}");
        assert_eq!(server.count("GET", PATH), most, "{links:?}");
    }
    server.set(|faults| (faults.links, faults.page) = (Links::Endless, Some(90_000)));
    server.forget_requests();
    let list = listing(&client, 90_000).await.unwrap();
    assert_eq!(
        (list.entries.len(), list.doubt),
        (TAGS_MOST, Some(Doubt::More))
    );
    assert_eq!(server.count("GET", PATH), 3);
    let list = client.catalog().sized(90_000).listing().await.unwrap();
    assert_eq!(
        (list.entries.len(), list.doubt),
        (REPOSITORIES_MOST, Some(Doubt::More))
    );
    assert_eq!(server.count("GET", "/v2/_catalog"), 2);
}

#[tokio::test]
async fn hostile_a_list_that_takes_too_long_ends_with_what_was_read() {
    let (server, _) = open().await;
    five(&server);
    let options = HttpOptions {
        longest_list: Duration::from_secs(2),
        ..quick()
    };
    let client = client_with(&server.host(), anonymous(), &options);
    let mut pages = app(&client).tags();
    let first = pages.next().await.unwrap().unwrap();
    assert_eq!(first.len(), 2);
    server.set(|faults| faults.delay = Duration::from_mins(10));
    assert_eq!(pages.next().await.unwrap(), None);
    assert_eq!(pages.doubt(), Some(&Doubt::Slow));
    assert_eq!(pages.next().await.unwrap(), None);
}

#[tokio::test]
async fn hostile_a_list_of_more_bytes_than_are_read_is_given_up() {
    let (server, client) = open().await;
    five(&server);
    for name in ["a", "b", "c", "d"] {
        server.push_image(name, "v1", name);
    }
    let list = |most| client.catalog().sized(1).within(most).listing();
    assert_eq!(list(1000).await.unwrap().entries.len(), 5);
    let cut = list(60).await.unwrap();
    assert_eq!((cut.entries.len(), cut.doubt), (2, Some(Doubt::More)));
    assert_eq!(
        list(10).await.unwrap_err().kind,
        Kind::TooLarge { limit: 10 }
    );
}

/// Behaviour (lists): `null` in place of a list is an empty list.
/// Source: Registries written in Go send it for a list that was never filled.
#[tokio::test]
async fn a_list_of_null_is_empty() {
    let (server, client) = open().await;
    server.push_image("team/app", "v1", "one");
    server.set(|faults| faults.null_tags = true);
    assert_eq!(tags(&client).await.unwrap(), Vec::<String>::new());
    assert_eq!(client.catalog().all().await.unwrap(), []);
}

#[tokio::test]
async fn an_unknown_repository_is_not_found_in_its_own_words() {
    let (_server, client) = open().await;
    let error = tags(&client).await.unwrap_err();
    assert_eq!(
        (error.kind.clone(), error.status),
        (Kind::NotFound, Some(404))
    );
    assert!(error.has_code("NAME_UNKNOWN"));
    assert_eq!(
        error.own_words().as_deref(),
        Some("repository name not known to registry")
    );
    assert_eq!(error.request, format!("GET {PATH}"), "without the query");
}

#[tokio::test]
async fn the_catalog_comes_in_pages_and_without_names_that_are_none() {
    let (server, client) = open().await;
    for name in ["a", "b/c", "d", "e/f/g", "Upper/case", "../x"] {
        server.push_image(name, "v1", name);
    }
    let names = client.catalog().sized(2).all().await.unwrap();
    assert_eq!(
        names.iter().map(RepositoryName::as_str).collect::<Vec<_>>(),
        ["a", "b/c", "d", "e/f/g"]
    );
    assert_eq!(server.count("GET", "/v2/_catalog"), 3);
    server.set(|faults| faults.no_catalog = true);
    assert_eq!(
        client.catalog().all().await.unwrap_err().kind,
        Kind::NotFound
    );
}

#[tokio::test]
async fn a_page_can_be_asked_for_again_after_a_failure() {
    let (server, client) = open().await;
    five(&server);
    let mut pages = app(&client).tags();
    assert_eq!(pages.next().await.unwrap().unwrap().len(), 2);
    server.set(|faults| faults.status500 = true);
    assert_eq!(pages.next().await.unwrap_err().kind, Kind::Server);
    server.set(|faults| faults.status500 = false);
    assert_eq!(pages.next().await.unwrap().unwrap()[0].as_str(), "c");
}
