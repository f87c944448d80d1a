//! What the window needs to draw its first frame as it was left.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Read once, at the start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Start {
    /// The app's version.
    pub version: String,
    /// This computer's platform as registries name it, `linux/amd64`.
    pub platform: String,
    /// As the window was left.
    pub preferences: Preferences,
    /// How large everything is drawn, in percent.
    pub zoom: u16,
}

/// What the window remembers of itself. Written whole whenever it changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct Preferences {
    /// What the main part shows.
    pub place: Screen,
    /// Keys of the folded groups of the sidebar (`account` or `account/namespace`).
    pub folded: Vec<String>,
    /// Order of the tags table.
    pub tag_order: TagOrder,
    /// Which part of a repository's page is open.
    pub tab: RepositoryTab,
    /// Columns that were drawn wider or narrower.
    pub columns: Vec<ColumnWidth>,
    /// The repositories that were open last, the latest first.
    pub recent: Vec<RecentRepository>,
}

/// How wide a column was drawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ColumnWidth {
    /// The table it stands in.
    pub table: String,
    /// The column.
    pub column: String,
    /// Its width, in pixels of the text's size.
    pub width: u16,
}

/// A repository that was open lately.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RecentRepository {
    /// Account id.
    pub account: String,
    /// `namespace/name`.
    pub repository: String,
}

/// What the main part shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Screen {
    /// Nothing chosen yet.
    #[default]
    Welcome,
    /// The engine's images.
    Images,
    /// The repositories of an account, or of one of its namespaces.
    Repositories {
        /// Account id.
        account: String,
        /// The namespace; absent: all.
        namespace: Option<String>,
    },
    /// A repository.
    Repository {
        /// Account id.
        account: String,
        /// `namespace/name`.
        repository: String,
    },
}

/// The parts of a repository's page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum RepositoryTab {
    /// Its tags.
    #[default]
    Tags,
    /// Its timeline.
    Timeline,
    /// What it says of itself, how it keeps, what the registry can do.
    About,
}

/// Order of the tags table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum TagOrder {
    /// Newest first.
    #[default]
    Newest,
    /// Oldest first.
    Oldest,
    /// Highest semantic version first.
    Version,
    /// Lowest semantic version first.
    VersionUp,
    /// By name.
    Name,
    /// By name, from the end.
    NameDown,
    /// Largest first.
    Largest,
    /// Smallest first.
    Smallest,
}
