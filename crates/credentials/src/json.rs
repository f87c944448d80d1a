//! JSON as Go's `encoding/json` reads it into a struct: the names of fields in any case, the last of several, a value of
//! the wrong type left out alone, and what comes after the first value not looked at.
//!
//! Not here: which fields there are. Grows by a way in which Go reads otherwise than `serde_json`.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use secrecy::zeroize::Zeroizing;
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// Tells whether a name of the file means a field, as Go folds letters: two signs beyond ASCII fold to `s` and `k`.
pub(crate) fn means(name: &str, field: &str) -> bool {
    let folded = name.chars().map(|letter| match letter {
        '\u{17f}' => 's',
        '\u{212a}' => 'k',
        other => other.to_ascii_lowercase(),
    });
    folded.eq(field.chars().map(|letter| letter.to_ascii_lowercase()))
}

/// A value that was expected in one shape. The other shapes are read to their end and count as absent.
pub(crate) enum Value<T> {
    /// Of the wrong shape: Go leaves what was there.
    Other,
    /// `null`: Go leaves a text as it was, and takes a map away.
    Null,
    /// Of the right shape.
    Given(T),
}

/// A text; wiped when dropped, since it may be a password.
pub(crate) type Text = Zeroizing<String>;

/// The entries of an object, the last of several under one name.
pub(crate) type Entries<'a, T> = BTreeMap<Cow<'a, str>, T>;

/// What a shape is made of.
pub(crate) trait Shape<'de>: Sized {
    /// Makes it of a text.
    fn of_text(_: &str) -> Option<Self> {
        None
    }

    /// Makes it of an object; one that is not wanted is read to its end.
    fn of_map<A: MapAccess<'de>>(mut map: A) -> Result<Option<Self>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

impl Shape<'_> for Text {
    fn of_text(text: &str) -> Option<Self> {
        Some(Zeroizing::new(text.to_owned()))
    }
}

/// The name of an entry. `serde` hands it out borrowed only when it is asked for so.
#[derive(Deserialize)]
pub(crate) struct Name<'a>(#[serde(borrow)] pub Cow<'a, str>);

impl<'de, T: Deserialize<'de>> Shape<'de> for Entries<'de, T> {
    fn of_map<A: MapAccess<'de>>(mut map: A) -> Result<Option<Self>, A::Error> {
        let mut entries = Self::new();
        while let Some((Name(name), value)) = map.next_entry()? {
            entries.insert(name, value);
        }
        Ok(Some(entries))
    }
}

impl<'de, T: Shape<'de>> Deserialize<'de> for Value<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Any(std::marker::PhantomData))
    }
}

/// Takes any value.
struct Any<T>(std::marker::PhantomData<T>);

impl<'de, T: Shape<'de>> Visitor<'de> for Any<T> {
    type Value = Value<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<Value<T>, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Value<T>, E> {
        Ok(Value::Other)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Value<T>, E> {
        Ok(Value::Other)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Value<T>, E> {
        Ok(Value::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Value<T>, E> {
        Ok(Value::Other)
    }

    fn visit_str<E>(self, text: &str) -> Result<Value<T>, E> {
        Ok(T::of_text(text).map_or(Value::Other, Value::Given))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value<T>, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Value::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Value<T>, A::Error> {
        Ok(T::of_map(map)?.map_or(Value::Other, Value::Given))
    }
}
