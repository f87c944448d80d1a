//! Quay as it is played: with an application's token, and without.

use super::world::{On, Plays, Remembers, System};
use crate::home::Home;
use app::view::kinds::SecondOrder;
use secrecy::SecretString;
use testkit::scripted::Scripted;
use testkit::standins;
use vendors::{Fallback, Means, Part, VendorId};

/// Quay, to whom nobody gave an application's token: everything by the protocol.
pub struct Quay(standins::quay::Quay);

impl System for Quay {
    const VENDOR: VendorId = VendorId::Quay;
    const ON: On = On::StandIn("Quay ffba0c7, as it answered on 28 November 2026");

    fn means(part: Part) -> Means {
        match vendors::of(Self::VENDOR).lacks(part) {
            Fallback::ByProtocol => Means::ByProtocol,
            Fallback::ByCommitTags => Means::ByCommitTags,
            Fallback::Impossible(reason) => Means::Impossible(reason),
        }
    }

    async fn start() -> Option<Self> {
        Some(Self(standins::quay::Quay::start().await.unwrap()))
    }

    async fn push(&self, repository: &str, tag: &str, text: &str) -> String {
        self.0.push(repository, tag, text)
    }

    async fn described(&self, repository: &str) -> Option<String> {
        self.0.description(repository)
    }

    fn scripted(&self) -> &Scripted {
        &self.0.registry
    }

    fn violations(&self) -> Vec<String> {
        self.0.violations()
    }
}

impl Plays for Quay {
    fn expire_tokens(&self) {
        self.0.expire_tokens();
    }

    fn token_path(&self) -> &'static str {
        "/v2/auth"
    }
}

/// Quay, to whom the account gave an application's token beside its sign-in.
pub struct QuayWithToken(Quay);

impl System for QuayWithToken {
    const VENDOR: VendorId = VendorId::Quay;
    const ON: On = On::StandIn(
        "Quay ffba0c7, as it answered on 28 November 2026, with an application's token",
    );
    const REMEMBERS: Remembers = Remembers::Tags;

    async fn start() -> Option<Self> {
        Quay::start().await.map(Self)
    }

    async fn account(&self, home: &Home) -> String {
        let account = home.sign_in(&self.host()).await.id;
        // Whose it is is recognised as its list is read.
        home.app
            .refresh_repositories(account.clone())
            .await
            .unwrap();
        let secret = SecretString::from(standins::quay::APPLICATION);
        let order = SecondOrder {
            account: account.clone(),
            user: String::new(),
            secret,
        };
        home.app.give_second(order).await.unwrap();
        account
    }

    async fn push(&self, repository: &str, tag: &str, text: &str) -> String {
        self.0.push(repository, tag, text).await
    }

    async fn described(&self, repository: &str) -> Option<String> {
        self.0.described(repository).await
    }

    fn scripted(&self) -> &Scripted {
        self.0.scripted()
    }

    fn violations(&self) -> Vec<String> {
        self.0.violations()
    }
}

impl Plays for QuayWithToken {
    fn expire_tokens(&self) {
        self.0.expire_tokens();
    }

    fn token_path(&self) -> &'static str {
        self.0.token_path()
    }
}
