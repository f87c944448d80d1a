//! Addresses as people and programs write them.

use super::*;

#[test]
fn the_forms_docker_knows() {
    assert_eq!(
        Address::parse("unix:///run/x.sock"),
        Address::Unix("/run/x.sock".into())
    );
    assert_eq!(
        Address::parse(" /run/x.sock "),
        Address::Unix("/run/x.sock".into())
    );
    assert_eq!(
        Address::parse("npipe:////./pipe/docker_engine"),
        Address::Pipe(r"\\.\pipe\docker_engine".into())
    );
    assert_eq!(
        Address::parse(r"npipe://\\.\pipe\docker_engine"),
        Address::Pipe(r"\\.\pipe\docker_engine".into())
    );
    for (given, authority) in [
        ("tcp://localhost", "localhost:2375"),
        ("tcp://10.0.0.1:99/", "10.0.0.1:99"),
        ("tcp://[::1]:99", "[::1]:99"),
        ("tcp://[::1]", "[::1]:2375"),
    ] {
        assert_eq!(Address::parse(given), Address::Tcp(authority.to_owned()));
    }
}

#[test]
fn tls_is_spoken_where_the_context_or_the_scheme_says_so() {
    let files = TlsFiles {
        authorities: Some("/c/ca.pem".into()),
        ..TlsFiles::default()
    };
    let tls = |authority: &str, files: &TlsFiles| Address::Tls {
        authority: authority.to_owned(),
        files: files.clone(),
    };
    let read = |given| Address::parse_tls(given, files.clone());
    assert_eq!(read("tcp://h"), tls("h:2376", &files));
    assert_eq!(read("tcp://h:1"), tls("h:1", &files));
    assert_eq!(
        Address::parse("https://h"),
        tls("h:2376", &TlsFiles::default())
    );
    assert_eq!(read("unix:///x"), Address::Unix("/x".into()));
    // Its text is read as TLS again, though without the files.
    let text = read("tcp://h").to_string();
    assert_eq!(text, "https://h:2376");
    assert_eq!(Address::parse(&text), tls("h:2376", &TlsFiles::default()));
}

#[test]
fn ssh_takes_user_port_and_path() {
    let read = |given: &str| match Address::parse(given) {
        Address::Ssh(target) => (target.user, target.host, target.port, target.path),
        other => panic!("{given}: {other:?}"),
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(read("ssh://lab"), (None, "lab".into(), None, None));
    assert_eq!(
        read("ssh://ana@gpu-node.example:2222/run/user/1000/docker.sock"),
        (
            some("ana"),
            "gpu-node.example".into(),
            Some(2222),
            some("/run/user/1000/docker.sock")
        )
    );
    assert_eq!(
        read("ssh://me@[::1]:22/"),
        (some("me"), "::1".into(), Some(22), None)
    );
}

#[test]
fn what_cannot_be_used_says_why() {
    for (given, word) in [
        ("ssh://", "host"),
        ("ssh://me:secret@host", "password"),
        ("ssh://-oProxyCommand=x", "host"),
        ("ssh://-l@host", "user"),
        ("ssh://a b@host", "user"),
        ("ssh://host:x", "host"),
        ("ssh://host/a;reboot", "characters"),
        ("ssh://host/$(x)", "characters"),
        ("fd://", "descriptor"),
        ("", "scheme"),
        ("unix://relative", "absolute"),
        ("npipe://", "pipe"),
        ("tcp://", "host"),
        ("https://", "host"),
        ("tcp://h:99999", "host"),
        ("tcp://a b:1", "host"),
        ("gopher://x", "not known"),
    ] {
        match Address::parse(given) {
            Address::Unusable { why, .. } => {
                assert!(why.contains(word) && why.ends_with('.'), "{given}: {why}");
            }
            other => panic!("{given}: {other:?}"),
        }
    }
}

#[test]
fn shown_as_given() {
    for given in [
        "unix:///run/x.sock",
        "npipe:////./pipe/x",
        "tcp://h:1",
        "ssh://me@h",
        "ssh://me@[::1]:22/run/x.sock",
        "fd://3",
    ] {
        assert_eq!(Address::parse(given).to_string(), given);
    }
}

#[test]
fn another_computer_is_told_with_the_way_to_it() {
    for (given, way, host) in [
        ("unix:///run/x.sock", Way::Here, None),
        ("tcp://127.0.0.1:2375", Way::Here, None),
        ("tcp://localhost", Way::Here, None),
        ("tcp://[::1]:99", Way::Here, None),
        ("https://127.0.0.1", Way::Here, None),
        ("tcp://10.0.0.1:2375", Way::Plain, Some("10.0.0.1")),
        ("tcp://[fd00::1]", Way::Plain, Some("fd00::1")),
        ("https://docker", Way::Tls, Some("docker")),
        ("ssh://ana@lab", Way::Ssh, Some("lab")),
        (
            "tcp://localhost.example",
            Way::Plain,
            Some("localhost.example"),
        ),
    ] {
        let address = Address::parse(given);
        assert_eq!((address.way(), address.host()), (way, host), "{given}");
    }
}
