//! What was pushed and pulled as what, and from it: where an image may be meant to go.
//!
//! Nothing is invented: each place that is proposed was used, is listed, or stands in the image's own name. Grows by a
//! reason to propose a place (`Likely`).

use super::push::Pushing;
use super::room::Transfers;
use crate::accounts::Remote;
use crate::view::problem::Problem;
use crate::view::push::{Likely, LikelyPlace};
use oci::{Reference, RepositoryName};
use std::collections::HashMap;
use store::{Account, Carried, Place};

/// How many places are proposed at most.
const MOST: usize = 40;
/// How many of them only because something was pushed there.
const RECENT: usize = 8;

impl Transfers {
    /// Finds the repositories where an image may be meant to go, the likeliest first. Asks no registry.
    pub async fn push_places(
        &self,
        image: String,
        name: Option<String>,
    ) -> Result<Vec<LikelyPlace>, Problem> {
        self.ground
            .db(move |store| {
                let last = name.as_deref().map(last_part).unwrap_or_default();
                let alike = match last {
                    "" => Vec::new(),
                    last => store.repositories_named(last)?,
                };
                let asked = Asked {
                    image: &image,
                    name: name.as_deref(),
                };
                Ok(likely(
                    &asked,
                    &store.carried()?,
                    &alike,
                    &store.accounts()?,
                ))
            })
            .await
    }

    /// Remembers a push that has arrived.
    pub(super) async fn carried(
        &self,
        order: &Pushing,
        remote: &Remote,
        image: &str,
    ) -> Result<(), Problem> {
        let name = order.name.clone();
        self.remember(&remote.place, &order.tag, image, name, true)
            .await
    }

    /// Remembers a pull that has arrived.
    pub(super) async fn pulled(
        &self,
        place: &Place,
        tag: &str,
        image: &str,
        name: &str,
    ) -> Result<(), Problem> {
        self.remember(place, tag, image, Some(name.to_owned()), false)
            .await
    }

    async fn remember(
        &self,
        place: &Place,
        tag: &str,
        image: &str,
        name: Option<String>,
        pushed: bool,
    ) -> Result<(), Problem> {
        let carried = Carried {
            place: place.clone(),
            tag: tag.to_owned(),
            image: image.to_owned(),
            name,
            pushed,
            at: self.ground.now(),
        };
        self.ground
            .db(move |store| store.add_carried(&carried))
            .await
    }
}

/// What is to go somewhere.
struct Asked<'a> {
    image: &'a str,
    name: Option<&'a str>,
}

/// Returns the proposals in their order: by reason, then the last first; each place once, for its best reason.
fn likely(
    asked: &Asked<'_>,
    carried: &[Carried],
    alike: &[(i64, String)],
    accounts: &[Account],
) -> Vec<LikelyPlace> {
    let mut found = Found::default();
    for one in carried {
        if one.image == asked.image {
            let why = if one.pushed {
                Likely::Pushed
            } else {
                Likely::Pulled
            };
            found.add(&one.place, why, Some(one), true);
        }
    }
    for same_tag in [true, false] {
        for one in carried {
            let names = one.name.as_deref().zip(asked.name);
            if names.is_some_and(|(one, asked)| same_name(one, asked, same_tag)) {
                found.add(&one.place, Likely::NamePushed, Some(one), true);
            }
        }
    }
    // A bare name says nothing of a place; by engines' custom it would be one of Docker's own.
    let whole = asked.name.filter(|name| parted(name).0.contains('/'));
    if let Some(named) = whole.and_then(|name| Reference::parse(name).ok()) {
        let place = Place {
            host: named.host,
            repository: named.repository,
        };
        found.add(&place, Likely::Named, None, false);
    }
    for (id, repository) in alike {
        let host = accounts.iter().find(|account| account.id == *id);
        let parsed = RepositoryName::parse(repository);
        if let (Some(account), Ok(repository)) = (host, parsed) {
            let host = account.host.clone();
            found.add(&Place { host, repository }, Likely::SameName, None, false);
        }
    }
    let known = found.order.len();
    for one in carried.iter().filter(|one| one.pushed) {
        if found.order.len() < known + RECENT {
            found.add(&one.place, Likely::Recent, Some(one), false);
        }
    }
    found.into_places(accounts)
}

/// The places found so far.
#[derive(Default)]
struct Found {
    order: Vec<(Place, Likely, Option<String>, Option<i64>)>,
    at: HashMap<Place, usize>,
}

impl Found {
    fn add(&mut self, place: &Place, why: Likely, by: Option<&Carried>, with_tag: bool) {
        if self.at.contains_key(place) {
            return;
        }
        self.at.insert(place.clone(), self.order.len());
        let tag = by.filter(|_| with_tag).map(|one| one.tag.clone());
        let at = by.map(|one| one.at);
        self.order.push((place.clone(), why, tag, at));
    }

    /// Finds the account of each place: one that is signed in before one that isn't.
    fn into_places(mut self, accounts: &[Account]) -> Vec<LikelyPlace> {
        self.order.sort_by_key(|(_, why, ..)| *why);
        let account = |place: &Place| {
            let mut there = store::accounts_for(accounts, place);
            there.sort_by_key(|one| match one.state.as_str() {
                "signedOut" => 2,
                "anonymous" => 1,
                _ => 0,
            });
            there.first().map(|one| one.id.to_string())
        };
        let places = self.order.into_iter();
        places
            .filter_map(|(place, why, tag, at)| {
                Some(LikelyPlace {
                    account: account(&place)?,
                    repository: place.repository.to_string(),
                    tag,
                    why,
                    at,
                })
            })
            .take(MOST)
            .collect()
    }
}

/// Parts a name in an engine into its path and its tag.
fn parted(name: &str) -> (&str, Option<&str>) {
    let slash = name.rfind('/').map_or(0, |at| at + 1);
    match name[slash..].rfind(':') {
        Some(colon) => (&name[..slash + colon], Some(&name[slash + colon + 1..])),
        None => (name, None),
    }
}

/// Returns the last part of a name's path.
fn last_part(name: &str) -> &str {
    let path = parted(name).0;
    path.rsplit('/').next().unwrap_or_default()
}

fn same_name(one: &str, other: &str, with_tag: bool) -> bool {
    let (one, other) = (parted(one), parted(other));
    one.0 == other.0 && (!with_tag || one.1 == other.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(id: i64, host: &str, state: &str) -> Account {
        Account {
            id,
            host: oci::Host::parse(host).unwrap(),
            scheme: "https".into(),
            user: None,
            state: state.into(),
            ways: None,
            source: None,
            connection: None,
            namespace: None,
        }
    }

    fn went(path: &str, tag: &str, image: &str, name: &str, pushed: bool) -> Carried {
        let named = Reference::parse(path).unwrap();
        Carried {
            place: Place {
                host: named.host,
                repository: named.repository,
            },
            tag: tag.into(),
            image: image.into(),
            name: Some(name.into()),
            pushed,
            at: 7,
        }
    }

    fn told(places: &[LikelyPlace]) -> Vec<(&str, &str, Option<&str>, Likely)> {
        places
            .iter()
            .map(|each| {
                let tag = each.tag.as_deref();
                (
                    each.account.as_str(),
                    each.repository.as_str(),
                    tag,
                    each.why,
                )
            })
            .collect()
    }

    #[test]
    fn what_was_done_before_comes_first_and_nothing_is_invented() {
        let accounts = [
            account(1, "a.example", "signedOut"),
            account(4, "a.example", "anonymous"),
            account(2, "a.example", "keychain"),
            account(3, "b.example", "anonymous"),
        ];
        let carried = [
            went("b.example/x/other", "9", "z", "other:9", true),
            went("a.example/lab/tool", "v2", "y", "tool:exp", true),
            went("b.example/lab/tool", "v1", "y", "tool:dev", true),
            went(
                "a.example/lab/old",
                "v0",
                "x",
                "a.example/lab/old:v0",
                false,
            ),
            went("gone.example/lab/tool", "v1", "x", "tool:dev", true),
        ];
        let alike = [(3, "c/tool".to_owned()), (3, "lab/tool".to_owned())];
        let asked = Asked {
            image: "x",
            name: Some("tool:dev"),
        };
        assert_eq!(
            told(&likely(&asked, &carried, &alike, &accounts)),
            [
                ("2", "lab/old", Some("v0"), Likely::Pulled),
                ("3", "lab/tool", Some("v1"), Likely::NamePushed),
                ("2", "lab/tool", Some("v2"), Likely::NamePushed),
                ("3", "c/tool", None, Likely::SameName),
                ("3", "x/other", None, Likely::Recent),
            ]
        );
    }

    #[test]
    fn an_image_that_never_went_anywhere_goes_where_its_name_says() {
        let accounts = [account(1, "a.example:5000", "keychain")];
        let asked = Asked {
            image: "x",
            name: Some("a.example:5000/lab/tool:v1"),
        };
        let places = likely(&asked, &[], &[], &accounts);
        assert_eq!(told(&places), [("1", "lab/tool", None, Likely::Named)]);
        let nameless = Asked {
            image: "x",
            name: None,
        };
        assert!(likely(&nameless, &[], &[], &accounts).is_empty());
    }

    #[test]
    fn the_last_tag_of_the_image_itself_is_proposed() {
        let accounts = [account(1, "a.example", "keychain")];
        let carried = [
            went("a.example/lab/tool", "v3", "y", "tool:dev", true),
            went("a.example/lab/tool", "v2", "x", "tool:dev", true),
            went("a.example/lab/tool", "v1", "x", "tool:dev", true),
        ];
        let asked = Asked {
            image: "x",
            name: Some("tool:dev"),
        };
        let places = likely(&asked, &carried, &[], &accounts);
        assert_eq!(
            told(&places),
            [("1", "lab/tool", Some("v2"), Likely::Pushed)]
        );
    }
}
