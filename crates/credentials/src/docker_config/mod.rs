//! Which registries the Docker client of this computer is signed in to.
//!
//! Only hosts and user names are read out of its configuration. Where a password stands beside them, it is dropped at
//! once; nobody who calls this sees it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use secrecy::zeroize::Zeroizing;
use serde::Deserialize;

/// The largest configuration that is read.
const LARGEST: u64 = 4 * 1024 * 1024;
/// The most sign-ins that are listed.
const MOST: usize = 200;

/// The base64 of this file, with or without padding: other tools write it too.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A registry the Docker client is signed in to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundLogin {
    /// The registry, as `host` or `host:port`. Docker Hub is `docker.io`.
    pub host: String,
    /// The user, where the configuration tells. It does not when a credential helper keeps the sign-in.
    pub user: Option<String>,
}

#[derive(Deserialize)]
struct Config<'a> {
    #[serde(borrow, default)]
    auths: Option<BTreeMap<Cow<'a, str>, Option<Auth<'a>>>>,
}

#[derive(Deserialize)]
struct Auth<'a> {
    #[serde(borrow, default)]
    auth: Option<Cow<'a, str>>,
}

/// Lists the sign-ins in this configuration folder; without one, in `$DOCKER_CONFIG` or `~/.docker`. Empty when there
/// is no configuration or it cannot be understood.
pub fn found(config_dir: Option<&Path>) -> Vec<FoundLogin> {
    let folder = config_dir.map(Path::to_path_buf).or_else(usual_folder);
    let Some(text) = folder.and_then(|folder| small_file(&folder.join("config.json"))) else {
        return Vec::new();
    };
    let Ok(config) = serde_json::from_slice::<Config<'_>>(&text) else {
        return Vec::new();
    };
    let mut logins: Vec<FoundLogin> = Vec::new();
    for (key, auth) in config.auths.unwrap_or_default() {
        let Some(host) = host_of(&key) else { continue };
        let user = auth.and_then(|auth| user_of(&auth.auth?));
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

/// Reads the user out of `base64(user:password)`.
fn user_of(auth: &str) -> Option<String> {
    const LONGEST: usize = 256;
    let decoded = Zeroizing::new(BASE64.decode(auth).ok()?);
    let ends = decoded.iter().position(|byte| *byte == b':')?;
    let user = std::str::from_utf8(&decoded[..ends]).ok()?;
    let fits = !user.is_empty() && user.len() <= LONGEST && !user.chars().any(char::is_control);
    // The name Docker writes where the sign-in is a token and not a user's.
    (fits && user != "<token>").then(|| user.to_owned())
}

#[cfg(test)]
mod tests;
