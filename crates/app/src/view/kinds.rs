//! Whose registry an account is at.

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct KindView {
    /// Whose it is by what it answers; absent: it was not asked lately.
    pub recognised: Option<VendorId>,
    /// What a person chose instead, which counts until they take it back.
    pub chosen: Option<VendorId>,
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
