//! Polly as it is played: with its own command, and without.

use super::world::{On, Plays, Remembers, System};
use super::world::{also, asked, fill};
use crate::home::{Home, SECRET, USER};
use app::view::kinds::{CommandOrder, KindOrder, VendorId as Shown};
use testkit::scripted::Scripted;
use testkit::standins;
use testkit::standins::polly::ORGANISATION;
use vendors::{Means, Part, VendorId};

/// Polly with its own command, which a person let run.
pub struct Polly(standins::polly::Polly);

/// Polly on a computer without its command.
pub struct PollyAlone(standins::polly::Polly);

impl Polly {
    /// Lets the command run for an account.
    pub async fn let_run(polly: &standins::polly::Polly, home: &Home, account: &str) {
        polly.install(&home.bin()).unwrap();
        let order = CommandOrder {
            account: account.to_owned(),
            organisation: Some(ORGANISATION.to_owned()),
        };
        home.app.let_run(order).await.unwrap();
    }
}

/// Adds an account and says that it is Polly's.
async fn polly_account(host: &str, home: &Home) -> String {
    let id = home.sign_in(host).await.id;
    let order = KindOrder {
        account: id.clone(),
        vendor: Some(Shown::Polly),
    };
    home.app.choose_kind(order).await.unwrap();
    id
}

macro_rules! polly {
    ($system:ty, $on:literal, $means:expr, $account:expr) => {
        impl System for $system {
            const VENDOR: VendorId = VendorId::Polly;
            const ON: On = On::StandIn($on);

            const REMEMBERS: Remembers = if $account {
                Remembers::Tags
            } else {
                Remembers::Nothing
            };

            fn means(part: Part) -> Means {
                $means(vendors::of(Self::VENDOR), part)
            }

            async fn start() -> Option<Self> {
                let polly = standins::polly::Polly::start_for(USER, SECRET).await;
                Some(Self(polly.unwrap()))
            }

            async fn account(&self, home: &Home) -> String {
                let id = polly_account(&self.host(), home).await;
                if $account {
                    Polly::let_run(&self.0, home, &id).await;
                }
                id
            }

            async fn push(&self, repository: &str, tag: &str, text: &str) -> String {
                self.0.push(repository, tag, text, standins::polly::WHO)
            }

            async fn also(&self, repository: &str, tag: &str, other: &str) {
                also(&self.0.registry, repository, tag, other);
                self.0.notice(standins::polly::WHO);
            }

            async fn fill(&self, count: usize) -> Vec<String> {
                let names = fill(&self.0.registry, count);
                self.0.notice(standins::polly::WHO);
                names
            }

            fn asked(&self) -> Vec<String> {
                let mut all = asked(&self.0.registry);
                all.extend(self.0.runs().iter().map(|run| format!("RUN {run}")));
                all
            }

            fn forget(&self) {
                self.0.registry.forget_requests();
                self.0.forget_runs();
            }

            fn scripted(&self) -> &Scripted {
                &self.0.registry
            }

            fn violations(&self) -> Vec<String> {
                self.0.violations()
            }
        }

        impl Plays for $system {
            fn expire_tokens(&self) {
                self.0.registry.expire_tokens();
            }

            fn token_path(&self) -> &'static str {
                "/token"
            }
        }
    };
}

polly!(
    Polly,
    "Polly’s own command, as its documentation tells of it",
    vendors::means,
    true
);
polly!(
    PollyAlone,
    "Polly’s registry, without its command",
    vendors::lacking,
    false
);
