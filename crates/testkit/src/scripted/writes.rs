//! Manifests, as they are written and removed.

use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use std::sync::Arc;

use super::{Faults, Shared, locked, reads::with_digest, reply::Reply};
use crate::images::digest as digest_of;

pub(super) fn manifest(
    shared: &Shared,
    faults: &Faults,
    repository: &str,
    at: &str,
    headers: &HeaderMap,
    body: &Bytes,
) -> Reply {
    let is_digest = at.contains(':');
    if is_digest && digest_of(body) != at {
        return Reply::error(
            StatusCode::BAD_REQUEST,
            "DIGEST_INVALID",
            "provided digest did not match uploaded content",
        );
    }
    if faults.refuse_underscore_tags && at.starts_with('_') {
        return Reply::error(
            StatusCode::BAD_REQUEST,
            "TAG_INVALID",
            "tags must not begin with an underscore",
        );
    }
    let invalid = |why| Reply::error(StatusCode::BAD_REQUEST, "MANIFEST_INVALID", why);
    let Ok(read) = serde_json::from_slice::<serde_json::Value>(body) else {
        return invalid("manifest invalid");
    };
    if faults
        .refuse_manifests
        .is_some_and(|name| at.starts_with(name))
    {
        return invalid("manifest invalid");
    }
    if faults.refuse_unknown_artifact && !read["artifactType"].is_null() {
        return invalid("unknown media type");
    }
    if faults.refuse_what_is_no_image && !is_image(&read) {
        return invalid("unknown media type");
    }
    let media_type = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let mut content = locked(&shared.content);
    let before = content.tagged(repository, at);
    if faults.immutable_tags && before.is_some() {
        return immutable();
    }
    if let Some(lacks) = faults
        .require_children
        .then(|| content.lacks(repository, &read))
        .flatten()
    {
        return Reply::error(
            StatusCode::BAD_REQUEST,
            "MANIFEST_BLOB_UNKNOWN",
            &format!("blob unknown to registry: {lacks}"),
        );
    }
    let digest = content.put_manifest(repository, (!is_digest).then_some(at), media_type, body);
    if let Some(before) = before.filter(|before| faults.drop_overwritten && *before != digest) {
        content.drop_untagged(repository, &before);
    }
    let told = if faults.wrong_digest {
        digest_of(b"something else")
    } else {
        digest
    };
    if faults.bare_receipt {
        return Reply::new(StatusCode::CREATED);
    }
    let reply = if faults.html_receipt {
        Reply::html(StatusCode::CREATED)
    } else {
        Reply::new(StatusCode::CREATED)
    };
    let reply = reply.with(
        header::LOCATION,
        &format!("/v2/{repository}/manifests/{told}"),
    );
    match &faults.receipt_digest {
        Some(other) => reply.with("docker-content-digest", other),
        None => with_digest(faults, reply, &told),
    }
}

/// Tells whether all that a manifest names is of an image's types.
fn is_image(manifest: &serde_json::Value) -> bool {
    let layers = manifest["layers"].as_array();
    let of_image = |blob: &serde_json::Value, kinds: [&str; 2]| {
        let media_type = blob["mediaType"].as_str().unwrap_or_default();
        kinds.iter().any(|kind| media_type.contains(kind))
    };
    manifest["manifests"].is_array()
        || (of_image(
            &manifest["config"],
            ["image.config.v1", "container.image.v1"],
        ) && layers.is_some_and(|layers| {
            layers
                .iter()
                .all(|layer| of_image(layer, ["image.layer.v1", "image.rootfs"]))
        }))
}

pub(super) fn delete(shared: &Arc<Shared>, faults: &Faults, repository: &str, at: &str) -> Reply {
    if faults.delete_disabled {
        return Reply::error(
            StatusCode::METHOD_NOT_ALLOWED,
            "UNSUPPORTED",
            "The operation is unsupported.",
        );
    }
    if faults.delete_by_digest_only && !at.contains(':') {
        return Reply::error(
            StatusCode::BAD_REQUEST,
            "DIGEST_INVALID",
            "provided digest did not match uploaded content",
        );
    }
    let mut content = locked(&shared.content);
    let tagged = content.tagged(repository, at);
    if faults.immutable_tags && tagged.is_some() {
        return immutable();
    }
    let at = match &tagged {
        Some(digest) if faults.delete_takes_siblings => digest,
        _ => at,
    };
    if !faults.delete_takes.is_zero()
        && (tagged.is_some() || content.resolve(repository, at).is_some())
    {
        let (repository, at) = (repository.to_owned(), at.to_owned());
        let (shared, wait) = (Arc::clone(shared), faults.delete_takes);
        tokio::spawn(async move {
            tokio::time::sleep(wait).await;
            locked(&shared.content).delete(&repository, &at);
        });
        return Reply::new(StatusCode::ACCEPTED);
    }
    if faults.delete_is_a_lie || content.delete(repository, at) {
        Reply::new(StatusCode::ACCEPTED)
    } else {
        Reply::error(
            StatusCode::NOT_FOUND,
            "MANIFEST_UNKNOWN",
            "manifest unknown",
        )
    }
}

fn immutable() -> Reply {
    Reply::error(
        StatusCode::PRECONDITION_FAILED,
        "PRECONDITION",
        "the tag is immutable and cannot be overwritten or deleted",
    )
}
