//! What was learnt of a registry is stored with the account, and asked anew only where it proves wrong or lapses.

use crate::acts::{Desk, REPOSITORY, answered, scripted, tag};
use app::view::about::{AboutView, Skill};
use app::view::delete::{DeleteItem, DeletePlan};
use std::time::Duration;
use testkit::scripted::{Answer, Scripted};

const DAY: u64 = 24 * 60 * 60;
/// Whether it deletes, and tags, where that was never found out.
const UNKNOWN: [(Skill, Option<bool>); 2] = [(Skill::Deletes, None), (Skill::DeletesTags, None)];

/// A desk that has seen a commit of its own under `v1`; its digest is what the sheet asks about.
async fn desk() -> (Desk, Scripted, DeleteItem) {
    let (desk, registry) = scripted().await;
    let digest = registry.push_image(REPOSITORY, "v1", "one");
    desk.refresh().await;
    desk.see("v1").await;
    (desk, registry, DeleteItem::Commit { digest })
}

/// Opens the sheet of a deletion, and counts what it probed: deletions, looks at names that nobody made, and lists of what
/// refers to a commit.
async fn opened(desk: &Desk, registry: &Scripted, item: &DeleteItem) -> (DeletePlan, [usize; 3]) {
    registry.forget_requests();
    let plan = desk.plan_delete(std::slice::from_ref(item)).await;
    let made = registry.requests().into_iter().filter(|seen| {
        let unused = seen.path.contains("/manifests/_longshore.");
        unused && seen.method == "HEAD"
    });
    let lists = format!("/v2/{REPOSITORY}/referrers/");
    let probes = [
        registry.count("DELETE", "/v2/"),
        made.count(),
        registry.count("GET", &lists),
    ];
    (plan, probes)
}

/// Behaviour (deletions): How a registry deletes, and that it keeps no list of referrers, is asked once an account: a sheet that is opened again asks neither, not after a restart either.
/// Source: distribution 2.8, which deletes by digest only and answers 404 to `/referrers/`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sheet_probes_nothing_twice_and_nothing_after_a_restart() {
    let (mut desk, registry, item) = desk().await;
    registry.set(|faults| faults.delete_by_digest_only = true);
    let (first, probes) = opened(&desk, &registry, &item).await;
    assert_eq!(probes, [2, 1, 1]);
    let (again, probes) = opened(&desk, &registry, &item).await;
    assert_eq!((&again, probes), (&first, [0, 0, 0]));
    desk.home.reopen();
    let (again, probes) = opened(&desk, &registry, &item).await;
    assert_eq!((&again, probes), (&first, [0, 0, 0]));
    assert_eq!(
        skills(&desk).await,
        [
            (Skill::Deletes, Some(true)),
            (Skill::DeletesTags, Some(false)),
            (Skill::Referrers, Some(false)),
        ]
    );

    // Signing in anew may be somebody else, at another registry.
    desk.home.anyone(&registry.host()).await;
    assert_eq!(opened(&desk, &registry, &item).await.1, [2, 1, 1]);
    // What it does not do is believed for a day, what it does for a month.
    desk.home.later(Duration::from_secs(DAY));
    assert_eq!(opened(&desk, &registry, &item).await.1, [0, 0, 1]);
    desk.home.later(Duration::from_secs(30 * DAY));
    assert_eq!(opened(&desk, &registry, &item).await.1, [2, 1, 1]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_proves_wrong_is_asked_anew() {
    let (desk, registry, item) = desk().await;
    registry.set(|faults| faults.referrers = true);
    let (plan, probes) = opened(&desk, &registry, &item).await;
    assert_eq!((plan.how, probes), (None, [1, 1, 1]));
    // A list of referrers is no probe where it is kept: it is what the sheet tells.
    assert_eq!(opened(&desk, &registry, &item).await.1, [0, 0, 1]);

    // Its owner turns another way of deleting on: the order fails as it was asked, and the next sheet knows better.
    registry.set(|faults| faults.delete_by_digest_only = true);
    let digest = registry.tagged(REPOSITORY, "v1").unwrap();
    let outcome = desk.delete(&[tag("v1")]).await;
    assert_eq!(outcome.done, 0);
    assert_eq!(registry.tagged(REPOSITORY, "v1"), Some(digest));
    assert_eq!(opened(&desk, &registry, &item).await.1, [2, 1, 1]);
    let outcome = desk.delete(&[tag("v1")]).await;
    assert_eq!(outcome.done, 1, "{outcome:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whether_it_lists_its_repositories_is_known_after_a_restart() {
    let (mut desk, registry, _) = desk().await;
    let lists = async |desk: &Desk| {
        let about = about(desk).await;
        let of = about.abilities.into_iter();
        let mut of = of.filter(|ability| ability.what == Skill::Catalog);
        of.next().unwrap().can
    };
    registry.set(|faults| faults.no_catalog = true);
    let refreshed = desk.home.app.refresh_repositories(desk.id.clone()).await;
    refreshed.unwrap();
    assert_eq!(lists(&desk).await, Some(false));
    desk.home.reopen();
    assert_eq!(lists(&desk).await, Some(false));
    registry.set(|faults| faults.no_catalog = false);
    let refreshed = desk.home.app.refresh_repositories(desk.id.clone()).await;
    refreshed.unwrap();
    desk.home.reopen();
    assert_eq!(lists(&desk).await, Some(true));
}

async fn about(desk: &Desk) -> AboutView {
    let asked = desk.home.app.about(desk.id.clone(), REPOSITORY.into());
    asked.await.unwrap()
}

/// What is told of deleting and of referrers.
async fn skills(desk: &Desk) -> Vec<(Skill, Option<bool>)> {
    let told = about(desk).await.abilities.into_iter();
    told.filter(|ability| {
        let wanted = [Skill::Deletes, Skill::DeletesTags, Skill::Referrers];
        wanted.contains(&ability.what)
    })
    .map(|ability| (ability.what, ability.can))
    .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_answer_to_how_a_registry_deletes_is_told_and_asked_again() {
    // What refuses a tag is asked for a digest next.
    for (refused, part, probes) in [(0, "_longshore.", 1), (400, "sha256:", 2)] {
        for (status, words) in [(500, "a problem of its own"), (401, "sign")] {
            let (desk, registry, item) = desk().await;
            registry.script(move |asked| {
                let path = (asked.method == "DELETE").then_some(asked.path)?;
                let is_it = path.contains(&format!("/manifests/{part}"));
                Some(Answer::of(if is_it { status } else { refused }))
            });
            let told = desk.try_plan_delete(std::slice::from_ref(&item)).await;
            let told = told.unwrap_err();
            assert!(told.message.contains(words), "{status} {part}: {told:?}");
            assert_eq!(skills(&desk).await[..2], UNKNOWN, "{status} {part}");
            // Nothing was made of it: the next sheet asks.
            registry.set(|faults| {
                faults.script = None;
                faults.delete_by_digest_only = refused > 0;
            });
            let (plan, asked) = opened(&desk, &registry, &item).await;
            assert_eq!(
                (plan.impossible, asked[0]),
                (None, probes),
                "{status} {part}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registry_that_takes_neither_a_tag_nor_a_digest_away_deletes_nothing() {
    for (tag, digest) in [(400, 400), (405, 409), (409, 405)] {
        let (desk, registry, item) = desk().await;
        registry.script(move |asked| {
            let path = (asked.method == "DELETE").then_some(asked.path)?;
            let by_digest = path.contains("/manifests/sha256:");
            Some(Answer::of(if by_digest { digest } else { tag }))
        });
        let (plan, probes) = opened(&desk, &registry, &item).await;
        let why = plan.impossible.unwrap();
        assert!(why.contains("doesn’t let anything be deleted"), "{why}");
        assert_eq!(probes[0], 2);
        assert_eq!(opened(&desk, &registry, &item).await.1[0], 0, "it is known");
        let nothing = [
            (Skill::Deletes, Some(false)),
            (Skill::DeletesTags, Some(false)),
        ];
        assert_eq!(skills(&desk).await[..2], nothing);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn that_this_account_may_not_delete_in_one_repository_is_told_and_not_learned() {
    let (desk, registry, item) = desk().await;
    answered(&registry, 403, "DELETE", "/manifests/");
    let (plan, probes) = opened(&desk, &registry, &item).await;
    assert!(plan.impossible.unwrap().contains("may not delete"));
    assert_eq!(probes[0], 1);
    assert_eq!(skills(&desk).await[..2], UNKNOWN);
    assert_eq!(opened(&desk, &registry, &item).await.1[0], 1);
}

/// Behaviour (deletions): A registry whose deleting was switched off since it was asked says so, and is asked anew.
/// Source: distribution, `storage.delete.enabled`, answers 405 where it is off.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deleting_that_was_switched_off_since_is_said_and_asked_anew() {
    for by_digest_only in [false, true] {
        for whole in [false, true] {
            let (desk, registry, item) = desk().await;
            registry.set(|faults| faults.delete_by_digest_only = by_digest_only);
            opened(&desk, &registry, &item).await;
            let digest = registry.tagged(REPOSITORY, "v1").unwrap();
            let goes = if whole { item.clone() } else { tag("v1") };
            let order = desk.delete_order(&[(goes, &digest)]);

            // What this account may not do, or a bad moment, says nothing of the others.
            for status in [403, 500] {
                answered(&registry, status, "DELETE", "/manifests/");
                let outcome = desk.home.app.delete(order.clone()).await.unwrap();
                assert_eq!((outcome.done, outcome.failed.len()), (0, 1), "{outcome:?}");
                registry.set(|faults| faults.script = None);
                assert_eq!(opened(&desk, &registry, &item).await.1[0], 0, "{status}");
            }

            registry.set(|faults| faults.delete_disabled = true);
            let outcome = desk.home.app.delete(order).await.unwrap();
            let told = &outcome.failed[0].problem;
            assert!(
                told.message.contains("doesn’t let anything be deleted"),
                "{told:?}"
            );
            assert!(told.hints[0].contains("whoever runs it"), "{told:?}");
            assert_eq!(registry.tagged(REPOSITORY, "v1"), Some(digest));
            let (plan, probes) = opened(&desk, &registry, &item).await;
            assert_eq!((plan.impossible.is_some(), probes[0]), (true, 2));
        }
    }
}
