//! What is known of a commit before it goes: its manifests, so that it can be put back, and its names.

use super::room::Removal;
use crate::accounts::Remote;
use crate::view::problem::Problem;
use oci::{Digest, Manifest, Tag};
use registry::Kind;
use store::{Place, TagChange};

/// How many manifests of an index are fetched, so that they can be put back.
const MOST_PLATFORMS: usize = 256;
/// How many names of a commit are looked after: what has more is not deleted with all of them.
pub(super) const MOST_NAMES: usize = 500;

impl Removal {
    /// Fetches a manifest and the platforms of an index, so that they can be put back; tells whether all were had.
    pub(super) async fn fetch_whole(
        &self,
        remote: &Remote,
        digest: &Digest,
    ) -> Result<bool, Problem> {
        let Ok(content) = self.content.fetch(remote, digest).await? else {
            return Ok(false);
        };
        let mut all = true;
        if let Manifest::Index(index) = content.manifest {
            // Of what has more the rest can’t be put back, so neither can the whole.
            all = index.manifests.len() <= MOST_PLATFORMS;
            for child in index.manifests.into_iter().take(MOST_PLATFORMS) {
                // A platform that is gone already can't be lost.
                match self.content.fetch(remote, &child.digest).await? {
                    Ok(_) => {}
                    Err(error) if error.kind == Kind::NotFound => {}
                    Err(_) => all = false,
                }
            }
        }
        Ok(all)
    }

    /// Returns the tags that were last seen to point at a commit.
    pub(super) async fn other_names(
        &self,
        place: &Place,
        digest: &Digest,
        but: &str,
    ) -> Result<Vec<Tag>, Problem> {
        let place = place.clone();
        let (tags, _) = self.ground.db(move |store| store.tags(&place)).await?;
        Ok(tags
            .into_iter()
            .filter(|tag| tag.deleted_at.is_none() && tag.digest.as_ref() == Some(digest))
            .filter(|tag| tag.name != but)
            .filter_map(|tag| Tag::parse(&tag.name).ok())
            .take(MOST_NAMES + 1)
            .collect())
    }

    /// Records that a tag is gone, without asking again: what was done here is nobody else's move.
    pub(super) async fn is_gone(&self, place: &Place, tag: &Tag) -> Result<(), Problem> {
        let now = self.ground.registry_now(&place.host);
        let (place, name) = (place.clone(), tag.to_string());
        self.ground
            .db(move |store| store.change_tag(&place, &name, &TagChange::Gone(now)))
            .await
    }

    /// Notes that a registry has accepted the deletion of a tag and has yet to do it: what goes later is nobody else's move.
    pub(super) async fn awaits(
        &self,
        place: &Place,
        tag: &Tag,
        digest: &Digest,
    ) -> Result<(), Problem> {
        let now = self.ground.registry_now(&place.host);
        let (place, name, digest) = (place.clone(), tag.to_string(), digest.clone());
        self.ground
            .db(move |store| store.await_deletion(&place, &name, &digest, now))
            .await
    }
}
