//! How annotations and labels are read: `null` is none, and so is a value that is no text.

use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;

/// Reads a map of texts. Go writes `null` for an empty map, and some builders write numbers: those entries are left out.
pub(crate) fn lenient<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, String>, D::Error> {
    let read = Option::<BTreeMap<String, serde_json::Value>>::deserialize(deserializer)?
        .unwrap_or_default();
    Ok(read
        .into_iter()
        .filter_map(|(key, value)| match value {
            serde_json::Value::String(text) => Some((key, text)),
            _ => None,
        })
        .collect())
}

/// Reads a list; `null` is an empty one.
pub(crate) fn list<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    Ok(Option::<Vec<T>>::deserialize(deserializer)?.unwrap_or_default())
}
