//! Lists and their pages.

use crate::world::*;
use oci::{RepositoryName, Tag};
use registry::Kind;
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

/// Behaviour (lists): The next page is named relative to the host, or absolute.
/// Source: distribution, zot and Quay send a path, Pulp an absolute address.
#[tokio::test]
async fn relative_and_absolute_links_lead_through_all_pages() {
    let (server, client) = open().await;
    five(&server);
    for links in [Links::Relative, Links::Absolute] {
        server.set(|faults| faults.links = links);
        server.forget_requests();
        assert_eq!(
            tags(&client).await.unwrap(),
            ["a", "b", "c", "d", "e"],
            "{links:?}"
        );
        assert_eq!(server.count("GET", PATH), 3);
    }
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
async fn a_link_to_another_host_is_refused_and_not_asked() {
    let (server, client) = closed(Auth::Basic).await;
    five(&server);
    server.set(|faults| faults.links = Links::Foreign);
    let error = tags(&client).await.unwrap_err();
    assert_eq!(
        error.kind,
        Kind::ForeignHost {
            host: "foreign.example".into()
        }
    );
}

#[tokio::test]
async fn a_list_in_circles_ends() {
    let (server, client) = open().await;
    five(&server);
    server.set(|faults| faults.links = Links::Circle);
    assert!(matches!(
        tags(&client).await.unwrap_err().kind,
        Kind::Malformed(_)
    ));
    assert_eq!(server.count("GET", PATH), 1);
}

#[tokio::test]
async fn a_list_of_pages_without_end_is_given_up() {
    let (server, client) = open().await;
    five(&server);
    let whole = async |most| client.catalog().sized(1).within(most).all().await;
    for name in ["a", "b", "c", "d"] {
        server.push_image(name, "v1", name);
    }
    assert_eq!(whole(1000).await.unwrap().len(), 5);
    assert_eq!(
        whole(60).await.unwrap_err().kind,
        Kind::TooLarge { limit: 60 }
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
