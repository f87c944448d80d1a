//! What helpers do, and what becomes of them.

#![cfg(target_os = "linux")] // `/proc` tells who is still there

use std::time::Instant;

use super::*;

const ANSWER: &str = r#"echo '{"ServerURL":"h","Username":"ana","Secret":"hunter2"}'"#;

/// Tells whether a process with this number is there, by the file in which a script has left it.
fn is_there(zoo: &Zoo, file: &str) -> bool {
    let number = zoo.left(file);
    let number = number.trim();
    assert!(!number.is_empty());
    // A zombie is gone: only its parent has not looked yet.
    fs::read_to_string(format!("/proc/{number}/stat")).is_ok_and(|stat| !stat.contains(") Z "))
}

/// Waits until it is gone; a kill is not done at once.
fn goes(zoo: &Zoo, file: &str) -> bool {
    let until = Instant::now() + Duration::from_secs(20);
    while is_there(zoo, file) {
        if Instant::now() > until {
            return false;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    true
}

/// Behaviour (helpers): The verb is the one argument, the address comes on the input as it is, the answer on the output.
/// Source: docker-credential-helpers `credentials/credentials.go`, `client/client.go`.
#[test]
fn a_helper_is_told_on_its_input_and_answers_on_its_output() {
    let zoo = Zoo::new(&format!(
        r#"echo "$# $*" > "$HERE/arguments"; cat > "$HERE/input"; env > "$HERE/env"
        echo "a warning with hunter2" >&2; {ANSWER}"#
    ));
    let found = zoo.helper().get("https://index.docker.io/v1/").unwrap();
    assert_eq!(told(found.as_ref()), Some(("ana", "hunter2")));
    assert_eq!(zoo.left("arguments"), "1 get\n");
    assert_eq!(zoo.left("input"), "https://index.docker.io/v1/");
    // Nothing of our own environment but what it is to be given.
    let names: Vec<String> = zoo
        .left("env")
        .lines()
        .filter_map(|line| line.split_once('=').map(|(name, _)| name.to_owned()))
        .filter(|name| !["PWD", "OLDPWD", "SHLVL", "_"].contains(&name.as_str()))
        .collect();
    assert_eq!(
        names
            .iter()
            .map(String::as_str)
            .collect::<std::collections::BTreeSet<_>>(),
        ["HERE", "PATH"].into()
    );
}

#[test]
fn what_is_kept_is_told_as_one_line_of_json() {
    let zoo = Zoo::new(r#"echo "$*" >> "$HERE/arguments"; cat >> "$HERE/input""#);
    let helper = zoo.helper();
    helper
        .store("h:5000", &credential("<token>", "pä\"ss\nword"))
        .unwrap();
    helper.erase("h:5000").unwrap();
    assert_eq!(zoo.left("arguments"), "store\nerase\n");
    assert_eq!(
        zoo.left("input"),
        "{\"ServerURL\":\"h:5000\",\"Username\":\"<token>\",\"Secret\":\"pä\\\"ss\\nword\"}\nh:5000"
    );
}

#[test]
fn a_helper_that_hangs_is_ended_with_all_it_started() {
    let zoo = Zoo::new(r#"sleep 600 & echo $! > "$HERE/child"; echo $$ > "$HERE/self"; wait"#);
    let mut patience = SHORT;
    // A busy computer may end it before it could say who it is.
    while zoo.left("self").is_empty() {
        let helper = Helper {
            patience,
            ..zoo.helper()
        };
        assert_eq!(helper.get("h").unwrap_err(), HelperError::Hung);
        patience *= 2;
    }
    assert!(goes(&zoo, "self") && goes(&zoo, "child"));
}

#[test]
fn a_helper_that_closes_its_output_and_hangs_is_ended() {
    let zoo = Zoo::new(&format!("{ANSWER}; exec >&-; sleep 600"));
    assert_eq!(zoo.hasty().get("h").unwrap_err(), HelperError::Hung);
}

#[test]
fn a_helper_that_never_stops_talking_is_ended() {
    let zoo = Zoo::new(r#"echo $$ > "$HERE/self"; exec head -c 10485760 /dev/zero"#);
    assert_eq!(zoo.helper().get("h").unwrap_err(), HelperError::TooMuch);
    let zoo = Zoo::new(r#"echo $$ > "$HERE/self"; while :; do echo 0123456789abcdef; done"#);
    assert_eq!(zoo.helper().get("h").unwrap_err(), HelperError::TooMuch);
    assert!(goes(&zoo, "self"));
    // So much and no more is read.
    let filler = "x".repeat(process::MOST - 60);
    let zoo = Zoo::new(r#"cat "$HERE/answer""#);
    let answer = format!(r#"{{"Username":"ana","Secret":"s","x":"{filler}"}}"#);
    fs::write(zoo.path("answer"), &answer).unwrap();
    let found = zoo.helper().get("h").unwrap();
    assert_eq!(told(found.as_ref()), Some(("ana", "s")));
}

/// Behaviour (helpers): A helper that leaves a child behind which holds its output is answered all the same, and the child
/// ended; one that has let go of the output is left alone.
/// Source: helpers that start an agent (gpg-agent of `pass`); Go's `exec.Cmd.Output` waits for the child.
#[test]
fn a_child_that_holds_the_output_is_not_waited_for() {
    let zoo = Zoo::new(&format!(
        r#"sleep 600 & echo $! > "$HERE/child"; {ANSWER}; exit 0"#
    ));
    let found = zoo.helper().get("h").unwrap();
    assert_eq!(told(found.as_ref()), Some(("ana", "hunter2")));
    assert!(goes(&zoo, "child"));

    // In a session of its own nothing of ours reaches it; the answer is there nevertheless.
    let zoo = Zoo::new(&format!(
        r#"setsid sh -c 'echo $$ > "$HERE/child"; exec sleep 600' & {ANSWER}
        while [ ! -s "$HERE/child" ]; do sleep 0.01; done; exit 0"#
    ));
    let found = zoo.helper().get("h").unwrap();
    assert_eq!(told(found.as_ref()), Some(("ana", "hunter2")));
    end(&zoo);

    let zoo = Zoo::new(&format!(
        r#"sleep 600 >&- 2>&- & echo $! > "$HERE/child"; {ANSWER}; exit 0"#
    ));
    zoo.helper().get("h").unwrap();
    assert!(is_there(&zoo, "child"));
    end(&zoo);
}

/// Ends what a script has left on purpose.
fn end(zoo: &Zoo) {
    let number = zoo.left("child").trim().parse().unwrap();
    let child = rustix::process::Pid::from_raw(number).unwrap();
    rustix::process::kill_process(child, rustix::process::Signal::KILL).unwrap();
}

#[test]
fn a_helper_that_reads_nothing_is_no_trouble() {
    let zoo = Zoo::new(ANSWER);
    assert!(zoo.helper().get("h").unwrap().is_some());
    let long = "s".repeat(50_000);
    zoo.helper().store("h", &credential("ana", &long)).unwrap();
    // More than a pipe holds, and a helper that doesn't even close it.
    let zoo = Zoo::new("sleep 600");
    assert_eq!(
        zoo.hasty()
            .store("h", &credential("ana", &long))
            .unwrap_err(),
        HelperError::Hung
    );
    let zoo = Zoo::new("exec <&-; exit 0");
    zoo.helper().store("h", &credential("ana", &long)).unwrap();
}

#[test]
fn a_secret_longer_than_helpers_read_is_refused_before_any_is_asked() {
    let zoo = Zoo::new(r#"echo ran > "$HERE/ran""#);
    for secret in ["s".repeat(61 * 1024), "\u{1}".repeat(11 * 1024)] {
        assert_eq!(
            zoo.helper()
                .store("h", &credential("ana", &secret))
                .unwrap_err(),
            HelperError::TooLong
        );
    }
    let long = "h".repeat(1025);
    for server in ["", " ", "h\nh", "h\0", &long] {
        let helper = zoo.helper();
        assert_eq!(helper.get(server).unwrap_err(), HelperError::BadServer);
        assert_eq!(helper.erase(server).unwrap_err(), HelperError::BadServer);
        let stored = helper.store(server, &credential("ana", "s"));
        assert_eq!(stored.unwrap_err(), HelperError::BadServer);
    }
    assert_eq!(zoo.left("ran"), "");
}

#[test]
fn no_secret_is_in_anything_that_can_be_printed() {
    let secret = "hunter2-and-more";
    let mut printed = Vec::new();
    let mut note = |error: HelperError| printed.push(format!("{error:?} {error}"));
    for script in [
        "cat; exit 1",
        "echo could not keep; cat; exit 1",
        "echo hunter2-and-more; exit 0",
        "echo no: hunter2-and-more >&2; exit 1",
        r#"echo '{"ServerURL":"h","Username":"ana","Secret":"hunter2-and-more"}'; exit 3"#,
        r#"echo 'failed: {"Secret":"hunter2-and-more"}'; exit 3"#,
    ] {
        let helper = Zoo::new(script);
        let (get, store) = (
            helper.helper().get("h"),
            helper.helper().store("h", &credential("ana", secret)),
        );
        note(get.map(|_| ()).err().unwrap_or(HelperError::Broken));
        note(store.err().unwrap_or(HelperError::Broken));
    }
    let zoo = Zoo::new(ANSWER);
    let helper = Helper {
        programs: Arc::new(Programs {
            env: vec![("TOKEN".into(), secret.into())],
            ..zoo.programs()
        }),
        ..zoo.helper()
    };
    printed.push(format!("{helper:?}"));
    printed.push(format!("{:?}", zoo.helper().get("h").unwrap()));
    let printed = printed.join(
        "
",
    );
    assert!(printed.contains("ana") && printed.contains("could not be understood"));
    assert!(!printed.contains("hunter2"), "{printed}");
}
