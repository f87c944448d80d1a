//! Synapse as it is played.

use super::world::{On, Plays, System};
use testkit::scripted::{Faults, Scripted};
use testkit::standins;
use vendors::VendorId;

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

    async fn push(&self, repository: &str, tag: &str, text: &str) -> String {
        self.0.push(repository, tag, text)
    }

    async fn also(&self, repository: &str, tag: &str, other: &str) {
        self.0.also(repository, tag, other);
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

    fn scripted(&self) -> &Scripted {
        &self.0.registry
    }

    fn violations(&self) -> Vec<String> {
        self.0.violations()
    }
}

impl Plays for Synapse {
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
