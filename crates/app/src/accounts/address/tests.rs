//! What is read of a typed address, and what is refused.

use super::*;
use proptest::prelude::*;

fn told(text: &str) -> (String, Option<String>, bool, Option<String>, Option<String>) {
    let address = Address::read(text).unwrap();
    (
        address.host.to_string(),
        address.dropped_path,
        address.typed == Some(Scheme::Http),
        address.user,
        address.secret,
    )
}

fn host(text: &str) -> (String, Option<String>, bool, Option<String>, Option<String>) {
    (text.to_owned(), None, false, None, None)
}

#[test]
fn plain_addresses() {
    assert_eq!(told("registry.example.org"), host("registry.example.org"));
    assert_eq!(
        told("  Registry.Example.org/  "),
        host("registry.example.org")
    );
    assert_eq!(told("127.0.0.1:5000"), host("127.0.0.1:5000"));
    assert_eq!(told("localhost"), host("localhost"));
    assert_eq!(
        told("https://registry.example.org/v2/"),
        host("registry.example.org")
    );
    assert!(told("http://lab:5000").2);
}

#[test]
fn hostile_a_typed_scheme_is_never_lost_on_the_way() {
    let typed = |text: &str| Address::read(text).unwrap().typed;
    for text in [
        "https://lab:5000",
        " HTTPS://ana@Lab:5000/v2/ ",
        "docker login -u ana https://lab:5000",
        "https://[::1]:5000/x",
    ] {
        assert_eq!(typed(text), Some(Scheme::Https), "{text}");
    }
    for text in ["http://lab:5000", "docker login http://lab:5000 -u ana"] {
        assert_eq!(typed(text), Some(Scheme::Http), "{text}");
    }
    for text in ["lab:5000", "docker login lab:5000", "oci://lab:5000"] {
        assert_eq!(typed(text), None, "{text}");
    }
}

#[test]
fn a_path_is_dropped_with_a_word() {
    let address = told("https://registry.example.org/genomics/aligner");
    assert_eq!(address.0, "registry.example.org");
    assert_eq!(address.1.as_deref(), Some("genomics/aligner"));
}

#[test]
fn a_user_before_the_host() {
    assert_eq!(told("ana@registry.example.org").3.as_deref(), Some("ana"));
    let address = told("https://ana:s3cret@registry.example.org");
    assert_eq!(
        (address.3.as_deref(), address.4.as_deref()),
        (Some("ana"), Some("s3cret"))
    );
}

#[test]
fn login_lines() {
    let all = (
        "127.0.0.1:5000".to_owned(),
        None,
        false,
        Some("demo".to_owned()),
        Some("two words".to_owned()),
    );
    for line in [
        "docker login -u demo -p 'two words' 127.0.0.1:5000",
        "sudo docker login 127.0.0.1:5000 --username demo --password \"two words\"",
        "$ podman login --username=demo --password=two\\ words 127.0.0.1:5000",
        "docker login -udemo '-ptwo words' 127.0.0.1:5000 && docker pull x",
    ] {
        assert_eq!(told(line), all, "{line}");
    }
    assert_eq!(
        told("docker login -u ana"),
        ("docker.io".into(), None, false, Some("ana".into()), None)
    );
    assert_eq!(
        told("echo $T | docker login ghcr.io -u ana --password-stdin"),
        ("ghcr.io".into(), None, false, Some("ana".into()), None)
    );
}

#[test]
fn addresses_of_version_6() {
    for (text, wanted) in [
        ("[::1]:5000", "[::1]:5000"),
        ("http://[::1]:5000/v2/", "[::1]:5000"),
        ("[2001:DB8::7]", "[2001:db8::7]"),
        ("[0:0:0:0:0:0:0:1]:5000", "[::1]:5000"),
        ("::1", "[::1]"),
        ("ana:x@[::1]:5000", "[::1]:5000"),
        ("docker login -u ana -p x [::1]:5000", "[::1]:5000"),
    ] {
        assert_eq!(told(text).0, wanted, "{text}");
    }
}

#[test]
fn a_name_in_another_alphabet_is_used_as_the_network_writes_it() {
    for (text, host, readable) in [
        (
            "bücher.example",
            "xn--bcher-kva.example",
            Some("bücher.example"),
        ),
        (
            "https://Реестр.example:5000/x",
            "xn--e1aa5aceg.example:5000",
            Some("реестр.example:5000"),
        ),
        (
            "xn--bcher-kva.example",
            "xn--bcher-kva.example",
            Some("bücher.example"),
        ),
        // Cyrillic letters that look like Latin ones.
        (
            "ѕсоре.example",
            "xn--e1argc3h.example",
            Some("ѕсоре.example"),
        ),
        ("ｌａｂ．example", "lab.example", None),
        ("lab.example:5000", "lab.example:5000", None),
    ] {
        let view = Address::read(text).unwrap().view();
        assert_eq!(
            (view.host.as_str(), view.readable.as_deref()),
            (host, readable),
            "{text}"
        );
    }
}

#[test]
fn docker_hub_has_one_name() {
    for text in [
        "docker.io",
        "https://index.docker.io/v1/",
        "registry-1.docker.io",
    ] {
        assert_eq!(told(text), host("docker.io"), "{text}");
    }
}

#[test]
fn a_secret_may_hold_any_sign() {
    for (text, secret, path) in [
        ("https://ana:p@ss@reg.example/x", "p@ss", Some("x")),
        ("https://ana:12/34@reg.example/x", "12/34", Some("x")),
        ("ana:12#34?5@reg.example:5000", "12#34?5", None),
        ("https://ana:p%40s%2Fs@reg.example", "p@s/s", None),
        ("ana:p%40ss@reg.example", "p%40ss", None),
        ("https://ana:hunter2@reg.example/hunter2", "hunter2", None),
    ] {
        let address = told(text);
        assert!(address.0.starts_with("reg.example"), "{text}: {address:?}");
        assert_eq!(
            (
                address.3.as_deref(),
                address.4.as_deref(),
                address.1.as_deref()
            ),
            (Some("ana"), Some(secret), path),
            "{text}"
        );
    }
    let digest = format!("reg.example:5000/team/app@sha256:{}", "a".repeat(64));
    assert_eq!(told(&digest).0, "reg.example:5000");
    assert_eq!(told("reg.example/x?token=hunter2").1.as_deref(), Some("x"));
}

/// Ways to paste a sign-in; `S` stands where the secret is, quoted for a shell as it needs.
const FORMS: &[&str] = &[
    "docker login -u ana -p S reg.example:5000",
    "sudo -E docker login reg.example:5000 --username ana --password S",
    "X=1 /usr/bin/podman login -uana --password=S reg.example",
    "$ docker.exe login -u ana -p S",
    "nerdctl login --password=S --username=ana https://reg.example/v2/",
    "skopeo login -u ana -p S reg.example\nskopeo inspect docker://reg.example/x",
    "crane auth login reg.example -u ana -p S",
    "regctl registry login reg.example --user ana --pass S",
    "oras login -u ana --identity-token S reg.example",
    "helm registry login reg.example -u ana -p S",
    "buildah login -u ana -p S reg.example",
    "echo S | docker login -u ana --password-stdin reg.example",
    "printf %s S | docker login -u ana --password-stdin reg.example",
    "docker login -u ana --password-stdin reg.example <<< S",
    "export T=S\necho $T | docker login -u ana --password-stdin reg.example",
    "docker login -u ana -p S not/a/host:x",
];

fn nowhere_but_in_its_field(text: &str, secret: &str) {
    match Address::read(text) {
        Ok(address) => {
            let shown = format!("{:?}", address.view());
            assert!(!shown.contains(secret), "{text:?}: {shown}");
            assert_eq!(address.secret.as_deref(), Some(secret), "{text:?}");
        }
        Err(problem) => {
            let shown = format!("{problem:?}");
            assert!(!shown.contains(secret), "{text:?}: {shown}");
        }
    }
}

proptest! {
    #[test]
    fn hostile_no_text_makes_the_reading_panic(text in any::<String>(), shell in "[ a-z'\"\\\\$`()<>|&;=@:/\\n-]{0,60}") {
        for text in [text, shell.clone(), format!("docker login {shell}"), format!("https://{shell}")] {
            if let Ok(address) = Address::read(&text) {
                prop_assert_eq!(Address::read(address.host.as_str()).ok().map(|same| same.host), Some(address.host));
            }
        }
    }

    #[test]
    fn hostile_a_secret_goes_nowhere_but_into_its_field(
        secret in "[!-~]{12,40}", form in proptest::sample::select(FORMS),
    ) {
        let quoted = format!("'{}'", secret.replace('\'', "'\\''"));
        nowhere_but_in_its_field(&form.replace('S', &quoted), &secret);
        let quoted = secret.replace(['\\', '"', '$', '`'], "");
        prop_assume!(quoted.len() >= 8);
        nowhere_but_in_its_field(&form.replace('S', &format!("\"{quoted}\"")), &quoted);
    }

    #[test]
    fn hostile_a_secret_in_an_address_goes_nowhere_but_into_its_field(secret in "[!-~]{12,40}") {
        for text in [
            format!("ana:{secret}@reg.example:5000"),
            format!("ana:{secret}@reg.example/team/app"),
            format!("https://ana:{}@reg.example/v2/", percent_encoding::utf8_percent_encode(&secret, percent_encoding::NON_ALPHANUMERIC)),
        ] {
            // A scheme within would make it another address.
            prop_assume!(!secret.contains("://"));
            nowhere_but_in_its_field(&text, &secret);
        }
    }
}

#[test]
fn what_cannot_be_read_says_so() {
    for text in [
        "",
        "   ",
        "two words",
        "https://",
        "ftp://host",
        "host:port",
        "a/b c",
        "-",
        "http://:5000",
        "ho$t",
    ] {
        let Err(problem) = Address::read(text) else {
            panic!("{text:?} was read")
        };
        assert_eq!(problem.code, Code::Address, "{text:?}");
        assert!(problem.message.ends_with('.') && !problem.hints.is_empty());
    }
}

#[test]
fn the_view_holds_no_secret() {
    let view = Address::read("docker login -u demo -p hunter2 host.example")
        .unwrap()
        .view();
    assert!(view.has_secret);
    assert!(!serde_json::to_string(&view).unwrap().contains("hunter2"));
}
