//! What the person should know of what was done, besides that it was done.

use super::said::Said;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Something the person should know of what was done. The window compares its names, never its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Note {
    /// A sentence.
    pub text: String,
    /// The commit tag it speaks of, where it speaks of one.
    pub commit_tag: Option<String>,
    /// What was said, as data. It stays here.
    #[serde(skip)]
    #[ts(skip)]
    pub said: Said,
}
