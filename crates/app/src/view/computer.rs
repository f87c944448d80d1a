//! What is done with images of this computer.

use super::engine::{ImagePlace, UsedBy};
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
