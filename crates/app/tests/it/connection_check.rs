//! The connection check: what it tells of each registry, that it writes nothing, and what it makes impossible.

use crate::home::{Home, SECRET, USER, account, guarded_registry, picking, scripted, with_entry};
use app::view::connection::{CheckMark, CheckView, Impossible, ImpossibleAct, Probe};
use app::view::events::AppEvent;
use std::time::Duration;
use testkit::images::{ImageSpec, push};
use testkit::parts::{Part, Registry, RegistryOptions, RegistryVersion, need};
use testkit::scripted::{Answer, Auth, Clock, Scripted};

const REPOSITORY: &str = "lab/tool";

async fn checked(home: &Home, id: &str) -> CheckView {
    let of = Some(REPOSITORY.to_owned());
    let check = home.app.check_connection(id.to_owned(), of, true);
    let check = check.await.unwrap().unwrap();
    assert!(!check.running);
    check
}

fn mark(check: &CheckView, probe: Probe) -> CheckMark {
    let mut lines = check.lines.iter().filter(|line| line.probe == probe);
    let line = lines.next().unwrap();
    assert!(line.said.ends_with('.'), "{line:?}");
    line.mark
}

fn said(check: &CheckView, probe: Probe) -> &str {
    let line = check.lines.iter().find(|line| line.probe == probe);
    &line.unwrap().said
}

async fn guarded(auth: Auth) -> (Home, Scripted, String) {
    let registry = Scripted::start().await.unwrap();
    registry.set(|faults| {
        faults.auth = auth;
        faults.sign_in = Some((USER.into(), SECRET.into()));
    });
    registry.push_image(REPOSITORY, "v1", "one");
    let home = Home::new();
    let id = home.sign_in(&registry.host()).await.id;
    (home, registry, id)
}

/// Behaviour (check): A whole connection check writes nothing: no request of it is answered by 201 or 202.
/// Source: distribution 2.8 and 3, by their own access logs.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_whole_check_writes_nothing_on_real_registries() {
    for (version, token) in [
        (RegistryVersion::Two, false),
        (RegistryVersion::Two, true),
        (RegistryVersion::Three, false),
    ] {
        if version == RegistryVersion::Three && !need(Part::NewRegistry) {
            continue;
        }
        let options = RegistryOptions {
            auth: Some((USER, SECRET)),
            token,
            version,
            ..RegistryOptions::default()
        };
        let registry = Registry::start(options).await.unwrap();
        push(
            &registry,
            REPOSITORY,
            "v1",
            &ImageSpec::of_sizes(1, &[1000]),
        )
        .await
        .unwrap();
        push(
            &registry,
            REPOSITORY,
            "v2",
            &ImageSpec::of_sizes(2, &[1000]),
        )
        .await
        .unwrap();
        let home = Home::new();
        let id = home.sign_in(&registry.host()).await.id;
        let lab = home.at(&id, REPOSITORY);
        lab.refresh_tags().await;
        lab.resolve("v1").await;
        let before = registry.access_log().len();
        let check = checked(&home, &id).await;
        let log = registry.access_log().split_off(before);
        assert!(log.len() > 8, "{log:?}");
        for line in &log {
            assert!(!line.ends_with(" 201") && !line.ends_with(" 202"), "{line}");
        }
        for good in [
            Probe::Reached,
            Probe::Clock,
            Probe::SignedIn,
            Probe::Catalog,
            Probe::Paging,
            Probe::Read,
            Probe::Push,
            Probe::Delete,
            Probe::Ranges,
            Probe::CommitTags,
        ] {
            assert_eq!(
                mark(&check, good),
                CheckMark::Good,
                "{version:?} {token} {good:?}: {check:#?}"
            );
        }
        assert_eq!(mark(&check, Probe::Certificate), CheckMark::No);
        assert_eq!(home.app.impossible(id.clone()).await.unwrap(), []);

        // An upload is another yes: it is begun and given up.
        let check = home.app.try_upload(id.clone()).await.unwrap().unwrap();
        assert_eq!(mark(&check, Probe::Chunks), CheckMark::Good, "{check:#?}");
        assert_eq!(mark(&check, Probe::Mount), CheckMark::Good, "{check:#?}");
        let log = registry.access_log().split_off(before);
        let ended =
            |line: &&String| line.starts_with("DELETE ") && line.contains("/blobs/uploads/");
        assert_eq!(log.iter().filter(ended).count(), 1, "{log:?}");
        assert_eq!(registry.tags(REPOSITORY).await.unwrap(), ["v1", "v2"]);
    }
}

/// Behaviour (check): A clock that is off, a catalog that isn't served and deletion that is off are three lines of one check, and what is impossible says why.
/// Source: Harbor and GHCR (catalog), distribution with deletion off.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_things_that_dont_work_are_three_lines() {
    let (home, registry, id) = guarded(Auth::Basic).await;
    registry.set(|faults| {
        faults.clock = Clock::Fixed("Sat, 21 Nov 2026 02:10:30 GMT".into());
        faults.no_catalog = true;
        faults.delete_disabled = true;
    });
    home.clock_is("2026-11-21T02:05:00Z");
    let check = checked(&home, &id).await;
    assert_eq!(mark(&check, Probe::Clock), CheckMark::Warn);
    assert_eq!(
        said(&check, Probe::Clock),
        "It is 5 minutes ahead of this computer’s."
    );
    assert_eq!(mark(&check, Probe::Catalog), CheckMark::No);
    assert!(said(&check, Probe::Catalog).contains("not needed"));
    assert_eq!(mark(&check, Probe::Delete), CheckMark::No);
    assert_eq!(mark(&check, Probe::SignedIn), CheckMark::Good);
    let impossible = home.app.impossible(id.clone()).await.unwrap();
    assert_eq!(acts(&impossible), NO_DELETION);
    for one in &impossible {
        assert_eq!(one.repository, None);
        assert_eq!(one.why, said(&check, Probe::Delete));
    }
    let told = home.events().into_iter();
    let told = told
        .filter(|event| matches!(event, AppEvent::Checked { .. }))
        .count();
    assert!(
        told > check.lines.len() / 2,
        "lines come one after the other"
    );

    let report = home.app.check_report(id).await.unwrap();
    for part in [
        "! Clock: It is 5 minutes",
        "- Catalog: ",
        "GET /v2/_catalog (404)",
        USER,
        &registry.host(),
    ] {
        assert!(report.contains(part), "{part}: {report}");
    }
    assert!(
        !report.contains(SECRET) && !report.contains("Basic"),
        "{report}"
    );
}

/// What can't be done where nothing is deleted.
const NO_DELETION: [ImpossibleAct; 2] = [ImpossibleAct::Delete, ImpossibleAct::DeleteCommit];

fn acts(impossible: &[Impossible]) -> Vec<ImpossibleAct> {
    impossible.iter().map(|one| one.act).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deleting_that_is_off_on_a_real_registry_is_impossible_and_stays_so_after_a_restart() {
    let options = RegistryOptions {
        auth: Some((USER, SECRET)),
        delete: false,
        ..RegistryOptions::default()
    };
    let registry = Registry::start(options).await.unwrap();
    let image = ImageSpec::of_sizes(1, &[1000]);
    push(&registry, REPOSITORY, "v1", &image).await.unwrap();
    let mut home = Home::new();
    let id = home.sign_in(&registry.host()).await.id;
    let check = checked(&home, &id).await;
    assert_eq!(mark(&check, Probe::Delete), CheckMark::No, "{check:#?}");
    home.reopen();
    let impossible = home.app.impossible(id.clone()).await.unwrap();
    assert_eq!(acts(&impossible), NO_DELETION, "{impossible:?}");
    // Whoever runs it may switch it on any day.
    home.later(Duration::from_hours(24));
    assert_eq!(home.app.impossible(id).await.unwrap(), []);
}

/// Behaviour (check): Who may only read is found out by an upload that nobody has begun; a stranger who is told the same shows nothing.
/// Source: the distribution spec's order of checks; registries with read-only accounts answer 403.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_only_read_is_told_and_asked_again_after_a_sign_in() {
    let (home, registry, id) = guarded(Auth::Basic).await;
    registry.set(|faults| faults.read_only = true);
    let check = checked(&home, &id).await;
    assert_eq!(mark(&check, Probe::Push), CheckMark::No, "{check:#?}");
    let acts = async || {
        let impossible = home.app.impossible(id.clone()).await.unwrap().into_iter();
        let of = impossible.filter(|each| each.repository.as_deref() == Some(REPOSITORY));
        of.map(|each| each.act).collect::<Vec<_>>()
    };
    assert_eq!(acts().await, [ImpossibleAct::Write]);
    let again = home
        .app
        .sign_in(id.clone(), account(&registry.host(), USER, SECRET));
    again.await.unwrap();
    assert_eq!(acts().await, [], "it may be somebody else");
    checked(&home, &id).await;
    registry.set(|faults| faults.read_only = false);
    checked(&home, &id).await;
    assert_eq!(acts().await, []);

    // Where everybody is let in, that nobody has begun an upload says nothing of a right.
    let (home, registry, id) = scripted().await;
    registry.push_image(REPOSITORY, "v1", "one");
    let check = checked(&home, &id).await;
    assert_eq!(mark(&check, Probe::Push), CheckMark::Unknown);
    assert_eq!(mark(&check, Probe::SignedIn), CheckMark::No);
    assert_eq!(registry.open_uploads(), 0);
}

/// Behaviour (check): A sign-in that was refused is not sent again by a check: some registries lock out whoever does.
/// Source: Harbor and GitLab lock accounts after wrong passwords.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_in_that_was_refused_is_sent_once() {
    let (home, registry, id) = guarded(Auth::Basic).await;
    registry.set(|faults| faults.sign_in = Some((USER.into(), "another".into())));
    let check = checked(&home, &id).await;
    assert_eq!(mark(&check, Probe::SignedIn), CheckMark::Bad);
    assert_eq!(mark(&check, Probe::Push), CheckMark::Unknown);
    registry.forget_requests();
    let check = checked(&home, &id).await;
    assert!(said(&check, Probe::SignedIn).contains("not sent again"));
    let sent = registry.requests().into_iter();
    assert_eq!(
        sent.filter(|seen| !seen.authorization.is_empty()).count(),
        0
    );
    home.app.sign_out(id.clone()).await.unwrap();
    let check = checked(&home, &id).await;
    assert_eq!(mark(&check, Probe::Reached), CheckMark::Good);
    assert_eq!(mark(&check, Probe::SignedIn), CheckMark::Bad);
}

/// Behaviour (check): A refused sign-in that another program keeps is sent again once that program has another.
/// Source: `docker login` puts it right in a terminal; helpers have theirs anew every few hours.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_sign_in_that_lies_elsewhere_is_asked_for_anew() {
    let (home, registry) = (Home::new(), Scripted::start().await.unwrap());
    registry.set(|faults| {
        faults.auth = Auth::Basic;
        faults.sign_in = Some((USER.into(), SECRET.into()));
    });
    home.docker_has(&with_entry(&registry.host(), USER, SECRET));
    let found = home.found().await;
    let id = home.app.add_account(picking(&found)).await.unwrap().id;
    registry.set(|faults| faults.sign_in = Some((USER.into(), "another".into())));
    let check = checked(&home, &id).await;
    assert_eq!(mark(&check, Probe::SignedIn), CheckMark::Bad);
    registry.forget_requests();
    let check = checked(&home, &id).await;
    assert!(said(&check, Probe::SignedIn).contains("not sent again"));
    let sent = registry.requests().into_iter();
    let signed = sent.filter(|seen| !seen.authorization.is_empty());
    assert_eq!(signed.count(), 0);
    home.docker_has(&with_entry(&registry.host(), USER, "another"));
    let check = checked(&home, &id).await;
    assert_eq!(mark(&check, Probe::SignedIn), CheckMark::Good, "{check:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_light_check_asks_once_as_nobody_and_rarely() {
    let (home, registry, id) = guarded(Auth::Basic).await;
    registry.forget_requests();
    let light = async || {
        home.app
            .check_connection(id.clone(), None, false)
            .await
            .unwrap()
    };
    let check = light().await.unwrap();
    assert_eq!(mark(&check, Probe::Reached), CheckMark::Good);
    assert_eq!(mark(&check, Probe::SignedIn), CheckMark::Unknown);
    let seen = registry.requests();
    assert_eq!((seen.len(), seen[0].path.as_str()), (1, "/v2/"));
    assert!(seen[0].authorization.is_empty());
    light().await;
    assert_eq!(registry.requests().len(), 1, "not so soon again");
    home.later(Duration::from_mins(10));
    light().await;
    assert_eq!(registry.requests().len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cant_be_reached_is_one_line_and_nothing_more_is_asked() {
    let mut registry = guarded_registry(RegistryVersion::Two).await;
    let home = Home::new();
    let id = home.sign_in(&registry.host()).await.id;
    registry.stop();
    let check = checked(&home, &id).await;
    assert_eq!(mark(&check, Probe::Reached), CheckMark::Bad);
    let asked = check
        .lines
        .iter()
        .filter(|line| line.mark != CheckMark::Unknown);
    assert_eq!(asked.count(), 1, "{check:#?}");
}

/// What a hostile registry says, or asks the name of, gets into no report.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_a_registry_that_echoes_the_secret_gets_it_into_no_report() {
    let (home, registry, id) = guarded(Auth::Basic).await;
    registry.script(|asked| {
        let echo = || {
            let words = format!("you sent {} {SECRET}", asked.authorization);
            let said = serde_json::json!({"errors": [{"code": "DENIED", "message": words}]});
            Answer::json(said).with_status(403)
        };
        (asked.path.ends_with("_catalog") || asked.path.contains("/tags/")).then(echo)
    });
    let check = checked(&home, &id).await;
    assert!(check.lines.iter().any(|line| {
        line.detail
            .as_ref()
            .is_some_and(|words| words.contains("you sent"))
    }));
    let report = home.app.check_report(id).await.unwrap();
    assert!(report.contains("(403)") && !report.contains("you sent") && !report.contains(SECRET));
}
