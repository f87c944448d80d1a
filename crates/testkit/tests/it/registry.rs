//! The real registries: sign-in, TLS, the access log, and what a clean-up takes.

use anyhow::Result;
use http::Method;
use testkit::images::{self, ImageSpec};
use testkit::parts::{Part, Registry, RegistryOptions, RegistryVersion, need};

const DEMO: Option<(&str, &str)> = Some(("demo", "a secret"));

#[tokio::test]
async fn basic_sign_in_is_asked_for_and_taken() -> Result<()> {
    if !need(Part::Registry) {
        return Ok(());
    }
    let registry = Registry::start(RegistryOptions {
        auth: DEMO,
        ..RegistryOptions::default()
    })
    .await?;
    let (status, headers, _) = registry.anonymous(Method::GET, "/v2/").await?;
    assert_eq!(status, 401);
    assert!(headers["www-authenticate"].to_str()?.starts_with("Basic "));
    assert_eq!(registry.get("/v2/", &[]).await?.0, 200);
    assert!(
        registry.version()?.contains(" 2."),
        "{}",
        registry.version()?
    );
    let log = registry.access_log();
    assert_eq!(
        log.last().map(String::as_str),
        Some("GET /v2/ 200"),
        "{log:?}"
    );
    assert!(log.contains(&"GET /v2/ 401".to_owned()), "{log:?}");
    Ok(())
}

#[tokio::test]
async fn a_token_lets_in_what_its_scope_says() -> Result<()> {
    if !need(Part::Registry) {
        return Ok(());
    }
    token_round(RegistryVersion::Two).await
}

#[tokio::test]
async fn the_newest_registry_takes_tokens_too() -> Result<()> {
    if !need(Part::NewRegistry) {
        return Ok(());
    }
    token_round(RegistryVersion::Three).await
}

async fn token_round(version: RegistryVersion) -> Result<()> {
    let registry = Registry::start(RegistryOptions {
        auth: DEMO,
        token: true,
        version,
        ..RegistryOptions::default()
    })
    .await?;
    let (status, headers, _) = registry.anonymous(Method::GET, "/v2/").await?;
    assert_eq!(status, 401);
    assert!(headers["www-authenticate"].to_str()?.starts_with("Bearer "));
    let image = ImageSpec::of_sizes(1, &[1000]);
    let digest = images::push(&registry, "lab/one", "v1", &image).await?;
    let found = registry.manifest("lab/one", "v1").await?;
    assert_eq!(found.map(|(digest, _)| digest), Some(digest));
    let (status, _, body) = registry.get("/v2/_catalog", &[]).await?;
    assert_eq!(
        (status, body.as_ref()),
        (200, &b"{\"repositories\":[\"lab/one\"]}\n"[..])
    );
    Ok(())
}

#[tokio::test]
async fn tls_is_served_with_an_authority_of_its_own() -> Result<()> {
    if !need(Part::Registry) {
        return Ok(());
    }
    let registry = Registry::start(RegistryOptions {
        tls: true,
        ..RegistryOptions::default()
    })
    .await?;
    assert!(registry.ca_pem().is_some());
    assert!(registry.url().starts_with("https://"));
    assert_eq!(registry.get("/v2/", &[]).await?.0, 200);
    // Whoever does not trust the authority gets no answer.
    let stranger = testkit::parts::Http::tcp(&registry.host(), None)?;
    let url = format!("{}/v2/", registry.url());
    assert!(stranger.send(Method::GET, &url, &[], "").await.is_err());
    Ok(())
}

#[tokio::test]
async fn garbage_collection_takes_an_overwritten_digest_and_spares_a_tagged_one() -> Result<()> {
    if !need(Part::Registry) {
        return Ok(());
    }
    let mut registry = Registry::start(RegistryOptions {
        auth: DEMO,
        ..RegistryOptions::default()
    })
    .await?;
    let host = registry.host();
    let lost = images::push(&registry, "lab/one", "v1", &ImageSpec::of_sizes(1, &[2000])).await?;
    let kept = images::push(&registry, "lab/one", "v1", &ImageSpec::of_sizes(2, &[2000])).await?;
    let now = images::push(&registry, "lab/one", "v1", &ImageSpec::of_sizes(3, &[2000])).await?;
    images::push(
        &registry,
        "lab/one",
        "other",
        &ImageSpec::of_sizes(2, &[2000]),
    )
    .await?;
    assert!(registry.manifest("lab/one", &lost).await?.is_some());
    registry.garbage_collect(true).await?;
    assert_eq!(registry.host(), host, "it comes back on its port");
    assert!(registry.manifest("lab/one", &lost).await?.is_none());
    assert!(registry.manifest("lab/one", &kept).await?.is_some());
    let mut tags = registry.tags("lab/one").await?;
    tags.sort();
    assert_eq!(tags, ["other", "v1"]);
    let found = registry.manifest("lab/one", "v1").await?;
    assert_eq!(found.map(|(digest, _)| digest), Some(now));
    Ok(())
}

#[tokio::test]
async fn an_index_is_served_with_all_its_platforms() -> Result<()> {
    if !need(Part::Registry) {
        return Ok(());
    }
    let registry = Registry::start(RegistryOptions::default()).await?;
    let platforms = [
        ImageSpec::of_sizes(1, &[500]),
        ImageSpec::of_sizes(2, &[500]).arch("arm64"),
    ];
    let digest = images::push_index(&registry, "lab/many", "v1", &platforms).await?;
    let Some((found, bytes)) = registry.manifest("lab/many", "v1").await? else {
        panic!("the index is not there");
    };
    assert_eq!(found, digest);
    let index: serde_json::Value = serde_json::from_slice(&bytes)?;
    for (at, image) in platforms.iter().enumerate() {
        let child = image.build()?.digest;
        assert_eq!(index["manifests"][at]["digest"], child);
        assert!(registry.manifest("lab/many", &child).await?.is_some());
    }
    Ok(())
}

/// What is unlike all others: a DELETE takes nothing but the name it was given, and a list is cut without a word.
#[tokio::test]
async fn cranes_registry_deletes_names_and_cuts_lists() -> Result<()> {
    if !need(Part::Crane) {
        return Ok(());
    }
    let registry = Registry::start(RegistryOptions {
        version: RegistryVersion::Crane,
        ..RegistryOptions::default()
    })
    .await?;
    assert_eq!(registry.version()?, "v0.22.1");
    let digest = images::push(&registry, "lab/one", "v1", &ImageSpec::of_sizes(1, &[500])).await?;
    for tag in ["v2", "v3"] {
        images::retag(&registry, "lab/one", &digest, tag).await?;
    }
    let (status, headers, body) = registry.get("/v2/lab/one/tags/list?n=2", &[]).await?;
    assert_eq!((status, headers.get("link")), (200, None));
    assert!(body.ends_with(br#""tags":["v1","v2"]}"#), "{body:?}");

    assert_eq!(registry.delete("lab/one", &digest).await?, 202);
    assert!(registry.manifest("lab/one", &digest).await?.is_none());
    assert_eq!(registry.tags("lab/one").await?, ["v1", "v2", "v3"]);
    assert!(registry.manifest("lab/one", "v1").await?.is_some());
    assert_eq!(registry.delete("lab/one", "v1").await?, 202);
    assert_eq!(registry.tags("lab/one").await?, ["v2", "v3"]);
    let log = registry.access_log();
    assert!(
        log.contains(&"DELETE /v2/lab/one/manifests/v1".to_owned()),
        "{log:#?}"
    );
    Ok(())
}

#[test]
fn the_same_image_has_the_same_digest_everywhere() -> Result<()> {
    let image = ImageSpec::of_sizes(7, &[10, 20]).label("a", "b");
    assert_eq!(
        image.id()?,
        "sha256:bac9f21e79a53df3cdcb3aac818c452e4827c0c3249ca233b59fc0b14d2dfb3e"
    );
    assert_ne!(ImageSpec::of_sizes(8, &[10, 20]).id()?, image.id()?);
    Ok(())
}
