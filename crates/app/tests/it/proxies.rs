//! Accounts that go through a proxy of their own: its secret is kept where secrets are, and what it doesn't do is said.

use crate::home::{Home, SECRET, USER, account, problem};
use app::view::accounts::NewAccount;
use app::view::certificate::{ConnectionOrder, ProxyOrder, ProxyView};
use app::view::problem::Code;
use std::fs;
use testkit::parts::{Part, Proxy, Registry, RegistryOptions, need};

const PROXY_SECRET: &str = "marked-proxy-secret";

fn through(address: String, user: &str, secret: &str) -> ConnectionOrder {
    ConnectionOrder {
        proxy: Some(ProxyOrder::Own {
            address,
            user: user.to_owned(),
            secret: secret.to_owned().into(),
        }),
        ..ConnectionOrder::default()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_goes_through_its_own_proxy() {
    if !need(Part::Registry) {
        return;
    }
    let registry = Registry::start(RegistryOptions {
        auth: Some((USER, SECRET)),
        ..RegistryOptions::default()
    })
    .await
    .unwrap();
    let host = registry.host();
    let proxy = Proxy::start(Some((USER, PROXY_SECRET))).await.unwrap();
    let mut home = Home::new();
    for (address, user, secret, word) in [
        ("two words".to_owned(), "", "", "no address"),
        ("ftp://proxy.lab".to_owned(), "", "", "over http, https"),
        (
            format!("http://ana:x@{}", proxy.host()),
            "",
            "",
            "don’t belong",
        ),
        (proxy.host().to_owned(), "", "", "wants a sign-in"),
        (proxy.host().to_owned(), USER, "wrong", "wants a sign-in"),
        (
            "socks5://127.0.0.1:1".to_owned(),
            "",
            "",
            "can’t be reached",
        ),
    ] {
        let order = Some(through(address, user, secret));
        let told = problem(home.app.probe_by(host.clone(), order).await);
        assert_eq!(told.code, Code::Proxy, "{told:?}");
        assert!(told.message.contains(word), "{told:?}");
    }
    let new = NewAccount {
        connection: Some(through(proxy.host().to_owned(), USER, PROXY_SECRET)),
        ..account(&host, USER, SECRET)
    };
    let view = home.app.add_account(new).await.unwrap();
    let kept = ProxyView::Own {
        address: format!("http://{}", proxy.host()),
        user: Some(USER.into()),
    };
    assert_eq!(view.connection.unwrap().proxy, Some(kept));
    let through_it = || proxy.asked().len();
    let before = through_it();
    home.reopen();
    home.app
        .refresh_repositories(view.id.clone())
        .await
        .unwrap();
    assert!(through_it() > before, "{:?}", proxy.asked());
    for entry in fs::read_dir(home.folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
            assert!(!text.contains(PROXY_SECRET), "{}", path.display());
        }
    }
    let key = format!("proxy http://{}", proxy.host());
    assert!(home.keychain.holds(&key));
    // Directly from now on: what the proxy was told is forgotten.
    let direct = ConnectionOrder {
        kept: Some(view.id.clone()),
        proxy: Some(ProxyOrder::Direct),
        ..ConnectionOrder::default()
    };
    let view = home.app.change_connection(view.id, direct).await.unwrap();
    assert_eq!(view.connection.unwrap().proxy, Some(ProxyView::Direct));
    assert!(!home.keychain.holds(&key));
    let before = through_it();
    home.app.refresh_repositories(view.id).await.unwrap();
    assert_eq!(through_it(), before);
}
