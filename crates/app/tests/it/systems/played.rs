//! Systems that are played: they run in the test itself, and fail as it likes.

use super::world::{On, Plays, System};
use crate::home::{Home, SECRET, USER};
use app::view::kinds::{CommandOrder, KindOrder, VendorId as Shown};
use testkit::images::MANIFEST;
use testkit::scripted::{Auth, Scripted};
use testkit::standins;
use testkit::standins::polly::ORGANISATION;
use vendors::{Means, Part, VendorId};

/// Lists what a scripted registry was asked.
fn asked(registry: &Scripted) -> Vec<String> {
    let all = registry.requests().into_iter();
    all.map(|seen| format!("{} {}", seen.method, seen.path))
        .collect()
}

fn also(registry: &Scripted, repository: &str, tag: &str, other: &str) {
    let digest = registry.tagged(repository, tag).unwrap();
    let bytes = registry.manifest(repository, &digest).unwrap();
    registry.put_manifest(repository, Some(other), MANIFEST, &bytes);
}

fn fill(registry: &Scripted, count: usize) -> Vec<String> {
    let names: Vec<String> = (0..count).map(|at| format!("lab/r{at:04}")).collect();
    for name in &names {
        registry.put_manifest(name, Some("v1"), MANIFEST, b"{}");
    }
    names
}

/// The protocol and nothing else, with tokens.
pub struct Protocol(Scripted);

impl System for Protocol {
    const VENDOR: VendorId = VendorId::Plain;
    const ON: On = On::StandIn("the protocol alone, with tokens");

    async fn start() -> Option<Self> {
        let registry = Scripted::start().await.unwrap();
        registry.set(|faults| {
            faults.auth = Auth::TokenGet;
            faults.sign_in = Some((USER.into(), SECRET.into()));
        });
        Some(Self(registry))
    }

    fn host(&self) -> String {
        self.0.host()
    }

    async fn push(&self, repository: &str, tag: &str, text: &str) -> String {
        self.0.push_image(repository, tag, text)
    }

    async fn also(&self, repository: &str, tag: &str, other: &str) {
        also(&self.0, repository, tag, other);
    }

    async fn tagged(&self, repository: &str, tag: &str) -> Option<String> {
        self.0.tagged(repository, tag)
    }

    async fn fill(&self, count: usize) -> Vec<String> {
        fill(&self.0, count)
    }

    fn asked(&self) -> Vec<String> {
        asked(&self.0)
    }

    fn forget(&self) {
        self.0.forget_requests();
    }

    fn violations(&self) -> Vec<String> {
        let mut all = self.asked();
        all.retain(|request| super::world::is_own(request));
        all
    }
}

impl Plays for Protocol {
    fn registry(&self) -> &Scripted {
        &self.0
    }

    fn expire_tokens(&self) {
        self.0.expire_tokens();
    }

    fn token_path(&self) -> &'static str {
        "/token"
    }
}

/// Harbor.
pub struct Harbor(standins::harbor::Harbor);

impl System for Harbor {
    const VENDOR: VendorId = VendorId::Harbor;
    const ON: On = On::StandIn("Harbor 2.15.2, as it answered on 28 November 2026");
    // To its token service, which gives a token that is good for nothing, and is asked once more.
    const WRONG_IS_SENT: usize = 2;

    async fn start() -> Option<Self> {
        Some(Self(standins::harbor::Harbor::start().await.unwrap()))
    }

    fn host(&self) -> String {
        self.0.host()
    }

    async fn push(&self, repository: &str, tag: &str, text: &str) -> String {
        self.0.registry.push_image(repository, tag, text)
    }

    async fn also(&self, repository: &str, tag: &str, other: &str) {
        also(&self.0.registry, repository, tag, other);
    }

    async fn tagged(&self, repository: &str, tag: &str) -> Option<String> {
        self.0.registry.tagged(repository, tag)
    }

    async fn fill(&self, count: usize) -> Vec<String> {
        fill(&self.0.registry, count)
    }

    fn asked(&self) -> Vec<String> {
        asked(&self.0.registry)
    }

    fn forget(&self) {
        self.0.registry.forget_requests();
    }

    fn violations(&self) -> Vec<String> {
        self.0.violations()
    }
}

impl Plays for Harbor {
    fn registry(&self) -> &Scripted {
        &self.0.registry
    }

    fn expire_tokens(&self) {
        self.0.expire_tokens();
    }

    fn token_path(&self) -> &'static str {
        "/service/token"
    }
}

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

            fn means(part: Part) -> Means {
                $means(vendors::of(Self::VENDOR), part)
            }

            async fn start() -> Option<Self> {
                let polly = standins::polly::Polly::start_for(USER, SECRET).await;
                Some(Self(polly.unwrap()))
            }

            fn host(&self) -> String {
                self.0.host()
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

            async fn tagged(&self, repository: &str, tag: &str) -> Option<String> {
                self.0.registry.tagged(repository, tag)
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

            fn violations(&self) -> Vec<String> {
                self.0.violations()
            }
        }

        impl Plays for $system {
            fn registry(&self) -> &Scripted {
                &self.0.registry
            }

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
