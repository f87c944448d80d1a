//! What a file says of one registry, in the order in which its own program looks.
//!
//! Not here: running the helper it names (`sources`).

use super::auth::{Auth, Spoiled};
use super::config::Config;
use super::dockercfg as old;
use super::key::Program;
use crate::Credential;

/// What a file says.
#[derive(Debug)]
pub(crate) enum Told {
    /// There is no sign-in.
    Nothing,
    /// It stands there.
    Here(Credential),
    /// A helper is to be asked.
    Ask {
        /// As it is written there: it may be no name.
        helper: String,
        /// The address by which the program asks it.
        server: String,
    },
    /// An entry is there that cannot be read.
    Spoiled,
    /// The whole of it cannot be read.
    NoConfiguration,
}

/// Looks as docker/cli does (`configfile.GetAuthConfig`): the helper that is named for exactly this key, else the one for
/// all, else the entry. Where there is a helper, the entry counts for nothing.
pub(crate) fn docker(text: &str, key: &str) -> Told {
    let Some(config) = Config::of_docker(text) else {
        return Told::NoConfiguration;
    };
    match docker_helper(&config, key) {
        Some(helper) => ask(helper, key),
        None => here(docker_entry(&config, key).map_or(Ok(None), Auth::for_docker)),
    }
}

/// Returns the helper that Docker asks for a key.
pub(super) fn docker_helper<'c>(config: &'c Config<'_>, key: &str) -> Option<&'c str> {
    match config.own_helper(key) {
        Some("") => None,
        Some(own) => Some(own),
        None => config.store(),
    }
}

/// Returns the entry that Docker takes for a key: the one of exactly this key, else one of that host.
fn docker_entry<'c>(config: &'c Config<'_>, key: &str) -> Option<&'c Auth> {
    config.entry(key).or_else(|| {
        let mut entries = config.entries();
        let found = entries.find(|(other, _)| Program::Docker.takes(other, key));
        found.map(|(_, auth)| auth)
    })
}

/// Looks as containers/image does (`findCredentialsInFile`): the helper of the registry, else the entry of the longest part
/// of the key, else one of that host.
pub(crate) fn podman(text: &str, key: &str) -> Told {
    let Some(config) = Config::of_podman(text) else {
        return Told::NoConfiguration;
    };
    let registry = podman_registry(key);
    if let Some(helper) = config.own_helper(registry) {
        return ask(helper, registry);
    }
    let exact = parts(key).find_map(|part| config.entry(part));
    let entry = exact.or_else(|| {
        let mut entries = config.entries();
        let found = entries.find(|(other, _)| Program::Podman.takes(other, registry));
        found.map(|(_, auth)| auth)
    });
    here(entry.map_or(Ok(None), Auth::for_podman))
}

/// Returns the registry that a key is of, by which Podman asks helpers.
pub(super) fn podman_registry(key: &str) -> &str {
    if key.contains("://") {
        key
    } else {
        key.split('/').next().unwrap_or_default()
    }
}

/// Lists a key and what it is a part of, the longest first.
fn parts(key: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(key), |part| {
        part.rsplit_once('/').map(|(whole, _)| whole)
    })
}

/// Looks in the old file, as Docker does: it knows no helpers.
pub(crate) fn dockercfg(text: &str, key: &str) -> Told {
    match old::read(text) {
        Some(config) => here(docker_entry(&config, key).map_or(Ok(None), Auth::for_docker)),
        None => Told::NoConfiguration,
    }
}

/// Looks in `DOCKER_AUTH_CONFIG`, as docker/cli does (`memory.Get`): by exactly this key, and for nothing but `auth`.
pub(crate) fn environment(text: &str, key: &str) -> Told {
    let Some(config) = Config::of_docker(text) else {
        return Told::NoConfiguration;
    };
    let entry = config.entry(key).filter(|auth| auth.has_auth());
    here(entry.map_or(Ok(None), Auth::for_docker))
}

/// Returns the key by which Docker, or Podman, looks for a registry.
pub(crate) fn asked_by(podman: bool, host: &str) -> &str {
    let program = if podman {
        Program::Podman
    } else {
        Program::Docker
    };
    program.asked(host)
}

/// Tells whether a configuration says nothing of sign-ins: Docker then takes the helper that the system has for all
/// (docker/cli `ContainsAuth`, `DetectDefaultStore`).
pub(crate) fn says_nothing(text: &str) -> bool {
    Config::of_docker(text).is_some_and(|config| config.says_nothing())
}

/// Returns the helper that Docker has for all registries that have none of their own.
pub(crate) fn store_of_docker(text: &str) -> Option<String> {
    Config::of_docker(text)?.store().map(str::to_owned)
}

/// Returns whose sign-in stands in the file itself under exactly this key.
pub(crate) fn user_of(text: &str, podman: bool, key: &str) -> Option<String> {
    let config = if podman {
        Config::of_podman(text)?
    } else {
        Config::of_docker(text)?
    };
    let entry = config.entry(key)?.for_docker().ok()??;
    Some(entry.user)
}

fn ask(helper: &str, server: &str) -> Told {
    Told::Ask {
        helper: helper.to_owned(),
        server: server.to_owned(),
    }
}

fn here(found: Result<Option<Credential>, Spoiled>) -> Told {
    match found {
        Ok(Some(credential)) => Told::Here(credential),
        Ok(None) => Told::Nothing,
        Err(Spoiled) => Told::Spoiled,
    }
}
