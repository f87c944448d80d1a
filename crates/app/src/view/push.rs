//! The push sheet: what will happen, in numbers, before the button; and what the person answered.

use super::browse::TimeFact;
use super::keep::KeepRule;
use super::keep::RuleFrom;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A repository where an image may be meant to go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LikelyPlace {
    /// Account id.
    pub account: String,
    /// `namespace/name`.
    pub repository: String,
    /// The tag that the image, else an image of its name, last went to or came from there.
    pub tag: Option<String>,
    /// Why it is proposed.
    pub why: Likely,
    /// When that was (seconds, UTC).
    #[ts(type = "number | null")]
    pub at: Option<i64>,
}

/// Why a repository is proposed, the best reason first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Likely {
    /// This image was pushed there.
    Pushed,
    /// This image was pulled from there.
    Pulled,
    /// An image of this name was pushed there, or pulled from there.
    NamePushed,
    /// The image's name says so.
    Named,
    /// It ends with the image's name.
    SameName,
    /// Something was pushed there.
    Recent,
}

/// Asked when an image is dropped, and again when the tag in the sheet changes.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PushQuestion {
    /// The image's id, `sha256:…`; absent: it isn't made yet.
    pub image: Option<String>,
    /// The row's name, where it had one.
    pub name: Option<String>,
    /// Account id.
    pub account: String,
    /// `namespace/name`; may be a new one.
    pub repository: String,
    /// The tag.
    pub tag: String,
    /// The engine it is about, by its id; absent: the one that is used.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub engine: Option<String>,
    /// Of an image that isn't made yet, the platform it will be for; absent: its base's, else the engine's own.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub platform: Option<String>,
    /// Of an image that isn't made yet, the image whose layers it will have besides its own.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub base: Option<String>,
}

/// What a push would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PushPlan {
    /// What is pushed; absent: it isn't made yet.
    pub image: Option<PushImage>,
    /// What the tag points at now; absent: the tag is new.
    pub target: Option<PushTarget>,
    /// What differs and may not be meant, a sentence each ("amd64 only, arm64 is lost"), shown in amber.
    pub warnings: Vec<String>,
    /// True where the repository does not exist yet, as far as the registry tells.
    pub new_repository: bool,
    /// How the commit the tag leaves is kept.
    pub keep: KeepPlan,
    /// Bytes that go at most (unpacked sizes of the layers not known to be there); absent: unknown. Of an image that
    /// isn't made yet those of its base.
    #[ts(type = "number | null")]
    pub at_most: Option<u64>,
    /// Layers not known to be in the repository.
    pub new_layers: u32,
    /// A local name that somebody gave to another image, and that the push would move here; ask first. One that a push
    /// or pull of ours gave moves by itself.
    pub name_taken: Option<String>,
    /// The other computer that the registry's sign-in would go to, as the engine is there.
    #[ts(optional = nullable)]
    pub secret_goes_to: Option<String>,
    /// That the registry lists images in Docker's own format alone, as a sentence; absent: it lists others as well.
    #[ts(optional = nullable)]
    pub docker_alone: Option<String>,
}

/// The image of a push plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PushImage {
    /// First 12 hex digits of the image's id.
    pub short: String,
    /// Built (seconds, UTC).
    #[ts(type = "number | null")]
    pub created: Option<i64>,
    /// Bytes unpacked.
    #[ts(type = "number")]
    pub size: u64,
    /// `os/architecture[/variant]`, at most 64; then what else is to say of them, such as how many more there are.
    pub platforms: Vec<String>,
}

/// What the tag points at before the push.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PushTarget {
    /// The whole digest.
    pub digest: String,
    /// When it became active.
    pub time: Option<TimeFact>,
    /// Compressed bytes.
    #[ts(type = "number | null")]
    pub size: Option<u64>,
    /// `os/architecture[/variant]`, at most 64; then what else is to say of them, such as how many more there are.
    pub platforms: Vec<String>,
    /// True where it is what would be pushed, as far as can be told beforehand.
    pub same_image: bool,
}

/// How the commit that the tag leaves will be kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum KeepPlan {
    /// Nothing is overwritten.
    Nothing,
    /// The repository has never been asked: ask now.
    #[serde(rename_all = "camelCase")]
    Ask {
        /// The fitting answer.
        preselected: KeepRule,
        /// The commit tag that would be written.
        commit_tag: String,
        /// What may happen to the old commit where it is not kept, as a sentence.
        without: String,
        /// Until when it stays then, where the registry is known to count that from the moment its tag leaves it (seconds, UTC).
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional, type = "number")]
        until: Option<i64>,
        /// What could remove a commit tag here later, as a sentence.
        caution: String,
    },
    /// It has been: one line tells the rule; *on request* shows an unticked "Keep 8c41…".
    #[serde(rename_all = "camelCase")]
    Rule {
        /// The rule.
        rule: KeepRule,
        /// Who set it.
        set_by: RuleFrom,
        /// The commit tag that is (or, on request, would be) written.
        commit_tag: String,
        /// True where a commit tag for this very commit is there already.
        already_kept: bool,
        /// What may happen to the old commit where it is not kept.
        without: String,
        /// Until when it stays then, as above (seconds, UTC).
        #[serde(skip_serializing_if = "Option::is_none")]
        #[ts(optional, type = "number")]
        until: Option<i64>,
        /// The rule word for word, where it is the repository's and this computer was not allowed to follow it by itself:
        /// the sheet's tick is the yes for this time.
        asks: Option<String>,
    },
    /// It can't be kept here (tag over 95 characters, registry refuses): a second yes is needed.
    #[serde(rename_all = "camelCase")]
    Impossible {
        /// Why, as a sentence.
        why: String,
    },
}

/// The person's answer in the sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum KeepAnswer {
    /// Nothing was asked: follow the rule.
    ByRule,
    /// "At each overwrite here": stores *overwrite* and keeps this one.
    EachOverwrite,
    /// "At every push": stores *push*, keeps this one and, right after, the new commit.
    EveryPush,
    /// "Just this time": keeps this one and stores *on request*.
    JustThis,
    /// "Don't keep": stores *off*.
    Off,
    /// Not kept this time, nothing stored (the unticked box of *on request*).
    NotThis,
}

/// Push now.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PushOrder {
    /// The image's id.
    pub image: String,
    /// The name in the engine that it was chosen by, where it has one.
    #[serde(default)]
    pub name: Option<String>,
    /// Account id.
    pub account: String,
    /// `namespace/name`.
    pub repository: String,
    /// The tag.
    pub tag: String,
    /// What the sheet showed the tag pointing at; a push that finds something else stops with `TagMoved`.
    pub expected: Option<String>,
    /// The answer about keeping.
    pub keep: KeepAnswer,
    /// A new answer about keeping is stored in the repository, for everyone, where that may be done.
    #[serde(default)]
    pub share_rule: bool,
    /// The rule of the repository that the sheet showed and the person ticked, word for word (`asks` of the plan).
    #[serde(default)]
    pub allows: Option<String>,
    /// The second yes: overwrite though the old commit can't be kept.
    pub accept_loss: bool,
    /// What becomes of a local name that somebody gave to another image.
    #[serde(default)]
    pub taken_name: NameAnswer,
    /// The engine it goes from, by its id; absent: the one that is used.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub engine: Option<String>,
    /// The other computer that the person agreed the registry's sign-in goes to, where the engine is on one.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub secret_goes_to: Option<String>,
    /// What the engine pushes is put under the tag once more in Docker's own format, where it is in another one.
    #[serde(default)]
    #[ts(as = "Option<bool>", optional)]
    pub as_docker: bool,
}

/// The person's answer where a local name is another image's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum NameAnswer {
    /// Nothing was asked: a push that finds such a name stops.
    #[default]
    Unasked,
    /// The name moves to the image that is pushed.
    Move,
    /// The name stays where it is.
    Leave,
}

/// Pull now.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PullOrder {
    /// Account id.
    pub account: String,
    /// `namespace/name`.
    pub repository: String,
    /// The tag whose commit it is.
    pub tag: String,
    /// The whole digest, or the commit tag where only that is known; absent: the active commit.
    pub commit: Option<String>,
    /// The person agreed that a local name moves to this image.
    pub move_name: bool,
    /// The engine it goes to, by its id; absent: the one that is used.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub engine: Option<String>,
    /// The other computer that the person agreed the registry's sign-in goes to, where the engine is on one.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub secret_goes_to: Option<String>,
}
