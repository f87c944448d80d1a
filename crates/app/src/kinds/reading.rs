//! What a vendor's own interface tells: pages of repositories, and of tags with what they point at.
//!
//! None: it has no such thing, or doesn't give it, and the protocol is asked. Before an account's secret goes to it the registry
//! itself has taken it, so that a wrong one is sent once. Not here: walking the pages (`vendors::Walk`).

use super::room::Kinds;
use crate::accounts::{Remote, Session};
use crate::view::problem::Problem;
use registry::Kind;
use vendors::{Cursor, Failure, Listed, Means, Page, Part, TagFact, Vendor, Way};

impl Kinds {
    /// Asks for a page of an account's repositories.
    pub(crate) async fn repositories(
        &self,
        session: &Session,
        at: &Cursor,
    ) -> Result<Option<Page<Listed>>, Problem> {
        let part = Part::List;
        let Some((vendor, way)) = self.open(session, part).await? else {
            return Ok(None);
        };
        let Some(lists) = vendor.lists() else {
            return Ok(None);
        };
        Ok(self.told(session, part, lists.page(&way, at).await))
    }

    /// Asks for a page of a repository's tags with what they point at.
    pub(crate) async fn tag_facts(
        &self,
        remote: &Remote,
        at: &Cursor,
    ) -> Result<Option<Page<TagFact>>, Problem> {
        let (part, session) = (Part::TagFacts, &remote.session);
        let Some((vendor, way)) = self.open(session, part).await? else {
            return Ok(None);
        };
        let Some(facts) = vendor.facts() else {
            return Ok(None);
        };
        let page = facts.page(&way, &remote.place.repository, at).await;
        Ok(self.told(session, part, page))
    }

    /// Tells whether the list of an account's vendor stands for the catalog; none where it has none, or it isn't given.
    pub(crate) async fn lists_whole(&self, session: &Session) -> Option<bool> {
        let lists = vendors::of(self.known(session).await).lists()?;
        (!self.was_refused(session, Part::List)).then(|| lists.is_whole())
    }

    /// Tells whether the vendor of an account's registry has a part, as far as is known.
    pub(crate) async fn is_native(&self, account: i64, part: Part) -> bool {
        let vendor = self.vendor(account).await.map(vendors::of);
        vendor.is_some_and(|vendor| vendors::means(vendor, part) == Means::Native)
    }

    /// Returns the vendor and the way to ask it, where this part is native with it and was not refused since the account was opened.
    pub(super) async fn open(
        &self,
        session: &Session,
        part: Part,
    ) -> Result<Option<(&'static dyn Vendor, Way)>, Problem> {
        let vendor = vendors::of(self.known(session).await);
        if vendors::means(vendor, part) != Means::Native || self.was_refused(session, part) {
            return Ok(None);
        }
        if !session.registry.has_proved()
            && let Err(error) = session.registry.check().await
        {
            // Whatever else it is, the protocol meets it as well, and says so.
            return match error.kind {
                Kind::SignIn | Kind::SignInChanged { .. } => Err(session.problem(&error)),
                _ => Ok(None),
            };
        }
        let (account, registry) = (&session.account, session.registry.clone());
        let second = if vendors::takes_second(vendor, part, account.user.as_deref()) {
            self.accounts.second(account.id, vendor.id()).await
        } else {
            None
        };
        let mut way = Way::open(vendor, part, registry, second.as_ref()).await;
        if part == Part::List && vendor.lists().is_some_and(|lists| !lists.is_whole()) {
            way.namespaces = self.namespaces(session).await;
        }
        Ok(Some((vendor, way)))
    }

    /// Takes what was told; where nothing was, notes whether it is worth asking again.
    pub(super) fn told<T>(
        &self,
        session: &Session,
        part: Part,
        told: Result<T, Failure>,
    ) -> Option<T> {
        let failure = match told {
            Ok(told) => return Some(told),
            Err(failure) => failure,
        };
        if matches!(failure, Failure::SecondRefused) {
            self.accounts.second_was_refused(session.account.id);
        }
        // That one repository isn't there says nothing of the others; nor does what may be answered in a moment.
        let of_one =
            part != Part::List && matches!(failure, Failure::NotFound | Failure::Refused(_));
        if !failure.is_passing() && !of_one {
            self.note_refused(session, part);
        }
        None
    }
}
