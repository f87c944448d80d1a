//! The ways an older commit can be lost, under each rule: a table, and a test for each of its cells.
//!
//! A cell sets its situation up on a real registry where a real one can produce it, else on the scripted one.
//! What it asserts is seen: what a refresh and the timeline show of the commit, and what the registry really
//! answers to a GET by the path that is shown. The table is the one of `docs/architecture.md`; see [`rendered`].
//!
//! Not here: how a sheet asks, what a push says. Grows by a way: a row of the table and a function that does it.

mod cleaning;
mod computer;
mod deleting;
mod hands;
mod others;
mod overwriting;
mod rendered;
mod scene;
mod table;

use app::view::keep::KeepRule;
use app::view::push::KeepAnswer;

/// What is left of the older commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// A commit tag keeps it, and it can be pulled.
    Kept,
    /// The timeline lists it and it can be pulled, but nothing keeps it.
    Listed,
    /// The timeline lists it as gone, and the registry says the same.
    Gone,
    /// Nothing lists it: nobody here has seen it.
    Unseen,
}

/// How the repository keeps, and what the person answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// *Off*.
    Off,
    /// *On request*, and it was requested: the box was ticked or, where no sheet of ours is open, *Keep this commit*
    /// was pressed as soon as the window showed a reason to.
    Asked,
    /// *On request*, and nothing was requested.
    Unasked,
    /// *At each overwrite*.
    Overwrite,
    /// *At every push*.
    Push,
}

impl Rule {
    /// In the order of the table's columns.
    pub const ALL: [Self; 5] = [
        Self::Off,
        Self::Asked,
        Self::Unasked,
        Self::Overwrite,
        Self::Push,
    ];

    /// As the repository has it.
    pub fn stored(self) -> KeepRule {
        match self {
            Self::Off => KeepRule::Off,
            Self::Asked | Self::Unasked => KeepRule::OnRequest,
            Self::Overwrite => KeepRule::Overwrite,
            Self::Push => KeepRule::Push,
        }
    }

    /// The answer in a sheet that stores it.
    pub fn said(self) -> KeepAnswer {
        match self {
            Self::Off => KeepAnswer::Off,
            Self::Asked | Self::Unasked => KeepAnswer::JustThis,
            Self::Overwrite => KeepAnswer::EachOverwrite,
            Self::Push => KeepAnswer::EveryPush,
        }
    }

    /// What the person answers in the sheet that is about to overwrite.
    pub fn answer(self) -> KeepAnswer {
        match self {
            Self::Asked => KeepAnswer::JustThis,
            Self::Unasked => KeepAnswer::NotThis,
            Self::Off | Self::Overwrite | Self::Push => KeepAnswer::ByRule,
        }
    }
}

/// A test for each rule, in a module named after the way.
macro_rules! cells {
    ($module:ident, $way:ident, $($on:expr)?) => {
        cells!(@ $module, $way, off, Off, $($on)?);
        cells!(@ $module, $way, on_request_asked, Asked, $($on)?);
        cells!(@ $module, $way, on_request_not_asked, Unasked, $($on)?);
        cells!(@ $module, $way, at_each_overwrite, Overwrite, $($on)?);
        cells!(@ $module, $way, at_every_push, Push, $($on)?);
    };
    (@ $module:ident, $way:ident, $test:ident, $rule:ident, $($on:expr)?) => {
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $test() {
            use $crate::losses::{Rule, $module, table};
            let found = $module::$way(Rule::$rule, $($on)?).await;
            table::check(stringify!($way), Rule::$rule, found);
        }
    };
}

/// Ways, each with where it is set up: `real` on distribution 2.8 and again on 3, `old` and `new` on one of them,
/// `scripted` on the scripted registry.
macro_rules! ways {
    ($($where:ident $module:ident::$way:ident;)+) => {
        /// Every way that has its tests.
        pub const WAYS: &[&str] = &[$(stringify!($way)),+];
        $(mod $way { ways!(@ $where $module $way); })+
    };
    (@ real $module:ident $way:ident) => {
        mod on_2_8 { cells!($module, $way, testkit::parts::RegistryVersion::Two); }
        mod on_3 { cells!($module, $way, testkit::parts::RegistryVersion::Three); }
    };
    (@ old $module:ident $way:ident) => {
        mod on_2_8 { cells!($module, $way, testkit::parts::RegistryVersion::Two); }
    };
    (@ new $module:ident $way:ident) => {
        mod on_3 { cells!($module, $way, testkit::parts::RegistryVersion::Three); }
    };
    (@ scripted $module:ident $way:ident) => {
        cells!($module, $way,);
    };
}

ways! {
    old overwriting::overwritten_by_our_push;
    real overwriting::overwritten_by_make_active;
    old overwriting::overwritten_by_docker_push;
    real overwriting::overwritten_by_someone;
    real cleaning::cleaned_up;
    real cleaning::cleaned_up_with_untagged;
    old cleaning::platforms_cleaned_up_on_2_8;
    new cleaning::platforms_cleaned_up_on_3;
    real deleting::tag_deleted_by_us;
    scripted deleting::tag_deleted_by_someone;
    real deleting::digest_deleted_by_someone;
    real others::two_writers_at_once;
    real others::second_computer;
    scripted others::offline_for_a_week;
    scripted others::offline_while_cleaned_up;
    scripted others::dropped_when_we_overwrite;
    scripted others::dropped_when_someone_overwrites;
    real hands::colleagues_commit_displaced;
    scripted hands::commit_tag_planted;
    scripted hands::commit_tag_overwritten;
    scripted hands::commit_tag_deleted;
    scripted hands::repository_deleted;
    scripted hands::pushed_between_read_and_write;
}
