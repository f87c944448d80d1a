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
        let name = with_tag(name);
        let inspected = engine.inspect(&name.to_string()).await;
        let image = self.answer_of(engine, inspected).await?;
        // Some engines find an image by a part of its name, too.
        let bears = |image: &ImageDetail| {
            let mut own = image.names.iter().map(|own| Reference::parse(own));
            own.any(|own| own.as_ref() == Ok(&name))
        };
        Ok(image.filter(bears))
    }

    /// Gives an image one more name. One that points elsewhere is moved: who calls has looked, and asked.
    pub async fn give_name(
        &self,
        engine: &Engine,
        image: &str,
        name: &Reference,
    ) -> Result<(), Problem> {
        let repository = format!("{}/{}", name.host, name.repository);
        let tag = with_tag(name)
            .tag
            .map_or_else(String::new, |tag| tag.to_string());
        let tagged = engine.tag(image, &repository, &tag).await;
        self.answer_of(engine, tagged).await
    }
}

/// Returns a name that says no tag as engines take it.
fn with_tag(name: &Reference) -> Reference {
    Reference {
        tag: name.tag.clone().or_else(|| Tag::parse(LATEST).ok()),
        ..name.clone()
    }
}
