//! The rules one by one, and over any text.

use super::*;
use proptest::prelude::*;

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

fn told(found: Result<Url, Kind>) -> Option<String> {
    found.ok().map(String::from)
}

#[test]
fn a_link_stays_on_its_host() {
    let base = url("https://r.example/v2/");
    let from = base.join("team/app/tags/list?n=2").unwrap();
    let list = "https://r.example/v2/team/app/tags/list?last=b";
    for link in [
        "/v2/team/app/tags/list?last=b",
        "?last=b",
        list,
        "http://r.example/v2/team/app/tags/list?last=b",
        "https://user:pw@r.example/v2/team/app/tags/list?last=b",
        "https://r.example:443/v2/team/app/tags/list?last=b#x",
        "https://R%2Eexample/v2/team/app/tags/list?last=b",
        "\\v2\\team/app/tags/list?last=b",
    ] {
        assert_eq!(
            told(goes_on_at(&base, &from, link)).as_deref(),
            Some(list),
            "{link}"
        );
    }
    for foreign in [
        "https://evil.example/v2/",
        "//evil.example/v2/",
        "\\\\evil.example/v2/",
        "/\\evil.example/v2/",
        "https:\\\\evil.example/v2/",
        "https://r.example:444/v2/",
        "https://r.example.evil.example/",
        "https://r.example@evil.example/",
        "https://r.example%40evil.example/",
        "https://[::1]/v2/",
    ] {
        let found = goes_on_at(&base, &from, foreign);
        assert!(
            matches!(found, Err(Kind::ForeignHost { .. } | Kind::Malformed(_))),
            "{foreign}: {found:?}"
        );
    }
    for none in [
        "ftp://r.example/",
        "javascript:x",
        "/v2/\tx",
        "/v2/\nx",
        "https://r.example:99999/",
        "https://",
    ] {
        assert!(
            matches!(goes_on_at(&base, &from, none), Err(Kind::Malformed(_))),
            "{none}"
        );
    }
}

#[test]
fn a_path_that_looks_like_a_host_is_a_path() {
    let base = url("https://r.example/v2/");
    for (link, path) in [
        (
            "https://r.example//evil.example/steal",
            "//evil.example/steal",
        ),
        (
            "https://r.example/\\evil.example/steal",
            "//evil.example/steal",
        ),
        (
            "https://r.example/.//evil.example/steal",
            "//evil.example/steal",
        ),
        (
            "https://r.example/https://evil.example/",
            "/https://evil.example/",
        ),
        (
            "https://r.example//user@evil.example/",
            "//user@evil.example/",
        ),
    ] {
        let found = goes_on_at(&base, &base, link).unwrap();
        assert_eq!(
            (found.host_str(), found.path()),
            (Some("r.example"), path),
            "{link}"
        );
        let again = redirect(&found, link).unwrap();
        assert_eq!(again, found, "{link}");
    }
}

#[test]
fn ports_and_addresses_of_every_kind() {
    for (base, link, to) in [
        (
            "https://[2001:db8::1]:5000/v2/",
            "http://[2001:db8::1]:5000/v2/x?a=1",
            Some("https://[2001:db8::1]:5000/v2/x?a=1"),
        ),
        (
            "https://[2001:db8::1]:5000/v2/",
            "https://[2001:db8::2]:5000/v2/x",
            None,
        ),
        ("http://r.lan:5000/v2/", "http://r.lan:5001/v2/x", None),
        ("http://r.lan:5000/v2/", "http://r.lan/v2/x", None),
        (
            "http://127.0.0.1:5000/v2/",
            "http://2130706433:5000/v2/x",
            Some("http://127.0.0.1:5000/v2/x"),
        ),
        (
            "https://r.example/v2/",
            "http://r.example:80/v2/x",
            Some("https://r.example/v2/x"),
        ),
        ("https://r.example:8443/v2/", "http://r.example/v2/x", None),
    ] {
        assert_eq!(
            told(goes_on_at(&url(base), &url(base), link)).as_deref(),
            to,
            "{base} {link}"
        );
    }
}

#[test]
fn a_redirect_may_leave_but_not_fall() {
    for (from, location, to) in [
        (
            "https://r.example/v2/a",
            "https://storage.example/x?sig=1",
            Some("https://storage.example/x?sig=1"),
        ),
        (
            "https://r.example/v2/a",
            "/v2/b",
            Some("https://r.example/v2/b"),
        ),
        (
            "https://r.example/v2/a",
            "https://user:pw@storage.example/x",
            Some("https://storage.example/x"),
        ),
        (
            "https://r.example/v2/a",
            "https://user:pw@r.example/x#y",
            Some("https://r.example/x"),
        ),
        ("https://r.example/v2/a", "http://storage.example/x", None),
        ("https://r.example/v2/a", "http://r.example/x", None),
        (
            "http://r.lan/v2/a",
            "https://r.lan/x",
            Some("https://r.lan/x"),
        ),
        ("https://r.example/v2/a", "https://127.0.0.1/x", None),
        ("https://r.example/v2/a", "https://localhost./x", None),
        ("https://r.example/v2/a", "https://a.localhost/x", None),
        ("https://r.example/v2/a", "https://169.254.169.254/x", None),
        ("https://r.example/v2/a", "https://2852039166/x", None),
        ("https://r.example/v2/a", "file:///etc/passwd", None),
        ("https://r.example/v2/a", "data:text/plain,x", None),
        (
            "http://r.lan:5000/v2/a",
            "http://minio.lan:9000/x",
            Some("http://minio.lan:9000/x"),
        ),
        ("http://r.lan:5000/v2/a", "http://localhost:9000/x", None),
        (
            "http://127.0.0.1:5000/v2/a",
            "http://localhost:9000/x",
            Some("http://localhost:9000/x"),
        ),
    ] {
        assert_eq!(
            told(redirect(&url(from), location)).as_deref(),
            to,
            "{from} -> {location}"
        );
    }
}

const R: &str = "https://registry.example/v2/";

/// A registry, the realm it names, and where it is asked.
#[rustfmt::skip]
const REALMS: &[(&str, &str, Option<&str>)] = &[
    (R, "https://registry.example/token", Some("https://registry.example/token")),
    (R, "https://auth.example/token?x=y#z", Some("https://auth.example/token?x=y")),
    (R, "http://registry.example/token", Some("https://registry.example/token")),
    (R, "http://registry.example:80/token", Some("https://registry.example/token")),
    (R, "http://registry.example:443/token", Some("https://registry.example/token")),
    (R, "http://registry.example:5000/token", Some("https://registry.example:5000/token")),
    ("https://r.example:8443/v2/", "http://r.example:8443/token", Some("https://r.example:8443/token")),
    (R, "http://auth.example/token", None),
    (R, "http://127.0.0.1/token", None),
    (R, "https://127.0.0.1:8443/token", None),
    (R, "https://localhost/token", None),
    (R, "https://localhost./token", None),
    (R, "https://[::1]/token", None),
    (R, "https://169.254.169.254/latest", None),
    (R, "https://[::ffff:169.254.169.254]/latest", None),
    (R, "https://[fe80::1]/latest", None),
    (R, "https://0.0.0.0/token", None),
    ("http://registry.lan:5000/v2/", "http://registry.lan:5000/token", Some("http://registry.lan:5000/token")),
    ("http://registry.lan:5000/v2/", "http://registry.lan:5001/token", None),
    ("http://registry.lan:5000/v2/", "https://auth.lan/token", Some("https://auth.lan/token")),
    ("http://127.0.0.1:5000/v2/", "http://127.0.0.1:5001/token", Some("http://127.0.0.1:5001/token")),
    ("http://localhost:5000/v2/", "http://[::1]:5001/token", Some("http://[::1]:5001/token")),
    ("http://127.0.0.1:5000/v2/", "http://evil.example/token", None),
    ("https://127.0.0.1:5000/v2/", "http://127.0.0.1:5001/token", Some("https://127.0.0.1:5001/token")),
    ("https://127.0.0.1:5000/v2/", "http://localhost:5001/token", None),
];

/// Behaviour (sign-in): A realm whose scheme lags behind a proxy that ends TLS is asked over TLS, never in the clear.
/// Source: Registries behind a proxy that ends TLS, whose own address was left at `http://`.
#[test]
fn where_a_token_service_may_be() {
    for (registry, text, to) in REALMS {
        let found = realm(&url(registry), text);
        if to.is_none() {
            assert!(
                matches!(found, Err(Kind::ForeignHost { .. })),
                "{registry} -> {text}: {found:?}"
            );
        }
        assert_eq!(told(found).as_deref(), *to, "{registry} -> {text}");
    }
    for none in [
        "",
        "token",
        "/token",
        "//auth.example/token",
        "ftp://auth.example/",
        "file:///etc/passwd",
        "https://user:pw@auth.example/",
        "https://user@auth.example/",
    ] {
        assert!(
            matches!(realm(&url(R), none), Err(Kind::Malformed(_))),
            "{none}"
        );
    }
}

#[test]
fn long_texts_are_no_addresses() {
    let base = url("https://r.example/v2/");
    let of = |length: usize| format!("/v2/{}", "a".repeat(length - 4));
    assert!(
        goes_on_at(&base, &base, &of(LONGEST)).is_ok() && redirect(&base, &of(LONGEST)).is_ok()
    );
    for found in [
        goes_on_at(&base, &base, &of(LONGEST + 1)),
        redirect(&base, &of(LONGEST + 1)),
        realm(&base, &format!("https://r.example{}", of(LONGEST))),
    ] {
        assert!(matches!(found, Err(Kind::Malformed(_))), "{found:?}");
    }
}

/// Texts that are near to addresses, and some that are not.
fn texts() -> impl Strategy<Value = String> {
    let pieces = prop_oneof![
        Just("https:"),
        Just("http:"),
        Just("//"),
        Just("/\\"),
        Just("\\\\"),
        Just("\\"),
        Just("/"),
        Just("r.example"),
        Just("evil.example"),
        Just("user:pw@"),
        Just("@"),
        Just(":444"),
        Just(":443"),
        Just("[::1]"),
        Just("127.0.0.1"),
        Just("%2e"),
        Just("%2f%2f"),
        Just("%40"),
        Just("."),
        Just(".."),
        Just("?x=y"),
        Just("#z"),
        Just("\t"),
        Just("\r\n"),
        Just("v2"),
        Just("\u{2044}"),
        Just("\u{ff0f}"),
        Just("ß"),
        Just(" "),
    ];
    prop_oneof![
        prop::collection::vec(pieces, 0..8).prop_map(|pieces| pieces.concat()),
        any::<String>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn what_goes_on_stays_at_the_registry(text in texts(), port in prop_oneof![Just(""), Just(":444"), Just(":8443")], https in any::<bool>()) {
        let base = url(&format!("http{}://r.example{port}/v2/", if https { "s" } else { "" }));
        for from in [base.clone(), base.join("team/app/tags/list?n=1").unwrap()] {
            if let Ok(to) = goes_on_at(&base, &from, &text) {
                prop_assert_eq!(&to[..Position::BeforePath], &base[..Position::BeforePath]);
                // And it still is that address when it is written and read again.
                let again = url(to.as_str());
                prop_assert_eq!((again.scheme(), again.host(), again.port()), (base.scheme(), base.host(), base.port()));
                prop_assert!(again.username().is_empty() && again.password().is_none());
            }
        }
    }

    #[test]
    fn a_redirect_bears_no_user_and_never_falls(text in texts()) {
        let from = url("https://r.example/v2/team/app/blobs/x");
        if let Ok(to) = redirect(&from, &text) {
            prop_assert!(to.scheme() == "https" && to.username().is_empty() && to.password().is_none() && !is_inside(&to));
        }
    }

    #[test]
    fn a_realm_bears_no_user_and_is_encrypted(text in texts()) {
        if let Ok(to) = realm(&url("https://r.example/v2/"), &text) {
            prop_assert!(to.scheme() == "https" && to.username().is_empty() && to.password().is_none() && !is_inside(&to));
        }
    }
}
