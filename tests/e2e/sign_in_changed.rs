//! A registry that wants the secret sent elsewhere: nothing is sent, the window says so, and a person decides.

use crate::desk::{Setup, ready, walk};
use anyhow::{Result, ensure};
use testkit::scripted::{Auth, Scripted};
use testkit::steps::{choose_for_registry, id, repository, type_registry};
use testkit::webdriver::{Window, key};

const USER: &str = "demo";
const SECRET: &str = "correct horse battery staple";

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_goes_nowhere_else_before_a_person_says_so() {
    if !ready(&[]) {
        return;
    }
    let (registry, elsewhere) = (guarded().await, guarded().await);
    registry.push_image("lab/tool", "v1", "one");
    walk("sign-in-changed", Setup::default(), async |desk| {
        let window = desk.window()?;
        let host = registry.host();
        type_registry(window, &host, USER, SECRET).await?;
        window.find_with(&id("way"), &host).await?;
        window.click_ready(&id("sign-in")).await?;
        window.gone(&id("registry-sheet")).await?;
        window.find(&repository("lab/tool")).await?;

        // Its token service moves.
        let realm = format!("http://{}/token", elsewhere.host());
        registry.set(|faults| faults.realm = Some(realm));
        registry.expire_tokens();
        choose_for_registry(window, &host, "menu-refresh").await?;
        opened(window, &elsewhere.host()).await?;
        window.find_with(&id("way-so-far"), &host).await?;
        // *Don't send it* is where one begins.
        window.press(&[key::ENTER]).await?;
        window.gone(&id("sign-in-changed-sheet")).await?;
        saw_no_secret(&elsewhere)?;

        // It wants user and secret itself, and the person agrees.
        registry.set(|faults| (faults.realm, faults.auth) = (None, Auth::Basic));
        choose_for_registry(window, &host, "menu-refresh").await?;
        opened(window, "with every request").await?;
        registry.forget_requests();
        window.click_ready(&id("approve-sign-in")).await?;
        window.gone(&id("sign-in-changed-sheet")).await?;
        window.gone(&id("sign-in-changed")).await?;
        registry.push_image("lab/other", "v1", "two");
        choose_for_registry(window, &host, "menu-refresh").await?;
        window.find(&repository("lab/other")).await?;
        saw_no_secret(&elsewhere)
    })
    .await;
}

/// Starts a registry with a token service of its own.
async fn guarded() -> Scripted {
    let registry = Scripted::start().await.unwrap();
    registry.set(|faults| {
        faults.auth = Auth::TokenGet;
        faults.sign_in = Some((USER.into(), SECRET.into()));
    });
    registry
}

/// Opens the sheet from the registry's row once that tells of this way, and waits until it says where the secret would go
/// now.
async fn opened(window: &Window, now: &str) -> Result<()> {
    let row = format!("{}[title*=\"{now}\"]", id("sign-in-changed"));
    window.click_ready(&row).await?;
    window.find_with(&id("way-now"), now).await?;
    Ok(())
}

/// Checks that no secret and no token ever came here.
fn saw_no_secret(host: &Scripted) -> Result<()> {
    let mut seen = host.requests().into_iter();
    let with = seen.find(|seen| seen.has_authorization || seen.method == "POST");
    ensure!(with.is_none(), "{with:?}");
    Ok(())
}
