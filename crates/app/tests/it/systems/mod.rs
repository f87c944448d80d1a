//! One story over every system: each vendor's stand-in, and the real ones that are on this computer.
//!
//! `systems!` makes a test of every step and system, so that a failure names both, and the list of what was tried, which
//! `docs/registries.md` is written from. What only one vendor does is in a file of its own beside. Grows by a system: a line below, and
//! what it is in `played`, `own_tokens` or `real`.

mod acr;
mod by_protocol;
mod ghcr;
mod gitea;
mod gitlab;
mod google;
mod harbor;
mod hub;
mod matrix;
mod own_tokens;
mod pulp;
mod quay;
mod tag_names;
mod zot;

mod played;
mod played_ghcr;
mod played_gitlab;
mod played_polly;
mod played_quay;
mod played_synapse;
mod polly;
mod real;
mod suite;
mod synapse;
mod world;

use world::{System, Tried};

macro_rules! systems {
    ($($name:ident: $system:ty, $steps:tt)*) => {
        $(mod $name { super::steps!($system, $steps); })*

        /// Everything that was tried.
        const TRIED: &[Tried] = &[$(Tried {
            vendor: <$system as System>::VENDOR,
            on: <$system as System>::ON,
            steps: $name::STEPS,
        }),*];
    };
}

macro_rules! steps {
    ($system:ty, [$($step:ident)*]) => {
        pub const STEPS: &[&str] = &[$(stringify!($step)),*];
        $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $step() {
            crate::systems::suite::$step::<$system>().await;
        })*
    };
}
use steps;

systems! {
    on_harbor: crate::systems::played::Harbor, [
        lists_many tells_of_tags three_tags_overwritten_five_times restores remembers describes creates deletes_one_of_two_tags
        wrong_secret looks_only
        expired_token rate_limit fails_500
    ]
    on_gitlab: crate::systems::own_tokens::Gitlab, [
        lists_many tells_of_tags three_tags_overwritten_five_times restores remembers describes creates deletes_one_of_two_tags
        wrong_secret looks_only
        expired_token rate_limit fails_500
    ]
    on_gitlab_with_a_token: crate::systems::played_gitlab::GitlabWithToken, [
        lists_many tells_of_tags three_tags_overwritten_five_times restores remembers describes creates deletes_one_of_two_tags wrong_secret looks_only
        expired_token fails_500
    ]
    on_acr: crate::systems::own_tokens::Acr, [
        lists_many tells_of_tags three_tags_overwritten_five_times restores remembers describes creates deletes_one_of_two_tags
        wrong_secret looks_only
        expired_token rate_limit fails_500
    ]
    on_google: crate::systems::own_tokens::Google, [
        lists_many tells_of_tags three_tags_overwritten_five_times restores remembers describes creates deletes_one_of_two_tags
        wrong_secret looks_only
        expired_token rate_limit fails_500
    ]
    on_zot: crate::systems::played::Zot, [
        lists_many tells_of_tags three_tags_overwritten_five_times restores remembers describes creates deletes_one_of_two_tags
        wrong_secret looks_only
        rate_limit fails_500
    ]
    on_gitea: crate::systems::played::Gitea, [
        lists_many tells_of_tags three_tags_overwritten_five_times restores remembers describes creates deletes_one_of_two_tags
        wrong_secret looks_only
        expired_token rate_limit fails_500
    ]
    on_pulp_played: crate::systems::played::Pulp, [
        lists_many tells_of_tags three_tags_overwritten_five_times restores remembers describes creates deletes_one_of_two_tags
        wrong_secret looks_only
        expired_token rate_limit fails_500
    ]
    on_quay: crate::systems::played_quay::Quay, [
        lists_many tells_of_tags three_tags_overwritten_five_times restores remembers describes creates deletes_one_of_two_tags
        wrong_secret looks_only
        expired_token rate_limit fails_500
    ]
    on_quay_with_a_token: crate::systems::played_quay::QuayWithToken, [
        lists_many tells_of_tags three_tags_overwritten_five_times restores remembers describes creates deletes_one_of_two_tags
        wrong_secret looks_only
        expired_token rate_limit fails_500
    ]
    on_hub: crate::systems::hub::Hub, [
        lists_many tells_of_tags three_tags_overwritten_five_times restores remembers describes creates deletes_one_of_two_tags
        wrong_secret looks_only
        expired_token rate_limit fails_500
    ]
    on_hub_with_a_log: crate::systems::hub::WithLog, [
        lists_many tells_of_tags restores remembers describes creates deletes_one_of_two_tags
        wrong_secret looks_only expired_token rate_limit fails_500
    ]
    on_ghcr: crate::systems::played_ghcr::Ghcr, [
        lists_many tells_of_tags three_tags_overwritten_five_times restores remembers describes creates wrong_secret looks_only
        expired_token rate_limit fails_500
    ]
    on_synapse: crate::systems::played_synapse::Synapse, [
        lists_many tells_of_tags three_tags_overwritten_five_times restores remembers describes creates wrong_secret looks_only
        expired_token rate_limit fails_500
    ]
    on_amazon: crate::systems::by_protocol::Amazon, [
        lists_many tells_of_tags three_tags_overwritten_five_times restores remembers describes creates deletes_one_of_two_tags wrong_secret looks_only
        rate_limit fails_500
    ]
    on_amazon_public: crate::systems::by_protocol::AmazonPublic, [
        tells_of_tags three_tags_overwritten_five_times restores remembers describes creates deletes_one_of_two_tags
        wrong_secret looks_only
        rate_limit fails_500
    ]
    on_artifactory: crate::systems::by_protocol::Artifactory, [
        lists_many tells_of_tags three_tags_overwritten_five_times restores remembers describes creates deletes_one_of_two_tags wrong_secret looks_only
        expired_token rate_limit fails_500
    ]
    on_nexus: crate::systems::by_protocol::Nexus, [
        lists_many tells_of_tags three_tags_overwritten_five_times restores remembers describes creates deletes_one_of_two_tags wrong_secret looks_only
        rate_limit fails_500
    ]
    on_the_protocol: crate::systems::played::Protocol, [
        lists_many tells_of_tags three_tags_overwritten_five_times restores remembers describes creates deletes_one_of_two_tags
        wrong_secret looks_only
        expired_token rate_limit fails_500
    ]
    on_polly: crate::systems::played_polly::Polly, [
        lists_many tells_of_tags three_tags_overwritten_five_times restores remembers describes creates deletes_one_of_two_tags
        wrong_secret looks_only
        expired_token
    ]
    on_polly_alone: crate::systems::played_polly::PollyAlone, [
        lists_many tells_of_tags three_tags_overwritten_five_times restores remembers describes creates deletes_one_of_two_tags
        wrong_secret looks_only
        expired_token rate_limit fails_500
    ]
    on_distribution_two: crate::systems::real::DistributionTwo, [
        lists_many tells_of_tags three_tags_overwritten_five_times restores remembers describes creates deletes_one_of_two_tags
        wrong_secret looks_only
    ]
    on_distribution_three: crate::systems::real::DistributionThree, [
        lists_many tells_of_tags three_tags_overwritten_five_times restores remembers describes creates deletes_one_of_two_tags
        wrong_secret looks_only
    ]
    on_pulp: crate::systems::real::Pulp, [
        lists_many tells_of_tags three_tags_overwritten_five_times restores remembers describes creates deletes_one_of_two_tags
        wrong_secret looks_only
    ]
    on_crane: crate::systems::real::Crane, [
        lists_many tells_of_tags three_tags_overwritten_five_times restores remembers describes creates deletes_one_of_two_tags looks_only
    ]
}
