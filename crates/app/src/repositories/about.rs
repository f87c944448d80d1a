//! What a repository says of itself, as the window shows it: read where it changed, written where the person says so.
//!
//! Not here: reading and writing the about manifest (`about`), what a registry can do (`abilities`).

use super::room::Repositories;
use crate::about::manifest;
use crate::about::{Basis, Unwritten};
use crate::accounts::Remote;
use crate::content::Annotations;
use crate::ground::{is_of_the_side, names};
use crate::history::TagsListed;
use crate::view::about::{AboutView, AboutWords, CreateOrder, DescribeOrder, RepositoryMark};
use crate::view::events::Stale;
use crate::view::problem::Problem;
use crate::words;
use crate::words::team_note;
use futures_util::{FutureExt, StreamExt, stream};
use oci::Digest;
use store::{About as AboutRecord, Place};
use vendors::{NewWords, Part};

/// How many repositories are asked for their words at once.
const AT_ONCE: usize = 4;
/// How many are asked for by one order: those in sight.
const IN_SIGHT: usize = 200;

impl Repositories {
    /// Returns what a repository says of itself, from the cache.
    pub async fn about(&self, account: String, repository: String) -> Result<AboutView, Problem> {
        let account = self.accounts.account(&account).await?;
        let place = names::place(&account, &repository)?;
        self.about_view(account.id, &place).await
    }

    /// Asks the registry what a repository says of itself.
    pub async fn refresh_about(&self, account: String, repository: String) -> Result<(), Problem> {
        let looked = async {
            let remote = self.accounts.remote(&account, &repository).await?;
            self.look_at_words(&remote).await?;
            self.about.look(&remote).await.map(drop)
        };
        self.accounts.asking(&account, looked.boxed()).await
    }

    /// Asks for the words of these repositories, those in sight; what was asked shortly before is not asked again.
    /// What can't be told stays untold: nobody waits for it. That nobody answers is told, so that they are asked for again.
    pub async fn ask_abouts(
        &self,
        account: String,
        repositories: Vec<String>,
    ) -> Result<(), Problem> {
        let looked = async {
            let session = self.accounts.session(&account).await?;
            let due = repositories
                .into_iter()
                .take(IN_SIGHT)
                .filter_map(|name| session.remote(&name).ok())
                .filter(|remote| !self.about.is_fresh(&remote.place));
            let failed = stream::iter(due)
                .map(|remote| async move { self.about.look(&remote).await.err() })
                .buffer_unordered(AT_ONCE)
                .filter_map(std::future::ready)
                .filter(|problem| std::future::ready(is_of_the_side(problem)))
                .collect::<Vec<_>>()
                .await;
            failed.into_iter().next().map_or(Ok(()), Err)
        };
        self.accounts.asking(&account, looked.boxed()).await
    }

    /// Makes a repository, with its about manifest.
    pub async fn create(&self, order: CreateOrder) -> Result<AboutView, Problem> {
        let remote = self
            .accounts
            .remote(&order.account, &order.repository)
            .await?;
        let place = remote.place.clone();
        if self.history.tags_listed(&remote).await? == TagsListed::Some {
            return Err(words::repositories::there_already(&place.path())
                .problem()
                .hint(words::repositories::open_it()));
        }
        let id = remote.session.account.id;
        let words = NewWords {
            description: order.description.trim().to_owned(),
            full: None,
        };
        if self.kinds.create(&remote, &words, order.private).await? {
            let description = Some(words.description).filter(|text| !text.is_empty());
            self.remember_words(&remote, description).await?;
            self.add(&remote).await?;
            // What else was said has a place in an about manifest alone.
            if order.title.trim().is_empty() && order.keep.is_none() {
                return self.about_view(id, &place).await;
            }
        } else if order.private.is_some() {
            // Who may see it was asked for, and a manifest has no say in that.
            let wants = self.kinds.lacks_second(&order.account, Part::Create).await;
            let refused = || words::about::not_made(&place.host).problem();
            return Err(wants.unwrap_or_else(refused));
        }
        let written = self
            .about
            .write(&remote, Basis::Shown(None), |annotations| {
                set_words(annotations, &order.title, &order.description);
                if let Some(rule) = order.keep {
                    manifest::set(annotations, manifest::KEEP, Some(rule.as_str().to_owned()));
                }
            })
            .await
            .map_err(Unwritten::into_problem)?;
        self.about.set_from_here(&place, &written).await?;
        self.add(&remote).await?;
        self.about_view(id, &place).await
    }

    /// Returns the text for *Copy a note for your team*.
    pub async fn team_note(&self, account: String, repository: String) -> Result<String, Problem> {
        let place = self.accounts.place(&account, &repository).await?;
        Ok(team_note::team_note(&place.path()))
    }

    /// Changes what a repository says of itself.
    pub async fn describe(&self, order: DescribeOrder) -> Result<AboutView, Problem> {
        let remote = self
            .accounts
            .remote(&order.account, &order.repository)
            .await?;
        let place = remote.place.clone();
        let expected = order
            .expected
            .as_deref()
            .map(|text| Digest::parse(text).map_err(words::unexpected))
            .transpose()?;
        let is_there = self
            .change_words(&remote, &order.description, &order.shown)
            .await?;
        if is_there && expected.is_none() && order.title.trim().is_empty() {
            return self.about_view(remote.session.account.id, &place).await;
        }
        self.about
            .write(&remote, Basis::Shown(expected), |annotations| {
                set_words(annotations, &order.title, &order.description);
            })
            .await
            .map_err(Unwritten::into_problem)?;
        self.about_view(remote.session.account.id, &place).await
    }
}

impl Repositories {
    /// Adds a repository to the list of its account.
    async fn add(&self, remote: &Remote) -> Result<(), Problem> {
        let (id, name) = (
            remote.session.account.id,
            remote.place.repository.to_string(),
        );
        self.ground
            .db(move |store| store.add_repositories(id, &[name]))
            .await?;
        self.ground.stale(Stale::Repositories {
            account: id.to_string(),
        });
        Ok(())
    }

    pub(crate) async fn about_view(
        &self,
        account: i64,
        place: &Place,
    ) -> Result<AboutView, Problem> {
        let wanted = place.clone();
        let (about, told) = self
            .ground
            .db(move |store| {
                let told = store.told_description(account, wanted.repository.as_str())?;
                Ok((store.about(&wanted)?, told))
            })
            .await?;
        Ok(AboutView {
            asked: about.is_some(),
            digest: about
                .as_ref()
                .and_then(|about| about.digest.as_ref())
                .map(Digest::to_string),
            words: words_or_told(about.map(words_of), told),
            keep: self.keeping.view(place).await?,
            abilities: self.abilities(account, place).await?,
        })
    }

    /// Returns what the list of repositories shows besides their names.
    pub(crate) async fn marks(&self, account: i64) -> Result<Vec<RepositoryMark>, Problem> {
        let marks = self.ground.db(move |store| store.marks(account)).await?;
        Ok(marks
            .into_iter()
            .map(|mark| RepositoryMark {
                name: mark.name,
                words: words_or_told(mark.about.map(words_of), mark.told),
                watched: mark.watched,
                moved_at: mark.moved_at,
            })
            .collect())
    }
}

/// Returns the words of a repository, and in place of a description that it hasn't what its vendor tells of it.
fn words_or_told(words: Option<AboutWords>, told: Option<String>) -> AboutWords {
    let words = words.unwrap_or_default();
    AboutWords {
        description: words.description.or(told),
        ..words
    }
}

fn words_of(about: AboutRecord) -> AboutWords {
    AboutWords {
        title: about.title,
        description: about.description,
        authors: about.authors,
        created: about.created,
    }
}

fn set_words(annotations: &mut Annotations, title: &str, description: &str) {
    let title = manifest::words(title, manifest::MAX_TITLE, false);
    let description = manifest::words(description, manifest::MAX_DESCRIPTION, true);
    manifest::set(annotations, manifest::TITLE, title);
    manifest::set(annotations, manifest::DESCRIPTION, description);
}
