//! What the window needs to draw its first frame as it was left.

use super::settings::SettingsView;
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
    /// What the person has set.
    pub settings: SettingsView,
}

/// What the window remembers of itself. Written whole whenever it changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct Preferences {
    /// What the main part shows.
    pub place: Screen,
    /// Keys of the groups of the sidebar that were folded by hand (`account` or `account/namespace`).
    pub folded: Vec<String>,
    /// Keys of those that were opened by hand where they start folded.
    pub unfolded: Vec<String>,
    /// How wide the sidebar was drawn, in pixels of the text's size; absent: as wide as it is by itself.
    pub sidebar: Option<u16>,
    /// What the sidebar is narrowed to.
    pub filter: String,
    /// How far the sidebar is scrolled, in pixels.
    pub scroll: u32,
    /// How the page on show was left.
    pub page: PageState,
    /// Order of the tags table.
    pub tag_order: TagOrder,
    /// Which part of a repository's page is open.
    pub tab: RepositoryTab,
    /// Columns that were drawn wider or narrower.
    pub columns: Vec<ColumnWidth>,
    /// The repositories that were open last, the latest first.
    pub recent: Vec<RecentRepository>,
    /// The repositories that bear a star, in the order in which they got it.
    pub starred: Vec<RecentRepository>,
}

/// How far a list may be left by hand before the rest is let go of: more than anybody folds, and a file that stays small.
const MOST: usize = 2000;
/// The longest filter that is remembered, in characters.
const LONGEST: usize = 500;

impl Preferences {
    /// Returns it with no list longer than can be meant.
    pub(crate) fn bounded(mut self) -> Self {
        for list in [&mut self.folded, &mut self.unfolded] {
            // What was done last counts most.
            let early = list.len().saturating_sub(MOST);
            list.drain(..early);
        }
        self.columns.truncate(MOST);
        self.recent.truncate(MOST);
        self.starred.truncate(MOST);
        self.filter = self.filter.chars().take(LONGEST).collect();
        self.page.filter = self.page.filter.chars().take(LONGEST).collect();
        self
    }

    /// Lets go of what it remembers of an account.
    pub(crate) fn without(mut self, account: &str) -> Self {
        let namespaces = format!("{account}/");
        for list in [&mut self.folded, &mut self.unfolded] {
            list.retain(|key| key != account && !key.starts_with(&namespaces));
        }
        for list in [&mut self.recent, &mut self.starred] {
            list.retain(|each| each.account != account);
        }
        if matches!(&self.place, Screen::Repository { account: of, .. } | Screen::Repositories { account: of, .. } if of == account)
        {
            self.place = Screen::Welcome;
            self.page = PageState::default();
        }
        self
    }
}

/// How a page was left.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct PageState {
    /// What its list is narrowed to.
    pub filter: String,
    /// How far its list is scrolled, in pixels.
    pub scroll: u32,
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

/// A repository that was open lately, or bears a star.
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
    /// The engine's containers.
    Containers,
    /// Public images, searched for.
    Search,
    /// What can be set.
    Settings,
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
