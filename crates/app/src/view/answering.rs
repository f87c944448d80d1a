//! Who has not answered: a registry, or the engine, that something on the screen waits for.

use super::problem::Problem;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Whom the window waits for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", tag = "of")]
pub enum Whom {
    /// The registry of an account.
    Account {
        /// Account id.
        account: String,
    },
    /// The registry whose address stands in the sheet of a sign-in.
    SignIn,
    /// The engine of this computer.
    Engine,
}

/// One who has not answered. Whoever answers is not listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Unanswered {
    /// Who.
    pub whom: Whom,
    /// Since when, and what is known of it.
    pub state: Silence,
}

/// How somebody does not answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "kind"
)]
pub enum Silence {
    /// A question has waited for some seconds.
    Waiting,
    /// It can't be asked, or has said nothing for long: until the first answer.
    Trouble {
        /// Why.
        problem: Problem,
        /// True while a question waits all the same: it can be ended.
        asking: bool,
    },
    /// The person ended the questions; nothing was asked since.
    Ended,
}
