//! A real registry: what is said about the protocol holds there too. The testkit's own client has the second opinion.

use crate::world::*;
use oci::{Digest, ImageConfig, Manifest, MediaType, Platform, RepositoryName, Tag};
use registry::{At, HttpOptions, Kind, Repository, TlsFault};
use testkit::images::{self, ImageSpec};
use testkit::parts::{Part, Registry, RegistryOptions, need};

fn image(seed: u64) -> ImageSpec {
    ImageSpec::of_sizes(seed, &[2000, 300])
        .created("2026-09-03T10:00:00Z")
        .label("seed", &seed.to_string())
}

fn options(token: bool, tls: bool) -> RegistryOptions<'static> {
    RegistryOptions {
        auth: Some((USER, SECRET)),
        token,
        tls,
        ..RegistryOptions::default()
    }
}

/// A client as the app makes one: probed first, then signed in.
async fn joined(server: &Registry) -> registry::Registry {
    let options = HttpOptions {
        tls: server.ca_pem().map(vouched).unwrap_or_default(),
        ..quick()
    };
    let probe = registry::Registry::probe_with(&host(&server.host()), None, &options)
        .await
        .unwrap();
    assert!(probe.wants_sign_in);
    assert_eq!(probe.tls, server.ca_pem().is_some());
    let wrong =
        registry::Registry::with_options(probe.endpoint.clone(), with_secret("wrong"), &options)
            .unwrap();
    assert_eq!(wrong.check().await.unwrap_err().kind, Kind::SignIn);
    let client = registry::Registry::with_options(probe.endpoint, signed_in(), &options).unwrap();
    client.check().await.unwrap();
    client
}

async fn whole_way(server: Registry) {
    let first = digest(
        &images::push(&server, "team/app", "v1", &image(1))
            .await
            .unwrap(),
    );
    let second = digest(
        &images::push(&server, "team/app", "v1", &image(2))
            .await
            .unwrap(),
    );
    let arm = image(3).arch("arm64");
    let index = digest(
        &images::push_index(&server, "other/multi", "v1", &[image(3).arch("amd64"), arm])
            .await
            .unwrap(),
    );
    images::push(&server, "single", "v1", &image(4))
        .await
        .unwrap();
    let client = joined(&server).await;

    let names = client.catalog().sized(1).all().await.unwrap();
    assert_eq!(
        names.iter().map(RepositoryName::as_str).collect::<Vec<_>>(),
        ["other/multi", "single", "team/app"]
    );

    let app = app(&client);
    let head = app.head(&tag("v1")).await.unwrap().unwrap();
    assert_eq!((&head.digest, head.date.is_some()), (&second, true));
    let old = app.manifest(&At::Digest(first.clone())).await.unwrap();
    let (_, asked) = server
        .manifest("team/app", first.as_str())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(old.bytes, asked);
    let Manifest::Image(manifest) = &old.manifest else {
        panic!("an index")
    };
    let config = app.small_blob(&manifest.config).await.unwrap();
    let config = ImageConfig::parse(&config).unwrap();
    assert_eq!(
        (
            config.labels["seed"].as_str(),
            config.created.unwrap().compact().as_str()
        ),
        ("1", "20260903t100000")
    );
    assert!(app.has_blob(&manifest.layers[0].digest).await.unwrap());

    let kept = oci::CommitTag::new(
        &Tag::parse("v1").unwrap(),
        head.date.unwrap(),
        oci::Beginning::Since,
        &first,
    )
    .unwrap()
    .name();
    let put = app
        .put_manifest(&At::Tag(kept.clone()), &old.media_type, old.bytes.clone())
        .await
        .unwrap();
    assert_eq!(put.digest, first);
    assert_eq!(
        server
            .manifest("team/app", kept.as_str())
            .await
            .unwrap()
            .unwrap()
            .0,
        first.as_str()
    );
    let mut tags = app.tags().all().await.unwrap();
    tags.sort(); // distribution 2.8 gives them in no order
    assert_eq!(
        tags.iter().map(Tag::as_str).collect::<Vec<_>>(),
        [kept.as_str(), "v1"]
    );

    an_index(&client, index).await;

    app.delete(&At::Digest(second.clone())).await.unwrap();
    assert_eq!(app.head(&tag("v1")).await.unwrap(), None);
    assert!(
        server
            .manifest("team/app", second.as_str())
            .await
            .unwrap()
            .is_none()
    );
    let unknown = client.repository(RepositoryName::parse("no/such").unwrap());
    assert_eq!(
        unknown.tags().next().await.unwrap_err().kind,
        Kind::NotFound
    );
    let text = String::from_utf8(old.bytes.to_vec()).unwrap();
    without_a_blob(
        &app,
        text.replace(manifest.config.digest.as_str(), second.as_str()),
    )
    .await;
}

/// A manifest that names a blob which is not there is refused.
async fn without_a_blob(app: &Repository, lost: String) {
    let lost = app
        .put_manifest(&tag("v9"), &MediaType::OciManifest, lost.into())
        .await;
    let lost = lost.unwrap_err();
    assert!(
        lost.kind == Kind::Refused && lost.has_code("MANIFEST_BLOB_UNKNOWN"),
        "{lost:?}"
    );
}

async fn an_index(client: &registry::Registry, index: Digest) {
    let multi = client.repository(RepositoryName::parse("other/multi").unwrap());
    let fetched = multi.manifest(&tag("v1")).await.unwrap();
    assert_eq!(
        (&fetched.digest, &fetched.media_type),
        (&index, &MediaType::OciIndex)
    );
    let Manifest::Index(read) = fetched.manifest else {
        panic!("an image")
    };
    let arm = Platform {
        os: "linux".into(),
        architecture: "arm64".into(),
        variant: None,
    };
    let picked = read.pick(&arm).unwrap();
    assert!(
        multi
            .manifest(&At::Digest(picked.digest.clone()))
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn with_a_password_file() {
    if need(Part::Registry) {
        whole_way(Registry::start(options(false, false)).await.unwrap()).await;
    }
}

#[tokio::test]
async fn with_tokens() {
    if need(Part::Registry) {
        whole_way(Registry::start(options(true, false)).await.unwrap()).await;
    }
}

#[tokio::test]
async fn over_tls_of_an_own_authority() {
    if need(Part::Registry) {
        let server = Registry::start(options(false, true)).await.unwrap();
        let refused = registry::Registry::probe_with(&host(&server.host()), None, &quick())
            .await
            .unwrap_err();
        assert_eq!(refused.kind, Kind::Tls(TlsFault::UnknownIssuer));
        whole_way(server).await;
    }
}

#[tokio::test]
async fn where_deleting_is_off_it_says_so() {
    if need(Part::Registry) {
        let server = Registry::start(RegistryOptions {
            delete: false,
            ..options(false, false)
        })
        .await
        .unwrap();
        let pushed = digest(
            &images::push(&server, "team/app", "v1", &image(1))
                .await
                .unwrap(),
        );
        let client = joined(&server).await;
        assert_eq!(
            app(&client)
                .delete(&At::Digest(pushed))
                .await
                .unwrap_err()
                .kind,
            Kind::Unsupported
        );
    }
}
