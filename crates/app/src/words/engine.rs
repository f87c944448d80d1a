//! What the engine did, as sentences. Not here: what a use case makes of it. Grows by words of an engine's that can be
//! told apart.

use super::general::{quoted, try_again};
use super::registry::{ask_for_the_right, check_name, tell_its_owner, too_many};
use super::table::sentences;
use super::text::sentence;
use crate::view::problem::{Code, Problem};
use crate::view::said::Said;
use engine::{Error, Unreachable};

sentences! { "engine":
    none() => "No container engine answers on this computer.";
    start_one() => "Start Docker, Podman or another engine; it is found by itself then.";
    gone_now(name) => "{name}, which was used here, is gone.";
    found_by_itself() => "It is looked for all the time, and found by itself when it is back.";
    then_another(seconds) => "If it isn’t back {seconds} seconds after it went, another engine is used, where one answers.";
    instead(before, at, name, now) => "{before} at {at} is gone, so {name} at {now} is used instead.";
    back(name, at, before, was) => "{name} at {at} is back, so it is used again, and {before} at {was} no longer.";
    set_one() => "To use one engine and no other, set its address in Settings.";
    set_docker_host() => "Set DOCKER_HOST to an engine on this computer, or unset it.";
    no_such_engine() => "The engine this was meant for is not there any more.";
    look_again() => "Look for engines again, and choose one of those that are listed.";
    unknown_key(host) => "This computer doesn’t know the key of {host}.";
    connect_once(host) => "Connect once in a terminal, and check the key it shows: ssh {host}";
    changed_key(host) => "The key of {host} is another than this computer knows.";
    ask_its_owner() => "If its owner changed it, remove the old one from ~/.ssh/known_hosts. If you did not expect this, don’t go on: another computer may pretend to be this one.";
    key_refused(host) => "{host} didn’t accept your key.";
    add_key() => "Add your key to the SSH agent, or check the user’s name in the engine’s address. A password is never asked for.";
    no_such_host(host) => "No computer is called {host}.";
    check_host() => "Check the engine’s address, and that you are in its network.";
    no_answer_at(host) => "{host} doesn’t answer.";
    no_program(host) => "Neither docker nor podman was found at {host}.";
    install_there() => "Install one there, for the user who signs in, so that a command over SSH finds it.";
    no_ssh() => "The program ssh can’t be started on this computer.";
    install_ssh() => "Install OpenSSH.";
    wants_certificate(host) => "The engine at {host} wants a certificate that it knows.";
    name_certificates() => "Make a Docker context with your certificate and its key, or set DOCKER_CERT_PATH to the folder they are in.";
    untrusted(host) => "The certificate of the engine at {host} isn’t one this computer trusts.";
    name_authority() => "Make a Docker context with its authority’s certificate (ca.pem), or set DOCKER_CERT_PATH to the folder it is in.";
    no_tls(host) => "What answers at {host} speaks no TLS.";
    check_port() => "Check the port: engines mostly have 2376 for TLS and 2375 without.";
    bad_certificates(file) => "{file} can’t be used as a certificate or a key.";
    no_way(host) => "The way to the engine at {host} broke off.";
    refused() => "The engine refused this.";
    stopped() => "The engine stopped with an error.";
    broke_off() => "The connection to the engine broke off.";
    no_answer() => "The engine didn’t answer in time.";
    check_engine() => "Check that the engine still runs, then try again.";
    too_large() => "The engine sent more than can be right.";

    plain_http(host) => "The engine refuses {host}, because it speaks plain HTTP.";
    allow_plain_http(host) => "Add this line to the engine’s settings (daemon.json) and restart it: \"insecure-registries\": [\"{host}\"]";
    in_the_clear() => "Do so only in a network you trust: anyone on the way can read what is sent, your secret too.";
    no_trust(host) => "The engine doesn’t trust the certificate of {host}.";
    add_authority(host) => "If you trust its authority, give the engine the authority’s certificate. Docker looks for /etc/docker/certs.d/{host}/ca.crt, Podman also for /etc/containers/certs.d/{host}/ca.crt. Docker Desktop takes it from this computer’s own certificates after a restart.";
    engine_not_let_in(host) => "{host} lets the engine in only with a certificate that it knows.";
    give_engine_pair(host) => "Give the engine the one that was made for it. Docker looks for /etc/docker/certs.d/{host}/client.cert and its key, client.key; Podman also in /etc/containers/certs.d/{host}. What you gave this app is not shown by the engine.";
    certificate_expired(host) => "The engine refuses the certificate of {host}, as it isn’t valid now.";
    check_engine_date() => "Check the date of this computer and of the engine. If both are right, tell whoever runs the registry.";
    certificate_of_another(host) => "The engine refuses the certificate of {host}, as it is made out to another name.";
    no_secure_connection(host) => "The engine can’t open a secure connection to {host}.";
    do_not_go_on() => "If you did not expect this, don’t go on: someone on the way may pretend to be the registry.";
    wrong_sign_in(host) => "{host} didn’t accept the sign-in from the engine.";
    sign_in_again() => "Sign in again, then retry.";
    denied(host) => "{host} doesn’t allow this with your sign-in.";
    gone(host) => "{host} no longer has this.";
    refresh() => "Refresh the list; it may have been removed by a clean-up.";
    other_platform() => "This image isn’t made for the engine’s platform.";
    choose_platform() => "Choose a commit that has your platform.";
    old_format() => "The engine no longer takes images in the old format (schema 1).";
    choose_newer() => "Choose a newer commit, or have the image pushed again by an engine that still takes it.";
    disk_full() => "The disk of the engine is full.";
    make_room() => "Remove images you don’t need, then retry.";
    unreachable(host) => "The engine can’t reach {host}, though this app can.";
    own_network() => "An engine inside a virtual machine has a network of its own: “localhost” there is not this computer.";
    wait() => "Retry in a few minutes.";
    retry() => "Retry.";
}

/// Says that nothing has come from the engine for long; whoever asked still waits.
pub(crate) fn no_answer_yet() -> Problem {
    no_answer().coded(Code::NoAnswer).hint(check_engine())
}

/// Says that the engine that was used is gone, and keeps its place for so many seconds, where there are others.
pub(crate) fn went(name: &str, error: &Error, keeps: Option<u64>) -> Problem {
    let told = gone_now(name)
        .coded(Code::NoEngine)
        .hint(found_by_itself())
        .detail(Some(error.to_string()));
    match keeps {
        Some(seconds) => told.hint(then_another(&seconds)),
        None => told,
    }
}

/// Says what the engine answered to a question.
pub(crate) fn of_engine(error: &Error) -> Problem {
    match error {
        Error::Absent(why) => none()
            .coded(Code::NoEngine)
            .hint(start_one())
            .detail(Some(why.clone())),
        Error::Unsupported(why) => quoted(&sentence(why))
            .coded(Code::NoEngine)
            .hint(set_docker_host()),
        Error::Unreachable { at, why } => of_way(&oci::text::plain(at, 255), why),
        Error::Refused { message, .. } => refused().problem().detail(Some(message.clone())),
        Error::InStream(message) => stopped().problem().detail(Some(message.clone())),
        Error::Broken(why) => broke_off()
            .problem()
            .hint(check_engine())
            .detail(Some(why.clone())),
        Error::Context(why) => quoted(&sentence(why)).problem(),
        Error::TooLarge => too_large().problem().hint(try_again()),
    }
}

/// Says what is wrong with the way to another computer's engine.
fn of_way(host: &str, why: &Unreachable) -> Problem {
    let (said, hint) = match why {
        Unreachable::UnknownKey { changed: false, .. } => (unknown_key(host), connect_once(host)),
        Unreachable::UnknownKey { changed: true, .. } => (changed_key(host), ask_its_owner()),
        Unreachable::KeyRefused(_) => (key_refused(host), add_key()),
        Unreachable::NoSuchHost(_) => (no_such_host(host), check_host()),
        Unreachable::NoAnswer(_) => (no_answer_at(host), check_host()),
        Unreachable::NoProgram(_) => (no_program(host), install_there()),
        Unreachable::NoSsh(_) => (no_ssh(), install_ssh()),
        Unreachable::WantsCertificate => (wants_certificate(host), name_certificates()),
        Unreachable::Untrusted(_) => (untrusted(host), name_authority()),
        Unreachable::NoTls => (no_tls(host), check_port()),
        Unreachable::Certificates { file, .. } => (
            bad_certificates(&oci::text::plain(file, 4096)),
            name_certificates(),
        ),
        Unreachable::Other(_) => (no_way(host), check_engine()),
    };
    said.coded(Code::NoEngine)
        .hint(hint)
        .detail(Some(why.to_string()))
}

/// Says what the engine said when it pushed to or pulled from `host`, which this app reaches itself.
pub(crate) fn of_transfer(error: &Error, host: &oci::Host) -> Problem {
    let words = match error {
        Error::InStream(words) | Error::Refused { message: words, .. } => words,
        other => return of_engine(other),
    };
    let (code, said, hints) = read(words, host);
    let problem = said.coded(code).detail(Some(words.clone()));
    hints.into_iter().fold(problem, Problem::hint)
}

/// Reads what an engine says of a certificate or of a connection that should be secure; none where it says nothing of
/// it. No setting that would do without the certificate is ever named: whoever stands on the way could ask for it.
fn of_certificate(small: &str, host: &oci::Host) -> Option<(Said, Vec<Said>)> {
    let has = |parts: &[&str]| parts.iter().any(|part| small.contains(part));
    let (said, hint) = if is_of_the_engines(small) {
        (engine_not_let_in(host), give_engine_pair(host))
    } else if has(&[
        "certificate has expired",
        "is not yet valid",
        "expired certificate",
    ]) {
        (certificate_expired(host), check_engine_date())
    } else if has(&[
        "certificate is valid for",
        "certificate is not valid for any names",
        "doesn't contain any ip sans",
        "not contain any ip sans",
    ]) {
        (certificate_of_another(host), check_name())
    } else if has(&["x509", "certificate"]) {
        (no_trust(host), add_authority(host))
    } else if has(&["tls: ", "tls handshake"]) {
        (no_secure_connection(host), tell_its_owner())
    } else {
        return None;
    };
    Some((said, vec![hint, do_not_go_on()]))
}

/// Tells whether it is about the engine's own certificate: an alert that came from the registry ("remote error" of Go's), or
/// the page of nginx, which answers in its place.
fn is_of_the_engines(small: &str) -> bool {
    let has = |parts: &[&str]| parts.iter().any(|part| small.contains(part));
    let alert = small.split_once("remote error: tls: ");
    let of_certificate = |(_, alert): (&str, &str)| {
        ["certificate", "access denied"]
            .iter()
            .any(|part| alert.contains(part))
    };
    alert.is_some_and(of_certificate)
        || has(&[
            "no required ssl certificate was sent",
            "the ssl certificate error",
        ])
}

/// Reads an engine's own words: engines tell it in words only.
fn read(words: &str, host: &oci::Host) -> (Code, Said, Vec<Said>) {
    let small = words.to_ascii_lowercase();
    let has = |parts: &[&str]| parts.iter().any(|part| small.contains(part));
    let other = |said, hint| (Code::Other, said, vec![hint]);
    if has(&[
        "server gave http response to https client",
        "http: server gave http",
    ]) {
        let hints = vec![allow_plain_http(host), in_the_clear()];
        (Code::Other, plain_http(host), hints)
    } else if let Some((said, hints)) = of_certificate(&small, host) {
        (Code::Other, said, hints)
    } else if has(&[
        "unauthorized",
        "authentication required",
        "no basic auth",
        "incorrect username or password",
        // Google's and Amazon's registries say it behind a "denied".
        "unauthenticated",
        "authorization token has expired",
    ]) {
        (Code::SignIn, wrong_sign_in(host), vec![sign_in_again()])
    } else if has(&["denied", "forbidden", "insufficient_scope"]) {
        other(denied(host), ask_for_the_right())
    } else if has(&[
        "manifest unknown",
        "not found",
        "does not exist",
        "blob unknown",
    ]) {
        other(gone(host), refresh())
    } else if has(&["no matching manifest", "no match for platform"]) {
        other(other_platform(), choose_platform())
    } else if has(&["manifest.v1+", "schema 1", "image format v1"]) {
        other(old_format(), choose_newer())
    } else if has(&["no space left"]) {
        other(disk_full(), make_room())
    } else if has(&[
        "no such host",
        "connection refused",
        "i/o timeout",
        "network is unreachable",
        "dial tcp",
    ]) {
        other(unreachable(host), own_network())
    } else if has(&["toomanyrequests", "too many requests", "rate limit"]) {
        other(too_many(host), wait())
    } else {
        other(stopped(), retry())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_that_refuses_plain_http_gets_the_line_to_add() {
        let host = oci::Host::parse("lab.example:5000").unwrap();
        let words =
            "Get \"https://lab.example:5000/v2/\": http: server gave HTTP response to HTTPS client";
        let problem = of_transfer(&Error::InStream(words.into()), &host);
        assert!(
            problem.hints[0].contains("\"insecure-registries\": [\"lab.example:5000\"]"),
            "{problem:?}"
        );
        assert!(problem.hints[1].contains("network you trust"));
        assert_eq!(problem.detail.as_deref(), Some(words));
    }

    #[test]
    fn hostile_a_refused_certificate_never_proposes_to_do_without_it() {
        let host = oci::Host::parse("lab.example:5000").unwrap();
        for (words, hint) in [
            (
                "Get \"https://lab.example:5000/v2/\": x509: certificate signed by unknown authority",
                "/etc/docker/certs.d/lab.example:5000/ca.crt",
            ),
            (
                "tls: failed to verify certificate: x509: certificate signed by unknown authority (possibly because of …)",
                "/etc/containers/certs.d/lab.example:5000/ca.crt",
            ),
            (
                "pinging container registry lab.example:5000: remote error: tls: bad certificate",
                "certs.d",
            ),
            (
                "x509: certificate has expired or is not yet valid: current time 2026-11-28T10:00:00Z",
                "the date",
            ),
            (
                "x509: certificate is valid for other.example, not lab.example",
                "as the certificate has it",
            ),
            (
                "x509: cannot validate certificate for 10.0.0.7 because it doesn't contain any IP SANs",
                "as the certificate has it",
            ),
            ("remote error: tls: handshake failure", "Tell whoever"),
            ("net/http: TLS handshake timeout", "Tell whoever"),
        ] {
            let problem = of_transfer(&Error::InStream(words.into()), &host);
            assert!(problem.hints[0].contains(hint), "{words}: {problem:?}");
            assert!(
                problem
                    .hints
                    .last()
                    .unwrap()
                    .starts_with("If you did not expect this, don’t go on"),
                "{words}: {problem:?}"
            );
            let said = format!("{} {}", problem.message, problem.hints.join(" "));
            assert!(
                !said.contains("insecure") && !said.contains("daemon.json"),
                "{said}"
            );
        }
    }

    /// Behaviour (certificates): An alert about a certificate that comes from the registry is about the engine's, not the registry's.
    /// Source: Go's `crypto/tls` ("remote error"), in the words of Docker and Podman; nginx's page, as both pass it on.
    #[test]
    fn an_engine_that_is_not_let_in_is_told_what_to_give_it() {
        let host = oci::Host::parse("lab.example").unwrap();
        for words in [
            "Get \"https://lab.example/v2/\": remote error: tls: certificate required",
            "Get \"https://lab.example/v2/\": remote error: tls: bad certificate",
            "pinging container registry lab.example: remote error: tls: unknown certificate authority",
            "remote error: tls: expired certificate",
            "error parsing HTTP 400 response body: invalid character '<' looking for beginning of value: \"<html>\\r\\n<head><title>400 No required SSL certificate was sent</title></head>",
        ] {
            let problem = of_transfer(&Error::InStream(words.into()), &host);
            assert!(
                problem
                    .message
                    .contains("lets the engine in only with a certificate"),
                "{words}: {problem:?}"
            );
            assert!(
                problem.hints[0].contains("/etc/docker/certs.d/lab.example/client.cert"),
                "{problem:?}"
            );
        }
    }

    /// Behaviour (manifests): An engine that no longer takes the old image format is said to be so, with what to do.
    /// Source: Docker 26 and containerd 2.1, in their own words.
    #[test]
    fn an_engine_that_refuses_the_old_format_says_so() {
        let host = oci::Host::parse("lab.example").unwrap();
        for words in [
            "[DEPRECATION NOTICE] Docker Image Format v1 and Docker Image manifest version 2, schema 1 support is disabled by default",
            "not implemented: media type \"application/vnd.docker.distribution.manifest.v1+prettyjws\" is no longer supported since containerd v2.1",
        ] {
            let problem = of_transfer(&Error::InStream(words.into()), &host);
            assert!(
                problem.message.contains("old format (schema 1)"),
                "{problem:?}"
            );
        }
    }

    #[test]
    fn a_refused_sign_in_asks_in_place() {
        let host = oci::Host::parse("lab.example").unwrap();
        for words in [
            "unauthorized: authentication required",
            "denied: Your authorization token has expired. Reauthenticate and try again.",
            "denied: Unauthenticated request. Unauthenticated requests do not have permission",
        ] {
            let problem = of_transfer(&Error::InStream(words.into()), &host);
            assert_eq!(problem.code, Code::SignIn, "{words}");
        }
    }
}
