//! What helpers' words mean.

use proptest::prelude::*;

use super::*;

/// Behaviour (helpers): A helper that ends with an error says why on its output, and "credentials not found in native
/// keychain" means that there is no sign-in.
/// Source: docker-credential-helpers `credentials/error.go`, `client/client.go`.
#[test]
fn errors_are_on_the_output_and_not_found_is_none() {
    let zoo = Zoo::new("echo 'credentials not found in native keychain'; exit 1");
    assert!(zoo.helper().get("h").unwrap().is_none());
    zoo.helper().erase("h").unwrap();
    assert!(zoo.helper().list().unwrap().is_empty());
    let zoo = Zoo::new(
        "echo '  The AWS session\thas \u{1b}[31mexpired.'; echo 'Sign in anew.'; echo secret >&2; exit 7",
    );
    let words = HelperError::Said("The AWS session has [31mexpired. Sign in anew.".to_owned());
    assert_eq!(zoo.helper().get("h").unwrap_err(), words);
    assert_eq!(zoo.helper().erase("h").unwrap_err(), words);
    assert_eq!(zoo.helper().list().unwrap_err(), words);
    let stored = zoo.helper().store("h", &credential("ana", "s3cret"));
    assert_eq!(stored.unwrap_err(), words);
    for script in [
        "exit 1",
        "kill -KILL $$",
        "echo 'no credentials server URL'; exit 1",
        "echo 'no credentials username'; exit 1",
        // With an exit code of 0 it is no error, and no answer.
        "echo 'credentials not found in native keychain'",
        "exit 0",
        "echo hunter2",
        "echo '[]'",
        "echo '\"hunter2\"'",
        "echo null",
    ] {
        assert_eq!(
            Zoo::new(script).helper().get("h").unwrap_err(),
            HelperError::Broken,
            "{script}"
        );
    }
}

#[test]
fn what_it_says_of_its_error_is_shown_in_one_line_of_bounded_length() {
    let text = "word\n".repeat(1_000);
    let Err(HelperError::Said(shown)) = reply::to_get(&said(false, text)) else {
        panic!("it said something");
    };
    assert_eq!(shown.chars().count(), 401);
    assert!(shown.starts_with("word word ") && shown.ends_with('…'));
    assert!(matches!(
        reply::to_get(&said(false, b"\xff\xfe not found")),
        Err(HelperError::Said(_))
    ));
}

/// Behaviour (helpers): An answer is read as Go reads JSON: names in any case, the first value only; a user `<token>` is
/// handed on, and an answer with neither user nor secret is none.
/// Source: Go's `encoding/json`; docker/cli `native_store.go` (`tokenUsername`); containers/image `getCredsFromCredHelper`.
#[test]
fn answers_are_read_as_docker_reads_them() {
    let read = |text: &str| {
        let found = reply::to_get(&said(true, text)).unwrap();
        told(found.as_ref()).map(|(user, secret)| format!("{user} {secret}"))
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        read(r#"{"Username":"ana","Secret":"a b"}"#),
        some("ana a b")
    );
    assert_eq!(
        read("\n {\"secret\":\"s\",\"USERNAME\":\"ana\",\"x\":[1]} trailing"),
        some("ana s")
    );
    assert_eq!(
        read(r#"{"ServerURL":"h","Username":"<token>","Secret":"eyJ"}"#),
        some("<token> eyJ")
    );
    assert_eq!(
        read(r#"{"Username":"a","Username":"b","Secret":"\ud83d\udd11"}"#),
        some("b \u{1f511}")
    );
    for none in [
        "{}",
        r#"{"Username":"","Secret":""}"#,
        r#"{"Username":null,"Secret":null}"#,
    ] {
        assert_eq!(read(none), None, "{none}");
    }
}

#[test]
fn half_an_answer_is_none() {
    for text in [
        r#"{"Username":"ana"}"#,
        r#"{"Secret":"s"}"#,
        r#"{"Username":7,"Secret":"s"}"#,
        r#"{"Username":"ana","Secret":["s"]}"#,
        r#"{"Username":"a\nb","Secret":"s"}"#,
        r#"{"Username":"ana","Secret":"s""#,
        "{",
        "",
    ] {
        assert_eq!(
            reply::to_get(&said(true, text)).unwrap_err(),
            HelperError::Broken,
            "{text}"
        );
    }
    let long = format!(r#"{{"Username":"{}","Secret":"s"}}"#, "u".repeat(1025));
    assert!(reply::to_get(&said(true, long)).is_err());
    assert!(reply::to_get(&said(true, b"{\"Username\":\"a\",\"Secret\":\"\xff\"}")).is_err());
}

#[test]
fn lists_are_read_entry_by_entry() {
    let zoo = Zoo::new(
        r#"echo "$*" > "$HERE/arguments"; printf %s '{"https://index.docker.io/v1/":"ana","h:5000":"<token>","odd":7,"":"x","a\nb":"y"}'"#,
    );
    let list = zoo.helper().list().unwrap();
    assert_eq!(zoo.left("arguments"), "list\n");
    assert_eq!(
        list.into_iter().collect::<Vec<_>>(),
        [
            ("h:5000", "<token>"),
            ("https://index.docker.io/v1/", "ana")
        ]
        .map(|(server, user)| (server.to_owned(), user.to_owned()))
    );
    assert!(reply::to_list(&said(true, "null")).unwrap().is_empty());
    assert!(reply::to_list(&said(true, "[]")).is_err());
    assert!(reply::to_list(&said(true, "")).is_err());
    let many: Vec<String> = (0..5_000)
        .map(|number| format!(r#""h{number}":"u""#))
        .collect();
    let many = format!("{{{}}}", many.join(","));
    assert_eq!(reply::to_list(&said(true, many)).unwrap().len(), 1_000);
}

proptest! {
    /// What a helper keeps it gives back, whatever is in it.
    #[test]
    fn what_is_told_in_its_form_is_read_as_it_was(user in "\\PC{1,40}", secret in "(?s).{1,200}") {
        let text = serde_json::json!({ "ServerURL": "h", "Username": user, "Secret": secret });
        let found = reply::to_get(&said(true, text.to_string())).unwrap();
        prop_assert_eq!(told(found.as_ref()), Some((user.as_str(), secret.as_str())));
    }

    #[test]
    fn an_error_never_shows_more_than_a_line(text in prop::collection::vec(any::<u8>(), 0..2_000)) {
        if let Err(HelperError::Said(shown)) = reply::to_get(&said(false, text)) {
            prop_assert!(shown.chars().count() <= 401 && !shown.contains(char::is_control));
        }
    }
}
