//! Signing Docker's and Podman's own programs in and out, as `docker login` and `podman login` do.
//!
//! What it is: the secret goes to the credential helper that the program asks, by its protocol; where the program asks none,
//! one that works here is named in its file for this registry alone. `credsStore` is never set: it would hide every sign-in
//! that stands in the file. Only where there is no helper, and after a yes to it, the file itself holds the sign-in, as
//! Docker does it without one. Signing out takes out what was put in, and leaves every other byte. Of what fails nothing
//! stays, and what a helper kept before is put back.
//!
//! What it is not: it decides nothing by itself, and reads no sign-in for our own use (`sources`). Not here: where a sign-in
//! goes (`ways`), the file (`edited`, the `write` above) and its text (`edit`, `scan`). Grows by another program of the family.

mod edit;
mod edited;
mod scan;
#[cfg(test)]
mod tests;
mod ways;

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::ExposeSecret;
use secrecy::zeroize::Zeroizing;
use serde::{Deserialize, Serialize};

use crate::files::{self, Files};
use crate::helper::{HelperError, HelperName, Programs};
use crate::{Credential, Place, TOKEN_USER};
use edit::{Put, Section};
use ways::Way;

/// A program that has sign-ins of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Client {
    /// The Docker command line.
    Docker,
    /// Podman.
    Podman,
}

impl Client {
    /// All of them, in the order in which they are signed in.
    pub const ALL: [Self; 2] = [Self::Docker, Self::Podman];

    /// Returns the name of the program.
    pub fn program(self) -> &'static str {
        match self {
            Self::Docker => "docker",
            Self::Podman => "podman",
        }
    }
}

/// A sign-in that was given to a program, with what it needs to be taken back. No secret is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClientSignIn {
    /// Whose it is.
    pub client: Client,
    /// The registry, as the program calls it.
    server: String,
    /// The user.
    pub user: String,
    /// The helper that keeps it; none where it stands in the file.
    pub helper: Option<HelperName>,
    /// What was put into the file.
    put: Option<Put>,
}

/// Where a sign-in would go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keeps {
    /// A credential helper, to which the secret goes; and whose sign-in it has there now.
    Helper(HelperName, Option<String>),
    /// There is none: the file itself would hold it, for whoever can read the file.
    PlainText(String),
}

/// The reason why a program was not signed in, or out. No secret is in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClientError {
    /// There is no credential helper, and nobody agreed to plain text in this file.
    #[error("there is no credential helper that would keep it; {0} would hold it in plain text")]
    NoHelper(String),
    /// The person signed in there by themselves, in this file: it stays as it is.
    #[error("there is a sign-in in {0} already")]
    OwnSignIn(String),
    /// The program can't use a token that is no user's.
    #[error("it cannot use an identity token")]
    NoIdentityToken,
    /// The file can't be read or written; the text says which and why.
    #[error("{0}")]
    File(String),
    /// The helper could not.
    #[error("docker-credential-{name}: {error}")]
    Helper {
        /// Its name.
        name: HelperName,
        /// What became of it.
        error: HelperError,
    },
}

/// The programs of this person, and the files they read.
#[derive(Debug, Clone)]
pub struct Clients {
    files: Arc<Files>,
    programs: Arc<Programs>,
}

impl Clients {
    pub(crate) fn new(files: Arc<Files>, programs: Arc<Programs>) -> Self {
        Self { files, programs }
    }

    /// Lists the programs that are on this computer.
    pub fn here(&self) -> Vec<Client> {
        Client::ALL
            .into_iter()
            .filter(|client| self.programs.has(client.program()))
            .filter(|client| self.files.path(self.file_of(*client)).is_some())
            .collect()
    }

    /// Finds where the sign-in of a registry would go. It may run helpers, to see whether they work, and asks for no secret.
    /// `host` is as everybody writes it: Docker Hub is `docker.io`.
    pub fn keeps(&self, client: Client, host: &str) -> Result<Keeps, ClientError> {
        Ok(match self.way(client, host)? {
            Way::Asks(helper) | Way::Named(helper) => {
                let server = files::asked_by(client == Client::Podman, host);
                let users = self.helper(&helper).list().unwrap_or_default();
                Keeps::Helper(helper, users.get(server).cloned())
            }
            Way::Plain => Keeps::PlainText(self.shown(self.file_of(client))),
        })
    }

    /// Signs a program in, anew where it was signed in `before`. With `plain`, its file may hold the secret where there is no
    /// helper. A sign-in of another user that its helper has for this registry is replaced, as the program itself would do.
    pub fn sign_in(
        &self,
        client: Client,
        host: &str,
        credential: &Credential,
        plain: bool,
        before: Option<&ClientSignIn>,
    ) -> Result<ClientSignIn, ClientError> {
        if client == Client::Podman && credential.user == TOKEN_USER {
            return Err(ClientError::NoIdentityToken);
        }
        let in_file = before.filter(|before| before.helper.is_none());
        if let Some(before) = in_file {
            self.sign_out(before)?;
        }
        let server = files::asked_by(client == Client::Podman, host).to_owned();
        let file = self.file_of(client);
        let (helper, put) = match self.way(client, host)? {
            Way::Asks(helper) => {
                self.kept(&helper, &server, credential, || Ok(()))?;
                // What was put in for it is still what makes the program ask.
                let same = before.filter(|before| before.helper.as_ref() == Some(&helper));
                let put = same.and_then(|before| before.put.clone());
                (Some(helper), put)
            }
            Way::Named(helper) => {
                let named = Zeroizing::new(quoted(helper.as_str()));
                let put = self.kept(&helper, &server, credential, || {
                    self.put(file, Section::CredHelpers, &server, &named)
                })?;
                (Some(helper), Some(put))
            }
            Way::Plain if plain || in_file.is_some() => {
                let entry = entry_of(credential);
                (None, Some(self.put(file, Section::Auths, &server, &entry)?))
            }
            Way::Plain => return Err(ClientError::NoHelper(self.shown(file))),
        };
        Ok(ClientSignIn {
            client,
            server,
            user: credential.user.clone(),
            helper,
            put,
        })
    }

    /// Signs a program out again: the entry goes from its file, then the secret from the helper. Where somebody else's stands
    /// there by now, both stay: the entry is what makes the program find it. Where the helper can't be asked, nothing is done.
    pub fn sign_out(&self, signed_in: &ClientSignIn) -> Result<(), ClientError> {
        let ClientSignIn {
            client,
            server,
            user,
            helper,
            put,
        } = signed_in;
        let file = self.file_of(*client);
        let Some(name) = helper else {
            let is_podman = *client == Client::Podman;
            let is_ours =
                |text: &str| files::user_of(text, is_podman, server).as_ref() == Some(user);
            return put
                .as_ref()
                .map_or(Ok(()), |put| self.take(file, put, is_ours));
        };
        let helper = self.helper(name);
        let failed = |error| of_helper(name, error);
        let now = helper.get(server).map_err(failed)?;
        if now.is_some_and(|now| now.user != *user) {
            return Ok(());
        }
        // An entry without its secret would make Podman fail at public images too: so the entry goes first.
        if let Some(put) = put {
            self.take(file, put, |_| true)?;
        }
        helper.erase(server).map_err(failed)
    }

    /// Has a helper keep a sign-in, and does what makes a program ask for it. Where any of it fails, what it kept before is
    /// back: the two programs may share it.
    fn kept<T>(
        &self,
        name: &HelperName,
        server: &str,
        credential: &Credential,
        then: impl FnOnce() -> Result<T, ClientError>,
    ) -> Result<T, ClientError> {
        let helper = self.helper(name);
        let failed = |error| of_helper(name, error);
        let before = helper.get(server).map_err(failed)?;
        let is = |kept: &Credential| {
            kept.user == credential.user
                && kept.secret.expose_secret() == credential.secret.expose_secret()
        };
        if before.as_ref().is_some_and(is) {
            return then();
        }
        let stored = || {
            // Some keep one for each user, and give either.
            let is_other = |before: &Credential| before.user != credential.user;
            if before.as_ref().is_some_and(is_other) {
                helper.erase(server)?;
            }
            helper.store(server, credential)?;
            match helper.get(server)? {
                Some(now) if is(&now) => Ok(()),
                _ => Err(HelperError::Broken),
            }
        };
        let done = stored().map_err(failed).and_then(|()| then());
        if done.is_err() {
            // As far as it can be: what it doesn't do now it has just failed to do.
            let _ = helper.erase(server);
            if let Some(before) = &before {
                let _ = helper.store(server, before);
            }
        }
        done
    }
}

impl ClientSignIn {
    /// Tells whether this is of a program at a registry, whoever is signed in.
    pub fn is_of(&self, client: Client, host: &str) -> bool {
        self.client == client && self.server == files::asked_by(client == Client::Podman, host)
    }

    /// Tells whether this is of the same program at the same registry, whoever is signed in.
    pub fn replaces(&self, other: &Self) -> bool {
        self.client == other.client && self.server == other.server
    }

    /// Returns where it would be found on this computer, though it is ours.
    pub fn place(&self, clients: &Clients) -> Option<Place> {
        let file = clients.file_of(self.client);
        let key = self.server.clone();
        self.put.as_ref().map(|_| Place::File { file, key })
    }
}

/// Returns an entry as Docker writes it.
fn entry_of(credential: &Credential) -> Zeroizing<String> {
    let secret = credential.secret.expose_secret();
    if credential.user == TOKEN_USER {
        let token = Zeroizing::new(quoted(secret));
        return Zeroizing::new(format!("{{\"identitytoken\": {}}}", *token));
    }
    let both = Zeroizing::new(format!("{}:{secret}", credential.user));
    let auth = Zeroizing::new(STANDARD.encode(both.as_bytes()));
    Zeroizing::new(format!("{{\"auth\": \"{}\"}}", *auth))
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn of_helper(name: &HelperName, error: HelperError) -> ClientError {
    ClientError::Helper {
        name: name.clone(),
        error,
    }
}
