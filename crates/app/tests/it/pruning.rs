//! Pruning: shown first, only ours, each where it goes alone.

use crate::home::Home;
use app::view::keep::{Prune, PrunePlan};
use testkit::images::{ImageSpec, push, retag};
use testkit::parts::{Part, Registry, RegistryOptions, RegistryVersion, need};
use testkit::scripted::Scripted;

const LAB: &str = "lab/tool";

fn names(plan: &PrunePlan) -> Vec<String> {
    plan.goes.iter().map(|row| row.commit_tag.clone()).collect()
}

/// `v1` went through four commits, all of them kept, the last one active; the registry has two more names for the first.
async fn four_kept(registry: &Registry) -> (Home, String, Vec<String>, Vec<String>) {
    let home = Home::new();
    let id = home.anyone(&registry.host()).await;
    let (mut digests, mut kept) = (Vec::new(), Vec::new());
    for seed in 1..=4 {
        let image = ImageSpec::of_sizes(seed, &[2000]);
        let digest = push(registry, LAB, "v1", &image).await.unwrap();
        home.at(&id, LAB).resolve("v1").await;
        kept.push(home.at(&id, LAB).keep("v1", &digest).await);
        digests.push(digest);
    }
    (home, id, digests, kept)
}

async fn siblings_stay(version: RegistryVersion) {
    let options = RegistryOptions {
        version,
        ..RegistryOptions::default()
    };
    let registry = Registry::start(options).await.unwrap();
    let (home, id, digests, kept) = four_kept(&registry).await;
    // The same commit under a tag of the person's, and under a name that says something else than it is.
    retag(&registry, LAB, &kept[0], "stable").await.unwrap();
    let lie =
        "_h.v1.20200101t000000z-0000000000000000000000000000000000000000000000000000000000000000";
    retag(&registry, LAB, &kept[0], lie).await.unwrap();
    home.at(&id, LAB).refresh_tags().await;
    let before = registry.tags(LAB).await.unwrap();

    let shown = home.at(&id, LAB).plan_prune(Prune::All).await;
    assert_eq!((names(&shown), shown.stays), (vec![], 5));
    let shown = home.at(&id, LAB).plan_prune(Prune::Days { days: 1 }).await;
    assert_eq!(names(&shown), [""; 0], "all of them ended just now");
    let shown = home
        .at(&id, LAB)
        .plan_prune(Prune::Last { commits: 1 })
        .await;
    assert_eq!(shown.impossible, None);
    let mut goes = names(&shown);
    goes.sort();
    let mut wanted = kept[..2].to_vec();
    wanted.sort();
    assert_eq!(goes, wanted);
    assert_eq!(shown.stays, 3);
    assert_eq!(
        registry.tags(LAB).await.unwrap(),
        before,
        "only shown so far"
    );

    // The order names more than may go: the active one, the lie, a tag of the person's.
    let mut order = goes.clone();
    order.extend([kept[3].clone(), lie.into(), "stable".into()]);
    let outcome = home
        .app
        .prune(home.at(&id, LAB).prune_order(order))
        .await
        .unwrap();
    assert_eq!(outcome.done, 2, "{outcome:#?}");
    let mut failed: Vec<&str> = outcome
        .failed
        .iter()
        .map(|failure| failure.name.as_str())
        .collect();
    failed.sort_unstable();
    let mut left = [kept[3].as_str(), lie, "stable"];
    left.sort_unstable();
    assert_eq!(failed, left);

    let mut tags = registry.tags(LAB).await.unwrap();
    tags.sort();
    let mut stay = [lie, "stable", "v1", &kept[2], &kept[3]];
    stay.sort_unstable();
    assert_eq!(tags, stay);
    for (tag, digest) in [
        ("stable", &digests[0]),
        (lie, &digests[0]),
        ("v1", &digests[3]),
        (&kept[2], &digests[2]),
        (&kept[3], &digests[3]),
    ] {
        let found = registry.manifest(LAB, tag).await.unwrap().unwrap();
        assert_eq!(&found.0, digest, "{tag}");
    }
    // Once more: it is gone already, and that is fine.
    let outcome = home
        .app
        .prune(home.at(&id, LAB).prune_order(goes))
        .await
        .unwrap();
    assert_eq!((outcome.done, outcome.failed.len()), (2, 0));
    let shown = home
        .at(&id, LAB)
        .plan_prune(Prune::Last { commits: 1 })
        .await;
    assert_eq!(names(&shown), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pruning_spares_siblings_and_all_that_is_not_ours() {
    if need(Part::Registry) {
        siblings_stay(RegistryVersion::Two).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pruning_spares_siblings_and_all_that_is_not_ours_on_the_newest_registry() {
    if need(Part::NewRegistry) {
        siblings_stay(RegistryVersion::Three).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_deleting_is_off_it_is_said_before_the_button() {
    if !need(Part::Registry) {
        return;
    }
    let options = RegistryOptions {
        delete: false,
        ..RegistryOptions::default()
    };
    let registry = Registry::start(options).await.unwrap();
    let (home, id, _, kept) = four_kept(&registry).await;
    let before = registry.tags(LAB).await.unwrap();
    let shown = home
        .at(&id, LAB)
        .plan_prune(Prune::Last { commits: 1 })
        .await;
    assert_eq!(shown.goes.len(), 2);
    let why = shown.impossible.unwrap();
    assert!(why.contains("doesn’t let anything be deleted"), "{why}");
    let outcome = home
        .app
        .prune(home.at(&id, LAB).prune_order(kept[..2].to_vec()))
        .await
        .unwrap();
    assert_eq!((outcome.done, outcome.failed.len()), (0, 2));
    assert_eq!(registry.tags(LAB).await.unwrap(), before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_tag_that_somebody_moved_since_the_list_is_not_shown_and_not_touched() {
    let registry = Scripted::start().await.unwrap();
    let home = Home::new();
    let id = home.anyone(&registry.host()).await;
    let mut kept = Vec::new();
    for text in ["one", "two", "three"] {
        let digest = registry.push_image(LAB, "v1", text);
        home.at(&id, LAB).resolve("v1").await;
        kept.push(home.at(&id, LAB).keep("v1", &digest).await);
    }
    let moved = registry.push_image(LAB, &kept[0], "somebody’s");
    let shown = home
        .at(&id, LAB)
        .plan_prune(Prune::Last { commits: 1 })
        .await;
    assert_eq!(names(&shown), [""; 0], "it is not ours any more");
    let outcome = home
        .app
        .prune(home.at(&id, LAB).prune_order(vec![kept[0].clone()]))
        .await
        .unwrap();
    assert_eq!((outcome.done, outcome.failed.len()), (0, 1));
    assert_eq!(registry.tagged(LAB, &kept[0]), Some(moved));
    assert_eq!(registry.count("DELETE", "/v2/"), 0);
}

/// `v1` went through five commits on a scripted registry, all of them kept.
async fn five_kept() -> (Home, Scripted, String, Vec<String>, Vec<String>) {
    let registry = Scripted::start().await.unwrap();
    let home = Home::new();
    let id = home.anyone(&registry.host()).await;
    let (mut digests, mut kept) = (Vec::new(), Vec::new());
    for text in ["one", "two", "three", "four", "five"] {
        let digest = registry.push_image(LAB, "v1", text);
        home.at(&id, LAB).resolve("v1").await;
        kept.push(home.at(&id, LAB).keep("v1", &digest).await);
        digests.push(digest);
    }
    (home, registry, id, digests, kept)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registry_that_takes_siblings_along_gets_them_back_and_is_left_alone() {
    let (home, registry, id, digests, kept) = five_kept().await;
    // A name of the person's on the first commit, never asked for by this computer.
    let bytes = registry.manifest(LAB, &digests[0]).unwrap();
    registry.put_manifest(LAB, Some("stable"), testkit::images::MANIFEST, &bytes);
    home.at(&id, LAB).refresh_tags().await;
    registry.set(|faults| faults.delete_takes_siblings = true);
    let before = registry.tags(LAB);
    let mut first =
        home.at(&id, LAB)
            .prune_order(vec![kept[0].clone(), kept[1].clone(), kept[2].clone()]);
    first.commit_tags.sort();
    let outcome = home.app.prune(first).await.unwrap();
    assert!(
        outcome
            .notes
            .iter()
            .any(|note| note.text.contains("put back")),
        "{outcome:#?}"
    );
    assert_eq!(
        registry.tagged(LAB, "stable").as_ref(),
        Some(&digests[0]),
        "{outcome:#?}"
    );
    // What went before it went alone; all else is there.
    let gone = before.len() - registry.tags(LAB).len();
    assert_eq!(gone, outcome.done as usize);
    assert_eq!(registry.tagged(LAB, &kept[0]).as_ref(), Some(&digests[0]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pruning_can_be_stopped_and_undone() {
    let (home, registry, id, digests, kept) = five_kept().await;
    let mut first = registry.hold("DELETE", "/manifests/");
    let order = home.at(&id, LAB).prune_order(kept[..4].to_vec());
    let app = home.app.clone();
    let tags = registry.tags(LAB).len();
    let pruning = tokio::spawn(async move { app.prune(order).await });
    first.came().await;
    home.app.stop_deleting().await.unwrap();
    drop(first);
    let outcome = pruning.await.unwrap().unwrap();
    assert_eq!((outcome.done, outcome.failed.len()), (1, 0), "{outcome:#?}");
    assert!(
        outcome.notes[0].text.contains("3 were left alone"),
        "{outcome:#?}"
    );
    assert_eq!(registry.tags(LAB).len(), tags - 1);

    let undone = home.app.undo_delete(outcome.undo.unwrap()).await.unwrap();
    assert_eq!((undone.done, undone.failed.len()), (1, 0), "{undone:#?}");
    for (name, digest) in kept.iter().zip(&digests) {
        assert_eq!(registry.tagged(LAB, name).as_ref(), Some(digest));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_order_does_not_take_is_said() {
    let (home, _registry, id, _, _) = five_kept().await;
    let names = (0..1003).map(|number| format!("v{number}")).collect();
    let outcome = home
        .app
        .prune(home.at(&id, LAB).prune_order(names))
        .await
        .unwrap();
    assert_eq!((outcome.done, outcome.failed.len()), (0, 1000));
    assert!(
        outcome.notes[0].text.contains("3 more were left alone"),
        "{:?}",
        outcome.notes
    );
}
