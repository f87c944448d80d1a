//! How a repository keeps: said once for everyone, seen by everyone, and by each for themselves.

use crate::home::{Home, SECRET, USER, load, order, problem, question};
use crate::keeping_by_hand::commit;
use app::view::about::CreateOrder;
use app::view::active::ActiveOrder;
use app::view::browse::KeepRule;
use app::view::keep::{KeepOrder, KeepView, Prune, RuleFrom};
use app::view::push::{KeepAnswer, KeepPlan, PushOrder};
use app::view::tasks::{Outcome, TaskState};
use testkit::images::{ImageSpec, push, retag};
use testkit::parts::{Dockerd, Part, Registry, RegistryOptions, need};
use testkit::scripted::{Faults, Scripted};

pub const LAB: &str = "lab/tool";

fn rule(account: &str, rule: KeepRule, share: bool) -> KeepOrder {
    KeepOrder {
        account: account.into(),
        repository: LAB.into(),
        rule,
        prune: Prune::All,
        rescue: false,
        share,
    }
}

pub async fn said(home: &Home, id: &str) -> KeepView {
    let view = home.app.about(id.into(), LAB.into()).await.unwrap();
    view.keep
}

pub async fn anyone(registry: &Scripted) -> (Home, String) {
    let home = Home::new();
    let id = home.anyone(&registry.host()).await;
    (home, id)
}

/// Points `v1` at another commit, as its sheet would.
async fn move_to(home: &Home, id: &str, registry: &Registry, digest: &str) -> Outcome {
    let now = registry.manifest(LAB, "v1").await.unwrap().unwrap().0;
    let order = ActiveOrder {
        account: id.into(),
        repository: LAB.into(),
        tag: "v1".into(),
        digest: digest.into(),
        expected: Some(now),
        keep: KeepAnswer::ByRule,
        share_rule: false,
        accept_loss: false,
    };
    home.app.make_active(order).await.unwrap()
}

pub async fn commit_tags(registry: &Registry) -> usize {
    let tags = registry.tags(LAB).await.unwrap();
    tags.iter().filter(|tag| tag.starts_with("_h.")).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_says_for_everyone_the_next_follows_until_they_say_off_for_themselves() {
    if !need(Part::Registry) {
        return;
    }
    let options = RegistryOptions {
        auth: Some((USER, SECRET)),
        ..RegistryOptions::default()
    };
    let registry = Registry::start(options).await.unwrap();
    let mut digests = Vec::new();
    for seed in 1..=5 {
        let image = ImageSpec::of_sizes(seed, &[2000]);
        digests.push(
            push(&registry, LAB, &format!("b{seed}"), &image)
                .await
                .unwrap(),
        );
    }
    retag(&registry, LAB, "b1", "v1").await.unwrap();
    let (lead, other) = (Home::new(), Home::new());
    let leads = lead.sign_in(&registry.host()).await.id;
    let others = other.sign_in(&registry.host()).await.id;

    let view = lead
        .app
        .set_keep(rule(&leads, KeepRule::Overwrite, true))
        .await
        .unwrap();
    let by_lead = RuleFrom::Repository {
        author: Some(USER.into()),
    };
    assert_eq!(
        (view.rule, &view.set_by),
        (Some(KeepRule::Overwrite), &by_lead)
    );

    // The other one was never asked, and never looked: the move itself does.
    other
        .app
        .refresh_tags(others.clone(), LAB.into())
        .await
        .unwrap();
    let view = said(&other, &others).await;
    assert_eq!(
        (view.rule, &view.set_by),
        (Some(KeepRule::Overwrite), &by_lead)
    );
    assert!(
        move_to(&other, &others, &registry, &digests[1])
            .await
            .commit_tag
            .is_some()
    );
    assert_eq!(commit_tags(&registry).await, 1);

    // The lead's off is everyone's, as soon as the next one looks.
    lead.app
        .set_keep(rule(&leads, KeepRule::Off, true))
        .await
        .unwrap();
    let moved = move_to(&other, &others, &registry, &digests[2]).await;
    assert_eq!(moved.commit_tag, None);
    assert_eq!(commit_tags(&registry).await, 1);
    assert_eq!(said(&other, &others).await.rule, Some(KeepRule::Off));

    // One's own off is nobody else's.
    lead.app
        .set_keep(rule(&leads, KeepRule::Overwrite, true))
        .await
        .unwrap();
    let view = other
        .app
        .set_keep(rule(&others, KeepRule::Off, false))
        .await
        .unwrap();
    assert!(view.off_for_me);
    assert_eq!(view.rule, Some(KeepRule::Off));
    let moved = move_to(&other, &others, &registry, &digests[3]).await;
    assert_eq!(moved.commit_tag, None);
    let moved = move_to(&lead, &leads, &registry, &digests[4]).await;
    assert!(moved.commit_tag.is_some());
    // And is taken back the same way.
    let view = other
        .app
        .set_keep(rule(&others, KeepRule::OnRequest, false))
        .await
        .unwrap();
    assert_eq!(
        (view.rule, view.off_for_me),
        (Some(KeepRule::Overwrite), false)
    );
    assert_eq!(view.set_by, by_lead);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_in_the_push_sheet_is_everyones_where_it_is_shared() {
    if !need(Part::Dockerd) || !need(Part::Registry) {
        return;
    }
    let options = RegistryOptions {
        auth: Some((USER, SECRET)),
        ..RegistryOptions::default()
    };
    let registry = Registry::start(options).await.unwrap();
    let engine = Dockerd::start(None).await.unwrap();
    let images = load(&engine, 3, 30_000).await;
    let (one, other) = (Home::with(Some(&engine)), Home::with(Some(&engine)));
    let id = one.sign_in(&registry.host()).await.id;
    let first = one
        .pushed(&id, LAB, "v1", &images[0], KeepAnswer::ByRule)
        .await;
    assert_eq!(registry.tags(LAB).await.unwrap(), ["v1"], "nothing unasked");
    let shared = PushOrder {
        share_rule: true,
        ..order(
            &id,
            LAB,
            "v1",
            &images[1],
            Some(first.clone()),
            KeepAnswer::EveryPush,
        )
    };
    let task = one.app.start_push(shared).await.unwrap();
    let ended = one.ended(&task).await;
    assert_eq!(ended.state, TaskState::Done, "{ended:#?}");
    let second = ended.outcome.unwrap().digest.unwrap();
    // The one that was left, and the new one right after.
    let tags = registry.tags(LAB).await.unwrap();
    for digest in [&first, &second] {
        let kept = tags
            .iter()
            .find(|tag| tag.starts_with("_h.v1.") && tag.ends_with(&digest[7..19]))
            .unwrap();
        let found = registry.manifest(LAB, kept).await.unwrap().unwrap();
        assert_eq!(&found.0, digest);
    }

    let id = other.sign_in(&registry.host()).await.id;
    let plan = other
        .app
        .plan_push(question(&id, LAB, "v1", &images[2]))
        .await
        .unwrap();
    let KeepPlan::Rule {
        rule,
        set_by,
        already_kept,
        ..
    } = plan.keep
    else {
        panic!("{plan:#?}")
    };
    assert_eq!(rule, KeepRule::Push);
    assert_eq!(
        set_by,
        RuleFrom::Repository {
            author: Some(USER.into())
        }
    );
    // Known from the list of tags once it was fetched; asking for the commit tag itself tells the push.
    assert!(!already_kept);
    let third = other
        .pushed(&id, LAB, "v1", &images[2], KeepAnswer::ByRule)
        .await;
    let tags = registry.tags(LAB).await.unwrap();
    assert!(
        tags.iter().any(|tag| tag.ends_with(&third[7..19])),
        "{tags:?}"
    );
}

/// One way of refusing, switched on.
type Switch = fn(&mut Faults);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rule_the_registry_refuses_holds_here_and_says_why() {
    let switches: [(Switch, &str); 3] = [
        (
            |faults| faults.refuse_underscore_tags = true,
            "the tag _about",
        ),
        (
            |faults| faults.refuse_unknown_artifact = true,
            "stored as _about",
        ),
        (|faults| faults.read_only = true, "may not push to lab/tool"),
    ];
    for (switch, words) in switches {
        let registry = Scripted::start().await.unwrap();
        registry.push_image(LAB, "v1", "one");
        registry.set(switch);
        let (home, id) = anyone(&registry).await;
        let view = home
            .app
            .set_keep(rule(&id, KeepRule::Overwrite, true))
            .await
            .unwrap();
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
    let registry = Scripted::start().await.unwrap();
    let (home, id) = anyone(&registry).await;
    registry.set(|faults| faults.status500 = true);
    let told = problem(home.app.set_keep(rule(&id, KeepRule::Push, true)).await);
    assert!(told.message.contains("a problem of its own"), "{told:?}");
    assert_eq!(said(&home, &id).await.set_by, RuleFrom::Nobody);
    let none = KeepOrder {
        prune: Prune::Last { commits: 0 },
        ..rule(&id, KeepRule::Push, false)
    };
    assert!(
        problem(home.app.set_keep(none).await)
            .message
            .contains("at least one")
    );
    // On this computer it needs no registry.
    let view = home
        .app
        .set_keep(rule(&id, KeepRule::Push, false))
        .await
        .unwrap();
    assert_eq!(
        (view.rule, view.set_by),
        (Some(KeepRule::Push), RuleFrom::ThisComputer)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_push_ends_well_though_its_rule_can_not_be_shared() {
    if !need(Part::Dockerd) {
        return;
    }
    let engine = Dockerd::start(None).await.unwrap();
    let images = load(&engine, 1, 30_000).await;
    let registry = Scripted::start().await.unwrap();
    let home = Home::with(Some(&engine));
    let id = home.anyone(&registry.host()).await;
    let old = registry.push_image(LAB, "v1", "old");
    registry.set(|faults| faults.refuse_unknown_artifact = true);
    let shared = PushOrder {
        share_rule: true,
        ..order(
            &id,
            LAB,
            "v1",
            &images[0],
            Some(old.clone()),
            KeepAnswer::EachOverwrite,
        )
    };
    let task = home.app.start_push(shared).await.unwrap();
    let ended = home.ended(&task).await;
    assert_eq!(ended.state, TaskState::Done, "{ended:#?}");
    let outcome = ended.outcome.unwrap();
    let kept = outcome.commit_tag.unwrap();
    assert_eq!(registry.tagged(LAB, &kept), Some(old));
    let notes = outcome.notes;
    assert!(
        notes
            .iter()
            .any(|note| note.contains("on this computer only")),
        "{notes:?}"
    );
    assert_eq!(said(&home, &id).await.set_by, RuleFrom::ThisComputer);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_push_is_kept_where_a_plain_push_destroys_at_once() {
    if !need(Part::Dockerd) {
        return;
    }
    let engine = Dockerd::start(None).await.unwrap();
    let images = load(&engine, 4, 30_000).await;
    let registry = Scripted::start().await.unwrap();
    registry.set(|faults| faults.drop_overwritten = true);
    let home = Home::with(Some(&engine));
    let id = home.anyone(&registry.host()).await;
    let first = home
        .pushed(&id, LAB, "v1", &images[0], KeepAnswer::ByRule)
        .await;

    // Not kept: it is gone, which the push says, and from then on every push fits this registry.
    let task = home.push(&id, LAB, "v1", &images[1], KeepAnswer::Off).await;
    let notes = task.outcome.unwrap().notes;
    assert!(
        notes
            .iter()
            .any(|note| note.contains(&first[7..19]) && note.contains("at once")),
        "{notes:?}"
    );
    assert!(registry.manifest(LAB, &first).is_none());
    assert_eq!(said(&home, &id).await.fitting, KeepRule::Push);
    home.pushed(&id, "lab/other", "v1", &images[0], KeepAnswer::ByRule)
        .await;
    let plan = home
        .app
        .plan_push(question(&id, "lab/other", "v1", &images[1]))
        .await
        .unwrap();
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
    let third = home
        .pushed(&id, LAB, "v1", &images[2], KeepAnswer::EveryPush)
        .await;
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_of_a_rule_is_shared_and_its_words_stay_the_descriptions() {
    let registry = Scripted::start().await.unwrap();
    let ((lead, id), (other, others)) = (anyone(&registry).await, anyone(&registry).await);
    let words = CreateOrder {
        account: id.clone(),
        repository: LAB.into(),
        title: "Tool".into(),
        description: "Aligns reads.".into(),
        keep: None,
    };
    lead.app.create_repository(words).await.unwrap();
    let full = KeepOrder {
        prune: Prune::Last { commits: 3 },
        rescue: true,
        ..rule(&id, KeepRule::Overwrite, true)
    };
    lead.app.set_keep(full).await.unwrap();
    let written = || {
        let digest = registry.tagged(LAB, "_about").unwrap();
        let bytes = registry.manifest(LAB, &digest).unwrap();
        let manifest: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        let annotations = manifest["annotations"].as_object().unwrap().clone();
        annotations
            .into_iter()
            .filter(|(key, _)| !key.ends_with(".created"))
            .map(|(key, text)| format!("{key}={}", text.as_str().unwrap()))
            .collect::<Vec<_>>()
    };
    let described = [
        "org.opencontainers.image.description=Aligns reads.",
        "org.opencontainers.image.title=Tool",
    ];
    let mut all = vec![
        "dev.longshore.keep=overwrite",
        "dev.longshore.keep.rule=last=3",
        "dev.longshore.rescue=auto",
    ];
    all.extend(described);
    assert_eq!(written(), all);
    let seen = async || {
        other
            .app
            .refresh_about(others.clone(), LAB.into())
            .await
            .unwrap();
        said(&other, &others).await
    };
    let view = seen().await;
    assert_eq!(
        (view.prune, view.rescue),
        (Prune::Last { commits: 3 }, true)
    );

    let less = rule(&id, KeepRule::OnRequest, true);
    let view = lead.app.set_keep(less).await.unwrap();
    assert!(!view.rescue);
    let mut all = vec![
        "dev.longshore.keep=on-request",
        "dev.longshore.keep.rule=all",
    ];
    all.extend(described);
    assert_eq!(written(), all);
    let view = seen().await;
    assert_eq!((view.prune, view.rescue), (Prune::All, false));
}

/// The window's commands run on any thread; what can't be sent there would not even compile.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_of_it_runs_on_another_thread() {
    let registry = Scripted::start().await.unwrap();
    let digest = registry.push_image(LAB, "v1", "one");
    let (home, id) = anyone(&registry).await;
    let app = home.app.clone();
    let kept = tokio::spawn(async move {
        let lab = || LAB.to_owned();
        app.refresh_about(id.clone(), lab()).await.unwrap();
        app.ask_abouts(id.clone(), vec![lab()]).await.unwrap();
        app.set_keep(rule(&id, KeepRule::Push, true)).await.unwrap();
        let kept = app.keep_commit(commit(&id, "v1", &digest)).await.unwrap();
        let shown = app
            .plan_prune(id.clone(), lab(), Prune::Last { commits: 1 })
            .await
            .unwrap();
        assert_eq!((shown.goes.len(), shown.stays), (0, 1));
        kept
    })
    .await
    .unwrap();
    assert_eq!(registry.tags(LAB), ["_about", &kept, "v1"]);
}
