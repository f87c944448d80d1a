//! What is recognised by which answer, and that the table of parts tells what is there.

use crate::{ALL, Means, Part, VendorId, means, of, recognise};
use registry::{Endpoint, Registry, Scheme, SignIn};
use std::collections::BTreeSet;
use testkit::scripted::{Answer, Scripted};

/// A server that answers so at `/v2/`, and so below the paths of its own interface.
async fn server(
    headers: &'static [(&'static str, &'static str)],
    own: &'static [(&'static str, &'static str)],
) -> (Scripted, Registry) {
    let server = Scripted::start().await.unwrap();
    let host = server.host();
    server.script(move |asked| {
        if asked.path == "/v2/" {
            let status = if headers.iter().any(|(name, _)| *name == "www-authenticate") {
                401
            } else {
                200
            };
            let answer = Answer::json("{}").with_status(status);
            return Some(headers.iter().fold(answer, |answer, (name, text)| {
                answer.with(name, text.replace("HOST", &host))
            }));
        }
        let found = own.iter().find(|(path, _)| *path == asked.path);
        Some(found.map_or_else(|| Answer::of(404), |(_, body)| Answer::json(body)))
    });
    let endpoint = Endpoint {
        scheme: Scheme::Http,
        host: oci::Host::parse(&server.host()).unwrap(),
    };
    (server, Registry::new(endpoint, SignIn::Anonymous).unwrap())
}

/// Recognises a server, and tells how many questions it took.
async fn recognised(
    headers: &'static [(&'static str, &'static str)],
    own: &'static [(&'static str, &'static str)],
) -> (VendorId, bool, usize) {
    let (server, registry) = server(headers, own).await;
    let seen = registry.seen().await.unwrap();
    let found = recognise(&registry, &seen).await;
    assert!(
        server
            .requests()
            .iter()
            .all(|asked| !asked.has_authorization && asked.method == "GET"),
        "recognising tells and writes nothing"
    );
    (found.id, found.is_sure, server.requests().len() - 1)
}

const HARBOR: (&str, &str) = (
    "www-authenticate",
    r#"Bearer realm="http://HOST/service/token",service="harbor-registry""#,
);
const GITEA: (&str, &str) = (
    "www-authenticate",
    r#"Bearer realm="http://HOST/v2/token",service="container_registry",scope="*""#,
);
const QUAY: (&str, &str) = (
    "www-authenticate",
    r#"Bearer realm="http://HOST/v2/auth",service="HOST""#,
);

#[tokio::test]
async fn a_vendor_is_told_by_what_it_answers() {
    let systeminfo = &[("/api/v2.0/systeminfo", r#"{"auth_mode":"db_auth"}"#)];
    assert_eq!(
        recognised(&[HARBOR], systeminfo).await,
        (VendorId::Harbor, true, 1)
    );
    let version = &[("/api/v1/version", r#"{"version":"1.28"}"#)];
    assert_eq!(
        recognised(&[GITEA], version).await,
        (VendorId::Gitea, true, 1)
    );
    let public = &[("/api/v1/repository", r#"{"repositories":[]}"#)];
    assert_eq!(recognised(&[QUAY], public).await, (VendorId::Quay, true, 1));
    let status = &[(
        "/pulp/api/v3/status/",
        r#"{"versions":[{"component":"container"}]}"#,
    )];
    let pulp = &[(
        "www-authenticate",
        r#"Bearer realm="http://HOST/token/",service="HOST""#,
    )];
    assert_eq!(recognised(pulp, status).await, (VendorId::Pulp, true, 1));
    let extensions = &[(
        "/v2/_oci/ext/discover",
        r#"{"extensions":[{"name":"_zot"}]}"#,
    )];
    let zot = &[("docker-distribution-api-version", "registry/2.0")];
    assert_eq!(recognised(zot, extensions).await, (VendorId::Zot, true, 1));
    for (text, id) in [
        (
            r#"Bearer realm="http://HOST/jwt/auth",service="container_registry""#,
            VendorId::Gitlab,
        ),
        (
            r#"Bearer realm="https://repo.example/docker/v1/bearerToken",service="x""#,
            VendorId::Synapse,
        ),
        (
            r#"Bearer realm="http://HOST/oauth2/token",service="HOST""#,
            VendorId::Acr,
        ),
        (
            r#"Bearer realm="http://HOST/artifactory/api/docker/a/v2/token",service="HOST""#,
            VendorId::Artifactory,
        ),
    ] {
        let headers = Box::leak(Box::new([("www-authenticate", text)]));
        assert_eq!(recognised(headers, &[]).await, (id, true, 0), "{text}");
    }
    let nexus = &[("server", "Nexus/3.70.0 (OSS)")];
    assert_eq!(recognised(nexus, &[]).await, (VendorId::Nexus, true, 0));
}

#[tokio::test]
async fn hostile_a_challenge_alone_or_a_name_alone_proves_nothing() {
    assert_eq!(recognised(&[HARBOR], &[]).await, (VendorId::Plain, true, 1));
    let page = &[("/api/v2.0/systeminfo", "<html>")];
    assert_eq!(recognised(&[HARBOR], page).await.0, VendorId::Plain);
    // Whoever plays a vendor whose interface lies at a fixed address is not taken for it.
    for text in [
        r#"Bearer realm="https://auth.docker.io/token",service="registry.docker.io""#,
        r#"Bearer realm="https://ghcr.io/token",service="ghcr.io""#,
        r#"Bearer realm="https://public.ecr.aws/token/",service="public.ecr.aws""#,
        r#"Basic realm="https://1.dkr.ecr.eu-west-1.amazonaws.com/""#,
    ] {
        let headers = Box::leak(Box::new([("www-authenticate", text)]));
        assert_eq!(recognised(headers, &[]).await.0, VendorId::Plain, "{text}");
    }
    assert_eq!(recognised(&[], &[]).await, (VendorId::Plain, true, 1));
}

#[tokio::test]
async fn what_could_not_be_asked_is_not_sure() {
    let (server, registry) = server(&[HARBOR], &[]).await;
    let seen = registry.seen().await.unwrap();
    server.script(|_| Some(Answer::of(503)));
    let found = recognise(&registry, &seen).await;
    assert_eq!((found.id, found.is_sure), (VendorId::Plain, false));
}

#[test]
fn every_vendor_is_there_once_and_the_table_tells_what_is_there() {
    let ids: BTreeSet<VendorId> = ALL.iter().map(|vendor| vendor.id()).collect();
    assert_eq!(ids.len(), ALL.len());
    assert_eq!(ALL.last().unwrap().id(), VendorId::Plain);
    let mut native = Vec::new();
    for vendor in ALL {
        assert_eq!(of(vendor.id()).id(), vendor.id());
        for part in Part::ALL {
            if means(*vendor, part) == Means::Native {
                native.push((vendor.id(), part));
            }
        }
    }
    let harbor = [Part::List, Part::TagFacts, Part::DeleteTag];
    let polly = [Part::List, Part::Create, Part::History];
    let all = [(VendorId::Harbor, harbor), (VendorId::Polly, polly)];
    let all = all
        .into_iter()
        .flat_map(|(id, parts)| parts.map(|part| (id, part)));
    assert_eq!(native, all.collect::<Vec<_>>());
    assert_eq!(
        means(of(VendorId::Plain), Part::History),
        Means::ByCommitTags
    );
}

#[test]
fn a_name_is_stored_as_one_word() {
    for vendor in ALL {
        let word = serde_json::to_value(vendor.id()).unwrap();
        assert!(
            word.as_str()
                .unwrap()
                .bytes()
                .all(|byte| byte.is_ascii_alphabetic())
        );
        assert_eq!(
            serde_json::from_value::<VendorId>(word).unwrap(),
            vendor.id()
        );
    }
}
