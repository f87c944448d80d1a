//! Images that are made here: a build's sheet and its steps, a commit's sheet, and what shall follow.

use super::containers::ChangeCount;
use super::push::{KeepAnswer, NameAnswer};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The push that follows once an image is there, with the answers its sheet gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ThenPush {
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
    pub share_rule: bool,
    /// The rule of the repository that the sheet showed and the person ticked, word for word.
    pub allows: Option<String>,
    /// The second yes: overwrite though the old commit can't be kept.
    pub accept_loss: bool,
    /// What becomes of a local name that somebody gave to another image.
    pub taken_name: NameAnswer,
    /// The other computer that the sheet said the sign-in goes to.
    #[serde(default)]
    pub secret_goes_to: Option<String>,
    /// What the engine pushes is put under the tag once more in Docker's own format, where it is in another one.
    #[serde(default)]
    #[ts(as = "Option<bool>", optional)]
    pub as_docker: bool,
}

/// Asked when a folder is typed, chosen or dropped.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BuildQuestion {
    /// The folder as it was typed; it may begin with `~`.
    pub folder: String,
    /// The Dockerfile's path in it; absent: the one that is usual.
    pub dockerfile: Option<String>,
}

/// What a build would read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BuildPlan {
    /// The folder, whole.
    pub folder: String,
    /// Its own name.
    pub name: String,
    /// The Dockerfile's path in it.
    pub dockerfile: String,
    /// The Dockerfiles that lie in it, at most 50.
    pub dockerfiles: Vec<String>,
    /// The stages that have a name.
    pub stages: Vec<String>,
    /// The arguments that can be given.
    pub args: Vec<BuildArg>,
    /// Files that go to the engine.
    #[ts(type = "number")]
    pub files: u64,
    /// Their bytes.
    #[ts(type = "number")]
    pub bytes: u64,
    /// There are more; they were not counted to the end.
    pub cut: bool,
    /// What builds.
    pub builder: BuildBy,
    /// The platforms that are offered, `os/architecture[/variant]`; the engine's own first.
    pub platforms: Vec<String>,
}

/// What builds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum BuildBy {
    /// BuildKit, by `docker buildx`.
    Buildx {
        /// Its version.
        version: String,
    },
    /// The engine's own builder.
    Engine {
        /// Why not BuildKit.
        why: String,
    },
}

/// A file that steps may read and that stays out of the image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BuildSecret {
    /// What steps ask for it by.
    pub id: String,
    /// The file, whole or beginning with `~`.
    pub file: String,
}

/// An argument of a Dockerfile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BuildArg {
    /// Its name.
    pub name: String,
    /// What it is where none is given.
    pub default: Option<String>,
}

/// An argument that is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BuildValue {
    /// Its name.
    pub name: String,
    /// Its value. It stays readable in the image.
    pub value: String,
}

/// Build now.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BuildOrder {
    /// The folder, whole.
    pub folder: String,
    /// The Dockerfile's path in it.
    pub dockerfile: String,
    /// The stage to stop at; absent: the last.
    pub target: Option<String>,
    /// The arguments that are given.
    pub args: Vec<BuildValue>,
    /// Files that steps may read, where BuildKit builds.
    #[serde(default)]
    pub secrets: Vec<BuildSecret>,
    /// The engine's own builder builds, also where BuildKit could.
    #[serde(default)]
    pub engine_builder: bool,
    /// The platform; absent: the engine's own.
    pub platform: Option<String>,
    /// Nothing of earlier builds is used.
    pub no_cache: bool,
    /// The name on this computer, with its tag; absent: none.
    pub name: Option<String>,
    /// It moves here from another image, which stays without it.
    #[serde(default)]
    pub move_name: bool,
    /// The push that follows.
    pub then: Option<ThenPush>,
}

/// One step of a build.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BuildStep {
    /// Names it among the steps of its build; steps stand in this order.
    pub key: u32,
    /// Which one it is, where it is counted.
    pub number: Option<u32>,
    /// Of how many.
    pub of: Option<u32>,
    /// The stage it belongs to, where that is told: "1/2".
    pub stage: Option<String>,
    /// Its line of the Dockerfile.
    pub text: String,
    /// How it stands.
    pub state: StepState,
    /// When it began (seconds, UTC).
    #[ts(type = "number")]
    pub began: i64,
    /// How long it took; absent while it runs, and where an earlier build's was taken.
    pub seconds: Option<u32>,
    /// The last lines that it printed, at most 500.
    pub lines: Vec<String>,
    /// Lines before them that are not kept.
    pub more: u32,
}

/// How a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum StepState {
    /// It runs.
    Running,
    /// What an earlier build made was taken.
    Cached,
    /// Done.
    Done,
    /// It failed, and the build with it.
    Failed,
    /// The build was stopped in it.
    Stopped,
}

/// How far a build is, as far as it is remembered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BuildLog {
    /// Something of it is remembered; false where it ran in an earlier run, or never began.
    pub known: bool,
    /// Its steps.
    pub steps: Vec<BuildStep>,
    /// Bytes of the folder that have gone to the engine.
    #[ts(type = "number")]
    pub sent: u64,
}

/// A container that may become an image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CommitPlan {
    /// The engine's id of it.
    pub container: String,
    /// Its name.
    pub name: String,
    /// Its image's id, `sha256:…`.
    pub image_id: String,
    /// Its programs run, and can be held while it is read.
    pub running: bool,
    /// What changed in it since its image; absent where the engine could not tell soon.
    pub changed: Option<ChangeCount>,
    /// Where volumes and folders of the computer lie in it, at most 8: what is there stays out.
    pub mounts: Vec<String>,
    /// How many there are beyond those.
    pub more_mounts: u32,
    /// The first words of the lines that can change how the image is run.
    pub lines: Vec<String>,
}

/// Make an image of a container now.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CommitOrder {
    /// The engine's id of the container.
    pub container: String,
    /// What it is called.
    pub called: String,
    /// The name on this computer, with its tag; absent: none.
    pub name: Option<String>,
    /// The name may be taken from another image.
    pub move_name: bool,
    /// Whoever made it; may be empty.
    pub author: String,
    /// What was done; may be empty.
    pub message: String,
    /// Its programs are held while it is read.
    pub pause: bool,
    /// Lines of a Dockerfile that change how the image is run.
    pub lines: Vec<String>,
    /// The push that follows.
    pub then: Option<ThenPush>,
}

/// An image that was made here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Made {
    /// The image's id.
    pub image: String,
    /// The name it got on this computer, where it got one.
    pub name: Option<String>,
    /// A push follows.
    pub then: bool,
    /// The engine that has it.
    pub engine: Option<String>,
    /// The task of the push that follows.
    pub next: Option<String>,
    /// What the person should know besides.
    pub notes: Vec<super::note::Note>,
}
