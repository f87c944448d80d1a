//! What a registry shows when a secure connection begins, and what an account has of its own for that.

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The certificate that a host presents; all its texts are the host's own, as plain text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CertificateView {
    /// `host[:port]` that presents it.
    pub host: String,
    /// True where that is a token service of the registry that was meant.
    pub of_service: bool,
    /// What is wrong with it, a sentence each; empty where it is trusted.
    pub wrong: Vec<String>,
    /// True where another one was trusted for this host alone.
    pub changed: bool,
    /// Whom it is for, as it says.
    pub subject: String,
    /// Who gave it, as it says.
    pub issuer: String,
    /// The hosts it is for, at most 50.
    pub names: Vec<String>,
    /// From when on it is good (seconds, UTC).
    pub from: i64,
    /// Until when it is good (seconds, UTC).
    pub until: i64,
    /// Its SHA-256, `AB:CD:…`.
    pub fingerprint: String,
}

/// What a person gives so that a registry can be reached: it counts for that registry alone.
#[derive(Clone, Debug, Default, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ConnectionOrder {
    /// The account whose own it goes on with; what else is given takes the place of that.
    #[ts(optional)]
    pub kept: Option<String>,
    /// It has nothing of its own any more that is trusted or shown.
    #[ts(as = "Option<bool>", optional)]
    pub forget: bool,
    /// Path of the file of its authority.
    #[ts(optional)]
    pub authority: Option<String>,
    /// The fingerprint of the one certificate that is trusted as it is.
    #[ts(optional)]
    pub trusted: Option<String>,
    /// What is shown to it where it asks who connects.
    #[ts(optional)]
    pub client: Option<ClientFiles>,
    /// The one certificate each that is trusted as it is at a token service of it.
    #[ts(as = "Option<Vec<ServiceTrust>>", optional)]
    pub services: Vec<ServiceTrust>,
    /// Through whom it is reached.
    #[ts(optional)]
    pub proxy: Option<ProxyOrder>,
}

/// A token service of a registry, and the certificate that is trusted there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ServiceTrust {
    /// `host[:port]`.
    pub host: String,
    /// The SHA-256 of the certificate.
    pub trusted: String,
}

/// Through whom a registry is to be reached.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", deny_unknown_fields)]
pub enum ProxyOrder {
    /// Whom the system says.
    System,
    /// Nobody.
    Direct,
    /// This one.
    Own {
        /// `scheme://host:port`; `http`, `https`, `socks5`, `socks5h`.
        address: String,
        /// May be empty.
        user: String,
        /// Empty with a user: the one that is kept for that.
        #[ts(type = "string")]
        secret: SecretString,
    },
}

/// Through whom a registry is reached, where the system does not say so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum ProxyView {
    /// Nobody.
    Direct,
    /// One of the account's own.
    Own {
        /// `scheme://host:port`.
        address: String,
        /// Who signs in to it.
        user: Option<String>,
    },
}

/// The files of a certificate and its key; they stay where they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ClientFiles {
    /// Path of the certificate, its chain behind it.
    pub certificate: String,
    /// Path of its key.
    pub key: String,
}

/// What an account has of its own to reach its registry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionView {
    /// The file that its authority was read from.
    pub authority: Option<String>,
    /// The fingerprint of the one certificate that is trusted.
    pub trusted: Option<String>,
    /// What is shown to it.
    pub client: Option<ClientFiles>,
    /// What is trusted at its token services.
    pub services: Vec<ServiceTrust>,
    /// Through whom it is reached; absent: as the system says.
    pub proxy: Option<ProxyView>,
}
