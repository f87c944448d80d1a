//! What content addressing proves never to change: manifests and configs, and whether a registry still has them.
//!
//! Not here: what a tag points at (`history`). Grows by a kind of content that never changes.

mod decoy;
mod dockers_format;
mod empty;
mod fetch;
mod reach;
mod restore;
mod room;

pub(crate) use decoy::{decoy, is_decoy, may_be_decoy, unique};
pub(crate) use dockers_format::DockersFormat;
pub(crate) use empty::{Annotations, Shape, says_only};
pub(crate) use fetch::known_layers;
pub(crate) use reach::{head_of_known_tag, head_of_tag, reach_of};
pub(crate) use restore::{Restorable, gone};
pub(crate) use room::{Content, KnownManifest};
