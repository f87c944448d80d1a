//! What GitLab itself lists with a second sign-in, where its registry lists nothing.

use crate::{Cursor, Failure, Listed, Part, Second, VendorId, Walk, Way, of, takes_second};
use oci::RepositoryName;
use registry::{Endpoint, HttpOptions, Registry, Scheme, SignIn, SignInWay};
use secrecy::SecretString;
use testkit::scripted::Answer;
use testkit::standins::gitlab::{Gitlab, SECRET, TOKEN, USER};

/// The way to GitLab of an account that agreed to where the tokens are given, with a second sign-in or without.
async fn way(host: &str, token: Option<&str>) -> Way {
    let endpoint = Endpoint {
        scheme: Scheme::Http,
        host: oci::Host::parse(host).unwrap(),
    };
    let sign_in = SignIn::Basic {
        user: USER.into(),
        secret: SecretString::from(SECRET),
    };
    let service = SignInWay::parse(&format!("bearer http://{host}")).unwrap();
    let options = HttpOptions::default();
    let registry = Registry::open(endpoint, sign_in, Some(service.into()), &options).unwrap();
    registry.check().await.unwrap();
    let second = token.map(|token| Second {
        user: None,
        secret: SecretString::from(token.to_owned()),
    });
    let gitlab = of(VendorId::Gitlab);
    Way::open(gitlab, Part::List, registry, second.as_ref()).await
}

fn named(mut way: Way, namespace: &str) -> Way {
    way.namespace = Some(RepositoryName::parse(namespace).unwrap());
    way
}

/// Walks the list; its names, and whether it came whole.
async fn all(way: &Way) -> Result<(Vec<String>, bool), Failure> {
    let (mut walk, mut names) = (Walk::new(), Vec::new());
    let lists = of(VendorId::Gitlab).lists().unwrap();
    while let Some(at) = walk.at().cloned() {
        let page = lists.page(way, &at).await?;
        let rows = walk.take(page, 10_000, |one: &Listed| one.name.as_str());
        names.extend(rows.into_iter().map(|one| one.name.to_string()));
    }
    Ok((names, walk.doubt().is_none()))
}

fn own(gitlab: &Gitlab) -> usize {
    gitlab.registry.count("GET", "/api/v4/")
}

#[tokio::test]
async fn the_repositories_of_every_project_are_listed_with_a_token_alone() {
    let gitlab = Gitlab::start().await.unwrap();
    for name in [
        "demo/own",
        "lab/tool",
        "lab/tool/deep",
        "lab/closed",
        "others/hidden",
    ] {
        gitlab.registry.push_image(name, "v1", "one");
    }
    gitlab.close("lab/closed");
    let me = way(&gitlab.host(), Some(TOKEN)).await;
    let names = ["demo/own", "lab/tool", "lab/tool/deep"].map(str::to_owned);
    assert_eq!(all(&me).await.unwrap(), (names.to_vec(), true));
    assert_eq!(own(&gitlab), 4, "the projects, and each of three");
    let vendor = of(VendorId::Gitlab);
    assert!(takes_second(vendor, Part::List, Some(USER)));
    assert!(!takes_second(vendor, Part::TagFacts, Some(USER)));
    // Without a token nothing is asked, and one that is wrong is said to be so.
    gitlab.registry.forget_requests();
    let without = all(&way(&gitlab.host(), None).await).await;
    assert!(matches!(without, Err(Failure::NotFound)), "{without:?}");
    assert_eq!(own(&gitlab), 0);
    let wrong = all(&way(&gitlab.host(), Some("glpat-wrong")).await).await;
    assert!(matches!(wrong, Err(Failure::SecondRefused)), "{wrong:?}");
    assert_eq!((own(&gitlab), gitlab.violations()), (1, Vec::new()));
}

#[tokio::test]
async fn a_group_or_a_project_is_asked_where_the_registry_lists_nothing() {
    let gitlab = Gitlab::start().await.unwrap();
    for at in 0..230 {
        gitlab
            .registry
            .push_image(&format!("lab/sub{at:03}/app"), "v1", "one");
    }
    for name in ["lab/tool", "lab/tool/deep", "demo/own"] {
        gitlab.registry.push_image(name, "v1", "one");
    }
    let me = way(&gitlab.host(), Some(TOKEN)).await;
    let lab = named(me, "lab");
    assert_eq!(all(&lab).await.unwrap().0.len(), 232);
    assert_eq!(own(&gitlab), 0, "the registry itself lists it");
    gitlab.narrow();
    gitlab.expire_tokens();
    let (names, is_whole) = all(&lab).await.unwrap();
    assert_eq!((names.len(), is_whole), (232, true));
    assert_eq!(own(&gitlab), 3);
    for (namespace, listed) in [
        ("lab/tool", vec!["lab/tool", "lab/tool/deep"]),
        ("demo/own", vec!["demo/own"]),
    ] {
        let me = named(way(&gitlab.host(), Some(TOKEN)).await, namespace);
        let listed: Vec<String> = listed.iter().map(ToString::to_string).collect();
        assert_eq!(all(&me).await.unwrap(), (listed, true), "{namespace}");
    }
    // What is no group and no project is nobody's to list.
    let me = named(way(&gitlab.host(), Some(TOKEN)).await, "demo");
    assert!(matches!(all(&me).await, Err(Failure::NotFound)));
    assert_eq!(gitlab.violations(), [""; 0]);
}

#[tokio::test]
async fn more_projects_than_are_worth_a_question_end_the_list_in_doubt() {
    let gitlab = Gitlab::start().await.unwrap();
    for at in 0..150 {
        gitlab
            .registry
            .push_image(&format!("lab/r{at:03}"), "v1", "one");
    }
    let me = way(&gitlab.host(), Some(TOKEN)).await;
    let (names, is_whole) = all(&me).await.unwrap();
    assert_eq!((names.len(), is_whole, own(&gitlab)), (59, false, 60));
    assert_eq!(gitlab.violations(), [""; 0]);
}

#[tokio::test]
async fn hostile_nonsense_of_gitlab_ends() {
    let gitlab = Gitlab::start().await.unwrap();
    let me = way(&gitlab.host(), Some(TOKEN)).await;
    let lists = of(VendorId::Gitlab).lists().unwrap();
    for odd in [
        "",
        "0",
        "0 who 1",
        "0 group x",
        "0 of 1 a -",
        "0 of 1  -",
        "x group 1",
    ] {
        let told = lists.page(&me, &Cursor::Text(odd.to_owned())).await;
        assert!(matches!(told, Err(Failure::NotFound)), "{odd}: {told:?}");
    }
    // A page of projects after the other, and of repositories without an end.
    gitlab.registry.script(|asked| {
        let number = asked.fields("page").pop().unwrap_or_default();
        let body = if asked.path == "/api/v4/projects" {
            serde_json::json!([{"id": 1}, {"id": "../2"}, null])
        } else {
            serde_json::json!([{"path": format!("lab/r{number}")}, {"path": "../x"}, 7])
        };
        Some(Answer::json(body).with("link", "<https://x.example/?page=2>; rel=\"next\""))
    });
    let (names, is_whole) = all(&me).await.unwrap();
    assert!(!is_whole && names.len() <= 60, "{names:?}");
    assert!(own(&gitlab) <= 61);
}
