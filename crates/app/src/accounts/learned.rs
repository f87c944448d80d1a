//! What was learnt of an account's registry by asking it: how it deletes, and which lists it keeps. It is stored with the
//! account, so that no sheet asks it again, not after a restart either.
//!
//! Each has the time it was learnt. It is forgotten when it proves wrong, when somebody signs in anew, and after a while. Not
//! here: the asking (`removal`, `repositories`), and how a registry answers to HEAD, which is worth an hour
//! (`registry::heads`). Grows by another thing that is asked once; an older reader skips what it does not know.

use super::room::Accounts;
use super::session::Session;
use crate::view::events::Stale;
use serde::{Deserialize, Serialize};
use vendors::VendorId;

/// The version that is written, and the only one that is read.
const VERSION: u32 = 1;
/// How long what a registry does is believed (seconds).
const LASTS: i64 = 30 * 86_400;
/// How long it is believed that a registry does not do something: whoever runs it may switch it on any day.
const REFUSAL_LASTS: i64 = 86_400;

/// What was learnt of a registry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Learned {
    v: u32,
    #[serde(default)]
    deletes: Option<Found<Deletes>>,
    #[serde(default)]
    catalog: Option<Found<bool>>,
    #[serde(default)]
    referrers: Option<Found<bool>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    vendor: Option<Found<VendorId>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    told: Option<Found<bool>>,
}

/// How a registry deletes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Deletes {
    /// A tag by its name.
    ByName,
    /// By digest alone.
    ByDigest,
    /// Not at all.
    Never,
}

/// One thing, and when it was learnt (seconds, UTC).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Found<T> {
    what: T,
    at: i64,
}

impl<T> Found<T> {
    /// Returns it where it is still believed. What was learnt later than now was learnt by a clock that was set since.
    fn within(self, now: i64, lasts: i64) -> Option<T> {
        (0..lasts).contains(&(now - self.at)).then_some(self.what)
    }
}

fn lasts(refuses: bool) -> i64 {
    if refuses { REFUSAL_LASTS } else { LASTS }
}

impl Learned {
    fn read(text: Option<&str>) -> Self {
        let read = text.and_then(|text| serde_json::from_str::<Self>(text).ok());
        read.filter(|learned| learned.v == VERSION)
            .unwrap_or_default()
    }

    fn write(mut self) -> Option<String> {
        self.v = VERSION;
        serde_json::to_string(&self).ok()
    }

    /// Returns only what is still believed.
    fn at(self, now: i64) -> Self {
        let kept = |found: Found<bool>| {
            let what = found.within(now, lasts(!found.what))?;
            Some(Found { what, ..found })
        };
        Self {
            v: self.v,
            deletes: self.deletes.filter(|found| {
                let refuses = found.what == Deletes::Never;
                found.within(now, lasts(refuses)).is_some()
            }),
            catalog: self.catalog.and_then(kept),
            referrers: self.referrers.and_then(kept),
            vendor: self
                .vendor
                .filter(|found| found.within(now, LASTS).is_some()),
            told: self.told.and_then(kept),
        }
    }

    /// Returns how the registry deletes.
    pub fn deletes(&self) -> Option<Deletes> {
        self.deletes.map(|found| found.what)
    }

    /// Tells whether the registry lists its repositories for the account.
    pub fn catalog(&self) -> Option<bool> {
        self.catalog.map(|found| found.what)
    }

    /// Tells whether the registry keeps lists of what refers to a manifest.
    pub fn referrers(&self) -> Option<bool> {
        self.referrers.map(|found| found.what)
    }

    /// Returns the vendor that the registry was recognised as.
    pub fn vendor(&self) -> Option<VendorId> {
        self.vendor.map(|found| found.what)
    }

    /// Tells whether the vendor's own interface lists the repositories.
    pub fn tells_list(&self) -> bool {
        self.told.is_some_and(|found| found.what)
    }
}

/// One thing that was learnt, or that proved wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lesson {
    /// How it deletes; none: it does so otherwise than was thought.
    Deletes(Option<Deletes>),
    /// Whether it lists its repositories.
    Catalog(bool),
    /// Whether it keeps lists of what refers to a manifest.
    Referrers(bool),
    /// Which vendor's it is, by what it answers.
    Vendor(VendorId),
    /// Whether the vendor's own interface lists the repositories.
    Told(bool),
}

impl Accounts {
    /// Returns what is believed of an account's registry; nothing where that can't be read.
    pub(crate) async fn learned(&self, account: i64) -> Learned {
        let text = self.ground.db(move |store| store.learned(account)).await;
        let text = text.ok().flatten();
        Learned::read(text.as_deref()).at(self.ground.now())
    }

    /// Returns whose the registry at a host is, where one of its accounts knows.
    pub(crate) async fn vendor_at(&self, host: &oci::Host) -> Option<VendorId> {
        let accounts = self.ground.db(store::Store::accounts).await.ok()?;
        for account in accounts.iter().filter(|account| account.host == *host) {
            if let Some(vendor) = self.vendor(account.id).await {
                return Some(vendor);
            }
        }
        None
    }

    /// Tells whether any account of a host may have a commit put back by its vendor's interface: it takes no second sign-in, or has it.
    pub(crate) async fn can_restore(&self, host: &oci::Host, vendor: VendorId) -> bool {
        let Ok(accounts) = self.ground.db(store::Store::accounts).await else {
            return false;
        };
        let known = vendors::of(vendor);
        for account in accounts.iter().filter(|account| account.host == *host) {
            let takes =
                vendors::takes_second(known, vendors::Part::Restore, account.user.as_deref());
            if !takes || self.has_second(account.id, vendor).await {
                return true;
            }
        }
        false
    }

    /// Stores what was learnt through a session, unless somebody has signed in anew since. What can't be stored is asked
    /// again.
    pub(crate) async fn learn(&self, session: &Session, lesson: Lesson) {
        let account = session.account.id;
        if self.generation(account) != Some(session.generation) {
            return;
        }
        let at = self.ground.now();
        let change = move |old: Option<&str>| {
            let mut learned = Learned::read(old);
            match lesson {
                Lesson::Deletes(what) => learned.deletes = what.map(|what| Found { what, at }),
                Lesson::Catalog(what) => learned.catalog = Some(Found { what, at }),
                Lesson::Referrers(what) => learned.referrers = Some(Found { what, at }),
                Lesson::Vendor(what) => learned.vendor = Some(Found { what, at }),
                Lesson::Told(what) => learned.told = Some(Found { what, at }),
            }
            learned.write()
        };
        let stored = self
            .ground
            .db(move |store| store.change_learned(account, change))
            .await;
        if stored.is_ok() && matches!(lesson, Lesson::Deletes(_)) {
            let account = account.to_string();
            self.ground.stale(Stale::Impossible { account });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn learned(deletes: Deletes, catalog: bool) -> Learned {
        Learned {
            v: VERSION,
            deletes: Some(Found {
                what: deletes,
                at: 1000,
            }),
            catalog: Some(Found {
                what: catalog,
                at: 2000,
            }),
            referrers: None,
            vendor: None,
            told: None,
        }
    }

    #[test]
    fn what_a_registry_does_is_believed_for_a_month_and_what_it_refuses_for_a_day() {
        let told = |now| {
            let found = learned(Deletes::ByName, false).at(now);
            (found.deletes(), found.catalog(), found.referrers())
        };
        assert_eq!(told(2000), (Some(Deletes::ByName), Some(false), None));
        let day = 2000 + REFUSAL_LASTS;
        assert_eq!(told(day - 1), (Some(Deletes::ByName), Some(false), None));
        assert_eq!(told(day), (Some(Deletes::ByName), None, None));
        assert_eq!(told(1000 + LASTS - 1).0, Some(Deletes::ByName));
        assert_eq!(told(1000 + LASTS).0, None);
        // Learnt by a clock that was set back since.
        assert_eq!(told(999), (None, None, None));
        let never = learned(Deletes::Never, true).at(1000 + REFUSAL_LASTS);
        assert_eq!((never.deletes(), never.catalog()), (None, Some(true)));
    }

    #[test]
    fn the_form_stays_as_it_is_and_another_version_is_not_read() {
        let written = learned(Deletes::ByDigest, true).write().unwrap();
        assert_eq!(
            written,
            r#"{"v":1,"deletes":{"what":"byDigest","at":1000},"catalog":{"what":true,"at":2000},"referrers":null}"#
        );
        let read = Learned::read(Some(&written));
        assert_eq!(read, learned(Deletes::ByDigest, true));
        let more = written.replace("\"referrers\":null", "\"pages\":1");
        assert_eq!(Learned::read(Some(&more)), read);
        let later = written.replace("{\"v\":1", "{\"v\":2");
        for other in [None, Some(""), Some("{}"), Some(&*later)] {
            assert_eq!(Learned::read(other), Learned::default(), "{other:?}");
        }
    }
}
