//! How a repository keeps: its rule, who set it, and what pruning would remove.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How a repository keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KeepView {
    /// The rule that holds here; absent: nobody was asked yet.
    pub rule: Option<KeepRule>,
    /// Who set it.
    pub set_by: RuleFrom,
    /// How long commits are kept.
    pub prune: Prune,
    /// Commits that someone else displaced are kept by themselves, once a tag and digest.
    pub rescue: bool,
    /// The repository has a rule, and this person said *off* for themselves.
    pub off_for_me: bool,
    /// The rule that fits this registry.
    pub fitting: KeepRule,
    /// The repository's rule, where this computer would write by itself because of it; absent: there is nothing to allow.
    pub consent: Option<RuleConsent>,
    /// What others see and what may still remove a commit tag here, in sentences.
    pub caution: String,
}

/// A rule of the repository by which a computer writes by itself, and what was said to it on this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RuleConsent {
    /// The rule word for word, as it is answered to.
    pub rule: String,
    /// When this computer may write because of it.
    pub keep: Option<KeepRule>,
    /// It also wants what others displace to be kept.
    pub rescue: bool,
    /// Who set it, as it says itself: whoever may push may write that.
    pub author: Option<String>,
    /// What was said; absent: it is to be asked now.
    pub answer: Option<RuleAnswer>,
}

/// What a person says to a repository's rule, for this computer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum RuleAnswer {
    /// This computer may write by itself because of it.
    Allow,
    /// It may not; sheets still show the rule.
    NotHere,
    /// It may not now; the person is asked again another day.
    Later,
}

impl RuleAnswer {
    /// Names it as it is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::NotHere => "not-here",
            Self::Later => "later",
        }
    }

    /// Reads what was stored; unknown words are no answer.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Allow, Self::NotHere, Self::Later]
            .into_iter()
            .find(|answer| answer.as_str() == text)
    }
}

/// Answers a repository's rule.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RuleAnswerOrder {
    /// Account id.
    pub account: String,
    /// `namespace/name`.
    pub repository: String,
    /// The rule that was shown, word for word; another one by now is not answered.
    pub rule: String,
    /// The answer.
    pub answer: RuleAnswer,
}

/// Who set a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum RuleFrom {
    /// Nobody was asked yet.
    Nobody,
    /// The person, on this computer.
    ThisComputer,
    /// It is stored in the repository.
    Repository {
        /// Who is named as its author there.
        author: Option<String>,
    },
}

/// How long commits are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Prune {
    /// For ever.
    #[default]
    All,
    /// The newest so many of each tag.
    Last {
        /// Commits of each tag, at least 1.
        commits: u32,
    },
    /// So many days after another took their place.
    Days {
        /// At least 1.
        days: u32,
    },
}

impl Prune {
    /// Writes it as it is stored, here and in a registry: `all`, `last=N`, `days=N`.
    pub fn as_text(self) -> String {
        match self {
            Self::All => "all".to_owned(),
            Self::Last { commits } => format!("last={commits}"),
            Self::Days { days } => format!("days={days}"),
        }
    }

    /// Reads what was stored; unknown words and zeros are no rule.
    pub fn parse(text: &str) -> Option<Self> {
        let number = |text: &str| text.parse::<u32>().ok().filter(|number| *number > 0);
        match text.split_once('=') {
            None => (text == "all").then_some(Self::All),
            Some(("last", commits)) => Some(Self::Last {
                commits: number(commits)?,
            }),
            Some(("days", days)) => Some(Self::Days {
                days: number(days)?,
            }),
            Some(_) => None,
        }
    }
}

/// Changes how a repository keeps.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeepOrder {
    /// Account id.
    pub account: String,
    /// `namespace/name`.
    pub repository: String,
    /// The rule.
    pub rule: KeepRule,
    /// How long.
    pub prune: Prune,
    /// Keep by itself what someone else displaces.
    pub rescue: bool,
    /// Stored in the repository, for everyone; else on this computer. *Off*, on this computer, where the
    /// repository has a rule: this person's own *off*.
    pub share: bool,
}

/// Keep one commit by hand.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeepCommitOrder {
    /// Account id.
    pub account: String,
    /// `namespace/name`.
    pub repository: String,
    /// The tag whose commit it is.
    pub tag: String,
    /// The whole digest.
    pub digest: String,
}

/// What pruning would remove, before the button.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PrunePlan {
    /// Commit tags that would go, oldest first.
    pub goes: Vec<PruneRow>,
    /// How many stay.
    pub stays: u32,
    /// How it is done where single tags can't be deleted, as a sentence.
    pub how: Option<String>,
    /// Why nothing can be removed here, as a sentence.
    pub impossible: Option<String>,
}

/// One commit tag that would go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PruneRow {
    /// Its name.
    pub commit_tag: String,
    /// The tag it is of.
    pub tag: String,
    /// First 12 hex digits of the commit.
    pub short: String,
    /// When the commit became active (seconds, UTC).
    #[ts(type = "number")]
    pub time: i64,
    /// When another took its place, where known (seconds, UTC).
    #[ts(type = "number | null")]
    pub until: Option<i64>,
    /// Compressed bytes, where known.
    #[ts(type = "number | null")]
    pub size: Option<u64>,
}

/// Remove these.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PruneOrder {
    /// Account id.
    pub account: String,
    /// `namespace/name`.
    pub repository: String,
    /// The commit tags the preview showed; nothing else is touched.
    pub commit_tags: Vec<String>,
}

/// How a repository keeps the commits its tags leave behind; what writes less stands first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum KeepRule {
    /// Never.
    Off,
    /// Where the person ticks it.
    OnRequest,
    /// Before Longshore moves a tag, for the commit it points at.
    Overwrite,
    /// Before Longshore moves a tag, as at an overwrite, and right after for the new commit.
    Push,
}

impl KeepRule {
    /// Names it as it is stored, here and in a registry.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::OnRequest => "on-request",
            Self::Overwrite => "overwrite",
            Self::Push => "push",
        }
    }

    /// Tells whether a commit is kept before its tag moves on, without being asked for each time.
    pub fn keeps_overwritten(self) -> bool {
        matches!(self, Self::Overwrite | Self::Push)
    }

    /// Reads what was stored; unknown words are no rule.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Off, Self::OnRequest, Self::Overwrite, Self::Push]
            .into_iter()
            .find(|rule| rule.as_str() == text)
    }
}
