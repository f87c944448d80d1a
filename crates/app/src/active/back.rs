//! How a commit gets under a tag: its manifest is put there, or the registry's vendor puts back what it let go of.
//!
//! Not here: the act and its guard (`act`), the sheet (`sheet`). Grows by another way back.

use super::room::Active;
use crate::accounts::Remote;
use crate::content::{Restorable, gone};
use crate::view::browse::Reach;
use crate::view::problem::Problem;
use oci::{Digest, Tag};
use registry::At;
use vendors::Part;

/// How a commit gets under a tag.
pub(super) enum Back {
    /// By its manifest, and whatever of it has to be put back before.
    Put(Box<Restorable>),
    /// The vendor's own interface puts it back: only it still has the commit.
    ByVendor,
}

impl Active {
    /// Finds the way, or says why there is none. Asks only.
    pub(super) async fn way_back(&self, remote: &Remote, digest: &Digest) -> Result<Back, Problem> {
        let (place, wanted) = (remote.place.clone(), digest.clone());
        let until = self
            .ground
            .db(move |store| store.restorable_until(&place, &wanted))
            .await?;
        let is_there = matches!(
            self.content.known_reach(&remote.place, digest).await?,
            Reach::Pullable { .. } | Reach::Partly { .. }
        );
        let Some(until) = until.filter(|_| !is_there) else {
            return self.put(remote, digest).await;
        };
        let account = remote.session.account.id;
        let is_time = until > self.ground.registry_now(&remote.place.host);
        if is_time && self.kinds.is_native(account, Part::Restore).await {
            return Ok(Back::ByVendor);
        }
        self.put(remote, digest).await
    }

    async fn put(&self, remote: &Remote, digest: &Digest) -> Result<Back, Problem> {
        let restorable = self.content.check_restorable(remote, digest).await?;
        Ok(Back::Put(Box::new(restorable)))
    }

    /// Goes it; returns the registry's time of it (seconds, UTC).
    pub(super) async fn bring_back(
        &self,
        remote: &Remote,
        tag: &Tag,
        digest: &Digest,
        back: Back,
    ) -> Result<i64, Problem> {
        let host = &remote.place.host;
        let date = match back {
            Back::Put(restorable) => {
                let at = At::Tag(tag.clone());
                let put = self.content.restore(remote, &at, digest, *restorable);
                put.await?.date
            }
            Back::ByVendor if self.kinds.restore(remote, tag, digest).await? => None,
            Back::ByVendor => {
                let account = remote.session.account.id.to_string();
                let wants = self.kinds.lacks_second(&account, Part::Restore).await;
                return Err(wants.unwrap_or_else(|| gone(digest)));
            }
        };
        Ok(self.ground.registry_time(host, date))
    }
}
