//! Credential helpers: programs called `docker-credential-…` that keep sign-ins, or make them, for Docker and Podman.
//!
//! What it is: their protocol in full ([`Helper`]), as <https://github.com/docker/docker-credential-helpers> has it. The
//! verb is the one argument, what is asked goes to the input, and answers and errors come on the output; where it ends with
//! an error, the output says why. It is bounded in time and size. Where it hangs, says too much, or leaves something that
//! holds its output, it is ended with its whole group; what has let go of the output, as an agent, goes on.
//!
//! What it is not: it runs nothing by itself. Nobody asks a helper to make a list of what may be found on a computer.
//!
//! Not here: which helper is meant for a registry (`files`).

mod command;
mod name;
mod process;
mod programs;
mod reply;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use secrecy::ExposeSecret;
use secrecy::zeroize::Zeroizing;
use serde::Serialize;

pub use command::{VendorCommand, VendorSaid};
pub use name::HelperName;
pub use programs::Programs;

use crate::Credential;
use process::{Bytes, Said};

/// How long a helper may take: some ask the person, or a service far away.
const PATIENCE: Duration = Duration::from_mins(1);
/// The longest order to keep a sign-in, in bytes. Helpers read one line of at most 64 KiB (Go's `bufio.Scanner`).
const LONGEST_ORDER: usize = 60 * 1024;
/// The longest address that is asked for, in bytes.
const LONGEST_SERVER: usize = 1024;

/// The reason why a helper could not do what was asked. No secret is in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HelperError {
    /// The name is none that a helper has: it is never looked for.
    #[error("this is no name of a credential helper")]
    BadName,
    /// The address is none that a helper can be asked for.
    #[error("this is no address a credential helper can be asked for")]
    BadServer,
    /// There is no such program on the PATH.
    #[error("there is no such program on the PATH")]
    Missing,
    /// The program could not be started; the text is the system's own.
    #[error("it could not be started: {0}")]
    NotStarted(String),
    /// It didn't end in time, and was ended.
    #[error("it did not answer in time")]
    Hung,
    /// It said more than any helper has to say, and was ended.
    #[error("it said far too much")]
    TooMuch,
    /// It ended with an error, and these are its own words: one line, bounded.
    #[error("it said: {0}")]
    Said(String),
    /// It said nothing that could be understood. What it said is not told: it may be the secret.
    #[error("its answer could not be understood")]
    Broken,
    /// The sign-in is longer than helpers can read.
    #[error("the secret is too long for a credential helper")]
    TooLong,
}

/// One credential helper. All calls block, for up to a minute.
#[derive(Debug, Clone)]
pub struct Helper {
    name: HelperName,
    programs: Arc<Programs>,
    patience: Duration,
}

/// What a helper is told to keep.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Order<'a> {
    #[serde(rename = "ServerURL")]
    server: &'a str,
    username: &'a str,
    secret: &'a str,
}

impl Helper {
    /// Names a helper among these programs; whether there is one shows when it is asked.
    pub fn new(name: HelperName, programs: Arc<Programs>) -> Self {
        Self {
            name,
            programs,
            patience: PATIENCE,
        }
    }

    /// Returns its name.
    pub fn name(&self) -> &HelperName {
        &self.name
    }

    /// Asks for the sign-in at an address, as the helper knows it now. `None` where it has none. A user of
    /// [`crate::TOKEN_USER`] is handed on as it is.
    pub fn get(&self, server: &str) -> Result<Option<Credential>, HelperError> {
        reply::to_get(&self.ask("get", address(server)?)?)
    }

    /// Keeps a sign-in for this address, in place of an earlier one of the same user. That of another user is to be erased
    /// first: `secretservice` keeps one for each, and gives either.
    pub fn store(&self, server: &str, credential: &Credential) -> Result<(), HelperError> {
        address(server)?;
        let secret = credential.secret.expose_secret();
        let order = Order {
            server,
            username: &credential.user,
            secret,
        };
        // Room for each sign as an escape of six bytes, so that growing leaves no copies behind.
        let room = (server.len() + credential.user.len() + secret.len()) * 6 + 64;
        let mut line = Zeroizing::new(Vec::with_capacity(room));
        serde_json::to_writer(&mut *line, &order).map_err(|_| HelperError::TooLong)?;
        if line.len() > LONGEST_ORDER {
            return Err(HelperError::TooLong);
        }
        line.push(b'\n');
        reply::to_store(&self.ask("store", line)?, secret)
    }

    /// Forgets the sign-in at an address. Forgetting one that is not there is no error.
    pub fn erase(&self, server: &str) -> Result<(), HelperError> {
        reply::to_erase(&self.ask("erase", address(server)?)?)
    }

    /// Lists the addresses it has sign-ins for, and their users.
    pub fn list(&self) -> Result<BTreeMap<String, String>, HelperError> {
        // What docker-credential-helpers' own client sends; it is not read.
        reply::to_list(&self.ask("list", Zeroizing::new(b"unused".to_vec()))?)
    }

    fn ask(&self, verb: &str, told: Bytes) -> Result<Said, HelperError> {
        let program = self.programs.find(&self.name).ok_or(HelperError::Missing)?;
        let order = process::Order {
            arguments: &[verb],
            told: Some(told),
            most: process::MOST,
            hears_errors: false,
        };
        process::run(&program, order, &self.programs, self.patience)
    }
}

/// Reads a text as the answer to `get`: a door for the fuzz target and the tests alone.
#[cfg(any(test, fuzzing))]
pub(crate) fn answer(ended_well: bool, text: &str) -> Result<Option<Credential>, HelperError> {
    reply::to_get(&said(ended_well, text))
}

/// Reads a text as the answer to `list`: a door for the fuzz target and the tests alone.
#[cfg(any(test, fuzzing))]
pub(crate) fn list(ended_well: bool, text: &str) -> Result<BTreeMap<String, String>, HelperError> {
    reply::to_list(&said(ended_well, text))
}

#[cfg(any(test, fuzzing))]
fn said(ended_well: bool, text: impl AsRef<[u8]>) -> Said {
    Said {
        ended_well,
        text: Zeroizing::new(text.as_ref().to_vec()),
        errors: Zeroizing::default(),
    }
}

/// Returns the bytes by which a helper is asked for an address.
fn address(server: &str) -> Result<Bytes, HelperError> {
    let fits = !server.trim().is_empty()
        && server.len() <= LONGEST_SERVER
        && !server.chars().any(char::is_control);
    if fits {
        Ok(Zeroizing::new(server.as_bytes().to_vec()))
    } else {
        Err(HelperError::BadServer)
    }
}
