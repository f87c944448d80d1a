//! The watch: what plain pushes of others do is noticed, in order, without ever writing; and hosts are left alone that
//! want to be.

use crate::home::{Home, SECRET, USER, account, scripted};
use app::NoticeAction;
use app::view::watch::{MoveView, Moves, WatchOrder};
use std::time::Duration;
use testkit::images::{ImageSpec, push};
use testkit::parts::{Part, Registry, RegistryOptions, SignedIn, need};
use testkit::scripted::{Auth, Scripted};

/// Longer than any wait between two rounds, jitter and all.
const A_ROUND: Duration = Duration::from_secs(400);
pub const REPOSITORY: &str = "genomics/aligner";

pub async fn watch(home: &Home, account: &str, repository: &str, tag: Option<&str>) {
    let order = WatchOrder {
        account: account.to_owned(),
        repository: repository.to_owned(),
        tag: tag.map(str::to_owned),
        on: true,
    };
    home.app.watch(order).await.unwrap();
    home.app.watch_due().await.unwrap();
}

/// One more round, later.
pub async fn a_round(home: &Home) {
    home.later(A_ROUND);
    home.app.watch_due().await.unwrap();
}

pub async fn moves(home: &Home, account: &str, repository: &str) -> Moves {
    home.at(account, repository).moves().await
}

/// A plain push of another client.
pub async fn push_plainly(registry: &Scripted, repository: &str, tag: &str, seed: u64) -> String {
    let client = SignedIn::new(&registry.host(), "else", "body").unwrap();
    let image = ImageSpec::of_sizes(seed, &[1000]);
    push(&client, repository, tag, &image).await.unwrap()
}

pub fn changes(rows: &[MoveView]) -> Vec<(String, Option<String>)> {
    rows.iter()
        .map(|row| (row.from.clone(), row.to.clone()))
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_plain_pushes_are_noticed_in_order_on_a_real_registry() {
    if !need(Part::Registry) {
        return;
    }
    let registry = Registry::start(RegistryOptions::default()).await.unwrap();
    let put = async |seed: u64| {
        let image = ImageSpec::of_sizes(seed, &[1000]);
        push(&registry, REPOSITORY, "prod", &image).await.unwrap()
    };
    let mut home = Home::new();
    let id = home.anyone(&registry.host()).await;
    let mut commits = vec![put(1).await];
    watch(&home, &id, REPOSITORY, Some("prod")).await;
    assert!(moves(&home, &id, REPOSITORY).await.rows.is_empty());
    for seed in 2..=4 {
        commits.push(put(seed).await);
        a_round(&home).await;
        if seed == 3 {
            // Nothing is forgotten, nor told twice, by a restart in between.
            home.reopen();
            home.app.watch_due().await.unwrap();
        }
    }
    a_round(&home).await;

    let Moves { watch, rows } = moves(&home, &id, REPOSITORY).await;
    assert_eq!((watch.all, watch.tags), (false, vec!["prod".to_owned()]));
    assert!(watch.asked_at.is_some() && watch.trouble.is_none());
    let expected: Vec<_> = commits
        .windows(2)
        .rev()
        .map(|pair| (pair[0].clone(), Some(pair[1].clone())))
        .collect();
    assert_eq!(changes(&rows), expected);
    assert!(rows.iter().all(|row| row.watched && !row.kept));
    let told = home.told();
    let bodies: Vec<bool> = told
        .iter()
        .zip(&commits)
        .map(|(notice, old)| notice.body.contains(&old[7..19]))
        .collect();
    assert_eq!(bodies, [true; 3], "{told:#?}");
    assert_eq!(told[0].title, "prod moved in genomics/aligner");

    let seen = home.at(&id, REPOSITORY).digests("prod").await;
    commits.reverse();
    assert_eq!(seen, commits);
    // Every write is the other client's own.
    let writes = registry
        .access_log()
        .into_iter()
        .filter(|line| line.starts_with("PUT") && line.contains("/manifests/"))
        .count();
    assert_eq!(writes, 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_watch_only_reads() {
    let (home, registry, id) = scripted().await;
    for tag in [
        "prod",
        "v1",
        "_about",
        "_h.prod.20261121t020900z-2e04bfa1e5760000000000000000000000000000000000000000000000000000",
    ] {
        registry.push_image(REPOSITORY, tag, tag);
    }
    registry.push_image("lab/tool", "v1", "one");
    registry.forget_requests();
    watch(&home, &id, REPOSITORY, None).await;
    watch(&home, &id, "lab/tool", Some("v1")).await;
    for round in 0..4 {
        registry.push_image(REPOSITORY, "prod", &format!("prod {round}"));
        registry.push_image(REPOSITORY, &format!("new{round}"), "new");
        registry.push_image("lab/tool", "v1", &format!("v1 {round}"));
        a_round(&home).await;
    }
    let requests = registry.requests();
    let methods: std::collections::BTreeSet<&str> =
        requests.iter().map(|seen| seen.method.as_str()).collect();
    assert_eq!(methods.into_iter().collect::<Vec<_>>(), ["GET", "HEAD"]);
    // A repository of which one tag is watched is not listed; what Longshore writes is not asked for.
    assert_eq!(registry.count("GET", "/v2/lab/tool/"), 0);
    assert!(requests.iter().all(|seen| !seen.path.contains("/_")));
    assert_eq!(moves(&home, &id, REPOSITORY).await.rows.len(), 4);
    assert_eq!(moves(&home, &id, "lab/tool").await.rows.len(), 4);
    assert_eq!(home.told().len(), 8);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_asked_before_it_is_due() {
    let (mut home, registry, id) = scripted().await;
    registry.push_image(REPOSITORY, "prod", "one");
    watch(&home, &id, REPOSITORY, Some("prod")).await;
    registry.forget_requests();
    let next = home.app.watch_due().await.unwrap();
    home.reopen();
    assert_eq!(home.app.watch_due().await, Some(next));
    assert!(registry.requests().is_empty());
    a_round(&home).await;
    assert_eq!(
        registry.count("HEAD", "/v2/genomics/aligner/manifests/prod"),
        1
    );
    // What is watched newly is asked at once, without waiting for the others.
    registry.push_image("lab/tool", "v1", "one");
    registry.forget_requests();
    watch(&home, &id, "lab/tool", Some("v1")).await;
    assert_eq!(registry.count("HEAD", "/v2/lab/tool/manifests/v1"), 1);
    assert_eq!(
        registry.count("HEAD", "/v2/genomics/aligner/manifests/prod"),
        0
    );
    // And not any more, once that is ended.
    let order = WatchOrder {
        account: id.clone(),
        repository: REPOSITORY.into(),
        tag: None,
        on: false,
    };
    home.app.watch(order).await.unwrap();
    registry.forget_requests();
    a_round(&home).await;
    assert_eq!(
        registry.count("HEAD", "/v2/genomics/aligner/manifests/prod"),
        0
    );
    assert_eq!(registry.count("HEAD", "/v2/lab/tool/manifests/v1"), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_accounts_of_one_host_watch_each_for_itself() {
    let (home, registry) = (Home::new(), Scripted::start().await.unwrap());
    registry.set(|faults| {
        faults.auth = Auth::Basic;
        faults.sign_in = Some((USER.to_owned(), SECRET.to_owned()));
    });
    let named = home.sign_in(&registry.host()).await.id;
    registry.set(|faults| faults.auth = Auth::Open);
    let anyone = account(&registry.host(), "", "");
    let nameless = home.app.add_account(anyone).await.unwrap().id;
    assert_ne!(named, nameless);
    for (id, repository) in [(&named, REPOSITORY), (&nameless, "lab/tool")] {
        registry.push_image(repository, "prod", "one");
        watch(&home, id, repository, Some("prod")).await;
    }
    home.events();
    for repository in [REPOSITORY, "lab/tool"] {
        registry.push_image(repository, "prod", "two");
    }
    registry.forget_requests();
    a_round(&home).await;
    // Asked once, and told to both: what a host holds is the same for both.
    assert_eq!(
        registry.count("HEAD", "/v2/genomics/aligner/manifests/prod"),
        1
    );
    assert_eq!(home.told().len(), 2);
    let text = serde_json::to_string(&home.heard_within_a_moment().await).unwrap();
    for id in [&named, &nameless] {
        assert_eq!(moves(&home, id, REPOSITORY).await.rows.len(), 1);
        let stale = format!(r#"{{"of":"moves","account":"{id}","repository":"{REPOSITORY}"}}"#);
        assert!(text.contains(&stale), "{text}");
    }

    // Signed out, one is not asked for; the other is.
    home.app.sign_out(named.clone()).await.unwrap();
    registry.forget_requests();
    a_round(&home).await;
    assert_eq!(
        registry.count("HEAD", "/v2/genomics/aligner/manifests/prod"),
        0
    );
    assert_eq!(registry.count("HEAD", "/v2/lab/tool/manifests/prod"), 1);
    let told = moves(&home, &named, REPOSITORY)
        .await
        .watch
        .trouble
        .unwrap();
    assert!(told.contains("signed out"), "{told}");
    // Signed in again, at once.
    home.app
        .sign_in(named.clone(), account(&registry.host(), USER, SECRET))
        .await
        .unwrap();
    registry.forget_requests();
    home.app.watch_due().await.unwrap();
    assert_eq!(
        registry.count("HEAD", "/v2/genomics/aligner/manifests/prod"),
        1
    );
    // Removed, its watch goes with it.
    home.app.remove_account(named).await.unwrap();
    registry.forget_requests();
    a_round(&home).await;
    assert_eq!(
        registry.count("HEAD", "/v2/genomics/aligner/manifests/prod"),
        0
    );
    assert!(
        moves(&home, &nameless, REPOSITORY)
            .await
            .watch
            .tags
            .is_empty()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_round_asks_for_a_hundred_tags_and_the_next_for_the_others() {
    let (home, registry, id) = scripted().await;
    for number in 0..230 {
        registry.push_image(REPOSITORY, &format!("v{number}"), "one");
    }
    registry.forget_requests();
    watch(&home, &id, REPOSITORY, None).await;
    let heads = || registry.count("HEAD", "/v2/genomics/aligner/manifests/");
    assert_eq!(heads(), 100);
    a_round(&home).await;
    a_round(&home).await;
    assert_eq!(heads(), 300);
    let asked: std::collections::BTreeSet<String> = registry
        .requests()
        .into_iter()
        .filter(|seen| seen.method == "HEAD")
        .map(|seen| seen.path)
        .collect();
    assert_eq!(asked.len(), 230);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_running_watch_wakes_for_what_is_new_and_goes_on() {
    let (home, registry) = (
        Home::watching_every(Duration::from_secs(1)),
        Scripted::start().await.unwrap(),
    );
    let id = home.anyone(&registry.host()).await;
    registry.push_image(REPOSITORY, "prod", "one");
    let app = home.app.clone();
    let running = tokio::spawn(async move { app.keep_watch().await });
    // It naps by now, with nothing to do.
    tokio::time::sleep(Duration::from_millis(200)).await;
    let order = WatchOrder {
        account: id.clone(),
        repository: REPOSITORY.into(),
        tag: Some("prod".into()),
        on: true,
    };
    home.app.watch(order).await.unwrap();
    let asked =
        |times: usize| registry.count("HEAD", "/v2/genomics/aligner/manifests/prod") >= times;
    // The limits are only there so that a fault ends the test.
    let until = async |done: &dyn Fn() -> bool| {
        for _ in 0..600 {
            if done() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("it never came so far: {:#?}", registry.requests());
    };
    // Asked, and answered: what stands there now is known.
    for _ in 0..600 {
        if moves(&home, &id, REPOSITORY).await.watch.asked_at.is_some() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(asked(1));
    registry.push_image(REPOSITORY, "prod", "two");
    let mut told = Vec::new();
    for _ in 0..600 {
        told.extend(home.told());
        if !told.is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(!told.is_empty(), "nothing was told");
    let buttons: Vec<NoticeAction> = told[0].actions.iter().map(|(action, _)| *action).collect();
    assert_eq!(
        buttons,
        [
            NoticeAction::Show,
            NoticeAction::Keep,
            NoticeAction::PutBack
        ]
    );
    until(&|| asked(4)).await;
    running.abort();
    assert!(home.told().is_empty(), "told once");
}
