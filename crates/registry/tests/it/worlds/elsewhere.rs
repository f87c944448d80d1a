//! Registries, token services and content that lie elsewhere than they were asked for.

use super::*;
use rcgen::{CertificateParams, KeyPair};

/// Behaviour (addresses): `/v2/` is a redirect to another path; what answers there decides.
/// Source: Artifactory behind a policy router, and gateways that know only `/v2`.
#[tokio::test]
async fn the_first_question_is_a_redirect_to_another_path() {
    for to in ["/v2", "/_ctl/v2/", "/up/v2/?x=1"] {
        for status in [301, 302, 307, 308] {
            let at = to.split('?').next().unwrap();
            let server = world(move |_, asked| match asked.path {
                "/v2/" => Some(Answer::redirect(status, to)),
                path if path == at && asked.is_user(USER, SECRET) => Some(Answer::json("{}")),
                path if path == at => Some(basic()),
                _ => None,
            })
            .await;
            let probe = Registry::probe_with(&host(&server.host()), None, &quick())
                .await
                .unwrap();
            assert!(probe.wants_sign_in && probe.ways.to_string() == "basic");
            client(&server.host(), signed_in()).check().await.unwrap();
            let wrong = client(&server.host(), with_secret("wrong"));
            assert_eq!(wrong.check().await.unwrap_err().kind, Kind::SignIn);
        }
    }
}

/// Behaviour (addresses): `/v2/` and every manifest are a redirect to another host, which lets everyone in.
/// Source: Scarf, and other vanity names before a registry.
#[tokio::test]
async fn the_first_question_is_a_redirect_to_another_host() {
    let real = Scripted::start().await.unwrap();
    real.push_image("team/app", "v1", "one");
    let to_host = format!("localhost:{}", real.port());
    let to = format!("http://{to_host}");
    let server =
        world(move |_, asked| Some(Answer::redirect(307, format!("{to}{}", asked.path)))).await;
    let probe = Registry::probe_with(&host(&server.host()), None, &quick())
        .await
        .unwrap();
    assert!(!probe.wants_sign_in);
    assert_eq!(
        probe.endpoint.host.to_string(),
        server.host(),
        "it keeps its name"
    );
    for sign_in in [anonymous(), signed_in()] {
        let client = client(&server.host(), sign_in.clone());
        match (sign_in, client.check().await) {
            (SignIn::Anonymous, checked) => checked.unwrap(),
            // The other one never gets it, so nothing shows that it is right.
            (_, checked) => assert_eq!(
                checked.unwrap_err().kind,
                Kind::ForeignHost {
                    host: to_host.clone()
                }
            ),
        }
        app(&client).manifest(&tag("v1")).await.unwrap();
        assert_eq!(app(&client).tags().all().await.unwrap().len(), 1);
    }
    assert!(real.requests().iter().all(|seen| !seen.has_authorization));
}

/// Behaviour (addresses): A redirect that goes in circles, or to what is no registry, is not a registry.
/// Source: Websites send a stranger to their welcome page.
#[tokio::test]
async fn a_redirect_to_no_registry_is_none() {
    let page = Scripted::start().await.unwrap();
    page.set(|faults| faults.html = true);
    let elsewhere = format!("http://{}/welcome", page.host());
    for to in [
        "/v2/".to_owned(),
        "/login".into(),
        elsewhere,
        "http://".into(),
        "mailto:x".into(),
    ] {
        let server = world(move |_, asked| {
            (asked.path == "/v2/").then(|| Answer::redirect(302, to.clone()))
        })
        .await;
        let probe = Registry::probe_with(&host(&server.host()), None, &quick()).await;
        assert_eq!(probe.unwrap_err().kind, Kind::NotARegistry);
        let checked = client(&server.host(), signed_in()).check().await;
        assert_eq!(checked.unwrap_err().kind, Kind::NotARegistry);
    }
}

/// Behaviour (sign-in): A token service sends whoever asks to another of its own paths; the secret goes along.
/// Source: Web frameworks that want a slash at the end of a path.
#[tokio::test]
async fn a_token_service_redirects_within_itself() {
    for (served, statuses) in [
        ("GET", &[301, 302, 303, 307, 308][..]),
        ("POST", &[301, 302, 307, 308]),
    ] {
        for status in statuses {
            let status = *status;
            let server = world(move |own, asked| match asked.path {
                "/token" | "/token/" if asked.method != served => Some(Answer::of(405)),
                "/token" => Some(Answer::redirect(status, format!("/token/?{}", asked.query))),
                "/token/" => {
                    let right = asked.is_user(USER, SECRET) || asked.fields("password") == [SECRET];
                    Some(if right { token("yes") } else { Answer::of(401) })
                }
                _ => (asked.token() != "yes").then(|| bearer(own, "")),
            })
            .await;
            let client = client(&server.host(), signed_in());
            client.check().await.unwrap();
            app(&client).manifest(&tag("v1")).await.unwrap();
        }
    }
}

/// Behaviour (sign-in): Strangers follow a token service to another host.
/// Source: `docker` follows redirects of a token service too.
#[tokio::test]
async fn strangers_follow_a_token_service_anywhere() {
    let service = world(|_, _| Some(token("public"))).await;
    let to = format!("http://{}/token", service.host());
    let server = world(move |own, asked| match asked.path {
        "/token" => Some(Answer::redirect(302, to.clone())),
        _ => (asked.token() != "public").then(|| bearer(own, "repository:team/app:pull")),
    })
    .await;
    app(&client(&server.host(), anonymous()))
        .manifest(&tag("v1"))
        .await
        .unwrap();
}

/// Behaviour (sign-in): A realm says `http://` at a registry that is reached over TLS; it is asked over TLS.
/// Source: Registries behind a proxy that ends TLS, whose own address was left at `http://`.
#[tokio::test]
async fn a_realm_whose_scheme_lags_behind_is_asked_over_tls() {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    let certificate = params.self_signed(&key).unwrap();
    let server = Scripted::start_tls(&certificate.pem(), &key.serialize_pem())
        .await
        .unwrap();
    server.push_image("team/app", "v1", "one");
    let own = server.host();
    server.script(move |asked| match asked.path {
        "/token" if asked.is_user(USER, SECRET) => Some(token("yes")),
        "/token" => Some(Answer::of(401)),
        _ => (asked.token() != "yes").then(|| bearer(&own, "")),
    });
    let options = registry::HttpOptions {
        tls: vouched(&certificate.pem()),
        ..quick()
    };
    let probe = Registry::probe_with(&host(&server.host()), None, &options)
        .await
        .unwrap();
    assert_eq!(
        probe.ways.to_string(),
        format!("bearer https://{}", server.host())
    );
    let client = Registry::open(probe.endpoint, signed_in(), Some(probe.ways), &options).unwrap();
    client.check().await.unwrap();
    app(&client).manifest(&tag("v1")).await.unwrap();
}

/// Behaviour (addresses): A manifest and its layers lie at another registry, which wants a token of its own for nobody.
/// Source: Vanity names and gateways before a public registry.
#[tokio::test]
async fn what_lies_at_another_registry_is_fetched_as_nobody() {
    let other = world(|own, asked| match asked.path {
        "/token" => Some(token("public")),
        _ => (asked.token() != "public").then(|| bearer(own, "repository:team/app:pull")),
    })
    .await;
    let blob = other.put_blob("team/app", b"{}");
    let to = format!("http://{}", other.host());
    let server = world(move |_, asked| {
        if !asked.is_user(USER, SECRET) {
            return Some(basic());
        }
        asked
            .path
            .starts_with("/v2/team/")
            .then(|| Answer::redirect(307, format!("{to}{}", asked.path)))
    })
    .await;
    let client = client(&server.host(), signed_in());
    let fetched = app(&client).manifest(&tag("v1")).await.unwrap();
    assert!(app(&client).head(&tag("v1")).await.unwrap().is_some());
    assert!(
        app(&client)
            .manifest(&registry::At::Digest(fetched.digest))
            .await
            .is_ok()
    );
    assert!(app(&client).has_blob(&digest(&blob)).await.unwrap());
    let mut reader = app(&client).blob(&layer(b"{}")).await.unwrap();
    while reader.next().await.unwrap().is_some() {}
    assert!(reader.is_verified());
    assert_eq!(other.count("GET", "/token"), 1, "one token serves them all");
    assert!(
        other
            .requests()
            .iter()
            .all(|seen| seen.authorization != "Basic")
    );
}

#[tokio::test]
async fn what_lies_at_two_other_registries_is_fetched_with_a_token_of_each() {
    let public = || {
        world(|own, asked| match asked.path {
            "/token" => Some(token("public")),
            _ => (asked.token() != "public").then(|| bearer(own, "repository:team/app:pull")),
        })
    };
    let (one, other) = (public().await, public().await);
    other.push_image("team/app", "v2", "two");
    let (to_one, to_other) = (one.host(), other.host());
    let server = world(move |_, asked| {
        let to = if asked.path.ends_with("/v1") {
            &to_one
        } else {
            &to_other
        };
        Some(Answer::redirect(307, format!("http://{to}{}", asked.path)))
    })
    .await;
    let client = client(&server.host(), anonymous());
    for name in ["v1", "v2", "v1", "v2"] {
        app(&client).manifest(&tag(name)).await.unwrap();
    }
    for there in [one, other] {
        assert_eq!(there.count("GET", "/token"), 1);
    }
}
