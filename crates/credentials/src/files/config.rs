//! A configuration of Docker's or Podman's as far as it tells of sign-ins: `auths`, `credHelpers` and `credsStore`.
//!
//! Not here: one entry (`auth`), and which of them is meant (`look`).

use serde::Deserialize;
use serde::de::{IgnoredAny, MapAccess};

use super::auth::Auth;
use crate::json::{Entries, Name, Shape, Text, Value, means};

/// What is read of the configuration.
#[derive(Default)]
pub(super) struct Config<'a> {
    /// Sign-ins, by the address they are for.
    auths: Entries<'a, Value<Auth>>,
    /// Helpers that keep the sign-in of one address each.
    helpers: Entries<'a, Value<Text>>,
    /// The helper that keeps all others.
    store: Option<Text>,
}

impl<'de> Shape<'de> for Config<'de> {
    fn of_map<A: MapAccess<'de>>(mut map: A) -> Result<Option<Self>, A::Error> {
        let mut config = Self::default();
        while let Some(Name(name)) = map.next_key()? {
            if means(&name, "auths") {
                join(&mut config.auths, map.next_value()?);
            } else if means(&name, "credHelpers") {
                join(&mut config.helpers, map.next_value()?);
            } else if means(&name, "credsStore") {
                if let Value::Given(store) = map.next_value()? {
                    config.store = Some(store);
                }
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(Some(config))
    }
}

/// Adds what stands in a second object of one name to the first, and drops both where it is `null`.
fn join<'a, T>(to: &mut Entries<'a, T>, more: Value<Entries<'a, T>>) {
    match more {
        Value::Given(more) => to.extend(more),
        Value::Null => to.clear(),
        Value::Other => {}
    }
}

impl<'a> Config<'a> {
    /// Reads a text as Docker does: the first value of it, and an empty one as nothing. `None` where it is no
    /// configuration.
    pub(super) fn of_docker(text: &'a str) -> Option<Self> {
        if text.trim_ascii().is_empty() {
            return Some(Self::default());
        }
        let mut from = serde_json::Deserializer::from_str(text);
        Self::of(Value::deserialize(&mut from).ok()?)
    }

    /// Reads a text as Podman does: the whole of it.
    pub(super) fn of_podman(text: &'a str) -> Option<Self> {
        let config = Self::of(serde_json::from_str(text).ok()?)?;
        // It knows no helper for all.
        Some(Self {
            store: None,
            ..config
        })
    }

    /// Reads the old file, in which the entries stand by themselves.
    pub(super) fn of_entries(text: &'a str) -> Option<Self> {
        match serde_json::from_str::<Value<Entries<'a, Value<Auth>>>>(text).ok()? {
            Value::Given(auths) => Some(Self {
                auths,
                ..Self::default()
            }),
            Value::Null => Some(Self::default()),
            Value::Other => None,
        }
    }

    /// Makes a configuration of one entry.
    pub(super) fn of_entry(key: &'a str, auth: Auth) -> Self {
        Self {
            auths: [(key.into(), Value::Given(auth))].into(),
            ..Self::default()
        }
    }

    fn of(value: Value<Self>) -> Option<Self> {
        match value {
            Value::Given(config) => Some(config),
            Value::Null => Some(Self::default()),
            Value::Other => None,
        }
    }

    /// Lists the entries of `auths`, by their keys in order.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&str, &Auth)> {
        let there = |(key, value)| Some((key, entry(value)?));
        self.auths
            .iter()
            .map(|(key, value)| (key.as_ref(), value))
            .filter_map(there)
    }

    /// Tells whether nothing is said of any sign-in.
    pub(super) fn says_nothing(&self) -> bool {
        self.auths.is_empty() && self.helpers.is_empty() && self.store().is_none()
    }

    /// Returns the entry of exactly this key.
    pub(super) fn entry(&self, key: &str) -> Option<&Auth> {
        entry(self.auths.get(key)?)
    }

    /// Lists the keys that have a helper of their own.
    pub(super) fn keys_with_helper(&self) -> impl Iterator<Item = &str> {
        self.helpers
            .iter()
            .filter(|(_, helper)| matches!(helper, Value::Given(helper) if !helper.is_empty()))
            .map(|(key, _)| key.as_ref())
    }

    /// Returns the helper for exactly this key; an empty name stands for none. `None` where the key isn't listed.
    pub(super) fn own_helper(&self, key: &str) -> Option<&str> {
        match self.helpers.get(key)? {
            Value::Given(helper) => Some(helper),
            Value::Null => Some(""),
            Value::Other => None,
        }
    }

    /// Returns the helper that keeps what no other does.
    pub(super) fn store(&self) -> Option<&str> {
        self.store
            .as_ref()
            .map(|store| store.as_str())
            .filter(|store| !store.is_empty())
    }
}

/// Returns an entry: `null` is an empty one, and one of the wrong shape is none.
fn entry(value: &Value<Auth>) -> Option<&Auth> {
    match value {
        Value::Given(auth) => Some(auth),
        Value::Null => Some(&Auth::EMPTY),
        Value::Other => None,
    }
}
