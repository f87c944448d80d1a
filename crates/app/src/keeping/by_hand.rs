//! One commit kept by hand.

use super::commit_tag::{as_listed, code_of};
use super::room::Keeping;
use crate::accounts::Remote;
use crate::ground::names;
use crate::view::keep::KeepCommitOrder;
use crate::view::problem::{Code, Problem};
use crate::words;
use oci::Digest;

impl Keeping {
    /// Keeps one commit by hand; returns its commit tag.
    pub async fn keep(&self, order: KeepCommitOrder) -> Result<String, Problem> {
        let tag = names::tag(&order.tag)?;
        let digest = names::digest(&order.digest)?;
        let remote = self
            .accounts
            .remote(&order.account, &order.repository)
            .await?;
        let place = remote.place.clone();
        let short = digest.short();
        // Two presses are one wish.
        let _turn = self.ground.turns.commit(&place, &digest).await;
        let there = self.content.reachable(&remote, &digest).await?;
        if !there && let Err(problem) = self.again(&remote, &digest).await {
            self.ground.stale_tags(&place).await;
            return Err(problem);
        }
        let name = self
            .give_commit_tag(&remote, &tag, &digest, |_| {})
            .await?
            .map_err(|not| {
                let cause = not.cause;
                let said = words::keeping::not_kept(short, cause.what());
                let code = code_of(&cause);
                cause.retold(code, said)
            })?;
        if !there {
            self.content.reachable(&remote, &digest).await?;
        }
        self.history
            .answer_kept(&place, tag.as_str(), &digest)
            .await?;
        Ok(as_listed(&remote, &name).await.0)
    }

    /// Makes a commit that the registry has let go of fit to be kept, where this computer knows its manifests and the
    /// layers are still there; its platforms are put back for that.
    async fn again(&self, remote: &Remote, digest: &Digest) -> Result<(), Problem> {
        let short = digest.short();
        let host = &remote.session.account.host;
        if self.content.known(digest).await?.is_none() {
            return Err(words::keeping::gone_and_unknown(short, host).coded(Code::NotKept));
        }
        let whole = self
            .content
            .check_restorable(remote, digest)
            .await
            .map_err(|cause| {
                words::keeping::cannot_be_kept(short, cause.what()).coded(Code::NotKept)
            })?;
        self.content
            .restore_missing(remote, digest, whole.platforms)
            .await
    }
}
