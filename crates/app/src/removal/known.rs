//! What is known of a commit before it goes: its manifests, so that it can be put back, and its names.

use super::room::Removal;
use crate::accounts::Remote;
use crate::view::problem::Problem;
use crate::words::removal as say;
use oci::{Digest, Manifest, Tag};
use registry::Kind;
use store::{ListedTag, Place, TagChange};

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
        Ok(names_of(tags, digest, but))
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

/// Finds the names of a commit among the tags that were seen: no more of them than are looked after, and one.
fn names_of(tags: Vec<ListedTag>, digest: &Digest, but: &str) -> Vec<Tag> {
    tags.into_iter()
        .filter(|tag| tag.deleted_at.is_none() && tag.digest.as_ref() == Some(digest))
        .filter(|tag| tag.name != but)
        .filter_map(|tag| Tag::parse(&tag.name).ok())
        .take(MOST_NAMES + 1)
        .collect()
}

/// Refuses to delete a commit with more names than are looked after.
pub(super) fn check_names(digest: &Digest, names: &[Tag]) -> Result<(), Problem> {
    if names.len() <= MOST_NAMES {
        return Ok(());
    }
    Err(say::too_many_names(digest.short(), &MOST_NAMES)
        .problem()
        .hint(say::delete_tags_first()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(of: &str) -> Digest {
        Digest::sha256_of(of.as_bytes())
    }

    fn listed(name: &str, of: Option<&str>) -> ListedTag {
        ListedTag {
            name: name.to_owned(),
            digest: of.map(digest),
            shown_at: None,
            asked: true,
            trouble: None,
            deleted_at: None,
        }
    }

    fn many(count: usize) -> Vec<Tag> {
        let tags = (0..count).map(|at| listed(&format!("v{at}"), Some("one")));
        names_of(tags.collect(), &digest("one"), "")
    }

    #[test]
    fn the_names_of_a_commit_are_those_that_were_last_seen_to_point_at_it() {
        let gone = ListedTag {
            deleted_at: Some(5),
            ..listed("gone", Some("one"))
        };
        let tags = vec![
            listed("v1", Some("one")),
            listed("v2", Some("two")),
            listed("unasked", None),
            gone,
            listed("latest", Some("one")),
        ];
        let names = names_of(tags.clone(), &digest("one"), "");
        assert_eq!(
            names.iter().map(Tag::as_str).collect::<Vec<_>>(),
            ["v1", "latest"]
        );
        let others = names_of(tags, &digest("one"), "v1");
        assert_eq!(
            others.iter().map(Tag::as_str).collect::<Vec<_>>(),
            ["latest"]
        );
    }

    #[test]
    fn a_commit_with_more_names_than_are_looked_after_is_refused() {
        let one = digest("one");
        assert!(check_names(&one, &many(500)).is_ok());
        let told = check_names(&one, &many(501)).unwrap_err();
        assert!(told.message.contains("more than 500 tags"), "{told:?}");
        assert!(check_names(&one, &many(700)).is_err());
        // Of more than that one is enough to know.
        assert_eq!(many(700).len(), 501);
    }
}
