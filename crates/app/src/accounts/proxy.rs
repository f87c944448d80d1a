//! The proxy of an account: whom it goes through, and the secret of that, which is kept where secrets are.
//!
//! Not here: how a proxy is spoken to (`registry`). Grows by nothing.

use super::room::Accounts;
use super::states::place_of_keep;
use crate::ground::blocking;
use crate::view::accounts::Keep;
use crate::view::certificate::{ProxyOrder, ProxyView};
use crate::view::problem::{Code, Problem};
use crate::words;
use crate::words::certificate as say;
use credentials::{EncryptedFileError, Place, SecretKey, SecretStore};
use registry::{Proxy, ProxyError, ProxyOptions};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The proxy of an account, as it is stored; absent where the system says which.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub(super) enum KeptProxy {
    /// None.
    Direct,
    /// One of its own.
    Own {
        /// `scheme://host:port`.
        address: String,
        /// Who signs in to it.
        user: Option<String>,
    },
}

/// What an order says of a proxy.
#[derive(Clone, Debug, Default)]
pub(super) struct Ordered {
    pub(super) proxy: Option<KeptProxy>,
    /// Its secret, where one was typed.
    pub(super) secret: Option<SecretString>,
}

impl KeptProxy {
    pub(super) fn view(&self) -> ProxyView {
        match self.clone() {
            Self::Direct => ProxyView::Direct,
            Self::Own { address, user } => ProxyView::Own { address, user },
        }
    }

    /// Returns the name under which its secret is kept.
    pub(super) fn key(&self) -> Option<SecretKey> {
        match self {
            Self::Own {
                address,
                user: Some(user),
            } => Some(SecretKey {
                host: format!("proxy {address}"),
                user: user.clone(),
            }),
            _ => None,
        }
    }
}

impl Ordered {
    /// Reads what was typed.
    pub(super) fn read(order: ProxyOrder) -> Result<Self, Problem> {
        let (address, user, secret) = match order {
            ProxyOrder::System => return Ok(Self::default()),
            ProxyOrder::Direct => {
                return Ok(Self {
                    proxy: Some(KeptProxy::Direct),
                    secret: None,
                });
            }
            ProxyOrder::Own {
                address,
                user,
                secret,
            } => (address, user, secret),
        };
        let proxy = Proxy::parse(&address).map_err(not_read)?;
        let user = Some(user.trim().to_owned()).filter(|user| !user.is_empty());
        let typed = Some(secret).filter(|secret| !secret.expose_secret().is_empty());
        Ok(Self {
            secret: typed.filter(|_| user.is_some()),
            proxy: Some(KeptProxy::Own {
                address: proxy.address().to_owned(),
                user,
            }),
        })
    }
}

fn not_read(error: ProxyError) -> Problem {
    let (said, hint) = match error {
        ProxyError::UserInfo => (say::proxy_user_info(), say::proxy_fields()),
        ProxyError::Scheme => (say::proxy_scheme(), say::proxy_example()),
        ProxyError::Address => (say::proxy_address(), say::proxy_example()),
    };
    said.coded(Code::Proxy).hint(hint)
}

impl Accounts {
    /// Returns the way that a proxy stands for, with its secret; and why that can't be had, where it can't: the way is then
    /// without it, and the proxy asks for one.
    pub(super) async fn through(
        &self,
        ordered: Ordered,
    ) -> Result<(ProxyOptions, Result<(), Problem>), Problem> {
        let whole = |way| Ok((way, Ok(())));
        let Some(kept) = ordered.proxy else {
            return whole(ProxyOptions::System);
        };
        let KeptProxy::Own { address, user } = &kept else {
            return whole(ProxyOptions::Direct);
        };
        let proxy = Proxy::parse(address).map_err(not_read)?;
        let (Some(user), Some(key)) = (user.clone(), kept.key()) else {
            return whole(ProxyOptions::Own(proxy));
        };
        let (secret, had) = match ordered.secret {
            Some(secret) => (Some(secret), Ok(())),
            None => match self.proxy_secret(key).await {
                Ok(secret) => (secret, Ok(())),
                Err(problem) => (None, Err(problem)),
            },
        };
        let secret = secret.unwrap_or_default();
        Ok((ProxyOptions::Own(proxy.with_sign_in(user, secret)), had))
    }

    async fn proxy_secret(&self, key: SecretKey) -> Result<Option<SecretString>, Problem> {
        let (memory, keychain) = (self.memory.clone(), Arc::clone(&self.keychain));
        let file = Arc::clone(&self.encrypted);
        blocking(move || {
            if let Some(secret) = memory.get(&key)? {
                return Ok(Some(secret));
            }
            let is_closed = !file.is_open() && file.is_there();
            if file.is_open()
                && let Some(secret) = file.get(&key)?
            {
                return Ok(Some(secret));
            }
            match keychain.get(&key) {
                // It may be in there.
                Ok(None) | Err(_) if is_closed => Err(EncryptedFileError::Closed.into()),
                asked => asked,
            }
        })
        .await?
        .map_err(|error| words::of_keychain(&error))
    }

    /// Keeps the secret of a proxy where the person wants secrets: what was typed, else what is had of it. What lies in the
    /// other place is noted, and goes once no account has it there.
    pub(super) async fn keep_proxy_secret(
        &self,
        ordered: Ordered,
        keep: &Keep,
    ) -> Result<(), Problem> {
        let Some(key) = ordered.proxy.as_ref().and_then(KeptProxy::key) else {
            return Ok(());
        };
        let place = place_of_keep(keep);
        let secret = match ordered.secret {
            Some(secret) => secret,
            // What was kept for longer is not brought into memory.
            None if place == Place::Session => return Ok(()),
            None => match self.proxy_secret(key.clone()).await {
                Ok(Some(secret)) => secret,
                // What can't be had stays where it is.
                Ok(None) | Err(_) => return Ok(()),
            },
        };
        let _turn = self.left.lock().await;
        let (memory, store, own) = (self.memory.clone(), self.store(&place), key.clone());
        let is_session = place == Place::Session;
        blocking(move || {
            store.set(&own, &secret)?;
            if is_session {
                Ok(())
            } else {
                memory.remove(&own)
            }
        })
        .await?
        .map_err(|error| words::of_keychain(&error))?;
        let other = match place {
            Place::Session => return Ok(()),
            Place::EncryptedFile => Place::Keychain,
            _ => Place::EncryptedFile,
        };
        self.not_left(&place, &key).await?;
        let file = Arc::clone(&self.encrypted);
        if other == Place::Keychain || blocking(move || file.is_there()).await? {
            self.note_left(&other, key).await?;
        }
        Ok(())
    }

    /// Removes the secret of a proxy that no account goes through any more, from wherever it is. Where there is an encrypted
    /// file, what can't be reached now is noted: a computer with one may well have no keychain.
    pub(super) async fn forget_proxy_secret(&self, key: SecretKey) -> Result<(), Problem> {
        let _turn = self.left.lock().await;
        let (memory, file, own) = (
            self.memory.clone(),
            Arc::clone(&self.encrypted),
            key.clone(),
        );
        let has_file = blocking(move || memory.remove(&own).map(|()| file.is_there()))
            .await?
            .map_err(|error| words::of_keychain(&error))?;
        if has_file {
            self.take_from_file(key.clone()).await?;
        }
        let (keychain, own) = (Arc::clone(&self.keychain), key.clone());
        match blocking(move || keychain.remove(&own)).await? {
            Err(_) if has_file => self.note_left(&Place::Keychain, key).await,
            removed => removed.map_err(|error| words::of_keychain(&error)),
        }
    }
}
