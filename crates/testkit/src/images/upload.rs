//! Images straight into a registry: blobs, manifests and tags over plain HTTP.

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use http::Method;
use serde_json::json;

use super::{ACCEPT, Built, INDEX, ImageSpec, MANIFEST, digest};
use crate::parts::Door;

/// Sends an image to a registry under a tag, and gives its digest.
pub async fn push(
    registry: &impl Door,
    repository: &str,
    tag: &str,
    image: &ImageSpec,
) -> Result<String> {
    let built = image.build()?;
    push_blobs(registry, repository, &built).await?;
    put_manifest(registry, repository, tag, MANIFEST, built.manifest).await
}

/// Gives what a tag points at one more tag, without sending anything else.
pub async fn retag(registry: &impl Door, repository: &str, tag: &str, other: &str) -> Result<()> {
    let path = format!("/v2/{repository}/manifests/{tag}");
    let headers = [("accept", ACCEPT)];
    let (status, _, bytes) = registry
        .ask(Method::GET, &path, &headers, Bytes::new())
        .await?;
    if status != 200 {
        bail!("GET {path}: {status}");
    }
    let body: serde_json::Value = serde_json::from_slice(&bytes)?;
    let media_type = body["mediaType"].as_str().unwrap_or(MANIFEST);
    put_manifest(registry, repository, other, media_type, bytes.to_vec()).await?;
    Ok(())
}

/// Sends one image a platform, and an index over them under a tag; gives the index's digest.
pub async fn push_index(
    registry: &impl Door,
    repository: &str,
    tag: &str,
    images: &[ImageSpec],
) -> Result<String> {
    let mut manifests = Vec::new();
    for image in images {
        let built = image.build()?;
        push_blobs(registry, repository, &built).await?;
        let size = built.manifest.len();
        put_manifest(
            registry,
            repository,
            &built.digest,
            MANIFEST,
            built.manifest,
        )
        .await?;
        manifests.push(json!({
            "mediaType": MANIFEST, "digest": built.digest, "size": size,
            "platform": {"os": "linux", "architecture": image.arch},
        }));
    }
    let index = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": manifests});
    put_manifest(
        registry,
        repository,
        tag,
        INDEX,
        index.to_string().into_bytes(),
    )
    .await
}

/// Sends a manifest that holds nothing but what it says of itself; gives its digest.
pub async fn push_empty(
    registry: &impl Door,
    repository: &str,
    tag: &str,
    kind: &str,
    says: &serde_json::Value,
) -> Result<String> {
    let empty = json!({
        "mediaType": "application/vnd.oci.empty.v1+json", "digest": digest(b"{}"), "size": 2,
    });
    let manifest = json!({
        "schemaVersion": 2, "mediaType": MANIFEST, "artifactType": kind,
        "config": empty, "layers": [empty], "annotations": says,
    });
    let built = Built {
        digest: String::new(),
        manifest: manifest.to_string().into_bytes(),
        blobs: vec![(digest(b"{}"), b"{}".to_vec())],
    };
    push_blobs(registry, repository, &built).await?;
    put_manifest(registry, repository, tag, MANIFEST, built.manifest).await
}

async fn push_blobs(registry: &impl Door, repository: &str, built: &Built) -> Result<()> {
    for (digest, bytes) in &built.blobs {
        let path = format!("/v2/{repository}/blobs/{digest}");
        let (status, _, _) = registry.ask(Method::HEAD, &path, &[], Bytes::new()).await?;
        if status == 200 {
            continue;
        }
        let path = format!("/v2/{repository}/blobs/uploads/");
        let (status, headers, body) = registry.ask(Method::POST, &path, &[], Bytes::new()).await?;
        if status != 202 {
            bail!("POST {path}: {status} {}", String::from_utf8_lossy(&body));
        }
        let location = headers.get("location").context("no Location")?.to_str()?;
        let joint = if location.contains('?') { '&' } else { '?' };
        let target = format!("{location}{joint}digest={digest}");
        let headers = [("content-type", "application/octet-stream")];
        let (status, _, body) = registry
            .ask(Method::PUT, &target, &headers, Bytes::from(bytes.clone()))
            .await?;
        if status != 201 {
            bail!("PUT {target}: {status} {}", String::from_utf8_lossy(&body));
        }
    }
    Ok(())
}

/// Puts manifest bytes under a tag or digest, and gives their digest.
pub async fn put_manifest(
    registry: &impl Door,
    repository: &str,
    at: &str,
    media_type: &str,
    bytes: Vec<u8>,
) -> Result<String> {
    let path = format!("/v2/{repository}/manifests/{at}");
    let digest = digest(&bytes);
    let headers = [("content-type", media_type)];
    let (status, _, body) = registry
        .ask(Method::PUT, &path, &headers, bytes.into())
        .await?;
    if status != 201 {
        bail!("PUT {path}: {status} {}", String::from_utf8_lossy(&body));
    }
    Ok(digest)
}
