//! What a repository says of itself: the about manifest, read where it changed, written where the person says so.
//!
//! Not here: its form (`about::manifest`), reading and writing it (`about::stored`), which rule holds (`rule`), what a registry can do (`abilities`).

pub(crate) mod manifest;
mod stored;

pub(crate) use stored::{Basis, Unwritten};

use crate::house::{Door, House, lock};
use crate::view::about::{AboutView, AboutWords, CreateOrder, DescribeOrder, RepositoryMark};
use crate::view::events::Stale;
use crate::view::problem::Problem;
use crate::{Longshore, house, problems};
use futures_util::{StreamExt, stream};
use manifest::Annotations;
use oci::Digest;
use registry::{Kind, Repository};
use std::collections::{HashMap, HashSet};
use std::sync::Mutex;
use store::{About, Place, Store};

/// How many repositories are asked for their words at once.
const AT_ONCE: usize = 4;
/// How many are asked for by one order: those in sight.
const IN_SIGHT: usize = 200;
/// What was asked is not asked again for so long (seconds), unless the person refreshes.
const FRESH: i64 = 600;

/// What was learnt of registries in this run, and is not worth a row in the database.
#[derive(Default)]
pub(crate) struct Learnt {
    /// When repositories were last asked for their words, whatever came of it.
    asked: Mutex<HashMap<Place, i64>>,
    /// Accounts whose registry refused to list its repositories.
    no_catalog: Mutex<HashSet<i64>>,
}

impl Learnt {
    /// The registry listed its repositories, or refused to.
    pub fn catalog(&self, account: i64, listed: bool) {
        let mut refused = lock(&self.no_catalog);
        if listed {
            refused.remove(&account);
        } else {
            refused.insert(account);
        }
    }

    /// Whether it refused.
    pub fn refused_catalog(&self, account: i64) -> bool {
        lock(&self.no_catalog).contains(&account)
    }
}

impl Longshore {
    /// From the cache.
    pub async fn about(&self, account: String, repository: String) -> Result<AboutView, Problem> {
        let account = self.house.account(&account).await?;
        let place = house::place(&account, &repository)?;
        self.house.about_view(account.id, &place).await
    }

    /// Asks the registry.
    pub async fn refresh_about(&self, account: String, repository: String) -> Result<(), Problem> {
        let door = self.house.door(&account).await?;
        let (place, remote) = door.repository(&repository)?;
        self.house.look_about(&door, &place, &remote).await?;
        Ok(())
    }

    /// Asks for the words of these repositories, those in sight; what was asked shortly before is not asked again.
    /// What can't be told stays untold: nobody waits for it.
    pub async fn ask_abouts(
        &self,
        account: String,
        repositories: Vec<String>,
    ) -> Result<(), Problem> {
        let door = self.house.door(&account).await?;
        let now = self.house.now();
        let due = repositories
            .into_iter()
            .take(IN_SIGHT)
            .filter_map(|name| door.repository(&name).ok())
            .filter(|(place, _)| {
                !lock(&self.house.learnt.asked)
                    .get(place)
                    .is_some_and(|at| (0..FRESH).contains(&(now - at)))
            });
        stream::iter(due)
            .for_each_concurrent(AT_ONCE, |(place, remote)| {
                let door = &door;
                async move {
                    let _ = self.house.look_about(door, &place, &remote).await;
                }
            })
            .await;
        Ok(())
    }

    /// Makes a repository, with its about manifest.
    pub async fn create_repository(&self, order: CreateOrder) -> Result<AboutView, Problem> {
        let house = &self.house;
        let door = house.door(&order.account).await?;
        let (place, remote) = door.repository(&order.repository)?;
        if has_tags(&door, &remote).await? {
            return Err(
                problems::plain(format!("{} is there already.", place.path()))
                    .hint("Open it and describe it there, or choose another name."),
            );
        }
        house
            .write_about(&door, &place, &remote, Basis::Shown(None), |annotations| {
                describe(annotations, &order.title, &order.description);
                if let Some(rule) = order.keep {
                    manifest::set(annotations, manifest::KEEP, Some(rule.as_str().to_owned()));
                }
            })
            .await
            .map_err(Unwritten::into_problem)?;
        let (id, name) = (door.account.id, place.repository.to_string());
        house
            .db(move |store| store.add_repositories(id, &[name]))
            .await?;
        house.stale(Stale::Repositories {
            account: order.account,
        });
        house.about_view(id, &place).await
    }

    /// Changes what a repository says of itself.
    pub async fn describe_repository(&self, order: DescribeOrder) -> Result<AboutView, Problem> {
        let house = &self.house;
        let door = house.door(&order.account).await?;
        let (place, remote) = door.repository(&order.repository)?;
        let expected = order
            .expected
            .as_deref()
            .map(|text| Digest::parse(text).map_err(problems::unexpected))
            .transpose()?;
        house
            .write_about(
                &door,
                &place,
                &remote,
                Basis::Shown(expected),
                |annotations| {
                    describe(annotations, &order.title, &order.description);
                },
            )
            .await
            .map_err(Unwritten::into_problem)?;
        house.about_view(door.account.id, &place).await
    }
}

impl House {
    /// What a repository says of itself, or how it keeps, changed, for every account that shows it.
    pub(crate) async fn stale_about(&self, place: &Place) {
        let Ok(accounts) = self.db(Store::accounts).await else {
            return;
        };
        for account in accounts.iter().filter(|account| account.host == place.host) {
            let id = account.id.to_string();
            self.stale(Stale::About {
                account: id.clone(),
                repository: place.repository.to_string(),
            });
            self.stale(Stale::Repositories { account: id });
        }
    }

    pub(crate) async fn about_view(
        &self,
        account: i64,
        place: &Place,
    ) -> Result<AboutView, Problem> {
        let wanted = place.clone();
        let about = self.db(move |store| store.about(&wanted)).await?;
        Ok(AboutView {
            asked: about.is_some(),
            digest: about
                .as_ref()
                .and_then(|about| about.digest.as_ref())
                .map(Digest::to_string),
            words: about.map(words).unwrap_or_default(),
            keep: self.keep_view(place).await?,
            abilities: self.abilities(account, place).await?,
        })
    }

    /// What the list of repositories shows besides their names.
    pub(crate) async fn marks(&self, account: i64) -> Result<Vec<RepositoryMark>, Problem> {
        let marks = self.db(move |store| store.marks(account)).await?;
        Ok(marks
            .into_iter()
            .map(|mark| RepositoryMark {
                name: mark.name,
                words: mark.about.map(words).unwrap_or_default(),
                watched: mark.watched,
                moved_at: mark.moved_at,
            })
            .collect())
    }
}

fn words(about: About) -> AboutWords {
    AboutWords {
        title: about.title,
        description: about.description,
        authors: about.authors,
        created: about.created,
    }
}

fn describe(annotations: &mut Annotations, title: &str, description: &str) {
    let title = manifest::words(title, manifest::MAX_TITLE, false);
    let description = manifest::words(description, manifest::MAX_DESCRIPTION, true);
    manifest::set(annotations, manifest::TITLE, title);
    manifest::set(annotations, manifest::DESCRIPTION, description);
}

async fn has_tags(door: &Door, remote: &Repository) -> Result<bool, Problem> {
    match remote.tags().sized(1).next().await {
        Ok(page) => Ok(page.is_some_and(|page| !page.is_empty())),
        // Some registries let push what one may not list; then writing tells.
        Err(error) if matches!(error.kind, Kind::NotFound | Kind::Denied) => Ok(false),
        Err(error) => Err(door.problem(&error)),
    }
}
