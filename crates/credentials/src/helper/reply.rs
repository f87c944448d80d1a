//! What a helper's words mean, as docker-credential-helpers' own client reads them (`client/client.go`,
//! `credentials/error.go`), and more strictly where that client would take half an answer.
//!
//! Not here: how it is run (`process`). Grows by a verb.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::{IgnoredAny, MapAccess};

use super::HelperError;
use super::process::Said;
use crate::Credential;
use crate::json::{Entries, Name, Shape, Text, Value, means};

/// What a helper says on its output, and ends with an error, where it has nothing.
const NOT_FOUND: &str = "credentials not found in native keychain";
/// What it says where it was asked wrongly.
const ASKED_WRONGLY: [&str; 2] = ["no credentials server URL", "no credentials username"];
/// The most that is shown of its own words, in characters.
const SHOWN: usize = 400;
/// The most sign-ins that are listed, and the longest address in that list.
const MOST: usize = 1000;
const LONGEST: usize = 1024;

/// Reads the answer to `get`. `None`: the helper has no sign-in for this.
pub(super) fn to_get(said: &Said) -> Result<Option<Credential>, HelperError> {
    if !said.ended_well {
        return match failure(&said.text) {
            Failure::NotFound => Ok(None),
            Failure::Other(error) => Err(error),
        };
    }
    let Value::Given(Answer { user, secret }) = first(&said.text)? else {
        return Err(HelperError::Broken);
    };
    let (user, secret) = (user.text()?, secret.text()?);
    if user.is_empty() && secret.is_empty() {
        // Some say so that the registry is read as nobody; Docker and Podman take it for that.
        return Ok(None);
    }
    if secret.is_empty() {
        return Err(HelperError::Broken);
    }
    Credential::of(&user, &secret)
        .map(Some)
        .ok_or(HelperError::Broken)
}

/// Reads the answer to `store`.
pub(super) fn to_store(said: &Said, secret: &str) -> Result<(), HelperError> {
    if said.ended_well {
        return Ok(());
    }
    match failure(&said.text) {
        Failure::NotFound => Err(HelperError::Broken),
        // It may say what it was told.
        Failure::Other(HelperError::Said(text)) if is_in(secret, &text) => Err(HelperError::Broken),
        Failure::Other(error) => Err(error),
    }
}

/// Reads the answer to `erase`; what isn't there is erased.
pub(super) fn to_erase(said: &Said) -> Result<(), HelperError> {
    if said.ended_well {
        return Ok(());
    }
    match failure(&said.text) {
        Failure::NotFound => Ok(()),
        Failure::Other(error) => Err(error),
    }
}

/// Reads the answer to `list`: users by the addresses they sign in at.
pub(super) fn to_list(said: &Said) -> Result<BTreeMap<String, String>, HelperError> {
    if !said.ended_well {
        return match failure(&said.text) {
            Failure::NotFound => Ok(BTreeMap::new()),
            Failure::Other(error) => Err(error),
        };
    }
    let entries = match first::<Entries<'_, Value<Text>>>(&said.text)? {
        Value::Given(entries) => entries,
        // What Go makes of a list without anything in it.
        Value::Null => return Ok(BTreeMap::new()),
        Value::Other => return Err(HelperError::Broken),
    };
    let fits = |text: &str| text.len() <= LONGEST && !text.chars().any(char::is_control);
    let mut users = BTreeMap::new();
    for (server, user) in entries {
        let Value::Given(user) = user else { continue };
        if !server.is_empty() && fits(&server) && fits(&user) && users.len() < MOST {
            users.insert(server.into_owned(), user.to_string());
        }
    }
    Ok(users)
}

/// What is read of the answer to `get`.
struct Answer {
    user: Field,
    secret: Field,
}

/// A text that must be one where it is there.
#[derive(Default)]
enum Field {
    #[default]
    Absent,
    Given(Text),
    Wrong,
}

impl Field {
    fn text(self) -> Result<Text, HelperError> {
        match self {
            Self::Absent => Ok(Text::default()),
            Self::Given(text) => Ok(text),
            Self::Wrong => Err(HelperError::Broken),
        }
    }
}

impl<'de> Shape<'de> for Answer {
    fn of_map<A: MapAccess<'de>>(mut map: A) -> Result<Option<Self>, A::Error> {
        let (mut user, mut secret) = (Field::Absent, Field::Absent);
        while let Some(Name(name)) = map.next_key()? {
            let field = if means(&name, "Username") {
                &mut user
            } else if means(&name, "Secret") {
                &mut secret
            } else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            match map.next_value()? {
                Value::Given(text) => *field = Field::Given(text),
                Value::Null => {}
                Value::Other => *field = Field::Wrong,
            }
        }
        Ok(Some(Self { user, secret }))
    }
}

/// Reads the first JSON value of what was said. Its own text is never told where it is none: it may be the secret.
fn first<'de, T: Shape<'de>>(text: &'de [u8]) -> Result<Value<T>, HelperError> {
    let text = std::str::from_utf8(text).map_err(|_| HelperError::Broken)?;
    let mut from = serde_json::Deserializer::from_str(text);
    Value::<T>::deserialize(&mut from).map_err(|_| HelperError::Broken)
}

enum Failure {
    NotFound,
    Other(HelperError),
}

/// Reads what a helper said that ended with an error.
fn failure(text: &[u8]) -> Failure {
    let text = String::from_utf8_lossy(text);
    let text = text.trim();
    if text == NOT_FOUND {
        return Failure::NotFound;
    }
    let begins_json = text.starts_with(['{', '[', '"']);
    let names_secret = text.to_ascii_lowercase().contains("\"secret\"");
    if text.is_empty() || ASKED_WRONGLY.contains(&text) || begins_json || names_secret {
        return Failure::Other(HelperError::Broken);
    }
    Failure::Other(HelperError::Said(shown(text)))
}

/// Makes a text one line that can be shown, of bounded length.
fn shown(text: &str) -> String {
    let mut line = String::new();
    for word in text.split(|c: char| c.is_control() || c.is_whitespace()) {
        if !word.is_empty() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// Tells whether a secret, or a good part of its beginning, is in a text that is to be shown.
fn is_in(secret: &str, text: &str) -> bool {
    let beginning: String = shown(secret).chars().take(16).collect();
    !beginning.is_empty() && text.contains(&beginning)
}
