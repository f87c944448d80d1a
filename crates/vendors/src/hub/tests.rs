//! What Docker Hub's interface tells, and what of it is left out.

use super::*;
use crate::values::Moment;
use crate::{of, recognise};
use oci::{Digest, Tag};
use registry::{Endpoint, HttpOptions, Instead, Registry, Scheme, SignIn};
use secrecy::SecretString;
use testkit::images::{INDEX, MANIFEST};
use testkit::scripted::{Answer, Asked, Scripted};
use testkit::standins::hub::{Hub as Played, ORGANIZATION, SECRET, TOKEN, USER};

/// Docker Hub at another address of this computer, for its user or for nobody.
fn registry(address: &str, user: Option<(&str, &str)>) -> Registry {
    let played = |all: Instead, name: &str| all.with(name, address).unwrap();
    let options = HttpOptions {
        instead: ["docker.io", "hub.docker.com"]
            .into_iter()
            .fold(Instead::default(), played),
        ..HttpOptions::default()
    };
    let endpoint = Endpoint {
        scheme: Scheme::Https,
        host: Host::parse("docker.io").unwrap(),
    };
    let sign_in = user.map_or(SignIn::Anonymous, |(user, secret)| SignIn::Basic {
        user: user.into(),
        secret: SecretString::from(secret),
    });
    Registry::with_options(endpoint, sign_in, &options).unwrap()
}

async fn way(address: &str, part: Part, user: Option<(&str, &str)>) -> Way {
    Way::open(&Hub, part, registry(address, user), None).await
}

async fn played() -> (Played, String) {
    let hub = Played::start().await.unwrap();
    let address = hub.address();
    (hub, address)
}

fn name(text: &str) -> RepositoryName {
    RepositoryName::parse(text).unwrap()
}

const ME: Option<(&str, &str)> = Some((USER, SECRET));

async fn all(way: &Way) -> Vec<Listed> {
    let (mut at, mut rows) = (Some(Cursor::First), Vec::new());
    while let Some(cursor) = at {
        let page = Lists::page(&Hub, way, &cursor).await.unwrap();
        assert_eq!((page.left_out, page.total), (0, None));
        rows.extend(page.rows);
        at = page.next;
    }
    rows
}

#[tokio::test]
async fn it_is_docker_hub_by_its_name_and_its_answer_together() {
    let (hub, address) = played().await;
    let there = registry(&address, None);
    let seen = there.seen().await.unwrap();
    assert_eq!(recognise(&there, &seen).await.id, VendorId::Hub);
    // The same server under its own name is nobody's.
    let endpoint = Endpoint {
        scheme: Scheme::Http,
        host: Host::parse(&hub.registry.host()).unwrap(),
    };
    let other = Registry::new(endpoint, SignIn::Anonymous).unwrap();
    let seen = other.seen().await.unwrap();
    assert!(matches!(of(VendorId::Hub).signs(&seen), Sign::No));
}

#[tokio::test]
async fn what_is_the_users_and_their_organizations_is_listed() {
    let (hub, address) = played().await;
    for at in 0..230 {
        let name = format!("{ORGANIZATION}/r{at:03}");
        hub.registry
            .put_manifest(&name, Some("v1"), MANIFEST, b"{}");
    }
    for name in ["demo/own", "genomics/reads", "others/secret"] {
        hub.registry.push_image(name, "v1", name);
    }
    hub.describe("demo/own", "Counts\u{202e} cells.\n", "# At length");
    let rows = all(&way(&address, Part::List, ME).await).await;
    assert_eq!(rows.len(), 232);
    assert_eq!(rows[0].name.as_str(), "demo/own");
    assert_eq!(rows[0].words.description.as_deref(), Some("Counts cells."));
    assert_eq!(
        (rows[0].private, rows[0].words.full.as_ref()),
        (Some(false), None)
    );
    assert!(rows[0].updated.is_some() && rows[0].created.is_some());
    // Organizations, one page; the user's own, one; the organization's, three; the other one's, one; and the token.
    assert_eq!(hub.registry.requests().len(), 7);
    assert_eq!(hub.violations(), [""; 0]);
    // Nobody has a list, and an address of an e-mail is no namespace.
    for user in [None, Some(("ana@lab.example", SECRET))] {
        let way = way(&address, Part::List, user).await;
        let told = Lists::page(&Hub, &way, &Cursor::First).await;
        assert!(
            matches!(told, Err(Failure::Wants | Failure::NotFound)),
            "{told:?}"
        );
    }
}

#[tokio::test]
async fn hostile_a_list_that_changes_or_ends_early_is_in_doubt() {
    let counts = |count: u64, next: &'static str| {
        move |asked: &Asked<'_>| {
            Some(match asked.path {
                "/v2/auth/token" => Answer::json(json!({"access_token": "t"})),
                "/v2/user/orgs/" => {
                    Answer::json(json!({"results": [{"orgname": "../x"}, {"orgname": "a/b"}, {}]}))
                }
                _ => Answer::json(
                    json!({"count": count, "next": next, "results": [{"name": "a"}, {"name": "b/c"}, 7]}),
                ),
            })
        }
    };
    let server = Scripted::start().await.unwrap();
    let address = format!("http://{}", server.host());
    let way = way(&address, Part::List, ME).await;
    server.script(counts(100, ""));
    let short = Lists::page(&Hub, &way, &Cursor::First).await.unwrap();
    assert_eq!(
        (short.rows.len(), short.left_out, short.total),
        (1, 2, Some(u64::MAX))
    );
    server.script(counts(150, "https://evil.example/?page=2"));
    let first = Lists::page(&Hub, &way, &Cursor::First).await.unwrap();
    assert_eq!(
        (first.total, &first.next),
        (None, &Some(Cursor::Text("2 150 demo".into())))
    );
    server.script(counts(151, ""));
    let second = Lists::page(&Hub, &way, &first.next.unwrap()).await.unwrap();
    assert_eq!((second.total, second.next), (Some(u64::MAX), None));
    for odd in ["", "x 1 demo", "1", "2 3"] {
        let told = Lists::page(&Hub, &way, &Cursor::Text(odd.into())).await;
        assert!(told.is_err(), "{odd}");
    }
}

#[tokio::test]
async fn a_token_is_made_of_the_secret_and_a_second_factor_wants_an_access_token() {
    let (hub, address) = played().await;
    hub.registry.push_image("demo/own", "v1", "one");
    hub.want_two_factors();
    let with_password = way(&address, Part::List, ME).await;
    for _ in 0..2 {
        let told = Lists::page(&Hub, &with_password, &Cursor::First).await;
        assert!(matches!(told, Err(Failure::Wants)), "{told:?}");
    }
    assert_eq!(
        hub.registry.count("POST", "/v2/auth/token"),
        1,
        "a wrong one is sent once"
    );
    let with_token = way(&address, Part::List, Some((USER, TOKEN))).await;
    assert_eq!(all(&with_token).await.len(), 1);
    // One that has ended is made anew.
    hub.expire_tokens();
    assert_eq!(all(&with_token).await.len(), 1);
    assert_eq!(hub.registry.count("POST", "/v2/auth/token"), 3);
    assert_eq!(hub.violations(), [""; 0]);
}

#[tokio::test]
async fn words_are_read_and_written_and_the_long_text_is_kept() {
    let (hub, address) = played().await;
    hub.registry.push_image("lab/tool", "v1", "one");
    hub.describe("lab/tool", "Before.", "# At length\n\nwith lines");
    let me = way(&address, Part::Describe, ME).await;
    let tool = name("lab/tool");
    let read = Hub.read(&me, &tool).await.unwrap();
    assert_eq!(
        (read.description.as_deref(), read.full),
        (Some("Before."), None)
    );
    let words = NewWords {
        description: "Aligns reads.".into(),
        full: None,
    };
    Hub.write(&me, &tool, &words, None).await.unwrap();
    let kept = (
        "Aligns reads.".to_owned(),
        "# At length\n\nwith lines".to_owned(),
    );
    assert_eq!(hub.described("lab/tool"), Some(kept));
    let words = NewWords {
        full: Some("Another.".into()),
        ..words
    };
    Hub.write(&me, &tool, &words, None).await.unwrap();
    assert_eq!(hub.described("lab/tool").unwrap().1, "Another.");
    // Anybody reads of what is public; what is others' is written by nobody.
    let nobody = way(&address, Part::Describe, None).await;
    assert!(Hub.read(&nobody, &tool).await.is_ok());
    assert!(matches!(
        Hub.write(&nobody, &tool, &words, None).await,
        Err(Failure::Wants)
    ));
    hub.registry.push_image("others/tool", "v1", "one");
    let told = Hub.write(&me, &name("others/tool"), &words, None).await;
    assert!(matches!(told, Err(Failure::Denied)), "{told:?}");
    // A name of another shape is no repository there.
    assert!(matches!(
        Hub.read(&me, &name("a/b/c")).await,
        Err(Failure::NotFound)
    ));
    assert_eq!(hub.violations(), [""; 0]);
}

#[tokio::test]
async fn a_repository_is_made_with_its_words_private_or_not() {
    let (hub, address) = played().await;
    let me = way(&address, Part::Create, ME).await;
    let words = NewWords {
        description: "New.".into(),
        full: None,
    };
    for (text, private) in [
        ("lab/open", Some(false)),
        ("lab/closed", Some(true)),
        ("demo/any", None),
    ] {
        Hub.create(&me, &name(text), &words, private).await.unwrap();
        assert_eq!(hub.is_private(text), private == Some(true));
        assert_eq!(hub.described(text).unwrap().0, "New.");
    }
    let again = Hub.create(&me, &name("lab/open"), &words, None).await;
    assert!(matches!(again, Err(Failure::Refused(_))), "{again:?}");
    let others = Hub.create(&me, &name("others/x"), &words, None).await;
    assert!(matches!(others, Err(Failure::Denied)), "{others:?}");
    assert_eq!(hub.violations(), [""; 0]);
}

/// Puts an index of one image under a tag; its digest, and the image's.
fn push_index(hub: &Played, repository: &str, tag: &str, text: &str) -> (String, String) {
    let image = hub.registry.push_image(repository, "part", text);
    let size = hub.registry.manifest(repository, &image).unwrap().len();
    let index = json!({
        "schemaVersion": 2, "mediaType": INDEX,
        "manifests": [{"mediaType": MANIFEST, "digest": image, "size": size,
            "platform": {"os": "linux", "architecture": "arm64"}}],
    });
    let index =
        hub.registry
            .put_manifest(repository, Some(tag), INDEX, index.to_string().as_bytes());
    (index, image)
}

#[tokio::test]
async fn tags_are_told_with_what_they_point_at_a_hundred_at_once() {
    let (hub, address) = played().await;
    let image = hub.registry.push_image("lab/tool", "one", "one");
    let (index, _) = push_index(&hub, "lab/tool", "all", "two");
    for at in 0..1200 {
        hub.registry
            .put_manifest("lab/many", Some(&format!("v{at:04}")), MANIFEST, b"{}");
    }
    let me = way(&address, Part::TagFacts, None).await;
    let page = TagFacts::page(&Hub, &me, &name("lab/tool"), &Cursor::First)
        .await
        .unwrap();
    let of = |tag: &str| {
        page.rows
            .iter()
            .find(|row| row.tag.as_str() == tag)
            .unwrap()
    };
    assert_eq!(of("one").digest.to_string(), image);
    let what = of("one").what.clone().unwrap();
    assert_eq!(
        (
            what.platform.unwrap().to_string().as_str(),
            what.size.unwrap() > 0,
        ),
        ("linux/amd64", true)
    );
    assert!(of("one").exact && of("one").pushed.is_some());
    assert_eq!(of("one").by.as_deref(), Some(USER));
    assert_eq!(
        (of("all").digest.to_string(), of("all").what.as_ref()),
        (index, None)
    );
    // Ten pages are all there are.
    let (mut at, mut rows) = (Some(Cursor::First), 0);
    while let Some(cursor) = at {
        let page = TagFacts::page(&Hub, &me, &name("lab/many"), &cursor)
            .await
            .unwrap();
        rows += page.rows.len();
        at = page.next;
    }
    assert_eq!((rows, hub.violations()), (1000, Vec::new()));
}

#[tokio::test]
async fn a_tag_goes_and_its_commit_stays() {
    let (hub, address) = played().await;
    let digest = hub.registry.push_image("lab/tool", "v1", "one");
    let me = way(&address, Part::DeleteTag, ME).await;
    let (tool, tag) = (name("lab/tool"), Tag::parse("v1").unwrap());
    let digest = Digest::parse(&digest).unwrap();
    Hub.delete(&me, &tool, &tag, &digest).await.unwrap();
    assert_eq!(hub.registry.tagged("lab/tool", "v1"), None);
    assert!(hub.registry.manifest("lab/tool", digest.as_ref()).is_some());
    assert_eq!(hub.violations(), [""; 0]);
}

async fn past(way: &Way, repository: &str, tag: Option<&str>) -> Vec<Moment> {
    let tag = tag.map(|tag| Tag::parse(tag).unwrap());
    let (mut at, mut rows) = (Some(Cursor::First), Vec::new());
    while let Some(cursor) = at {
        let page = History::page(&Hub, way, &name(repository), tag.as_ref(), &cursor).await;
        let page = page.unwrap();
        assert_eq!(page.left_out, 0);
        rows.extend(page.rows);
        at = page.next;
    }
    rows
}

#[tokio::test]
async fn the_log_tells_each_push_where_the_plan_has_one_and_else_what_has_no_tag() {
    let (hub, address) = played().await;
    let me = way(&address, Part::History, ME).await;
    let mut pushed = Vec::new();
    for text in ["one", "two", "three"] {
        pushed.push(hub.registry.push_image("lab/tool", "v1", text));
        // A push is seen when something is asked.
        Hub.read(&me, &name("lab/tool")).await.unwrap();
    }
    let bare: Vec<String> = past(&me, "lab/tool", None)
        .await
        .iter()
        .map(|one| {
            assert!(one.tag.is_none());
            one.digest.to_string()
        })
        .collect();
    assert_eq!(bare, [&*pushed[1], &*pushed[0]]);
    assert_eq!(past(&me, "lab/tool", Some("v1")).await, []);

    hub.pay();
    let told = past(&me, "lab/tool", Some("v1")).await;
    let digests: Vec<String> = told.iter().map(|one| one.digest.to_string()).collect();
    assert_eq!(digests, [&*pushed[2], &*pushed[1], &*pushed[0]]);
    assert!(told.iter().all(|one| one.by.as_deref() == Some(USER)));
    assert_eq!((told[0].until, told[1].until), (None, Some(told[0].from)));
    // The log has no filter by a tag: it tells how far back it goes.
    assert_eq!(past(&me, "lab/tool", Some("v2")).await, told);
    let whole = past(&me, "lab/tool", None).await;
    let bare = whole.iter().map(|one| one.tag.is_none());
    assert!(
        bare.eq([true, true, false, false, false]),
        "those without a tag come first"
    );
    hub.hide_untagged();
    assert_eq!(past(&me, "lab/tool", None).await.len(), 3);
    assert_eq!(hub.violations(), [""; 0]);
}

#[tokio::test]
async fn a_part_of_an_index_is_no_commit_without_a_tag() {
    let (hub, address) = played().await;
    let me = way(&address, Part::History, ME).await;
    let (first, part) = push_index(&hub, "lab/tool", "all", "one");
    Hub.read(&me, &name("lab/tool")).await.unwrap();
    push_index(&hub, "lab/tool", "all", "two");
    hub.registry.drop_manifest("lab/tool", "part");
    let told = past(&me, "lab/tool", None).await;
    let digests: Vec<String> = told.iter().map(|one| one.digest.to_string()).collect();
    assert_eq!(digests, [first]);
    assert!(!digests.contains(&part));
}

#[tokio::test]
async fn hostile_what_has_no_tag_is_walked_to_its_end_and_not_for_ever() {
    let server = Scripted::start().await.unwrap();
    let address = format!("http://{}", server.host());
    let way = way(&address, Part::History, ME).await;
    let digest = Digest::sha256_of(b"x").to_string();
    server.script(move |asked| {
        Some(match asked.path {
            "/v2/auth/token" => Answer::json(json!({"access_token": "t"})),
            path if path.ends_with("/manifests") => Answer::json(json!({
                "manifests": [
                    {"manifest_digest": digest, "last_pushed": "2026-11-28T12:40:49Z", "tags": []},
                    {"manifest_digest": "sha256:0"}, 7,
                ],
                "last_evaluated_key": "again",
            })),
            _ => Answer::of(404),
        })
    });
    let page = History::page(&Hub, &way, &name("lab/tool"), None, &Cursor::First)
        .await
        .unwrap();
    // The same key twice leads nowhere.
    let log = Some(Cursor::Number(1));
    assert_eq!((page.rows.len(), page.left_out, page.next), (2, 4, log));
    assert_eq!(
        server.count("GET", "/v2/namespaces/lab/repositories/tool/manifests"),
        2
    );
}
