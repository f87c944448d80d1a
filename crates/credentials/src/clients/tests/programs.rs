//! What goes where, with helpers that are shell scripts.

#![cfg(unix)]

use std::fs;
use std::sync::Arc;

use secrecy::SecretString;

use super::home::{Home, KEEPS, ana};
use crate::clients::{Client, ClientError, ClientSignIn, Clients, Keeps};
use crate::{Credential, FileRef, Files, HelperName, TOKEN_USER};

const HOST: &str = "lab.example";
/// A file in which Docker keeps another sign-in itself.
const OTHERS: &str = "{\"auths\":{\"other.example\":{\"auth\":\"YTpi\"}}}";
fn sign_in(clients: &Clients, client: Client) -> ClientSignIn {
    clients
        .sign_in(client, HOST, &ana("hunter2"), false, None)
        .unwrap()
}

#[test]
fn a_helper_is_named_for_one_registry_and_the_files_are_as_before_afterwards() {
    let home = Home::new(&[("pass", KEEPS)]);
    home.write(
        "docker/config.json",
        "{\n\t\"auths\": {\"a\": {\"auth\": \"YTpi\"}}\n}",
    );
    let clients = home.clients();
    assert_eq!(clients.here(), Client::ALL);
    let signed = Client::ALL.map(|client| sign_in(&clients, client));
    assert_eq!(
        home.read("docker/config.json").unwrap(),
        "{\n\t\"auths\": {\"a\": {\"auth\": \"YTpi\"}},\n\t\"credHelpers\": {\n\t\t\"lab.example\": \"pass\"\n\t}\n}"
    );
    assert_eq!(
        home.read("podman/auth.json").unwrap(),
        "{\n\t\"credHelpers\": {\n\t\t\"lab.example\": \"pass\"\n\t}\n}"
    );
    assert!(home.read("kept/lab.example").unwrap().contains("hunter2"));
    // What is remembered holds no secret.
    let kept = serde_json::to_string(&signed).unwrap();
    assert!(!kept.contains("hunter2"), "{kept}");
    let kept: Vec<ClientSignIn> = serde_json::from_str(&kept).unwrap();
    for signed in &kept {
        clients.sign_out(signed).unwrap();
    }
    assert_eq!(
        home.read("docker/config.json").unwrap(),
        "{\n\t\"auths\": {\"a\": {\"auth\": \"YTpi\"}}\n}"
    );
    assert_eq!(
        (home.read("podman/auth.json"), home.read("kept/lab.example")),
        (None, None)
    );
    // Once more is no error.
    for signed in &kept {
        clients.sign_out(signed).unwrap();
    }
}

#[test]
fn docker_hub_has_its_own_key_in_dockers_file_and_its_name_in_podmans() {
    let home = Home::new(&[("pass", KEEPS)]);
    home.write("docker/config.json", OTHERS);
    let clients = home.clients();
    for client in Client::ALL {
        clients
            .sign_in(client, "docker.io", &ana("x"), false, None)
            .unwrap();
    }
    let docker = home.read("docker/config.json").unwrap();
    assert!(
        docker.contains("\"https://index.docker.io/v1/\":\"pass\""),
        "{docker}"
    );
    let podman = home.read("podman/auth.json").unwrap();
    assert!(podman.contains("\"docker.io\": \"pass\""), "{podman}");
}

#[test]
fn the_helper_that_docker_asks_gets_it_and_the_file_is_not_touched() {
    let home = Home::new(&[("mine", KEEPS), ("pass", "exit 1")]);
    let clients = home.clients();
    for text in [
        "{\"credsStore\": \"mine\"}",
        "{\"credHelpers\":{\"lab.example\":\"mine\"}}",
    ] {
        home.write("docker/config.json", text);
        let signed = sign_in(&clients, Client::Docker);
        assert_eq!(home.read("docker/config.json").unwrap(), text);
        assert!(home.read("kept/lab.example").is_some());
        assert_eq!(signed.helper, Some(HelperName::parse("mine").unwrap()));
        clients.sign_out(&signed).unwrap();
        assert_eq!(home.read("docker/config.json").unwrap(), text);
        assert_eq!(home.read("kept/lab.example"), None);
    }
    // Podman knows no helper for all, so the one that Docker has for all is named to it.
    home.write("docker/config.json", "{\"credsStore\": \"mine\"}");
    let signed = sign_in(&clients, Client::Podman);
    assert_eq!(signed.helper, Some(HelperName::parse("mine").unwrap()));
}

#[test]
fn another_users_sign_in_is_replaced_and_what_came_after_ours_stays() {
    let home = Home::new(&[("pass", KEEPS)]);
    let clients = home.clients();
    home.write("docker/config.json", OTHERS);
    home.write(
        "kept/lab.example",
        r#"{"ServerURL":"lab.example","Username":"bob","Secret":"old"}"#,
    );
    let signed = sign_in(&clients, Client::Docker);
    assert!(home.read("kept/lab.example").unwrap().contains("\"ana\""));
    // Bob signs in by hand: neither his secret nor what makes Docker ask for it is ours to take.
    let (bobs, entry) = (
        r#"{"ServerURL":"lab.example","Username":"bob","Secret":"new"}"#,
        home.read("docker/config.json").unwrap(),
    );
    home.write("kept/lab.example", bobs);
    clients.sign_out(&signed).unwrap();
    assert_eq!(home.read("kept/lab.example").unwrap(), bobs);
    assert_eq!(home.read("docker/config.json").unwrap(), entry);
}

#[test]
fn docker_keeps_its_own_helper_for_all_other_registries() {
    // Nothing is said in its file, so it takes the system's own; an entry there would have it keep others in plain text.
    let home = Home::new(&[("pass", KEEPS)]);
    let clients = home.clients();
    for text in [None, Some("{}"), Some("{\"auths\":{},\"psFormat\":\"x\"}")] {
        if let Some(text) = text {
            home.write("docker/config.json", text);
        }
        let signed = sign_in(&clients, Client::Docker);
        assert_eq!(home.read("docker/config.json").as_deref(), text);
        assert!(home.read("kept/lab.example").is_some());
        clients.sign_out(&signed).unwrap();
        assert_eq!(home.read("kept/lab.example"), None);
    }
}

#[test]
fn a_pass_that_has_nowhere_to_keep_is_none() {
    for gone in [".password-store/.gpg-id", "bin/pass"] {
        let home = Home::new(&[("pass", KEEPS)]);
        fs::remove_file(home.path(gone)).unwrap();
        let kept = home.clients().keeps(Client::Docker, HOST);
        assert!(matches!(kept, Ok(Keeps::PlainText(_))), "{gone}: {kept:?}");
    }
}

#[test]
fn signed_in_anew_it_has_the_new_secret_and_comes_out_as_before() {
    for (helpers, plain) in [(&[("pass", KEEPS)][..], false), (&[], true)] {
        let home = Home::new(helpers);
        let clients = home.clients();
        home.write("docker/config.json", OTHERS);
        let first = clients.sign_in(Client::Docker, HOST, &ana("one"), plain, None);
        let first = first.unwrap();
        // That it may stand there in plain text was said the first time.
        let again = clients.sign_in(Client::Docker, HOST, &ana("two"), false, Some(&first));
        let again = again.unwrap();
        if plain {
            // base64 of `ana:two`
            assert!(
                home.read("docker/config.json")
                    .unwrap()
                    .contains("YW5hOnR3bw==")
            );
        } else {
            assert!(home.read("kept/lab.example").unwrap().contains("two"));
        }
        assert!(again.replaces(&first));
        clients.sign_out(&again).unwrap();
        assert_eq!(home.read("docker/config.json").unwrap(), OTHERS);
        assert_eq!(home.read("kept/lab.example"), None);
    }
}

#[test]
fn the_file_that_a_person_names_to_podman_is_the_only_one() {
    let home = Home::new(&[("pass", KEEPS)]);
    let mut clients = home.clients();
    home.write("run/auth.json", OTHERS);
    for (reads, name) in [
        (FileRef::PodmanRun, "run/auth.json"),
        (FileRef::Docker, "docker/config.json"),
    ] {
        clients.files = Arc::new(Files {
            podman_reads: Some(reads),
            ..(*clients.files).clone()
        });
        let before = home.read(name);
        let signed = sign_in(&clients, Client::Podman);
        assert!(home.read(name).unwrap().contains("credHelpers"), "{name}");
        assert_eq!(home.read("podman/auth.json"), None);
        clients.sign_out(&signed).unwrap();
        assert_eq!(home.read(name), before);
    }
}

#[test]
fn without_a_helper_it_is_plain_text_after_a_yes_alone() {
    let home = Home::new(&[("pass", "echo 'pass store is uninitialized'; exit 1")]);
    let clients = home.clients();
    let file = home.path("docker/config.json").display().to_string();
    assert_eq!(
        clients.keeps(Client::Docker, HOST),
        Ok(Keeps::PlainText(file.clone()))
    );
    assert_eq!(
        clients.sign_in(Client::Docker, HOST, &ana("x"), false, None),
        Err(ClientError::NoHelper(file.clone()))
    );
    assert_eq!(home.read("docker/config.json"), None);
    let signed = clients
        .sign_in(Client::Docker, HOST, &ana("x"), true, None)
        .unwrap();
    let there = home.read("docker/config.json").unwrap();
    // base64 of `ana:x`
    assert!(there.contains("{\"auth\": \"YW5hOng=\"}"), "{there}");
    assert!(!serde_json::to_string(&signed).unwrap().contains("YW5hOng"));
    // Their own sign-in is never replaced.
    assert_eq!(
        clients.sign_in(Client::Docker, HOST, &ana("y"), true, None),
        Err(ClientError::OwnSignIn(file))
    );
    clients.sign_out(&signed).unwrap();
    assert_eq!(home.read("docker/config.json"), None);
    // Who signs in there as another user in between keeps that.
    let signed = clients
        .sign_in(Client::Docker, HOST, &ana("x"), true, None)
        .unwrap();
    let bobs = "{\"auths\": {\"lab.example\": {\"auth\": \"Ym9iOng=\"}}}";
    home.write("docker/config.json", bobs);
    clients.sign_out(&signed).unwrap();
    assert_eq!(home.read("docker/config.json").unwrap(), bobs);
}

#[test]
fn podmans_own_sign_in_stays_and_a_token_is_none_for_it() {
    let home = Home::new(&[("pass", KEEPS)]);
    let clients = home.clients();
    let theirs = "{\"auths\":{\"lab.example\":{\"auth\":\"YTpi\"}}}";
    home.write("run/auth.json", theirs);
    assert!(matches!(
        clients.sign_in(Client::Podman, HOST, &ana("x"), true, None),
        Err(ClientError::OwnSignIn(_))
    ));
    assert_eq!(home.read("kept/lab.example"), None);
    let token = Credential {
        user: TOKEN_USER.to_owned(),
        secret: SecretString::from("t"),
    };
    assert_eq!(
        clients.sign_in(Client::Podman, HOST, &token, true, None),
        Err(ClientError::NoIdentityToken)
    );
    clients
        .sign_in(Client::Docker, HOST, &token, false, None)
        .unwrap();
}

#[test]
fn of_what_fails_half_way_nothing_stays() {
    // It keeps, and then says another secret.
    let liar = KEEPS.replace(
        "get) cat",
        "get) echo '{\"Username\":\"ana\",\"Secret\":\"other\"}'; false && cat",
    );
    let home = Home::new(&[("pass", &liar)]);
    home.write("docker/config.json", OTHERS);
    let sign_in = |home: &Home, client| {
        home.clients()
            .sign_in(client, HOST, &ana("hunter2"), true, None)
    };
    let tried = sign_in(&home, Client::Docker);
    assert!(
        matches!(tried, Err(ClientError::Helper { .. })),
        "{tried:?}"
    );
    assert_eq!(home.read("docker/config.json").unwrap(), OTHERS);
    let kept = home.read("kept/lab.example").unwrap_or_default();
    assert!(!kept.contains("hunter2"), "{kept}");

    let home = Home::new(&[("pass", KEEPS)]);
    for bad in [
        "{\"credHelpers\": null, \"auths\": {\"a\": {}}}",
        "{",
        "[]",
        "\u{feff}{}",
    ] {
        home.write("docker/config.json", bad);
        let tried = sign_in(&home, Client::Docker);
        assert!(
            matches!(tried, Err(ClientError::File(_))),
            "{bad}: {tried:?}"
        );
        assert_eq!(home.read("docker/config.json").unwrap(), bad);
        assert_eq!(
            home.read("kept/lab.example"),
            None,
            "the secret is gone again"
        );
    }
}

#[test]
fn what_fails_for_one_leaves_what_the_other_shares_with_it() {
    let home = Home::new(&[("pass", KEEPS)]);
    let bobs = r#"{"ServerURL":"lab.example","Username":"bob","Secret":"old"}"#;
    home.write("podman/auth.json", "{\"credHelpers\": null}");
    for signed_in in [false, true] {
        home.write("kept/lab.example", bobs);
        let clients = home.clients();
        if signed_in {
            sign_in(&clients, Client::Docker);
        }
        let before = home.read("kept/lab.example");
        let tried = clients.sign_in(Client::Podman, HOST, &ana("hunter2"), true, None);
        assert!(matches!(tried, Err(ClientError::File(_))), "{tried:?}");
        let now = home.read("kept/lab.example").unwrap();
        let users = |text: &str| (text.contains("\"bob\""), text.contains("\"ana\""));
        assert_eq!(users(&now), users(&before.unwrap()), "{now}");
    }
}

#[test]
fn a_helper_that_can_not_be_asked_leaves_all_as_it_is() {
    let home = Home::new(&[("pass", KEEPS)]);
    home.write("docker/config.json", OTHERS);
    let clients = home.clients();
    let signed = sign_in(&clients, Client::Docker);
    let entry = home.read("docker/config.json");
    home.program("docker-credential-pass", "echo 'it is locked'; exit 1");
    assert!(clients.sign_out(&signed).is_err());
    assert_eq!(home.read("docker/config.json"), entry);
    home.program("docker-credential-pass", KEEPS);
    clients.sign_out(&signed).unwrap();
    assert_eq!(home.read("docker/config.json").unwrap(), OTHERS);
}
