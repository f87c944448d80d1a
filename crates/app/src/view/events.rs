//! What the backend tells the window unasked.

use super::browse::TagRow;
use super::computer::Dropped;
use super::connection::CheckView;
use super::making::BuildStep;
use super::tasks::TaskView;
use super::timeline::ReachFact;
use serde::Serialize;
use ts_rs::TS;

/// One event. The UI never guesses what a change made stale: it re-reads what is named here, and nothing else.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "kind"
)]
#[allow(clippy::large_enum_variant)] // sent at once, never kept in numbers
pub enum AppEvent {
    /// Cached data changed; read it again.
    Stale {
        /// What.
        what: Stale,
    },
    /// One tag's facts arrived.
    TagFilled {
        /// Account id.
        account: String,
        /// `namespace/name`.
        repository: String,
        /// The row as it is now.
        row: TagRow,
    },
    /// A part of a repository's list of tags came; what it brings is new or to be asked again. The whole list is read again at
    /// the end alone.
    TagsListed {
        /// Account id.
        account: String,
        /// `namespace/name`.
        repository: String,
        /// A row a tag, in the registry's order.
        rows: Vec<TagRow>,
    },
    /// A part of the list of repositories came.
    RepositoriesListed {
        /// Account id.
        account: String,
        /// Their names, in the registry's order.
        names: Vec<String>,
    },
    /// Commits were asked for.
    Reached {
        /// Account id.
        account: String,
        /// `namespace/name`.
        repository: String,
        /// What was told, one a commit.
        facts: Vec<ReachFact>,
    },
    /// The person pressed a notification: show this.
    Show {
        /// Account id.
        account: String,
        /// `namespace/name`.
        repository: String,
        /// The tag.
        tag: String,
        /// Open the sheet *Make active* for this commit (whole digest).
        make_active: Option<String>,
    },
    /// A line of a connection check came.
    Checked {
        /// The whole check, as far as it has come.
        check: CheckView,
    },
    /// A transfer moved on (at most ten a second a task; the first and the last always).
    Task {
        /// The whole task.
        task: TaskView,
    },
    /// A build moved on (at most ten a second a build; the last always).
    Build {
        /// The task.
        task: String,
        /// The steps that changed, whole.
        steps: Vec<BuildStep>,
        /// Bytes of the folder that have gone to the engine.
        #[ts(type = "number")]
        sent: u64,
    },
    /// Files of the desktop are dragged over the window.
    Files {
        /// How far it is.
        phase: FilesPhase,
        /// What is dragged; empty where nobody says again.
        files: Vec<Dropped>,
        /// Where the pointer is in the window, in pixels before the text’s size.
        x: f64,
        /// Where the pointer is in the window, in pixels before the text’s size.
        y: f64,
    },
    /// The person asked to close the window while transfers run.
    CloseAsked {
        /// How many run or wait.
        running: u32,
    },
}

/// How far a drag of files is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum FilesPhase {
    /// It came into the window.
    Enter,
    /// It moves.
    Over,
    /// It was dropped.
    Drop,
    /// It went away.
    Leave,
}

/// Data that a change made stale.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, TS)]
#[serde(rename_all = "camelCase", tag = "of")]
pub enum Stale {
    /// The list of accounts.
    Accounts,
    /// Who has not answered.
    Answering,
    /// What came to nothing at one account: its registry answers again.
    Answers {
        /// Account id.
        account: String,
    },
    /// The repositories of one account.
    Repositories {
        /// Account id.
        account: String,
    },
    /// What can't be done at one account.
    Impossible {
        /// Account id.
        account: String,
    },
    /// The tags of one repository, and all their commits.
    Tags {
        /// Account id.
        account: String,
        /// `namespace/name`.
        repository: String,
    },
    /// What moved in a repository, and what is watched there.
    Moves {
        /// Account id.
        account: String,
        /// `namespace/name`.
        repository: String,
    },
    /// What a repository says of itself, and how it keeps.
    About {
        /// Account id.
        account: String,
        /// `namespace/name`.
        repository: String,
    },
    /// The commits of one tag.
    Commits {
        /// Account id.
        account: String,
        /// `namespace/name`.
        repository: String,
        /// The tag.
        tag: String,
    },
    /// The engine's images.
    Images,
    /// The engine's containers.
    Containers,
    /// Which commits the engine holds, in every repository.
    Held,
    /// The engine itself (came, went).
    Engine,
    /// Which engines there are, and how they answer.
    Engines,
    /// The registries that were started on this computer.
    Hosted,
}
