//! The name on this computer that an image gets which is made here.
//!
//! It is looked up when it is ordered and given at the end, so that a name which another image got meanwhile moves from it by
//! nobody's leave. It is written as images are named anywhere: one without a host is Docker Hub's, also in Podman. Not here:
//! names that pushes and pulls give (`transfers`). Grows by nothing.

use super::room::Making;
use crate::tasks::Unfinished;
use crate::view::events::Stale;
use crate::view::making::Made;
use crate::view::note::Note;
use crate::view::problem::Problem;
use crate::view::tasks::TaskOutcome;
use crate::words::making as say;
use engine::Engine;
use oci::Reference;
use serde::{Deserialize, Serialize};

/// A name as it is ordered, and stored with the order.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Naming {
    /// The name, with its tag; none where the image gets none.
    pub name: Option<String>,
    /// The image that bore the name when it was ordered: from this one it moves, and from no other.
    #[serde(default)]
    pub named_before: Option<String>,
    /// It moves from whichever image bears it.
    #[serde(default)]
    pub move_name: bool,
}

impl Naming {
    /// Takes a name as it was ordered; nobody has looked yet who bears it.
    pub(super) const fn ordered(name: Option<String>, move_name: bool) -> Self {
        Self {
            name,
            named_before: None,
            move_name,
        }
    }

    /// Reads the name; one by digest is none to give.
    fn read(&self) -> Result<Option<Reference>, Problem> {
        let Some(text) = &self.name else {
            return Ok(None);
        };
        let name = Reference::parse(text).map_err(|error| say::bad_name(text, &error))?;
        if name.digest.is_some() {
            return Err(say::bad_name(text, &oci::ReferenceError::Tag));
        }
        Ok(Some(name))
    }
}

impl Making {
    /// Checks a name before it is stored, and notes who bears it. `ours` are images that were made here and got it: from them
    /// it moves by itself.
    pub(super) async fn check_name(
        &self,
        engine: &Engine,
        naming: &mut Naming,
        ours: &[String],
    ) -> Result<(), Problem> {
        let Some(name) = naming.read()?.filter(|_| !naming.move_name) else {
            return Ok(());
        };
        let bearer = self.local.bearer(engine, &name).await?;
        let bearer = bearer.map(|image| image.id);
        if let Some(image) = bearer.as_ref().filter(|image| !ours.contains(image)) {
            return Err(say::name_borne(naming.name.as_deref(), image));
        }
        naming.named_before = bearer;
        Ok(())
    }

    /// Checks, before much is done for it, that the name is no other image's than when it was ordered.
    pub(super) async fn check_name_again(
        &self,
        engine: &Engine,
        naming: &Naming,
    ) -> Result<(), Problem> {
        let Some(name) = naming.read()? else {
            return Ok(());
        };
        match self.taken(engine, &name, naming).await? {
            Some(image) => Err(say::name_borne(naming.name.as_deref(), &image)),
            None => Ok(()),
        }
    }

    /// Gives what was made its name, and says so where that has become another image's.
    pub(super) async fn give_name(
        &self,
        engine: &Engine,
        naming: &Naming,
        mut made: Made,
    ) -> Result<TaskOutcome, Unfinished> {
        let named = self.named(engine, naming, &made.image).await;
        // Not every engine tells of an image without a name.
        self.ground.stale(Stale::Images);
        match named {
            Ok(None) => made.name.clone_from(&naming.name),
            Ok(Some(stayed)) => made.notes.push(stayed),
            Err(problem) => {
                let made = Box::new(TaskOutcome::Made(made));
                return Err(Unfinished::Failed(Box::new(problem), Some(made)));
            }
        }
        Ok(TaskOutcome::Made(made))
    }

    /// Names an image; returns what is to be said where the name stays another's.
    async fn named(
        &self,
        engine: &Engine,
        naming: &Naming,
        image: &str,
    ) -> Result<Option<Note>, Problem> {
        let Some(name) = naming.read()? else {
            return Ok(None);
        };
        let taken = self.taken(engine, &name, naming).await?;
        if taken.is_some_and(|bearer| bearer != image) {
            return Ok(Some(Note::from(say::name_stayed(&name.familiar()))));
        }
        self.local.give_name(engine, image, &name).await?;
        Ok(None)
    }

    /// Returns the image that has got the name since it was ordered, where it may not move from that.
    async fn taken(
        &self,
        engine: &Engine,
        name: &Reference,
        naming: &Naming,
    ) -> Result<Option<String>, Problem> {
        if naming.move_name {
            return Ok(None);
        }
        let bearer = self.local.bearer(engine, name).await?;
        let bearer = bearer.map(|image| image.id);
        Ok(bearer.filter(|image| Some(image) != naming.named_before.as_ref()))
    }
}
