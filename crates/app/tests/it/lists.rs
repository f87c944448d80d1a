//! Lists that registries send badly: what came is shown, what it lacks is not taken for gone, and none is read without end.

use crate::acts;
use crate::home::scripted;
use app::view::browse::{TagTop, TopRows};
use app::view::events::{AppEvent, Stale};
use app::view::start::TagOrder;
use testkit::scripted::{Links, Scripted};

const REPOSITORY: &str = "lab/tool";

/// Many tags of one image.
fn tags(registry: &Scripted, count: usize) {
    let digest = registry.push_image(REPOSITORY, "b0000", "one");
    let bytes = registry.manifest(REPOSITORY, &digest).unwrap();
    for at in 1..count {
        let name = format!("b{at:04}");
        registry.put_manifest(REPOSITORY, Some(&name), testkit::images::MANIFEST, &bytes);
    }
}

/// Behaviour (lists): A list that ends in doubt marks nothing deleted, and says so; the next whole one clears it.
/// Source: Nexus' docker groups: the same list with `Link` and, behind another proxy, without.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_in_doubt_takes_no_tag_away() {
    let (home, registry, id) = scripted().await;
    tags(&registry, 1500);
    let lab = home.at(&id, REPOSITORY);
    let deleted = async || {
        lab.refresh_tags().await;
        let list = lab.tags().await;
        let gone = list.rows.iter().filter(|row| row.deleted).count();
        (list.rows.len(), gone, list.note)
    };
    assert_eq!(deleted().await, (1500, 0, None));
    // Without a link, and by the last name: all the same.
    registry.set(|faults| faults.links = Links::Missing);
    assert_eq!(deleted().await, (1500, 0, None));
    // The first thousand, whatever is asked.
    registry.set(|faults| (faults.ignore_last, faults.page) = (true, Some(1000)));
    let doubt = "The registry doesn’t say whether there are more.";
    assert_eq!(deleted().await, (1500, 0, Some(doubt.to_owned())));
    registry.set(|faults| (faults.ignore_last, faults.page) = (false, None));
    registry.drop_manifest(REPOSITORY, "b0007");
    let (rows, gone, note) = deleted().await;
    assert_eq!(
        (rows, gone, note),
        (1500, 1, None),
        "seen whole, one is gone"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_list_begins_with_what_stood_on_top_of_it_the_last_time() {
    let (home, registry, id) = scripted().await;
    tags(&registry, 2100);
    let lab = home.at(&id, REPOSITORY);
    lab.refresh_tags().await;
    let part = async |after: Option<&str>| {
        let list = home
            .app
            .app
            .repositories
            .tags(id.clone(), REPOSITORY.to_owned(), after.map(str::to_owned))
            .await
            .unwrap();
        let names: Vec<String> = list.rows.into_iter().map(|row| row.name).collect();
        (names, list.next, list.top)
    };
    let keep = async |tags: &[&str]| {
        let rows = TopRows {
            order: TagOrder::NameDown,
            unknown: false,
            of: 2100,
        };
        let top = TagTop {
            rows,
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        };
        home.app
            .keep_top(id.clone(), REPOSITORY.to_owned(), top)
            .await
            .unwrap();
        rows
    };
    let (first, next, top) = part(None).await;
    assert_eq!((first.len(), top), (2000, None), "nothing was kept yet");
    assert_eq!(next.as_deref(), Some("b1999"));

    let rows = keep(&["b2099", "b0003", "gone", "b2001"]).await;
    let (first, next, top) = part(None).await;
    assert_eq!(first, ["b2099", "b0003", "b2001"]);
    assert_eq!((next.as_deref(), top), (Some(""), Some(rows)));
    let (whole, next, top) = part(next.as_deref()).await;
    assert_eq!((whole.len(), top), (2000, None), "the list from its begin");
    assert_eq!(next.as_deref(), Some("b1999"));

    // Of which nothing is left: the list as it is.
    keep(&["gone"]).await;
    assert_eq!(part(None).await.0.len(), 2000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_in_a_circle_shows_what_was_read() {
    let (home, registry, id) = scripted().await;
    tags(&registry, 6);
    registry.set(|faults| (faults.page, faults.links) = (Some(3), Links::LastToItself));
    for number in 0..4 {
        registry.push_image(&format!("lab/other{number}"), "v1", "x");
    }
    let lab = home.at(&id, REPOSITORY);
    lab.refresh_tags().await;
    let list = lab.tags().await;
    let circle = "The registry’s list went in a circle; some may be missing.";
    assert_eq!((list.rows.len(), list.note.as_deref()), (6, Some(circle)));
    assert_eq!(list.refreshed_at, None, "it was never seen whole");
    home.app.refresh_repositories(id.clone()).await.unwrap();
    let list = home.app.repositories(id.clone()).await.unwrap();
    assert_eq!((list.names.len(), list.note.as_deref()), (5, Some(circle)));
    registry.set(|faults| faults.links = Links::Relative);
    registry.drop_manifest(REPOSITORY, "b0001");
    home.app.refresh_repositories(id.clone()).await.unwrap();
    let list = home.app.repositories(id).await.unwrap();
    assert!(list.note.is_none() && list.refreshed_at.is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_a_list_cut_short_never_counts_a_deletion_as_fully_checked() {
    let (desk, registry) = acts::scripted().await;
    tags(&registry, 6);
    registry.push_image(REPOSITORY, "alone", "another");
    let whole = desk.plan_delete(&[acts::tag("alone")]).await;
    assert!(whole.freed > 0 && whole.unchecked.len() == 1, "{whole:?}");
    let doubted = "Tags that this registry didn’t list: its list did not come whole.";
    for links in [Links::Circle, Links::Long(5000), Links::Empty] {
        registry.set(|faults| (faults.page, faults.links) = (Some(3), links));
        let plan = desk.plan_delete(&[acts::tag("alone")]).await;
        assert_eq!(plan.freed, 0, "{links:?}");
        assert_eq!(plan.unchecked[0], doubted, "{links:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_that_are_none_are_counted() {
    let (home, registry, id) = scripted().await;
    registry.push_image(REPOSITORY, "v1", "x");
    let body = r#"{"tags":["v1","../x","<b>","v1","\u202egpj"]}"#;
    registry.set(|faults| faults.list_body = Some(body.into()));
    let lab = home.at(&id, REPOSITORY);
    lab.refresh_tags().await;
    let list = lab.tags().await;
    assert_eq!(list.rows.len(), 1);
    let told = "3 names are left out, as they aren’t valid.";
    assert_eq!(list.note.as_deref(), Some(told));
    assert!(list.refreshed_at.is_some(), "it is whole all the same");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_a_list_of_many_pages_crosses_in_parts_and_is_not_read_anew_at_each() {
    let (home, registry, id) = scripted().await;
    tags(&registry, 4500);
    registry.set(|faults| faults.page = Some(30));
    let lab = home.at(&id, REPOSITORY);
    lab.refresh_tags().await;
    assert_eq!(registry.count("GET", "/v2/lab/tool/tags/list"), 150);
    let (mut listed, mut stale) = (Vec::new(), 0);
    for event in home.events() {
        match event {
            AppEvent::TagsListed { rows, .. } => {
                listed.extend(rows.into_iter().map(|row| row.name));
            }
            AppEvent::Stale {
                what: Stale::Tags { .. },
            } => stale += 1,
            _ => {}
        }
    }
    // What came within the last moment is in the list that is read at the end.
    assert!(!listed.is_empty() && listed.is_sorted());
    assert!(stale <= 3, "{stale} for 150 pages");
    let rooms = &home.app.app.repositories;
    let first = rooms.tags(id.clone(), REPOSITORY.into(), None);
    let first = first.await.unwrap();
    assert_eq!(first.rows.len(), 2000);
    assert_eq!(first.next.as_deref(), Some("b1999"));
    let whole = lab.tags().await;
    assert_eq!(whole.rows.len(), 4500);
    assert!(whole.rows.is_sorted_by_key(|row| row.name.clone()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tags_that_are_only_remembered_come_with_the_last_part() {
    let (home, registry, id) = scripted().await;
    tags(&registry, 2100);
    let lab = home.at(&id, REPOSITORY);
    lab.refresh_tags().await;
    let digest = lab.resolve("b0000").await.digest.unwrap();
    let line = format!(
        r#"{{"host":"{}","repository":"{REPOSITORY}","tag":"once","digest":"{digest}","firstSeen":"2026-01-01T00:00:00Z","lastSeen":"2026-01-01T00:00:00Z","exact":false,"origin":"other","number":1}}"#,
        registry.host()
    );
    let text = format!("{{\"longshore\":\"seen\",\"version\":1}}\n{line}\n");
    let told = home.app.import_seen(text).await.unwrap();
    assert_eq!(told.added, 1, "{told:?}");
    let rows = lab.tags().await.rows;
    assert_eq!(rows.len(), 2101);
    assert!(rows[2100].name == "once" && rows[2100].deleted);
}
