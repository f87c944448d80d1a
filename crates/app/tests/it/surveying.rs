//! What the sheet of a deletion reads before anything goes, and what it says where not all of it can be read: nothing
//! counts as freed then, and no commit goes by its digest.

use crate::acts::{
    Desk, REPOSITORY, also, answered, commit, nameless, of_kind, scripted, short, tag, unreadable,
};
use app::view::delete::{DeletePlan, EffectKind};
use app::view::problem::Code;
use app::view::push::KeepAnswer;
use testkit::images::{INDEX, MANIFEST};
use testkit::scripted::Scripted;

const NOTHING_FREED: &str = "So nothing is counted as freed.";

/// What a sheet says of everything: other repositories are never looked at.
fn all_was_checked(plan: &DeletePlan) -> bool {
    plan.unchecked == ["Images and platforms in other repositories."]
}

/// Every byte of an image: its manifest, its config and its layer.
fn bytes_of(registry: &Scripted, digest: &str) -> u64 {
    let manifest = registry.manifest(REPOSITORY, digest).unwrap();
    let read: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
    let sizes = [&read["config"]["size"], &read["layers"][0]["size"]];
    let blobs: u64 = sizes.iter().map(|size| size.as_u64().unwrap()).sum();
    blobs + manifest.len() as u64
}

/// An index over these platforms; its digest and its size.
fn index(registry: &Scripted, name: &str, platforms: &[&str]) -> (String, u64) {
    let entries: Vec<_> = platforms
        .iter()
        .map(|digest| {
            serde_json::json!({"mediaType": MANIFEST, "digest": digest, "size": 2,
                "platform": {"os": "linux", "architecture": "amd64"}})
        })
        .collect();
    let index = serde_json::json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": entries})
        .to_string();
    let digest = registry.put_manifest(REPOSITORY, Some(name), INDEX, index.as_bytes());
    (digest, index.len() as u64)
}

/// Behaviour (lists): A repository whose list of tags is not found has none; one that is not shown to the account may have some.
/// Source: registries that answer 404 once the last tag went, and those where reading is allowed and listing is not.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_that_is_not_found_is_empty_and_one_that_is_refused_is_told() {
    let (desk, registry) = scripted().await;
    let digest = nameless(&registry, "one");
    answered(&registry, 404, "GET", "/tags/list");
    let plan = desk.plan_delete(&[commit(&digest)]).await;
    assert_eq!((&plan.items[0].refused, &plan.how), (&None, &None));
    assert!(all_was_checked(&plan), "{plan:?}");
    assert_eq!(plan.freed, bytes_of(&registry, &digest));

    // The tags may be there all the same: of what has no name that was asked nothing is taken.
    also(&registry, &digest, "hidden");
    answered(&registry, 403, "GET", "/tags/list");
    let plan = desk.plan_delete(&[commit(&digest)]).await;
    let refused = plan.items[0].refused.clone().unwrap();
    assert!(refused.contains("left alone"), "{refused}");
    assert!(plan.unchecked[0].contains("doesn’t list them for you"));
    assert_eq!(plan.freed, 0);
    let order = desk.delete_order(&[(commit(&digest), &digest)]);
    let outcome = desk.home.app.delete(order).await.unwrap();
    assert_eq!((outcome.done, outcome.failed.len()), (0, 1), "{outcome:?}");
    assert_eq!(registry.tagged(REPOSITORY, "hidden"), Some(digest.clone()));
    // A tag that is named goes.
    assert_eq!(desk.delete(&[tag("hidden")]).await.done, 1);

    // Where the sign-in has ended there is no sheet.
    answered(&registry, 401, "GET", "/tags/list");
    let told = desk.try_plan_delete(&[commit(&digest)]).await.unwrap_err();
    assert_eq!(told.code, Code::SignIn, "{told:?}");
}

/// Behaviour (deletions): Where one tag can't be asked, a commit goes by the names it has, and one without a name not at all.
/// Source: registries that list tags whose type they no longer hand out.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_one_tag_can_not_be_asked_no_commit_goes_by_its_digest() {
    let (desk, registry) = scripted().await;
    let named = registry.push_image(REPOSITORY, "v1", "one");
    let unnamed = nameless(&registry, "two");
    let both = [commit(&named), commit(&unnamed)];
    let plan = desk.plan_delete(&both).await;
    assert!(plan.items.iter().all(|item| item.refused.is_none()));
    assert!(all_was_checked(&plan) && plan.how.is_none(), "{plan:?}");

    // Listed and not there, or refused.
    unreadable(&registry, "odd");
    for status in [None, Some(403)] {
        if let Some(status) = status {
            registry.push_image(REPOSITORY, "odd", "three");
            answered(&registry, status, "HEAD, GET", "/manifests/odd");
        }
        let plan = desk
            .plan_delete(&[commit(&named), commit(&unnamed), tag("odd"), tag("none")])
            .await;
        let refused: Vec<_> = plan.items.iter().map(|item| item.refused.clone()).collect();
        let says =
            |at: usize, words: &str| refused[at].as_ref().is_some_and(|it| it.contains(words));
        assert_eq!(refused[0], None, "{status:?}");
        assert!(says(1, "It is left alone"), "{status:?}: {refused:?}");
        assert!(says(2, "odd points at could not be read"), "{refused:?}");
        assert!(says(3, "no longer has none"), "{refused:?}");
        assert!(plan.unchecked[0].contains("odd holds"), "{plan:?}");
        assert_eq!(plan.unchecked[1], NOTHING_FREED);
        assert!(plan.how.unwrap().contains("goes by its tags, one by one"));
        assert!(plan.freed == 0 && plan.shared > 0);
        // Where nothing goes, nothing could have been freed.
        let plan = desk.plan_delete(&[tag("none")]).await;
        assert!(
            !plan.unchecked.contains(&NOTHING_FREED.to_owned()),
            "{plan:?}"
        );
    }
    // One that is named by nothing but another commit’s tags has no name.
    also(&registry, &named, "v2");
    let plan = desk.plan_delete(&[commit(&unnamed)]).await;
    assert!(plan.items[0].refused.is_some());

    answered(&registry, 401, "HEAD, GET", "/manifests/odd");
    let told = desk.try_plan_delete(&both).await.unwrap_err();
    assert_eq!(told.code, Code::SignIn, "{told:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_platform_that_is_gone_holds_nothing_and_one_that_can_not_be_read_may_hold_all() {
    for named in [true, false] {
        let (desk, registry) = scripted().await;
        registry.push_image(REPOSITORY, "other", "other");
        let there = nameless(&registry, "amd64");
        let lost = nameless(&registry, "arm64");
        let (multi, size) = index(&registry, "multi", &[&there, &lost]);
        let item = if named {
            tag("multi")
        } else {
            registry.drop_manifest(REPOSITORY, "multi");
            commit(&multi)
        };
        answered(&registry, 403, "GET", format!("/manifests/{lost}"));
        let plan = desk.plan_delete(std::slice::from_ref(&item)).await;
        assert_eq!(plan.freed, 0, "{plan:?}");
        assert!(
            plan.unchecked.contains(&NOTHING_FREED.to_owned()),
            "{plan:?}"
        );
        assert_eq!(plan.unchecked[0].contains("multi holds"), named, "{plan:?}");

        answered(&registry, 404, "GET", format!("/manifests/{lost}"));
        let plan = desk.plan_delete(std::slice::from_ref(&item)).await;
        assert!(all_was_checked(&plan), "{plan:?}");
        assert_eq!(plan.freed, size + bytes_of(&registry, &there));
        let platforms = of_kind(&plan.goes, EffectKind::Platform);
        assert!(platforms.contains(&short(&there)), "{plan:?}");

        // A sign-in that lapsed is no fault of the platform's.
        answered(&registry, 401, "GET", format!("/manifests/{lost}"));
        let told = desk.try_plan_delete(&[item]).await.unwrap_err();
        assert_eq!(told.code, Code::SignIn, "{named}: {told:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_tag_leads_to_is_read_or_told() {
    let (desk, registry) = scripted().await;
    registry.push_image(REPOSITORY, "v1", "one");
    let other = registry.push_image(REPOSITORY, "v2", "two");
    for status in [403, 404] {
        answered(&registry, status, "GET", format!("/manifests/{other}"));
        let plan = desk.plan_delete(&[tag("v1")]).await;
        assert!(plan.unchecked[0].contains("v2 holds"), "{status}: {plan:?}");
        assert_eq!(plan.freed, 0, "{status}");
    }
    answered(&registry, 401, "GET", format!("/manifests/{other}"));
    let told = desk.try_plan_delete(&[tag("v1")]).await.unwrap_err();
    assert_eq!(told.code, Code::SignIn, "{told:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_that_is_there_and_can_not_be_read_goes_for_good() {
    let (desk, registry) = scripted().await;
    let digest = nameless(&registry, "one");
    answered(&registry, 403, "GET", format!("/manifests/{digest}"));
    let plan = desk.plan_delete(&[commit(&digest)]).await;
    assert_eq!(
        (&plan.items[0].refused, plan.can_undo, plan.freed),
        (&None, false, 0),
        "it is there: {plan:?}"
    );
    let outcome = desk.delete(&[commit(&digest)]).await;
    assert_eq!((outcome.done, outcome.undo), (1, None));
    assert_eq!(registry.manifest(REPOSITORY, &digest), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_item_without_its_config_is_shown_without_a_size() {
    let (desk, registry) = scripted().await;
    registry.push_image(REPOSITORY, "v1", "one");
    answered(&registry, 403, "GET", "/blobs/");
    let plan = desk.plan_delete(&[tag("v1")]).await;
    assert_eq!((&plan.items[0].refused, plan.items[0].size), (&None, None));
    answered(&registry, 401, "GET", "/blobs/");
    let told = desk.try_plan_delete(&[tag("v1")]).await.unwrap_err();
    assert_eq!(told.code, Code::SignIn, "{told:?}");
    registry.set(|faults| faults.script = None);
    assert!(desk.plan_delete(&[tag("v1")]).await.items[0].size.is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_item_shows_since_when_it_was_there_under_a_tag_of_this_repository() {
    let (desk, registry) = scripted().await;
    let digest = registry.push_image(REPOSITORY, "v1", "one");
    let kept = format!("_h.v1.20261101t120000z-{}", &digest[7..]);
    also(&registry, &digest, &kept);
    // Seen in another repository only, it was never under a tag of this one.
    let elsewhere = nameless(&registry, "two");
    registry.push_image("lab/other", "v1", "two");
    desk.home.at(&desk.id, "lab/other").resolve("v1").await;
    let plan = desk
        .plan_delete(&[tag("v1"), tag(&kept), commit(&digest), commit(&elsewhere)])
        .await;
    let told: Vec<bool> = plan.items.iter().map(|item| item.time.is_some()).collect();
    assert_eq!(told, [true, true, true, false], "{plan:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commits_of_which_it_is_not_known_what_refers_to_them_are_counted() {
    let (desk, registry) = scripted().await;
    let names: Vec<String> = (0..22).map(|number| format!("v{number:02}")).collect();
    for name in &names {
        registry.push_image(REPOSITORY, name, name);
    }
    let all: Vec<_> = names.iter().map(|name| tag(name)).collect();
    let referrers = |plan: &DeletePlan| {
        let mut told = plan.unchecked.iter();
        told.find(|told| told.starts_with("What refers")).cloned()
    };
    let says = |what: &str| Some(format!("What refers to {what} (signatures, SBOMs)."));
    // Twenty are asked for.
    assert_eq!(referrers(&desk.plan_delete(&all[..20]).await), None);
    assert_eq!(referrers(&desk.plan_delete(&all).await), says("2 commits"));
    // It was seen to keep no list of them, and is asked for the tags that stand in for one.
    answered(&registry, 403, "GET", "/manifests/sha256-");
    assert_eq!(
        referrers(&desk.plan_delete(&all[..1]).await),
        says("1 commit")
    );
    assert_eq!(referrers(&desk.plan_delete(&all).await), says("22 commits"));
}

/// What the sheet says of the commit that loses its last name.
async fn last_name(desk: &Desk, name: &str) -> String {
    let plan = desk.plan_delete(&[tag(name)]).await;
    let commits = plan
        .goes
        .into_iter()
        .filter(|it| it.kind == EffectKind::Commit);
    commits.filter_map(|it| it.note).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_becomes_of_a_commit_without_a_name_is_said_as_far_as_it_is_known() {
    let (desk, registry) = scripted().await;
    let old = registry.push_image(REPOSITORY, "v1", "old");
    desk.see("v1").await;
    let new = registry.push_image(REPOSITORY, "v1", "new");
    desk.see("v1").await;
    assert!(last_name(&desk, "v1").await.contains("a clean-up may"));
    // This registry is seen to let go of what a tag has just left.
    registry.set(|faults| faults.drop_overwritten = true);
    desk.make_active("v1", &old, KeepAnswer::NotThis)
        .await
        .unwrap();
    desk.lab().ask_commits(vec![new.clone()]).await;
    assert_eq!(registry.manifest(REPOSITORY, &new), None);
    assert!(
        last_name(&desk, "v1")
            .await
            .contains("lets go of it at once")
    );
    unreadable(&registry, "odd");
    assert!(
        last_name(&desk, "v1")
            .await
            .contains("as far as could be read")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_that_can_not_be_carried_out_is_never_begun() {
    let (desk, registry) = scripted().await;
    let digest = registry.push_image(REPOSITORY, "v1", "one");
    let orders = &desk.home.app.app.orders;
    let many = vec![(tag("v1"), digest.as_str()); 501];
    let mut elsewhere = desk.delete_order(&[(tag("v1"), &digest)]);
    elsewhere.account = "99".into();
    let mut unnamed = desk.delete_order(&[(tag("v1"), &digest)]);
    unnamed.repository = "No/Such".into();
    let bad = [
        desk.delete_order(&many),
        desk.delete_order(&[(tag("not a tag"), &digest)]),
        desk.delete_order(&[(tag("v1"), "sha256:12")]),
        elsewhere,
        unnamed,
    ];
    for order in bad {
        assert!(orders.delete(order.clone()).await.is_err(), "{order:?}");
    }
    let mut elsewhere = desk.lab().prune_order(vec!["v1".into()]);
    elsewhere.account = "99".into();
    assert!(orders.prune(elsewhere).await.is_err());
    let mut unnamed = desk.lab().prune_order(vec!["v1".into()]);
    unnamed.repository = "No/Such".into();
    assert!(orders.prune(unnamed).await.is_err());
    assert!(desk.home.app.tasks().await.unwrap().is_empty());
    assert_eq!(registry.tags(REPOSITORY), ["v1"]);
    // A sheet of more than that does not open either.
    let items = vec![tag("v1"); 501];
    assert!(desk.try_plan_delete(&items).await.is_err());
}
