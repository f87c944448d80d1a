//! What is written by a vendor's own interface: here alone, so that a look, a list or a plan never writes by it.

use super::room::Kinds;
use crate::accounts::Remote;
use crate::view::problem::Problem;
use oci::{Digest, Tag};
use vendors::Part;

impl Kinds {
    /// Deletes a tag that points at this commit by the vendor's own interface, which leaves the commit; false where that isn't to be
    /// had, and nothing is known to have been deleted.
    pub(crate) async fn delete_tag(
        &self,
        remote: &Remote,
        tag: &Tag,
        digest: &Digest,
    ) -> Result<bool, Problem> {
        let (part, session) = (Part::DeleteTag, &remote.session);
        let Some((vendor, way)) = self.open(session, part).await? else {
            return Ok(false);
        };
        let Some(deletes) = vendor.deletes_tag() else {
            return Ok(false);
        };
        let name = &remote.place.repository;
        let answer = deletes.delete(&way, name, tag, digest).await;
        Ok(self.told(session, part, answer).is_some())
    }

    /// Puts a commit that the registry let go of back under a tag, by the vendor's own interface; false where that isn't to be had.
    pub(crate) async fn restore(
        &self,
        remote: &Remote,
        tag: &Tag,
        digest: &Digest,
    ) -> Result<bool, Problem> {
        let (part, session) = (Part::Restore, &remote.session);
        let Some((vendor, way)) = self.open(session, part).await? else {
            return Ok(false);
        };
        let Some(restores) = vendor.restores() else {
            return Ok(false);
        };
        let name = &remote.place.repository;
        let answer = restores.restore(&way, name, tag, digest).await;
        Ok(self.told(session, part, answer).is_some())
    }
}
