//! Who may write now: one at a time for each name.
//!
//! A turn is a value one must show: what moves or deletes a tag takes a [`TagTurn`], so that nobody forgets to wait.
//! Not here: turns between two programs. Grows by a kind of thing that only one may change at a time.

use super::threads::lock;
use oci::{Digest, Tag};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, Weak};
use store::Place;
use tokio::sync::OwnedMutexGuard;

/// Hands out turns.
#[derive(Default)]
pub(crate) struct Turns(Mutex<HashMap<Name, Weak<tokio::sync::Mutex<()>>>>);

/// What only one may change at a time.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Name {
    Tag(Place, Tag),
    Commit(Place, Digest),
    CommitTag(Place, Digest),
    About(Place),
    Manifest(Digest),
    Config(Digest),
}

/// The turn to write one tag, for as long as this is held.
pub(crate) struct TagTurn {
    place: Place,
    tag: Tag,
    _held: OwnedMutexGuard<()>,
}

impl TagTurn {
    /// Returns the repository of the tag.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Returns the tag.
    pub fn tag(&self) -> &Tag {
        &self.tag
    }
}

/// The turn to do one thing that is no move of a tag, for as long as this is held.
#[must_use]
pub(crate) struct Turn {
    _held: OwnedMutexGuard<()>,
}

impl Turns {
    /// Waits for the turn to write a tag: the second writer reads the tag when the first has settled.
    pub async fn tag(&self, place: &Place, tag: &Tag) -> TagTurn {
        let name = Name::Tag(place.clone(), tag.clone());
        TagTurn {
            place: place.clone(),
            tag: tag.clone(),
            _held: self.of(name).lock_owned().await,
        }
    }

    /// Takes the turn to write a tag where nobody has it; none while another writes.
    pub fn try_tag(&self, place: &Place, tag: &Tag) -> Option<TagTurn> {
        let name = Name::Tag(place.clone(), tag.clone());
        Some(TagTurn {
            place: place.clone(),
            tag: tag.clone(),
            _held: self.of(name).try_lock_owned().ok()?,
        })
    }

    /// Waits for the turn to keep a commit by hand: two presses are one wish.
    pub async fn commit(&self, place: &Place, digest: &Digest) -> Turn {
        self.wait(Name::Commit(place.clone(), digest.clone())).await
    }

    /// Waits for the turn to give a commit a commit tag: the second finds what the first has written.
    pub async fn commit_tag(&self, place: &Place, digest: &Digest) -> Turn {
        self.wait(Name::CommitTag(place.clone(), digest.clone()))
            .await
    }

    /// Waits for the turn to read or write an about manifest.
    pub async fn about(&self, place: &Place) -> Turn {
        self.wait(Name::About(place.clone())).await
    }

    /// Waits for the turn to fetch a manifest: the second asker finds what the first has fetched.
    pub async fn manifest(&self, digest: &Digest) -> Turn {
        self.wait(Name::Manifest(digest.clone())).await
    }

    /// Waits for the turn to fetch a config: the second asker finds what the first has fetched.
    pub async fn config(&self, digest: &Digest) -> Turn {
        self.wait(Name::Config(digest.clone())).await
    }

    async fn wait(&self, name: Name) -> Turn {
        Turn {
            _held: self.of(name).lock_owned().await,
        }
    }

    fn of(&self, name: Name) -> Arc<tokio::sync::Mutex<()>> {
        let mut turns = lock(&self.0);
        turns.retain(|_, turn| turn.strong_count() > 0);
        let there = turns.get(&name).and_then(Weak::upgrade);
        there.unwrap_or_else(|| {
            let turn = Arc::default();
            turns.insert(name, Arc::downgrade(&turn));
            turn
        })
    }
}
