//! Systems that are played: they run in the test itself, and fail as it likes.

use super::world::{On, Plays, Remembers, System};
use crate::home::{SECRET, USER};
use testkit::images::MANIFEST;
use testkit::scripted::{Auth, Faults, Scripted};
use testkit::standins;
use vendors::VendorId;

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
    const REMEMBERS: Remembers = Remembers::Untagged;

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

    async fn described(&self, repository: &str) -> Option<String> {
        self.0.described(repository)
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

/// Synapse.
pub struct Synapse(standins::synapse::Synapse);

impl System for Synapse {
    const VENDOR: VendorId = VendorId::Synapse;
    const ON: On = On::StandIn("Synapse, as its source of 24 October 2024 reads");
    // Each costs a question of its own.
    const REPOSITORIES: usize = 250;
    const REPOSITORY: &'static str = "syn123/tool";
    const TELLS_SIZES: bool = false;

    async fn start() -> Option<Self> {
        Some(Self(standins::synapse::Synapse::start().await.unwrap()))
    }

    fn host(&self) -> String {
        self.0.host()
    }

    async fn push(&self, repository: &str, tag: &str, text: &str) -> String {
        self.0.push(repository, tag, text)
    }

    async fn also(&self, repository: &str, tag: &str, other: &str) {
        self.0.also(repository, tag, other);
    }

    async fn tagged(&self, repository: &str, tag: &str) -> Option<String> {
        self.0.registry.tagged(repository, tag)
    }

    async fn described(&self, repository: &str) -> Option<String> {
        self.0.described(repository)
    }

    async fn fill(&self, count: usize) -> Vec<String> {
        self.0.fill(count)
    }

    fn asked(&self) -> Vec<String> {
        self.0.asked()
    }

    fn forget(&self) {
        self.0.forget();
    }

    fn violations(&self) -> Vec<String> {
        self.0.violations()
    }
}

impl Plays for Synapse {
    fn registry(&self) -> &Scripted {
        &self.0.registry
    }

    fn set(&self, change: impl Fn(&mut Faults)) {
        self.0.set(change);
    }

    fn expire_tokens(&self) {
        self.0.expire_tokens();
    }

    fn token_path(&self) -> &'static str {
        "/docker/v1/bearerToken"
    }
}
