//! Tags that someone else moved: recorded once, shown, answered.

use crate::home::{Home, problem, scripted};
use crate::watching::{a_round, moves, push_plainly, watch};
use app::NoticeAction;
use app::view::browse::{Reach, TagRow};
use app::view::events::{AppEvent, Stale};
use app::view::watch::MoveAnswer;

const REPOSITORY: &str = "lab/tool";

async fn look(home: &Home, id: &str, tag: &str) -> TagRow {
    home.at(id, REPOSITORY).resolve(tag).await
}

async fn refresh(home: &Home, id: &str) {
    home.at(id, REPOSITORY).refresh_tags().await;
}

async fn answer(home: &Home, account: &str, id: &str, answer: MoveAnswer) {
    home.app
        .answer_move(account.into(), REPOSITORY.into(), id.into(), answer)
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refresh_finds_what_moved_and_what_was_deleted_once() {
    let (home, registry, id) = scripted().await;
    let [one, gone] = ["one", "gone"].map(|text| registry.push_image(REPOSITORY, text, text));
    refresh(&home, &id).await;
    for tag in ["one", "gone"] {
        assert_eq!(look(&home, &id, tag).await.moved_at, None);
    }
    let two = registry.push_image(REPOSITORY, "one", "two");
    registry.push_image(REPOSITORY, "new", "new");
    registry.drop_manifest(REPOSITORY, "gone");
    home.events();
    for _ in 0..2 {
        refresh(&home, &id).await;
        for tag in ["one", "new"] {
            look(&home, &id, tag).await;
        }
    }
    let stale = AppEvent::Stale {
        what: Stale::Moves {
            account: id.clone(),
            repository: REPOSITORY.into(),
        },
    };
    // Two in one moment are told as one.
    let told = home.heard_within_a_moment().await;
    let told = told.iter().filter(|event| **event == stale).count();
    assert!((1..=2).contains(&told), "{told}");
    let found = moves(&home, &id, REPOSITORY).await;
    let mut rows: Vec<_> = found
        .rows
        .iter()
        .map(|row| (row.tag.as_str(), row.from.clone(), row.to.clone()))
        .collect();
    rows.sort();
    assert_eq!(rows, [("gone", gone, None), ("one", one, Some(two))]);
    let marked: Vec<(String, bool)> = home
        .at(&id, REPOSITORY)
        .tags()
        .await
        .rows
        .into_iter()
        .map(|row| (row.name, row.moved_at.is_some()))
        .collect();
    let marked: std::collections::BTreeMap<String, bool> = marked.into_iter().collect();
    assert_eq!(
        (marked["one"], marked["gone"], marked["new"]),
        (true, true, false)
    );
    // Nobody watches, nobody is told.
    a_round_without_anything_due(&home).await;
    assert!(home.told().is_empty());
}

async fn a_round_without_anything_due(home: &Home) {
    home.later(std::time::Duration::from_secs(4000));
    assert_eq!(home.app.watch_due().await, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answered_move_is_shown_no_more() {
    let (home, registry, id) = scripted().await;
    let old = registry.push_image(REPOSITORY, "prod", "one");
    look(&home, &id, "prod").await;
    registry.push_image(REPOSITORY, "prod", "two");
    look(&home, &id, "prod").await;
    let row = moves(&home, &id, REPOSITORY).await.rows.remove(0);
    answer(&home, &id, &row.id, MoveAnswer::Keep).await;
    let kept: Vec<String> = registry
        .tags(REPOSITORY)
        .into_iter()
        .filter(|tag| tag.starts_with("_h.prod."))
        .collect();
    assert_eq!(kept.len(), 1);
    assert_eq!(registry.tagged(REPOSITORY, &kept[0]), Some(old));
    assert!(moves(&home, &id, REPOSITORY).await.rows.is_empty());
    assert_eq!(look(&home, &id, "prod").await.moved_at, None);

    registry.push_image(REPOSITORY, "prod", "three");
    look(&home, &id, "prod").await;
    let row = moves(&home, &id, REPOSITORY).await.rows.remove(0);
    answer(&home, &id, &row.id, MoveAnswer::Dismiss).await;
    assert!(moves(&home, &id, REPOSITORY).await.rows.is_empty());
    assert_eq!(registry.tags(REPOSITORY).len(), 2, "nothing was written");
    // An id of another repository answers nothing.
    let other = home
        .app
        .answer_move(id, "lab/other".into(), row.id, MoveAnswer::Dismiss)
        .await;
    problem(other);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_registry_let_go_of_is_said_to_be_gone() {
    let (home, registry, id) = scripted().await;
    registry.set(|faults| faults.drop_overwritten = true);
    registry.push_image(REPOSITORY, "prod", "one");
    watch(&home, &id, REPOSITORY, Some("prod")).await;
    push_plainly(&registry, REPOSITORY, "prod", 2).await;
    a_round(&home).await;
    let told = home.told();
    let buttons: Vec<NoticeAction> = told[0].actions.iter().map(|(action, _)| *action).collect();
    assert_eq!(buttons, [NoticeAction::Show], "{told:#?}");
    let row = moves(&home, &id, REPOSITORY).await.rows.remove(0);
    assert!(matches!(row.reach, Reach::Gone { .. }), "{row:#?}");
    let refused = home
        .app
        .answer_move(id, REPOSITORY.into(), row.id, MoveAnswer::Keep)
        .await;
    let told = problem(refused).message;
    assert!(told.contains("no longer has it"), "{told}");
    assert_eq!(registry.tags(REPOSITORY), ["prod"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whether_the_old_one_is_there_is_asked_behind_and_once() {
    let (home, registry, id) = scripted().await;
    let old = registry.push_image(REPOSITORY, "prod", "one");
    look(&home, &id, "prod").await;
    push_plainly(&registry, REPOSITORY, "prod", 2).await;
    look(&home, &id, "prod").await;
    registry.drop_manifest(REPOSITORY, &old);
    registry.forget_requests();
    home.events();
    moves(&home, &id, REPOSITORY).await;
    // The limit is only there so that a fault ends the test.
    for _ in 0..200 {
        if home.events().iter().any(|event| {
            matches!(
                event,
                AppEvent::Stale {
                    what: Stale::Moves { .. }
                }
            )
        }) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let row = moves(&home, &id, REPOSITORY).await.rows.remove(0);
    assert!(matches!(row.reach, Reach::Gone { .. }), "{row:#?}");
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    let asked: Vec<String> = registry
        .requests()
        .into_iter()
        .map(|seen| seen.method)
        .collect();
    // Once: a HEAD, and, of a registry whose 404 to HEAD is not known to be honest, a GET.
    assert_eq!(asked, ["HEAD", "GET"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_pip_goes_when_the_person_looks_and_no_notice_comes_after() {
    let (home, registry, id) = scripted().await;
    registry.push_image(REPOSITORY, "prod", "one");
    watch(&home, &id, REPOSITORY, Some("prod")).await;
    registry.push_image(REPOSITORY, "prod", "two");
    // Found by the window's own refresh, and looked at.
    let row = look(&home, &id, "prod").await;
    assert!(row.watched && row.moved_at.is_some());
    home.events();
    home.app
        .saw_moves(id.clone(), REPOSITORY.into())
        .await
        .unwrap();
    let told = home.heard_within_a_moment().await;
    assert!(told.contains(&AppEvent::Stale {
        what: Stale::Repositories {
            account: id.clone()
        }
    }));
    a_round(&home).await;
    assert!(home.told().is_empty());
    assert_eq!(moves(&home, &id, REPOSITORY).await.rows.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_press_on_a_notification_keeps_the_old_one() {
    let (home, registry, id) = scripted().await;
    let old = registry.push_image(REPOSITORY, "prod", "one");
    watch(&home, &id, REPOSITORY, Some("prod")).await;
    registry.push_image(REPOSITORY, "prod", "two");
    a_round(&home).await;
    let notice = home.told().remove(0);
    home.events();
    home.app.notice_pressed(notice.id, NoticeAction::Show).await;
    assert_eq!(
        home.events(),
        [AppEvent::Show {
            account: id.clone(),
            repository: REPOSITORY.into(),
            tag: "prod".into(),
            make_active: None
        }]
    );
    // Nobody has said here that anything is kept: the sheet asks.
    home.app
        .notice_pressed(notice.id, NoticeAction::PutBack)
        .await;
    assert_eq!(
        home.events(),
        [AppEvent::Show {
            account: id.clone(),
            repository: REPOSITORY.into(),
            tag: "prod".into(),
            make_active: Some(old.clone())
        }]
    );
    assert_eq!(registry.tags(REPOSITORY), ["prod"], "nothing was written");
    home.app.notice_pressed(notice.id, NoticeAction::Keep).await;
    let told = home.told();
    assert_eq!(told[0].title, format!("{} is kept", &old[7..19]));
    let buttons: Vec<NoticeAction> = told[0].actions.iter().map(|(action, _)| *action).collect();
    assert_eq!(buttons, [NoticeAction::Show]);
    assert!(
        registry
            .tags(REPOSITORY)
            .iter()
            .any(|tag| tag.starts_with("_h.prod.") && tag.ends_with(&old[7..]))
    );
    assert!(moves(&home, &id, REPOSITORY).await.rows.is_empty());
    home.app.notice_pressed(987_654, NoticeAction::Keep).await;
    assert!(home.told().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_tags_that_are_gone_at_once_are_told_to_the_window_in_few_parts() {
    let (home, registry, id) = scripted().await;
    let names: Vec<String> = (0..40).map(|number| format!("v{number}")).collect();
    for name in &names {
        registry.push_image(REPOSITORY, name, "one");
        look(&home, &id, name).await;
    }
    for name in &names {
        registry.drop_manifest(REPOSITORY, name);
    }
    home.events();
    let began = std::time::Instant::now();
    refresh(&home, &id).await;
    // The first at once, then four a second, and the last.
    let most = 2 + usize::try_from(began.elapsed().as_millis() / 250).unwrap();
    assert_eq!(moves(&home, &id, REPOSITORY).await.rows.len(), names.len());
    let stale = |event: &&AppEvent| {
        matches!(
            event,
            AppEvent::Stale {
                what: Stale::Moves { .. }
            }
        )
    };
    let told = home.events().iter().filter(stale).count();
    assert!((1..=most).contains(&told), "{told} of {most}");
}
