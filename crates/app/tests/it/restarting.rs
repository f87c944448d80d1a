//! Closing and opening the app: everything is as it was, and a transfer that was cut can be retried.

use crate::home::{Home, load, scripted_with_engine};
use app::view::push::KeepAnswer;
use app::view::settings::AppSettings;
use app::view::start::{ColumnWidth, PageState, Preferences, RecentRepository, Screen, TagOrder};
use app::view::tasks::TaskState;
use testkit::images::ImageSpec;
use testkit::scripted::Scripted;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_window_and_the_accounts_are_as_they_were() {
    let (mut home, registry) = (Home::new(), Scripted::start().await.unwrap());
    assert_eq!(
        home.app.start().await.unwrap().preferences,
        Preferences::default()
    );
    let id = home.anyone(&registry.host()).await;
    let preferences = Preferences {
        place: Screen::Repository {
            account: id.clone(),
            repository: "lab/tool".into(),
        },
        folded: vec![format!("{id}/imaging")],
        unfolded: vec![format!("{id}/genomics")],
        sidebar: Some(310),
        filter: "gen".into(),
        scroll: 420,
        page: PageState {
            filter: "v1".into(),
            scroll: 68,
        },
        tab: app::view::start::RepositoryTab::Tags,
        tag_order: TagOrder::Version,
        columns: vec![ColumnWidth {
            table: "tags".into(),
            column: "tag".into(),
            width: 320,
        }],
        recent: vec![RecentRepository {
            account: id.clone(),
            repository: "lab/tool".into(),
        }],
        starred: vec![RecentRepository {
            account: id.clone(),
            repository: "lab/other".into(),
        }],
    };
    home.app
        .save_preferences(preferences.clone())
        .await
        .unwrap();
    let zoom = async |text_size| {
        let values = AppSettings {
            text_size,
            ..AppSettings::default()
        };
        let set = home.app.set_settings(values).await.unwrap();
        set.values.text_size
    };
    // What nobody could read, or find the way back from, is not taken.
    assert_eq!(
        (zoom(0).await, zoom(u16::MAX).await, zoom(125).await),
        (50, 300, 125)
    );
    home.reopen();
    let start = home.app.start().await.unwrap();
    assert_eq!(start.preferences, preferences);
    assert_eq!(start.settings.values.text_size, 125);
    assert_eq!(home.app.accounts().await.unwrap()[0].id, id);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transfer_cut_by_leaving_is_interrupted_and_can_be_retried() {
    let Some((mut home, registry, engine, id)) = scripted_with_engine().await else {
        return;
    };
    let big = ImageSpec::of_sizes(5, &[40_000_000, 40_000_000]);
    engine
        .load_tar(big.save(&["local/big:1"]).unwrap())
        .await
        .unwrap();
    registry.set(|faults| faults.delay = std::time::Duration::from_millis(500));
    let order =
        home.at(&id, "lab/tool")
            .push_order("v1", &big.id().unwrap(), None, KeepAnswer::ByRule);
    let task = home.app.start_push(order).await.unwrap();
    home.until(&task, |view| view.state == TaskState::Running)
        .await;
    assert_eq!(home.app.running(), 1);
    home.app.leave().await.unwrap();
    assert_eq!(home.ended(&task).await.state, TaskState::Interrupted);

    // It is told by the next run, however often that reads, and by none after it.
    for untold in [true, false, false] {
        home.reopen();
        for _ in 0..2 {
            let tasks = home.app.tasks().await.unwrap();
            assert_eq!(
                tasks
                    .iter()
                    .map(|view| (view.id.as_str(), view.state, view.untold))
                    .collect::<Vec<_>>(),
                [(task.as_str(), TaskState::Interrupted, untold)]
            );
        }
    }
    registry.set(|faults| faults.delay = std::time::Duration::ZERO);
    let again = home.app.retry_task(task.clone()).await.unwrap();
    let ended = home.ended(&again).await;
    assert_eq!(ended.state, TaskState::Done, "{ended:#?}");
    assert_eq!(
        registry.tagged("lab/tool", "v1"),
        ended
            .outcome
            .and_then(app::view::tasks::TaskOutcome::moved)
            .unwrap()
            .digest
    );
    let listed: Vec<String> = home
        .app
        .tasks()
        .await
        .unwrap()
        .into_iter()
        .map(|view| view.id)
        .collect();
    assert_eq!(
        listed,
        std::slice::from_ref(&again),
        "the new one took the old one’s place"
    );
    home.app.dismiss_task(again).await.unwrap();
    assert!(home.app.tasks().await.unwrap().is_empty());

    // One that nobody wants again goes with what is finished.
    registry.set(|faults| faults.delay = std::time::Duration::from_millis(500));
    let order =
        home.at(&id, "lab/tool")
            .push_order("v2", &big.id().unwrap(), None, KeepAnswer::ByRule);
    let other = home.app.start_push(order).await.unwrap();
    home.until(&other, |view| view.state == TaskState::Running)
        .await;
    home.app.leave().await.unwrap();
    assert_eq!(home.ended(&other).await.state, TaskState::Interrupted);
    home.app.clear_finished().await.unwrap();
    assert!(home.app.tasks().await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_has_ended_is_there_after_a_restart_as_it_ended_until_it_is_cleared() {
    let Some((mut home, registry, engine, id)) = scripted_with_engine().await else {
        return;
    };
    let images = load(&engine, 1, 30_000).await;
    let place = home.at(&id, "lab/tool");
    let mut order = place.push_order("v1", &images[0], None, KeepAnswer::ByRule);
    order.name = Some("local/app:1".into());
    let pushed = home.app.start_push(order).await.unwrap();
    home.ended(&pushed).await;
    let pulled = home.app.start_pull(place.pull_order("v1", None)).await;
    home.ended(pulled.as_ref().unwrap()).await;
    let failed = home.app.start_pull(place.pull_order("none", None)).await;
    home.ended(failed.as_ref().unwrap()).await;
    let before = home.app.tasks().await.unwrap();
    let states: Vec<_> = before.iter().map(|task| task.state).collect();
    assert_eq!(
        states,
        [TaskState::Failed, TaskState::Done, TaskState::Done]
    );
    assert_eq!(before[2].image.as_deref(), Some("local/app:1"));
    assert!(before[2].total > 0 && before[2].outcome.is_some());

    home.reopen();
    assert_eq!(home.app.tasks().await.unwrap(), before);
    home.app.clear_finished().await.unwrap();
    assert_eq!(home.app.tasks().await.unwrap(), &before[..1]);
    home.reopen();
    assert_eq!(home.app.tasks().await.unwrap(), &before[..1]);
    drop(registry);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_transfers_run_and_the_others_wait() {
    let Some((home, registry, engine, id)) = scripted_with_engine().await else {
        return;
    };
    let images = load(&engine, 3, 30_000).await;
    registry.set(|faults| faults.delay = std::time::Duration::from_millis(300));
    let mut tasks = Vec::new();
    for (image, tag) in images.iter().zip(["a", "b", "c"]) {
        let order = home
            .at(&id, "lab/tool")
            .push_order(tag, image, None, KeepAnswer::ByRule);
        tasks.push(home.app.start_push(order).await.unwrap());
    }
    let mut most = 0;
    loop {
        let views = home.app.tasks().await.unwrap();
        most = most.max(
            views
                .iter()
                .filter(|view| view.state == TaskState::Running)
                .count(),
        );
        if views.iter().all(|view| view.finished_at.is_some()) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(most, 2);
    for task in tasks {
        assert_eq!(home.ended(&task).await.state, TaskState::Done);
    }
    let mut tags = registry.tags("lab/tool");
    tags.sort();
    assert_eq!(tags, ["a", "b", "c"]);
}
