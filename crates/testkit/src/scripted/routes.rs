//! From a request to its answer, and the faults that lie over everything.

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode, header};
use http_body_util::BodyExt as _;
use hyper::{Request, Response, body::Incoming};
use std::io;
use std::sync::Arc;

use super::{
    Asked, Clock, Faults, Seen, Shared, auth, body::Pieces, hooks, locked, reads, reply::Reply,
    uploads, writes,
};

pub(super) async fn answer(
    shared: &Arc<Shared>,
    request: Request<Incoming>,
) -> io::Result<Response<Pieces>> {
    let (parts, body) = request.into_parts();
    let number = log(shared, &parts);
    let busy = Busy::one_more(shared);
    let body = if parts.method == Method::PATCH {
        uploads::body_of_patch(shared, parts.uri.path(), body).await?
    } else {
        body.collect()
            .await
            .map(http_body_util::Collected::to_bytes)
            .unwrap_or_default()
    };
    log_form(shared, number, &parts.headers, &body);
    let faults = locked(&shared.faults).clone();
    tokio::time::sleep(faults.delay).await;
    hooks::wait(shared, parts.method.as_str(), parts.uri.path()).await;
    drop(busy);
    hooks::run(shared, parts.method.as_str(), parts.uri.path());
    let right = take(shared, |faults| &mut faults.spared);
    if !right && take(shared, |faults| &mut faults.cut) {
        return Err(io::Error::from(io::ErrorKind::ConnectionAborted));
    }
    let fault = if right {
        None
    } else {
        over_everything(shared, &faults, parts.uri.path())
    };
    let scripted = faults.script.as_ref();
    let hand = hooks::hand(shared);
    let scripted = scripted.and_then(|script| script.answer(&Asked::of(&parts, &body, &hand)));
    let reply = match (scripted, fault) {
        (_, Some(fault)) if faults.over_script => fault,
        (Some(answer), _) => answer.reply(),
        (None, Some(fault)) => fault,
        (None, None) => route(shared, &faults, &parts, &body),
    };
    if take(shared, |faults| &mut faults.lose_answers) {
        return Err(io::Error::from(io::ErrorKind::ConnectionAborted));
    }
    Ok(finish(shared, &faults, &parts.method, reply))
}

/// A request that is being answered.
struct Busy<'a>(&'a Shared);

impl<'a> Busy<'a> {
    fn one_more(shared: &'a Shared) -> Self {
        let mut busy = locked(&shared.busy);
        busy.0 += 1;
        busy.1 = busy.1.max(busy.0);
        Self(shared)
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        locked(&self.0.busy).0 -= 1;
    }
}

/// Logs a request, and returns its number.
fn log(shared: &Shared, parts: &http::request::Parts) -> usize {
    let text = |name| {
        parts
            .headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned()
    };
    let authorization = text(header::AUTHORIZATION);
    let mut log = locked(&shared.log);
    log.push(Seen {
        method: parts.method.to_string(),
        path: parts.uri.to_string(),
        has_authorization: !authorization.is_empty(),
        authorization: authorization
            .split(' ')
            .next()
            .unwrap_or_default()
            .to_owned(),
        credential: authorization,
        cookie: text(header::COOKIE),
        form: String::new(),
        accept: text(header::ACCEPT),
        range: text(header::RANGE),
        content_range: text(header::CONTENT_RANGE),
        content_length: text(header::CONTENT_LENGTH),
    });
    log.len() - 1
}

/// Logs the form of a request that sends one.
fn log_form(shared: &Shared, number: usize, headers: &HeaderMap, body: &Bytes) {
    let content_type = headers.get(header::CONTENT_TYPE);
    if content_type.is_some_and(|it| it == "application/x-www-form-urlencoded")
        && let Some(seen) = locked(&shared.log).get_mut(number)
    {
        seen.form = String::from_utf8_lossy(body).into_owned();
    }
}

/// Counts a switch down, and tells whether it was on.
fn take(shared: &Shared, counter: impl FnOnce(&mut Faults) -> &mut u32) -> bool {
    let mut faults = locked(&shared.faults);
    let counter = counter(&mut faults);
    let on = *counter > 0;
    *counter = counter.saturating_sub(1);
    on
}

/// Answers with the faults that lie over every path.
fn over_everything(shared: &Shared, faults: &Faults, path: &str) -> Option<Reply> {
    let busy = |status| {
        let text = faults.busy_text.as_deref().unwrap_or("slow down");
        let reply = Reply::error(status, "TOOMANYREQUESTS", text);
        let more = faults.busy_headers.iter();
        let reply = more.fold(reply, |reply, (name, value)| reply.with(*name, value));
        faults
            .retry_after
            .iter()
            .fold(reply, |reply, after| reply.with(header::RETRY_AFTER, after))
    };
    if faults.html {
        return Some(Reply::html(StatusCode::OK));
    }
    if faults.status500 {
        return Some(Reply::html(StatusCode::INTERNAL_SERVER_ERROR));
    }
    if let Some(status) = faults.status {
        return Some(Reply::new(
            StatusCode::from_u16(status).unwrap_or(StatusCode::IM_A_TEAPOT),
        ));
    }
    if path == "/token" {
        return take(shared, |faults| &mut faults.token_unavailable)
            .then(|| Reply::new(StatusCode::SERVICE_UNAVAILABLE));
    }
    if take(shared, |faults| &mut faults.stumbles) {
        return Some(Reply::new(StatusCode::INTERNAL_SERVER_ERROR));
    }
    if take(shared, |faults| &mut faults.too_many) {
        return Some(busy(StatusCode::TOO_MANY_REQUESTS));
    }
    if take(shared, |faults| &mut faults.unavailable) {
        let reply = Reply::new(StatusCode::SERVICE_UNAVAILABLE);
        return Some(
            faults
                .retry_after
                .iter()
                .fold(reply, |reply, after| reply.with(header::RETRY_AFTER, after)),
        );
    }
    None
}

fn route(
    shared: &Arc<Shared>,
    faults: &Faults,
    parts: &http::request::Parts,
    body: &Bytes,
) -> Reply {
    let (path, query) = (parts.uri.path(), parts.uri.query().unwrap_or_default());
    if path == "/token" {
        return auth::token(shared, faults, &parts.method, query, &parts.headers, body);
    }
    if let Some(digest) = path.strip_prefix("/elsewhere/") {
        return reads::storage(shared, faults, &parts.headers, digest);
    }
    let Some(rest) = path.strip_prefix("/v2/") else {
        return Reply::html(StatusCode::NOT_FOUND);
    };
    let (repository, kind, at) = split(rest);
    let actions = match parts.method {
        Method::GET | Method::HEAD => "pull",
        Method::DELETE => "delete",
        _ => "pull,push",
    };
    let needs = match kind {
        "" => None,
        "_catalog" => Some("registry:catalog:*".to_owned()),
        _ => Some(format!("repository:{repository}:{actions}")),
    };
    if let Some(refusal) = auth::refusal(shared, faults, &parts.headers, needs.as_deref()) {
        return refusal;
    }
    let read = matches!(parts.method, Method::GET | Method::HEAD);
    if faults.read_only && !read {
        return Reply::error(
            StatusCode::FORBIDDEN,
            "DENIED",
            "requested access to the resource is denied",
        );
    }
    let folded = at.to_lowercase();
    let at = if faults.fold_case && kind == "manifests" {
        folded.as_str()
    } else {
        at
    };
    match (kind, read) {
        ("", true) => Reply::json(StatusCode::OK, &serde_json::json!({}))
            .with("docker-distribution-api-version", "registry/2.0"),
        ("_catalog", true) => reads::catalog(shared, faults, query),
        ("tags", true) => reads::tags(shared, faults, repository, query),
        ("manifests", true) => reads::manifest(
            shared,
            faults,
            &parts.method,
            repository,
            at,
            &parts.headers,
        ),
        ("referrers", true) if faults.referrers => reads::referrers(shared, repository, at),
        ("blobs", true) => reads::blob(shared, faults, &parts.headers, repository, at),
        ("manifests", false) if parts.method == Method::PUT => {
            writes::manifest(shared, faults, repository, at, &parts.headers, body)
        }
        ("manifests", false) if parts.method == Method::DELETE => {
            if take(shared, |faults| &mut faults.delete_fails) {
                return Reply::new(StatusCode::INTERNAL_SERVER_ERROR);
            }
            writes::delete(shared, faults, repository, at)
        }
        ("uploads", _) => {
            let request = uploads::Request {
                method: &parts.method,
                repository,
                id: at,
                query,
                headers: &parts.headers,
                body,
            };
            uploads::answer(shared, faults, &request)
        }
        _ => Reply::error(StatusCode::NOT_FOUND, "UNSUPPORTED", "no such path"),
    }
}

/// Returns repository, kind and the last part of a path below `/v2/`.
fn split(rest: &str) -> (&str, &str, &str) {
    if rest.is_empty() || rest == "_catalog" {
        return ("", rest, "");
    }
    if let Some((repository, id)) = rest.split_once("/blobs/uploads/") {
        return (repository, "uploads", id);
    }
    if let Some(repository) = rest.strip_suffix("/tags/list") {
        return (repository, "tags", "");
    }
    for kind in ["manifests", "blobs", "referrers"] {
        if let Some((repository, at)) = rest.split_once(&format!("/{kind}/")) {
            return (repository, kind, at);
        }
    }
    ("", "?", "")
}

/// Makes the response, with the faults of bodies and headers.
fn finish(shared: &Shared, faults: &Faults, method: &Method, mut reply: Reply) -> Response<Pieces> {
    if faults.sets_cookies {
        reply = reply.with(header::SET_COOKIE, "sid=0123456789; Path=/; HttpOnly");
    }
    if let Clock::Fixed(date) = &faults.clock {
        reply = reply.with(header::DATE, date);
    }
    if *method == Method::HEAD {
        let length = reply.bytes.len().to_string();
        if faults.head_without_length {
            return reply.into_response(Pieces::whole(Bytes::new()).chunked());
        }
        return reply
            .with(header::CONTENT_LENGTH, &length)
            .into_response(Pieces::whole(Bytes::new()));
    }
    let body = if reply.is_manifest && faults.huge_manifest {
        Pieces::mebibytes(50, faults.huge_is_chunked)
    } else if faults.half_body && !reply.bytes.is_empty() {
        Pieces::half(&reply.bytes)
    } else if reply.is_manifest && faults.wrong_digest {
        // One byte of blank space more: still the same JSON, no longer the same bytes.
        Pieces::whole([&reply.bytes[..], b" "].concat().into())
    } else if reply.is_blob {
        blob_body(shared, faults, &reply.bytes)
    } else {
        Pieces::whole(reply.bytes.clone())
    };
    reply.into_response(body)
}

/// Makes the body of a blob, with the faults of how it is sent.
fn blob_body(shared: &Shared, faults: &Faults, bytes: &Bytes) -> Pieces {
    let cut = {
        let mut faults = locked(&shared.faults);
        let cuts = &mut faults.cut_blobs;
        (!cuts.is_empty()).then(|| cuts.remove(0))
    };
    let mut body = match (cut, faults.hang_blobs, faults.drip_blobs) {
        (Some(at), _, _) => Pieces::cut(bytes, at),
        (_, Some(at), _) => Pieces::hanging(bytes, at),
        (_, _, Some((size, apart))) => Pieces::dripping(bytes, size, apart),
        _ => Pieces::whole(bytes.clone()),
    };
    if faults.blobs_are_chunked {
        body = body.chunked();
    }
    body
}
