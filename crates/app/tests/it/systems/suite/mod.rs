//! The story that is the same for every system, a function a step. Each asks `vendors::means` how a part has to work, and asserts that it
//! did so and no other way.
//!
//! What others do is done by the system, and not through our own code. Not here: what goes wrong (`failing`), which system takes which
//! steps (`mod` above), what only one vendor does (its own file).

mod failing;

pub use failing::{expired_token, fails_500, rate_limit, wrong_secret};

use super::world::{Remembers, System, is_own, is_write};
use crate::acts::{Desk, tag};
use app::view::about::CreateOrder;
use app::view::browse::{Source, TagRow, TimeKind};
use app::view::push::KeepAnswer;
use std::collections::BTreeSet;
use std::time::Duration;
use vendors::{LetsGo, Means, Part};

/// How a part has to work with a system.
fn means<S: System>(part: Part) -> Means {
    S::means(part)
}

async fn desk<S: System>(system: &S) -> Desk {
    let home = system.home();
    let id = system.account(&home).await;
    let repository = S::REPOSITORY;
    Desk {
        home,
        id,
        repository,
    }
}

/// Lists the repositories, as an account's window does when it opens; their names.
async fn list<S: System>(desk: &Desk) -> Vec<String> {
    let app = &desk.home.app;
    app.refresh_repositories(desk.id.clone()).await.unwrap();
    names::<S>(desk).await
}

/// Reads what is known of them, part by part; where none are listed, what is known otherwise.
async fn names<S: System>(desk: &Desk) -> Vec<String> {
    let list = desk.home.app.repositories(desk.id.clone()).await.unwrap();
    if S::REPOSITORIES == 0 {
        assert!(list.refused, "{:?}", list.note);
        return list.names;
    }
    assert_eq!((list.note, list.refused, list.next), (None, false, None));
    assert!(list.refreshed_at.is_some());
    list.names
}

/// Asserts that questions to a vendor's own interface were asked where a part is native, and else none.
fn assert_asked<S: System>(system: &S, part: Part) {
    let asked = system.asked();
    let own = asked.iter().filter(|request| is_own(request)).count();
    assert_eq!(own > 0, means::<S>(part) == Means::Native, "{asked:#?}");
    assert_eq!(system.violations(), [""; 0]);
}

/// Many repositories come whole: by the vendor's own list where it has one, else by the catalog.
pub async fn lists_many<S: System>() {
    let Some(system) = S::start().await else {
        return;
    };
    let filled = system.fill(S::REPOSITORIES).await;
    let desk = desk(&system).await;
    system.forget();
    assert_eq!(list::<S>(&desk).await, filled);
    assert_asked(&system, Part::List);
    let asked = system.asked();
    // Whether there is one at all is asked once, when an account is new.
    let is_catalog = |request: &String| request.contains("/v2/_catalog?n=200");
    let catalog = asked.iter().any(is_catalog);
    let is_whole = vendors::of(S::VENDOR)
        .lists()
        .is_some_and(vendors::Lists::is_whole);
    let stands_for_it = is_whole && means::<S>(Part::List) == Means::Native;
    assert_eq!(catalog, !stands_for_it, "{asked:#?}");
}

/// Asserts that the registry tells since when a tag points where it does.
fn is_since(row: &TagRow) {
    let time = row.time.unwrap();
    let told = (time.kind, time.source);
    assert_eq!(told, (TimeKind::Since, Source::Registry), "{row:?}");
}

/// What tags point at is known with the list where the vendor tells it, else by asking for each that is seen.
pub async fn tells_of_tags<S: System>() {
    let Some(system) = S::start().await else {
        return;
    };
    for name in ["v1", "v2", "v3"] {
        system.push(S::REPOSITORY, name, name).await;
    }
    let desk = desk(&system).await;
    list::<S>(&desk).await;
    system.forget();
    desk.refresh().await;
    assert_asked(&system, Part::TagFacts);
    let asked = system.asked();
    let looked = |requests: &[String]| requests.iter().any(|it| it.contains("/manifests/"));
    assert!(!looked(&asked), "{asked:#?}");
    let is_whole = vendors::of(S::VENDOR).facts().is_some();
    let rows: Vec<TagRow> = match means::<S>(Part::TagFacts) {
        Means::Native if is_whole => {
            let mut rows = Vec::new();
            for row in desk.lab().tags().await.rows {
                // Where it is told since when alone, where it points is for the registry to say.
                if !S::TELLS_SIZES {
                    assert!(!row.resolved, "{row:?}");
                    let row = desk.lab().resolve(&row.name).await;
                    is_since(&row);
                    rows.push(row);
                    continue;
                }
                assert_eq!(row.digest, system.tagged(S::REPOSITORY, &row.name).await);
                let facts = vendors::of(S::VENDOR).facts().unwrap();
                if facts.tells_since() {
                    let time = row.time.unwrap();
                    let told = (TimeKind::Since, Source::Registry);
                    assert_eq!((time.kind, time.source), told);
                }
                if row.resolved {
                    rows.push(row);
                    continue;
                }
                // What it is may not be told: then that is asked for when it is seen, and the tag is not.
                system.forget();
                rows.push(desk.lab().resolve(&row.name).await);
                let asked = system.asked();
                let by_tag = format!("/manifests/{}", row.name);
                assert!(!asked.iter().any(|it| it.ends_with(&by_tag)), "{asked:#?}");
            }
            rows
        }
        // Since when, and by whom: what it is that was pushed then is asked as ever, and the next answer tells of that.
        Means::Native => {
            for row in desk.lab().tags().await.rows {
                assert!(!row.resolved, "{row:?}");
                desk.see(&row.name).await;
            }
            assert!(looked(&system.asked()));
            // A look counts where it was in an earlier second than the answer.
            tokio::time::sleep(Duration::from_millis(1100)).await;
            desk.refresh().await;
            let mut rows = Vec::new();
            for row in desk.lab().tags().await.rows {
                is_since(&row);
                rows.push(desk.lab().resolve(&row.name).await);
            }
            rows.iter().for_each(is_since);
            rows
        }
        Means::ByProtocol => {
            let mut rows = Vec::new();
            for row in desk.lab().tags().await.rows {
                assert!(!row.resolved, "{row:?}");
                rows.push(desk.lab().resolve(&row.name).await);
            }
            assert!(looked(&system.asked()));
            rows
        }
        other => panic!("no vendor tells of no tag: {other:?}"),
    };
    let names: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["v1", "v2", "v3"]);
    for row in rows {
        assert!(row.resolved && row.trouble.is_none(), "{row:?}");
        assert_eq!(row.digest, system.tagged(S::REPOSITORY, &row.name).await);
        assert!(row.size.is_some() && !row.platforms.is_empty(), "{row:?}");
    }
    assert_eq!(system.violations(), [""; 0]);
}

/// Three tags are overwritten by others, five times each, while somebody looks: each commit stands in its timeline, the newest on top.
pub async fn three_tags_overwritten_five_times<S: System>() {
    let Some(system) = S::start().await else {
        return;
    };
    let names = ["latest", "nightly", "stage"];
    let mut pushed = [const { Vec::new() }; 3];
    let mut desk_here = None;
    for round in 0..6 {
        for (name, pushed) in names.iter().zip(&mut pushed) {
            let text = format!("{name} {round}");
            pushed.push(system.push(S::REPOSITORY, name, &text).await);
        }
        if desk_here.is_none() {
            let desk = desk(&system).await;
            list::<S>(&desk).await;
            desk_here = Some(desk);
        }
        let desk = desk_here.as_ref().unwrap();
        desk.refresh().await;
        for name in names {
            desk.see(name).await;
        }
    }
    let desk = desk_here.unwrap();
    for (name, pushed) in names.iter().zip(&mut pushed) {
        let rows = desk.commits(name).await;
        pushed.reverse();
        let digests: Vec<&str> = rows
            .iter()
            .filter_map(|row| row.digest.as_deref())
            .collect();
        assert_eq!(digests, *pushed, "{name}");
        let active: Vec<bool> = rows.iter().map(|row| row.active).collect();
        assert_eq!(active, [true, false, false, false, false, false]);
        for row in &rows {
            // Whatever its vendor remembers, what stands here was seen here.
            assert!(row.sources.contains(&Source::SeenHere), "{row:?}");
        }
    }
    let timeline = desk.lab().timeline().await;
    let marks: usize = timeline.rows.iter().map(|row| row.marks.len()).sum();
    assert_eq!((timeline.lanes.len(), marks), (3, 18));
    assert_eq!(desk.lab().moves().await.rows.len(), 15);
    let asked = system.asked();
    // Others' pushes stand in a real one's log; none of them is to the vendor's interface.
    let own_writes = asked.iter().filter(|it| is_own(it) && is_write(it)).count();
    assert_eq!((own_writes, system.violations()), (0, Vec::new()));
}

/// What tags pointed at before anybody here looked is told where the vendor remembers it, by its own questions alone; else nothing is.
pub async fn remembers<S: System>() {
    let Some(system) = S::start().await else {
        return;
    };
    let other = self::desk(&system).await;
    let desk = self::desk(&system).await;
    let mut pushed = Vec::new();
    for text in ["one", "two", "three"] {
        pushed.push(system.push(S::REPOSITORY, "v1", text).await);
        // Some stand-ins see a push only when they are asked something. Times are told in seconds.
        list::<S>(&other).await;
        other.refresh().await;
        tokio::time::sleep(Duration::from_millis(1100)).await;
    }
    pushed.reverse();
    list::<S>(&desk).await;
    desk.refresh().await;
    desk.see("v1").await;
    system.forget();
    desk.lab().refresh_timeline().await;
    assert_asked(&system, Part::History);
    let rows = desk.commits("v1").await;
    let digests: Vec<&str> = rows
        .iter()
        .filter_map(|row| row.digest.as_deref())
        .collect();
    let timeline = desk.lab().timeline().await;
    let bare: BTreeSet<&str> = timeline
        .untagged
        .iter()
        .filter_map(|row| row.digest.as_deref())
        .collect();
    let none = BTreeSet::new();
    match S::REMEMBERS {
        Remembers::Nothing => assert_eq!((digests, bare), (vec![pushed[0].as_str()], none)),
        Remembers::Untagged => {
            assert_eq!(
                (digests, bare),
                (
                    vec![pushed[0].as_str()],
                    BTreeSet::from([&*pushed[1], &*pushed[2]])
                )
            );
        }
        Remembers::Tags => {
            assert_eq!(
                (digests, bare),
                (pushed.iter().map(String::as_str).collect(), none)
            );
            for row in &rows {
                let time = row.time.unwrap();
                assert_eq!(
                    (time.kind, time.source),
                    (TimeKind::Since, Source::Registry)
                );
            }
            assert!(rows[1].until.is_some(), "{rows:#?}");
        }
    }
    // What was told stays, and is told once.
    desk.lab().refresh_timeline().await;
    assert_eq!(desk.lab().timeline().await, timeline);
    assert_eq!(system.violations(), [""; 0]);
}

/// A repository is described by the vendor's own interface where it keeps words, else by a manifest; both are read again.
pub async fn describes<S: System>() {
    let Some(system) = S::start().await else {
        return;
    };
    system.push(S::REPOSITORY, "v1", "one").await;
    let desk = desk(&system).await;
    list::<S>(&desk).await;
    desk.refresh().await;
    desk.lab().refresh_about().await;
    let is_native = means::<S>(Part::Describe) == Means::Native;
    let text = "Aligns reads to a genome.";
    let shown = desk.lab().describe(text).await;
    assert_eq!(shown.words.description.as_deref(), Some(text));
    let own = system.described(S::REPOSITORY).await;
    assert_eq!(own.as_deref(), is_native.then_some(text));
    let manifest = system.tagged(S::REPOSITORY, oci::ABOUT_TAG).await;
    assert_eq!(
        (manifest.is_some(), shown.digest.is_some()),
        (!is_native, !is_native)
    );
    // Saved as it is, it stays where it is.
    let shown = desk.lab().describe(text).await;
    assert_eq!(shown.words.description.as_deref(), Some(text));
    let manifest = system.tagged(S::REPOSITORY, oci::ABOUT_TAG).await;
    assert_eq!(manifest.is_some(), !is_native);

    let other = self::desk(&system).await;
    list::<S>(&other).await;
    other.refresh().await;
    other.lab().refresh_about().await;
    let about = other.lab().about().await;
    assert_eq!(about.words.description.as_deref(), Some(text));
    assert_eq!(system.violations(), [""; 0]);
}

/// A repository is made by the vendor's own interface where it makes them, else by a manifest; where the first image makes it and
/// nothing else does, that is said, and nothing is written.
pub async fn creates<S: System>() {
    let Some(system) = S::start().await else {
        return;
    };
    system.push(S::REPOSITORY, "v1", "one").await;
    let desk = desk(&system).await;
    list::<S>(&desk).await;
    let (name, text) = (format!("{}-new", S::REPOSITORY), "New here.");
    let order = CreateOrder {
        account: desk.id.clone(),
        repository: name.clone(),
        title: String::new(),
        description: text.to_owned(),
        keep: None,
        private: None,
    };
    let made = desk.home.app.create_repository(order).await;
    let manifest = system.tagged(&name, oci::ABOUT_TAG).await;
    let native = match means::<S>(Part::Create) {
        Means::Impossible(_) => {
            assert!(made.is_err() && manifest.is_none(), "{made:?}");
            return;
        }
        means => means == Means::Native,
    };
    let made = made.unwrap();
    assert_eq!(made.words.description.as_deref(), Some(text));
    assert_eq!(
        (manifest.is_some(), made.digest.is_some()),
        (!native, !native)
    );
    if native && means::<S>(Part::Describe) == Means::Native {
        assert_eq!(system.described(&name).await.as_deref(), Some(text));
    }
    let list = desk.home.app.repositories(desk.id.clone()).await.unwrap();
    assert!(list.names.contains(&name), "{:?}", list.names);
    assert_eq!(system.violations(), [""; 0]);
}

/// An older commit is made active again, and what it displaces is kept: another computer finds it by its commit tag.
pub async fn restores<S: System>() {
    let Some(system) = S::start().await else {
        return;
    };
    let old = system.push(S::REPOSITORY, "v1", "old").await;
    let desk = desk(&system).await;
    list::<S>(&desk).await;
    desk.refresh().await;
    desk.see("v1").await;
    let new = system.push(S::REPOSITORY, "v1", "new").await;
    desk.refresh().await;
    desk.see("v1").await;
    assert_eq!(desk.lab().digests("v1").await, [new.clone(), old.clone()]);
    desk.lab().refresh_commits("v1").await;
    system.forget();
    desk.make_active("v1", &old, KeepAnswer::EachOverwrite)
        .await
        .unwrap();
    assert_eq!(
        system.tagged(S::REPOSITORY, "v1").await.as_ref(),
        Some(&old)
    );
    // What the registry has still is put back by the protocol; a vendor's own call is for what it let go of.
    let hides = matches!(
        vendors::of(S::VENDOR).lets_go(),
        LetsGo::After { hidden: true, .. }
    );
    let by_vendor = hides && means::<S>(Part::Restore) == Means::Native;
    let asked = system.asked();
    let own = asked.iter().any(|request| is_own(request));
    assert_eq!(own, by_vendor, "{asked:#?}");

    let other = self::desk(&system).await;
    list::<S>(&other).await;
    other.refresh().await;
    other.see("v1").await;
    other.lab().refresh_commits("v1").await;
    let rows = other.commits("v1").await;
    let kept = rows.iter().find(|row| row.short == new[7..19]).unwrap();
    assert!(kept.commit_tag.is_some() && !kept.active, "{rows:#?}");
    let active: Vec<_> = rows.iter().filter(|row| row.active).collect();
    assert_eq!(active[0].digest.as_ref(), Some(&old));
    assert_eq!(system.violations(), [""; 0]);
}

/// Of two tags on a commit one goes, by the vendor's own call where it has one, and the other stays with what it points at.
pub async fn deletes_one_of_two_tags<S: System>() {
    let Some(system) = S::start().await else {
        return;
    };
    let digest = system.push(S::REPOSITORY, "nightly", "one").await;
    system.also(S::REPOSITORY, "nightly", "stage").await;
    let desk = desk(&system).await;
    list::<S>(&desk).await;
    desk.refresh().await;
    system.forget();
    let outcome = desk.delete(&[tag("nightly")]).await;
    assert_eq!((outcome.done, outcome.failed.len()), (1, 0), "{outcome:?}");
    let asked = system.asked();
    let own = asked.iter().filter(|it| is_own(it) && is_write(it)).count();
    let is_native = means::<S>(Part::DeleteTag) == Means::Native;
    assert_eq!(own, usize::from(is_native), "{asked:#?}");
    if is_native {
        // Whether the protocol could is asked by deleting what can't be there; nothing is put in the tag's place.
        let puts = |it: &&String| it.starts_with("PUT ");
        assert_eq!(asked.iter().filter(puts).count(), 0, "{asked:#?}");
    }
    assert_eq!(system.tagged(S::REPOSITORY, "nightly").await, None);
    assert_eq!(
        system.tagged(S::REPOSITORY, "stage").await.as_ref(),
        Some(&digest)
    );
    assert_eq!(system.violations(), [""; 0]);
    // Nobody else did it, and it can be undone.
    assert_eq!(desk.lab().moves().await.rows, []);
    assert_eq!(desk.undo(&outcome).await.done, 1);
    assert_eq!(
        system.tagged(S::REPOSITORY, "nightly").await.as_ref(),
        Some(&digest)
    );
}

/// Whoever only looks writes nothing, and asks nothing that the real one would refuse.
pub async fn looks_only<S: System>() {
    let Some(system) = S::start().await else {
        return;
    };
    for name in ["v1", "v2"] {
        system.push(S::REPOSITORY, name, "one").await;
    }
    let desk = desk(&system).await;
    system.forget();
    list::<S>(&desk).await;
    desk.refresh().await;
    desk.see("v1").await;
    desk.lab().refresh_commits("v1").await;
    desk.lab().timeline().await;
    desk.lab().refresh_about().await;
    desk.lab().about().await;
    let asked = system.asked();
    assert!(asked.len() > 4, "{asked:#?}");
    let writes: Vec<&String> = asked.iter().filter(|it| is_write(it)).collect();
    assert_eq!(writes, [""; 0]);
    let parts = [Part::List, Part::TagFacts, Part::History, Part::Describe];
    if parts.iter().all(|part| means::<S>(*part) != Means::Native) {
        assert!(!asked.iter().any(|request| is_own(request)), "{asked:#?}");
    }
    assert_eq!(system.violations(), [""; 0]);
}
