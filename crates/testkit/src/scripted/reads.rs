//! Lists, manifests and blobs, as they are read.

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode, header};
use url::form_urlencoded;

use super::{Faults, Links, Shared, locked, reply::Reply};

pub(super) fn catalog(shared: &Shared, faults: &Faults, query: &str) -> Reply {
    if faults.no_catalog {
        return Reply::error(StatusCode::NOT_FOUND, "NAME_UNKNOWN", "no catalog here");
    }
    let all = locked(&shared.content).repositories();
    page(
        shared,
        faults,
        "/v2/_catalog",
        query,
        &all,
        |names| serde_json::json!({"repositories": names}),
    )
}

pub(super) fn tags(shared: &Shared, faults: &Faults, repository: &str, query: &str) -> Reply {
    let Some(all) = locked(&shared.content).tags(repository) else {
        return Reply::error(
            StatusCode::NOT_FOUND,
            "NAME_UNKNOWN",
            "repository name not known to registry",
        );
    };
    let path = format!("/v2/{repository}/tags/list");
    page(
        shared,
        faults,
        &path,
        query,
        &all,
        |names| serde_json::json!({"name": repository, "tags": names}),
    )
}

fn page(
    shared: &Shared,
    faults: &Faults,
    path: &str,
    query: &str,
    all: &[String],
    body: impl Fn(Option<&[String]>) -> serde_json::Value,
) -> Reply {
    if let Some(bytes) = &faults.list_body {
        let mut reply = Reply::json(StatusCode::OK, &serde_json::Value::Null);
        reply.bytes = bytes.clone();
        return reply;
    }
    if faults.null_tags {
        return Reply::json(StatusCode::OK, &body(None));
    }
    let field = |name: &str| {
        form_urlencoded::parse(query.as_bytes())
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    };
    let asked = field("n").and_then(|n| n.parse::<usize>().ok());
    let (asked, most) = if faults.ignore_n {
        (all.len(), None)
    } else {
        (asked.unwrap_or(100), faults.page)
    };
    let size = most.map_or(asked, |most| most.min(asked));
    if matches!(faults.links, Links::Empty | Links::Endless) {
        return endless(faults, path, size, field("page"), body);
    }
    let last = field("last").or_else(|| field("next_page").map(|cursor| from_cursor(&cursor)));
    if last.is_some() && faults.refuse_last {
        return Reply::error(StatusCode::BAD_REQUEST, "UNSUPPORTED_PARAMETER", "last?");
    }
    let last = last.filter(|_| !faults.ignore_last);
    let from = last.map_or(0, |last| all.partition_point(|name| *name <= last));
    let names = &all[from..all.len().min(from + size)];
    let reply = Reply::json(StatusCode::OK, &body(Some(names)));
    let is_last = from + names.len() >= all.len();
    match (names.last(), faults.links) {
        (Some(_), Links::LastToItself) if is_last => {
            reply.with(header::LINK, &format!(r#"<{path}?{query}>; rel="next""#))
        }
        (Some(last), links) if !is_last || links == Links::OnTheLastToo => {
            linked(shared, links, path, query, last, size, reply)
        }
        _ => reply,
    }
}

/// Adds the link to the page after `last`.
fn linked(
    shared: &Shared,
    links: Links,
    path: &str,
    query: &str,
    last: &str,
    size: usize,
    reply: Reply,
) -> Reply {
    let next = form_urlencoded::Serializer::new(String::new())
        .append_pair("last", last)
        .append_pair("n", &size.to_string())
        .finish();
    let scheme = if shared.tls { "https" } else { "http" };
    let link = match links {
        Links::Missing | Links::Empty | Links::Endless => return reply,
        Links::Relative | Links::LastToItself | Links::OnTheLastToo => {
            format!(r#"<{path}?{next}>; rel="next""#)
        }
        Links::Absolute => format!(r#"<{scheme}://{}{path}?{next}>; rel="next""#, shared.host),
        Links::Foreign => format!(r#"<http://foreign.example{path}?{next}>; rel="next""#),
        Links::Circle => format!(r#"<{path}?{query}>; rel="next""#),
        Links::Bare => format!(r#"{path}?{next}; rel="next""#),
        Links::Unquoted => format!("<{path}?{next}>; rel=next"),
        Links::Inner => format!(r#"<http://registry.inner:8080{path}?{next}>; rel="next""#),
        Links::Prefixed => format!(r#"</gateway/docker{path}?{next}>; rel="next""#),
        Links::Query => format!(r#"<?{next}>; rel="next""#),
        Links::Several => format!(
            r#"<{path}?{next}>; rel="next",<{path}?last=zz>; rel="last",<{path}?n=1>; rel="first""#
        ),
        Links::Headers => {
            return reply
                .with(header::LINK, &format!(r#"<{path}?n=1>; rel="first""#))
                .with(header::LINK, &format!(r#"<{path}?{next}>; rel="next""#));
        }
        Links::Cursor => {
            let backwards: String = last.chars().rev().collect();
            format!(r#"<{path}?n={size}&next_page=gAAA%3D{backwards}>; rel="next""#)
        }
        Links::Long(length) => {
            format!(r#"<{path}?{next}&pad={}>; rel="next""#, "x".repeat(length))
        }
    };
    reply.with(header::LINK, &link)
}

fn from_cursor(cursor: &str) -> String {
    cursor.trim_start_matches("gAAA=").chars().rev().collect()
}

/// Answers with a page of a list that never ends: an empty one, or one of names of its own.
fn endless(
    faults: &Faults,
    path: &str,
    size: usize,
    page: Option<String>,
    body: impl Fn(Option<&[String]>) -> serde_json::Value,
) -> Reply {
    let page = page.and_then(|page| page.parse::<u64>().ok()).unwrap_or(0);
    let names: Vec<String> = match faults.links {
        Links::Endless => (0..size).map(|at| format!("p{page}-{at}")).collect(),
        _ => Vec::new(),
    };
    let link = format!(r#"<{path}?n={size}&page={}>; rel="next""#, page + 1);
    Reply::json(StatusCode::OK, &body(Some(&names))).with(header::LINK, &link)
}

pub(super) fn manifest(
    shared: &Shared,
    faults: &Faults,
    method: &Method,
    repository: &str,
    at: &str,
    headers: &HeaderMap,
) -> Reply {
    let is_head = *method == Method::HEAD;
    let status = faults.head_status.filter(|_| is_head);
    if let Some(status) = status.or_else(|| (faults.no_head && is_head).then_some(405)) {
        return Reply::new(StatusCode::from_u16(status).unwrap_or(StatusCode::IM_A_TEAPOT));
    }
    let unknown = || {
        Reply::error(
            StatusCode::NOT_FOUND,
            "MANIFEST_UNKNOWN",
            "manifest unknown",
        )
    };
    let Some((digest, media_type, bytes)) = locked(&shared.content).resolve(repository, at) else {
        return unknown();
    };
    // As distribution 2.8: what the client does not accept is not there.
    let accepts = headers.get_all(header::ACCEPT).iter().any(|accept| {
        accept
            .to_str()
            .is_ok_and(|accept| accept.contains(&media_type))
    });
    if !accepts {
        return unknown();
    }
    let told = faults.head_type.as_ref().filter(|_| is_head);
    let told = told.or(faults.content_type.as_ref());
    let mut reply = Reply::new(StatusCode::OK);
    if !faults.no_content_type {
        reply = reply.with(header::CONTENT_TYPE, told.unwrap_or(&media_type));
    }
    reply.bytes = bytes;
    reply.is_manifest = true;
    match &faults.head_digest {
        _ if is_head && faults.head_without_digest => reply,
        Some(other) if is_head => reply.with("docker-content-digest", other),
        _ => with_digest(faults, reply, &digest),
    }
}

/// Answers with what refers to a manifest, as an index.
pub(super) fn referrers(shared: &Shared, repository: &str, digest: &str) -> Reply {
    let found = locked(&shared.content).referrers(repository, digest);
    let index = serde_json::json!({
        "schemaVersion": 2, "mediaType": crate::images::INDEX, "manifests": found,
    });
    let mut reply = Reply::json(StatusCode::OK, &index);
    reply.headers.remove(header::CONTENT_TYPE);
    reply.with(header::CONTENT_TYPE, crate::images::INDEX)
}

pub(super) fn with_digest(faults: &Faults, reply: Reply, digest: &str) -> Reply {
    if faults.no_digest_header {
        reply
    } else {
        reply.with(
            "docker-content-digest",
            faults.digest_header.as_deref().unwrap_or(digest),
        )
    }
}

pub(super) fn blob(
    shared: &Shared,
    faults: &Faults,
    headers: &HeaderMap,
    repository: &str,
    digest: &str,
) -> Reply {
    let Some(bytes) = locked(&shared.content).blob(repository, digest) else {
        return Reply::error(
            StatusCode::NOT_FOUND,
            "BLOB_UNKNOWN",
            "blob unknown to registry",
        );
    };
    if faults.redirect_in_circles {
        return Reply::new(StatusCode::TEMPORARY_REDIRECT).with(
            header::LOCATION,
            &format!("/v2/{repository}/blobs/{digest}"),
        );
    }
    if let Some(to) = &faults.redirect_blobs {
        let location = format!("{to}/elsewhere/{digest}?signature=for-your-eyes-only");
        return Reply::new(StatusCode::TEMPORARY_REDIRECT).with(header::LOCATION, &location);
    }
    bytes_of(faults, headers, &bytes).with("docker-content-digest", digest)
}

/// Answers as the storage a registry redirects to.
pub(super) fn storage(
    shared: &Shared,
    faults: &Faults,
    headers: &HeaderMap,
    digest: &str,
) -> Reply {
    match locked(&shared.content).any_blob(digest) {
        Some(bytes) => bytes_of(faults, headers, &bytes),
        None => Reply::new(StatusCode::NOT_FOUND),
    }
}

/// Answers with a blob, or with what a `Range` asks of it.
fn bytes_of(faults: &Faults, headers: &HeaderMap, bytes: &Bytes) -> Reply {
    let bytes = altered(faults, bytes);
    let asked = headers
        .get(header::RANGE)
        .and_then(|range| {
            range
                .to_str()
                .ok()?
                .strip_prefix("bytes=")?
                .strip_suffix('-')
        })
        .and_then(|from| from.parse::<usize>().ok())
        .filter(|_| !faults.no_ranges);
    let mut reply = match asked {
        Some(from) if faults.ranges_refused || from >= bytes.len() => {
            return Reply::new(StatusCode::RANGE_NOT_SATISFIABLE)
                .with(header::CONTENT_RANGE, &format!("bytes */{}", bytes.len()));
        }
        Some(from) => {
            let truth = format!("bytes {from}-{}/{}", bytes.len() - 1, bytes.len());
            let told = faults.content_range.as_deref().unwrap_or(&truth);
            let mut reply =
                Reply::new(StatusCode::PARTIAL_CONTENT).with(header::CONTENT_RANGE, told);
            reply.bytes = bytes.slice(from..);
            reply
        }
        None => {
            let mut reply = Reply::new(StatusCode::OK);
            reply.bytes = bytes;
            reply
        }
    };
    reply.is_blob = true;
    reply.with(header::CONTENT_TYPE, "application/octet-stream")
}

/// Makes a blob with the faults of its content.
fn altered(faults: &Faults, bytes: &Bytes) -> Bytes {
    let mut bytes = bytes.to_vec();
    if faults.wrong_blobs
        && let Some(last) = bytes.last_mut()
    {
        *last ^= 1;
    }
    let length = bytes.len().saturating_add_signed(faults.blob_grows);
    bytes.resize(length, b'+');
    bytes.into()
}
