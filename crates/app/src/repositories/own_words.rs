//! The words of a repository that its registry's own interface keeps: read, and changed where somebody says so.
//!
//! Not here: the about manifest (`about`), which has a title and a rule besides. Grows by another word that vendors keep.

use super::room::Repositories;
use crate::accounts::Remote;
use crate::view::events::Stale;
use crate::view::problem::{Code, Problem};
use crate::words::about as say;
use vendors::{NewWords, Part, Words};

impl Repositories {
    /// Asks for them, and remembers them; none where the interface has none, or doesn't tell.
    pub(super) async fn look_at_words(&self, remote: &Remote) -> Result<Option<Words>, Problem> {
        let words = self.kinds.words(remote).await?;
        if let Some(words) = &words {
            self.remember_words(remote, words.description.clone())
                .await?;
        }
        Ok(words)
    }

    /// Changes the description there, unless it is as it was shown; false where the interface keeps none. What somebody else changed
    /// since the person was shown it stops.
    pub(super) async fn change_words(
        &self,
        remote: &Remote,
        description: &str,
        shown: &str,
    ) -> Result<bool, Problem> {
        let Some(limit) = self.kinds.longest_description(remote).await else {
            return Ok(false);
        };
        let account = remote.session.account.id;
        if !self.kinds.is_native(account, Part::Describe).await {
            return Ok(false);
        }
        let description = description.trim();
        if description.chars().count() > limit {
            return Err(say::too_long(&limit).problem());
        }
        let shown = shown.trim();
        if description == shown {
            // What was edited is something else.
            return Ok(true);
        }
        // An about manifest's stands before what is told: then it was that which was shown.
        let told = match self.description_of_about(remote).await? {
            Some(_) => self.told_words(remote).await?.unwrap_or_default(),
            None => shown.to_owned(),
        };
        let Some(now) = self.kinds.words_to_change(remote).await? else {
            return Ok(false);
        };
        self.remember_words(remote, now.description.clone()).await?;
        if now.description.as_deref().unwrap_or_default().trim() != told.trim() {
            return Err(say::changed_meanwhile()
                .coded(Code::Changed)
                .hint(say::look_then_save()));
        }
        if now.is_cut {
            return Err(say::cut_there().problem());
        }
        let words = NewWords {
            description: description.to_owned(),
            // It stays as it is.
            full: None,
        };
        let version = now.version.as_deref();
        let written = self.kinds.describe(remote, &words, version).await?;
        if written {
            let description = Some(words.description).filter(|text| !text.is_empty());
            self.remember_words(remote, description).await?;
        }
        Ok(written)
    }

    /// Returns the description that an about manifest gives, as far as is known here.
    async fn description_of_about(&self, remote: &Remote) -> Result<Option<String>, Problem> {
        let place = remote.place.clone();
        let about = self.ground.db(move |store| store.about(&place)).await?;
        Ok(about.and_then(|about| about.description))
    }

    /// Returns the description that was told last.
    pub(super) async fn told_words(&self, remote: &Remote) -> Result<Option<String>, Problem> {
        let (account, name) = (
            remote.session.account.id,
            remote.place.repository.to_string(),
        );
        self.ground
            .db(move |store| store.told_description(account, &name))
            .await
    }

    pub(super) async fn remember_words(
        &self,
        remote: &Remote,
        description: Option<String>,
    ) -> Result<(), Problem> {
        let (account, name) = (
            remote.session.account.id,
            remote.place.repository.to_string(),
        );
        let at = self.ground.now();
        let tell = move |store: &store::Store| {
            store.tell_description(account, &name, description.as_deref(), at)
        };
        self.ground.db(tell).await?;
        self.about.stale_about(&remote.place).await;
        self.ground.stale(Stale::Repositories {
            account: account.to_string(),
        });
        Ok(())
    }
}
