//! What an engine may reach without TLS: shown of it, and where its registry is checked. Nothing is trusted for it.

use crate::home::{Home, account, problem};
use app::view::accounts::NewAccount;
use app::view::connection::{CheckMark, Probe};
use app::view::engine::EngineView;
use app::view::problem::Code;
use testkit::parts::{Dockerd, Part, need};
use testkit::scripted::Scripted;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_engine_may_reach_without_tls_is_told() {
    if !need(Part::Dockerd) {
        return;
    }
    // An address of this computer that doesn't look like one.
    let registry = Scripted::start_on("0.0.0.0:0").await.unwrap();
    registry.push_image("lab/tool", "v1", "one");
    let host = registry.host();
    let other = Scripted::start_on("0.0.0.0:0").await.unwrap();
    let dockerd = Dockerd::start_insecure(&[&host]).await.unwrap();
    let home = Home::with(Some(&dockerd));
    let view = home.app.engine().await.unwrap();
    let EngineView::Ready { insecure, .. } = &view else {
        panic!("{view:?}");
    };
    assert_eq!(insecure.join(" "), host);

    // We don't follow it.
    let told = problem(home.app.add_account(account(&host, "", "")).await);
    assert_eq!(told.code, Code::Address, "{told:?}");
    for (registry, is_said) in [(&host, true), (&other.host(), false)] {
        let given = NewAccount {
            allow_plain_http: true,
            ..account(&format!("http://{registry}"), "", "")
        };
        let id = home.app.add_account(given).await.unwrap().id;
        let check = home.app.check_connection(id, None, true).await;
        let lines = check.unwrap().unwrap().lines;
        let line = lines
            .iter()
            .find(|line| line.probe == Probe::Certificate)
            .unwrap();
        assert_eq!(line.mark, CheckMark::Warn, "{line:?}");
        let said = "Docker may use plain HTTP or an untrusted certificate here.";
        assert_eq!(line.said.ends_with(said), is_said, "{line:?}");
    }
}
