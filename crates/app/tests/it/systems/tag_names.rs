//! Names of tags that a vendor's own list tells: they stand for the registry's list where all came, and take nothing away.

use crate::acts::{Desk, REPOSITORY, tag};
use crate::home::Home;
use serde_json::{Value, json};
use testkit::scripted::Answer;
use testkit::standins::acr::Acr;
use testkit::standins::harbor::Harbor;

const NAMES: &str = "/v2/lab/tool/tags/list";

async fn harbor(tags: usize) -> (Home, Harbor, String) {
    let harbor = Harbor::start().await.unwrap();
    let home = Home::new();
    let id = home.sign_in(&harbor.host()).await.id;
    for at in 0..tags {
        let name = format!("v{at:04}");
        harbor.registry.push_image("lab/tool", &name, &name);
    }
    home.app.refresh_repositories(id.clone()).await.unwrap();
    harbor.registry.forget_requests();
    (home, harbor, id)
}

/// Refreshes the list; the names of the tags that are there, of each of which is known what it points at but of these.
async fn names(home: &Home, id: &str, unknown: &[&str]) -> Vec<String> {
    let lab = home.at(id, "lab/tool");
    lab.refresh_tags().await;
    let rows = lab.tags().await.rows.into_iter();
    let rows = rows.filter(|row| !row.deleted);
    rows.inspect(|row| {
        let is_known = !unknown.contains(&row.name.as_str());
        assert_eq!(row.resolved, is_known, "{row:?}");
    })
    .map(|row| row.name)
    .collect()
}

/// Harbor's answer where it tells of these tags alone.
fn told(harbor: &Harbor, tags: &[&str]) -> Answer {
    let artifact = |tag: &&str| {
        let digest = harbor.registry.tagged("lab/tool", tag);
        let digest = digest.unwrap_or_else(|| oci::Digest::sha256_of(tag.as_bytes()).to_string());
        let image = json!({"os": "linux", "architecture": "amd64"});
        json!({"type": "IMAGE", "digest": digest, "size": 620, "extra_attrs": image, "tags": [{"name": tag}]})
    };
    let artifacts: Vec<Value> = tags.iter().map(artifact).collect();
    let count = artifacts.len().to_string();
    Answer::json(Value::from(artifacts).to_string()).with("x-total-count", count)
}

/// Behaviour (vendors): A tag that a vendor's list lacks and that was there is asked for at the registry, which lists it or has it gone.
/// Source: Docker Hub, whose pages show a push a while after the registry has it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tag_that_a_vendor_hides_is_not_taken_for_deleted() {
    let (home, harbor, id) = harbor(3).await;
    assert_eq!(names(&home, &id, &[]).await, ["v0000", "v0001", "v0002"]);
    assert_eq!(harbor.registry.count("GET", NAMES), 0);

    // Its list ends with another tag than before.
    harbor.break_interface(Some(told(&harbor, &["v0002"])));
    harbor.registry.drop_manifest("lab/tool", "v0000");
    assert_eq!(names(&home, &id, &["v0001"]).await, ["v0001", "v0002"]);
    assert_eq!(harbor.registry.count("GET", NAMES), 1);

    // What is gone is not asked for for ever.
    harbor.registry.drop_manifest("lab/tool", "v0001");
    assert_eq!(names(&home, &id, &[]).await, ["v0002"]);
    harbor.registry.forget_requests();
    assert_eq!(names(&home, &id, &[]).await, ["v0002"]);
    assert_eq!(harbor.registry.count("GET", NAMES), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_vendors_list_that_moves_while_it_is_read_does_not_stand_for_the_registrys() {
    let (home, harbor, id) = harbor(150).await;
    // Somebody pushes before the second page, and what was at the end of the first comes again.
    harbor.registry.before("GET", "/artifacts", |hand| {
        hand.before("GET", "/artifacts", |hand| {
            hand.push_image("lab/tool", "v9999", "theirs");
        });
    });
    assert_eq!(names(&home, &id, &["v9999"]).await.len(), 151);
    assert_eq!(harbor.registry.count("GET", NAMES), 1);
    assert_eq!(harbor.violations(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_names_of_many_tags_are_had_from_the_registry_before_what_a_vendor_tells_of_all() {
    let (home, harbor, id) = harbor(1001).await;
    assert_eq!(names(&home, &id, &[]).await.len(), 1001);
    let requests = harbor.registry.requests();
    let paths: Vec<&str> = requests.iter().map(|seen| seen.path.as_str()).collect();
    let of = |part: &str| paths.iter().position(|path| path.contains(part));
    let facts = paths.iter().filter(|path| path.contains("/artifacts"));
    assert_eq!(facts.count(), 11);
    // A page of the newest, then all names, then the rest.
    assert!(
        of("page=1&") < of(NAMES) && of(NAMES) < of("page=2&"),
        "{paths:#?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_vendors_list_of_nothing_is_the_registrys_to_explain() {
    let (home, harbor, id) = harbor(0).await;
    harbor.break_interface(Some(told(&harbor, &[])));
    assert_eq!(names(&home, &id, &[]).await, [""; 0]);
    assert_eq!(harbor.registry.count("GET", NAMES), 1);
}

/// Behaviour (vendors): A tag that a vendor's list still tells of after it was deleted is not brought back by it.
/// Source: Docker Hub, whose pages show what the registry does a while after it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tag_that_a_vendor_tells_of_too_late_stays_deleted() {
    let (home, harbor, id) = harbor(2).await;
    let late = told(&harbor, &["v0000", "v0001"]);
    names(&home, &id, &[]).await;
    harbor.registry.drop_manifest("lab/tool", "v0000");
    assert_eq!(names(&home, &id, &[]).await, ["v0001"]);
    harbor.break_interface(Some(late));
    assert_eq!(names(&home, &id, &[]).await, ["v0001"]);
}

/// Behaviour (vendors): What signs a commit is in no list of Harbor's interface; where there is some, the names of tags are the registry's own.
/// Source: Harbor c50c7dd, `pkg/artifact/dao`: `notacc`; `server/registry/tag.go` lists all tags.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_tags_of_signatures_are_listed() {
    let (home, harbor, id) = harbor(2).await;
    let signed = harbor.registry.tagged("lab/tool", "v0001").unwrap();
    let signature = format!("{}.sig", signed.replace(':', "-"));
    harbor.registry.push_image("lab/tool", &signature, "signs");
    let signed = names(&home, &id, &[&signature]).await;
    assert_eq!(signed, [&signature, "v0000", "v0001"]);
    assert_eq!(harbor.registry.count("GET", NAMES), 1);
    assert_eq!(harbor.violations(), [""; 0]);
}

/// Behaviour (vendors): A proxy of Harbor's lists what it could fetch too, which its interface doesn't tell: the names of its tags are the registry's own.
/// Source: Harbor c50c7dd, `server/middleware/repoproxy/tag.go`; a proxy project has a `registry_id`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_proxy_could_fetch_is_listed() {
    let (home, harbor, id) = harbor(1).await;
    harbor.make_proxy(&["upstream", "v0000"]);
    let all = ["upstream", "v0000"];
    assert_eq!(names(&home, &id, &["upstream"]).await, all);
    assert_eq!(harbor.registry.count("GET", NAMES), 1);
    assert_eq!(harbor.violations(), [""; 0]);
}

/// Whether a project is a proxy may not be told, or not of the one that was asked for.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_nobody_says_what_a_project_is_the_registry_names_its_tags() {
    let (home, harbor, id) = harbor(2).await;
    // Whatever is asked, artifacts are the answer.
    harbor.break_interface(Some(told(&harbor, &["v0000", "v0001"])));
    for asked in [1, 2] {
        assert_eq!(names(&home, &id, &[]).await, ["v0000", "v0001"]);
        assert_eq!(harbor.registry.count("GET", NAMES), asked);
    }
    harbor.break_interface(None);
    for _ in 0..2 {
        assert_eq!(names(&home, &id, &[]).await, ["v0000", "v0001"]);
        assert_eq!(harbor.registry.count("GET", NAMES), 2);
    }
    let requests = harbor.registry.requests();
    let asked = requests.iter().map(|seen| seen.path.as_str());
    let asked = asked.filter(|path| *path == "/api/v2.0/projects/lab");
    assert_eq!(asked.count(), 3, "once where it was told");
}

/// A list that is new here is shown as it is told; what the registry doesn't name of it was never there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_vendor_alone_tells_of_is_nobodys_deletion() {
    let (home, harbor, id) = harbor(2).await;
    let all = told(&harbor, &["ghost", "v0000", "v0001"]);
    // One more than are told: the list isn't whole.
    harbor.break_interface(Some(all.with("x-total-count", "4")));
    assert_eq!(names(&home, &id, &[]).await, ["v0000", "v0001"]);
    let lab = home.at(&id, "lab/tool");
    assert_eq!(lab.moves().await.rows, []);
    assert_eq!(lab.tags().await.rows.len(), 2, "nor is it a deleted one");
    assert_eq!(lab.commits("ghost").await, []);
}

/// What is deleted here while a vendor's pages are read is on one that came before.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_deleted_while_pages_were_read_is_not_brought_back() {
    let acr = Acr::start().await.unwrap();
    for at in 0..150 {
        let name = format!("v{at:04}");
        acr.registry.push_image(REPOSITORY, &name, &name);
    }
    let desk = Desk::signed_in_at(&acr.host()).await;
    desk.home
        .app
        .refresh_repositories(desk.id.clone())
        .await
        .unwrap();
    desk.refresh().await;
    let (tells, held) = std::sync::mpsc::channel();
    acr.registry.before("GET", "/_tags", move |hand| {
        tells.send(hand.hold("GET", "/_tags")).unwrap();
    });
    let (app, id) = (desk.home.app.clone(), desk.id.clone());
    let reading = tokio::spawn(async move { app.refresh_tags(id, REPOSITORY.into()).await });
    let mut second = tokio::task::spawn_blocking(move || held.recv().unwrap())
        .await
        .unwrap();
    second.came().await;
    let outcome = desk.delete(&[tag("v0149")]).await;
    assert_eq!(outcome.done, 1, "{outcome:?}");
    drop(second);
    reading.await.unwrap().unwrap();
    let rows = desk.lab().tags().await.rows;
    let there = rows.iter().filter(|row| !row.deleted).count();
    assert_eq!((rows.len(), there), (150, 149));
    assert_eq!(acr.violations(), [""; 0]);
}
