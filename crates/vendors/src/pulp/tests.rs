//! Pulp's interface, part by part: on the real one, and on the one that is played, which has to tell the same. What nobody can bring
//! about on the real one (somebody who comes in between, a task that fails) is tried on the played one alone.

use super::Pulp;
use crate::parts::{Creates, DeletesTag, Describes, History, Lists, Restores};
use crate::values::{Cursor, Listed, Moment, NewWords};
use crate::way::{Failure, Way};
use http::Method;
use oci::{Digest, RepositoryName, Tag};
use registry::{Endpoint, HttpOptions, Registry, Scheme, SignIn, SignInWay};
use secrecy::SecretString;
use std::time::Duration;
use testkit::images::{ImageSpec, push, retag};
use testkit::parts::{self, PULP_SECRET, PULP_USER, Part, need};
use testkit::scripted::Answer;
use testkit::standins;

/// Somebody who may look and nothing else.
const LOOKER: &str = "looker";

/// One of the two.
enum Server {
    Real(Box<parts::Pulp>),
    Played(standins::pulp::Pulp),
}

impl Server {
    async fn real() -> Option<Self> {
        if !need(Part::Pulp) {
            return None;
        }
        let pulp = parts::Pulp::start().await.unwrap();
        Some(Self::Real(Box::new(pulp)))
    }

    async fn played() -> Self {
        Self::Played(standins::pulp::Pulp::start().await.unwrap())
    }

    fn host(&self) -> String {
        match self {
            Self::Real(pulp) => pulp.host(),
            Self::Played(pulp) => pulp.host(),
        }
    }

    async fn way(&self, user: &str) -> Way {
        let host = self.host();
        let endpoint = Endpoint {
            scheme: Scheme::Http,
            host: oci::Host::parse(&host).unwrap(),
        };
        let sign_in = SignIn::Basic {
            user: user.to_owned(),
            secret: SecretString::from(PULP_SECRET),
        };
        let ways = SignInWay::parse(&format!("bearer http://{host}")).unwrap();
        let options = HttpOptions::default();
        let registry = Registry::open(endpoint, sign_in, Some(ways.into()), &options);
        Way::open(&super::Pulp, crate::Part::List, registry.unwrap(), None).await
    }

    /// Pushes as somebody else.
    async fn push(&self, name: &RepositoryName, tag: &str, text: &str) -> Digest {
        let digest = match self {
            Self::Real(pulp) => {
                let image = ImageSpec::of_sizes(1, &[300]).layer("text", text);
                push(&**pulp, name.as_str(), tag, &image).await.unwrap()
            }
            Self::Played(pulp) => pulp.push(name.as_str(), tag, text),
        };
        Digest::parse(&digest).unwrap()
    }

    async fn also(&self, name: &RepositoryName, tag: &str, other: &str) {
        match self {
            Self::Real(pulp) => retag(&**pulp, name.as_str(), tag, other).await.unwrap(),
            Self::Played(pulp) => {
                let digest = pulp.registry.tagged(name.as_str(), tag).unwrap();
                let bytes = pulp.registry.manifest(name.as_str(), &digest).unwrap();
                let kind = testkit::images::MANIFEST;
                let registry = &pulp.registry;
                registry.put_manifest(name.as_str(), Some(other), kind, &bytes);
                pulp.notice(name.as_str());
            }
        }
    }

    async fn tagged(&self, name: &RepositoryName, tag: &str) -> Option<Digest> {
        let digest = match self {
            Self::Real(pulp) => {
                let found = pulp.manifest(name.as_str(), tag).await.unwrap();
                found.map(|(digest, _)| digest)
            }
            Self::Played(pulp) => pulp.registry.tagged(name.as_str(), tag),
        };
        digest.map(|digest| Digest::parse(&digest).unwrap())
    }

    /// Deletes a commit with its tags as somebody else, and waits until that is done.
    async fn delete(&self, name: &RepositoryName, digest: &Digest, tag: &str) {
        match self {
            Self::Real(pulp) => {
                let answer = pulp.delete(name.as_str(), digest.as_str()).await;
                assert_eq!(answer.unwrap(), 202);
            }
            Self::Played(pulp) => {
                let registry = &pulp.registry;
                registry.drop_manifest(name.as_str(), digest.as_str());
                pulp.notice(name.as_str());
            }
        }
        while self.tagged(name, tag).await.is_some() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Lists what was asked of its own interface so far, by others than the testkit.
    fn asked(&self) -> Vec<String> {
        let mut all = match self {
            Self::Real(pulp) => pulp.access_log(),
            Self::Played(pulp) => {
                let all = pulp.registry.requests().into_iter();
                all.map(|seen| format!("{} {}", seen.method, seen.path))
                    .collect()
            }
        };
        all.retain(|request| request.contains("/pulp/api/v3/"));
        all
    }

    /// Asserts that nothing was asked that Pulp refuses, but for this many questions.
    fn refused(&self, known: usize) {
        match self {
            Self::Real(_) => {
                let mut refused = self.asked();
                refused.retain(|it| it.ends_with(" 400") || it.ends_with(" 404"));
                assert_eq!(refused.len(), known, "{refused:#?}");
            }
            Self::Played(pulp) => assert_eq!(pulp.violations(), [""; 0]),
        }
    }
}

fn name(text: &str) -> RepositoryName {
    RepositoryName::parse(text).unwrap()
}

fn tag(text: &str) -> Tag {
    Tag::parse(text).unwrap()
}

async fn list(way: &Way) -> Vec<Listed> {
    let mut rows = Vec::new();
    let mut at = Some(Cursor::First);
    while let Some(cursor) = at {
        let page = Lists::page(&Pulp, way, &cursor).await.unwrap();
        assert_eq!(page.left_out, 0);
        rows.extend(page.rows);
        at = page.next;
    }
    rows
}

async fn history(way: &Way, name: &RepositoryName, tag: Option<&Tag>) -> Vec<Moment> {
    let mut rows = Vec::new();
    let mut at = Some(Cursor::First);
    while let Some(cursor) = at {
        let page = History::page(&Pulp, way, name, tag, &cursor).await.unwrap();
        assert_eq!(page.left_out, 0);
        rows.extend(page.rows);
        at = page.next;
    }
    rows
}

/// Of each moment the tag, the commit and whether it has an end.
fn told(moments: &[Moment]) -> Vec<(&str, &Digest, bool)> {
    let told = moments.iter().map(|moment| {
        let tag = moment.tag.as_ref().unwrap().as_str();
        (tag, &moment.digest, moment.until.is_some())
    });
    told.collect()
}

#[tokio::test]
async fn repositories_are_made_listed_and_described() {
    for server in [Server::real().await, Some(Server::played().await)] {
        let Some(server) = server else { continue };
        let way = server.way(PULP_USER).await;
        let new = name("lab/made");
        let words = NewWords {
            description: "Made\nhere.".into(),
            full: None,
        };
        let made = Pulp.create(&way, &new, &words, Some(true)).await;
        made.unwrap();
        server.push(&name("lab/pushed"), "v1", "one").await;
        let rows = list(&way).await;
        let names: Vec<_> = rows.iter().map(|row| row.name.as_str()).collect();
        assert_eq!(names, ["lab/made", "lab/pushed"]);
        let said: Vec<_> = rows
            .iter()
            .map(|row| row.words.description.as_deref())
            .collect();
        assert_eq!(said, [Some("Made\nhere."), None]);
        let private: Vec<_> = rows.iter().map(|row| row.private).collect();
        assert_eq!(private, [Some(true), Some(false)]);
        assert!(rows.iter().all(|row| row.created.is_some()));

        // It is refused a second time, and what is there stays.
        let again = Pulp.create(&way, &new, &words, None).await;
        assert!(matches!(again, Err(Failure::Refused(_))), "{again:?}");
        server.push(&new, "v1", "two").await;
        let words = NewWords {
            description: "Other words.".into(),
            full: None,
        };
        let written = Pulp.write(&way, &new, &words, None).await.unwrap();
        assert_eq!(written.description.as_deref(), Some("Other words."));
        let read = Describes::read(&Pulp, &way, &new).await.unwrap();
        assert_eq!(read, written);
        let nothing = Describes::read(&Pulp, &way, &name("lab/nothing")).await;
        assert!(matches!(nothing, Err(Failure::NotFound)), "{nothing:?}");
        assert_eq!(list(&way).await.len(), 2);
        server.refused(1);
    }
}

#[tokio::test]
async fn a_list_comes_a_hundred_at_once() {
    let server = Server::played().await;
    let Server::Played(pulp) = &server else {
        unreachable!("it is played")
    };
    for at in 0..250 {
        let name = format!("lab/tool-{at:03}");
        pulp.registry.put_manifest(&name, Some("v1"), "any", b"{}");
    }
    let rows = list(&server.way(PULP_USER).await).await;
    assert_eq!((rows.len(), server.asked().len()), (250, 3));
    server.refused(0);
}

#[tokio::test]
async fn what_tags_pointed_at_is_told_with_since_when() {
    for server in [Server::real().await, Some(Server::played().await)] {
        let Some(server) = server else { continue };
        let (way, app) = (server.way(PULP_USER).await, name("lab/team/app"));
        let first = server.push(&app, "latest", "one").await;
        let stage = server.push(&app, "stage", "stage").await;
        let second = server.push(&app, "latest", "two").await;
        server.also(&app, "latest", "v2").await;
        let before = server.asked().len();
        let all = history(&way, &app, None).await;
        let expected = [
            ("v2", &second, false),
            ("latest", &second, false),
            ("stage", &stage, false),
            ("latest", &first, true),
        ];
        assert_eq!(told(&all), expected);
        assert_eq!(all[3].until, Some(all[1].from));
        assert!(all.is_sorted_by_key(|moment| std::cmp::Reverse(moment.from)));
        // The repository, its versions, the tags of four of them, and their manifests: blobs alone made none that is asked for.
        assert_eq!(server.asked().len() - before, 7, "{:#?}", server.asked());
        // Of others is told what costs nothing.
        let mut latest = history(&way, &app, Some(&tag("latest"))).await;
        latest.retain(|moment| moment.tag == Some(tag("latest")));
        let expected = [("latest", &second, false), ("latest", &first, true)];
        assert_eq!(told(&latest), expected);

        // Put back to what it was, a commit begins anew; one whose tag is taken away ends.
        server.push(&app, "latest", "one").await;
        Pulp.delete(&way, &app, &tag("stage"), &stage)
            .await
            .unwrap();
        server.delete(&app, &second, "v2").await;
        let all = history(&way, &app, None).await;
        let expected = [
            ("latest", &first, false),
            ("v2", &second, true),
            ("latest", &second, true),
            ("stage", &stage, true),
            ("latest", &first, true),
        ];
        assert_eq!(told(&all), expected);
        let none = Pulp
            .delete(&way, &name("lab/none"), &tag("v1"), &first)
            .await;
        assert!(matches!(none, Err(Failure::NotFound)));
        server.refused(0);
    }
}

#[tokio::test]
async fn a_history_of_many_versions_comes_in_pages_that_fit_together() {
    let server = Server::played().await;
    let (way, app) = (server.way(PULP_USER).await, name("lab/app"));
    let mut pushed = Vec::new();
    let gone = server.push(&app, "gone", "gone").await;
    for round in 0..45 {
        pushed.push(server.push(&app, "latest", &format!("{round}")).await);
    }
    let Server::Played(pulp) = &server else {
        unreachable!("it is played")
    };
    pulp.registry.drop_manifest(app.as_str(), "gone");
    pulp.notice(app.as_str());
    let before = server.asked().len();
    let all = history(&way, &app, None).await;
    let asked = server.asked().len() - before;
    // Three pages: what serves it, versions and manifests for each, a question a version, and three more for what was taken away.
    assert_eq!(asked, 3 * 3 + 46 + 3);
    pushed.reverse();
    let of_latest = all.iter().filter(|it| it.tag == Some(tag("latest")));
    let digests: Vec<_> = of_latest.clone().map(|it| it.digest.clone()).collect();
    assert_eq!(digests, pushed);
    // Where a page begins, the end is the beginning of what was told before; within one it is told.
    let open = of_latest.filter(|it| it.until.is_none()).count();
    assert_eq!(open, 3);
    let ends: Vec<_> = all
        .iter()
        .filter(|it| it.tag == Some(tag("gone")))
        .collect();
    assert!(
        ends.iter()
            .all(|it| it.digest == gone && it.from == ends[0].from)
    );
    assert!(ends[0].until.is_some());
    server.refused(0);
}

#[tokio::test]
async fn one_tag_goes_and_no_other_and_no_other_commit() {
    for server in [Server::real().await, Some(Server::played().await)] {
        let Some(server) = server else { continue };
        let (way, app) = (server.way(PULP_USER).await, name("lab/app"));
        let one = server.push(&app, "nightly", "one").await;
        server.also(&app, "nightly", "stage").await;
        server.also(&app, "nightly", "_h.nightly.1").await;
        let other = server.push(&app, "moved", "two").await;
        Pulp.delete(&way, &app, &tag("nightly"), &one)
            .await
            .unwrap();
        assert_eq!(server.tagged(&app, "nightly").await, None);
        assert_eq!(server.tagged(&app, "stage").await.as_ref(), Some(&one));
        // A tag that points elsewhere by now, one that isn't there, and one that its calls don't take.
        for name in ["moved", "nightly", "_h.nightly.1"] {
            let left = Pulp.delete(&way, &app, &tag(name), &one).await;
            assert!(matches!(left, Err(Failure::NotFound)), "{name}: {left:?}");
        }
        assert_eq!(server.tagged(&app, "moved").await, Some(other));
        assert_eq!(server.tagged(&app, "_h.nightly.1").await, Some(one));
        let untags = server
            .asked()
            .iter()
            .filter(|it| it.contains("/untag/"))
            .count();
        assert_eq!(untags, 1);
        server.refused(0);
    }
}

#[tokio::test]
async fn a_commit_that_was_deleted_is_put_back_with_what_belongs_to_it() {
    for server in [Server::real().await, Some(Server::played().await)] {
        let Some(server) = server else { continue };
        let (way, app) = (server.way(PULP_USER).await, name("lab/app"));
        let old = server.push(&app, "v1", "old").await;
        let new = server.push(&app, "v1", "new").await;
        // One that was overwritten is there.
        Pulp.restore(&way, &app, &tag("v1"), &old).await.unwrap();
        assert_eq!(server.tagged(&app, "v1").await.as_ref(), Some(&old));
        server.delete(&app, &old, "v1").await;
        Pulp.restore(&way, &app, &tag("v1"), &old).await.unwrap();
        assert_eq!(server.tagged(&app, "v1").await.as_ref(), Some(&old));
        if let Server::Real(pulp) = &server {
            let (_, manifest) = pulp.manifest(app.as_str(), "v1").await.unwrap().unwrap();
            let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
            for layer in manifest["layers"].as_array().unwrap() {
                let digest = layer["digest"].as_str().unwrap();
                let path = format!("/v2/{app}/blobs/{digest}");
                let answer = pulp.send(Method::GET, &path, &[], "").await.unwrap();
                assert_eq!(answer.0, 302, "its layers are there as well");
            }
        }
        // What was never in this repository isn't taken from another.
        let others = server.push(&name("lab/other"), "v1", "others").await;
        let nobodys = Digest::sha256_of(b"nobody's");
        for digest in [&others, &nobodys] {
            let none = Pulp.restore(&way, &app, &tag("v1"), digest).await;
            assert!(matches!(none, Err(Failure::NotFound)), "{none:?}");
        }
        let odd = Pulp.restore(&way, &app, &tag("_h.v1"), &new).await;
        assert!(matches!(odd, Err(Failure::NotFound)), "{odd:?}");
        server.refused(3);
    }
}

#[tokio::test]
async fn who_may_only_look_is_refused_what_writes_and_told_so() {
    let Some(server) = Server::real().await else {
        return;
    };
    let Server::Real(pulp) = &server else {
        unreachable!("it is real")
    };
    pulp.add_user(LOOKER, PULP_SECRET).await.unwrap();
    let app = name("lab/app");
    let digest = server.push(&app, "v1", "one").await;
    let way = server.way(LOOKER).await;
    assert_eq!(list(&way).await.len(), 1);
    let words = NewWords::default();
    assert!(matches!(
        Pulp.delete(&way, &app, &tag("v1"), &digest).await,
        Err(Failure::Denied)
    ));
    assert!(matches!(
        Pulp.write(&way, &app, &words, None).await,
        Err(Failure::Denied)
    ));
    assert!(matches!(
        Pulp.create(&way, &name("lab/new"), &words, None).await,
        Err(Failure::Denied)
    ));
    assert_eq!(server.tagged(&app, "v1").await, Some(digest));
}

#[tokio::test]
async fn hostile_who_comes_in_between_a_task_that_fails_and_nonsense() {
    let server = Server::played().await;
    let Server::Played(pulp) = &server else {
        unreachable!("it is played")
    };
    let (way, app) = (server.way(PULP_USER).await, name("lab/app"));
    let one = server.push(&app, "v1", "one").await;
    // Pushed after the last look, and before the task.
    pulp.registry.before("POST", "/untag/", |hand| {
        hand.push_image("lab/app", "v1", "theirs");
    });
    let slipped = Pulp.delete(&way, &app, &tag("v1"), &one).await;
    assert!(
        matches!(slipped, Err(Failure::Unreadable(_))),
        "{slipped:?}"
    );
    let theirs = server.tagged(&app, "v1").await.unwrap();
    assert_ne!(theirs, one, "what somebody pushed meanwhile is put back");
    pulp.tasks_end(Some("failed"));
    let failed = Pulp.delete(&way, &app, &tag("v1"), &theirs).await;
    assert!(matches!(failed, Err(Failure::Unreadable(_))), "{failed:?}");
    assert_eq!(server.tagged(&app, "v1").await, Some(theirs));
    let made = Pulp
        .create(&way, &name("lab/new"), &NewWords::default(), None)
        .await;
    assert!(matches!(made, Err(Failure::Unreadable(_))), "{made:?}");
    server.refused(0);
    for (broken, is_read) in [
        (Answer::json("[]"), false),
        (Answer::json(r#"{"results":7}"#), false),
        (Answer::json(r#"{"count":9,"next":"x","results":[]}"#), true),
        (
            Answer::json(r#"{"results":[7,{},{"base_path":"../x"}]}"#),
            true,
        ),
        (Answer::page(200, "<html>"), false),
        (Answer::redirect(302, "http://127.0.0.1:1/"), false),
    ] {
        pulp.break_interface(Some(broken.clone()));
        let page = Lists::page(&Pulp, &way, &Cursor::First).await;
        assert_eq!(page.is_ok(), is_read, "{broken:?}: {page:?}");
        if let Ok(page) = page {
            assert_eq!((page.rows.len(), page.next), (0, None), "{broken:?}");
        }
        let told = History::page(&Pulp, &way, &app, None, &Cursor::First).await;
        assert!(told.is_err(), "{broken:?}: {told:?}");
    }
}
