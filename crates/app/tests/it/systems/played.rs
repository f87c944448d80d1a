//! Systems that are played: they run in the test itself, and fail as it likes.

use super::world::{On, Plays, Remembers, System, also};
use crate::home::{SECRET, USER};
use testkit::scripted::{Auth, Scripted};
use testkit::standins;
use vendors::VendorId;

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

    fn scripted(&self) -> &Scripted {
        &self.0
    }

    fn violations(&self) -> Vec<String> {
        let mut all = self.asked();
        all.retain(|request| super::world::is_own(request));
        all
    }
}

impl Plays for Protocol {
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
    const REMEMBERS: Remembers = Remembers::Untagged;

    async fn start() -> Option<Self> {
        Some(Self(standins::harbor::Harbor::start().await.unwrap()))
    }

    async fn described(&self, repository: &str) -> Option<String> {
        self.0.described(repository)
    }

    fn scripted(&self) -> &Scripted {
        &self.0.registry
    }

    fn violations(&self) -> Vec<String> {
        self.0.violations()
    }
}

impl Plays for Harbor {
    fn expire_tokens(&self) {
        self.0.expire_tokens();
    }

    fn token_path(&self) -> &'static str {
        "/service/token"
    }
}

/// Pulp.
pub struct Pulp(pub standins::pulp::Pulp);

impl System for Pulp {
    const VENDOR: VendorId = VendorId::Pulp;
    const ON: On = On::StandIn("Pulp, as pulp-container 2.30 answered on 30 November 2026");
    const REMEMBERS: Remembers = Remembers::Tags;

    async fn start() -> Option<Self> {
        Some(Self(standins::pulp::Pulp::start().await.unwrap()))
    }

    async fn push(&self, repository: &str, tag: &str, text: &str) -> String {
        self.0.push(repository, tag, text)
    }

    async fn also(&self, repository: &str, tag: &str, other: &str) {
        also(&self.0.registry, repository, tag, other);
        self.0.notice(repository);
    }

    async fn tagged(&self, repository: &str, tag: &str) -> Option<String> {
        let registry = &self.0.registry;
        // A digest is there where its manifest is.
        let there = registry.manifest(repository, tag).map(|_| tag.to_owned());
        there.or_else(|| registry.tagged(repository, tag))
    }

    async fn described(&self, repository: &str) -> Option<String> {
        self.0.described(repository)
    }

    fn scripted(&self) -> &Scripted {
        &self.0.registry
    }

    fn violations(&self) -> Vec<String> {
        self.0.violations()
    }
}

impl Plays for Pulp {
    fn expire_tokens(&self) {
        self.0.expire_tokens();
    }

    fn token_path(&self) -> &'static str {
        "/token/"
    }
}

/// Gives a played vendor what the suite needs of every system, from its stand-in.
macro_rules! played {
    ($($(#[$doc:meta])* $name:ident: $standin:path, $what:literal, $wrong:literal;)*) => {$(
        $(#[$doc])*
        pub struct $name($standin);

        impl System for $name {
            const VENDOR: VendorId = VendorId::$name;
            const ON: On = On::StandIn($what);
            const WRONG_IS_SENT: usize = $wrong;

            async fn start() -> Option<Self> {
                Some(Self(<$standin>::start().await.unwrap()))
            }

            fn scripted(&self) -> &Scripted {
                &self.0.registry
            }

            fn violations(&self) -> Vec<String> {
                self.0.violations()
            }
        }
    )*};
}

played! {
    /// zot, with its search extension.
    Zot: standins::zot::Zot, "zot after 2.1.20, as it answered on 28 November 2026, and its search extension as its source says", 1;
    /// Gitea. A secret that may be wrong goes to its token service in three wordings: the catalog, its own `*`, and none.
    Gitea: standins::gitea::Gitea, "Gitea 1.28-dev, as it answered on 28 November 2026", 3;
}

impl Plays for Zot {}

impl Plays for Gitea {
    fn expire_tokens(&self) {
        self.0.expire_tokens();
    }

    fn token_path(&self) -> &'static str {
        "/v2/token"
    }
}
