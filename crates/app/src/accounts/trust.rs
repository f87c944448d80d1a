//! What an account has of its own to reach its registry: whom it trusts, and what it shows.
//!
//! Not here: how TLS is spoken (`registry`), where Docker's folders are (`certs_d`), what a person is shown
//! (`certificate`). Grows by what a person gives for one registry alone.

use super::certs_d::{self, Folders};
use super::files::read_typed;
use super::proxy::{KeptProxy, Ordered};
use super::room::Accounts;
use super::services;
use crate::ground::blocking;
use crate::view::accounts::NewAccount;
use crate::view::certificate::{ClientFiles, ConnectionOrder, ConnectionView};
use crate::view::problem::{Code, Problem};
use crate::words::certificate as say;
use credentials::SecretKey;
use registry::{Authority, ClientPair, Fingerprint, HttpOptions, ProxyOptions, TlsOptions};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{Account, Store};

/// What an account has of its own, as it is stored. Nothing in it is secret: of a key it is the path.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Connection {
    #[serde(skip_serializing_if = "Option::is_none")]
    authority: Option<AuthorityFile>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trusted: Option<Fingerprint>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client: Option<ClientFiles>,
    /// What is trusted at its token services, by their hosts.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    services: BTreeMap<oci::Host, Fingerprint>,
    #[serde(skip_serializing_if = "Option::is_none")]
    proxy: Option<KeptProxy>,
    /// The secret of the proxy, where it was typed just now.
    #[serde(skip)]
    secret: Option<SecretString>,
}

/// An authority, and the file it was read from: that may well be gone later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct AuthorityFile {
    file: String,
    pem: String,
}

/// How a registry is reached.
pub(super) struct Reach {
    pub(super) options: HttpOptions,
    /// Docker's folders that vouch for it, and have what is shown to it.
    pub(super) folders: Folders,
}

impl Connection {
    /// Reads what is stored with an account. What can't be read trusts nobody.
    pub(super) fn of(account: &Account) -> Self {
        let stored = account.connection.as_deref();
        stored
            .and_then(|stored| serde_json::from_str(stored).ok())
            .unwrap_or_default()
    }

    /// Returns it as it is stored; nothing where there is nothing of its own.
    pub(super) fn stored(&self) -> Option<String> {
        let stored = serde_json::to_string(self).ok();
        stored.filter(|_| !self.is_empty())
    }

    fn is_empty(&self) -> bool {
        let Self {
            authority,
            trusted,
            client,
            services,
            proxy,
            secret: _,
        } = self;
        let is_trusting = authority.is_some() || trusted.is_some() || !services.is_empty();
        !is_trusting && client.is_none() && proxy.is_none()
    }

    /// Tells whether the file of an authority was given.
    pub(super) fn has_authority(&self) -> bool {
        self.authority.is_some()
    }

    /// Returns what it says of a proxy.
    pub(super) fn ordered(&self) -> Ordered {
        Ordered {
            proxy: self.proxy.clone(),
            secret: self.secret.clone(),
        }
    }

    /// Returns the name under which the secret of its proxy is kept.
    pub(super) fn proxy_key(&self) -> Option<SecretKey> {
        self.proxy.as_ref().and_then(KeptProxy::key)
    }

    pub(super) fn view(&self) -> Option<ConnectionView> {
        let view = ConnectionView {
            authority: self.authority.as_ref().map(|from| from.file.clone()),
            trusted: self.trusted.map(|trusted| trusted.to_string()),
            client: self.client.clone(),
            services: self.services.iter().map(services::view).collect(),
            proxy: self.proxy.as_ref().map(KeptProxy::view),
        };
        Some(view).filter(|_| !self.is_empty())
    }

    /// Puts what is given in the place of what is there. An authority and one trusted certificate exclude each other: the
    /// latter lets no other certificate in.
    fn with(mut self, order: ConnectionOrder) -> Result<Self, Problem> {
        if order.forget {
            (self.authority, self.trusted, self.client) = (None, None, None);
            self.services.clear();
        }
        if let Some(file) = order.authority {
            let read = Authority::read(&read_typed(&file)?);
            let authority = read.map_err(|fault| words_of_file(fault, &file, &file))?;
            let pem = authority.pem();
            self.authority = Some(AuthorityFile { file, pem });
            self.trusted = None;
        }
        if let Some(trusted) = order.trusted {
            self.trusted = Fingerprint::parse(&trusted).ok();
            self.authority = None;
        }
        if order.client.is_some() {
            self.client = order.client;
        }
        services::add(&mut self.services, &order.services);
        if let Some(proxy) = order.proxy {
            let ordered = Ordered::read(proxy)?;
            (self.proxy, self.secret) = (ordered.proxy, ordered.secret);
        }
        Ok(self)
    }

    fn tls(&self) -> Result<TlsOptions, Problem> {
        let services = self.services.iter();
        let mut tls = TlsOptions {
            pinned: self.trusted,
            services: services.map(|(host, it)| (host.clone(), *it)).collect(),
            ..TlsOptions::default()
        };
        if let Some(AuthorityFile { file, pem }) = &self.authority {
            let read = Authority::read(pem.as_bytes());
            tls.authorities
                .push(read.map_err(|fault| words_of_file(fault, file, file))?);
        }
        if let Some(ClientFiles { certificate, key }) = &self.client {
            let read = ClientPair::read(&read_typed(certificate)?, &read_typed(key)?);
            tls.client = Some(read.map_err(|fault| words_of_file(fault, certificate, key))?);
        }
        Ok(tls)
    }
}

fn words_of_file(fault: registry::FileFault, certificate: &str, key: &str) -> Problem {
    say::of_file(fault, certificate, key)
}

impl Accounts {
    /// Returns what is meant by an order for a host. Without one it is what this host was trusted for before, by another
    /// account; what such a one shows of its person is that person's alone.
    pub(super) async fn connection(
        &self,
        host: &oci::Host,
        order: Option<ConnectionOrder>,
    ) -> Result<Connection, Problem> {
        let accounts = self.ground.db(Store::accounts).await?;
        let mut here = accounts.iter().filter(|account| account.host == *host);
        let Some(order) = order else {
            let others = here.map(Connection::of);
            // What is shown and gone through is nobody else's.
            let mut trusts = others.map(|it| Connection {
                client: None,
                proxy: None,
                ..it
            });
            return Ok(trusts.find(|it| !it.is_empty()).unwrap_or_default());
        };
        let kept = here.find(|account| order.kept == Some(account.id.to_string()));
        let kept = kept.map(Connection::of).unwrap_or_default();
        blocking(move || kept.with(order)).await?
    }

    /// Returns what a sign-in is to go by: what was given for it, else what the account of before has.
    pub(super) async fn meant(
        &self,
        host: &oci::Host,
        new: &NewAccount,
        former: Option<&Account>,
    ) -> Result<(Connection, Reach), Problem> {
        let connection = match (&new.connection, former) {
            (None, Some(former)) => Connection::of(former),
            // Added once more it goes on with its own, and never loses what it trusts unsaid.
            (Some(order), Some(former)) if order.kept.is_none() => {
                let kept = Some(former.id.to_string());
                let order = ConnectionOrder {
                    kept,
                    ..order.clone()
                };
                self.connection(host, Some(order)).await?
            }
            (order, _) => self.connection(host, order.clone()).await?,
        };
        let reach = self.reach(host, &connection).await?;
        Ok((connection, reach))
    }

    /// Returns how a host is reached by what is its own, and by what Docker's folders say of it, for a sheet that can ask.
    pub(super) async fn reach(
        &self,
        host: &oci::Host,
        connection: &Connection,
    ) -> Result<Reach, Problem> {
        // A sheet shows what the proxy asks for.
        let (proxy, _) = self.through(connection.ordered()).await?;
        self.reach_through(host, connection, proxy).await
    }

    async fn reach_through(
        &self,
        host: &oci::Host,
        connection: &Connection,
        proxy: ProxyOptions,
    ) -> Result<Reach, Problem> {
        let (folders, host, own) = (self.cert_folders.clone(), host.clone(), connection.clone());
        let instead = self.instead.clone();
        blocking(move || {
            let mut tls = own.tls()?;
            let folders = certs_d::add(&folders, &host, &mut tls);
            let goes_direct = matches!(proxy, ProxyOptions::System) && host.is_loopback();
            if proxy.speaks_tls() && !goes_direct && !tls.is_empty() {
                return Err(say::no_https_proxy()
                    .coded(Code::Proxy)
                    .hint(say::another_proxy()));
            }
            let options = HttpOptions {
                tls,
                proxy,
                instead,
                ..HttpOptions::default()
            };
            Ok(Reach { options, folders })
        })
        .await?
    }

    /// Returns how an account's registry is reached. A secret of its proxy that can't be had is told: nobody is asked for it
    /// here.
    pub(super) async fn reach_of(&self, account: &Account) -> Result<Reach, Problem> {
        let connection = Connection::of(account);
        let (proxy, had) = self.through(connection.ordered()).await?;
        had?;
        self.reach_through(&account.host, &connection, proxy).await
    }

    /// Forgets the secret of a proxy that was gone through, where no account but the one that leaves goes through it.
    pub(super) async fn leave_proxy(
        &self,
        before: &Connection,
        leaves: Option<i64>,
    ) -> Result<(), Problem> {
        let Some(key) = before.proxy_key() else {
            return Ok(());
        };
        let accounts = self.ground.db(Store::accounts).await?;
        let mut others = accounts.iter().filter(|it| Some(it.id) != leaves);
        if others.any(|it| Connection::of(it).proxy_key().as_ref() == Some(&key)) {
            return Ok(());
        }
        self.forget_proxy_secret(key).await
    }
}
