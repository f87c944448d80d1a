//! What is in the file: JSON, which says of which version it is.
//!
//! Not here: the encryption around it. Grows by a version.

use std::collections::BTreeMap;

use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::EncryptedFileError;
use crate::SecretKey;

/// The secrets in the file, each wiped when it is dropped.
pub(super) type Contents = BTreeMap<SecretKey, SecretString>;

/// The version that is written, and the only one that is read.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Written<'a> {
    version: u32,
    secrets: Vec<WrittenEntry<'a>>,
}

#[derive(Serialize)]
struct WrittenEntry<'a> {
    host: &'a str,
    user: &'a str,
    secret: &'a str,
}

/// The version alone: what else a later one has is its own.
#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read {
    #[serde(rename = "version")]
    _version: u32,
    secrets: Vec<ReadEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReadEntry {
    host: String,
    user: String,
    secret: SecretString,
}

/// Writes the secrets as text; it is wiped when dropped.
pub(super) fn write(contents: &Contents) -> Result<Zeroizing<Vec<u8>>, EncryptedFileError> {
    let secrets = contents.iter().map(|(key, secret)| WrittenEntry {
        host: &key.host,
        user: &key.user,
        secret: secret.expose_secret(),
    });
    let written = Written {
        version: VERSION,
        secrets: secrets.collect(),
    };
    // All the room at once, so that growing leaves no copies behind: a character takes six bytes at most.
    let room = written.secrets.iter().fold(64, |room, entry| {
        room + 64 + 6 * (entry.host.len() + entry.user.len() + entry.secret.len())
    });
    let mut text = Zeroizing::new(Vec::with_capacity(room));
    serde_json::to_writer(&mut *text, &written)
        .map_err(|error| EncryptedFileError::NotWritten(error.to_string()))?;
    Ok(text)
}

/// Reads them. The reason never quotes the text.
pub(super) fn read(text: &[u8]) -> Result<Contents, EncryptedFileError> {
    let unreadable = |why: &str| EncryptedFileError::Unreadable(why.to_owned());
    let no_secrets = || unreadable("what is in it are no sign-ins of Longshore");
    let versioned: Versioned = serde_json::from_slice(text).map_err(|_| no_secrets())?;
    if versioned.version != VERSION {
        return Err(unreadable("another version of Longshore wrote it"));
    }
    let read: Read = serde_json::from_slice(text).map_err(|_| no_secrets())?;
    let mut contents = Contents::new();
    for ReadEntry { host, user, secret } in read.secrets {
        if contents.insert(SecretKey { host, user }, secret).is_some() {
            return Err(unreadable("it names one sign-in twice"));
        }
    }
    Ok(contents)
}
