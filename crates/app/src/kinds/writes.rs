//! What is written by a vendor's own interface: here alone, so that a look, a list or a plan never writes by it.

use super::room::Kinds;
use crate::accounts::Remote;
use crate::view::problem::{Code, Problem};
use crate::words::about as say;
use crate::words::{kinds, removal};
use oci::{Digest, Tag};
use vendors::{Creates, DeletesTag, Failure, Means, NewWords, Part, Reason, Vendor, Words};

impl Kinds {
    /// Tells whether a tag is better deleted by the vendor's interface than by its name, whatever the protocol would do.
    pub(crate) async fn deletes_safer(&self, account: i64) -> bool {
        let vendor = self.accounts.vendor(account).await.map(vendors::of);
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

    /// Deletes a commit that has no other tags than these by the vendor's own interface, which takes them along; false where that isn't
    /// to be had. What it says to it is the problem, as the protocol deletes none there.
    pub(crate) async fn delete_commit(
        &self,
        remote: &Remote,
        digest: &Digest,
        tags: &[Tag],
    ) -> Result<bool, Problem> {
        let (part, session) = (Part::DeleteCommit, &remote.session);
        let Some((vendor, way)) = self.open(session, part).await? else {
            return Ok(false);
        };
        let Some(deletes) = vendor.deletes_commit() else {
            return Ok(false);
        };
        let name = &remote.place.repository;
        let answer = deletes.delete(&way, name, digest, tags).await;
        let (whose, short) = (kinds::name(vendor.id()), digest.short());
        match &answer {
            Err(Failure::Refused(error)) => Err(kinds::keeps_commit(whose, short)
                .problem()
                .hint(kinds::keeps_some())
                .detail(error.own_words())),
            Err(Failure::Denied) => Err(kinds::may_not_delete(whose, short)
                .problem()
                .hint(kinds::token_deletes())),
            Err(Failure::Changed) => Err(kinds::has_other_tags(short)
                .coded(Code::TagMoved)
                .hint(removal::look_again())),
            Err(Failure::Unanswered(error) | Failure::Unreadable(error)) => {
                Err(remote.problem(error))
            }
            _ => Ok(self.told(session, part, answer).is_some()),
        }
    }

    /// Points a tag at a commit that the registry let go of, by the vendor's own interface, which puts it back; false where that
    /// isn't to be had. That the vendor refuses, and why, is the problem.
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
        if matches!(answer, Err(Failure::Changed)) {
            return Err(kinds::elsewhere_now(tag)
                .coded(Code::TagMoved)
                .hint(removal::look_again()));
        }
        Ok(self.taken(remote, vendor, part, answer)?.is_some())
    }

    /// Asks for what a repository says of itself, which shall be changed; none where the interface keeps no words. Why it doesn't tell
    /// them is the problem: what can't be read now is not written elsewhere.
    pub(crate) async fn words_to_change(&self, remote: &Remote) -> Result<Option<Words>, Problem> {
        let (part, session) = (Part::Describe, &remote.session);
        let Some((vendor, way)) = self.open(session, part).await? else {
            return Ok(None);
        };
        let Some(describes) = vendor.describes() else {
            return Ok(None);
        };
        let answer = describes.read(&way, &remote.place.repository).await;
        self.taken(remote, vendor, part, answer)
    }

    /// Changes what a repository says of itself by the vendor's own interface; false where that isn't to be had. What somebody else
    /// changed in that very moment stops; so does whatever the vendor refuses, which is no reason to say it elsewhere.
    pub(crate) async fn describe(
        &self,
        remote: &Remote,
        words: &NewWords,
        version: Option<&str>,
    ) -> Result<bool, Problem> {
        let (part, session) = (Part::Describe, &remote.session);
        let Some((vendor, way)) = self.open(session, part).await? else {
            return Ok(false);
        };
        let Some(describes) = vendor.describes() else {
            return Ok(false);
        };
        let name = &remote.place.repository;
        let answer = describes.write(&way, name, words, version).await;
        if matches!(answer, Err(Failure::Changed)) {
            return Err(say::changed_meanwhile()
                .coded(Code::Changed)
                .hint(say::look_then_save()));
        }
        Ok(self.taken(remote, vendor, part, answer)?.is_some())
    }

    /// Makes a repository by the vendor's own interface; false where that isn't to be had: who may not make one by it may make one by a
    /// push. Where nothing but an image makes one, that is said; so is why the vendor refuses.
    pub(crate) async fn create(
        &self,
        remote: &Remote,
        words: &NewWords,
        private: Option<bool>,
    ) -> Result<bool, Problem> {
        let (part, session) = (Part::Create, &remote.session);
        let vendor = vendors::of(self.known(session).await);
        if vendors::means(vendor, part) == Means::Impossible(Reason::FirstPush) {
            return Err(kinds::first_push().problem().hint(kinds::push_first()));
        }
        let Some((vendor, way)) = self.open(session, part).await? else {
            return Ok(false);
        };
        let Some(creates) = vendor.creates() else {
            return Ok(false);
        };
        let longest = vendor
            .describes()
            .map(|describes| describes.limits().description);
        if let Some(most) = longest.filter(|most| words.description.chars().count() > *most) {
            return Err(say::too_long(&most).problem());
        }
        let name = &remote.place.repository;
        let answer = creates.create(&way, name, words, private).await;
        if matches!(answer, Err(Failure::Denied)) {
            return Ok(self.told(session, part, answer).is_some());
        }
        Ok(self.taken(remote, vendor, part, answer)?.is_some())
    }

    /// Takes an answer to what was to be written: what the vendor says against it is the problem; none where it has no such thing, or
    /// wants a second sign-in.
    fn taken<T>(
        &self,
        remote: &Remote,
        vendor: &dyn Vendor,
        part: Part,
        answer: Result<T, Failure>,
    ) -> Result<Option<T>, Problem> {
        let refused = why_not(remote, vendor, &answer);
        let taken = self.told(&remote.session, part, answer);
        refused.map_or(Ok(taken), Err)
    }
}

/// Tells whether a new repository can be made one that only some see.
pub(super) fn takes_private(vendor: &dyn Vendor) -> bool {
    vendor.creates().is_some_and(Creates::takes_private)
}

/// Returns what a vendor said against something that was to be written; none where it has no such thing, or wants a second sign-in.
fn why_not<T>(
    remote: &Remote,
    vendor: &dyn Vendor,
    answer: &Result<T, Failure>,
) -> Option<Problem> {
    match answer {
        Err(Failure::Refused(error) | Failure::Unanswered(error) | Failure::Unreadable(error)) => {
            Some(remote.problem(error))
        }
        Err(Failure::Denied) => {
            let said = kinds::may_not(&remote.place.host).problem();
            Some(said.hint(kinds::ask_an_owner()))
        }
        Err(Failure::Command(failure)) => {
            let program = vendor.program().map_or("", |program| program.name);
            Some(kinds::of_command(program, failure))
        }
        _ => None,
    }
}
