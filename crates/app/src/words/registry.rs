//! What a registry did, as sentences. Not here: what a use case makes of it. Grows by a kind of error.

use super::general::{try_again, you_ended_it};
use super::table::sentences;
use crate::view::problem::{Code, Problem};
use crate::view::said::Said;
use registry::{Error, Kind, ProxyFault, SignInWay, TlsFault};

sentences! { "registry":
    unknown_host(host) => "No host named {host} is known.";
    check_spelling() => "Check the spelling, and that you are on the network or VPN it needs.";
    unreachable(host) => "{host} can’t be reached.";
    check_address_and_network() => "Check the address and port, and that you are on the network or VPN it needs.";
    no_answer(host) => "{host} didn’t answer in time.";
    try_in_a_moment() => "Try again in a moment.";
    tls_refused(host, why) => "The secure connection to {host} was refused: {why}.";
    add_authority() => "If you trust it, look at its certificate where you sign in to it.";
    gives_tokens(service, host) => "{host} has sign-ins checked at {service}.";
    is_sent_to(other, host) => "{host} sends requests on to {other}.";
    check_name() => "Check that the address is written as the certificate has it.";
    check_date() => "Check this computer’s date; else tell whoever runs the registry.";
    ask_about_the_change() => "It may have been renewed, or somebody may stand between. Ask whoever runs it before you go on.";
    wants_yours(host) => "{host} lets nobody in without a certificate.";
    show_yours() => "Give the one that was made for you there, and its key.";
    refuses_yours(host) => "{host} doesn’t take the certificate that it was shown.";
    check_yours() => "Check that it is the one that was made for you there, and that it has not expired.";
    check_address() => "Check the address and port; else tell whoever runs the registry.";
    proxy_sign_in(host) => "The proxy on the way to {host} wants a sign-in, or doesn’t take the one it has.";
    check_proxy_sign_in() => "Give the proxy’s user and secret, with the account or in the system’s own settings.";
    proxy_gone(host) => "The proxy on the way to {host} can’t be reached.";
    check_proxy() => "Check its address and port, and that you are on the network it belongs to.";
    proxy_refuses(host) => "The proxy doesn’t lead to {host}.";
    ask_about_proxy() => "Ask whoever runs the proxy, or reach the registry without it.";
    plain_http(host) => "{host} speaks plain HTTP only, without encryption.";
    in_the_clear() => "Anyone on the way can read what is sent. Go on only in a network you trust, by typing http:// before the address.";
    no_registry(host) => "{host} answers, but it isn’t a container registry.";
    other_host() => "Check the address; some registries have a host of their own beside the website.";
    wrong_sign_in(host) => "{host} didn’t accept this user and secret.";
    check_both() => "Check both. Many registries want an access token in place of the password.";
    wants_sign_in(host) => "{host} wants a sign-in.";
    sign_in() => "Sign in with a user and secret.";
    not_given(host) => "What keeps your sign-in for {host} doesn’t give it.";
    mend_what_keeps_it() => "Sign in there again with the tool that keeps it, or sign in here with a user and secret.";
    other_way(host, service) => "{host} now wants your secret sent another way, to {service}. Nothing was sent that way.";
    agree_to_the_way() => "Look at the registry’s row in the sidebar, and say there whether to go on. If you did not expect this, don’t.";
    not_there(host) => "{host} doesn’t have this.";
    refresh() => "Refresh the list: it may have been removed.";
    unsupported(host) => "{host} doesn’t support this.";
    too_many(host) => "{host} has had too many requests for now.";
    wait_minutes() => "Try again in a few minutes.";
    wait(time) => "Try again in {time}.";
    one_second() => "a second";
    seconds(count) => "{count} seconds";
    minutes(count) => "{count} minutes";
    hours(count) => "{count} hours";
    too_large(host, limit) => "{host} sent more than can be right: over {limit} MB.";
    too_large_to_show() => "This is not shown or kept. Tell whoever runs the registry.";
    something_else(host) => "{host} sent something else than was asked for.";
    not_shown() => "It is not shown or kept. Tell whoever runs the registry.";
    unreadable(host) => "{host} sent an answer that can’t be read.";
    try_or_tell() => "Try again; if it stays, tell whoever runs the registry.";
    cut_short(host) => "The connection to {host} broke off.";
    own_problem(host) => "{host} has a problem of its own.";
    refused(host) => "{host} refused this.";
    foreign_host(host, other) => "{host} points to another host, {other}, where nothing is sent without your word.";
    answered_elsewhere(host, other) => "Another host, {other}, answers for {host}. It was not sent your secret, so nothing shows whether your sign-in is right.";
    add_the_other() => "If you trust that host, add it by its own address; or go on without a sign-in.";
    tell_its_owner() => "Tell whoever runs the registry.";
    invalid(host) => "This can’t be asked of {host}.";

    refuses_tag(host, name) => "{host} refuses the tag {name}.";
    refuses_content(host, name) => "{host} refuses what would be stored as {name}.";

    may_not_read(host, repository) => "{host} accepted your sign-in, but it may not read {repository}.";
    may_not_delete(host, repository) => "{host} accepted your sign-in, but it may not delete in {repository}.";
    may_not_push(host, repository) => "{host} accepted your sign-in, but it may not push to {repository}.";
    may_not(host) => "{host} accepted your sign-in, but it may not do this.";
    nobody_may_read(host, repository) => "Without a sign-in you may not read {repository} on {host}.";
    nobody_may_delete(host, repository) => "Without a sign-in you may not delete in {repository} on {host}.";
    nobody_may_push(host, repository) => "Without a sign-in you may not push to {repository} on {host}.";
    nobody_may(host) => "{host} doesn’t allow this without a sign-in.";
    ask_for_the_right() => "Ask whoever runs it for the right, or sign in as someone who has it.";
}

/// Says that the certificate of a token service of a registry is not trusted.
pub(crate) fn of_service(
    service: &oci::Host,
    registry: &oci::Host,
    faults: &[TlsFault],
) -> Problem {
    let fault = faults
        .first()
        .cloned()
        .unwrap_or(TlsFault::HandshakeRefused);
    tls_refused(service, fault.to_string().trim_end_matches('.'))
        .coded(Code::Certificate)
        .hint(gives_tokens(service, registry))
        .hint(tls_hint(&fault))
}

/// Says what a registry did. `signed_in` tells whether a user and secret were sent.
pub(crate) fn of_registry(error: &Error, host: &oci::Host, signed_in: bool) -> Problem {
    let elsewhere = error.elsewhere.as_ref().filter(|_| error.is_no_answer());
    let Some(elsewhere) = elsewhere else {
        return of_host(error, host, signed_in);
    };
    // What another server fails at is no fault of the registry's, nor is it told as one.
    let problem = of_host(error, &elsewhere.host, signed_in);
    if elsewhere.gives_tokens {
        problem.hint(gives_tokens(&elsewhere.host, host))
    } else {
        problem.hint(is_sent_to(&elsewhere.host, host))
    }
}

fn of_host(error: &Error, host: &oci::Host, signed_in: bool) -> Problem {
    let problem = match &error.kind {
        Kind::UnknownHost => unknown_host(host).problem().hint(check_spelling()),
        Kind::Unreachable => unreachable(host)
            .problem()
            .hint(check_address_and_network()),
        Kind::Timeout => no_answer(host).problem().hint(try_in_a_moment()),
        Kind::Tls(TlsFault::WantsCertificate) => wants_yours(host).problem().hint(show_yours()),
        Kind::Tls(TlsFault::CertificateRefused) => {
            refuses_yours(host).problem().hint(check_yours())
        }
        Kind::Tls(fault) => tls_refused(host, fault.to_string().trim_end_matches('.'))
            .problem()
            .hint(tls_hint(fault)),
        Kind::Proxy(fault) => proxy_fault(fault, host),
        Kind::PlainHttp => plain_http(host).coded(Code::PlainHttp).hint(in_the_clear()),
        Kind::NotARegistry => no_registry(host).problem().hint(other_host()),
        Kind::SignIn if signed_in => wrong_sign_in(host).coded(Code::SignIn).hint(check_both()),
        Kind::SignIn => wants_sign_in(host).coded(Code::SignIn).hint(sign_in()),
        Kind::SignInChanged { wanted } => {
            let service = match wanted {
                SignInWay::Basic => host.as_str(),
                SignInWay::Bearer { service } => service.host(),
            };
            other_way(host, service)
                .coded(Code::SignIn)
                .hint(agree_to_the_way())
        }
        Kind::Source(why) => not_given(host)
            .coded(Code::SignIn)
            .hint(mend_what_keeps_it())
            .detail(Some(why.clone())),
        Kind::Denied => denied(error, host, signed_in)
            .problem()
            .hint(ask_for_the_right()),
        Kind::NotFound => not_there(host).problem().hint(refresh()),
        Kind::Unsupported => unsupported(host).problem(),
        Kind::TooMany { retry_after } => {
            let hint = retry_after.map_or_else(wait_minutes, |after| wait(time(after.as_secs())));
            too_many(host).problem().hint(hint)
        }
        Kind::TooLarge { limit } => too_large(host, &(limit / (1024 * 1024)))
            .problem()
            .hint(too_large_to_show()),
        Kind::Digest { expected, got } => something_else(host)
            .problem()
            .hint(not_shown())
            .detail(Some(format!("expected {expected}, got {got}"))),
        Kind::Malformed(why) => unreadable(host)
            .problem()
            .hint(try_or_tell())
            .detail(Some(why.clone())),
        Kind::CutShort => cut_short(host).problem().hint(try_again()),
        Kind::Server => own_problem(host).problem().hint(try_in_a_moment()),
        Kind::Refused => refused(host).problem(),
        Kind::ForeignHost { host: other } => {
            foreign_host(host, other).problem().hint(tell_its_owner())
        }
        Kind::Invalid => invalid(host).problem(),
        Kind::Ended => you_ended_it(),
    };
    let problem = Problem {
        code: match problem.code {
            Code::Other if error.is_no_answer() => Code::NoAnswer,
            code => code,
        },
        ..problem
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

/// Says that nothing has come for long; whoever asked still waits.
pub(crate) fn no_answer_yet(host: &oci::Host) -> Problem {
    no_answer(host)
        .coded(Code::NoAnswer)
        .hint(try_in_a_moment())
}

/// Says what came of checking a sign-in.
pub(crate) fn of_check(error: &Error, host: &oci::Host, signed_in: bool) -> Problem {
    match &error.kind {
        Kind::ForeignHost { host: other } if signed_in => answered_elsewhere(host, other)
            .problem()
            .hint(add_the_other()),
        _ => of_registry(error, host, signed_in),
    }
}

/// Says what a registry said to a manifest that was to be stored under a name of Longshore's own.
pub(crate) fn of_write(error: &Error, account: &store::Account, name: &str) -> Problem {
    let host = &account.host;
    let told = of_registry(error, host, account.user.is_some());
    let says = |codes: &[&str]| {
        error
            .said
            .iter()
            .any(|said| codes.contains(&said.code.as_str()))
    };
    let said = match error.kind {
        Kind::Refused if says(&["TAG_INVALID", "NAME_INVALID"]) => refuses_tag(host, name),
        Kind::Refused if says(&["MANIFEST_INVALID", "MANIFEST_UNVERIFIED"]) => {
            refuses_content(host, name)
        }
        _ => return told,
    };
    said.problem().detail(told.detail)
}

fn denied(error: &Error, host: &oci::Host, signed_in: bool) -> Said {
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
    match (repository, method, signed_in) {
        (Some(of), "GET" | "HEAD", true) => may_not_read(host, of),
        (Some(of), "DELETE", true) => may_not_delete(host, of),
        (Some(of), _, true) => may_not_push(host, of),
        (Some(of), "GET" | "HEAD", false) => nobody_may_read(host, of),
        (Some(of), "DELETE", false) => nobody_may_delete(host, of),
        (Some(of), _, false) => nobody_may_push(host, of),
        (None, _, true) => may_not(host),
        (None, _, false) => nobody_may(host),
    }
}

fn proxy_fault(fault: &ProxyFault, host: &oci::Host) -> Problem {
    match fault {
        ProxyFault::SignIn => proxy_sign_in(host).problem().hint(check_proxy_sign_in()),
        ProxyFault::Unreachable => proxy_gone(host).problem().hint(check_proxy()),
        ProxyFault::Refused(_) => proxy_refuses(host).problem().hint(ask_about_proxy()),
    }
}

fn tls_hint(fault: &TlsFault) -> Said {
    match fault {
        TlsFault::UnknownIssuer => add_authority(),
        TlsFault::WrongName => check_name(),
        TlsFault::Expired | TlsFault::NotYet => check_date(),
        TlsFault::PinChanged => ask_about_the_change(),
        _ => check_address(),
    }
}

fn time(count: u64) -> Said {
    match count {
        0..=1 => one_second(),
        2..=99 => seconds(&count),
        100..=5_999 => minutes(&count.div_ceil(60)),
        _ => hours(&count.div_ceil(3600)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(kind: Kind, request: &str) -> Error {
        Error {
            kind,
            status: Some(403),
            said: Box::default(),
            request: request.to_owned(),
            cause: None,
            elsewhere: None,
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
            (Kind::Source("no".into()), true, Code::SignIn),
            (Kind::PlainHttp, false, Code::PlainHttp),
            (Kind::UnknownHost, false, Code::NoAnswer),
            (Kind::NotFound, false, Code::Other),
            (Kind::Ended, false, Code::Ended),
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
            Kind::Tls(TlsFault::Expired),
            Kind::Proxy(ProxyFault::SignIn),
            Kind::Proxy(ProxyFault::Unreachable),
            Kind::Proxy(ProxyFault::Refused("it refused".into())),
            Kind::PlainHttp,
            Kind::NotARegistry,
            Kind::SignIn,
            Kind::Source("no".into()),
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
            Kind::Ended,
        ];
        let told: std::collections::HashSet<String> = kinds
            .iter()
            .map(|kind| of_registry(&error(kind.clone(), "GET /v2/"), &host(), true).message)
            .collect();
        assert_eq!(told.len(), kinds.len());
        assert!(told.iter().all(|message| message.ends_with('.')));
    }
}
