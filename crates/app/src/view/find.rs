//! What is found of all that is cached, for whoever types a part of its name.

use serde::Serialize;
use ts_rs::TS;

/// A repository, or a tag of one, whose name answers what was typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FoundName {
    /// Account id.
    pub account: String,
    /// `namespace/name`.
    pub repository: String,
    /// The tag; absent: the repository itself was found.
    pub tag: Option<String>,
    /// How it answers.
    pub fit: Fit,
}

/// How a name answers what was typed, the best way first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Fit {
    /// It is what was typed, or its last part is.
    Exact,
    /// It begins so, or its last part does.
    Beginning,
    /// A word in it begins so.
    Word,
    /// It stands somewhere in it.
    Inside,
    /// Its letters stand in it in their order, the first at the beginning of a word.
    Letters,
}
