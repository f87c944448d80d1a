//! Which registries the Docker client of this computer is signed in to.
//!
//! Only hosts and user names are read out of its configuration. Where a password stands beside them, it is dropped at
//! once; nobody who calls this sees it. No credential helper is ever run for it. Not here: JSON as Go reads it (`json`).
//! Grows by a place where a client of the Docker family notes a sign-in.

use std::borrow::Cow;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::json::{Entries, Name, Shape, Text, Value, means};
use base64::Engine as _;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use secrecy::zeroize::Zeroizing;
use serde::Deserialize;
use serde::de::{IgnoredAny, MapAccess};

/// The largest configuration that is read.
const LARGEST: u64 = 4 * 1024 * 1024;
/// The most sign-ins that are listed.
const MOST: usize = 200;

/// The base64 of this file, with or without padding: other tools write it too.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// A registry the Docker client is signed in to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundLogin {
    /// The registry, as `host` or `host:port`. Docker Hub is `docker.io`.
    pub host: String,
    /// The user, where the configuration tells. It does not when a credential helper keeps the sign-in.
    pub user: Option<String>,
}

/// What is read of the configuration.
#[derive(Default)]
struct Config<'a> {
    /// Sign-ins, by the address they are for.
    auths: Entries<'a, Value<Auth>>,
    /// Helpers that keep the sign-in of one address each.
    helpers: Entries<'a, Value<Text>>,
}

/// What is read of one sign-in.
#[derive(Default)]
struct Auth {
    auth: Option<Text>,
    user: Option<Text>,
}

impl<'de> Shape<'de> for Config<'de> {
    fn of_map<A: MapAccess<'de>>(mut map: A) -> Result<Option<Self>, A::Error> {
        let mut config = Self::default();
        while let Some(Name(name)) = map.next_key()? {
            if means(&name, "auths") {
                join(&mut config.auths, map.next_value()?);
            } else if means(&name, "credHelpers") {
                join(&mut config.helpers, map.next_value()?);
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

impl<'de> Shape<'de> for Auth {
    fn of_map<A: MapAccess<'de>>(mut map: A) -> Result<Option<Self>, A::Error> {
        let mut auth = Self::default();
        while let Some(Name(name)) = map.next_key::<Name<'de>>()? {
            let field = if means(&name, "auth") {
                &mut auth.auth
            } else if means(&name, "username") {
                &mut auth.user
            } else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            if let Value::Given(text) = map.next_value()? {
                *field = Some(text);
            }
        }
        Ok(Some(auth))
    }
}

impl Auth {
    /// Returns the user: what `auth` says, else the one that is named by itself.
    fn user(&self) -> Option<String> {
        match self.auth.as_ref().filter(|auth| !auth.is_empty()) {
            Some(auth) => user_of(auth),
            None => self.user.as_ref().and_then(|user| shown(user)),
        }
    }
}

/// Lists the sign-ins in this configuration folder; without one, in `$DOCKER_CONFIG` or `~/.docker`. Empty when there
/// is no configuration or it cannot be understood.
pub fn found(config_dir: Option<&Path>) -> Vec<FoundLogin> {
    let folder = config_dir.map(Path::to_path_buf).or_else(usual_folder);
    let Some(bytes) = folder.and_then(|folder| small_file(&folder.join("config.json"))) else {
        return Vec::new();
    };
    let text = match String::from_utf8_lossy(&bytes) {
        Cow::Borrowed(text) => return read(text),
        Cow::Owned(text) => Zeroizing::new(text),
    };
    read(&text)
}

/// Lists the sign-ins of a configuration's text, sorted by host.
pub(crate) fn read(text: &str) -> Vec<FoundLogin> {
    // Like Go's decoder it reads the first value, and not what comes after it.
    let mut from = serde_json::Deserializer::from_str(text);
    let Ok(Value::Given(config)) = Value::<Config<'_>>::deserialize(&mut from) else {
        return Vec::new();
    };
    let auths = config.auths.iter().filter_map(|(key, auth)| match auth {
        Value::Given(auth) => Some((key, auth.user())),
        Value::Null => Some((key, None)),
        Value::Other => None,
    });
    // An empty name of a helper means that there is none for this address.
    let helpers = config.helpers.iter().filter_map(|(key, helper)| {
        matches!(helper, Value::Given(helper) if !helper.is_empty()).then_some((key, None))
    });
    let mut logins: Vec<FoundLogin> = Vec::new();
    for (key, user) in auths.chain(helpers) {
        let Some(host) = host_of(key) else { continue };
        if let Some(login) = logins.iter_mut().find(|login| login.host == host) {
            login.user = login.user.take().or(user);
        } else if logins.len() < MOST {
            logins.push(FoundLogin { host, user });
        }
    }
    // By host, whatever scheme a key had.
    logins.sort_by(|one, other| one.host.cmp(&other.host));
    logins
}

fn usual_folder() -> Option<PathBuf> {
    match std::env::var_os("DOCKER_CONFIG").filter(|folder| !folder.is_empty()) {
        Some(folder) => Some(PathBuf::from(folder)),
        None => std::env::home_dir()
            .filter(|home| !home.as_os_str().is_empty())
            .map(|home| home.join(".docker")),
    }
}

/// Reads an ordinary file of bounded size. Its bytes may hold passwords, so they are wiped when dropped.
fn small_file(path: &Path) -> Option<Zeroizing<Vec<u8>>> {
    // Opening a named pipe would wait for its other end.
    let size = std::fs::metadata(path)
        .ok()
        .filter(std::fs::Metadata::is_file)?
        .len();
    let room = usize::try_from(size.min(LARGEST)).ok()? + 1;
    // All the room at once, so that growing leaves no copies behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(room));
    File::open(path)
        .ok()?
        .take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .ok()?;
    (bytes.len() as u64 <= LARGEST).then_some(bytes)
}

/// Reads the host out of a key: keys may carry a scheme and a path.
fn host_of(key: &str) -> Option<String> {
    const LONGEST: usize = 255 + 6;
    let rest = key.split_once("://").map_or(key, |(_, rest)| rest);
    let host = rest
        .split('/')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    let fits = !host.is_empty()
        && host.len() <= LONGEST
        && host
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '[' | ']'));
    if !fits {
        return None;
    }
    let hub = matches!(host.as_str(), "index.docker.io" | "registry-1.docker.io");
    Some(if hub { "docker.io".to_owned() } else { host })
}

/// Reads the user out of `base64(user:password)`. Line ends in it count for nothing.
fn user_of(auth: &str) -> Option<String> {
    let auth: Text = Zeroizing::new(auth.replace(['\r', '\n'], ""));
    let decoded = Zeroizing::new(BASE64.decode(auth.as_bytes()).ok()?);
    let ends = decoded.iter().position(|byte| *byte == b':')?;
    shown(std::str::from_utf8(&decoded[..ends]).ok()?)
}

/// Returns a user's name where it is one that can be shown.
fn shown(user: &str) -> Option<String> {
    const LONGEST: usize = 256;
    let fits = !user.is_empty() && user.len() <= LONGEST && !user.chars().any(char::is_control);
    // The name Docker writes where the sign-in is a token and not a user's.
    (fits && user != "<token>").then(|| user.to_owned())
}

#[cfg(test)]
mod tests;
