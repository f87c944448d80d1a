//! One story over every system: each vendor's stand-in, and the real ones that are on this computer.
//!
//! `systems!` makes a test of every step and system, so that a failure names both, and the list of what was tried, which
//! `docs/registries.md` is written from. What only one vendor does is in a file of its own beside. Grows by a system: a line below, and
//! what it is in `played` or `real`.

mod harbor;
mod matrix;

mod played;
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
        lists_many tells_of_tags three_tags_overwritten_five_times restores remembers describes deletes_one_of_two_tags wrong_secret looks_only
        expired_token rate_limit fails_500
    ]
    on_synapse: crate::systems::played::Synapse, [
        lists_many tells_of_tags three_tags_overwritten_five_times restores remembers describes wrong_secret looks_only
        expired_token rate_limit fails_500
    ]
    on_the_protocol: crate::systems::played::Protocol, [
        lists_many tells_of_tags three_tags_overwritten_five_times restores remembers describes deletes_one_of_two_tags wrong_secret looks_only
        expired_token rate_limit fails_500
    ]
    on_distribution_two: crate::systems::real::DistributionTwo, [
        lists_many tells_of_tags three_tags_overwritten_five_times restores remembers describes deletes_one_of_two_tags wrong_secret looks_only
    ]
    on_distribution_three: crate::systems::real::DistributionThree, [
        lists_many tells_of_tags three_tags_overwritten_five_times restores remembers describes deletes_one_of_two_tags wrong_secret looks_only
    ]
    on_crane: crate::systems::real::Crane, [
        lists_many tells_of_tags three_tags_overwritten_five_times restores remembers describes deletes_one_of_two_tags looks_only
    ]
}
