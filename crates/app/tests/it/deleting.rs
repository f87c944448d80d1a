//! Deleting: everything that goes is said before, and nothing else goes.

use crate::acts::{Desk, REPOSITORY, also, commit, of_kind, scripted, short, tag, writes};
use app::view::delete::EffectKind;
use app::view::problem::Code;
use testkit::images::{ImageSpec, MANIFEST, push, push_index};
use testkit::parts::{Part, Registry, RegistryOptions, need};

/// Behaviour (deletions): A registry that deletes by digest only gets a decoy in place of the tag.
/// Source: distribution 2.8, Harbor and Pulp refuse DELETE by tag.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_two_tags_goes_alone_where_a_registry_deletes_by_digest_only() {
    let (desk, registry) = scripted().await;
    registry.set(|faults| faults.delete_by_digest_only = true);
    let digest = registry.push_image(REPOSITORY, "nightly", "one");
    also(&registry, &digest, "stage");
    let plan = desk.plan_delete(&[tag("nightly")]).await;
    assert_eq!(plan.items[0].digest.as_ref(), Some(&digest));
    assert_eq!(plan.items[0].refused, None);
    assert!(plan.goes.is_empty(), "{:?}", plan.goes);
    assert_eq!(of_kind(&plan.stays, EffectKind::Tag), ["stage"]);
    assert_eq!(plan.freed, 0);
    assert!(plan.shared > 0 && plan.can_undo && plan.impossible.is_none());
    assert_eq!(
        plan.how.as_deref(),
        Some(
            "This registry deletes by digest only. Longshore points nightly at an empty manifest first and \
             deletes that, so stage is not touched."
        )
    );
    assert_eq!(writes(&registry), 0, "a plan writes nothing");
    assert_eq!(registry.tags(REPOSITORY), ["nightly", "stage"]);

    let outcome = desk.delete(&[tag("nightly")]).await;
    assert_eq!((outcome.done, outcome.failed.len()), (1, 0), "{outcome:?}");
    assert_eq!(registry.tags(REPOSITORY), ["stage"]);
    assert_eq!(registry.tagged(REPOSITORY, "stage").as_ref(), Some(&digest));
    assert!(registry.manifest(REPOSITORY, &digest).is_some());
    let deleted = registry
        .requests()
        .into_iter()
        .filter(|seen| seen.method == "DELETE" && seen.path.contains(&digest));
    assert_eq!(deleted.count(), 0, "the commit itself is never deleted");
    let rows = desk.commits("nightly").await;
    assert!(!rows[0].active, "the tag keeps its lane: {rows:#?}");
    assert_eq!(rows.len(), 1, "a decoy is nobody’s commit");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_name_takes_the_commit_and_what_only_it_uses() {
    let (desk, registry) = scripted().await;
    let gone = registry.push_image(REPOSITORY, "v1", "a layer of v1");
    registry.push_image(REPOSITORY, "v2", "a layer of v2");
    let plan = desk.plan_delete(&[tag("v1")]).await;
    assert_eq!(of_kind(&plan.goes, EffectKind::Commit), [short(&gone)]);
    let manifest = registry.manifest(REPOSITORY, &gone).unwrap();
    let read: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
    let bytes = read["config"]["size"].as_u64().unwrap()
        + read["layers"][0]["size"].as_u64().unwrap()
        + manifest.len() as u64;
    assert_eq!((plan.freed, plan.shared), (bytes, 0));
    assert_eq!(plan.how, None, "this registry deletes by tag");
    desk.delete(&[tag("v1")]).await;
    assert_eq!(registry.tags(REPOSITORY), ["v2"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_goes_with_every_name_and_the_sheet_says_so() {
    let (desk, registry) = scripted().await;
    let digest = registry.push_image(REPOSITORY, "v1", "one");
    also(&registry, &digest, "latest");
    let kept = format!("_h.v1.20261101t120000z-{}", &digest[7..]);
    also(&registry, &digest, &kept);
    let size = registry.manifest(REPOSITORY, &digest).unwrap().len();
    let index = serde_json::json!({
        "schemaVersion": 2, "mediaType": testkit::images::INDEX,
        "manifests": [{"mediaType": MANIFEST, "digest": digest, "size": size,
            "platform": {"os": "linux", "architecture": "amd64"}}],
    })
    .to_string();
    registry.put_manifest(
        REPOSITORY,
        Some("multi"),
        testkit::images::INDEX,
        index.as_bytes(),
    );

    let plan = desk.plan_delete(&[commit(&digest)]).await;
    assert_eq!(of_kind(&plan.goes, EffectKind::Tag), ["latest", "v1"]);
    assert_eq!(of_kind(&plan.goes, EffectKind::CommitTag), [kept.as_str()]);
    assert_eq!(of_kind(&plan.goes, EffectKind::Index), ["multi"]);

    // With its own tag alone, the platform stays: the index holds it.
    let plan = desk
        .plan_delete(&[tag("v1"), tag("latest"), tag(&kept)])
        .await;
    assert!(plan.goes.is_empty(), "{:?}", plan.goes);
    assert_eq!(of_kind(&plan.stays, EffectKind::Index), ["multi"]);
    assert_eq!(plan.freed, 0);

    let outcome = desk.delete(&[commit(&digest)]).await;
    assert_eq!(outcome.done, 1, "{outcome:?}");
    assert_eq!(registry.tags(REPOSITORY), ["multi"]);
    assert!(registry.manifest(REPOSITORY, &digest).is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn platforms_that_nothing_else_holds_go_with_their_index() {
    if !need(Part::Registry) {
        return;
    }
    let registry = Registry::start(RegistryOptions::default()).await.unwrap();
    let desk = Desk::at(&registry.host()).await;
    let both = ["amd64", "arm64"].map(|arch| ImageSpec::of_sizes(3, &[20_000]).arch(arch));
    push_index(&registry, REPOSITORY, "multi", &both)
        .await
        .unwrap();
    let amd = push(&registry, REPOSITORY, "v1", &both[0]).await.unwrap();
    let arm = both[1].build().unwrap().digest;
    let plan = desk.plan_delete(&[tag("multi")]).await;
    assert_eq!(of_kind(&plan.goes, EffectKind::Platform), [short(&arm)]);
    assert!(
        plan.stays
            .iter()
            .any(|effect| effect.digest.as_ref() == Some(&amd))
    );
    assert!(plan.freed > 0 && plan.shared > 20_000, "{plan:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_refers_to_a_commit_is_named() {
    let (desk, registry) = scripted().await;
    let digest = registry.push_image(REPOSITORY, "v1", "one");
    let cosign = format!("{}.sig", digest.replace(':', "-"));
    registry.push_image(REPOSITORY, &cosign, "a signature");
    let about = serde_json::json!({
        "schemaVersion": 2, "mediaType": MANIFEST, "artifactType": "application/spdx+json",
        "config": {"mediaType": "application/vnd.oci.empty.v1+json", "digest": digest, "size": 2},
        "layers": [], "subject": {"mediaType": MANIFEST, "digest": digest, "size": 1},
    })
    .to_string();
    let sbom = registry.put_manifest(REPOSITORY, None, MANIFEST, about.as_bytes());
    // That it keeps no such list is believed for a while; that it keeps one is found wrong at once.
    for known in [true, false] {
        registry.set(|faults| faults.referrers = known);
        let plan = desk.plan_delete(&[tag("v1")]).await;
        assert!(
            of_kind(&plan.stays, EffectKind::Referrer).contains(&cosign.as_str()),
            "{plan:#?}"
        );
        let told = of_kind(&plan.goes, EffectKind::Referrer);
        assert_eq!(told.contains(&short(&sbom)), known, "{plan:#?}");
    }
    also(&registry, &digest, "stage");
    let plan = desk.plan_delete(&[tag("v1")]).await;
    assert!(
        of_kind(&plan.goes, EffectKind::Referrer).is_empty(),
        "its subject stays"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_moved_since_the_sheet_is_left_alone() {
    let (desk, registry) = scripted().await;
    let shown = registry.push_image(REPOSITORY, "v1", "shown");
    let other = registry.push_image(REPOSITORY, "v2", "other");
    let now = registry.push_image(REPOSITORY, "v1", "moved since");
    let order = desk.delete_order(&[(tag("v1"), &shown), (tag("v2"), &other)]);
    let outcome = desk.home.app.delete(order).await.unwrap();
    assert_eq!(
        (outcome.done, outcome.failed.len()),
        (1, 1),
        "one fails, the other goes"
    );
    let failed = &outcome.failed[0];
    assert_eq!(
        (failed.name.as_str(), failed.problem.code),
        ("v1", Code::TagMoved)
    );
    assert!(failed.problem.message.contains(short(&now)), "{failed:?}");
    assert_eq!(registry.tags(REPOSITORY), ["v1"]);
    assert_eq!(registry.tagged(REPOSITORY, "v1"), Some(now));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_that_got_another_name_since_the_sheet_is_left_alone() {
    let (desk, registry) = scripted().await;
    let digest = registry.push_image(REPOSITORY, "v1", "one");
    desk.plan_delete(&[commit(&digest)]).await;
    also(&registry, &digest, "stage");
    let order = desk.delete_order(&[(commit(&digest), &digest)]);
    let outcome = desk.home.app.delete(order).await.unwrap();
    let told = &outcome.failed[0].problem;
    assert_eq!((outcome.done, told.code), (0, Code::TagMoved));
    assert!(told.message.contains("stage points at"), "{told:?}");
    assert_eq!(registry.tags(REPOSITORY), ["stage", "v1"]);
    assert_eq!(desk.delete(&[commit(&digest)]).await.done, 1);
    assert!(registry.tags(REPOSITORY).is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_that_no_sheet_has_shown_is_left_alone_while_it_has_a_name() {
    let (desk, registry) = scripted().await;
    let digest = registry.push_image(REPOSITORY, "v1", "one");
    desk.see("v1").await;
    let order = desk.delete_order(&[(commit(&digest), &digest)]);
    let outcome = desk.home.app.delete(order).await.unwrap();
    assert_eq!(outcome.failed[0].problem.code, Code::TagMoved);
    assert_eq!(registry.tagged(REPOSITORY, "v1"), Some(digest));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_with_very_many_names_comes_back_with_all_of_them() {
    let (desk, registry) = scripted().await;
    let digest = registry.push_image(REPOSITORY, "v000", "one");
    for number in 1..120 {
        also(&registry, &digest, &format!("v{number:03}"));
    }
    let outcome = desk.delete(&[commit(&digest)]).await;
    assert!(registry.tags(REPOSITORY).is_empty(), "{outcome:?}");
    assert_eq!(desk.undo(&outcome).await.failed, []);
    assert_eq!(registry.tags(REPOSITORY).len(), 120);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_decoy_is_not_taken_for_a_commit_by_a_refresh() {
    let (desk, registry) = scripted().await;
    registry.set(|faults| {
        faults.delete_by_digest_only = true;
        faults.delay = std::time::Duration::from_millis(30);
    });
    let digest = registry.push_image(REPOSITORY, "v1", "one");
    desk.plan_delete(&[tag("v1")]).await;
    let order = desk.delete_order(&[(tag("v1"), &digest)]);
    let app = desk.home.app.clone();
    let running = tokio::spawn(async move { app.delete(order).await });
    let mut stood = 0;
    // Looks begin all the time, whatever the others wait for.
    let mut looks = tokio::task::JoinSet::new();
    while !running.is_finished() {
        let now = registry.tagged(REPOSITORY, "v1");
        stood += u32::from(now.is_some_and(|now| now != digest));
        let (app, id) = (desk.home.app.clone(), desk.id.clone());
        looks.spawn(async move { app.resolve_tag(id, REPOSITORY.into(), "v1".into()).await });
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    for look in looks.join_all().await {
        assert_eq!(look.unwrap().trouble, None);
    }
    assert_eq!(running.await.unwrap().unwrap().done, 1);
    assert!(stood > 0, "a refresh has met the decoy");
    let rows = desk.commits("v1").await;
    assert_eq!(rows.len(), 1, "{rows:#?}");
    let moves = desk.lab().moves().await;
    assert!(
        moves.rows.is_empty(),
        "nor is it somebody’s move: {moves:#?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_there_is_said() {
    let (desk, registry) = scripted().await;
    registry.push_image(REPOSITORY, "v1", "one");
    let nobodys = format!("sha256:{}", "0".repeat(64));
    let plan = desk.plan_delete(&[tag("v9"), commit(&nobodys)]).await;
    for item in &plan.items {
        assert_eq!(item.digest, None);
        assert!(
            item.refused.as_ref().unwrap().contains("no longer has"),
            "{item:?}"
        );
    }
    assert!(!plan.can_undo && plan.freed + plan.shared == 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_a_tag_can_not_be_read_nothing_counts_as_freed() {
    let (desk, registry) = scripted().await;
    registry.push_image(REPOSITORY, "v1", "one");
    let before = desk.plan_delete(&[tag("v1")]).await;
    let old_type = "application/vnd.docker.distribution.manifest.v1+prettyjws";
    registry.put_manifest(REPOSITORY, Some("ancient"), old_type, b"{}");
    let plan = desk.plan_delete(&[tag("v1")]).await;
    assert!(before.freed > 0);
    assert_eq!((plan.freed, plan.shared), (0, before.freed));
    assert!(
        plan.unchecked[0].contains("ancient"),
        "{:?}",
        plan.unchecked
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_tags_the_siblings_are_asked_first_and_the_rest_is_counted() {
    let (desk, registry) = scripted().await;
    let digest = registry.push_image(REPOSITORY, "v1", "one");
    let bytes = registry.manifest(REPOSITORY, &digest).unwrap();
    let other = registry.push_image(REPOSITORY, "other", "other");
    let others = registry.manifest(REPOSITORY, &other).unwrap();
    for number in 0..520 {
        registry.put_manifest(
            REPOSITORY,
            Some(&format!("t{number:03}")),
            MANIFEST,
            &others,
        );
    }
    let kept = format!("_h.zz.20261101t120000z-{}", &digest[7..]);
    registry.put_manifest(REPOSITORY, Some(&kept), MANIFEST, &bytes);
    registry.put_manifest(REPOSITORY, Some("zz"), MANIFEST, &bytes);
    desk.see("zz").await;
    registry.forget_requests();
    let plan = desk.plan_delete(&[tag("v1")]).await;
    assert_eq!(of_kind(&plan.stays, EffectKind::Tag)[..1], ["zz"]);
    assert_eq!(of_kind(&plan.stays, EffectKind::CommitTag), [kept.as_str()]);
    // v1, other, zz, its commit tag, 520 more: 24 are not asked.
    assert!(
        plan.unchecked[0].starts_with("24 other tags"),
        "{:?}",
        plan.unchecked
    );
    assert_eq!(plan.freed, 0);
    assert!(registry.count("HEAD", "/v2/lab/tool/manifests/") <= 501);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stopping_ends_it_between_two() {
    let (desk, registry) = scripted().await;
    let names: Vec<String> = (0..8).map(|number| format!("v{number}")).collect();
    let items: Vec<_> = names
        .iter()
        .map(|name| (tag(name), registry.push_image(REPOSITORY, name, name)))
        .collect();
    let mut first = registry.hold("DELETE", "/manifests/");
    let items: Vec<_> = items
        .iter()
        .map(|(item, digest)| (item.clone(), digest.as_str()))
        .collect();
    let order = desk.delete_order(&items);
    let app = desk.home.app.clone();
    let running = tokio::spawn(async move { app.delete(order).await });
    first.came().await;
    desk.home.app.stop_deleting().await.unwrap();
    drop(first);
    let outcome = running.await.unwrap().unwrap();
    assert_eq!(outcome.done, 1, "what was on its way goes: {outcome:?}");
    assert_eq!(registry.tags(REPOSITORY).len(), 7);
    assert!(
        outcome.notes[0].text.starts_with("You stopped it"),
        "{outcome:?}"
    );
    assert_eq!(desk.undo(&outcome).await.done, outcome.done);
    assert_eq!(
        registry.tags(REPOSITORY).len(),
        8,
        "what went can still be put back"
    );
}
