//! HEAD that is refused, that lies, or that tells less than GET: then GET decides, and not twice for ever.

use crate::world::*;
use oci::{Digest, MediaType};
use registry::{At, Kind, Registry};
use testkit::scripted::{Answer, Faults, Scripted};

const MANIFESTS: &str = "/v2/team/app/manifests/";

async fn one() -> (Scripted, Registry, Digest) {
    let (server, client) = open().await;
    let pushed = digest(&server.push_image("team/app", "v1", "one"));
    (server, client, pushed)
}

/// How often HEAD and GET were asked.
fn asked(server: &Scripted) -> (usize, usize) {
    let counts = (
        server.count("HEAD", MANIFESTS),
        server.count("GET", MANIFESTS),
    );
    server.forget_requests();
    counts
}

/// Behaviour (manifests): Where HEAD is refused and GET is not, GET decides; the refusal is learnt once for the registry.
/// Source: gateways before registries answer 400, 401, 403, 405 or 501 to HEAD; distribution-spec makes it a MUST all the same.
#[tokio::test]
async fn where_head_is_refused_get_decides_and_is_asked_at_once_from_then_on() {
    for status in [400, 401, 403, 405, 501] {
        let (server, client, pushed) = one().await;
        let app = app(&client);
        server.set(|faults| faults.head_status = Some(status));
        let head = app.head(&tag("v1")).await.unwrap().unwrap();
        assert_eq!(
            (&head.digest, &head.media_type),
            (&pushed, &MediaType::OciManifest)
        );
        assert_eq!(asked(&server), (1, 1), "{status}");
        // A refusal of the method is one of all; another may be of one tag alone, until a second tag has it too.
        assert_eq!(app.head(&tag("none")).await.unwrap(), None);
        let of_all = matches!(status, 405 | 501);
        assert_eq!(asked(&server), (usize::from(!of_all), 1), "{status}");
        for _ in 0..3 {
            assert!(app.head(&tag("v1")).await.unwrap().is_some());
            assert_eq!(app.head(&tag("none")).await.unwrap(), None);
        }
        assert_eq!(asked(&server), (0, 6), "{status}: learnt");
    }
}

/// Behaviour (manifests): One odd answer to HEAD is no rule: GET is asked instead once a second tag is answered so, with no honest
/// answer in between.
/// Source: gateways that are changed while they run, and single manifests that a registry serves in an odd way.
#[tokio::test]
async fn one_odd_head_turns_it_off_for_no_other_tag() {
    let (server, client, pushed) = one().await;
    let app = app(&client);
    for name in ["v2", "v3"] {
        server.push_image("team/app", name, name);
    }
    for _ in 0..2 {
        server.set(|faults| faults.head_without_digest = true);
        let head = app.head(&tag("v1")).await.unwrap().unwrap();
        assert_eq!((head.digest, asked(&server)), (pushed.clone(), (1, 1)));
        server.set(|faults| faults.head_without_digest = false);
        assert!(app.head(&tag("v2")).await.unwrap().is_some());
        assert_eq!(asked(&server), (1, 0), "HEAD is asked as before");
    }
    server.set(|faults| faults.head_without_digest = true);
    for name in ["v1", "v3"] {
        assert!(app.head(&tag(name)).await.unwrap().is_some());
    }
    assert_eq!(asked(&server), (2, 2));
    assert!(app.head(&tag("v2")).await.unwrap().is_some());
    assert_eq!(asked(&server), (0, 1), "two of them are a rule");
}

/// Behaviour (manifests): That HEAD once said 404 of what is there is held against it until a list of tags was had whole, an hour at
/// most; then GET has to say the same once more before a 404 is believed.
/// Source: gateways that are mended while they run.
#[tokio::test]
async fn a_doubt_about_404_ends_with_a_whole_list() {
    let (server, client, _) = one().await;
    let app = app(&client);
    assert!(app.head(&tag("v1")).await.unwrap().is_some());
    server.set(|faults| faults.head_status = Some(404));
    assert!(app.head(&tag("v1")).await.unwrap().is_some());
    server.set(|faults| faults.head_status = None);
    asked(&server);
    for name in ["a", "b"] {
        assert_eq!(app.head(&tag(name)).await.unwrap(), None);
    }
    assert_eq!(asked(&server), (2, 2), "each is looked after");
    assert!(app.tags().listing().await.unwrap().is_whole());
    for name in ["c", "d", "e"] {
        assert_eq!(app.head(&tag(name)).await.unwrap(), None);
    }
    assert_eq!(asked(&server), (3, 1));
}

/// Behaviour (manifests): What was there the last time is gone only once GET says so too, and GET is asked for that once.
/// Source: gateways that do not serve HEAD; what a GET costs where manifests are large.
#[tokio::test]
async fn what_was_known_is_gone_by_one_get() {
    let (server, client, pushed) = one().await;
    let app = app(&client);
    for name in ["a", "b", "c", "d"] {
        assert_eq!(app.head(&tag(name)).await.unwrap(), None);
    }
    asked(&server);
    // HEAD alone is believed of what nobody has seen, and of nothing else.
    assert_eq!(app.head(&tag("none")).await.unwrap(), None);
    assert_eq!(asked(&server), (1, 0));
    assert_eq!(app.head_of_known(&tag("none")).await.unwrap(), None);
    assert_eq!(asked(&server), (1, 1));
    server.set(|faults| faults.head_status = Some(404));
    let head = app.head_of_known(&tag("v1")).await.unwrap().unwrap();
    assert_eq!((head.digest, asked(&server)), (pushed, (1, 1)));
}

/// Behaviour (manifests): Where GET is refused as HEAD was, the refusal holds, and no sign-in is tried twice for each tag.
/// Source: registries that lock an account that is wrong too often.
#[tokio::test]
async fn a_refusal_of_both_is_asked_twice_once() {
    for (status, kind) in [(401, Kind::SignIn), (403, Kind::Denied)] {
        let (server, client, _) = one().await;
        let app = app(&client);
        server.set(|faults| faults.status = Some(status));
        for _ in 0..5 {
            assert_eq!(app.head(&tag("v1")).await.unwrap_err().kind, kind);
        }
        assert_eq!(asked(&server), (5, 1), "{status}");
    }
}

/// Behaviour (manifests): Where HEAD is refused and GET gets no answer, nothing is learnt: the next refusal
/// of HEAD is asked about again.
/// Source: a gateway that refuses HEAD, before a registry that restarts.
#[tokio::test]
async fn what_was_not_answered_was_not_refused_alike() {
    for status in [503, 500] {
        let (server, client, pushed) = one().await;
        let app = app(&client);
        server.set(|faults| faults.head_status = Some(403));
        server.script(move |asked| (asked.method == "GET").then(|| Answer::of(status)));
        assert_eq!(app.head(&tag("v1")).await.unwrap_err().kind, Kind::Server);
        server.script(|_| None);
        let again = app.head(&tag("v1")).await;
        if status == 503 {
            assert_eq!(again.unwrap().unwrap().digest, pushed);
        } else {
            assert_eq!(again.unwrap_err().kind, Kind::Denied, "both were refused");
        }
    }
}

/// Behaviour (manifests): A HEAD that says 404 counts as gone only where GET says so too, or the registry was found honest.
/// Source: gateways that do not serve HEAD, and registries that answer 404 where the stored type is not accepted.
#[tokio::test]
async fn a_404_by_head_alone_is_not_gone() {
    let (server, client, pushed) = one().await;
    let app = app(&client);
    server.set(|faults| faults.head_status = Some(404));
    for at in [tag("v1"), At::Digest(pushed.clone())] {
        assert_eq!(app.head(&at).await.unwrap().unwrap().digest, pushed);
    }
    // HEAD has never found anything: it is not worth asking.
    assert_eq!(asked(&server), (2, 2));
    assert_eq!(app.head(&tag("none")).await.unwrap(), None);
    assert_eq!(asked(&server), (0, 1));
}

/// Behaviour (manifests): What was there a moment ago is not gone by the word of HEAD alone, though the registry was honest so far.
/// Source: gateways that are changed while they run.
#[tokio::test]
async fn a_registry_that_becomes_dishonest_is_found_out() {
    let (server, client, pushed) = one().await;
    let app = app(&client);
    assert!(app.head(&tag("v1")).await.unwrap().is_some());
    assert_eq!(app.head(&tag("none")).await.unwrap(), None);
    server.set(|faults| faults.head_status = Some(404));
    assert_eq!(app.head(&tag("v1")).await.unwrap().unwrap().digest, pushed);
    // From now on each of its 404s is looked after.
    server.push_image("team/app", "v2", "two");
    assert!(app.head(&tag("v2")).await.unwrap().is_some());
}

/// Behaviour (manifests): On an honest registry a 404 is asked twice once, and again only for what was there before.
/// Source: what most registries do; a list of a thousand tags is not to be asked for twice.
#[tokio::test]
async fn an_honest_404_is_not_doubled_for_ever() {
    let (server, client, _) = one().await;
    let app = app(&client);
    assert!(app.head(&tag("v1")).await.unwrap().is_some());
    for name in ["a", "b", "c", "d"] {
        assert_eq!(app.head(&tag(name)).await.unwrap(), None);
    }
    assert_eq!(asked(&server), (5, 1));
    server.drop_manifest("team/app", "v1");
    for _ in 0..3 {
        assert_eq!(app.head(&tag("v1")).await.unwrap(), None);
    }
    assert_eq!(
        asked(&server),
        (3, 1),
        "what was there is looked after once"
    );
    // Without any find of HEAD, three agreements are enough.
    let (server, client) = open().await;
    server.push_image("team/other", "v1", "one");
    for name in ["a", "b", "c", "d", "e"] {
        assert_eq!(
            crate::world::app(&client).head(&tag(name)).await.unwrap(),
            None
        );
    }
    assert_eq!(asked(&server), (5, 3));
}

/// Behaviour (manifests): Where HEAD tells no digest, a digest that is none, another type than a manifest's or none, GET tells.
/// Source: file servers and proxies before registries; `Docker-Content-Digest` is a SHOULD of distribution-spec.
#[tokio::test]
async fn where_head_tells_less_than_get_the_bytes_tell() {
    let changes: [fn(&mut Faults); 5] = [
        |faults| faults.head_without_digest = true,
        |faults| faults.head_digest = Some("sha256:none".into()),
        |faults| faults.head_digest = Some(String::new()),
        |faults| faults.head_type = Some("text/html".into()),
        |faults| faults.head_type = Some("application/octet-stream".into()),
    ];
    for (at, change) in changes.into_iter().enumerate() {
        let (server, client, pushed) = one().await;
        let app = app(&client);
        server.set(change);
        let head = app.head(&tag("v1")).await.unwrap().unwrap();
        assert_eq!(
            (&head.digest, &head.media_type),
            (&pushed, &MediaType::OciManifest),
            "{at}"
        );
        assert_eq!(asked(&server), (1, 1), "{at}");
        server.push_image("team/app", "v2", "two");
        app.head(&tag("v2")).await.unwrap().unwrap();
        assert_eq!(asked(&server), (1, 1), "{at}");
        app.head(&tag("v1")).await.unwrap().unwrap();
        assert_eq!(asked(&server), (0, 1), "{at}: learnt");
    }
}

/// Behaviour (manifests): A HEAD without a length, or for a digest without naming it, tells what was asked: no GET is needed.
/// Source: servers over HTTP/2 and those that compress; distribution-spec makes both headers a SHOULD.
#[tokio::test]
async fn a_head_without_a_length_tells_all_that_is_needed() {
    let (server, client, pushed) = one().await;
    let app = app(&client);
    server.set(|faults| faults.head_without_length = true);
    let head = app.head(&tag("v1")).await.unwrap().unwrap();
    assert_eq!((head.digest, head.size), (pushed.clone(), None));
    server.set(|faults| faults.head_without_digest = true);
    let head = app
        .head(&At::Digest(pushed.clone()))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(head.digest, pushed);
    assert_eq!(asked(&server), (2, 0));
}

/// Behaviour (manifests): Where HEAD tells another digest than GET has, GET is asked from then on.
/// Source: caches that serve HEAD and GET apart; Quay, which converts what is not accepted.
#[tokio::test]
async fn where_head_and_get_differ_get_is_right() {
    let (server, client, pushed) = one().await;
    let app = app(&client);
    let other = Digest::sha256_of(b"of yesterday");
    server.set(|faults| faults.head_digest = Some(other.to_string()));
    // Another digest than was asked for is seen at once.
    assert_eq!(
        app.head(&At::Digest(pushed.clone()))
            .await
            .unwrap()
            .unwrap()
            .digest,
        pushed
    );
    let (server, client, pushed) = one().await;
    let app = crate::world::app(&client);
    server.set(|faults| faults.head_digest = Some(other.to_string()));
    // Of a tag, once what HEAD told is fetched and isn't there.
    assert_eq!(app.head(&tag("v1")).await.unwrap().unwrap().digest, other);
    assert_eq!(
        app.manifest(&At::Digest(other)).await.unwrap_err().kind,
        Kind::NotFound
    );
    assert_eq!(app.head(&tag("v1")).await.unwrap().unwrap().digest, pushed);
}

/// A commit that was overwritten between the two questions is no lie of HEAD's.
#[tokio::test]
async fn a_commit_that_went_meanwhile_is_no_lie() {
    let (server, client, pushed) = one().await;
    let app = app(&client);
    app.head(&tag("v1")).await.unwrap();
    server.set(|faults| faults.drop_overwritten = true);
    let bytes = server.manifest("team/app", pushed.as_str()).unwrap();
    let newer = format!("{} ", String::from_utf8(bytes).unwrap());
    app.put_manifest(&tag("v1"), &MediaType::OciManifest, newer.into())
        .await
        .unwrap();
    assert_eq!(
        app.manifest(&At::Digest(pushed)).await.unwrap_err().kind,
        Kind::NotFound
    );
    asked(&server);
    app.head(&tag("v1")).await.unwrap().unwrap();
    assert_eq!(asked(&server), (1, 0));
}

/// A list of repositories tells nothing of tags, and one without tags does not show that any is told right.
#[tokio::test]
async fn a_doubt_about_404_outlives_a_catalog_and_a_list_of_nothing() {
    let (server, client, _) = one().await;
    let app = app(&client);
    assert!(app.head(&tag("v1")).await.unwrap().is_some());
    server.set(|faults| faults.head_status = Some(404));
    assert!(app.head(&tag("v1")).await.unwrap().is_some());
    server.set(|faults| (faults.head_status, faults.null_tags) = (None, true));
    assert!(client.catalog().listing().await.unwrap().is_whole());
    assert!(app.tags().listing().await.unwrap().is_whole());
    server.set(|faults| faults.null_tags = false);
    assert_eq!(client.catalog().listing().await.unwrap().entries.len(), 1);
    asked(&server);
    for name in ["a", "b", "c"] {
        assert_eq!(app.head(&tag(name)).await.unwrap(), None);
    }
    assert_eq!(asked(&server), (3, 3));
}
