//! Uploads of blobs: one POST, POST and PUT, in chunks, or mounted from another repository.

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, Method, StatusCode, header};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use std::io;
use url::form_urlencoded;

use super::{Faults, Locations, Shared, UploadRange, content::Content, locked, reply::Reply};
use crate::images::digest as digest_of;

/// What is asked of an upload.
pub(super) struct Request<'a> {
    pub(super) method: &'a Method,
    pub(super) repository: &'a str,
    /// The last part of the path; empty where an upload is started.
    pub(super) id: &'a str,
    pub(super) query: &'a str,
    pub(super) headers: &'a HeaderMap,
    pub(super) body: &'a Bytes,
}

impl Request<'_> {
    fn field(&self, name: &str) -> Option<String> {
        form_urlencoded::parse(self.query.as_bytes())
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    }
}

/// Reads the body of a `PATCH`, with the faults that strike while it arrives. What has arrived before a cut is kept.
pub(super) async fn body_of_patch(
    shared: &Shared,
    path: &str,
    mut body: Incoming,
) -> io::Result<Bytes> {
    let (cut, hang, forget) = {
        let mut faults = locked(&shared.faults);
        let (hang, forget) = (faults.hang_patch, faults.forget_cut_uploads);
        (faults.cut_patch.take(), hang, forget)
    };
    let enough = |bytes: &BytesMut, at: Option<usize>| at.is_some_and(|at| bytes.len() >= at);
    let mut bytes = BytesMut::new();
    let whole = loop {
        if enough(&bytes, hang) {
            std::future::pending::<()>().await;
        }
        if enough(&bytes, cut) {
            break false;
        }
        match body.frame().await {
            Some(Ok(frame)) => bytes.extend(frame.into_data().unwrap_or_default()),
            Some(Err(_)) => break false,
            None => break true,
        }
    };
    if whole {
        return Ok(bytes.freeze());
    }
    bytes.truncate(cut.unwrap_or(bytes.len()));
    let id = path.rsplit('/').next().unwrap_or_default();
    let mut content = locked(&shared.content);
    if forget {
        content.finish_upload(id);
    } else {
        content.append(id, &bytes);
    }
    Err(io::Error::from(io::ErrorKind::ConnectionAborted))
}

/// Answers a request about an upload.
pub(super) fn answer(shared: &Shared, faults: &Faults, request: &Request<'_>) -> Reply {
    let mut content = locked(&shared.content);
    if *request.method == Method::POST {
        return start(shared, faults, &mut content, request);
    }
    let Some(length) = content.uploaded(request.id) else {
        return unknown();
    };
    if faults.locations == Locations::Query && request.field("_state") != Some(state_of(length)) {
        return Reply::error(
            StatusCode::BAD_REQUEST,
            "BLOB_UPLOAD_INVALID",
            "blob upload invalid",
        );
    }
    let going_on = |length, status| going_on(shared, faults, request, request.id, length, status);
    match (request.method, request.field("digest")) {
        (&Method::PUT, Some(digest)) => {
            content.append(request.id, request.body);
            finish(&mut content, request.repository, request.id, &digest).unwrap_or_else(unknown)
        }
        (&Method::PATCH, _) => {
            if begins_elsewhere(request.headers, length) {
                return going_on(length, StatusCode::RANGE_NOT_SATISFIABLE);
            }
            let length = content.append(request.id, request.body).unwrap_or(length);
            let status = if faults.created_for_patch {
                StatusCode::CREATED
            } else {
                StatusCode::ACCEPTED
            };
            going_on(length, status)
        }
        (&Method::GET, _) if faults.no_upload_status => Reply::error(
            StatusCode::BAD_REQUEST,
            "UNSUPPORTED_METHOD",
            "no such path",
        ),
        (&Method::GET, _) => going_on(length, StatusCode::NO_CONTENT),
        (&Method::DELETE, _) => {
            content.finish_upload(request.id);
            Reply::new(StatusCode::NO_CONTENT)
        }
        _ => Reply::error(StatusCode::BAD_REQUEST, "DIGEST_INVALID", "digest missing"),
    }
}

fn start(shared: &Shared, faults: &Faults, content: &mut Content, request: &Request<'_>) -> Reply {
    let repository = request.repository;
    if faults.mounts_refused && request.field("mount").is_some() {
        return Reply::error(
            StatusCode::FORBIDDEN,
            "DENIED",
            "requested access to the resource is denied",
        );
    }
    if let (Some(mount), Some(from)) = (request.field("mount"), request.field("from"))
        && !faults.no_mounts
        && let Some(bytes) = content.blob(&from, &mount)
    {
        return stored(repository, &content.put_blob(repository, &bytes));
    }
    let id = content.start_upload();
    if let Some(digest) = request.field("digest") {
        content.append(&id, request.body);
        return finish(content, repository, &id, &digest).unwrap_or_else(unknown);
    }
    if faults.uploads_elsewhere {
        let location = format!("http://foreign.example/v2/{repository}/blobs/uploads/{id}");
        return Reply::new(StatusCode::ACCEPTED).with(header::LOCATION, &location);
    }
    going_on(shared, faults, request, &id, 0, StatusCode::ACCEPTED)
}

/// Tells whether a `Content-Range` begins elsewhere than where the upload ends.
fn begins_elsewhere(headers: &HeaderMap, length: usize) -> bool {
    headers
        .get(header::CONTENT_RANGE)
        .and_then(|range| range.to_str().ok()?.split_once('-'))
        .is_some_and(|(from, _)| from.parse() != Ok(length))
}

fn unknown() -> Reply {
    Reply::error(
        StatusCode::NOT_FOUND,
        "BLOB_UPLOAD_UNKNOWN",
        "blob upload unknown to registry",
    )
}

fn finish(content: &mut Content, repository: &str, id: &str, digest: &str) -> Option<Reply> {
    let bytes = content.finish_upload(id)?;
    if digest_of(&bytes) != digest {
        return Some(Reply::error(
            StatusCode::BAD_REQUEST,
            "DIGEST_INVALID",
            "provided digest did not match uploaded content",
        ));
    }
    Some(stored(repository, &content.put_blob(repository, &bytes)))
}

fn stored(repository: &str, digest: &str) -> Reply {
    Reply::new(StatusCode::CREATED)
        .with(
            header::LOCATION,
            &format!("/v2/{repository}/blobs/{digest}"),
        )
        .with("docker-content-digest", digest)
}

/// Makes what a query says and has to come back.
fn state_of(length: usize) -> String {
    format!("for-your-eyes-only {length}+/=")
}

fn going_on(
    shared: &Shared,
    faults: &Faults,
    request: &Request<'_>,
    id: &str,
    length: usize,
    status: StatusCode,
) -> Reply {
    let path = format!("/v2/{}/blobs/uploads/{id}", request.repository);
    let scheme = if shared.tls { "https" } else { "http" };
    let location = match faults.locations {
        Locations::Path => path,
        Locations::Absolute => format!("{scheme}://{}{path}", shared.host),
        Locations::Last => id.to_owned(),
        Locations::Query => {
            let state = form_urlencoded::Serializer::new(String::new())
                .append_pair("_state", &state_of(length))
                .finish();
            format!("{path}?{state}")
        }
    };
    let mut reply = Reply::new(status).with(header::LOCATION, &location);
    if let Some(least) = faults.chunk_least {
        reply = reply.with("oci-chunk-min-length", &least.to_string());
    }
    match faults.upload_range {
        UploadRange::Last => reply.with(header::RANGE, &format!("0-{}", length.saturating_sub(1))),
        UploadRange::Unit => reply.with(header::RANGE, &format!("bytes=0-{length}")),
        UploadRange::Missing => reply,
    }
}
