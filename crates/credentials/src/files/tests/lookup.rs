//! What a file says of a registry, in the order in which its program looks.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use secrecy::ExposeSecret;

use super::*;

const HUB: &str = "https://index.docker.io/v1/";

fn auth(user: &str) -> String {
    STANDARD.encode(format!("{user}:of {user}"))
}

/// Writes what is told in one line.
fn line(told: Told) -> String {
    match told {
        Told::Nothing => "nothing".to_owned(),
        Told::Here(found) => format!("{} / {}", found.user, found.secret.expose_secret()),
        Told::Ask { helper, server } => format!("ask {helper} for {server}"),
        Told::Spoiled => "spoiled".to_owned(),
        Told::NoConfiguration => "no configuration".to_owned(),
    }
}

/// Behaviour (files): Docker asks the helper of exactly this registry, else `credsStore`, and then looks at no entry; an
/// empty name of a helper stands for the entries.
/// Source: docker/cli `configfile.GetCredentialsStore`, `getConfiguredCredentialStore`.
#[test]
fn dockers_helpers_come_before_its_entries() {
    let (ana, bob) = (auth("ana"), auth("bob"));
    let text = format!(
        r#"{{"auths":{{"h":{{"auth":"{ana}"}},"plain":{{"auth":"{bob}"}},"{HUB}":{{}}}},
        "credsStore":"desktop","credHelpers":{{"h":"pass","plain":"","https://gcr.io":"gcloud"}}}}"#
    );
    let told = |key: &str| line(docker(&text, key));
    assert_eq!(told("h"), "ask pass for h");
    assert_eq!(told(HUB), format!("ask desktop for {HUB}"));
    assert_eq!(told("plain"), "bob / of bob");
    assert_eq!(told("gcr.io"), "ask desktop for gcr.io");
    assert_eq!(told("https://gcr.io"), "ask gcloud for https://gcr.io");
    // Podman reads the same file without a helper for all.
    assert_eq!(line(podman(&text, HUB)), "nothing");
    assert_eq!(line(podman(&text, "h")), "ask pass for h");
}

/// Behaviour (files): An entry of exactly the key comes before one of the same host, and an empty one hides it.
/// Source: docker/cli `credentials/file_store.go`, `ConvertToHostname`.
#[test]
fn dockers_exact_key_comes_before_the_host() {
    let (ana, bob) = (auth("ana"), auth("bob"));
    let text = format!(
        r#"{{"auths":{{"https://h/v1/":{{"auth":"{ana}"}},"http://[::1]:5000/v2/":{{"auth":"{bob}"}},
        "i":{{}},"https://i/v1/":{{"auth":"{ana}"}},"j:5000":{{"auth":"{bob}"}}}}}}"#
    );
    let told = |key: &str| line(docker(&text, key));
    assert_eq!(told("h"), "ana / of ana");
    assert_eq!(told("[::1]:5000"), "bob / of bob");
    assert_eq!(told("i"), "nothing");
    assert_eq!(told("j:5000"), "bob / of bob");
    for other in ["j", "H", "h:443", "h/v1/", "", "k"] {
        assert_eq!(told(other), "nothing", "{other:?}");
    }
}

/// Behaviour (files): An identity token stands for the user `<token>` and comes before a password; `username` and `password`
/// count without `auth`.
/// Source: docker/cli `types.AuthConfig`, `configfile.LoadFromReader`; moby `registry/auth.go`.
#[test]
fn an_identity_token_comes_before_a_password() {
    let ana = auth("ana");
    let token = STANDARD.encode("00000000-0000-0000-0000-000000000000:");
    let text = format!(
        r#"{{"auths":{{"a":{{"auth":"{token}","identitytoken":"eyJ"}},"b":{{"auth":"{ana}","IdentityToken":"eyJ"}},
        "c":{{"identitytoken":"eyJ"}},"d":{{"username":"ana","password":"p:w"}},"e":{{"username":"ana"}},
        "f":{{"auth":"{ana}","username":"bob","password":"x"}},"g":{{"auth":"{token}"}},"h":{{"auth":"{ana}","identitytoken":7}}}}}}"#
    );
    let told = |key: &str| (line(docker(&text, key)), line(podman(&text, key)));
    let both = |one: &str, other: &str| (one.to_owned(), other.to_owned());
    assert_eq!(told("a"), both("<token> / eyJ", "<token> / eyJ"));
    assert_eq!(told("b"), both("<token> / eyJ", "<token> / eyJ"));
    assert_eq!(told("c"), both("<token> / eyJ", "nothing"));
    assert_eq!(told("d"), both("ana / p:w", "nothing"));
    assert_eq!(told("e"), both("nothing", "nothing"));
    assert_eq!(told("f"), both("ana / of ana", "ana / of ana"));
    assert_eq!(told("g"), both("nothing", "nothing"));
    assert_eq!(told("h"), both("ana / of ana", "ana / of ana"));
}

#[test]
fn an_entry_that_cannot_be_read_is_said_and_spoils_no_other() {
    let ana = auth("ana");
    let (nobody, none, bytes) = (
        STANDARD.encode(":x"),
        STANDARD.encode("ana"),
        STANDARD.encode(b"ana:\xff"),
    );
    let text = format!(
        r#"{{"auths":{{"a":{{"auth":"not base64!"}},"b":{{"auth":"{nobody}"}},"c":{{"auth":"{none}"}},"d":{{"auth":"{bytes}"}},
        "e":{{"auth":"{ana}"}}}}}}"#
    );
    for (key, by_docker, by_podman) in [
        ("a", "spoiled", "spoiled"),
        ("b", "spoiled", "nothing"),
        ("c", "spoiled", "nothing"),
        ("d", "spoiled", "spoiled"),
        ("e", "ana / of ana", "ana / of ana"),
    ] {
        assert_eq!(line(docker(&text, key)), by_docker, "{key}");
        assert_eq!(line(podman(&text, key)), by_podman, "{key}");
    }
    for bad in ["[]", "7", "{", "\u{feff}{}"] {
        assert_eq!(line(docker(bad, "h")), "no configuration", "{bad}");
        assert_eq!(line(podman(bad, "h")), "no configuration", "{bad}");
    }
    // Docker reads one value and takes an empty file for an empty one; Podman does neither.
    for (text, by_podman) in [
        ("", "no configuration"),
        ("{} {", "no configuration"),
        ("null", "nothing"),
    ] {
        assert_eq!(line(docker(text, "h")), "nothing", "{text:?}");
        assert_eq!(line(podman(text, "h")), by_podman, "{text:?}");
    }
}

/// Behaviour (files): Podman's entries may be for a part of a registry: the longest that fits counts, then the registry, then
/// one of that host; its helpers are for whole registries and come first.
/// Source: containers/image `findCredentialsInFile`, `authKeyLookupOrder`; containers-auth.json(5).
#[test]
fn podmans_longest_key_counts() {
    let text = format!(
        r#"{{"auths":{{"quay.io/team/app":{{"auth":"{}"}},"quay.io/team":{{"auth":"{}"}},"quay.io":{{"auth":"{}"}},
        "https://h/v1/":{{"auth":"{}"}},"index.docker.io":{{"auth":"{}"}},"gcr.io/p":{{"auth":"{}"}}}},
        "credHelpers":{{"gcr.io":"gcloud"}},"credsStore":"desktop"}}"#,
        auth("app"),
        auth("team"),
        auth("all"),
        auth("old"),
        auth("hub"),
        auth("hidden"),
    );
    for (key, says) in [
        ("quay.io/team/app", "app / of app"),
        ("quay.io/team/app/x/y", "app / of app"),
        ("quay.io/team", "team / of team"),
        ("quay.io/team/b", "team / of team"),
        ("quay.io/teams", "all / of all"),
        ("quay.io", "all / of all"),
        ("h", "old / of old"),
        ("h/x", "old / of old"),
        ("docker.io", "hub / of hub"),
        ("docker.io/team", "hub / of hub"),
        ("gcr.io/p/x", "ask gcloud for gcr.io"),
        ("nobody", "nothing"),
    ] {
        assert_eq!(line(podman(&text, key)), says, "{key}");
    }
}

/// Behaviour (files): The old `.dockercfg` has the entries by themselves, or two lines for Docker Hub.
/// Source: docker/cli `LegacyLoadFromReader` (before 23.0).
#[test]
fn the_old_file_is_read_in_both_forms() {
    let ana = auth("ana");
    let json =
        format!(r#"{{"https://h/v1/":{{"auth":"{ana}","email":"x"}},"{HUB}":{{"auth":"{ana}"}}}}"#);
    assert_eq!(line(dockercfg(&json, "h")), "ana / of ana");
    assert_eq!(line(dockercfg(&json, HUB)), "ana / of ana");
    assert_eq!(line(dockercfg(&json, "i")), "nothing");
    for ends in ["\n", "\r\n"] {
        let lines = format!("auth = {ana}{ends}email = ana@example.com{ends}");
        assert_eq!(line(dockercfg(&lines, HUB)), "ana / of ana");
        assert_eq!(line(dockercfg(&lines, "h")), "nothing");
    }
    for bad in [
        "auth = x",
        "auth=x\nemail=y\n",
        "auth = a b\nemail = c",
        "x = y\nz",
        "auth = \n\n",
        "[]",
        "",
    ] {
        assert_eq!(line(dockercfg(bad, HUB)), "no configuration", "{bad:?}");
    }
    assert_eq!(line(dockercfg("auth = !\nemail = x", HUB)), "spoiled");
}

/// Behaviour (files): `DOCKER_AUTH_CONFIG` counts by exact keys and for nothing but `auth`.
/// Source: docker/cli `memory.Get`, `parseEnvConfig`.
#[test]
fn the_variable_counts_by_exact_keys() {
    let ana = auth("ana");
    let text = format!(
        r#"{{"auths":{{"{HUB}":{{"auth":"{ana}"}},"https://h/v1/":{{"auth":"{ana}"}},"i":{{"username":"a","password":"b"}}}},
        "credsStore":"desktop","credHelpers":{{"j":"pass"}}}}"#
    );
    for (key, says) in [
        (HUB, "ana / of ana"),
        ("https://h/v1/", "ana / of ana"),
        ("h", "nothing"),
        ("i", "nothing"),
        ("j", "nothing"),
    ] {
        assert_eq!(line(environment(&text, key)), says, "{key}");
    }
}

/// Makes an object of some of these names with some of these values.
fn object(
    names: &'static [&'static str],
    values: &'static [&'static str],
) -> impl Strategy<Value = String> {
    let entry = (prop::sample::select(names), prop::sample::select(values));
    prop::collection::vec(entry, 0..7).prop_map(|entries| {
        let entries: Vec<String> = entries
            .iter()
            .map(|(name, value)| format!("\"{name}\":{value}"))
            .collect();
        format!("{{{}}}", entries.join(","))
    })
}

const KEYS: &[&str] = &[
    "h",
    "H",
    "https://h/v1/",
    "http://h",
    "h/team",
    "h/team/app",
    "h/Team",
    "h/",
    "i:5000",
    "docker.io",
    "https://index.docker.io/v1/",
    "index.docker.io",
    "registry-1.docker.io/x",
    "https://u@h/",
    "[::1]:5000",
    "https://[::1]:5000",
    "h i",
    "",
];
const ENTRIES: &[&str] = &[
    "{}",
    "null",
    "7",
    r#"{"auth":"YW5hOnM="}"#,
    r#"{"auth":"!"}"#,
    r#"{"auth":"Ojo6"}"#,
    r#"{"auth":"YW5hOg=="}"#,
    r#"{"auth":"YW5h"}"#,
    r#"{"identitytoken":"e"}"#,
    r#"{"auth":"YW5hOg==","identitytoken":"e"}"#,
    r#"{"username":"bob","password":"p"}"#,
    r#"{"username":"bob"}"#,
];
const HELPERS: &[&str] = &[r#""pass""#, r#""""#, r#""../x""#, "null", "7"];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]
    /// What is found is what is read when it is used, whatever stands beside it.
    #[test]
    fn what_is_found_works_at_once(
        auths in object(KEYS, ENTRIES),
        helpers in object(KEYS, HELPERS),
        store in prop::sample::select(&["", r#","credsStore":"desktop""#, r#","credsStore":"a/b""#][..]),
    ) {
        let text = format!(r#"{{"auths":{auths},"credHelpers":{helpers}{store}}}"#);
        crate::fuzz::docker_config(&text);
        crate::fuzz::podman_auth(&text);
        crate::fuzz::docker_auth_config(&text);
        crate::fuzz::dockercfg(&auths);
    }
}
