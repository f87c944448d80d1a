//! What a person sets for the whole app: it holds at once, it is there at the next start, and what can't be is refused.

use crate::home::{Home, problem};
use crate::watching::watch;
use app::view::settings::{AppSettings, KeepProposal, ThemeChoice};
use testkit::scripted::Scripted;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_set_holds_at_once_and_at_the_next_start() {
    let mut home = Home::new();
    let started = home.app.start().await.unwrap().settings;
    assert_eq!(started.values, AppSettings::default());
    assert_eq!(started.problem, None);
    let exports = home.folder.path().join("own exports");
    let wanted = AppSettings {
        theme: ThemeChoice::Dark,
        text_size: 110,
        watch_minutes: 30,
        push_keeps: KeepProposal::Never,
        downloads: Some(format!("  {} ", exports.display())),
        log_requests: true,
        ..AppSettings::default()
    };
    let set = home.app.set_settings(wanted.clone()).await.unwrap();
    let kept = AppSettings {
        downloads: Some(exports.display().to_string()),
        ..wanted
    };
    assert_eq!(set.values, kept);
    assert_eq!(set.downloads, exports.display().to_string());
    assert!(std::path::Path::new(&set.log).is_file(), "{}", set.log);

    let exported = home.app.export_seen(None, None).await.unwrap();
    assert!(
        std::path::Path::new(&exported.path).starts_with(&exports),
        "{}",
        exported.path
    );
    home.reopen();
    assert_eq!(home.app.start().await.unwrap().settings.values, kept);

    let reset = home.app.reset_settings().await.unwrap();
    assert_eq!(reset.values, AppSettings::default());
    home.reopen();
    let started = home.app.start().await.unwrap().settings;
    assert_eq!(started.values, AppSettings::default());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_can_not_be_is_refused_and_changes_nothing() {
    let home = Home::new();
    for (engine, downloads, said) in [
        (
            Some("docker"),
            None,
            "An engine can’t be reached at this address.",
        ),
        (
            Some("fd://"),
            None,
            "An engine can’t be reached at this address.",
        ),
        (
            None,
            Some("exports"),
            "This can’t be the folder for downloads.",
        ),
    ] {
        let wanted = AppSettings {
            theme: ThemeChoice::Dark,
            engine: engine.map(str::to_owned),
            downloads: downloads.map(str::to_owned),
            ..AppSettings::default()
        };
        let refused = problem(home.app.set_settings(wanted).await);
        assert_eq!(refused.message, said, "{engine:?} {downloads:?}");
        assert!(!refused.hints.is_empty());
    }
    let values = home.app.start().await.unwrap().settings.values;
    assert_eq!(values, AppSettings::default());
    // Fields that were emptied are as they were at first.
    let emptied = AppSettings {
        engine: Some("  ".into()),
        downloads: Some(String::new()),
        ..AppSettings::default()
    };
    let set = home.app.set_settings(emptied).await.unwrap();
    assert_eq!(set.values, AppSettings::default());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_engine_that_is_chosen_is_the_one_that_is_asked() {
    let mut home = Home::new();
    let before = home.app.engine().await.unwrap();
    let socket = home.folder.path().join("chosen.sock");
    let chosen = AppSettings {
        engine: Some(format!("unix://{}", socket.display())),
        ..AppSettings::default()
    };
    home.app.set_settings(chosen).await.unwrap();
    let after = home.app.engine().await.unwrap();
    let text = serde_json::to_string(&after).unwrap();
    assert_ne!(before, after);
    assert!(text.contains("chosen.sock"), "{text}");
    home.reopen();
    assert_eq!(home.app.engine().await.unwrap(), after);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shorter_wait_of_the_watch_holds_for_what_waits_already() {
    let (home, registry) = (Home::new(), Scripted::start().await.unwrap());
    registry.push_image("lab/tool", "v1", "one");
    let id = home.anyone(&registry.host()).await;
    watch(&home, &id, "lab/tool", None).await;
    let due = home.app.watch_due().await.unwrap();
    assert!(
        due > app::Clock::system().now() + 200,
        "five minutes, about"
    );
    let minute = AppSettings {
        watch_minutes: 1,
        ..AppSettings::default()
    };
    home.app.set_settings(minute).await.unwrap();
    let now = app::Clock::system().now();
    let due = home.app.watch_due().await.unwrap();
    assert!(due <= now + 60, "{}", due - now);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_that_goes_takes_its_folds_and_its_stars_along() {
    use app::view::start::{PageState, Preferences, RecentRepository, Screen};
    let (home, registry) = (Home::new(), Scripted::start().await.unwrap());
    let id = home.anyone(&registry.host()).await;
    let at = |account: &str| RecentRepository {
        account: account.to_owned(),
        repository: "lab/tool".into(),
    };
    let left = Preferences {
        place: Screen::Repository {
            account: id.clone(),
            repository: "lab/tool".into(),
        },
        page: PageState {
            filter: "v".into(),
            scroll: 3,
        },
        unfolded: vec![format!("{id}/lab"), "other/lab".into()],
        starred: vec![at(&id), at("other")],
        ..Preferences::default()
    };
    home.app.save_preferences(left).await.unwrap();
    home.app.remove_account(id).await.unwrap();
    let left = home.app.start().await.unwrap().preferences;
    let wanted = Preferences {
        unfolded: vec!["other/lab".into()],
        starred: vec![at("other")],
        ..Preferences::default()
    };
    assert_eq!(left, wanted);
}
