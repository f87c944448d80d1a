//! GitLab with a second sign-in, as its own token service gives a person nothing that its registry's list of a namespace wants:
//! that is asked all the same, in two wordings, before GitLab itself is.

use super::own_tokens::Gitlab;
use super::world::{On, Plays, System};
use crate::home::Home;
use app::view::kinds::{KindOrder, SecondOrder};
use credentials::SecretKey;
use secrecy::SecretString;
use testkit::scripted::Scripted;
use testkit::standins::gitlab::TOKEN;
use vendors::VendorId;

/// GitLab, by an account of a namespace, to whom it gave an access token beside its sign-in.
pub struct GitlabWithToken(pub Gitlab);

impl System for GitlabWithToken {
    const VENDOR: VendorId = VendorId::Gitlab;
    const ON: On = On::StandIn(
        "GitLab’s registry 4.39.0, with an access token of GitLab itself, as its documentation says",
    );

    async fn start() -> Option<Self> {
        let gitlab = Gitlab::start().await?;
        gitlab.0.narrow();
        Some(Self(gitlab))
    }

    fn key(&self) -> SecretKey {
        self.0.key()
    }

    async fn account(&self, home: &Home) -> String {
        let account = self.0.account(home).await;
        // Said, as no list was read yet that would tell it: whether there is a catalog isn't known either then.
        let kind = KindOrder {
            account: account.clone(),
            vendor: Some(app::view::kinds::VendorId::Gitlab),
        };
        home.app.choose_kind(kind).await.unwrap();
        let order = SecondOrder {
            account: account.clone(),
            user: String::new(),
            secret: SecretString::from(TOKEN),
        };
        home.app.give_second(order).await.unwrap();
        account
    }

    fn scripted(&self) -> &Scripted {
        self.0.scripted()
    }

    fn violations(&self) -> Vec<String> {
        self.0.violations()
    }
}

impl Plays for GitlabWithToken {
    fn expire_tokens(&self) {
        self.0.expire_tokens();
    }

    fn token_path(&self) -> &'static str {
        self.0.token_path()
    }
}
