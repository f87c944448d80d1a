//! Names of tags that a vendor's own list tells: they stand for the registry's list where all came, and take nothing away.

use crate::home::Home;
use testkit::scripted::Answer;
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

async fn names(home: &Home, id: &str) -> Vec<String> {
    let lab = home.at(id, "lab/tool");
    lab.refresh_tags().await;
    let rows = lab.tags().await.rows.into_iter();
    rows.filter(|row| !row.deleted)
        .map(|row| row.name)
        .collect()
}

/// Behaviour (vendors): A tag that a vendor's list lacks and that was there is asked for at the registry, which lists it or has it gone.
/// Source: Docker Hub, whose pages show a push a while after the registry has it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tag_that_a_vendor_hides_is_not_taken_for_deleted() {
    let (home, harbor, id) = harbor(3).await;
    assert_eq!(names(&home, &id).await, ["v0000", "v0001", "v0002"]);
    assert_eq!(harbor.registry.count("GET", NAMES), 0);

    // Its list ends with another tag than before.
    let digest = harbor.registry.tagged("lab/tool", "v0002").unwrap();
    let only =
        serde_json::json!([{"type": "UNKNOWN", "digest": digest, "tags": [{"name": "v0002"}]}]);
    harbor.break_interface(Some(
        Answer::json(only.to_string()).with("x-total-count", "1"),
    ));
    harbor.registry.drop_manifest("lab/tool", "v0000");
    assert_eq!(names(&home, &id).await, ["v0001", "v0002"]);
    assert_eq!(harbor.registry.count("GET", NAMES), 1);

    // What is gone is not asked for for ever.
    harbor.registry.drop_manifest("lab/tool", "v0001");
    assert_eq!(names(&home, &id).await, ["v0002"]);
    harbor.registry.forget_requests();
    assert_eq!(names(&home, &id).await, ["v0002"]);
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
    assert_eq!(names(&home, &id).await.len(), 151);
    assert_eq!(harbor.registry.count("GET", NAMES), 1);
    assert_eq!(harbor.violations(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_names_of_many_tags_are_had_from_the_registry_before_what_a_vendor_tells_of_all() {
    let (home, harbor, id) = harbor(1001).await;
    assert_eq!(names(&home, &id).await.len(), 1001);
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
    assert_eq!(names(&home, &id).await, [""; 0]);
    assert_eq!(harbor.registry.count("GET", NAMES), 1);
}

/// Behaviour (vendors): What signs a commit is in no list of Harbor's interface; where there is some, the names of tags are the registry's own.
/// Source: Harbor c50c7dd, `pkg/artifact/dao`: `notacc`; `server/registry/tag.go` lists all tags.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_tags_of_signatures_are_listed() {
    let (home, harbor, id) = harbor(2).await;
    let signed = harbor.registry.tagged("lab/tool", "v0001").unwrap();
    let signature = format!("{}.sig", signed.replace(':', "-"));
    harbor.registry.push_image("lab/tool", &signature, "signs");
    assert_eq!(names(&home, &id).await, [&signature, "v0000", "v0001"]);
    assert_eq!(harbor.registry.count("GET", NAMES), 1);
    assert_eq!(harbor.violations(), [""; 0]);
}
