//! A registry on this computer from the first press to the last: by a program and by a container, with a sign-in and without,
//! stopped and started, over a restart of the app, and what stays of it.

use crate::home::{Home, SECRET, USER, load, problem};
use app::view::accounts::{AccountState, Keep};
use app::view::hosting::{
    HostedState, HostedView, HostingBy, HostingOrder, HostingPlan, HostingWay, UnhostOrder,
};
use app::view::problem::Code;
use app::view::push::KeepAnswer;
use app::view::tasks::TaskState;
use secrecy::SecretString;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use testkit::images::{push, registry};
use testkit::parts::{Dockerd, Part, Registry, RegistryOptions, SshClient, Sshd, need};

/// Ends the programs that a test leaves, where it fails: they go on without the app.
struct Leftovers(PathBuf);

impl Leftovers {
    fn of(home: &Home) -> Self {
        Self(home.folder.path().join("hosted"))
    }
}

impl Drop for Leftovers {
    fn drop(&mut self) {
        for own in std::fs::read_dir(&self.0).into_iter().flatten().flatten() {
            if let Ok(number) = std::fs::read_to_string(own.path().join("pid")) {
                let _ = Command::new("kill").args(["-KILL", &number]).status();
            }
        }
    }
}

fn way(plan: &HostingPlan, by: HostingBy) -> &HostingWay {
    let found = plan.ways.iter().find(|way| way.by == by);
    found.unwrap_or_else(|| panic!("{plan:#?}"))
}

/// Writes down what the button of the sheet orders, as it was proposed.
fn order(plan: &HostingPlan, by: HostingBy) -> HostingOrder {
    let way = way(plan, by);
    // Tests that run beside this one are planned for the same.
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    HostingOrder {
        way: way.id.clone(),
        image: way.images.first().map(|image| image.name.clone()),
        folder: plan.folder.clone(),
        port: free.local_addr().unwrap().port(),
        user: String::new(),
        secret: SecretString::default(),
        keep: Keep::Keychain,
    }
}

async fn only(home: &Home) -> HostedView {
    let mut hosted = home.app.hosted().await.unwrap();
    assert_eq!(hosted.len(), 1, "{hosted:#?}");
    hosted.remove(0)
}

fn unhost(id: &str, data: bool) -> UnhostOrder {
    UnhostOrder {
        id: id.to_owned(),
        data,
        anyway: Vec::new(),
    }
}

/// Searches all files below a folder for a text.
fn holds(folder: &Path, text: &str) -> bool {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.into_iter().any(|entry| {
        let path = entry.path();
        if path.is_dir() {
            return holds(&path, text);
        }
        let bytes = std::fs::read(&path).unwrap_or_default();
        String::from_utf8_lossy(&bytes).contains(text)
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_serves_what_is_pushed_and_goes_on_without_the_app() {
    if !need(Part::Registry) || !need(Part::Dockerd) {
        return;
    }
    let engine = Dockerd::start(None).await.unwrap();
    let mut home = Home::with(Some(&engine));
    let _ends = Leftovers::of(&home);
    let images = load(&engine, 2, 20_000).await;

    let plan = home.app.plan_hosting().await.unwrap();
    assert!(
        way(&plan, HostingBy::Program)
            .name
            .starts_with("docker-registry 2.")
    );
    let ordered = HostingOrder {
        user: USER.to_owned(),
        secret: SecretString::from(SECRET),
        ..order(&plan, HostingBy::Program)
    };
    let folder = PathBuf::from(&ordered.folder);
    let account = home.app.host_registry(ordered.clone()).await.unwrap();
    assert_eq!(account.host, format!("127.0.0.1:{}", ordered.port));
    assert_eq!(
        (account.user.as_deref(), account.state),
        (Some(USER), AccountState::SignedIn)
    );
    let hosted = only(&home).await;
    assert_eq!(
        (hosted.state, hosted.problem.as_ref()),
        (HostedState::Running, None)
    );
    assert_eq!(
        (hosted.by, hosted.host.as_str()),
        (HostingBy::Program, account.host.as_str())
    );
    assert!(!holds(home.folder.path(), SECRET));

    let first = home
        .at(&account.id, "lab/tool")
        .pushed("v1", &images[0], KeepAnswer::ByRule)
        .await;
    // What is there is neither given twice nor taken.
    let again = problem(home.app.host_registry(ordered.clone()).await);
    assert!(again.message.contains("holds the data of"), "{again:?}");
    let elsewhere = home.folder.path().join("another").display().to_string();
    let same_port = HostingOrder {
        folder: elsewhere.clone(),
        ..ordered.clone()
    };
    let again = problem(home.app.host_registry(same_port).await);
    assert!(again.message.contains("was started here"), "{again:?}");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let other = HostingOrder {
        folder: elsewhere,
        port,
        ..ordered
    };
    let again = problem(home.app.host_registry(other).await);
    assert_eq!(
        again.message,
        format!("Port {port} of this computer is taken.")
    );
    assert!(!home.folder.path().join("another").exists());

    // The app is closed and opened again: it runs on, and what is pushed goes there.
    home.reopen();
    assert_eq!(only(&home).await.state, HostedState::Running);
    let lab = home.at(&account.id, "lab/tool");
    let second = lab
        .pushed("v1", &images[1], KeepAnswer::EachOverwrite)
        .await;
    lab.refresh_tags().await;
    lab.refresh_commits("v1").await;
    assert_eq!(lab.digests("v1").await, [second, first]);

    home.app.stop_hosted(hosted.id.clone()).await.unwrap();
    let stopped = only(&home).await;
    assert_eq!(
        (stopped.state, stopped.problem),
        (HostedState::Stopped, None)
    );
    home.reopen();
    let refused = home
        .app
        .refresh_tags(account.id.clone(), "lab/tool".to_owned())
        .await;
    assert_eq!(problem(refused).code, Code::NoAnswer);
    home.app.start_hosted(hosted.id.clone()).await.unwrap();
    // Once more is no failure.
    home.app.start_hosted(hosted.id.clone()).await.unwrap();
    let lab = home.at(&account.id, "lab/tool");
    lab.refresh_tags().await;
    assert!(!lab.tags().await.rows.is_empty());

    let plan = home.app.plan_unhost(hosted.id.clone()).await.unwrap();
    assert!(plan.bytes > 20_000 && !plan.more, "{plan:?}");
    home.app.unhost(unhost(&hosted.id, true)).await.unwrap();
    assert!(home.app.hosted().await.unwrap().is_empty());
    assert!(home.app.accounts().await.unwrap().is_empty());
    assert!(!folder.exists());
    assert!(
        std::fs::read_dir(home.folder.path().join("hosted"))
            .unwrap()
            .next()
            .is_none()
    );
    assert!(TcpListener::bind(hosted.host).is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_that_ends_by_itself_is_told_with_its_last_lines() {
    if !need(Part::Registry) {
        return;
    }
    let home = Home::new();
    let _ends = Leftovers::of(&home);
    let plan = home.app.plan_hosting().await.unwrap();
    // No engine, and said so.
    assert_eq!(plan.ways.len(), 1, "{plan:#?}");
    assert_eq!(plan.problems[0].code, Code::NoEngine);
    let ordered = order(&plan, HostingBy::Program);
    home.app.host_registry(ordered.clone()).await.unwrap();
    let hosted = only(&home).await;
    let own = home.folder.path().join("hosted").join(&hosted.id);
    let number = std::fs::read_to_string(own.join("pid")).unwrap();
    assert!(
        Command::new("kill")
            .args(["-KILL", &number])
            .status()
            .unwrap()
            .success()
    );
    let gone = loop {
        let now = only(&home).await;
        if now.state == HostedState::Stopped {
            break now;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    assert_eq!(
        gone.problem.unwrap().message,
        "docker-registry stopped by itself."
    );
    // Its data can't be used any more: it doesn't start, and says why.
    let folder = PathBuf::from(&ordered.folder);
    std::fs::remove_dir_all(&folder).unwrap();
    std::fs::write(&folder, "a file").unwrap();
    let refused = problem(home.app.start_hosted(hosted.id.clone()).await);
    assert!(refused.message.contains("can’t be written"), "{refused:?}");
    std::fs::remove_file(&folder).unwrap();
    home.app.start_hosted(hosted.id.clone()).await.unwrap();
    assert_eq!(only(&home).await.state, HostedState::Running);
    home.app.unhost(unhost(&hosted.id, false)).await.unwrap();
    assert!(folder.is_dir());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_stays_of_one_whose_secret_could_not_be_kept() {
    if !need(Part::Registry) {
        return;
    }
    let home = Home::new();
    let _ends = Leftovers::of(&home);
    let plan = home.app.plan_hosting().await.unwrap();
    let ordered = HostingOrder {
        user: USER.to_owned(),
        secret: SecretString::from(SECRET),
        ..order(&plan, HostingBy::Program)
    };
    home.keychain.take_away();
    let refused = problem(home.app.host_registry(ordered.clone()).await);
    assert_eq!(refused.code, Code::Keychain);
    assert!(home.app.hosted().await.unwrap().is_empty());
    assert!(home.app.accounts().await.unwrap().is_empty());
    // Another answer, and it is there.
    let kept = HostingOrder {
        keep: Keep::Session,
        ..ordered
    };
    let account = home.app.host_registry(kept).await.unwrap();
    assert_eq!(account.state, AccountState::SignedInForSession);
    for (user, secret) in [("ana", ""), ("a:b", "x"), ("", "x")] {
        let bad = HostingOrder {
            user: user.to_owned(),
            secret: SecretString::from(secret),
            folder: home.folder.path().join("other").display().to_string(),
            ..order(&plan, HostingBy::Program)
        };
        problem(home.app.host_registry(bad).await);
    }
    let hosted = only(&home).await;
    home.app.unhost(unhost(&hosted.id, true)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_container_serves_what_is_pushed_and_its_data_outlives_it() {
    if !need(Part::EngineNetwork) || !need(Part::Registry) {
        return;
    }
    let engine = Dockerd::start_with_network().await.unwrap();
    let mut home = Home::with(Some(&engine));
    let images = load(&engine, 1, 20_000).await;

    // The image isn't there: it is said where it would come from, and nothing stays of a try without it.
    let plan = home.app.plan_hosting().await.unwrap();
    let proposed = &way(&plan, HostingBy::Engine).images;
    assert_eq!(
        (proposed[0].name.as_str(), proposed[0].from.as_deref()),
        ("registry:3", Some("docker.io"))
    );
    let refused = problem(
        home.app
            .host_registry(order(&plan, HostingBy::Engine))
            .await,
    );
    assert_eq!(refused.message, "The engine has no image registry:3.");
    assert!(home.app.hosted().await.unwrap().is_empty());

    let image = registry().unwrap().save(&["registry:3"]).unwrap();
    engine.load_tar(image).await.unwrap();
    let plan = home.app.plan_hosting().await.unwrap();
    assert_eq!(way(&plan, HostingBy::Engine).images[0].from, None);
    let ordered = HostingOrder {
        user: USER.to_owned(),
        secret: SecretString::from(SECRET),
        ..order(&plan, HostingBy::Engine)
    };
    let account = home.app.host_registry(ordered.clone()).await.unwrap();
    assert_eq!(account.state, AccountState::SignedIn);
    let hosted = only(&home).await;
    assert_eq!(
        (hosted.by, hosted.name.as_str()),
        (HostingBy::Engine, "registry:3")
    );
    assert!(!holds(home.folder.path(), SECRET));
    let lab = home.at(&account.id, "lab/tool");
    let pushed = lab.pushed("v1", &images[0], KeepAnswer::ByRule).await;

    // The engine tells of it to whoever opens the app next.
    home.reopen();
    assert_eq!(only(&home).await.state, HostedState::Running);
    home.app.stop_hosted(hosted.id.clone()).await.unwrap();
    let stopped = only(&home).await;
    assert_eq!(
        (stopped.state, stopped.problem),
        (HostedState::Stopped, None)
    );
    home.app.start_hosted(hosted.id.clone()).await.unwrap();
    assert_eq!(
        home.at(&account.id, "lab/tool").resolve("v1").await.digest,
        Some(pushed.clone())
    );

    // Somebody else stops it.
    let (_, _, listed) = engine.get("/containers/json").await.unwrap();
    let listed: serde_json::Value = serde_json::from_slice(&listed).unwrap();
    let id = listed[0]["Id"].as_str().unwrap().to_owned();
    engine.container_act(&id, "stop?t=0").await.unwrap();
    let told = only(&home).await;
    assert_eq!(told.state, HostedState::Stopped);
    assert_eq!(
        told.problem.unwrap().message,
        "registry:3 stopped by itself."
    );
    // Somebody takes it away: it is made anew.
    engine.remove_container(&id).await.unwrap();
    home.app.start_hosted(hosted.id.clone()).await.unwrap();
    assert_eq!(only(&home).await.state, HostedState::Running);

    // It goes, and its data stays and is used as it is.
    home.app.unhost(unhost(&hosted.id, false)).await.unwrap();
    let (_, _, listed) = engine.get("/containers/json?all=true").await.unwrap();
    assert_eq!(&listed[..], b"[]\n");
    assert!(home.app.accounts().await.unwrap().is_empty());
    let looked = home
        .app
        .hosting_folder(ordered.folder.clone())
        .await
        .unwrap();
    assert!(looked.note.unwrap().contains("used as it is"));
    let open = HostingOrder {
        user: String::new(),
        secret: SecretString::default(),
        ..ordered
    };
    let account = home.app.host_registry(open).await.unwrap();
    assert_eq!(account.state, AccountState::Anonymous);
    home.app
        .refresh_repositories(account.id.clone())
        .await
        .unwrap();
    assert_eq!(
        home.app
            .repositories(account.id.clone())
            .await
            .unwrap()
            .names,
        ["lab/tool"]
    );
    assert_eq!(
        home.at(&account.id, "lab/tool").resolve("v1").await.digest,
        Some(pushed)
    );
    let hosted = only(&home).await;
    home.app.unhost(unhost(&hosted.id, true)).await.unwrap();
    assert!(!Path::new(&hosted.folder).exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_image_is_downloaded_where_the_engine_lacks_it() {
    if !need(Part::EngineNetwork) || !need(Part::Registry) {
        return;
    }
    let hub = Registry::start(RegistryOptions::default()).await.unwrap();
    let engine = Dockerd::start_with_mirror(&hub.url()).await.unwrap();
    let home = Home::with(Some(&engine));
    let plan = home.app.plan_hosting().await.unwrap();
    let id = way(&plan, HostingBy::Engine).id.clone();

    // It isn't there, and nobody else is reached.
    let task = home.app.download_registry(id.clone()).await.unwrap();
    let failed = home.ended(&task).await;
    assert_eq!(failed.state, TaskState::Failed);
    let told = failed.problem.unwrap();
    assert_eq!(
        told.message,
        "registry:3 can’t be downloaded from docker.io."
    );
    assert!(told.detail.is_some());

    let image = registry().unwrap();
    push(&hub, "library/registry", "3", &image).await.unwrap();
    let task = home.app.download_registry(id).await.unwrap();
    let done = home.ended(&task).await;
    assert_eq!(done.state, TaskState::Done, "{done:#?}");
    assert_eq!(
        (done.repository.as_str(), done.tag.as_str()),
        ("docker.io/library/registry", "3")
    );
    assert!(done.total > 1_000_000, "{done:#?}");
    let plan = home.app.plan_hosting().await.unwrap();
    let images = &way(&plan, HostingBy::Engine).images;
    assert_eq!(
        (images[0].name.as_str(), images[0].from.as_deref()),
        ("registry:3", None)
    );
    let account = home
        .app
        .host_registry(order(&plan, HostingBy::Engine))
        .await
        .unwrap();
    assert_eq!(account.state, AccountState::Anonymous);
    let hosted = only(&home).await;
    home.app.unhost(unhost(&hosted.id, true)).await.unwrap();
    // The page can name no way of its own.
    for way in ["engine:unix:///no/such.sock", "program:/bin/sh", "x"] {
        let named = HostingOrder {
            way: way.to_owned(),
            ..order(&plan, HostingBy::Engine)
        };
        problem(home.app.host_registry(named).await);
        problem(home.app.download_registry(way.to_owned()).await);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_engine_of_another_computer_runs_none_here() {
    if !need(Part::Registry) || !need(Part::Dockerd) || !need(Part::Sshd) {
        return;
    }
    let there = Dockerd::start(None).await.unwrap();
    let sshd = Sshd::start(None).await.unwrap();
    let ssh = app::SshProgram {
        config: Some(sshd.client(SshClient::Known).unwrap()),
        ..app::SshProgram::default()
    };
    let home = Home::with_ssh(&there, ssh);
    home.add_context("gpu", &format!("ssh://lab{}", there.socket().display()));
    let mut values = home.app.start().await.unwrap().settings.values;
    values.engine = Some("context:gpu".to_owned());
    home.app.set_settings(values).await.unwrap();
    let plan = home.app.plan_hosting().await.unwrap();
    assert!(
        plan.problems[0].message.starts_with("The engine is on lab"),
        "{plan:#?}"
    );
    // A program can, and it is said what that engine can't.
    let [program] = plan.ways.as_slice() else {
        panic!("{plan:#?}")
    };
    assert_eq!(program.by, HostingBy::Program);
    assert!(program.notes[0].contains("can’t push"), "{program:?}");
    let named = HostingOrder {
        way: "engine:context:gpu".to_owned(),
        image: Some("registry:3".to_owned()),
        ..order(&plan, HostingBy::Program)
    };
    let refused = problem(home.app.host_registry(named).await);
    assert!(
        refused.message.starts_with("The engine is on lab"),
        "{refused:?}"
    );
    assert!(home.app.hosted().await.unwrap().is_empty());
}
