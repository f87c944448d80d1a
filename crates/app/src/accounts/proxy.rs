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
use credentials::{EncryptedFileError, Place, SecretKey, SecretStore, StoreError};
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
    /// Returns the way that a proxy stands for, with its secret.
    pub(super) async fn through(&self, ordered: Ordered) -> Result<ProxyOptions, Problem> {
        let Some(kept) = ordered.proxy else {
            return Ok(ProxyOptions::System);
        };
        let KeptProxy::Own { address, user } = &kept else {
            return Ok(ProxyOptions::Direct);
        };
        let proxy = Proxy::parse(address).map_err(not_read)?;
        let (Some(user), Some(key)) = (user.clone(), kept.key()) else {
            return Ok(ProxyOptions::Own(proxy));
        };
        let secret = match ordered.secret {
            Some(secret) => Some(secret),
            None => self.proxy_secret(key).await?,
        };
        let secret = secret.unwrap_or_default();
        Ok(ProxyOptions::Own(proxy.with_sign_in(user, secret)))
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

    /// Keeps the secret of a proxy that was typed, where the person wants secrets.
    pub(super) async fn keep_proxy_secret(
        &self,
        ordered: Ordered,
        keep: &Keep,
    ) -> Result<(), Problem> {
        let key = ordered.proxy.as_ref().and_then(KeptProxy::key);
        let (Some(key), Some(secret)) = (key, ordered.secret) else {
            return Ok(());
        };
        let place = place_of_keep(keep);
        let (memory, store) = (self.memory.clone(), self.store(&place));
        blocking(move || {
            store.set(&key, &secret)?;
            match place {
                Place::Session => Ok(()),
                _ => memory.remove(&key),
            }
        })
        .await?
        .map_err(|error| words::of_keychain(&error))
    }

    /// Removes the secret of a proxy that no account goes through any more.
    pub(super) async fn forget_proxy_secret(&self, key: SecretKey) -> Result<(), Problem> {
        let _turn = self.left.lock().await;
        let (memory, keychain) = (self.memory.clone(), Arc::clone(&self.keychain));
        let (file, own) = (Arc::clone(&self.encrypted), key.clone());
        let in_file = blocking(move || -> Result<bool, StoreError> {
            memory.remove(&own)?;
            if file.is_open() && file.get(&own)?.is_some() {
                file.remove(&own)?;
                return Ok(false);
            }
            let is_closed = !file.is_open() && file.is_there();
            match keychain.remove(&own) {
                // Where there is a file, a computer may well have no keychain.
                Err(_) if is_closed => Ok(true),
                removed => removed.map(|()| is_closed),
            }
        })
        .await?
        .map_err(|error| words::of_keychain(&error))?;
        if in_file {
            self.take_from_file(key).await?;
        }
        Ok(())
    }
}
