//! zot: its list and its tags with what they point at, by its search extension, beside the protocol; and what it lets go of.

use crate::acts::{Desk, REPOSITORY, also, commit, tag, writes};
use crate::home::Home;
use app::view::about::Skill;
use app::view::accounts::AccountState;
use app::view::browse::{Source, TimeKind};
use app::view::keep::KeepRule;
use app::view::kinds::VendorId;
use app::view::push::KeepPlan;
use testkit::images::{INDEX, MANIFEST};
use testkit::scripted::Answer;
use testkit::standins::zot::{PUSHER, Zot};

/// A computer that has listed the repositories of a zot, and so knows what it is.
async fn zot() -> (Desk, Zot) {
    let zot = Zot::start().await.unwrap();
    let desk = Desk::signed_in_at(&zot.host()).await;
    list(&desk).await;
    zot.registry.forget_requests();
    (desk, zot)
}

async fn list(desk: &Desk) {
    let app = &desk.home.app;
    app.refresh_repositories(desk.id.clone()).await.unwrap();
}

/// Counts the questions to the search extension so far.
fn asked(zot: &Zot, of: &str) -> usize {
    let all = zot.registry.requests();
    let is_of = |path: &str| path.starts_with("/v2/_zot/ext/search") && path.contains(of);
    all.iter().filter(|seen| is_of(&seen.path)).count()
}

fn heads(zot: &Zot) -> usize {
    let all = zot.registry.requests();
    all.iter()
        .filter(|seen| seen.path.contains("/manifests/"))
        .count()
}

/// Behaviour (vendors): zot lists its repositories by its search extension, five hundred at once, each with the words of its newest image.
/// Source: project-zot/zot 6d19b44, `RepoListWithNewestImage`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn repositories_come_with_the_words_of_their_newest_image() {
    let (desk, zot) = zot().await;
    for at in 0..1001 {
        let name = format!("lab/team/tool-{at:04}");
        let words = if at == 7 {
            "Counts\u{202e} cells.\n"
        } else {
            ""
        };
        let image = serde_json::json!({
            "schemaVersion": 2, "mediaType": MANIFEST, "layers": [],
            "annotations": {"org.opencontainers.image.description": words},
        });
        let bytes = image.to_string();
        let put = |tag| {
            zot.registry
                .put_manifest(&name, Some(tag), MANIFEST, bytes.as_bytes())
        };
        put("v1");
    }
    zot.registry.forget_requests();
    list(&desk).await;
    let list = desk.home.app.repositories(desk.id.clone()).await.unwrap();
    assert_eq!(
        (list.names.len(), list.note, list.refused),
        (1001, None, false)
    );
    let said: Vec<_> = list
        .marks
        .iter()
        .map(|mark| (mark.name.as_str(), mark.words.description.as_deref()))
        .collect();
    assert_eq!(said, [("lab/team/tool-0007", Some("Counts cells."))]);
    assert_eq!(asked(&zot, "RepoListWithNewestImage"), 3);
    assert_eq!(zot.registry.count("GET", "/v2/_catalog?n=200"), 0);
    assert_eq!((writes(&zot.registry), zot.violations()), (0, Vec::new()));
}

/// Behaviour (vendors): What a thousand tags of a zot point at, its size and its platform cost four questions to its search extension; none of them is asked by itself.
/// Source: project-zot/zot 6d19b44, `ImageList` with `requestedPage`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_tags_are_told_in_four_pages() {
    let (desk, zot) = zot().await;
    for at in 0..1000 {
        let name = format!("v{at:04}");
        zot.registry.push_image(REPOSITORY, &name, &name);
    }
    desk.refresh().await;
    assert_eq!(asked(&zot, "ImageList"), 4);
    let requests = zot.registry.requests();
    assert_eq!(requests.len(), 6, "and two of names: {requests:#?}");
    let rows = desk.lab().tags().await.rows;
    assert_eq!(rows.len(), 1000);
    for row in &rows {
        assert!(row.resolved && row.trouble.is_none(), "{row:?}");
        assert_eq!(row.digest, zot.registry.tagged(REPOSITORY, &row.name));
        assert_eq!(row.platforms, ["linux/amd64"]);
        let time = row.time.unwrap();
        assert_eq!(
            (time.kind, time.source),
            (TimeKind::Since, Source::Registry)
        );
        assert_eq!(Some(time.at), zot.tagged(REPOSITORY, &row.name));
    }
    let commits = desk.commits(&rows[7].name).await;
    let by = commits[0].by.as_ref().unwrap();
    assert_eq!((by.name.as_str(), by.source), (PUSHER, Source::Registry));
    assert_eq!(zot.violations(), [""; 0]);
}

/// Behaviour (vendors): A time of a tag that stays when the tag moves is no beginning: zot's counts only where it is that of the commit as well.
/// Source: project-zot/zot 6d19b44, `SetRepoReference` (`TaggedTimestamp`, `PushTimestamp`).
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tag_that_moved_is_told_and_its_making_is_no_beginning() {
    let (desk, zot) = zot().await;
    let old = zot.registry.push_image(REPOSITORY, "latest", "one");
    desk.refresh().await;
    let made = zot.tagged(REPOSITORY, "latest").unwrap();
    let new = zot.registry.push_image(REPOSITORY, "latest", "two");
    // In a later second than it was looked at, as zot's own clock has it.
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    desk.refresh().await;
    assert_eq!(zot.tagged(REPOSITORY, "latest"), Some(made));
    let rows = desk.commits("latest").await;
    let told: Vec<_> = rows
        .iter()
        .map(|row| (row.digest.as_deref(), row.active))
        .collect();
    assert_eq!(
        told,
        [(Some(new.as_str()), true), (Some(old.as_str()), false)]
    );
    let time = |at: usize| rows[at].time.unwrap();
    assert_eq!(
        (time(1).at, time(1).kind, time(1).source),
        (made, TimeKind::Since, Source::Registry)
    );
    assert_eq!((time(0).kind, rows[0].by.clone()), (TimeKind::By, None));
    assert_eq!(desk.lab().moves().await.rows.len(), 1);
    // Whether the one before can be kept may be asked just now.
    let looks = zot.registry.count("HEAD", "/v2/lab/tool/manifests/latest");
    assert_eq!((looks, zot.violations()), (0, Vec::new()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_older_zot_is_asked_once_more_without_what_it_lacks() {
    for (lacks, is_dated) in [
        (&["PushedBy"][..], true),
        (&["TaggedTimestamp", "PushedBy"], false),
        (&["PushTimestamp", "TaggedTimestamp", "PushedBy"], false),
    ] {
        let (desk, zot) = zot().await;
        zot.lacks(lacks);
        for at in 0..260 {
            let name = format!("v{at:04}");
            zot.registry.push_image(REPOSITORY, &name, &name);
        }
        desk.refresh().await;
        // The first page twice, the second as it is known to be.
        assert_eq!(asked(&zot, "ImageList"), 3, "{lacks:?}");
        let rows = desk.lab().tags().await.rows;
        assert_eq!(rows.len(), 260);
        for row in &rows {
            assert!(row.resolved && row.size.is_some(), "{row:?}");
            let is_told = row.time.is_some_and(|time| time.kind == TimeKind::Since);
            assert_eq!(is_told, is_dated, "{lacks:?} {row:?}");
        }
        assert_eq!((heads(&zot), zot.violations()), (0, Vec::new()));
    }
    // Tags from before the version that dates them have the commit's time in the place of their own.
    let (desk, zot) = zot().await;
    zot.is_upgraded();
    zot.registry.push_image(REPOSITORY, "v1", "one");
    desk.refresh().await;
    let row = desk.lab().tags().await.rows.remove(0);
    assert!(
        row.resolved && row.time.unwrap().kind != TimeKind::Since,
        "{row:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_image_for_one_platform_is_asked_as_ever() {
    let (desk, zot) = zot().await;
    let one = zot.registry.push_image(REPOSITORY, "v1", "one");
    let size = zot.registry.manifest(REPOSITORY, &one).unwrap().len();
    let index = serde_json::json!({
        "schemaVersion": 2, "mediaType": INDEX,
        "manifests": [{"mediaType": MANIFEST, "digest": one, "size": size,
            "platform": {"os": "linux", "architecture": "arm64"}}],
    });
    let bytes = index.to_string();
    zot.registry
        .put_manifest(REPOSITORY, Some("all"), INDEX, bytes.as_bytes());
    desk.refresh().await;
    let rows = desk.lab().tags().await.rows;
    let resolved: Vec<_> = rows
        .iter()
        .map(|row| (row.name.as_str(), row.resolved))
        .collect();
    assert_eq!(resolved, [("all", false), ("v1", true)]);
    let row = desk.lab().resolve("all").await;
    assert_eq!(row.platforms, ["linux/arm64"]);
    // And what an index holds is nobody's to delete there.
    let outcome = desk.delete(&[commit(&one)]).await;
    assert_eq!((outcome.done, outcome.failed.len()), (0, 1), "{outcome:?}");
    assert!(zot.registry.manifest(REPOSITORY, &one).is_some());
    assert_eq!(zot.violations(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_its_extension_or_with_nonsense_all_goes_by_the_protocol() {
    for broken in [
        None,
        Some(Answer::of(404)),
        Some(Answer::of(403)),
        Some(Answer::of(401)),
        Some(Answer::of(500)),
        Some(Answer::of(422)),
        Some(Answer::json(r#"{"errors":[{"message":"no"}],"data":null}"#)),
        Some(Answer::json("[]")),
        Some(Answer::json(r#"{"errors":7,"data":7}"#)),
        Some(Answer::json(r#"{"data":null}"#)),
        Some(Answer::json(r#"{"data":{"ImageList":{"Results":null}}}"#)),
        Some(Answer::json(
            r#"{"data":{"ImageList":{"Results":[null,7,{"Tag":"v1"}]},"RepoListWithNewestImage":{"Results":7}}}"#,
        )),
        Some(Answer::json("<html>").with("content-type", "text/html")),
        Some(Answer::redirect(302, "http://127.0.0.1:1/")),
    ] {
        let case = format!("{broken:?}");
        let zot = Zot::start().await.unwrap();
        match broken {
            Some(answer) => zot.break_search(Some(answer)),
            None => zot.has_no_search(),
        }
        let digest = zot.registry.push_image(REPOSITORY, "v1", "one");
        let desk = Desk::signed_in_at(&zot.host()).await;
        list(&desk).await;
        let known = desk.home.app.kind(desk.id.clone()).await.unwrap();
        assert_eq!(known.recognised, Some(VendorId::Zot), "{case}");
        let list = desk.home.app.repositories(desk.id.clone()).await.unwrap();
        assert_eq!(
            (list.names, list.note),
            (vec![REPOSITORY.to_owned()], None),
            "{case}"
        );
        desk.refresh().await;
        let rows = desk.lab().tags().await.rows;
        assert_eq!((rows.len(), rows[0].resolved), (1, false), "{case}");
        let row = desk.lab().resolve("v1").await;
        assert_eq!((row.digest, row.trouble), (Some(digest), None), "{case}");
        let account = desk.home.app.accounts().await.unwrap().remove(0);
        assert_eq!(account.state, AccountState::SignedIn, "{case}");
        assert_eq!(zot.violations(), [""; 0], "{case}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_zot_without_the_extension_is_not_asked_for_it_again() {
    let (desk, zot) = zot().await;
    zot.has_no_search();
    for name in ["v1", "v2"] {
        zot.registry.push_image(REPOSITORY, name, name);
    }
    for _ in 0..3 {
        desk.refresh().await;
    }
    assert_eq!(asked(&zot, ""), 1);
}

/// Behaviour (vendors): What zot lets go of when a tag moves on is said before anything was lost, and the rule that fits is preselected; its deletion of a tag leaves the commit for a while.
/// Source: zot 6d19b44: an overwritten digest is 404 at once, a deleted tag's after `gcDelay`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_it_lets_go_of_is_said_before_anything_was_lost() {
    let (desk, zot) = zot().await;
    let old = zot.registry.push_image(REPOSITORY, "v1", "one");
    also(&zot.registry, &old, "stage");
    let new = zot.registry.push_image(REPOSITORY, "v1", "two");
    desk.refresh().await;
    let plan = desk.plan_active("v1", &old).await.unwrap();
    let KeepPlan::Ask {
        preselected,
        without,
        ..
    } = plan.keep
    else {
        panic!("{plan:?}");
    };
    assert_eq!(preselected, KeepRule::Push);
    assert!(without.contains("at once"), "{without}");
    let plan = desk.plan_delete(&[tag("v1")]).await;
    let notes: Vec<_> = plan.goes.iter().filter_map(|it| it.note.clone()).collect();
    assert_eq!(notes, ["loses its last name; a clean-up may remove it"]);
    assert_eq!(plan.how, None, "a tag goes alone by the protocol");
    let about = desk.lab().about().await;
    let keeps = about
        .abilities
        .iter()
        .find(|ability| ability.what == Skill::KeepsOverwritten);
    assert_eq!(keeps.unwrap().can, Some(false));
    let outcome = desk.delete(&[tag("v1")]).await;
    assert_eq!(outcome.done, 1, "{outcome:?}");
    assert!(zot.registry.manifest(REPOSITORY, &new).is_some());
    assert_eq!(desk.undo(&outcome).await.done, 1);
    // What somebody else overwrites is gone at the next question.
    zot.registry.push_image(REPOSITORY, "v1", "three");
    desk.refresh().await;
    assert_eq!(zot.registry.manifest(REPOSITORY, &new), None);
    assert!(
        zot.registry.manifest(REPOSITORY, &old).is_some(),
        "stage has it"
    );
    assert_eq!(zot.violations(), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_is_asked_who_they_are_as_ever() {
    let zot = Zot::start().await.unwrap();
    zot.registry.push_image(REPOSITORY, "v1", "one");
    let home = Home::new();
    let problem = home.app.add_account(crate::home::account(
        &zot.host(),
        crate::home::USER,
        "wrong",
    ));
    let problem = problem.await.unwrap_err();
    assert_eq!(
        problem.code,
        app::view::problem::Code::SignIn,
        "{problem:?}"
    );
    assert_eq!(asked(&zot, ""), 0);
}
