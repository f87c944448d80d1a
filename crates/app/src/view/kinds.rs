//! Whose registry an account is at.

use super::problem::Problem;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The vendors whose registries are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)] // their names say it
pub enum VendorId {
    /// Any registry that is no other.
    Plain,
    Hub,
    Synapse,
    Polly,
    Harbor,
    Quay,
    Ghcr,
    Gitlab,
    Gitea,
    Ecr,
    EcrPublic,
    Google,
    Acr,
    Artifactory,
    Nexus,
    Zot,
    Pulp,
}

/// Whose registry an account is at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KindView {
    /// Whose it is by what it answers; absent: it was not asked lately.
    pub recognised: Option<VendorId>,
    /// What a person chose instead, which counts until they take it back.
    pub chosen: Option<VendorId>,
    /// How each part works with the vendor that counts, in the order of every table.
    pub parts: Vec<KindPartView>,
    /// Who may see a new repository is chosen as it is made by the interface of the vendor that counts.
    pub takes_private: bool,
    /// The vendors that a person can choose from.
    pub choices: Vec<KindChoice>,
    /// The command that the interface of the vendor that counts is; absent where it has another one, or none.
    pub command: Option<CommandView>,
}

/// A vendor's own command, which may be run for an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CommandView {
    /// Its name on the PATH.
    pub program: String,
    /// It is there.
    pub is_there: bool,
    /// A person let it run for this account.
    pub may_run: bool,
    /// What the repositories that it tells stand under, as a person said it, or as it is known of the account.
    pub organisation: Option<String>,
    /// Why it did not do what it was last run for.
    pub problem: Option<Problem>,
}

/// What a person lets be run for an account.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CommandOrder {
    /// Account id.
    pub account: String,
    /// What the repositories that it tells stand under; absent: it names that itself.
    pub organisation: Option<String>,
}

/// What a vendor's interface may have beside the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum KindPart {
    /// The repositories of an account.
    List,
    /// What a repository says of itself.
    Describe,
    /// A new repository.
    Create,
    /// Tags with what they point at.
    TagFacts,
    /// What a tag pointed at before.
    History,
    /// One tag deleted, its commit left.
    DeleteTag,
    /// A commit deleted with every tag it has.
    DeleteCommit,
    /// A commit put back that was let go of.
    Restore,
}

/// How a part works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum KindMeans {
    /// By the vendor's own interface.
    Native,
    /// By the protocol that all registries speak.
    ByProtocol,
    /// By commit tags, and what was seen here.
    ByCommitTags,
    /// Not at all.
    Impossible,
}

/// How one part works with a vendor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KindPartView {
    /// The part.
    pub part: KindPart,
    /// How it works.
    pub means: KindMeans,
    /// Why it doesn't, as a sentence.
    pub why: Option<String>,
}

/// A vendor that an account's registry may be said to be of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KindChoice {
    /// The vendor.
    pub vendor: VendorId,
    /// Why it can't be chosen, as a sentence.
    pub why: Option<String>,
}

/// A project that repositories stand under.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ProjectView {
    /// What the names of its repositories begin with.
    pub name: String,
    /// What people call it.
    pub title: Option<String>,
}

/// What a person says an account's registry is.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KindOrder {
    /// Account id.
    pub account: String,
    /// Whose it is; absent: what it answers counts again.
    pub vendor: Option<VendorId>,
}

/// The second sign-in that a vendor's own interface takes of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SecondView {
    /// The vendor.
    pub vendor: VendorId,
    /// The host that is shown it.
    pub host: String,
    /// Whether it has a user, beside its secret.
    pub wants_user: bool,
    /// Whether there is one.
    pub state: SecondState,
    /// Whose it is, where it has a user.
    pub user: Option<String>,
    /// It is kept until the window closes, as there is no keychain.
    pub for_session: bool,
}

/// Whether an account has a second sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum SecondState {
    /// It has none.
    Absent,
    /// It has one.
    Given,
    /// The interface said that it is wrong: it isn't sent again.
    Refused,
    /// Where it lies can't be reached just now.
    Unreached,
}

/// A second sign-in, as it was typed.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SecondOrder {
    /// Account id.
    pub account: String,
    /// The user; empty where it has none.
    pub user: String,
    /// The token.
    #[ts(type = "string")]
    pub secret: SecretString,
}
