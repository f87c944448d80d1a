//! The grammar, case by case and by chance.

use super::*;
use proptest::prelude::*;

const DIGEST: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// Reads a name into host, path and tag.
fn parts(text: &str) -> (String, String, Option<String>) {
    let read = Reference::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    (
        read.host.to_string(),
        read.repository.to_string(),
        read.tag.map(|tag| tag.to_string()),
    )
}

#[test]
fn what_is_left_out_is_filled_in() {
    for (text, host, path, tag) in [
        ("alpine", "docker.io", "library/alpine", None),
        ("alpine:3.20", "docker.io", "library/alpine", Some("3.20")),
        ("team/app", "docker.io", "team/app", None),
        ("docker.io/alpine", "docker.io", "library/alpine", None),
        (
            "docker.io/library/alpine:x",
            "docker.io",
            "library/alpine",
            Some("x"),
        ),
        (
            "index.docker.io/alpine",
            "docker.io",
            "library/alpine",
            None,
        ),
        ("index.docker.io/team/app", "docker.io", "team/app", None),
        ("localhost/app", "localhost", "app", None),
        ("localhost:5000/app", "localhost:5000", "app", None),
        (
            "localhost:5000",
            "docker.io",
            "library/localhost",
            Some("5000"),
        ),
        (
            "127.0.0.1:5000/a/b/c:v1",
            "127.0.0.1:5000",
            "a/b/c",
            Some("v1"),
        ),
        ("[::1]:5000/app:v1", "[::1]:5000", "app", Some("v1")),
        ("[2001:db8::1]/app", "[2001:db8::1]", "app", None),
        ("registry.example/app", "registry.example", "app", None),
        ("registry.example./app", "", "", None),
        ("Registry/app", "Registry", "app", None),
        (
            "xn--n3h.example/app:_h.v1.20261121t020900z-2e04bfa1e576",
            "xn--n3h.example",
            "app",
            Some("_h.v1.20261121t020900z-2e04bfa1e576"),
        ),
        (
            "a__b/c-d/e---f.g_h",
            "docker.io",
            "a__b/c-d/e---f.g_h",
            None,
        ),
    ] {
        if host.is_empty() {
            assert_eq!(Reference::parse(text), Err(ReferenceError::Host), "{text}");
        } else {
            assert_eq!(
                parts(text),
                (host.to_owned(), path.to_owned(), tag.map(str::to_owned)),
                "{text}"
            );
        }
    }
}

#[test]
fn a_digest_may_stand_beside_a_tag() {
    let both = Reference::parse(&format!("team/app:v1@{DIGEST}")).unwrap();
    assert_eq!(both.tag.as_ref().map(Tag::as_str), Some("v1"));
    assert_eq!(both.digest.as_ref().map(Digest::as_str), Some(DIGEST));
    assert_eq!(both.to_string(), format!("docker.io/team/app:v1@{DIGEST}"));
    let alone = Reference::parse(&format!("localhost:5000/app@{DIGEST}")).unwrap();
    assert_eq!((alone.tag.is_none(), alone.digest.is_some()), (true, true));
}

#[test]
fn the_familiar_form_is_short_and_comes_back() {
    for (text, familiar) in [
        ("docker.io/library/alpine:3", "alpine:3"),
        ("docker.io/team/app", "team/app"),
        (
            "registry.example/library/app",
            "registry.example/library/app",
        ),
        ("docker.io/library/a/b", "library/a/b"),
        // Short, these would be a host's, or an identifier.
        ("docker.io/a.b/app", "docker.io/a.b/app"),
        ("docker.io/localhost/app", "docker.io/localhost/app"),
        (
            &format!("docker.io/library/{}", "a".repeat(64)),
            &format!("docker.io/library/{}", "a".repeat(64)),
        ),
    ] {
        let read = Reference::parse(text).unwrap();
        assert_eq!(read.familiar(), familiar);
        assert_eq!(Reference::parse(familiar), Ok(read), "{familiar}");
    }
}

#[test]
fn what_is_no_name_is_refused_and_says_why() {
    use ReferenceError as E;
    let long = format!("registry.example/{}", "a".repeat(256));
    let hex = "a".repeat(64);
    for (text, why) in [
        ("", E::Empty),
        (hex.as_str(), E::Identifier),
        (":v1", E::Empty),
        ("app:", E::Empty),
        ("app:-v1", E::Tag),
        ("app:a b", E::Tag),
        ("app:v1:v2", E::Tag),
        ("App", E::UpperCase),
        ("team/App", E::UpperCase),
        ("app@sha256:00", E::Digest(DigestError::Hex)),
        ("app@v1", E::Digest(DigestError::Shape)),
        ("https://registry.example/app", E::Host),
        ("registry.example:port/app", E::Host),
        ("registry.example:0/app", E::Host),
        ("registry.example:65536/app", E::Host),
        ("-registry.example/app", E::Host),
        ("registry..example/app", E::Host),
        ("[::1/app", E::Host),
        ("[::g]:5000/app", E::Host),
        ("user@registry.example/app", E::Host),
        ("registry.example/", E::Empty),
        ("registry.example//app", E::Repository),
        ("registry.example/app/", E::Repository),
        ("/app", E::Repository),
        ("team/.app", E::Repository),
        ("team/app.", E::Repository),
        ("team/a___b", E::Repository),
        ("team/a._b", E::Repository),
        ("team/a..b", E::Repository),
        ("a b", E::Repository),
        (" app", E::Repository),
        ("app\n", E::Repository),
        ("äpp", E::Repository),
        (long.as_str(), E::TooLong),
    ] {
        assert_eq!(Reference::parse(text), Err(why), "{text}");
    }
}

#[test]
fn hosts_know_their_port_and_whether_they_are_this_computer() {
    for (text, name, port, loopback) in [
        ("localhost", "localhost", None, true),
        ("LOCALHOST:5000", "LOCALHOST", Some(5000), true),
        ("127.9.9.9:80", "127.9.9.9", Some(80), true),
        ("[::1]:5000", "::1", Some(5000), true),
        ("[::ffff:127.0.0.1]", "::ffff:127.0.0.1", None, true),
        ("[2001:db8::1]:443", "2001:db8::1", Some(443), false),
        ("localhost.example", "localhost.example", None, false),
        (
            "127.0.0.1.example:5000",
            "127.0.0.1.example",
            Some(5000),
            false,
        ),
        ("10.0.0.1", "10.0.0.1", None, false),
    ] {
        let host = Host::parse(text).unwrap();
        assert_eq!(
            (host.name(), host.port(), host.is_loopback()),
            (name, port, loopback),
            "{text}"
        );
    }
    assert_eq!(
        Host::parse("docker.io").unwrap().api_host(),
        "registry-1.docker.io"
    );
    assert_eq!(Host::parse("ghcr.io").unwrap().api_host(), "ghcr.io");
}

#[test]
fn an_address_with_anything_around_it_is_no_host() {
    for text in [
        "",
        " ",
        "a b",
        "https://a.example",
        "a.example/",
        "a.example/x",
        "u@a.example",
        "a.example:",
        "a.example:x",
        "::1",
        "[::1]x",
        "[]",
        ":5000",
        "a.example:+1",
    ] {
        assert!(Host::parse(text).is_err(), "{text}");
    }
}

#[test]
fn repositories_have_a_namespace_or_none() {
    let name = RepositoryName::parse("a/b/c").unwrap();
    assert_eq!((name.namespace(), name.name()), (Some("a/b"), "c"));
    let name = RepositoryName::parse("c").unwrap();
    assert_eq!((name.namespace(), name.name()), (None, "c"));
    assert!(RepositoryName::parse(&"a".repeat(255)).is_ok());
}

#[test]
fn tags_have_1_to_128_characters() {
    assert!(Tag::parse(&"a".repeat(128)).is_ok());
    assert_eq!(Tag::parse(&"a".repeat(129)), Err(ReferenceError::Tag));
    for good in ["v1", "_about", "1.0-rc.1", "A", "0", "_"] {
        assert!(Tag::parse(good).is_ok(), "{good}");
    }
    for bad in ["", ".x", "-x", "a/b", "a:b", "a b", "a+b", "é"] {
        assert!(Tag::parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn in_json_they_are_texts_that_are_checked() {
    assert_eq!(serde_json::to_string(&Tag::latest()).unwrap(), "\"latest\"");
    assert!(serde_json::from_str::<RepositoryName>("\"Team/app\"").is_err());
    assert_eq!(
        serde_json::from_str::<Host>("\"a.example:1\"")
            .unwrap()
            .port(),
        Some(1)
    );
}

prop_compose! {
    fn host()(text in prop_oneof![
        "[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?\\.[a-z]{2,5}(:[1-9][0-9]{0,3})?",
        Just("localhost".to_owned()),
        Just("[::1]:5000".to_owned()),
    ]) -> String { text }
}

prop_compose! {
    fn path()(text in "[a-z0-9]{1,5}(([._]|__|-{1,3})[a-z0-9]{1,4}){0,2}(/[a-z0-9]{1,5}(([._]|__|-{1,3})[a-z0-9]{1,4}){0,2}){0,3}") -> String { text }
}

proptest! {
    #[test]
    fn whole_names_come_back(host in host(), path in path(), tag in proptest::option::of("[\\w&&[:ascii:]][a-zA-Z0-9_.-]{0,127}"), with_digest in any::<bool>()) {
        let tag = tag.map(|tag| format!(":{tag}")).unwrap_or_default();
        let digest = if with_digest { format!("@{DIGEST}") } else { String::new() };
        let text = format!("{host}/{path}{tag}{digest}");
        let read = Reference::parse(&text).unwrap();
        prop_assert_eq!(read.to_string(), text);
        prop_assert_eq!(Reference::parse(&read.familiar()).unwrap(), read);
    }

    #[test]
    fn whatever_is_read_is_stable(text in "(docker.io/)?(library/)?[a-zA-Z0-9._:/@\\[\\]-]{0,60}") {
        if let Ok(read) = Reference::parse(&text) {
            prop_assert_eq!(Reference::parse(&read.to_string()), Ok(read.clone()));
            prop_assert_eq!(Reference::parse(&read.familiar()), Ok(read));
        }
    }

    #[test]
    fn never_panics(text in "\\PC{0,80}") {
        let _ = (Reference::parse(&text), Host::parse(&text), Tag::parse(&text), RepositoryName::parse(&text));
    }
}
