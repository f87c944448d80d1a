//! What is recognised by which answer, and that the table of parts tells what is there.

mod gitlab;
mod quay;

use crate::{ALL, Fallback, LetsGo, Means, Part, Sign, Vendor, VendorId, means, of, recognise};
use crate::{Failure, Interface, Place, Second, SecondAs, Shown, Way};
use registry::{Endpoint, HttpOptions, Instead, Registry, Scheme, Seen, Shows, SignIn};
use secrecy::SecretString;
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
    // One that is closed to nobody tells no version, and need not.
    assert_eq!(recognised(&[GITEA], &[]).await, (VendorId::Gitea, true, 0));
    let older = &[(
        "www-authenticate",
        r#"Bearer realm="http://HOST/v2/token",service="container_registry""#,
    )];
    assert_eq!(recognised(older, version).await, (VendorId::Gitea, true, 1));
    let public = &[("/api/v1/repository", r#"{"repositories":[]}"#)];
    assert_eq!(recognised(&[QUAY], public).await, (VendorId::Quay, true, 1));
    // One that is closed to nobody lists nothing to nobody. Its name for itself may be another.
    let closed = &[
        (
            "www-authenticate",
            r#"Bearer realm="http://HOST/v2/auth",service="quay.example""#,
        ),
        ("x-sparse-manifest-support", "false"),
    ];
    assert_eq!(recognised(closed, &[]).await, (VendorId::Quay, true, 0));
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
    let none = &[("/v2/_oci/ext/discover", r#"{"extensions":[]}"#)];
    assert_eq!(recognised(zot, none).await, (VendorId::Zot, true, 1));
    for others in [
        &[(
            "/v2/_oci/ext/discover",
            r#"{"extensions":[{"name":"_oras"}]}"#,
        )],
        &[("/v2/_oci/ext/discover", "{}")],
        &[("/v2/_oci/ext/discover", "[]")],
    ] {
        let (id, ..) = recognised(zot, others).await;
        assert_eq!(id, VendorId::Plain, "{others:?}");
    }
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
    let gitlab = &[("gitlab-container-registry-version", "4.39.0-gitlab")];
    assert_eq!(recognised(gitlab, &[]).await, (VendorId::Gitlab, true, 0));
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
    for vendor in ALL {
        assert_eq!(of(vendor.id()).id(), vendor.id());
    }
    // Which parts are native with which vendor stands in `docs/registries.md`, which a test of the app compares.
    let native = |id| Part::ALL.map(|part| means(of(id), part) == Means::Native);
    assert_eq!(native(VendorId::Plain), [false; 8]);
    assert!(native(VendorId::Harbor)[0]);
    assert_eq!(
        means(of(VendorId::Plain), Part::History),
        Means::ByCommitTags
    );
}

/// A vendor whose interface is at an address of its own.
struct Fixed;

impl Vendor for Fixed {
    fn id(&self) -> VendorId {
        VendorId::Hub
    }

    fn signs(&self, _: &Seen) -> Sign {
        Sign::No
    }

    fn may_be_at(&self, host: &oci::Host) -> bool {
        host.as_str() == "localhost:1"
    }

    fn interface(&self, part: Part) -> Interface {
        Interface {
            at: Place::Fixed("api.vendor.example"),
            shows: match part {
                Part::List => &[Shown::Account(Shows::Bearer)],
                Part::History => &[
                    Shown::Second(SecondAs::Bearer),
                    Shown::AccountOf("$oauthtoken", Shows::Bearer),
                ],
                _ => &[Shown::Second(SecondAs::Basic), Shown::Nobody],
            },
        }
    }

    fn lacks(&self, _: Part) -> Fallback {
        Fallback::ByProtocol
    }

    fn lets_go(&self) -> LetsGo {
        LetsGo::Unknown
    }
}

/// A registry of this name, and the address at which the vendor's own is played.
fn at(name: &str, vendor: &Scripted, user: Option<&str>) -> Registry {
    let address = format!("http://{}", vendor.host());
    let instead = Instead::default().with("api.vendor.example", &address);
    let options = HttpOptions {
        instead: instead.unwrap(),
        ..HttpOptions::default()
    };
    let endpoint = Endpoint {
        scheme: Scheme::Http,
        host: oci::Host::parse(name).unwrap(),
    };
    let sign_in = user.map_or(SignIn::Anonymous, |user| SignIn::Basic {
        user: user.into(),
        secret: SecretString::from("s3cret"),
    });
    Registry::with_options(endpoint, sign_in, &options).unwrap()
}

#[tokio::test]
async fn the_first_that_there_is_is_shown_and_a_registry_of_another_name_is_shown_nothing() {
    let vendor = Scripted::start().await.unwrap();
    vendor.script(|asked| Some(Answer::json(format!("{:?}", asked.authorization))));
    let second = |user: Option<&str>| Second {
        user: user.map(str::to_owned),
        secret: SecretString::from("0ther"),
    };
    let ask = registry::Ask::get().at("/list");
    let told = async |part, name: &str, user: Option<&str>, second: Option<&Second>| {
        let way = Way::open(&Fixed, part, at(name, &vendor, user), second).await;
        let told = way.ask(&ask).await;
        let told = told.map(|told| told.json::<String>().unwrap());
        (
            told.map_err(|failure| failure.to_string()),
            way.shows_second(),
        )
    };
    let good = |text: &str| Ok(text.to_owned());
    let wants = || Err(Failure::Wants.to_string());
    let (name, ana) = ("localhost:1", Some("ana"));
    let of = |part, user, second| told(part, name, user, second);
    assert_eq!(
        of(Part::List, ana, None).await,
        (good("Bearer s3cret"), false)
    );
    assert_eq!(of(Part::List, None, None).await, (wants(), false));
    let (own, anas) = (second(None), second(ana));
    assert_eq!(
        of(Part::History, ana, Some(&own)).await,
        (good("Bearer 0ther"), true)
    );
    assert_eq!(of(Part::History, ana, None).await, (wants(), false));
    let token = Some("$oauthtoken");
    assert_eq!(
        of(Part::History, token, None).await,
        (good("Bearer s3cret"), false)
    );
    // A second one without a user can't be shown by Basic, and somebody is not asked for as nobody.
    assert_eq!(of(Part::Create, ana, Some(&own)).await, (wants(), false));
    assert_eq!(of(Part::Create, None, Some(&own)).await, (good(""), false));
    let (basic, is_second) = of(Part::Create, ana, Some(&anas)).await;
    assert!(basic.unwrap().starts_with("Basic ") && is_second);

    // That the second one is wrong is told apart from a sign-in that is wanted.
    vendor.script(|_| Some(Answer::of(401)));
    let refused = Err(Failure::SecondRefused.to_string());
    assert_eq!(of(Part::History, ana, Some(&own)).await, (refused, true));
    assert_eq!(of(Part::List, ana, Some(&own)).await, (wants(), false));
    let takes = |part, user| Fixed.interface(part).takes_second(user);
    assert!(takes(Part::History, ana) && takes(Part::History, None));
    assert!(takes(Part::Create, token) && !takes(Part::List, ana));

    // Whoever plays the vendor under another name has nothing asked there.
    vendor.forget_requests();
    for part in [Part::List, Part::History, Part::Create] {
        let (other, _) = told(part, "localhost:2", token, Some(&second(ana))).await;
        assert_eq!(other, Err(Failure::NotFound.to_string()));
    }
    assert_eq!(vendor.requests(), []);
}

#[test]
fn hostile_an_address_of_its_own_is_a_vendors_whose_registries_have_names_of_their_own() {
    let anybodys = ["registry.example", "127.0.0.1:5000", "evil.example"];
    for vendor in ALL {
        for part in Part::ALL {
            let Place::Fixed(address) = vendor.interface(part).at else {
                continue;
            };
            assert!(oci::Host::parse(address).is_ok(), "{address}");
            for name in anybodys {
                let name = oci::Host::parse(name).unwrap();
                assert!(!vendor.may_be_at(&name), "{:?} at {name}", vendor.id());
            }
        }
    }
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
