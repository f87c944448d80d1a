//! Registries that refuse, fold or drop: the person is told, and nothing is lost that could be kept.

use crate::acts::{Desk, REPOSITORY, commit, scripted, short, tag, writes};
use app::view::delete::DeletePlan;
use app::view::problem::Code;
use app::view::push::{KeepAnswer, KeepPlan};
use testkit::images::{ImageSpec, MANIFEST, push};
use testkit::parts::{Part, Registry, RegistryOptions, need};
use testkit::scripted::{Faults, Scripted};

async fn two_commits(tag: &str) -> (Desk, Scripted, String, String) {
    let (desk, registry) = scripted().await;
    let old = registry.push_image(REPOSITORY, tag, "old");
    desk.see(tag).await;
    let new = registry.push_image(REPOSITORY, tag, "new");
    desk.see(tag).await;
    registry.forget_requests();
    (desk, registry, old, new)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn immutable_tags_are_said_to_be_so() {
    let (desk, registry, old, new) = two_commits("v1").await;
    registry.set(|faults| faults.immutable_tags = true);
    let told = desk
        .make_active("v1", &old, KeepAnswer::EachOverwrite)
        .await
        .unwrap_err();
    assert!(told.message.contains("doesn’t let v1 be moved"), "{told:?}");
    assert!(
        told.detail.as_ref().unwrap().contains("immutable"),
        "the registry’s own words"
    );
    let left = told
        .hints
        .iter()
        .any(|hint| hint.contains("was already written and stays"));
    assert!(left, "{told:?}");
    assert_eq!(registry.tagged(REPOSITORY, "v1").as_ref(), Some(&new));

    let outcome = desk.delete(&[tag("v1")]).await;
    assert_eq!((outcome.done, outcome.undo), (0, None));
    let told = &outcome.failed[0].problem;
    assert!(told.message.contains("refuses to delete this"), "{told:?}");
    assert_eq!(registry.tagged(REPOSITORY, "v1"), Some(new));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_that_may_only_read_is_told_before_and_changes_nothing() {
    let (desk, registry, old, new) = two_commits("v1").await;
    registry.set(|faults| faults.read_only = true);
    desk.plan_active("v1", &old).await.unwrap();
    for keep in [KeepAnswer::EachOverwrite, KeepAnswer::NotThis] {
        let told = desk.make_active("v1", &old, keep).await.unwrap_err();
        assert!(
            told.message.contains("may not push to lab/tool"),
            "{told:?}"
        );
    }
    let plan = desk.plan_delete(&[tag("v1"), commit(&new)]).await;
    let why = plan.impossible.unwrap();
    assert!(why.contains("may not delete in lab/tool"), "{why}");
    let order = desk.delete_order(&[(tag("v1"), &new), (commit(&new), &new)]);
    let outcome = desk.home.app.delete(order).await.unwrap();
    assert_eq!((outcome.done, outcome.failed.len()), (0, 2), "{outcome:?}");
    assert_eq!(registry.tags(REPOSITORY), ["v1"]);
    assert_eq!(registry.tagged(REPOSITORY, "v1"), Some(new));
}

async fn impossible(desk: &Desk) -> DeletePlan {
    let plan = desk.plan_delete(&[tag("v1")]).await;
    let why = plan.impossible.clone().unwrap();
    assert!(why.contains("doesn’t let anything be deleted"), "{why}");
    plan
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_deleting_is_off_the_sheet_says_so() {
    let (desk, registry, _, new) = two_commits("v1").await;
    registry.set(|faults| faults.delete_disabled = true);
    impossible(&desk).await;
    let order = desk.delete_order(&[(tag("v1"), &new), (commit(&new), &new)]);
    let outcome = desk.home.app.delete(order).await.unwrap();
    assert_eq!((outcome.done, outcome.failed.len()), (0, 2));
    assert_eq!(
        writes(&registry),
        0,
        "no decoy where nothing can be deleted"
    );
    assert_eq!(registry.tagged(REPOSITORY, "v1"), Some(new));

    if !need(Part::Registry) {
        return;
    }
    let options = RegistryOptions {
        delete: false,
        ..RegistryOptions::default()
    };
    let registry = Registry::start(options).await.unwrap();
    let desk = Desk::at(&registry.host()).await;
    let image = ImageSpec::of_sizes(1, &[2_000]);
    push(&registry, REPOSITORY, "v1", &image).await.unwrap();
    impossible(&desk).await;
    let outcome = desk.delete(&[tag("v1")]).await;
    assert_eq!((outcome.done, outcome.failed.len()), (0, 1));
    assert_eq!(registry.tags(REPOSITORY).await.unwrap(), ["v1"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_decoy_that_stays_gives_the_tag_back() {
    let (desk, registry, _, new) = two_commits("v1").await;
    registry.set(|faults| faults.delete_by_digest_only = true);
    desk.plan_delete(&[tag("v1")]).await;
    let changes: [fn(&mut Faults); 2] = [
        |faults| faults.refuse_manifests = Some("v1"),
        |faults| {
            faults.refuse_manifests = None;
            faults.delete_fails = 1;
        },
    ];
    for change in changes {
        registry.set(change);
        let order = desk.delete_order(&[(tag("v1"), &new)]);
        let outcome = desk.home.app.delete(order).await.unwrap();
        assert_eq!((outcome.done, outcome.failed.len()), (0, 1), "{outcome:?}");
        assert_eq!(registry.tagged(REPOSITORY, "v1").as_ref(), Some(&new));
    }
    assert_eq!(
        desk.commits("v1").await.len(),
        2,
        "and its timeline is as it was"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registry_that_says_yes_and_does_nothing_is_found_out() {
    let (desk, registry, _, new) = two_commits("v1").await;
    registry.set(|faults| faults.delete_is_a_lie = true);
    desk.plan_delete(&[tag("v1"), commit(&new)]).await;
    let order = desk.delete_order(&[(tag("v1"), &new), (commit(&new), &new)]);
    let outcome = desk.home.app.delete(order).await.unwrap();
    assert_eq!(
        (outcome.done, outcome.failed.len(), outcome.undo),
        (0, 2, None)
    );
    for failed in &outcome.failed {
        assert!(
            failed.problem.message.contains("and yet has it"),
            "{failed:?}"
        );
    }
    assert!(desk.commits("v1").await[0].active);
}

/// Behaviour (deletions): A DELETE by tag that takes the siblings along is found out.
/// Source: Registries that resolve the tag first and delete its digest.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registry_that_takes_the_siblings_along_is_found_out_and_undone() {
    let (desk, registry, _, new) = two_commits("v1").await;
    let bytes = registry.manifest(REPOSITORY, &new).unwrap();
    registry.put_manifest(REPOSITORY, Some("stage"), MANIFEST, &bytes);
    registry.set(|faults| faults.delete_takes_siblings = true);
    let outcome = desk.delete(&[tag("v1")]).await;
    assert_eq!(outcome.done, 1);
    assert!(
        outcome.notes[0].text.contains("took stage along with v1"),
        "{outcome:?}"
    );
    // What nobody asked for is put back at once, what was asked for by Undo.
    assert_eq!(registry.tags(REPOSITORY), ["stage"]);
    assert_eq!(desk.undo(&outcome).await.failed, []);
    assert_eq!(registry.tags(REPOSITORY), ["stage", "v1"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_tag_that_is_written_in_lower_case_is_told_and_keeps() {
    let (desk, registry) = scripted().await;
    registry.set(|faults| faults.fold_case = true);
    let old = registry.push_image(REPOSITORY, "release-a", "old");
    desk.see("Release-A").await;
    let new = registry.push_image(REPOSITORY, "release-a", "new");
    desk.see("Release-A").await;
    let outcome = desk
        .make_active("Release-A", &old, KeepAnswer::EachOverwrite)
        .await
        .unwrap();
    let kept = outcome.commit_tag.unwrap();
    assert!(kept.starts_with("_h.release-a."), "{kept}");
    assert!(outcome.notes[0].text.contains(&kept), "{:?}", outcome.notes);
    assert_eq!(registry.tagged(REPOSITORY, &kept), Some(new));
    assert_eq!(registry.tagged(REPOSITORY, "release-a"), Some(old));
}

/// Behaviour (deletions): What is overwritten is gone at once, and too late to keep afterwards.
/// Source: zot, Gitea and Quay.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_registry_drops_at_once_is_kept_before_or_honestly_gone() {
    let (desk, registry, old, new) = two_commits("v1").await;
    let (also_old, bytes) = (registry.push_image(REPOSITORY, "v0", "old"), old.clone());
    assert_eq!(also_old, bytes);
    registry.set(|faults| faults.drop_overwritten = true);
    desk.make_active("v1", &old, KeepAnswer::EachOverwrite)
        .await
        .unwrap();
    assert!(
        registry.manifest(REPOSITORY, &new).is_some(),
        "kept before the move"
    );

    let third = registry.push_image(REPOSITORY, "v1", "third");
    desk.see("v1").await;
    let plan = desk.plan_active("v1", &new).await.unwrap();
    assert!(
        matches!(plan.keep, KeepPlan::Rule { .. }),
        "{:?}",
        plan.keep
    );
    let outcome = desk.make_active("v1", &new, KeepAnswer::Off).await.unwrap();
    assert_eq!(registry.manifest(REPOSITORY, &third), None);
    assert_eq!(outcome.notes, [], "the timeline shows it");
    desk.lab().refresh_commits("v1").await;
    let rows = desk.commits("v1").await;
    let gone = rows
        .iter()
        .find(|row| row.digest.as_ref() == Some(&third))
        .unwrap();
    assert!(
        matches!(gone.reach, app::view::browse::Reach::Gone { .. }),
        "{gone:#?}"
    );
    assert_eq!(gone.short, short(&third));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_can_not_be_kept_is_not_left_without_a_second_yes() {
    let (desk, registry, old, new) = two_commits("v1").await;
    registry.set(|faults| faults.refuse_underscore_tags = true);
    let told = desk
        .make_active("v1", &old, KeepAnswer::EachOverwrite)
        .await
        .unwrap_err();
    assert_eq!(told.code, Code::NotKept, "{told:?}");
    assert_eq!(registry.tagged(REPOSITORY, "v1").as_ref(), Some(&new));
    let mut order = desk.active_order("v1", &old, Some(&new), KeepAnswer::ByRule);
    order.accept_loss = true;
    let outcome = desk.home.app.make_active(order).await.unwrap();
    assert!(
        outcome
            .notes
            .iter()
            .any(|note| note.text.contains("not kept")),
        "{outcome:?}"
    );
    assert_eq!(registry.tagged(REPOSITORY, "v1"), Some(old));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sizes_beyond_counting_and_platforms_without_end_are_no_trouble_for_a_sheet() {
    let (desk, registry) = scripted().await;
    let blob = |name: &str, size: u64| {
        serde_json::json!({
            "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "size": size,
            "digest": oci::Digest::sha256_of(name.as_bytes()).to_string(),
        })
    };
    let most = u64::from(u32::MAX) << 31;
    for (name, own) in [("v1", "abc"), ("v2", "def")] {
        let layers: Vec<_> = own.chars().chain(['x']).collect();
        let layers: Vec<_> = layers
            .iter()
            .map(|name| blob(&name.to_string(), most))
            .collect();
        let image = serde_json::json!({
            "schemaVersion": 2, "mediaType": MANIFEST, "config": blob(name, 2), "layers": layers,
        });
        registry.put_manifest(
            REPOSITORY,
            Some(name),
            MANIFEST,
            image.to_string().as_bytes(),
        );
    }
    let plan = desk.plan_delete(&[tag("v1")]).await;
    assert!(plan.freed > most && plan.shared >= most, "{plan:#?}");

    // An index that no tag names, of more platforms than anybody asks for, none of which is there.
    let platforms: Vec<_> = (0..1500)
        .map(|number| {
            let mut platform = blob(&format!("platform {number}"), 2);
            platform["mediaType"] = MANIFEST.into();
            platform
        })
        .collect();
    let index = serde_json::json!({
        "schemaVersion": 2, "mediaType": testkit::images::INDEX, "manifests": platforms,
    });
    let bytes = index.to_string();
    let index = registry.put_manifest(REPOSITORY, None, testkit::images::INDEX, bytes.as_bytes());
    registry.forget_requests();
    let plan = desk.plan_delete(&[commit(&index)]).await;
    assert_eq!(plan.freed, 0, "not all of it was read");
    assert!(
        registry.requests().len() < 1100,
        "{}",
        registry.requests().len()
    );
    registry.forget_requests();
    let outcome = desk
        .home
        .app
        .delete(desk.delete_order(&[(commit(&index), &index)]))
        .await;
    let outcome = outcome.unwrap();
    assert_eq!((outcome.done, outcome.undo), (1, None));
    assert!(
        registry.requests().len() < 300,
        "{}",
        registry.requests().len()
    );
}
