//! How a repository keeps: said once for everyone, seen by everyone, and by each for themselves.

use crate::home::{Home, USER, guarded_registry, load};
use crate::lab::ticked;
use app::view::about::CreateOrder;
use app::view::active::{ActiveOrder, ActiveQuestion};
use app::view::keep::KeepRule;
use app::view::keep::{KeepOrder, KeepView, Prune, RuleFrom};
use app::view::push::{KeepAnswer, KeepPlan, PushOrder};
use app::view::tasks::{Outcome, TaskState};
use testkit::images::{ImageSpec, push, retag};
use testkit::parts::{Dockerd, Part, Registry, RegistryVersion, need};
use testkit::scripted::Scripted;

pub const LAB: &str = "lab/tool";

pub async fn said(home: &Home, id: &str) -> KeepView {
    let view = home.at(id, LAB).about().await;
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
    let question = ActiveQuestion {
        account: id.into(),
        repository: LAB.into(),
        tag: "v1".into(),
        commit: digest.into(),
    };
    let plan = home.app.plan_active(question).await.unwrap();
    let order = ActiveOrder {
        account: id.into(),
        repository: LAB.into(),
        tag: "v1".into(),
        digest: digest.into(),
        expected: Some(now),
        keep: KeepAnswer::ByRule,
        share_rule: false,
        allows: ticked(&plan.keep),
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
    let registry = guarded_registry(RegistryVersion::Two).await;
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
        .at(&leads, LAB)
        .set_keep(KeepRule::Overwrite, true)
        .await;
    let by_lead = RuleFrom::Repository {
        author: Some(USER.into()),
    };
    assert_eq!(
        (view.rule, &view.set_by),
        (Some(KeepRule::Overwrite), &by_lead)
    );

    // The other one was never asked, and never looked: the move itself does.
    other.at(&others, LAB).refresh_tags().await;
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
    lead.at(&leads, LAB).set_keep(KeepRule::Off, true).await;
    let moved = move_to(&other, &others, &registry, &digests[2]).await;
    assert_eq!(moved.commit_tag, None);
    assert_eq!(commit_tags(&registry).await, 1);
    assert_eq!(said(&other, &others).await.rule, Some(KeepRule::Off));

    // One's own off is nobody else's.
    lead.at(&leads, LAB)
        .set_keep(KeepRule::Overwrite, true)
        .await;
    let view = other.at(&others, LAB).set_keep(KeepRule::Off, false).await;
    assert!(view.off_for_me);
    assert_eq!(view.rule, Some(KeepRule::Off));
    let moved = move_to(&other, &others, &registry, &digests[3]).await;
    assert_eq!(moved.commit_tag, None);
    let moved = move_to(&lead, &leads, &registry, &digests[4]).await;
    assert!(moved.commit_tag.is_some());
    // And is taken back the same way.
    let view = other
        .at(&others, LAB)
        .set_keep(KeepRule::OnRequest, false)
        .await;
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
    let registry = guarded_registry(RegistryVersion::Two).await;
    let engine = Dockerd::start(None).await.unwrap();
    let images = load(&engine, 3, 30_000).await;
    let (one, other) = (Home::with(Some(&engine)), Home::with(Some(&engine)));
    let id = one.sign_in(&registry.host()).await.id;
    let lab = one.at(&id, LAB);
    let first = lab.pushed("v1", &images[0], KeepAnswer::ByRule).await;
    assert_eq!(registry.tags(LAB).await.unwrap(), ["v1"], "nothing unasked");
    let shared = PushOrder {
        share_rule: true,
        allows: None,
        ..lab.push_order("v1", &images[1], Some(&first), KeepAnswer::EveryPush)
    };
    let task = one.app.start_push(shared).await.unwrap();
    let ended = one.ended(&task).await;
    assert_eq!(ended.state, TaskState::Done, "{ended:#?}");
    let second = ended
        .outcome
        .and_then(app::view::tasks::TaskOutcome::moved)
        .unwrap()
        .digest
        .unwrap();
    // The one that was left, and the new one right after.
    let tags = registry.tags(LAB).await.unwrap();
    for digest in [&first, &second] {
        let kept = tags
            .iter()
            .find(|tag| tag.starts_with("_h.v1.") && tag.ends_with(&digest[7..]))
            .unwrap();
        let found = registry.manifest(LAB, kept).await.unwrap().unwrap();
        assert_eq!(&found.0, digest);
    }

    let id = other.sign_in(&registry.host()).await.id;
    let theirs = other.at(&id, LAB);
    let plan = theirs.plan_push("v1", &images[2]).await;
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
    let third = theirs.pushed("v1", &images[2], KeepAnswer::ByRule).await;
    let tags = registry.tags(LAB).await.unwrap();
    assert!(
        tags.iter().any(|tag| tag.ends_with(&third[7..])),
        "{tags:?}"
    );
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
        private: None,
    };
    lead.app.create_repository(words).await.unwrap();
    let full = KeepOrder {
        prune: Prune::Last { commits: 3 },
        rescue: true,
        ..lead.at(&id, LAB).rule(KeepRule::Overwrite, true)
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
        "dev.longshore.about=v1",
        "dev.longshore.keep=overwrite",
        "dev.longshore.keep.rule=last=3",
        "dev.longshore.rescue=auto",
    ];
    all.extend(described);
    assert_eq!(written(), all);
    let seen = async || {
        other.at(&others, LAB).refresh_about().await;
        said(&other, &others).await
    };
    let view = seen().await;
    assert_eq!(
        (view.prune, view.rescue),
        (Prune::Last { commits: 3 }, true)
    );

    let view = lead.at(&id, LAB).set_keep(KeepRule::OnRequest, true).await;
    assert!(!view.rescue);
    let mut all = vec![
        "dev.longshore.about=v1",
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
    let lab = home.at(&id, LAB);
    let (rule, commit) = (lab.rule(KeepRule::Push, true), lab.commit("v1", &digest));
    let (app, id) = (home.app.clone(), id.clone());
    let kept = tokio::spawn(async move {
        let lab = || LAB.to_owned();
        app.refresh_about(id.clone(), lab()).await.unwrap();
        app.ask_abouts(id.clone(), vec![lab()]).await.unwrap();
        app.set_keep(rule).await.unwrap();
        let kept = app.keep_commit(commit).await.unwrap();
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
