//! What GitHub's interface tells of packages, and what of it is left out.

use super::*;
use crate::values::Moment;
use crate::{Walk, of, recognise};
use oci::{Digest, Tag};
use registry::{Endpoint, HttpOptions, Instead, Registry, Scheme, SignIn};
use secrecy::SecretString;
use serde_json::json;
use testkit::images::{INDEX, MANIFEST};
use testkit::scripted::{Answer, Asked, Scripted};
use testkit::standins::ghcr::{Ghcr as Played, SECRET, USER};

const ME: Option<(&str, &str)> = Some((USER, SECRET));

/// GitHub at another address of this computer, for its user or for nobody.
fn registry(address: &str, user: Option<(&str, &str)>) -> Registry {
    let played = |all: Instead, name: &str| all.with(name, address).unwrap();
    let options = HttpOptions {
        instead: ["ghcr.io", "api.github.com"]
            .into_iter()
            .fold(Instead::default(), played),
        ..HttpOptions::default()
    };
    let endpoint = Endpoint {
        scheme: Scheme::Https,
        host: Host::parse("ghcr.io").unwrap(),
    };
    let sign_in = user.map_or(SignIn::Anonymous, |(user, secret)| SignIn::Basic {
        user: user.into(),
        secret: SecretString::from(secret),
    });
    let service = registry::SignInWay::parse(&format!("bearer {address}")).unwrap();
    Registry::open(endpoint, sign_in, Some(service.into()), &options).unwrap()
}

async fn way(address: &str, part: Part, user: Option<(&str, &str)>) -> Way {
    Way::open(&Ghcr, part, registry(address, user), None).await
}

async fn played() -> (Played, String) {
    let ghcr = Played::start().await.unwrap();
    let address = ghcr.address();
    (ghcr, address)
}

fn name(text: &str) -> RepositoryName {
    RepositoryName::parse(text).unwrap()
}

fn tag(text: &str) -> Tag {
    Tag::parse(text).unwrap()
}

fn digest(text: &str) -> Digest {
    Digest::parse(text).unwrap()
}

/// Walks the whole list; its names, and whether it came whole.
async fn all(way: &Way) -> (Vec<String>, bool) {
    let (mut walk, mut names) = (Walk::new(), Vec::new());
    while let Some(at) = walk.at().cloned() {
        let page = Lists::page(&Ghcr, way, &at).await.unwrap();
        let rows = walk.take(page, 10_000, |one: &Listed| one.name.as_str());
        names.extend(rows.into_iter().map(|one| one.name.to_string()));
    }
    (names, walk.doubt().is_none())
}

async fn past(way: &Way, of: &RepositoryName) -> Vec<Moment> {
    let (mut at, mut rows) = (Some(Cursor::First), Vec::new());
    while let Some(cursor) = at {
        let page = History::page(&Ghcr, way, of, None, &cursor).await.unwrap();
        assert_eq!(page.left_out, 0);
        rows.extend(page.rows);
        at = page.next;
    }
    rows
}

#[tokio::test]
async fn it_is_github_by_its_name_and_its_answer_together() {
    let (ghcr, address) = played().await;
    let there = registry(&address, None);
    let seen = there.seen().await.unwrap();
    assert_eq!(recognise(&there, &seen).await.id, VendorId::Ghcr);
    // The same server under its own name is nobody's.
    let endpoint = Endpoint {
        scheme: Scheme::Http,
        host: Host::parse(&ghcr.registry.host()).unwrap(),
    };
    let other = Registry::new(endpoint, SignIn::Anonymous).unwrap();
    let seen = other.seen().await.unwrap();
    assert!(matches!(of(VendorId::Ghcr).signs(&seen), Sign::No));
}

#[tokio::test]
async fn what_is_the_users_and_their_organisations_is_listed() {
    let (ghcr, address) = played().await;
    for at in 0..230 {
        let name = format!("lab/r{at:03}");
        ghcr.registry
            .put_manifest(&name, Some("v1"), MANIFEST, b"{}");
    }
    for name in [
        "demo/own",
        "genomics-lab/deep/reads",
        "others/secret",
        "ana/x",
    ] {
        ghcr.registry.push_image(name, "v1", name);
    }
    ghcr.describe("demo/own", "Counts\u{202e} cells.\n");
    ghcr.publish("demo/own");
    let me = way(&address, Part::List, ME).await;
    let page = Lists::page(&Ghcr, &me, &Cursor::First).await.unwrap();
    let own = &page.rows[0];
    assert_eq!(own.words.description.as_deref(), Some("Counts cells."));
    assert_eq!((own.name.as_str(), own.private), ("demo/own", Some(false)));
    assert!(own.updated.is_some() && own.created.is_some());
    ghcr.registry.forget_requests();
    let (names, is_whole) = all(&me).await;
    assert_eq!((names.len(), is_whole), (232, true));
    assert_eq!(names[0], "demo/own");
    assert_eq!(names[231], "genomics-lab/deep/reads");
    // Organisations, one page; the user's own, one; the one organisation's, three; the other one's, one.
    assert_eq!(ghcr.registry.requests().len(), 6);
    // Without links a full page is followed by one more, and one that isn't by none.
    ghcr.leave_out_links();
    assert_eq!(all(&me).await, (names, true));
    assert_eq!(ghcr.violations(), [""; 0]);
    // Nobody is told anything, and nothing is asked.
    ghcr.registry.forget_requests();
    let nobody = way(&address, Part::List, None).await;
    let told = Lists::page(&Ghcr, &nobody, &Cursor::First).await;
    assert!(matches!(told, Err(Failure::Wants)), "{told:?}");
    assert_eq!(ghcr.registry.requests(), []);
}

#[tokio::test]
async fn a_token_that_tells_no_organisations_lists_what_is_known_in_doubt() {
    let (ghcr, address) = played().await;
    for name in ["demo/own", "lab/tool", "genomics-lab/reads", "ana/x"] {
        ghcr.registry.push_image(name, "v1", name);
    }
    ghcr.publish("ana/x");
    ghcr.hide_organisations();
    let mut me = way(&address, Part::List, ME).await;
    assert_eq!(all(&me).await, (vec!["demo/own".to_owned()], false));
    let known = ["ana", "demo", "lab", "nobody"];
    me.namespaces = known.map(str::to_owned).to_vec();
    let names = ["demo/own", "ana/x", "lab/tool"]
        .map(str::to_owned)
        .to_vec();
    assert_eq!(all(&me).await, (names, false));
    // One organisation that wants more says nothing of the others, and its packages are not taken for gone.
    let (ghcr, address) = played().await;
    for name in ["demo/own", "lab/tool", "genomics-lab/reads"] {
        ghcr.registry.push_image(name, "v1", name);
    }
    ghcr.bar("lab");
    let me = way(&address, Part::List, ME).await;
    let names = ["demo/own", "genomics-lab/reads"].map(str::to_owned);
    assert_eq!(all(&me).await, (names.to_vec(), false));
    // Of a token that may read no packages nothing is a list.
    ghcr.hide_packages();
    let told = Lists::page(&Ghcr, &me, &Cursor::First).await;
    assert!(matches!(told, Err(Failure::Denied)), "{told:?}");
    assert_eq!(ghcr.violations(), [""; 0]);
}

#[tokio::test]
async fn an_account_of_a_namespace_lists_that_alone() {
    let (ghcr, address) = played().await;
    for name in [
        "demo/own",
        "lab/tool",
        "genomics-lab/reads",
        "ana/x",
        "ana/hidden",
    ] {
        ghcr.registry.push_image(name, "v1", name);
    }
    ghcr.publish("ana/x");
    let mut me = way(&address, Part::List, ME).await;
    for (namespace, names) in [
        ("lab", vec!["lab/tool"]),
        ("lab/to", vec!["lab/tool"]),
        ("ana", vec!["ana/x"]),
        ("demo", vec!["demo/own"]),
    ] {
        me.namespace = Some(name(namespace));
        let (listed, is_whole) = all(&me).await;
        assert_eq!(
            (listed, is_whole),
            (names.iter().map(ToString::to_string).collect(), true)
        );
    }
    assert_eq!(ghcr.registry.count("GET", "/user/"), 0);
    assert_eq!(ghcr.violations(), [""; 0]);
}

#[tokio::test]
async fn every_tag_of_a_version_is_told_and_its_time_is_no_tags() {
    let (ghcr, address) = played().await;
    let one = ghcr.registry.push_image("lab/deep/tool", "v1", "one");
    let bytes = ghcr.registry.manifest("lab/deep/tool", &one).unwrap();
    ghcr.registry
        .put_manifest("lab/deep/tool", Some("stage"), MANIFEST, &bytes);
    let me = way(&address, Part::TagFacts, ME).await;
    let of = name("lab/deep/tool");
    let page = TagFacts::page(&Ghcr, &me, &of, &Cursor::First)
        .await
        .unwrap();
    assert_eq!((page.rows.len(), page.sent, page.left_out), (2, 1, 0));
    for fact in &page.rows {
        assert_eq!((fact.digest.as_str(), fact.exact), (one.as_str(), false));
        let at = ghcr.created("lab/deep/tool", &one);
        assert_eq!(fact.pushed.map(|at| at.0), at);
        assert!(fact.what.is_some());
    }
    assert!(!Ghcr.tells_since());
    // What is private of the user's own is told below their own path alone, and they are found out with the first page.
    for at in 0..250 {
        let at = format!("v{at:03}");
        ghcr.registry.push_image("demo/own", &at, &at);
    }
    ghcr.registry.forget_requests();
    let (of, mut walk, mut rows) = (name("demo/own"), Walk::new(), Vec::new());
    while let Some(at) = walk.at().cloned() {
        let page = TagFacts::page(&Ghcr, &me, &of, &at).await.unwrap();
        rows.extend(walk.take(page, 1000, |one| one.tag.as_str()));
    }
    assert_eq!((rows.len(), walk.doubt()), (250, None));
    assert_eq!(ghcr.registry.requests().len(), 6);
    assert_eq!(ghcr.violations(), [""; 0]);
    // A package that isn't there is neither's.
    let told = TagFacts::page(&Ghcr, &me, &name("lab/none"), &Cursor::First).await;
    assert!(matches!(told, Err(Failure::NotFound)), "{told:?}");
}

#[tokio::test]
async fn hostile_a_package_of_the_tokens_owner_is_none_of_whoever_the_account_is_called_after() {
    let (ghcr, address) = played().await;
    let digest = ghcr.registry.push_image("demo/tool", "v1", "one");
    ghcr.registry.push_image("demo/tool", "v2", "two");
    let as_other = Some(("others", SECRET));
    let me = way(&address, Part::DeleteCommit, as_other).await;
    let of = name("others/tool");
    let told = TagFacts::page(&Ghcr, &me, &of, &Cursor::First).await;
    assert!(matches!(told, Err(Failure::NotFound)), "{told:?}");
    let digest = self::digest(&digest);
    let told = DeletesCommit::delete(&Ghcr, &me, &of, &digest, &[tag("v1")]).await;
    assert!(matches!(told, Err(Failure::NotFound)), "{told:?}");
    assert_eq!(ghcr.registry.tags("demo/tool"), ["v1", "v2"]);
    assert_eq!(ghcr.violations(), [""; 0]);
}

#[tokio::test]
async fn commits_without_a_tag_are_told_with_the_platforms_of_indexes() {
    let (ghcr, address) = played().await;
    let left = ghcr.registry.push_image("lab/tool", "v1", "left");
    ghcr.registry.push_image("lab/tool", "v1", "right");
    let child = ghcr.registry.push_image("lab/tool", "gone", "child");
    let size = ghcr.registry.manifest("lab/tool", &child).unwrap().len();
    let index = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": [{"mediaType": MANIFEST, "digest": child, "size": size}]});
    ghcr.registry.put_manifest(
        "lab/tool",
        Some("gone"),
        INDEX,
        index.to_string().as_bytes(),
    );
    let gone = ghcr.registry.push_image("lab/tool", "extra", "gone");
    ghcr.delete_version("lab/tool", &gone);
    let me = way(&address, Part::History, ME).await;
    let rows = past(&me, &name("lab/tool")).await;
    let mut digests: Vec<&str> = rows.iter().map(|row| row.digest.as_str()).collect();
    digests.sort_unstable();
    let mut wanted = [left.as_str(), child.as_str()];
    wanted.sort_unstable();
    assert_eq!(digests, wanted);
    assert!(
        rows.iter()
            .all(|row| row.tag.is_none() && row.restorable_until.is_none())
    );
    // What a tag has left isn't known to be that tag's: nothing is asked.
    ghcr.registry.forget_requests();
    let of = name("lab/tool");
    let page = History::page(&Ghcr, &me, &of, Some(&tag("v1")), &Cursor::First).await;
    assert!(page.unwrap().rows.is_empty());
    assert_eq!(ghcr.registry.requests(), []);
    assert_eq!(ghcr.violations(), [""; 0]);
}

#[tokio::test]
async fn a_commit_goes_with_the_tags_that_are_known_and_no_others() {
    let (ghcr, address) = played().await;
    let me = way(&address, Part::DeleteCommit, ME).await;
    let of = name("lab/tool");
    let old = ghcr.registry.push_image("lab/tool", "old", "old");
    let last = DeletesCommit::delete(&Ghcr, &me, &of, &digest(&old), &[tag("old")]).await;
    assert!(matches!(last, Err(Failure::Refused(_))), "{last:?}");
    for at in 0..220 {
        let at = format!("v{at:03}");
        ghcr.registry.push_image("lab/tool", &at, &at);
    }
    let other = DeletesCommit::delete(&Ghcr, &me, &of, &digest(&old), &[tag("other")]).await;
    assert!(matches!(other, Err(Failure::Changed)), "{other:?}");
    assert_eq!(ghcr.registry.tagged("lab/tool", "old").as_ref(), Some(&old));
    let known = [tag("old"), tag("other")];
    DeletesCommit::delete(&Ghcr, &me, &of, &digest(&old), &known)
        .await
        .unwrap();
    assert_eq!(ghcr.registry.tagged("lab/tool", "old"), None);
    let again = DeletesCommit::delete(&Ghcr, &me, &of, &digest(&old), &known).await;
    assert!(matches!(again, Err(Failure::NotFound)), "{again:?}");
    let popular = ghcr.registry.tagged("lab/tool", "v000").unwrap();
    ghcr.publish("lab/tool");
    ghcr.download(&popular);
    let told = DeletesCommit::delete(&Ghcr, &me, &of, &digest(&popular), &[tag("v000")]).await;
    assert!(matches!(told, Err(Failure::Refused(_))), "{told:?}");
    assert_eq!(ghcr.violations(), [""; 0]);
}

#[tokio::test]
async fn a_deleted_commit_is_put_back_under_a_tag() {
    for brings_tags in [false, true] {
        let (ghcr, address) = played().await;
        if brings_tags {
            ghcr.bring_tags_back();
        }
        let me = way(&address, Part::Restore, ME).await;
        let of = name("lab/tool");
        let old = ghcr.registry.push_image("lab/tool", "v1", "old");
        ghcr.registry.push_image("lab/tool", "v2", "new");
        let restore = async || {
            let tag = tag("v1");
            let digest = digest(&old);
            Restores::restore(&Ghcr, &me, &of, &tag, &digest).await
        };
        assert!(matches!(restore().await, Err(Failure::NotFound)));
        ghcr.delete_version("lab/tool", &old);
        assert_eq!(ghcr.registry.tagged("lab/tool", "v1"), None);
        restore().await.unwrap();
        assert_eq!(ghcr.registry.tagged("lab/tool", "v1").as_ref(), Some(&old));
        let puts = ghcr.registry.count("PUT", "/v2/lab/tool/manifests/v1");
        assert_eq!(puts, usize::from(!brings_tags));
        // What came under the tag meanwhile is not overwritten.
        ghcr.delete_version("lab/tool", &old);
        let newer = ghcr.registry.push_image("lab/tool", "v1", "newer");
        if !brings_tags {
            assert!(matches!(restore().await, Err(Failure::Changed)));
            assert_eq!(ghcr.registry.tagged("lab/tool", "v1"), Some(newer));
        }
        assert_eq!(ghcr.violations(), [""; 0]);
    }
}

/// A server that plays GitHub and answers so to every question of its interface.
async fn answering(
    answer: impl Fn(&Asked<'_>) -> Answer + Send + Sync + 'static,
) -> (Scripted, String) {
    let server = Scripted::start().await.unwrap();
    server.script(move |asked| Some(answer(asked)));
    let address = format!("http://{}", server.host());
    (server, address)
}

#[tokio::test]
async fn hostile_what_cannot_be_read_is_left_out_and_counted() {
    let good = format!("sha256:{}", "a".repeat(64));
    let other = format!("sha256:{}", "b".repeat(64));
    let version = move |digest: &str, tags: Value| json!({"id": 1, "name": digest, "created_at": "2026-11-01T12:00:00Z", "metadata": {"container": {"tags": tags}}});
    let versions = json!([
        version(&good, json!(["v1", "twice", "a b", 7])),
        version(&other, json!(["twice"])),
        version("sha256:0", json!(["v2"])),
        version(&good, json!("v3")),
        7,
        {"name": good},
    ]);
    let package = |login: &str, name: &str| json!({"name": name, "owner": {"login": login}, "visibility": 7, "repository": {"description": 7}});
    let packages = json!([
        package("Lab", "tool"),
        package("../x", "tool"),
        package("a/b", "tool"),
        package("lab", "Big Tool"),
        {"name": "tool"},
        null,
    ]);
    let (_server, address) = answering(move |asked| {
        Answer::json(match asked.path {
            "/user/orgs" => json!([{"login": "a/b"}, {"login": 7}, 7]).to_string(),
            "/user/packages" => packages.to_string(),
            _ => versions.to_string(),
        })
    })
    .await;
    let me = way(&address, Part::TagFacts, ME).await;
    let of = name("lab/tool");
    let page = TagFacts::page(&Ghcr, &me, &of, &Cursor::First)
        .await
        .unwrap();
    let told: Vec<&str> = page.rows.iter().map(|one| one.tag.as_str()).collect();
    // With what cannot be read a tag that two versions claim.
    assert_eq!((told, page.sent, page.left_out), (vec!["v1"], 6, 7));
    assert_eq!(page.next, None);
    let page = History::page(&Ghcr, &me, &of, None, &Cursor::First)
        .await
        .unwrap();
    assert_eq!((page.rows.len(), page.sent, page.left_out), (0, 6, 4));
    let page = Lists::page(&Ghcr, &me, &Cursor::First).await.unwrap();
    let told: Vec<&str> = page.rows.iter().map(|one| one.name.as_str()).collect();
    assert_eq!((told, page.sent, page.left_out), (vec!["lab/tool"], 6, 5));
    // Organisations that can't be read are lacking.
    assert_eq!((page.total, page.rows[0].private), (Some(u64::MAX), None));
}

#[tokio::test]
async fn hostile_lists_without_an_end_end_in_doubt() {
    let (server, address) = answering(|asked| {
        let number = asked.fields("page").pop().unwrap_or_default();
        let entry = match asked.path {
            "/user/orgs" => json!({"login": format!("o{number}")}),
            "/user/packages" => json!({"name": format!("r{number}"), "owner": {"login": "demo"}}),
            _ => return Answer::json("[]"),
        };
        Answer::json(json!([entry])).with("link", "<https://api.github.com/x?page=2>; rel=\"next\"")
    })
    .await;
    let me = way(&address, Part::List, ME).await;
    let (names, is_whole) = all(&me).await;
    assert_eq!((names.len(), is_whole), (100, false));
    assert!(server.requests().len() <= 103);
    for odd in ["", "1", "x - self:", "1 - who:x", "0 - ", "1 - self:,"] {
        let at = Cursor::Text(odd.to_owned());
        let told = Lists::page(&Ghcr, &me, &at).await;
        assert!(told.is_err(), "{odd}");
    }
}

/// Behaviour (vendors): A 403 of GitHub's interface that says that nothing is left of its limit, in its headers or in words, is none of the account's rights: it is asked again later.
/// Source: documentation of GitHub's REST API, rate limits: 403 or 429 with `x-ratelimit-remaining: 0`, or with `retry-after`.
#[tokio::test]
async fn a_limit_is_no_refusal() {
    let (ghcr, address) = played().await;
    let me = way(&address, Part::List, ME).await;
    let says = |text: &str| Answer::json(json!({"message": text})).with_status(403);
    let no = || says("Resource not accessible by personal access token");
    for (answer, passes) in [
        (no(), false),
        (no().with("x-ratelimit-remaining", "7"), false),
        (says("You have exceeded a secondary rate limit."), true),
        (
            no().with("x-ratelimit-remaining", "0")
                .with("x-ratelimit-reset", "4000000000"),
            true,
        ),
        (no().with("retry-after", "3600"), true),
        (
            Answer::of(429)
                .with("x-ratelimit-remaining", "0")
                .with("retry-after", "3600"),
            true,
        ),
    ] {
        let case = format!("{answer:?}");
        ghcr.break_interface(Some(answer));
        ghcr.registry.forget_requests();
        let failure = organisations(&me).await;
        match (passes, failure) {
            (true, Err(failure)) => assert!(failure.is_passing(), "{case}: {failure:?}"),
            (false, Ok(None)) => {}
            (_, other) => panic!("{case}: {other:?}"),
        }
        assert_eq!(ghcr.registry.requests().len(), 1, "{case}");
    }
}
