//! What a person sets for the whole app.

use super::problem::Problem;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What can be set. Written whole whenever one of it changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct AppSettings {
    /// Light or dark.
    pub theme: ThemeChoice,
    /// How large everything is drawn, in percent.
    pub text_size: u16,
    /// How long the watch waits between two rounds over one repository, in minutes.
    pub watch_minutes: u16,
    /// What a sheet proposes that is about to move a tag.
    pub push_keeps: KeepProposal,
    /// The address of the engine that is used; absent: the first that answers.
    pub engine: Option<String>,
    /// The folder for exports; absent: the person's downloads.
    pub downloads: Option<String>,
    /// Each request to a registry is written to a file.
    pub log_requests: bool,
}

impl Default for AppSettings {
    fn default() -> Self {
        Self {
            theme: ThemeChoice::System,
            text_size: 100,
            watch_minutes: 5,
            push_keeps: KeepProposal::AsFits,
            engine: None,
            downloads: None,
            log_requests: false,
        }
    }
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ThemeChoice {
    /// As the system is.
    #[default]
    System,
    /// Ink on paper.
    Light,
    /// Chalk on slate.
    Dark,
}

/// Whether the box that keeps the old version is ticked when a sheet opens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum KeepProposal {
    /// Where this registry would lose the old version.
    #[default]
    AsFits,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What is set, and where it lies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SettingsView {
    /// What is set.
    pub values: AppSettings,
    /// The file that holds it.
    pub file: String,
    /// The folder that exports go to.
    pub downloads: String,
    /// The file that requests are written to where that is set.
    pub log: String,
    /// Where faults of the app itself are written down.
    pub faults: String,
    /// What became of a file that could not be read, or of a change that could not be written.
    pub problem: Option<Problem>,
}
