//! The local engine and its images.

use super::problem::Problem;
use serde::Serialize;
use ts_rs::TS;

/// The engine, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum EngineView {
    /// It answers.
    #[serde(rename_all = "camelCase")]
    Ready {
        /// What it is known by, as the list of engines has it.
        id: String,
        /// Where it is.
        place: EnginePlace,
        /// "Docker", "Podman", …
        name: String,
        /// Its version.
        version: String,
        /// How it stores images.
        store: ImageStore,
        /// Its own platform, `os/architecture`.
        platform: String,
        /// The registries, and networks of them, which it may reach without TLS or with a certificate that nobody vouches for; this
        /// computer's own left out.
        insecure: Vec<String>,
        /// That it is used in another's place, which is gone, and what to do; or that it has its own again. A sentence each;
        /// empty: it is the one to use.
        instead: Vec<String>,
    },
    /// None answers.
    Absent {
        /// What was tried, as a sentence with the next step.
        problem: Problem,
    },
}

/// Where an engine is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum EnginePlace {
    /// On this computer.
    Here {
        /// Its address.
        address: String,
    },
    /// On another one.
    Other {
        /// Which one.
        host: String,
        /// How it is reached.
        way: EngineWay,
    },
}

/// How an engine on another computer is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum EngineWay {
    /// Over SSH.
    Ssh,
    /// Over TLS.
    Tls,
    /// In the clear.
    Plain,
}

/// An engine that a person can choose, or send an order to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EngineRow {
    /// What it is known by: `context:NAME`, else its address.
    pub id: String,
    /// What it is called: its context, its product, else its address.
    pub name: String,
    /// Where it is.
    pub place: EnginePlace,
    /// Who says that there is one.
    pub origin: EngineOrigin,
    /// It is the one that is used.
    pub used: bool,
    /// The person chose it.
    pub chosen: bool,
    /// How it answered when it was last asked.
    pub state: EngineState,
}

/// Who says that there is an engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum EngineOrigin {
    /// The person typed its address.
    Set,
    /// A variable of the environment.
    Variable,
    /// A Docker context.
    Context,
    /// It is where such engines are.
    Known,
}

/// How an engine answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum EngineState {
    /// It was not asked yet.
    NotAsked,
    /// It is being asked.
    Asking,
    /// It answered.
    Answers {
        /// "Docker" or "Podman".
        name: String,
        /// Its version.
        version: String,
        /// How it stores images.
        store: ImageStore,
        /// Its own platform, `os/architecture`.
        platform: String,
    },
    /// It did not.
    Silent {
        /// Why, with the next step.
        problem: Problem,
    },
}

/// How an engine stores images.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ImageStore {
    /// The classic graph drivers; an image's id is its config's digest.
    GraphDriver,
    /// The containerd store; an image's id is its manifest's digest.
    Containerd,
}

/// One row of *Images*: one name of one image, or an image without a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImageRow {
    /// Stable key of the row: the name, or the id where it has none.
    pub key: String,
    /// The image's id, `sha256:…`.
    pub id: String,
    /// `repository:tag` as the engine says it; absent for an image without a name.
    pub name: Option<String>,
    /// When it was built (seconds, UTC); absent where the engine says nothing sensible.
    #[ts(type = "number | null")]
    pub created: Option<i64>,
    /// Bytes unpacked.
    #[ts(type = "number")]
    pub size: u64,
    /// The digests it has in registries, `host/ns/name@sha256:…`; a few of them.
    pub digests: Vec<String>,
    /// Its platforms that are here, `os/architecture`; empty: not known yet.
    pub platforms: Vec<String>,
    /// Which containers use it; absent where the engine doesn't tell.
    pub used_by: Option<UsedBy>,
    /// It has no name, and no image is made on top of it.
    pub dangling: bool,
    /// What is known of it in the registries of the sidebar.
    pub place: ImagePlace,
}

/// Which containers use an image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UsedBy {
    /// Their names; a few of them.
    pub names: Vec<String>,
    /// How many there are beyond those.
    pub more: u32,
}

/// What costs the engine some work to tell of an image: it is asked for rows in sight.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImageFacts {
    /// The image's id, `sha256:…`.
    pub id: String,
    /// Its platforms that are here, `os/architecture`.
    pub platforms: Vec<String>,
}

/// How an image's size is made up: asked once the list stands there, as it costs the engine some work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImageSize {
    /// The image's id, `sha256:…`.
    pub id: String,
    /// Bytes that other images hold as well.
    #[ts(type = "number")]
    pub shared: u64,
    /// Bytes that this image alone holds.
    #[ts(type = "number")]
    pub unique: u64,
}

/// What is known of an image in the registries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum ImagePlace {
    /// No known registry has it, as far as this computer has seen.
    NotPushed,
    /// It has a digest in a repository, of which no tag is known here.
    Known {
        /// `host/ns/name`.
        repository: String,
    },
    /// It is the active commit of a tag.
    Active {
        /// `host/ns/name`.
        repository: String,
        /// The tag.
        tag: String,
    },
    /// It was built after the active commit of the tag that its name says, and is in no registry as far as this computer
    /// has seen.
    Newer {
        /// `host/ns/name`.
        repository: String,
        /// The tag.
        tag: String,
    },
    /// It is an older commit of a tag.
    Older {
        /// `host/ns/name`.
        repository: String,
        /// The tag.
        tag: String,
        /// 2 = the one before the active.
        position: u32,
        /// Known commits of the tag.
        of: u32,
        /// Seconds from when it became active to when the active one did, where both are known.
        #[ts(type = "number | null")]
        behind: Option<i64>,
    },
}
