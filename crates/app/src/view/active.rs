//! *Make active*: pointing a tag at an older commit, without pulling anything. Also *Put back* of a deleted tag.

use super::push::{KeepAnswer, KeepPlan, PushTarget};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Asked when the sheet opens.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ActiveQuestion {
    /// Account id.
    pub account: String,
    /// `namespace/name`.
    pub repository: String,
    /// The tag that is to move.
    pub tag: String,
    /// The whole digest, or the commit tag where only that is known.
    pub commit: String,
}

/// What would happen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ActivePlan {
    /// What the tag points at now; absent: the tag is deleted and would be there again.
    pub from: Option<PushTarget>,
    /// What it would point at.
    pub to: PushTarget,
    /// What differs and may not be meant, a sentence each, shown in amber.
    pub warnings: Vec<String>,
    /// How the commit the tag leaves is kept.
    pub keep: KeepPlan,
}

/// Do it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ActiveOrder {
    /// Account id.
    pub account: String,
    /// `namespace/name`.
    pub repository: String,
    /// The tag.
    pub tag: String,
    /// The whole digest it shall point at.
    pub digest: String,
    /// What the sheet showed the tag pointing at; anything else stops with `TagMoved`.
    pub expected: Option<String>,
    /// The answer about keeping.
    pub keep: KeepAnswer,
    /// A new answer is stored in the repository, for everyone, where that may be done.
    pub share_rule: bool,
    /// The rule of the repository that the sheet showed and the person ticked, word for word (`asks` of the plan).
    #[serde(default)]
    pub allows: Option<String>,
    /// The second yes: move the tag though the commit it leaves can't be kept.
    pub accept_loss: bool,
}
