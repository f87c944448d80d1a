//! A rule where the registry is in its way: it refuses to store it, or destroys what a plain push overwrites.

use crate::home::{load, problem, scripted, scripted_with_engine};
use crate::keeping_rules::{LAB, anyone, said};
use app::view::keep::KeepRule;
use app::view::keep::{KeepOrder, Prune, RuleFrom};
use app::view::push::{KeepAnswer, KeepPlan, PushOrder};
use app::view::tasks::TaskState;
use testkit::scripted::{Faults, Scripted};

/// One way of refusing, switched on.
type Switch = fn(&mut Faults);

/// Behaviour (about): A registry that refuses the about manifest is told so, and the rule holds on this computer.
/// Source: GitLab's registry with its database answers 400 to unknown artifact types.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rule_the_registry_refuses_holds_here_and_says_why() {
    let switches: [(Switch, &str); 3] = [
        (
            |faults| faults.refuse_underscore_tags = true,
            "the tag _about",
        ),
        (
            |faults| faults.refuse_manifests = Some("_about"),
            "stored as _about",
        ),
        (|faults| faults.read_only = true, "may not push to lab/tool"),
    ];
    for (switch, words) in switches {
        let registry = Scripted::start().await.unwrap();
        registry.push_image(LAB, "v1", "one");
        registry.set(switch);
        let (home, id) = anyone(&registry).await;
        let view = home.at(&id, LAB).set_keep(KeepRule::Overwrite, true).await;
        assert_eq!(view.rule, Some(KeepRule::Overwrite));
        assert_eq!(view.set_by, RuleFrom::ThisComputer, "{words}");
        assert!(view.caution.contains(words), "{words}: {}", view.caution);
        assert!(view.caution.contains("this computer only"), "{words}");
        assert_eq!(registry.tags(LAB), ["v1"]);
        // Read later it is said without that.
        assert!(
            !said(&home, &id)
                .await
                .caution
                .contains("this computer only")
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn trouble_on_the_way_stores_no_rule_at_all() {
    let (home, registry, id) = scripted().await;
    registry.set(|faults| faults.status500 = true);
    let told = problem(
        home.app
            .set_keep(home.at(&id, LAB).rule(KeepRule::Push, true))
            .await,
    );
    assert!(told.message.contains("a problem of its own"), "{told:?}");
    assert_eq!(said(&home, &id).await.set_by, RuleFrom::Nobody);
    let none = KeepOrder {
        prune: Prune::Last { commits: 0 },
        ..home.at(&id, LAB).rule(KeepRule::Push, false)
    };
    assert!(
        problem(home.app.set_keep(none).await)
            .message
            .contains("at least one")
    );
    // On this computer it needs no registry.
    let view = home.at(&id, LAB).set_keep(KeepRule::Push, false).await;
    assert_eq!(
        (view.rule, view.set_by),
        (Some(KeepRule::Push), RuleFrom::ThisComputer)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_push_ends_well_though_its_rule_can_not_be_shared() {
    let Some((home, registry, engine, id)) = scripted_with_engine().await else {
        return;
    };
    let images = load(&engine, 1, 30_000).await;
    let old = registry.push_image(LAB, "v1", "old");
    registry.set(|faults| faults.refuse_manifests = Some("_about"));
    let shared = PushOrder {
        share_rule: true,
        allows: None,
        ..home
            .at(&id, LAB)
            .push_order("v1", &images[0], Some(&old), KeepAnswer::EachOverwrite)
    };
    let task = home.app.start_push(shared).await.unwrap();
    let ended = home.ended(&task).await;
    assert_eq!(ended.state, TaskState::Done, "{ended:#?}");
    let outcome = ended
        .outcome
        .and_then(app::view::tasks::TaskOutcome::moved)
        .unwrap();
    let kept = outcome.commit_tag.unwrap();
    assert_eq!(registry.tagged(LAB, &kept), Some(old));
    let notes = outcome.notes;
    assert!(
        notes
            .iter()
            .any(|note| note.text.contains("on this computer only")),
        "{notes:?}"
    );
    assert_eq!(said(&home, &id).await.set_by, RuleFrom::ThisComputer);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_push_is_kept_where_a_plain_push_destroys_at_once() {
    let Some((home, registry, engine, id)) = scripted_with_engine().await else {
        return;
    };
    let images = load(&engine, 4, 30_000).await;
    registry.set(|faults| faults.drop_overwritten = true);
    let other = home.at(&id, "lab/other");
    let lab = home.at(&id, LAB);
    let first = lab.pushed("v1", &images[0], KeepAnswer::ByRule).await;

    // Not kept: it is gone, which the push says, and from then on every push fits this registry.
    let task = lab.push("v1", &images[1], KeepAnswer::Off).await;
    let notes = task
        .outcome
        .and_then(app::view::tasks::TaskOutcome::moved)
        .unwrap()
        .notes;
    assert!(
        notes
            .iter()
            .any(|note| note.text.contains(&first[7..19]) && note.text.contains("at once")),
        "{notes:?}"
    );
    assert!(registry.manifest(LAB, &first).is_none());
    assert_eq!(said(&home, &id).await.fitting, KeepRule::Push);
    other.pushed("v1", &images[0], KeepAnswer::ByRule).await;
    let plan = other.plan_push("v1", &images[1]).await;
    let KeepPlan::Ask {
        preselected,
        without,
        ..
    } = plan.keep
    else {
        panic!("{plan:#?}")
    };
    assert_eq!(preselected, KeepRule::Push);
    assert!(without.contains("at once"), "{without}");

    let second = registry.tagged(LAB, "v1").unwrap();
    let third = lab.pushed("v1", &images[2], KeepAnswer::EveryPush).await;
    // A colleague's plain push, by the engine itself.
    let path = format!("{}/{LAB}", registry.host());
    let fourth = &images[3];
    for (asked, headers) in [
        (format!("/images/{fourth}/tag?repo={path}&tag=v1"), vec![]),
        (
            format!("/images/{path}/push?tag=v1"),
            vec![("x-registry-auth", "e30=")],
        ),
    ] {
        let (status, _, said) = engine.post(&asked, "", &headers).await.unwrap();
        let said = String::from_utf8_lossy(&said);
        assert!(status < 300 && !said.contains("error"), "{asked}: {said}");
    }
    assert_ne!(registry.tagged(LAB, "v1"), Some(third.clone()));
    for digest in [&second, &third] {
        assert!(registry.manifest(LAB, digest).is_some(), "{digest} is kept");
    }
}
