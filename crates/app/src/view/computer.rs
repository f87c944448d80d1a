//! What is done with images of this computer.

use super::engine::{ImagePlace, UsedBy};
use super::note::Note;
use super::problem::Problem;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A row that is to go: a name of an image, or an image without one.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RemoveRow {
    /// The image's id, `sha256:…`.
    pub id: String,
    /// The name; absent for an image without one.
    pub name: Option<String>,
}

/// What removing would do, an item an image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RemovePlan {
    /// What would go.
    pub items: Vec<RemoveItem>,
    /// Bytes that are freed at least; absent where that isn't known.
    #[ts(type = "number | null")]
    pub frees: Option<u64>,
    /// How many images there are beyond those.
    pub more: u32,
}

/// What would go of one image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RemoveItem {
    /// The image's id, `sha256:…`.
    pub id: String,
    /// First 12 hex digits of it.
    pub short: String,
    /// Names that go.
    pub goes: Vec<String>,
    /// Names that stay, and the image with them.
    pub stays: Vec<String>,
    /// The image itself goes, with the layers that no other has.
    pub whole: bool,
    /// Which containers use it: where it would go whole, it stays.
    pub used_by: UsedBy,
    /// Where a registry was seen to have it.
    pub place: ImagePlace,
}

/// Removes what a sheet showed of one image.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RemoveOrder {
    /// The image's id, `sha256:…`.
    pub id: String,
    /// The names that go, as they were shown.
    pub names: Vec<String>,
    /// The image itself goes.
    pub whole: bool,
}

/// Asked while a name for an image is typed.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NameQuestion {
    /// The image that is to bear it, `sha256:…`.
    pub image: String,
    /// The registry that it speaks of; absent: none was chosen, and what is typed may name one.
    pub host: Option<String>,
    /// `namespace/name`.
    pub repository: String,
    /// The tag.
    pub tag: String,
}

/// What was typed, as a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NameView {
    /// The whole name as engines write it; empty where it can be none.
    pub name: String,
    /// Why it can be none, or why its registry would not take it.
    pub problem: Option<Problem>,
    /// Another image that bears it.
    pub taken: Option<NameBearer>,
}

/// An image that bears a name which another is to get.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NameBearer {
    /// First 12 hex digits of its id.
    pub short: String,
    /// It has another name besides.
    pub others: bool,
}

/// Gives an image one more name on this computer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NameOrder {
    /// The image's id, `sha256:…`.
    pub image: String,
    /// The whole name, with its tag.
    pub name: String,
    /// The name may be taken from another image.
    pub move_name: bool,
}

/// Save images as an archive.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SaveOrder {
    /// Names, or ids of images without one.
    pub images: Vec<String>,
    /// The folder, as it was typed; absent: the downloads.
    pub folder: Option<String>,
}

/// What loading an archive would bring.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LoadPlan {
    /// The file, whole.
    pub path: String,
    /// Its length.
    #[ts(type = "number")]
    pub bytes: u64,
    /// The names of its images, at most 20; absent where it doesn’t tell them before it is loaded.
    pub names: Option<Vec<String>>,
    /// Names beyond those.
    pub more: u32,
    /// Names that other images bear here, and would lose.
    pub taken: Vec<TakenName>,
}

/// A name that another image bears.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TakenName {
    /// The name.
    pub name: String,
    /// First 12 hex digits of the image that bears it.
    pub short: String,
}

/// Load an archive.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LoadOrder {
    /// The file, whole.
    pub path: String,
    /// The names of other images that move, as the sheet said.
    pub moves: Vec<String>,
}

/// An archive that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Saved {
    /// Where it is.
    pub path: String,
    /// Its length.
    #[ts(type = "number")]
    pub bytes: u64,
    /// What the person should know besides.
    pub notes: Vec<Note>,
}

/// Images that came out of an archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Loaded {
    /// Their names, or the first digits of what has none, at most 20.
    pub names: Vec<String>,
    /// Names beyond those.
    pub more: u32,
    /// What the person should know besides.
    pub notes: Vec<Note>,
}

/// Something that was dropped on the window, or chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Dropped {
    /// Where it is, whole.
    pub path: String,
    /// Its own name.
    pub name: String,
    /// What it is.
    pub kind: DroppedKind,
    /// A folder that has a Dockerfile.
    pub dockerfile: bool,
    /// Why nothing can be made of it; absent where something can.
    pub why: Option<String>,
}

/// What something is that was dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum DroppedKind {
    /// A folder.
    Folder,
    /// An archive of images, as far as its first bytes tell.
    Archive,
    /// Anything else.
    Other,
}

/// What is asked for in the system’s own window for choosing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum PathKind {
    /// A folder.
    Folder,
    /// A file, an archive of images.
    Archive,
    /// A file, a certificate or a key.
    Certificate,
}
