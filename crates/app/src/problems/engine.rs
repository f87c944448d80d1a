//! What the engine did, as sentences.

use super::{coded, plain};
use crate::view::problem::{Code, Problem};
use engine::Error;

/// What the engine answered to a question.
pub(crate) fn of_engine(error: &Error) -> Problem {
    match error {
        Error::Absent(why) => coded(
            Code::NoEngine,
            "No container engine answers on this computer.",
        )
        .hint("Start Docker, Podman or another engine; it is found by itself then.")
        .detail(Some(why.clone())),
        Error::Unsupported(why) => coded(Code::NoEngine, super::sentence(why))
            .hint("Set DOCKER_HOST to an engine on this computer, or unset it."),
        Error::Refused { message, .. } => {
            plain("The engine refused this.").detail(Some(message.clone()))
        }
        Error::InStream(message) => {
            plain("The engine stopped with an error.").detail(Some(message.clone()))
        }
        Error::Broken(why) => plain("The connection to the engine broke off.")
            .hint("Check that the engine still runs, then try again.")
            .detail(Some(why.clone())),
        Error::TooLarge => plain("The engine sent more than can be right.").hint("Try again."),
    }
}

/// What the engine said when it pushed to or pulled from `host`, which this app reaches itself.
pub(crate) fn of_transfer(error: &Error, host: &oci::Host) -> Problem {
    let words = match error {
        Error::InStream(words) | Error::Refused { message: words, .. } => words,
        other => return of_engine(other),
    };
    let small = words.to_ascii_lowercase();
    let has = |parts: &[&str]| parts.iter().any(|part| small.contains(part));
    let problem = if has(&[
        "server gave http response to https client",
        "http: server gave http",
    ]) {
        plain(format!("The engine refuses {host}, because it speaks plain HTTP."))
            .hint(format!("Add this line to the engine’s settings (daemon.json) and restart it: \"insecure-registries\": [\"{host}\"]"))
    } else if has(&["x509", "certificate", "tls: "]) {
        plain(format!("The engine doesn’t trust the certificate of {host}.")).hint(format!(
            "Put its authority’s certificate into /etc/docker/certs.d/{host}/ca.crt, \
             or add this line to daemon.json and restart the engine: \"insecure-registries\": [\"{host}\"]"
        ))
    } else if has(&[
        "unauthorized",
        "authentication required",
        "no basic auth",
        "incorrect username or password",
    ]) {
        coded(
            Code::SignIn,
            format!("{host} didn’t accept the sign-in from the engine."),
        )
        .hint("Sign in again, then retry.")
    } else if has(&["denied", "forbidden", "insufficient_scope"]) {
        plain(format!("{host} doesn’t allow this with your sign-in."))
            .hint("Ask whoever runs it for the right, or sign in as someone who has it.")
    } else if has(&[
        "manifest unknown",
        "not found",
        "does not exist",
        "blob unknown",
    ]) {
        plain(format!("{host} no longer has this."))
            .hint("Refresh the list; it may have been removed by a clean-up.")
    } else if has(&["no matching manifest", "no match for platform"]) {
        plain("This image isn’t made for the engine’s platform.")
            .hint("Choose a commit that has your platform.")
    } else if has(&["no space left"]) {
        plain("The disk of the engine is full.").hint("Remove images you don’t need, then retry.")
    } else if has(&[
        "no such host",
        "connection refused",
        "i/o timeout",
        "network is unreachable",
        "dial tcp",
    ]) {
        plain(format!("The engine can’t reach {host}, though this app can."))
            .hint("An engine inside a virtual machine has a network of its own: “localhost” there is not this computer.")
    } else if has(&["toomanyrequests", "too many requests", "rate limit"]) {
        plain(format!("{host} has had too many requests for now.")).hint("Retry in a few minutes.")
    } else {
        plain("The engine stopped with an error.").hint("Retry.")
    };
    problem.detail(Some(words.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_that_refuses_a_registry_gets_the_line_to_add() {
        let host = oci::Host::parse("lab.example:5000").unwrap();
        for words in [
            "Get \"https://lab.example:5000/v2/\": http: server gave HTTP response to HTTPS client",
            "Get \"https://lab.example:5000/v2/\": x509: certificate signed by unknown authority",
        ] {
            let problem = of_transfer(&Error::InStream(words.into()), &host);
            assert!(
                problem.hints[0].contains("\"insecure-registries\": [\"lab.example:5000\"]"),
                "{problem:?}"
            );
            assert_eq!(problem.detail.as_deref(), Some(words));
        }
    }

    #[test]
    fn a_refused_sign_in_asks_in_place() {
        let host = oci::Host::parse("lab.example").unwrap();
        let problem = of_transfer(
            &Error::InStream("unauthorized: authentication required".into()),
            &host,
        );
        assert_eq!(problem.code, Code::SignIn);
    }
}
