//! The one place that makes what reads a sign-in of the place where it is kept.
//!
//! Grows by a place: a store of ours is one more arm of [`Sources::store`].

use std::fmt;
use std::sync::Arc;

use secrecy::ExposeSecret;

use crate::files::{self, Files, Told};
use crate::helper::{Helper, HelperError, HelperName, Programs};
use crate::{Clients, Credential, FileRef, Place, SecretKey, SecretStore, Source, SourceError};

/// All places that sign-ins are read from.
#[derive(Clone)]
pub struct Sources {
    keychain: Arc<dyn SecretStore>,
    memory: Arc<dyn SecretStore>,
    encrypted: Arc<dyn SecretStore>,
    files: Arc<Files>,
    programs: Arc<Programs>,
}

impl Sources {
    /// Takes the stores of ours, and where those of other programs are.
    pub fn new(
        keychain: Arc<dyn SecretStore>,
        memory: Arc<dyn SecretStore>,
        encrypted: Arc<dyn SecretStore>,
        files: Files,
        programs: Programs,
    ) -> Self {
        Self {
            keychain,
            memory,
            encrypted,
            files: Arc::new(files),
            programs: Arc::new(programs),
        }
    }

    /// Returns what reads a place. The key says which secret of ours is meant; places of other programs say that by
    /// themselves. Nothing is read, and no helper is run, before it is asked.
    pub fn at(&self, place: &Place, key: &SecretKey) -> Box<dyn Source> {
        if let Some(store) = self.store(place) {
            let key = key.clone();
            return Box::new(Stored { store, key });
        }
        match place {
            Place::Helper { name, server } => Box::new(OfHelper {
                helper: Helper::new(name.clone(), Arc::clone(&self.programs)),
                server: server.clone(),
            }),
            other => Box::new(OfFile {
                place: other.clone(),
                files: Arc::clone(&self.files),
                programs: Arc::clone(&self.programs),
            }),
        }
    }

    /// Returns the store of ours that keeps what is at a place; `None` for one that only other programs write.
    pub fn store(&self, place: &Place) -> Option<Arc<dyn SecretStore>> {
        match place {
            Place::Keychain => Some(Arc::clone(&self.keychain)),
            Place::Session => Some(Arc::clone(&self.memory)),
            Place::EncryptedFile => Some(Arc::clone(&self.encrypted)),
            Place::File { .. } | Place::Helper { .. } | Place::Environment { .. } => None,
        }
    }

    /// Returns where the files of other programs are.
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// Returns what signs the programs of this computer in and out.
    pub fn clients(&self) -> Clients {
        Clients::new(Arc::clone(&self.files), Arc::clone(&self.programs))
    }

    /// Returns a helper among the programs of this computer.
    pub fn helper(&self, name: HelperName) -> Helper {
        Helper::new(name, Arc::clone(&self.programs))
    }
}

impl fmt::Debug for Sources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sources")
            .field("files", &self.files)
            .field("programs", &self.programs)
            .finish_non_exhaustive()
    }
}

/// A secret in a store of ours.
struct Stored {
    store: Arc<dyn SecretStore>,
    key: SecretKey,
}

impl Source for Stored {
    fn get(&self) -> Result<Option<Credential>, SourceError> {
        let secret = self.store.get(&self.key)?;
        Ok(secret.map(|secret| Credential {
            user: self.key.user.clone(),
            secret,
        }))
    }
}

struct OfHelper {
    helper: Helper,
    server: String,
}

impl Source for OfHelper {
    fn get(&self) -> Result<Option<Credential>, SourceError> {
        let asked = self.helper.get(&self.server);
        asked.map_err(|error| of_helper(self.helper.name().as_str(), error))
    }
}

/// What a file says now, or the variable that stands for one.
struct OfFile {
    place: Place,
    files: Arc<Files>,
    programs: Arc<Programs>,
}

impl Source for OfFile {
    fn get(&self) -> Result<Option<Credential>, SourceError> {
        let Some((what, key, told)) = self.look()? else {
            return Ok(None);
        };
        match told {
            Told::Nothing => Ok(None),
            Told::Here(credential) => Ok(Some(credential)),
            Told::Ask { helper, server } => self.ask(&helper, &server),
            Told::Spoiled => Err(SourceError::Unreadable(format!(
                "the entry of {key} in {what} cannot be read"
            ))),
            Told::NoConfiguration => Err(SourceError::Unreadable(format!(
                "{what} is no configuration"
            ))),
        }
    }
}

impl OfFile {
    /// Looks into it as its own program does, and says where that was. `None` where there is no such file.
    fn look(&self) -> Result<Option<(String, &str, Told)>, SourceError> {
        let (file, key) = match &self.place {
            Place::File { file, key } => (*file, key),
            Place::Environment { key } => {
                let text = self.files.environment.as_ref();
                return Ok(text.map(|text| {
                    let told = files::environment(text.expose_secret(), key);
                    ("DOCKER_AUTH_CONFIG".to_owned(), key.as_str(), told)
                }));
            }
            Place::Keychain | Place::Session | Place::EncryptedFile | Place::Helper { .. } => {
                return Ok(None);
            }
        };
        let Some(text) = self.files.text(file)? else {
            return Ok(None);
        };
        let told = match file {
            FileRef::Docker => files::docker(&text, key),
            FileRef::PodmanRun | FileRef::PodmanHome => files::podman(&text, key),
            FileRef::Dockercfg => files::dockercfg(&text, key),
        };
        let path = self.files.path(file).map(|path| path.display().to_string());
        Ok(Some((path.unwrap_or_default(), key, told)))
    }

    fn ask(&self, helper: &str, server: &str) -> Result<Option<Credential>, SourceError> {
        let name = HelperName::parse(helper).map_err(|error| of_helper(helper, error))?;
        let asked = Helper::new(name, Arc::clone(&self.programs)).get(server);
        asked.map_err(|error| of_helper(helper, error))
    }
}

/// Says which helper could not, by a name that is fit to show.
fn of_helper(name: &str, error: HelperError) -> SourceError {
    let name = name.chars().filter(|c| !c.is_control()).take(64).collect();
    SourceError::Helper { name, error }
}
