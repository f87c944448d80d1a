//! What is written by a vendor's own interface: here alone, so that a look, a list or a plan never writes by it.

use super::room::Kinds;
use crate::accounts::Remote;
use crate::view::problem::Problem;
use oci::{Digest, Tag};
use vendors::{DeletesTag, Failure, Part};

impl Kinds {
    /// Tells whether a tag is better deleted by the vendor's interface than by its name, whatever the protocol would do.
    pub(crate) async fn deletes_safer(&self, account: i64) -> bool {
        let vendor = self.vendor(account).await.map(vendors::of);
        let deletes = vendor.and_then(|vendor| vendor.deletes_tag());
        deletes.is_some_and(DeletesTag::is_safer)
    }

    /// Deletes a tag that points at this commit by the vendor's own interface, which leaves the commit; false where that isn't to be
    /// had, and nothing is known to have been deleted. Where nothing else is known to leave it, what the vendor says is the problem.
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
        if let Err(
            Failure::Refused(error) | Failure::Unanswered(error) | Failure::Unreadable(error),
        ) = &answer
            && deletes.is_safer()
        {
            return Err(remote.problem(error));
        }
        Ok(self.told(session, part, answer).is_some())
    }
}
