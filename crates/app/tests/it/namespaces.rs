//! Accounts that are for a part of their registry: one user may have another secret in each.

use crate::home::{Home, SECRET, USER, account, in_file, picking, problem};
use app::view::accounts::{AccountState, NewAccount};
use app::view::problem::Code;
use serde_json::json;
use testkit::images::{self, ImageSpec};
use testkit::parts::{Part, Registry, RegistryOptions, need};

/// The secret with which the same user may pull everywhere and push nowhere.
const READS: &str = "the secret that only reads";

async fn registry() -> Option<Registry> {
    if !need(Part::Registry) {
        return None;
    }
    let options = RegistryOptions {
        auth: Some((USER, SECRET)),
        token: true,
        readers: &[(USER, READS)],
        ..RegistryOptions::default()
    };
    let registry = Registry::start(options).await.unwrap();
    for name in ["lab/tool", "labs/tool", "other/tool"] {
        let image = ImageSpec::of_sizes(1, &[1_000]);
        images::push(&registry, name, "v1", &image).await.unwrap();
    }
    Some(registry)
}

fn of_lab(host: &str) -> NewAccount {
    NewAccount {
        namespace: Some("lab".into()),
        ..account(host, USER, SECRET)
    }
}

async fn names(home: &Home, id: &str) -> Vec<String> {
    home.app.refresh_repositories(id.into()).await.unwrap();
    home.app.repositories(id.into()).await.unwrap().names
}

/// Behaviour (sign-in): One user has one secret for all of a registry and another for a namespace of it.
/// Source: Google's `_json_key` is every project's user; podman keeps sign-ins by path (`containers-auth.json(5)`).
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_user_has_another_secret_for_a_namespace() {
    let Some(registry) = registry().await else {
        return;
    };
    let (mut home, host) = (Home::new(), registry.host());
    let all = home
        .app
        .add_account(account(&host, USER, READS))
        .await
        .unwrap();
    let lab = home.app.add_account(of_lab(&host)).await.unwrap();
    assert_ne!(all.id, lab.id);
    assert_eq!(
        (all.namespace, lab.namespace.as_deref()),
        (None, Some("lab"))
    );
    assert!(home.keychain.holds(&host) && home.keychain.holds(&format!("{host}/lab")));
    assert_eq!(
        names(&home, &all.id).await,
        ["lab/tool", "labs/tool", "other/tool"]
    );
    assert_eq!(names(&home, &lab.id).await, ["lab/tool"]);

    // The closest is taken where nobody chose, and the one that may push.
    let opens = async |path: &str| {
        let opened = home.app.open_path(None, format!("{host}/{path}"));
        opened.await.unwrap().account
    };
    assert_eq!(opens("lab/tool").await.as_ref(), Some(&lab.id));
    assert_eq!(opens("labs/tool").await.as_ref(), Some(&all.id));
    let writer = home.app.writer_for(all.id.clone(), "lab/tool".into()).await;
    assert_eq!(writer.unwrap().as_ref(), Some(&lab.id));
    let writer = home
        .app
        .writer_for(all.id.clone(), "other/tool".into())
        .await;
    assert_eq!(writer.unwrap(), None, "it is for lab alone");
    let outside = home
        .app
        .refresh_tags(lab.id.clone(), "other/tool".into())
        .await;
    let said = problem(outside);
    assert!(
        said.message.contains("not under") && !said.hints.is_empty(),
        "{said:?}"
    );

    // Signing out of one leaves the other, now and at the next start.
    home.reopen();
    home.app.sign_out(lab.id.clone()).await.unwrap();
    assert!(home.keychain.holds(&host) && !home.keychain.holds(&format!("{host}/lab")));
    assert_eq!(names(&home, &all.id).await.len(), 3);
    let again = home
        .app
        .sign_in(lab.id.clone(), account(&host, USER, SECRET))
        .await;
    let again = again.unwrap();
    assert_eq!(
        (again.id.as_str(), again.namespace.as_deref(), again.state),
        (lab.id.as_str(), Some("lab"), AccountState::SignedIn)
    );
    // Programs keep one sign-in for all of a registry: this one is none for them.
    let along = home.app.sign_in_programs(lab.id, false).await;
    assert_eq!(problem(along).code, Code::Program);
}

/// Behaviour (sign-in): What podman keeps for a path is an account for that path.
/// Source: `containers-auth.json(5)`: keys are registries, namespaces or repositories.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_podman_keeps_for_a_path_is_picked_for_it() {
    let Some(registry) = registry().await else {
        return;
    };
    let (home, host) = (Home::new(), registry.host());
    home.podman_has(&json!({"auths": {format!("{host}/lab"): {"auth": in_file(USER, SECRET)}}}));
    let found = home.found().await;
    assert_eq!(found.namespace.as_deref(), Some("lab"));
    let new = NewAccount {
        namespace: found.namespace.clone(),
        ..picking(&found)
    };
    let made = home.app.add_account(new).await.unwrap();
    assert_eq!(
        (made.state, made.namespace.as_deref()),
        (AccountState::SignedIn, Some("lab"))
    );
    assert_eq!(names(&home, &made.id).await, ["lab/tool"]);
    assert_eq!(
        home.app.found_registries().await.unwrap(),
        [],
        "it is an account now"
    );
    for (namespace, is_one) in [
        ("lab/tool", true),
        ("Lab", false),
        ("../x", false),
        ("", true),
    ] {
        let new = NewAccount {
            namespace: Some(namespace.into()),
            ..account(&host, USER, READS)
        };
        assert_eq!(
            home.app.add_account(new).await.is_ok(),
            is_one,
            "{namespace}"
        );
    }
}
