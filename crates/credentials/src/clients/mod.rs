//! Signing Docker's and Podman's own programs in and out, as `docker login` and `podman login` do.
//!
//! What it is: the secret goes to the credential helper that the program asks, by its protocol; where the program asks none,
//! one that is on this computer is named in its file for this registry alone. `credsStore` is never set: it would hide every
//! sign-in that stands in the file. Only where there is no helper, and after a yes to it, the file itself holds the sign-in,
//! as Docker does it without one. Signing out takes out what was put in, and leaves every other byte.
//!
//! What it is not: it decides nothing by itself, and reads no sign-in for our own use (`sources`). Not here: text (`edit`,
//! `scan`) and file (`write`). Grows by another program of the family.

mod edit;
mod scan;
#[cfg(test)]
mod tests;
mod write;

use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::ExposeSecret;
use secrecy::zeroize::Zeroizing;
use serde::{Deserialize, Serialize};

use crate::files::{self, Files, Told, small_file};
use crate::helper::{Helper, HelperError, HelperName, Programs};
use crate::{Credential, FileRef, TOKEN_USER};
use edit::{NotEdited, Put, Section, Taken};

/// Helpers that come with systems, in the order in which they are preferred: `docker login` prefers the system's own too.
const USUAL: &[&str] = &["osxkeychain", "wincred", "secretservice", "pass"];
/// How often a file is edited that somebody else changes at the same time.
const TRIES: usize = 3;

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

    fn file(self) -> FileRef {
        match self {
            Self::Docker => FileRef::Docker,
            // Its first file goes when the person logs out of the computer.
            Self::Podman => FileRef::PodmanHome,
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
    /// A credential helper, to which the secret goes.
    Helper(HelperName),
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

/// How a program comes to read the sign-in.
enum Way {
    /// It asks this helper already.
    Asks(HelperName),
    /// This helper is to be named in its file.
    Named(HelperName),
    /// Its file is to hold it.
    Plain,
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
            .filter(|client| self.files.path(client.file()).is_some())
            .collect()
    }

    /// Finds where the sign-in of a registry would go. It may run helpers, to see whether they work, and asks for no secret.
    /// `host` is as everybody writes it: Docker Hub is `docker.io`.
    pub fn keeps(&self, client: Client, host: &str) -> Result<Keeps, ClientError> {
        Ok(match self.way(client, host)? {
            Way::Asks(helper) | Way::Named(helper) => Keeps::Helper(helper),
            Way::Plain => Keeps::PlainText(self.shown(client.file())),
        })
    }

    /// Signs a program in. With `plain`, its file may hold the secret where there is no helper. A sign-in of another user
    /// that its helper has for this registry is replaced, as the program itself would do.
    pub fn sign_in(
        &self,
        client: Client,
        host: &str,
        credential: &Credential,
        plain: bool,
    ) -> Result<ClientSignIn, ClientError> {
        if client == Client::Podman && credential.user == TOKEN_USER {
            return Err(ClientError::NoIdentityToken);
        }
        let server = files::asked_by(client == Client::Podman, host).to_owned();
        let way = self.way(client, host)?;
        let helper = match &way {
            Way::Asks(helper) | Way::Named(helper) => {
                self.store(helper, &server, credential)?;
                Some(helper.clone())
            }
            Way::Plain if !plain => {
                return Err(ClientError::NoHelper(self.shown(client.file())));
            }
            Way::Plain => None,
        };
        let entry = match &way {
            Way::Asks(_) => None,
            Way::Named(helper) => Some((
                Section::CredHelpers,
                Zeroizing::new(quoted(helper.as_str())),
            )),
            Way::Plain => Some((Section::Auths, entry_of(credential))),
        };
        let put = entry.map(|(section, value)| self.put(client.file(), section, &server, &value));
        let put = match (put.transpose(), &helper) {
            (Ok(put), _) => put,
            (Err(error), helper) => {
                // Nothing stays of a sign-in that failed; what can't be taken back nobody asks for.
                if let Some(helper) = helper {
                    let _ = self.helper(helper).erase(&server);
                }
                return Err(error);
            }
        };
        Ok(ClientSignIn {
            client,
            server,
            user: credential.user.clone(),
            helper,
            put,
        })
    }

    /// Signs a program out again: the entry goes from its file, then the secret from the helper, where it is still that
    /// user's. What somebody else put there since stays.
    pub fn sign_out(&self, signed_in: &ClientSignIn) -> Result<(), ClientError> {
        let ClientSignIn {
            client,
            server,
            user,
            helper,
            put,
        } = signed_in;
        if let Some(put) = put {
            // An entry without its secret would make Podman fail at public images too: so the entry goes first.
            self.take(client.file(), put, |text| {
                helper.is_some()
                    || files::user_of(text, *client == Client::Podman, server).as_ref()
                        == Some(user)
            })?;
        }
        let Some(name) = helper else {
            return Ok(());
        };
        let helper = self.helper(name);
        let erased = match helper.get(server) {
            Ok(Some(there)) if there.user == *user => helper.erase(server),
            Ok(_) => Ok(()),
            Err(error) => Err(error),
        };
        erased.map_err(|error| of_helper(name, error))
    }

    fn way(&self, client: Client, host: &str) -> Result<Way, ClientError> {
        let file = client.file();
        let text = self.text(file)?;
        let text = text.as_ref().map_or("", |text| text.as_str());
        let server = files::asked_by(client == Client::Podman, host);
        let told = match client {
            Client::Docker => files::docker(text, server),
            Client::Podman => {
                // Its first file counts before the other, so what stands in it is what Podman takes.
                if let Some(first) = self.first_of_podman()? {
                    match files::podman(&first, server) {
                        Told::Nothing => {}
                        _ => return Err(ClientError::OwnSignIn(self.shown(FileRef::PodmanRun))),
                    }
                }
                // An empty file is an error to Podman, and nothing to us.
                let text = if text.trim_ascii().is_empty() {
                    "{}"
                } else {
                    text
                };
                files::podman(text, server)
            }
        };
        match told {
            Told::Ask { helper, .. } => match HelperName::parse(&helper) {
                Ok(helper) => Ok(Way::Asks(helper)),
                Err(_) => Err(ClientError::File(format!(
                    "{} names a credential helper that is none",
                    self.shown(file)
                ))),
            },
            Told::NoConfiguration => Err(ClientError::File(format!(
                "{} is no configuration",
                self.shown(file)
            ))),
            Told::Nothing | Told::Here(_) | Told::Spoiled => match self.working_helper() {
                Some(helper) => Ok(Way::Named(helper)),
                None if matches!(told, Told::Nothing) => Ok(Way::Plain),
                None => Err(ClientError::OwnSignIn(self.shown(file))),
            },
        }
    }

    /// Reads Podman's first file, where that is another one.
    fn first_of_podman(&self) -> Result<Option<Zeroizing<String>>, ClientError> {
        if self.files.podman_run == self.files.podman_home {
            return Ok(None);
        }
        let text = self.text(FileRef::PodmanRun)?;
        Ok(text.filter(|text| !text.trim_ascii().is_empty()))
    }

    /// Finds a helper that answers: the one that Docker has for all registries, else one that comes with the system.
    fn working_helper(&self) -> Option<HelperName> {
        let text = self.text(FileRef::Docker).ok().flatten();
        let of_docker = text.and_then(|text| files::store_of_docker(&text));
        let usual = USUAL.iter().map(|name| (*name).to_owned());
        of_docker
            .into_iter()
            .chain(usual)
            .filter_map(|name| HelperName::parse(&name).ok())
            .filter(|name| self.programs.find(name).is_some())
            .find(|name| self.helper(name).list().is_ok())
    }

    fn store(
        &self,
        name: &HelperName,
        server: &str,
        credential: &Credential,
    ) -> Result<(), ClientError> {
        let helper = self.helper(name);
        let stored = || {
            let before = helper.get(server)?;
            // Some keep one for each user, and give either.
            if before.is_some_and(|before| before.user != credential.user) {
                helper.erase(server)?;
            }
            helper.store(server, credential)?;
            let now = helper.get(server)?;
            let is_it = now.is_some_and(|now| {
                now.user == credential.user
                    && now.secret.expose_secret() == credential.secret.expose_secret()
            });
            if is_it {
                Ok(())
            } else {
                Err(HelperError::Broken)
            }
        };
        stored().map_err(|error| of_helper(name, error))
    }

    fn put(
        &self,
        file: FileRef,
        section: Section,
        key: &str,
        value: &str,
    ) -> Result<Put, ClientError> {
        self.edited(file, |text| {
            let (text, put) = edit::put(text, section, key, value)?;
            Ok((Change::To(Some(text)), put))
        })
    }

    fn take(
        &self,
        file: FileRef,
        put: &Put,
        is_ours: impl Fn(&str) -> bool,
    ) -> Result<(), ClientError> {
        self.edited(file, |text| {
            if !is_ours(text.unwrap_or_default()) {
                return Ok((Change::None, ()));
            }
            let change = match edit::take(text, put)? {
                Taken::Unchanged => Change::None,
                Taken::Text(text) => Change::To(Some(text)),
                Taken::NoFile => Change::To(None),
            };
            Ok((change, ()))
        })
    }

    /// Edits a file as often as somebody else changes it meanwhile.
    fn edited<T>(
        &self,
        file: FileRef,
        edit: impl Fn(Option<&str>) -> Result<(Change, T), NotEdited>,
    ) -> Result<T, ClientError> {
        let shown = self.shown(file);
        let Some(path) = self.files.path(file) else {
            return Err(ClientError::File(
                "its configuration has no place".to_owned(),
            ));
        };
        for _ in 0..TRIES {
            let before = self.text(file)?;
            let before = before.as_ref().map(|text| text.as_str());
            let (change, told) = edit(before).map_err(|why| not_edited(&shown, why))?;
            let Change::To(after) = change else {
                return Ok(told);
            };
            let after = after.as_ref().map(|text| text.as_str());
            let written = write::replace(path, before, after);
            if written.map_err(|error| ClientError::File(format!("{shown}: {error}")))? {
                return Ok(told);
            }
        }
        Err(ClientError::File(format!(
            "{shown} is being changed by another program"
        )))
    }

    /// Reads a file as it is to be edited: a text that isn't one is not touched.
    fn text(&self, file: FileRef) -> Result<Option<Zeroizing<String>>, ClientError> {
        let Some(path) = self.files.path(file) else {
            return Ok(None);
        };
        let cannot = |why: String| ClientError::File(format!("{}: {why}", path.display()));
        let bytes = small_file(path).map_err(|error| cannot(error.to_string()))?;
        bytes
            .map(|bytes| {
                let text = std::str::from_utf8(&bytes);
                text.map(|text| Zeroizing::new(text.to_owned()))
            })
            .transpose()
            .map_err(|_| cannot("it is no text".to_owned()))
    }

    fn shown(&self, file: FileRef) -> String {
        let path = self.files.path(file).unwrap_or(Path::new("?"));
        path.display().to_string()
    }

    fn helper(&self, name: &HelperName) -> Helper {
        Helper::new(name.clone(), Arc::clone(&self.programs))
    }
}

/// What becomes of a file.
enum Change {
    None,
    /// It holds this; or it goes.
    To(Option<Zeroizing<String>>),
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

fn not_edited(shown: &str, why: NotEdited) -> ClientError {
    match why {
        NotEdited::NotAnObject => ClientError::File(format!("{shown} is no configuration")),
        NotEdited::OddSection => ClientError::File(format!(
            "{shown} has its sign-ins in a way that only Docker's own programs should change"
        )),
        NotEdited::Twice => ClientError::File(format!("{shown} names this registry twice")),
        NotEdited::Taken => ClientError::OwnSignIn(shown.to_owned()),
    }
}

fn of_helper(name: &HelperName, error: HelperError) -> ClientError {
    ClientError::Helper {
        name: name.clone(),
        error,
    }
}
