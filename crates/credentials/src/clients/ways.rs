//! How a program comes to read a sign-in: by the helper that it asks, by one that is to be named to it, or in its file.
//!
//! Not here: the file itself (`edited`). Grows by another way in which a program finds its sign-ins.

use super::{Client, ClientError, Clients};
use crate::FileRef;
use crate::files::{self, Told};
use crate::helper::{Helper, HelperName};
use secrecy::zeroize::Zeroizing;
use std::sync::Arc;

/// Helpers that come with systems.
const USUAL: &[&str] = &["osxkeychain", "wincred", "secretservice", "pass"];

/// How a program comes to read a sign-in.
pub(super) enum Way {
    /// It asks this helper already.
    Asks(HelperName),
    /// This helper is to be named in its file.
    Named(HelperName),
    /// Its file is to hold it.
    Plain,
}

impl Clients {
    /// Returns the file that is edited for a program.
    pub(super) fn file_of(&self, client: Client) -> FileRef {
        match client {
            Client::Docker => FileRef::Docker,
            // Its first file goes when the person logs out of the computer, unless they named it themselves.
            Client::Podman => self.files.podman_reads.unwrap_or(FileRef::PodmanHome),
        }
    }

    pub(super) fn way(&self, client: Client, host: &str) -> Result<Way, ClientError> {
        let server = files::asked_by(client == Client::Podman, host);
        let told = match client {
            Client::Docker => {
                let text = self.text(FileRef::Docker)?.unwrap_or_default();
                let told = files::docker(&text, server);
                if matches!(told, Told::Nothing) && files::says_nothing(&text) {
                    // It takes the system's own by itself; an entry here would keep it from that, for all registries.
                    if let Some(helper) = self.default_of_docker() {
                        return Ok(Way::Asks(helper));
                    }
                }
                told
            }
            Client::Podman => {
                if let Some(first) = self.first_of_podman()? {
                    // It counts before the other, so what stands in it is what Podman takes.
                    match files::podman(&first, server) {
                        Told::Nothing => {}
                        _ => return Err(ClientError::OwnSignIn(self.shown(FileRef::PodmanRun))),
                    }
                }
                let text = self.text(self.file_of(client))?.unwrap_or_default();
                // An empty file is an error to Podman, and nothing to us.
                let is_blank = text.trim_ascii().is_empty();
                files::podman(if is_blank { "{}" } else { &text }, server)
            }
        };
        let file = self.file_of(client);
        match told {
            Told::Ask { helper, .. } => HelperName::parse(&helper).map(Way::Asks).map_err(|_| {
                let file = self.shown(file);
                ClientError::File(format!("{file} names a credential helper that is none"))
            }),
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

    /// Reads Podman's first file, where it reads more than one.
    fn first_of_podman(&self) -> Result<Option<Zeroizing<String>>, ClientError> {
        if self.files.podman_reads.is_some() || self.files.podman_run == self.files.podman_home {
            return Ok(None);
        }
        let text = self.text(FileRef::PodmanRun)?;
        Ok(text.filter(|text| !text.trim_ascii().is_empty()))
    }

    /// Finds the helper that Docker takes where nothing is said (docker/cli `credentials/default_store_*.go`).
    fn default_of_docker(&self) -> Option<HelperName> {
        let name = if cfg!(target_os = "macos") {
            "osxkeychain"
        } else if cfg!(windows) {
            "wincred"
        } else if self.programs.has("pass") {
            "pass"
        } else {
            "secretservice"
        };
        let name = HelperName::parse(name).ok()?;
        self.works(&name).then_some(name)
    }

    /// Finds a helper that works: the one that Docker has for all registries, else one that comes with the system.
    fn working_helper(&self) -> Option<HelperName> {
        let text = self.text(FileRef::Docker).ok().flatten();
        let of_docker = text.and_then(|text| files::store_of_docker(&text));
        let usual = USUAL.iter().map(|name| (*name).to_owned());
        of_docker
            .into_iter()
            .chain(usual)
            .filter_map(|name| HelperName::parse(&name).ok())
            .find(|name| self.works(name))
    }

    fn works(&self, name: &HelperName) -> bool {
        self.programs.find(name).is_some()
            && (name.as_str() != "pass" || self.programs.pass_keeps())
            && self.helper(name).list().is_ok()
    }

    pub(super) fn helper(&self, name: &HelperName) -> Helper {
        Helper::new(name.clone(), Arc::clone(&self.programs))
    }
}
