//! What a registry did, as sentences.

use super::{coded, plain};
use crate::view::problem::{Code, Problem};
use registry::{Error, Kind};

/// What a registry did. `signed_in` tells whether a user and secret were sent.
pub(crate) fn of_registry(error: &Error, host: &oci::Host, signed_in: bool) -> Problem {
    let problem = match &error.kind {
        Kind::UnknownHost => plain(format!("No host named {host} is known."))
            .hint("Check the spelling, and that you are on the network or VPN it needs."),
        Kind::Unreachable => plain(format!("{host} can’t be reached."))
            .hint("Check the address and port, and that you are on the network or VPN it needs."),
        Kind::Timeout => plain(format!("{host} didn’t answer in time.")).hint("Try again in a moment."),
        Kind::Tls(why) => plain(format!("The secure connection to {host} was refused: {}.", why.trim_end_matches('.')))
            .hint(tls_hint(why)),
        Kind::PlainHttp => coded(Code::PlainHttp, format!("{host} speaks plain HTTP only, without encryption."))
            .hint("Anyone on the way can read what is sent. Go on only in a network you trust, by typing http:// before the address."),
        Kind::NotARegistry => plain(format!("{host} answers, but it isn’t a container registry."))
            .hint("Check the address; some registries have a host of their own beside the website."),
        Kind::SignIn if signed_in => coded(Code::SignIn, format!("{host} didn’t accept this user and secret."))
            .hint("Check both. Many registries want an access token in place of the password."),
        Kind::SignIn => coded(Code::SignIn, format!("{host} wants a sign-in.")).hint("Sign in with a user and secret."),
        Kind::Denied => denied(error, host, signed_in),
        Kind::NotFound => plain(format!("{host} doesn’t have this.")).hint("Refresh the list: it may have been removed."),
        Kind::Unsupported => plain(format!("{host} doesn’t support this.")),
        Kind::TooMany { retry_after } => {
            let wait = retry_after.map_or_else(
                || "Try again in a few minutes.".to_owned(),
                |wait| format!("Try again in {}.", seconds(wait.as_secs())),
            );
            plain(format!("{host} has had too many requests for now.")).hint(wait)
        }
        Kind::TooLarge { limit } => {
            plain(format!("{host} sent more than can be right: over {} MB.", limit / (1024 * 1024)))
                .hint("This is not shown or kept. Tell whoever runs the registry.")
        }
        Kind::Digest { expected, got } => plain(format!("{host} sent something else than was asked for."))
            .hint("It is not shown or kept. Tell whoever runs the registry.")
            .detail(Some(format!("expected {expected}, got {got}"))),
        Kind::Malformed(why) => plain(format!("{host} sent an answer that can’t be read."))
            .hint("Try again; if it stays, tell whoever runs the registry.")
            .detail(Some(why.clone())),
        Kind::CutShort => plain(format!("The connection to {host} broke off.")).hint("Try again."),
        Kind::Server => plain(format!("{host} has a problem of its own.")).hint("Try again in a moment."),
        Kind::Refused => plain(format!("{host} refused this.")),
        Kind::ForeignHost { host: other } => {
            plain(format!("{host} points to another host, {other}, where nothing is sent without your word."))
                .hint("Tell whoever runs the registry.")
        }
        Kind::Invalid => plain(format!("This can’t be asked of {host}.")),
    };
    let words = error
        .own_words()
        .or_else(|| error.cause.as_deref().map(str::to_owned))
        .or_else(|| problem.detail.clone());
    let status = error
        .status
        .map(|status| format!(" ({status})"))
        .unwrap_or_default();
    problem.detail(words.map(|words| format!("{words}\n{}{status}", error.request)))
}

/// What a registry said to a manifest that was to be stored under a name of Longshore's own.
pub(crate) fn of_write(error: &Error, account: &store::Account, name: &str) -> Problem {
    let host = &account.host;
    let told = of_registry(error, host, account.user.is_some());
    let says = |codes: &[&str]| {
        error
            .said
            .iter()
            .any(|said| codes.contains(&said.code.as_str()))
    };
    let message = match error.kind {
        Kind::Refused if says(&["TAG_INVALID", "NAME_INVALID"]) => {
            format!("{host} refuses the tag {name}.")
        }
        Kind::Refused if says(&["MANIFEST_INVALID", "MANIFEST_UNVERIFIED"]) => {
            format!("{host} refuses what would be stored as {name}.")
        }
        _ => return told,
    };
    plain(message).detail(told.detail)
}

fn denied(error: &Error, host: &oci::Host, signed_in: bool) -> Problem {
    // "PUT /v2/org/app/manifests/v1": what was being tried is in the method and the path.
    let (method, path) = error
        .request
        .split_once(' ')
        .unwrap_or((&error.request, ""));
    let repository = path
        .split_once("/v2/")
        .and_then(|(_, rest)| {
            ["/manifests/", "/blobs/", "/tags/"]
                .iter()
                .find_map(|part| rest.split_once(part))
        })
        .map(|(repository, _)| repository);
    let action = match method {
        "GET" | "HEAD" => "read",
        "DELETE" => "delete in",
        _ => "push to",
    };
    let message = match (repository, signed_in) {
        (Some(repository), true) => {
            format!("{host} accepted your sign-in, but it may not {action} {repository}.")
        }
        (Some(repository), false) => {
            format!("Without a sign-in you may not {action} {repository} on {host}.")
        }
        (None, true) => format!("{host} accepted your sign-in, but it may not do this."),
        (None, false) => format!("{host} doesn’t allow this without a sign-in."),
    };
    plain(message).hint("Ask whoever runs it for the right, or sign in as someone who has it.")
}

fn tls_hint(why: &str) -> &'static str {
    if why.contains("authority") {
        "If you trust it, add its authority’s certificate to this computer’s own, then try again."
    } else if why.contains("another name") {
        "Check that the address is written as the certificate has it."
    } else if why.contains("expired") || why.contains("not valid yet") {
        "Check this computer’s date; else tell whoever runs the registry."
    } else {
        "Check the address and port; else tell whoever runs the registry."
    }
}

fn seconds(count: u64) -> String {
    match count {
        0..=1 => "a second".to_owned(),
        2..=99 => format!("{count} seconds"),
        100..=5_999 => format!("{} minutes", count.div_ceil(60)),
        _ => format!("{} hours", count.div_ceil(3600)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(kind: Kind, request: &str) -> Error {
        Error {
            kind,
            status: Some(403),
            said: Vec::new(),
            request: request.to_owned(),
            cause: None,
        }
    }

    fn host() -> oci::Host {
        oci::Host::parse("registry.example.org").unwrap()
    }

    #[test]
    fn denied_names_the_repository_and_what_was_tried() {
        let problem = of_registry(
            &error(Kind::Denied, "PUT /v2/org/app/manifests/v1"),
            &host(),
            true,
        );
        assert_eq!(
            problem.message,
            "registry.example.org accepted your sign-in, but it may not push to org/app."
        );
        let problem = of_registry(
            &error(Kind::Denied, "GET /v2/org/app/tags/list"),
            &host(),
            false,
        );
        assert_eq!(
            problem.message,
            "Without a sign-in you may not read org/app on registry.example.org."
        );
        let problem = of_registry(&error(Kind::Denied, "GET /v2/_catalog"), &host(), true);
        assert_eq!(
            problem.message,
            "registry.example.org accepted your sign-in, but it may not do this."
        );
    }

    #[test]
    fn the_window_branches_on_few_codes() {
        for (kind, signed_in, code) in [
            (Kind::SignIn, true, Code::SignIn),
            (Kind::SignIn, false, Code::SignIn),
            (Kind::PlainHttp, false, Code::PlainHttp),
            (Kind::UnknownHost, false, Code::Other),
        ] {
            assert_eq!(
                of_registry(&error(kind, "GET /v2/"), &host(), signed_in).code,
                code
            );
        }
    }

    #[test]
    fn every_kind_is_a_sentence_of_its_own() {
        let digest = oci::Digest::sha256_of(b"");
        let kinds = [
            Kind::UnknownHost,
            Kind::Unreachable,
            Kind::Timeout,
            Kind::Tls("its certificate has expired".into()),
            Kind::PlainHttp,
            Kind::NotARegistry,
            Kind::SignIn,
            Kind::Denied,
            Kind::NotFound,
            Kind::Unsupported,
            Kind::TooMany { retry_after: None },
            Kind::TooLarge { limit: 4 << 20 },
            Kind::Digest {
                expected: digest.clone(),
                got: digest,
            },
            Kind::Malformed("x".into()),
            Kind::CutShort,
            Kind::Server,
            Kind::Refused,
            Kind::ForeignHost {
                host: "other.example".into(),
            },
            Kind::Invalid,
        ];
        let told: std::collections::HashSet<String> = kinds
            .iter()
            .map(|kind| of_registry(&error(kind.clone(), "GET /v2/"), &host(), true).message)
            .collect();
        assert_eq!(told.len(), kinds.len());
        assert!(told.iter().all(|message| message.ends_with('.')));
    }
}
