//! The names that images bear in the engine: who bears one, and giving one.
//!
//! Not here: what a name may be (`computer`), and names that pushes and pulls give (`transfers`). Grows by nothing.

use super::LocalEngine;
use crate::view::problem::Problem;
use engine::{Engine, ImageDetail};
use oci::{Reference, Tag};

/// The tag of names without one.
const LATEST: &str = "latest";

impl LocalEngine {
    /// Finds who bears a name; none where nobody does.
    pub async fn bearer(
        &self,
        engine: &Engine,
        name: &Reference,
    ) -> Result<Option<ImageDetail>, Problem> {
        let inspected = engine.inspect(&name.to_string()).await;
        self.answer_of(engine, inspected).await
    }

    /// Gives an image one more name. One that points elsewhere is moved: who calls has looked, and asked.
    pub async fn give_name(
        &self,
        engine: &Engine,
        image: &str,
        name: &Reference,
    ) -> Result<(), Problem> {
        let repository = format!("{}/{}", name.host, name.repository);
        let tag = name.tag.as_ref().map_or(LATEST, Tag::as_str);
        let tagged = engine.tag(image, &repository, tag).await;
        self.answer_of(engine, tagged).await
    }
}
