//! Rescue: what someone else displaced is kept by itself only where a rule says so, and once.

use crate::home::{Home, account, scripted};
use crate::watching::{a_round, moves, push_plainly, watch};
use app::NoticeAction;
use app::view::active::{ActiveOrder, ActiveQuestion};
use app::view::browse::Reach;
use app::view::keep::KeepOrder;
use app::view::keep::KeepRule;
use app::view::push::KeepAnswer;
use testkit::images::{ImageSpec, push};
use testkit::parts::{Part, Registry, RegistryOptions, need};
use testkit::scripted::{Answer, Auth, Scripted};

pub const REPOSITORY: &str = "lab/tool";

pub async fn rule(home: &Home, account: &str, rule: KeepRule, rescue: bool, share: bool) {
    let order = KeepOrder {
        rescue,
        ..home.at(account, REPOSITORY).rule(rule, share)
    };
    home.app.set_keep(order).await.unwrap();
}

/// The commit tags of `prod` in a list of tags.
pub fn kept(tags: &[String]) -> Vec<&String> {
    tags.iter()
        .filter(|tag| tag.starts_with("_h.prod."))
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rule_in_the_repository_rescues_on_a_real_registry_and_without_one_it_is_offered() {
    if !need(Part::Registry) {
        return;
    }
    let registry = Registry::start(RegistryOptions::default()).await.unwrap();
    let put = async |seed: u64| {
        let image = ImageSpec::of_sizes(seed, &[1000]);
        push(&registry, REPOSITORY, "prod", &image).await.unwrap()
    };
    let home = Home::new();
    let id = home.anyone(&registry.host()).await;
    put(1).await;
    watch(&home, &id, REPOSITORY, Some("prod")).await;

    // Nobody has said so: only offered.
    let second = put(2).await;
    a_round(&home).await;
    let tags = registry.tags(REPOSITORY).await.unwrap();
    assert_eq!(tags, ["prod"]);
    let told = home.told().remove(0);
    assert!(
        told.actions
            .iter()
            .any(|(action, _)| *action == NoticeAction::Keep)
    );

    // The repository says so: kept, byte for byte, and told.
    rule(&home, &id, KeepRule::Overwrite, true, true).await;
    put(3).await;
    a_round(&home).await;
    a_round(&home).await;
    let tags = registry.tags(REPOSITORY).await.unwrap();
    let [tag] = kept(&tags)[..] else {
        panic!("{tags:?}")
    };
    let (digest, _) = registry.manifest(REPOSITORY, tag).await.unwrap().unwrap();
    assert_eq!(digest, second);
    let told = home.told().remove(0);
    assert!(told.body.contains("is kept"), "{told:#?}");
    // The move is still the person's to look at.
    let rows = moves(&home, &id, REPOSITORY).await.rows;
    assert_eq!(
        rows.iter().map(|row| row.kept).collect::<Vec<_>>(),
        [true, false]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_is_rescued_once_and_again_where_it_is_displaced_without_its_commit_tag() {
    let (mut home, registry, id) = scripted().await;
    let first = registry.push_image(REPOSITORY, "prod", "one");
    rule(&home, &id, KeepRule::OnRequest, true, false).await;
    watch(&home, &id, REPOSITORY, Some("prod")).await;
    registry.push_image(REPOSITORY, "prod", "two");
    a_round(&home).await;
    let bearing = || {
        let mut tags = registry.tags(REPOSITORY);
        tags.retain(|tag| tag != "prod");
        tags.retain(|tag| registry.tagged(REPOSITORY, tag).as_ref() == Some(&first));
        tags
    };
    let [tag] = &bearing()[..] else {
        panic!("{:?}", registry.tags(REPOSITORY))
    };
    // It is displaced a second time while its commit tag keeps it: that is enough, and was asked.
    registry.forget_requests();
    for text in ["one", "three"] {
        registry.push_image(REPOSITORY, "prod", text);
        a_round(&home).await;
    }
    assert_eq!(bearing(), std::slice::from_ref(tag));
    let path = format!("/v2/{REPOSITORY}/manifests/{tag}");
    assert!(registry.count("HEAD", &path) > 0, "it is asked for");
    // Someone takes the commit tag away: that alone is no reason to write it again.
    registry.drop_manifest(REPOSITORY, tag);
    home.reopen();
    home.at(&id, REPOSITORY).refresh_tags().await;
    a_round(&home).await;
    assert!(bearing().is_empty());
    // It is displaced once more, and nothing keeps it.
    for text in ["one", "four"] {
        registry.push_image(REPOSITORY, "prod", text);
        a_round(&home).await;
    }
    assert_eq!(bearing().len(), 1, "{:?}", registry.tags(REPOSITORY));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_tag_that_went_unseen_keeps_nothing_at_the_next_displacement() {
    let (home, registry, id) = scripted().await;
    let first = registry.push_image(REPOSITORY, "prod", "one");
    rule(&home, &id, KeepRule::OnRequest, true, false).await;
    watch(&home, &id, REPOSITORY, Some("prod")).await;
    registry.push_image(REPOSITORY, "prod", "two");
    a_round(&home).await;
    let tags = registry.tags(REPOSITORY);
    // This computer still has it as kept when the commit is displaced again.
    registry.drop_manifest(REPOSITORY, kept(&tags)[0]);
    for text in ["one", "three"] {
        registry.push_image(REPOSITORY, "prod", text);
        a_round(&home).await;
    }
    let tags = registry.tags(REPOSITORY);
    let keeps = |tag: &&String| registry.tagged(REPOSITORY, tag).as_ref() == Some(&first);
    assert_eq!(kept(&tags).into_iter().filter(keeps).count(), 1, "{tags:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refusal_of_one_account_is_final_for_that_account_alone() {
    let registry = Scripted::start().await.unwrap();
    registry.set(|faults| faults.auth = Auth::Basic);
    registry.script(|asked| {
        let may = asked.method != "PUT" || asked.is_user("writer", "w");
        (!may).then(|| Answer::of(403))
    });
    let home = Home::new();
    let add = async |user: &str, secret: &str| {
        let account = account(&registry.host(), user, secret);
        home.app.add_account(account).await.unwrap().id
    };
    let reader = add("reader", "r").await;
    registry.push_image(REPOSITORY, "prod", "one");
    rule(&home, &reader, KeepRule::OnRequest, true, false).await;
    watch(&home, &reader, REPOSITORY, Some("prod")).await;
    let second = registry.push_image(REPOSITORY, "prod", "two");
    for _ in 0..3 {
        a_round(&home).await;
    }
    // The only account there is may not: that is told, and not tried for ever.
    let row = moves(&home, &reader, REPOSITORY).await.rows.remove(0);
    assert!(!row.kept && row.trouble.is_some(), "{row:#?}");
    assert_eq!(registry.count("PUT", "/v2/"), 1);

    add("writer", "w").await;
    registry.push_image(REPOSITORY, "prod", "three");
    for _ in 0..3 {
        a_round(&home).await;
    }
    let row = moves(&home, &reader, REPOSITORY).await.rows.remove(0);
    assert!(row.kept && row.trouble.is_none(), "{row:#?}");
    let tags = registry.tags(REPOSITORY);
    let [tag] = kept(&tags)[..] else {
        panic!("{tags:?}")
    };
    assert_eq!(registry.tagged(REPOSITORY, tag), Some(second));
    assert_eq!(registry.count("PUT", "/v2/"), 3, "one each");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_lost_at_once_is_said_to_be_gone_and_nothing_is_written() {
    let (home, registry, id) = scripted().await;
    registry.set(|faults| faults.drop_overwritten = true);
    registry.push_image(REPOSITORY, "prod", "one");
    rule(&home, &id, KeepRule::Overwrite, true, false).await;
    watch(&home, &id, REPOSITORY, Some("prod")).await;
    push_plainly(&registry, REPOSITORY, "prod", 2).await;
    registry.forget_requests();
    a_round(&home).await;
    a_round(&home).await;
    assert!(
        registry
            .requests()
            .iter()
            .all(|seen| seen.method == "HEAD" || seen.method == "GET")
    );
    let row = moves(&home, &id, REPOSITORY).await.rows.remove(0);
    assert!(
        !row.kept && matches!(row.reach, Reach::Gone { .. }),
        "{row:#?}"
    );
    let told = home.told().remove(0);
    assert!(told.body.contains("no longer has the old one"), "{told:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_can_not_be_asked_now_is_rescued_at_the_next_round() {
    let (home, registry, id) = scripted().await;
    registry.push_image(REPOSITORY, "prod", "one");
    rule(&home, &id, KeepRule::Overwrite, true, false).await;
    watch(&home, &id, REPOSITORY, Some("prod")).await;
    registry.push_image(REPOSITORY, "prod", "two");
    // The question for the tag is answered, the next one is not.
    home.later(std::time::Duration::from_secs(400));
    registry.set(|faults| (faults.spared, faults.status500) = (1, true));
    home.app.watch_due().await.unwrap();
    assert_eq!(registry.tags(REPOSITORY), ["prod"]);
    assert!(home.told().is_empty(), "nothing can be offered yet");
    registry.set(|faults| faults.status500 = false);
    a_round(&home).await;
    assert_eq!(kept(&registry.tags(REPOSITORY)).len(), 1);
    assert_eq!(home.told().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_persons_own_off_beats_the_repositorys_rescue() {
    let (home, registry, id) = scripted().await;
    registry.push_image(REPOSITORY, "prod", "one");
    rule(&home, &id, KeepRule::Overwrite, true, true).await;
    rule(&home, &id, KeepRule::Off, false, false).await;
    watch(&home, &id, REPOSITORY, Some("prod")).await;
    registry.push_image(REPOSITORY, "prod", "two");
    a_round(&home).await;
    assert!(kept(&registry.tags(REPOSITORY)).is_empty());
    assert_eq!(moves(&home, &id, REPOSITORY).await.rows.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn put_back_is_done_at_once_where_the_repository_keeps() {
    let (home, registry, id) = scripted().await;
    let old = registry.push_image(REPOSITORY, "prod", "one");
    rule(&home, &id, KeepRule::Overwrite, false, false).await;
    watch(&home, &id, REPOSITORY, Some("prod")).await;
    let new = registry.push_image(REPOSITORY, "prod", "two");
    a_round(&home).await;
    let notice = home.told().remove(0);
    home.app
        .notice_pressed(notice.id, NoticeAction::PutBack)
        .await;
    assert_eq!(registry.tagged(REPOSITORY, "prod"), Some(old.clone()));
    let tags = registry.tags(REPOSITORY);
    let [tag] = kept(&tags)[..] else {
        panic!("{tags:?}")
    };
    assert_eq!(registry.tagged(REPOSITORY, tag), Some(new.clone()));
    let told = home.told().remove(0);
    assert_eq!(told.title, "prod is put back in lab/tool");
    assert!(
        told.body.contains(&old[7..19]) && told.body.contains(&new[7..19]),
        "{told:#?}"
    );
    assert_eq!(told.actions.len(), 1);
    assert!(
        moves(&home, &id, REPOSITORY).await.rows.is_empty(),
        "answered"
    );
    // Its own doing is nobody's move.
    a_round(&home).await;
    assert!(home.told().is_empty());
    assert!(moves(&home, &id, REPOSITORY).await.rows.is_empty());

    // The tag has moved on since the notification: the sheet asks.
    registry.push_image(REPOSITORY, "prod", "three");
    a_round(&home).await;
    let notice = home.told().remove(0);
    let four = registry.push_image(REPOSITORY, "prod", "four");
    home.events();
    home.app
        .notice_pressed(notice.id, NoticeAction::PutBack)
        .await;
    assert_eq!(registry.tagged(REPOSITORY, "prod"), Some(four));
    let sheet = app::view::events::AppEvent::Show {
        account: id.clone(),
        repository: REPOSITORY.into(),
        tag: "prod".into(),
        make_active: Some(old),
    };
    assert!(home.events().contains(&sheet));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_very_many_at_once_all_are_rescued() {
    let (home, registry, id) = scripted().await;
    let names: Vec<String> = (0..110).map(|number| format!("v{number:03}")).collect();
    for name in &names {
        registry.push_image(REPOSITORY, name, "one");
        let row = home.at(&id, REPOSITORY).resolve(name).await;
        assert_eq!(row.trouble, None);
    }
    rule(&home, &id, KeepRule::OnRequest, true, false).await;
    for name in &names {
        registry.drop_manifest(REPOSITORY, name);
    }
    // More than one list asks for, and no row of them was answered.
    for _ in 0..3 {
        home.at(&id, REPOSITORY).refresh_tags().await;
    }
    assert_eq!(registry.tags(REPOSITORY).len(), names.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rule_that_was_taken_back_elsewhere_writes_nothing_more() {
    let (home, registry, id) = scripted().await;
    registry.push_image(REPOSITORY, "prod", "one");
    rule(&home, &id, KeepRule::Overwrite, true, true).await;
    watch(&home, &id, REPOSITORY, Some("prod")).await;
    // Somebody else takes it back for everyone; this computer has not looked since.
    let other = Home::new();
    let theirs = other.anyone(&registry.host()).await;
    rule(&other, &theirs, KeepRule::Off, false, true).await;
    registry.push_image(REPOSITORY, "prod", "two");
    a_round(&home).await;
    assert!(kept(&registry.tags(REPOSITORY)).is_empty());

    // The same for what was done here and is displaced.
    rule(&other, &theirs, KeepRule::Overwrite, false, true).await;
    home.at(&id, REPOSITORY).refresh_about().await;
    let now = registry.push_image(REPOSITORY, "prod", "three");
    a_round(&home).await;
    let two = moves(&home, &id, REPOSITORY).await.rows[0].from.clone();
    let order = ActiveOrder {
        account: id.clone(),
        repository: REPOSITORY.into(),
        tag: "prod".into(),
        digest: two.clone(),
        expected: Some(now),
        keep: KeepAnswer::NotThis,
        share_rule: false,
        allows: None,
        accept_loss: false,
    };
    home.app.make_active(order).await.unwrap();
    rule(&other, &theirs, KeepRule::Off, false, true).await;
    registry.push_image(REPOSITORY, "prod", "four");
    a_round(&home).await;
    let tags = registry.tags(REPOSITORY);
    assert!(kept(&tags).is_empty(), "{tags:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sheet_only_looks_and_the_watch_keeps_at_once_what_it_found() {
    let (home, registry, id) = scripted().await;
    let first = registry.push_image(REPOSITORY, "prod", "one");
    rule(&home, &id, KeepRule::OnRequest, true, false).await;
    let lab = home.at(&id, REPOSITORY);
    lab.resolve("prod").await;
    registry.push_image(REPOSITORY, "prod", "two");
    registry.forget_requests();
    let question = ActiveQuestion {
        account: id.clone(),
        repository: REPOSITORY.into(),
        tag: "prod".into(),
        commit: first.clone(),
    };
    home.app.plan_active(question).await.unwrap();
    let writes = || {
        let seen = registry.requests();
        seen.iter().filter(|seen| seen.method == "PUT").count()
    };
    assert_eq!((writes(), registry.tags(REPOSITORY).len()), (0, 1));
    // The watch was told, before it even ran.
    let app = home.app.clone();
    let watch = tokio::spawn(async move { app.keep_watch().await });
    while registry.tags(REPOSITORY).len() == 1 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    watch.abort();
    let tags = registry.tags(REPOSITORY);
    let [tag] = kept(&tags)[..] else {
        panic!("{tags:?}")
    };
    assert_eq!(registry.tagged(REPOSITORY, tag), Some(first));
}
