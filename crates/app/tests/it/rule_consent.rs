//! A rule that somebody wrote into a repository: shown, asked about once on each computer, and until a yes nothing is
//! written because of it but what a sheet has shown and its tick has allowed.

use crate::acts::{Desk, REPOSITORY, scripted, writes};
use crate::home::Home;
use crate::watching::{a_round, watch};
use app::NoticeAction;
use app::view::active::ActiveOrder;
use app::view::keep::{KeepOrder, KeepRule, RuleAnswer, RuleAnswerOrder, RuleFrom};
use app::view::problem::Code;
use app::view::push::{KeepAnswer, KeepPlan};
use std::time::Duration;
use testkit::images::MANIFEST;
use testkit::scripted::Scripted;

/// Writes an about manifest as anybody who may push can: these of our annotations, by somebody who says so.
pub fn plant_rule(registry: &Scripted, repository: &str, says: &[(&str, &str)]) -> String {
    plant(registry, repository, says, "ana, it says")
}

fn plant(registry: &Scripted, repository: &str, says: &[(&str, &str)], author: &str) -> String {
    let empty = registry.put_blob(repository, b"{}");
    let empty = serde_json::json!({
        "mediaType": "application/vnd.oci.empty.v1+json", "digest": empty, "size": 2,
    });
    let mut annotations = serde_json::json!({ "org.opencontainers.image.authors": author });
    for (key, value) in says {
        annotations[format!("dev.longshore.{key}")] = (*value).into();
    }
    let manifest = serde_json::json!({
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "artifactType": "application/vnd.longshore.about.v1",
        "config": empty,
        "layers": [empty],
        "annotations": annotations,
    });
    let bytes = manifest.to_string();
    registry.put_manifest(repository, Some("_about"), MANIFEST, bytes.as_bytes())
}

/// The commit tags there are.
fn kept(registry: &Scripted) -> Vec<String> {
    let mut tags = registry.tags(REPOSITORY);
    tags.retain(|tag| tag.starts_with("_h."));
    tags
}

/// What this computer made active is displaced by somebody else, who planted a rule before; the watch has seen it.
async fn displaced(says: &[(&str, &str)]) -> (Desk, Scripted) {
    let (desk, registry) = scripted().await;
    let old = registry.push_image(REPOSITORY, "v1", "old");
    desk.see("v1").await;
    registry.push_image(REPOSITORY, "v1", "new");
    desk.see("v1").await;
    desk.make_active("v1", &old, KeepAnswer::NotThis)
        .await
        .unwrap();
    watch(&desk.home, &desk.id, REPOSITORY, Some("v1")).await;
    plant_rule(&registry, REPOSITORY, says);
    registry.push_image(REPOSITORY, "v1", "theirs");
    a_round(&desk.home).await;
    desk.lab().refresh_about().await;
    (desk, registry)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_planted_rule_writes_nothing_until_a_person_allows_it_here() {
    for says in [
        [("keep", "overwrite"), ("keep.rule", "all")],
        [("keep", "push"), ("rescue", "auto")],
        [("keep", "on-request"), ("rescue", "auto")],
    ] {
        let (desk, registry) = displaced(&says).await;
        let lab = desk.lab();
        assert_eq!(kept(&registry), Vec::<String>::new(), "{says:?}");
        let keep = lab.about().await.keep;
        let author = Some("ana, it says".to_owned());
        assert_eq!(
            keep.set_by,
            RuleFrom::Repository {
                author: author.clone()
            }
        );
        let asked = keep.consent.unwrap();
        assert_eq!((asked.author, asked.answer), (author, None));

        // Allowed, it does from then on what it says.
        let allowed = lab.answer_rule(RuleAnswer::Allow).await.consent.unwrap();
        assert_eq!(allowed.answer, Some(RuleAnswer::Allow));
        let ours = registry.tagged(REPOSITORY, "v1").unwrap();
        if keep.rescue {
            registry.push_image(REPOSITORY, "v1", "theirs again");
            a_round(&desk.home).await;
            // What was displaced before the yes is kept now as well.
            let tags = kept(&registry);
            assert_eq!(tags.len(), 2, "{says:?}: {tags:?}");
            let bears = |tag: &String| registry.tagged(REPOSITORY, tag);
            assert!(tags.iter().any(|tag| bears(tag).as_ref() == Some(&ours)));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_asked_once_and_again_when_the_rule_changes() {
    let (mut desk, registry) = displaced(&[("rescue", "auto")]).await;
    desk.lab().answer_rule(RuleAnswer::Allow).await;
    desk.home.reopen();
    let keep = desk.lab().about().await.keep;
    assert_eq!(keep.consent.unwrap().answer, Some(RuleAnswer::Allow));
    // Other words of the same manifest are no other rule.
    plant(&registry, REPOSITORY, &[("rescue", "auto")], "someone else");
    desk.lab().refresh_about().await;
    let asked = desk.lab().about().await.keep.consent.unwrap();
    assert_eq!(asked.author.as_deref(), Some("someone else"));
    assert_eq!(asked.answer, Some(RuleAnswer::Allow));
    // Another rule is: nothing is written because of it, though this computer has not even looked since.
    plant_rule(
        &registry,
        REPOSITORY,
        &[("keep", "push"), ("rescue", "auto")],
    );
    registry.push_image(REPOSITORY, "v1", "theirs once more");
    a_round(&desk.home).await;
    assert_eq!(kept(&registry), Vec::<String>::new());
    let asked = desk.lab().about().await.keep.consent.unwrap();
    assert_eq!(asked.answer, None);
    // What was shown is what is answered.
    let order = RuleAnswerOrder {
        account: desk.id.clone(),
        repository: REPOSITORY.into(),
        rule: "rescue=auto".into(),
        answer: RuleAnswer::Allow,
    };
    let told = desk.home.app.answer_rule(order).await.unwrap_err();
    assert_eq!(told.code, Code::Changed, "{told:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn put_off_it_is_asked_again_another_day() {
    let (desk, registry) = displaced(&[("keep", "push"), ("rescue", "auto")]).await;
    let now = desk.lab().answer_rule(RuleAnswer::Later).await.consent;
    assert_eq!(now.unwrap().answer, Some(RuleAnswer::Later));
    desk.home.later(Duration::from_hours(25));
    let later = desk.lab().about().await.keep.consent;
    assert_eq!(later.unwrap().answer, None);
    registry.push_image(REPOSITORY, "v1", "theirs the next day");
    a_round(&desk.home).await;
    assert_eq!(kept(&registry), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_tick_of_a_sheet_is_the_yes_for_its_act_and_for_no_other() {
    let (desk, registry) = displaced(&[("keep", "push")]).await;
    let theirs = registry.tagged(REPOSITORY, "v1").unwrap();
    let old = desk.lab().moves().await.rows[0].from.clone();
    let plan = desk.plan_active("v1", &old).await.unwrap();
    let KeepPlan::Rule {
        rule, set_by, asks, ..
    } = plan.keep
    else {
        panic!("{:?}", plan.keep)
    };
    assert_eq!((rule, asks.as_deref()), (KeepRule::Push, Some("keep=push")));
    assert!(matches!(set_by, RuleFrom::Repository { author: Some(_) }));

    // Without the tick the rule holds for nothing: neither for what is left, nor for what is made active.
    let order = |allows: Option<&str>, keep: KeepAnswer| ActiveOrder {
        allows: allows.map(str::to_owned),
        ..desk.active_order("v1", &old, Some(&theirs), keep)
    };
    let before = writes(&registry);
    for shown in [None, Some("keep=overwrite")] {
        let told = desk
            .home
            .app
            .make_active(order(shown, KeepAnswer::ByRule))
            .await;
        let told = told.unwrap_err();
        assert_eq!(told.code, Code::NotAsked, "{shown:?}: {told:?}");
    }
    assert_eq!(writes(&registry), before);
    assert_eq!(registry.tagged(REPOSITORY, "v1"), Some(theirs.clone()));
    desk.home
        .app
        .make_active(order(Some("keep=push"), KeepAnswer::NotThis))
        .await
        .unwrap();
    assert_eq!(kept(&registry), Vec::<String>::new());

    // With it: what is left, and, as the rule says, what is made active.
    let allowed = ActiveOrder {
        digest: theirs.clone(),
        expected: Some(old.clone()),
        ..order(Some("keep=push"), KeepAnswer::ByRule)
    };
    desk.home.app.make_active(allowed).await.unwrap();
    let digests: Vec<_> = kept(&registry)
        .iter()
        .map(|tag| registry.tagged(REPOSITORY, tag).unwrap())
        .collect();
    assert_eq!(digests.len(), 2, "{digests:?}");
    assert!(digests.contains(&old) && digests.contains(&theirs));

    // It was a yes for that act: what is displaced afterwards is not kept by itself.
    desk.make_active("v1", &old, KeepAnswer::NotThis)
        .await
        .unwrap();
    registry.drop_manifest(REPOSITORY, &kept(&registry)[0]);
    registry.drop_manifest(REPOSITORY, &kept(&registry)[0]);
    registry.push_image(REPOSITORY, "v1", "theirs afterwards");
    a_round(&desk.home).await;
    assert_eq!(kept(&registry), Vec::<String>::new());
    let asked = desk.lab().about().await.keep.consent.unwrap();
    assert_eq!(asked.answer, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_button_of_a_notification_opens_the_sheet_where_the_rule_was_not_allowed() {
    let (desk, registry) = displaced(&[("keep", "overwrite")]).await;
    let theirs = registry.tagged(REPOSITORY, "v1");
    let notice = desk.home.told().remove(0);
    desk.home
        .app
        .notice_pressed(notice.id, NoticeAction::PutBack)
        .await;
    assert_eq!(registry.tagged(REPOSITORY, "v1"), theirs);
    assert_eq!(kept(&registry), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_person_set_on_this_computer_needs_no_second_yes_and_asks_on_another() {
    let (desk, registry) = scripted().await;
    registry.push_image(REPOSITORY, "v1", "one");
    watch(&desk.home, &desk.id, REPOSITORY, Some("v1")).await;
    let order = KeepOrder {
        rescue: true,
        ..desk.lab().rule(KeepRule::Overwrite, true)
    };
    let keep = desk.home.app.set_keep(order).await.unwrap();
    assert_eq!(keep.consent.unwrap().answer, Some(RuleAnswer::Allow));
    // The other computer of the same person asks, and does nothing till then.
    let other = Home::new();
    let theirs = other.anyone(&registry.host()).await;
    other.at(&theirs, REPOSITORY).refresh_tags().await;
    watch(&other, &theirs, REPOSITORY, Some("v1")).await;
    registry.push_image(REPOSITORY, "v1", "two");
    a_round(&other).await;
    let asked = other.at(&theirs, REPOSITORY).about().await.keep.consent;
    assert_eq!(asked.unwrap().answer, None);
    assert_eq!(kept(&registry), Vec::<String>::new());
    a_round(&desk.home).await;
    assert_eq!(kept(&registry).len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rescue_that_was_asked_for_here_goes_on_under_a_planted_rule_but_for_an_off() {
    let (desk, registry) = scripted().await;
    registry.push_image(REPOSITORY, "v1", "one");
    watch(&desk.home, &desk.id, REPOSITORY, Some("v1")).await;
    let order = KeepOrder {
        rescue: true,
        ..desk.lab().rule(KeepRule::OnRequest, false)
    };
    desk.home.app.set_keep(order).await.unwrap();
    plant_rule(&registry, REPOSITORY, &[("keep", "push")]);
    registry.push_image(REPOSITORY, "v1", "two");
    a_round(&desk.home).await;
    assert_eq!(kept(&registry).len(), 1);
    plant_rule(&registry, REPOSITORY, &[("keep", "off")]);
    registry.push_image(REPOSITORY, "v1", "three");
    a_round(&desk.home).await;
    assert_eq!(
        kept(&registry).len(),
        1,
        "the repository may say off for all"
    );
}
