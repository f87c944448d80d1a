//! Google's registries: what their list of tags tells beside the names, and what is below a namespace. They are met under their own name,
//! over TLS, through a proxy that knows the stand-in, as nothing else may be taken for them.

use super::own_tokens::{self, Google as System};
use super::world::System as _;
use crate::acts::{Desk, REPOSITORY, also};
use crate::home::Home;
use app::view::kinds::VendorId;
use std::time::Duration;
use testkit::standins::google::{Google, HOST};

/// An account of a namespace of it.
async fn google() -> (Desk, Google) {
    let system = System(Google::start().await.unwrap());
    let home = Home::new();
    let id = system.account(&home).await;
    (Desk::of(home, id), system.0)
}

async fn list(desk: &Desk) -> Vec<String> {
    let app = &desk.home.app;
    app.refresh_repositories(desk.id.clone()).await.unwrap();
    app.repositories(desk.id.clone()).await.unwrap().names
}

/// Behaviour (vendors): What all tags of a repository at Google point at costs one question; the time it tells is that of the commit's upload, and no tag's.
/// Source: go-containerregistry, `pkg/v1/google/list.go`: `tags/list` has `manifest{digest: {imageSizeBytes, timeUploadedMs, tag[]}}`, numbers as texts or not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_tags_are_told_in_one_answer() {
    let (desk, google) = google().await;
    for at in 0..1000 {
        let name = format!("v{at:04}");
        google.registry.push_image(REPOSITORY, &name, &name);
    }
    list(&desk).await;
    google.registry.forget_requests();
    desk.refresh().await;
    let requests = google.registry.requests();
    assert!(requests.len() <= 4, "it, the names, a token: {requests:#?}");
    let rows = desk.lab().tags().await.rows;
    assert_eq!(rows.len(), 1000);
    for row in &rows {
        assert_eq!(row.digest, google.registry.tagged(REPOSITORY, &row.name));
        assert!(row.size.is_some() && !row.resolved, "{row:?}");
    }
    google.registry.forget_requests();
    let row = desk.lab().resolve("v0007").await;
    assert_eq!((row.resolved, row.size), (true, rows[7].size));
    assert_eq!(row.platforms, ["linux/amd64"]);
    assert_eq!(google.registry.count("HEAD", "/v2/"), 0);
    let kind = desk.home.app.kind(desk.id.clone()).await.unwrap();
    assert_eq!(kind.recognised, Some(VendorId::Google));
    let through = format!("connect {HOST}:443");
    assert!(google.proxy.asked().iter().all(|asked| *asked == through));
    assert_eq!(google.violations(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tag_that_went_back_is_asked_for_as_its_time_tells_nothing() {
    let (desk, google) = google().await;
    google.number();
    let old = google.registry.push_image(REPOSITORY, "v1", "old");
    also(&google.registry, &old, "kept");
    list(&desk).await;
    desk.refresh().await;
    tokio::time::sleep(Duration::from_millis(1100)).await;
    let new = google.registry.push_image(REPOSITORY, "v1", "new");
    desk.refresh().await;
    desk.see("v1").await;
    assert_eq!(desk.lab().digests("v1").await, [new.clone(), old.clone()]);
    tokio::time::sleep(Duration::from_millis(1100)).await;
    also(&google.registry, &old, "v1");
    desk.refresh().await;
    let unasked = desk.lab().tags().await.rows;
    let unasked = unasked.iter().find(|row| row.name == "v1").unwrap();
    assert!(!unasked.resolved, "{unasked:?}");
    google.registry.forget_requests();
    desk.see("v1").await;
    assert_eq!(
        google.registry.count("HEAD", "/v2/lab/tool/manifests/v1"),
        1
    );
    assert_eq!(desk.lab().digests("v1").await, [old.clone(), new, old]);
    assert_eq!(google.violations(), [""; 0]);
}

/// Behaviour (vendors): An account of a namespace at Google lists the images below it, folder by folder; where these are too many to be asked one by one, the list ends in doubt.
/// Source: go-containerregistry, `Walk`: `child[]` of `tags/list` names what is directly below a prefix.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_below_a_namespace_is_walked() {
    let (desk, google) = google().await;
    for name in [
        "lab/tool",
        "lab/team/app",
        "lab/team/deep/er",
        "lab/tool/nested",
        "labs/x",
    ] {
        google.registry.push_image(name, "v1", "one");
    }
    google.registry.forget_requests();
    let names = [
        "lab/team/app",
        "lab/team/deep/er",
        "lab/tool",
        "lab/tool/nested",
    ];
    assert_eq!(list(&desk).await, names);
    assert_eq!(google.registry.count("GET", "/v2/_catalog?n=200"), 0);
    for at in 0..150 {
        google
            .registry
            .push_image(&format!("lab/r{at:03}"), "v1", "one");
    }
    google.registry.forget_requests();
    let app = &desk.home.app;
    app.refresh_repositories(desk.id.clone()).await.unwrap();
    let list = app.repositories(desk.id.clone()).await.unwrap();
    // What was known from before is not taken away.
    assert!(list.note.is_some() && list.names.len() >= 152, "{list:?}");
    assert!(list.names.iter().any(|name| name == "lab/team/deep/er"));
    let questions = google.registry.count("GET", "/v2/lab");
    assert!(questions <= 4, "{questions}: none of so many is asked for");
    assert_eq!(google.violations(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_of_all_of_it_and_a_server_that_adds_nothing_go_by_the_protocol() {
    let google = Google::start().await.unwrap();
    let home = Home::new();
    let new = own_tokens::google(&google, &home);
    let id = home.app.add_account(new).await.unwrap().id;
    let desk = Desk::of(home, id);
    google.be_plain();
    google.registry.push_image(REPOSITORY, "v1", "one");
    let app = &desk.home.app;
    app.refresh_repositories(desk.id.clone()).await.unwrap();
    assert!(app.repositories(desk.id.clone()).await.unwrap().refused);
    desk.refresh().await;
    let rows = desk.lab().tags().await.rows;
    assert_eq!((rows.len(), &rows[0].digest), (1, &None));
    let row = desk.lab().resolve("v1").await;
    assert_eq!(row.digest, google.registry.tagged(REPOSITORY, "v1"));
    assert_eq!(google.violations(), [""; 0]);
}
