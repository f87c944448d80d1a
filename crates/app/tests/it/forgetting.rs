//! Removing a registry and what was seen there; and what of a person's files others may read.

use crate::home::{Home, account, open_beside, open_window, problem};
use crate::window::Window;
use app::view::start::{Preferences, RecentRepository, Screen};
use std::path::Path;
use testkit::scripted::Scripted;

/// Every byte of the database and of the files beside it.
fn database(folder: &Path) -> Vec<u8> {
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap());
    files
        .filter(|file| {
            file.file_name()
                .to_string_lossy()
                .starts_with("longshore.db")
        })
        .flat_map(|file| std::fs::read(file.path()).unwrap())
        .collect()
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|part| part == text.as_bytes())
}

/// Looks at an image so that everything is kept of it that a look keeps.
async fn look(home: &Home, id: &str, repository: &str) {
    home.app.refresh_repositories(id.to_owned()).await.unwrap();
    let lab = home.at(id, repository);
    lab.refresh_tags().await;
    lab.resolve("v1").await;
    home.app
        .refresh_about(id.to_owned(), repository.to_owned())
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_a_registry_that_is_forgotten_leaves_nothing_in_the_database() {
    let home = Home::new();
    let (gone, stays) = (
        Scripted::start().await.unwrap(),
        Scripted::start().await.unwrap(),
    );
    let private = gone.push_image("secret-team/tool", "v1", "private");
    let shared = gone.push_image("secret-team/tool", "both", "shared");
    assert_eq!(stays.push_image("open/tool", "v1", "shared"), shared);
    let id = home.anyone(&gone.host()).await;
    let other = home.anyone(&stays.host()).await;
    look(&home, &id, "secret-team/tool").await;
    home.at(&id, "secret-team/tool").resolve("both").await;
    look(&home, &other, "open/tool").await;
    let preferences = Preferences {
        place: Screen::Repository {
            account: id.clone(),
            repository: "secret-team/tool".into(),
        },
        folded: vec![format!("{id}/secret-team"), other.clone()],
        recent: recent([(&id, "secret-team/tool"), (&other, "open/tool")]),
        ..Preferences::default()
    };
    home.app.save_preferences(preferences).await.unwrap();
    let before = database(home.folder.path());
    for there in [
        gone.host().as_str(),
        "secret-team",
        private.as_str(),
        shared.as_str(),
    ] {
        assert!(
            holds(&before, there),
            "{there} was never stored: the test shows nothing"
        );
    }

    home.app.remove_registry(id, true).await.unwrap();

    let after = database(home.folder.path());
    for gone in [gone.host().as_str(), "secret-team", private.as_str()] {
        assert!(!holds(&after, gone), "{gone} is still in the database");
    }
    for there in [stays.host().as_str(), "open/tool", shared.as_str()] {
        assert!(holds(&after, there), "{there} is another registry’s too");
    }
    let left = home.app.start().await.unwrap().preferences;
    assert_eq!(
        (left.place, left.folded, left.recent),
        (
            Screen::Welcome,
            vec![other.clone()],
            recent([(&other, "open/tool")])
        )
    );
    assert_eq!(home.at(&other, "open/tool").digests("v1").await, [shared]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_tick_what_was_seen_stays() {
    let (home, registry) = (Home::new(), Scripted::start().await.unwrap());
    let digest = registry.push_image("lab/tool", "v1", "one");
    let id = home.anyone(&registry.host()).await;
    look(&home, &id, "lab/tool").await;
    home.app.remove_registry(id, false).await.unwrap();
    assert!(holds(&database(home.folder.path()), &digest));
    let again = home.anyone(&registry.host()).await;
    assert_eq!(home.at(&again, "lab/tool").digests("v1").await, [digest]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_another_account_shows_is_not_forgotten() {
    let (home, registry) = (Home::new(), Scripted::start().await.unwrap());
    let id = home.anyone(&registry.host()).await;
    home.sign_in(&registry.host()).await;
    let refused = problem(home.app.remove_registry(id, true).await);
    assert!(refused.message.contains("Another account"), "{refused:?}");
    assert_eq!(home.app.accounts().await.unwrap().len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_window_on_the_data_folder_says_so_and_changes_nothing() {
    let home = Home::new();
    let first: Window = open_window(&home).unwrap();
    let rows = |home: &Home| {
        ["longshore.db", "longshore.db-wal"]
            .map(|file| std::fs::read(home.folder.path().join(file)).unwrap())
    };
    let before = rows(&home);
    let Err(refused) = open_window(&home) else {
        panic!("two windows have one data folder")
    };
    assert!(refused.message.contains("Another Longshore"), "{refused:?}");
    assert!(!refused.hints.is_empty());
    assert!(rows(&home) == before, "something was written");
    // A program without a window may work beside it.
    open_beside(&home).accounts().await.unwrap();
    drop(first);
    open_window(&home).unwrap();
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_nobody_else_on_the_computer_may_read_a_persons_files() {
    use std::os::unix::fs::PermissionsExt;
    let (home, registry) = (Home::new(), Scripted::start().await.unwrap());
    registry.push_image("lab/tool", "v1", "one");
    let id = home
        .app
        .add_account(account(&registry.host(), "", ""))
        .await
        .unwrap()
        .id;
    look(&home, &id, "lab/tool").await;
    let exported = home.app.export_seen(None, None).await.unwrap();
    let log = home.folder.path().join("requests.log");
    std::fs::write(&log, "").unwrap();
    app::RequestLog::new(app::Clock::system())
        .also_to(&log)
        .unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(home.folder.path()), 0o700);
    assert_eq!(mode(Path::new(&exported.path)), 0o600);
    assert_eq!(mode(&log), 0o600);
    let mut files = 0;
    for file in std::fs::read_dir(home.folder.path()).unwrap() {
        let path = file.unwrap().path();
        let wanted = if path.is_dir() { continue } else { 0o600 };
        assert_eq!(mode(&path), wanted, "{}", path.display());
        files += 1;
    }
    assert!(files >= 3, "database and side files");
}

fn recent<const N: usize>(of: [(&String, &str); N]) -> Vec<RecentRepository> {
    of.map(|(account, repository)| RecentRepository {
        account: account.clone(),
        repository: repository.to_owned(),
    })
    .into()
}
