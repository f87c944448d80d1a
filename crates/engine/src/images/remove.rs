//! Taking a name, or an image, away. Nothing is ever forced: what a container uses stays.
//!
//! Not here: what may go (a person says). Grows by nothing.

use http::Method;
use serde::Deserialize;

use super::in_path;
use crate::raw::Ask;
use crate::{Engine, Error};

/// What the engine took away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Removed {
    /// Names that are gone.
    pub untagged: Vec<String>,
    /// Images, or layers, that are gone.
    pub deleted: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Line {
    untagged: Option<String>,
    deleted: Option<String>,
}

impl Engine {
    /// Removes a name or, where it is the last of its image or an id, the image, as long as no container uses it. With
    /// `keep_parents` images without a name that it was made on stay.
    pub async fn remove(&self, name_or_id: &str, keep_parents: bool) -> Result<Removed, Error> {
        let path = format!("/images/{}?noprune={keep_parents}", in_path(name_or_id)?);
        // Removing large layers takes as long as it takes.
        let ask = Ask {
            method: Method::DELETE,
            patience: None,
            ..Ask::get(path)
        };
        let lines: Option<Vec<Line>> = self.ask_json(ask).await?;
        let mut removed = Removed::default();
        for line in lines.unwrap_or_default() {
            removed.untagged.extend(line.untagged);
            removed.deleted.extend(line.deleted);
        }
        Ok(removed)
    }

    /// Takes a name away. Layers are kept; an image whose last name this was is removed only if nothing else holds it.
    pub async fn untag(&self, name: &str) -> Result<(), Error> {
        self.remove(name, true).await.map(drop)
    }
}
