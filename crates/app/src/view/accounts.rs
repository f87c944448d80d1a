//! Accounts: a registry with the sign-in used for it.

use super::certificate::{ConnectionOrder, ConnectionView};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One account as the sidebar shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AccountView {
    /// Stable id of the account, never reused.
    pub id: String,
    /// `host[:port]`, as in an image's name.
    pub host: String,
    /// The host as people read it, where it is a name in another alphabet: shown beside `host`, never in its place.
    pub readable: Option<String>,
    /// The path of the registry that it is for alone, where it isn't for all of it.
    pub namespace: Option<String>,
    /// The user signed in; absent for anonymous use.
    pub user: Option<String>,
    /// How it stands.
    pub state: AccountState,
    /// True where the person confirmed plain HTTP for this account, or the host is loopback and speaks it.
    pub plain_http: bool,
    /// Where its secret goes, as a person agreed to; empty for anonymous use, and where nobody was asked yet.
    pub ways: Vec<WayView>,
    /// Where the registry wants the secret sent now, in the state `signInChanged`: nothing is sent there without a yes.
    pub wanted: Option<WayView>,
    /// Where another program notes its sign-in, which is read there each time it is used; absent where Longshore keeps it,
    /// or nobody.
    pub source: Option<FoundIn>,
    /// The programs of this computer that were signed in along with it.
    pub programs: Vec<Program>,
    /// What its registry told lately of how many requests it still takes; absent where it says nothing, or that is over.
    pub limit: Option<LimitView>,
    /// What it has of its own to reach its registry: absent where it needs nothing.
    pub connection: Option<ConnectionView>,
}

/// A program of this computer that has sign-ins of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Program {
    /// The Docker command line.
    Docker,
    /// Podman.
    Podman,
}

/// Where programs of this computer would keep a sign-in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ProgramsKeep {
    /// The files that would hold the secret in plain text, as there is no credential helper.
    pub plain_in: Vec<String>,
    /// The users who are signed in there now, where a helper tells: they are replaced.
    pub users: Vec<String>,
}

/// How many requests a registry still takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LimitView {
    /// How many are left.
    #[ts(type = "number")]
    pub left: u64,
    /// Of how many.
    #[ts(type = "number")]
    pub of: u64,
    /// True where pulls are counted, and not requests of every kind.
    pub pulls: bool,
    /// In which span they are counted (seconds), where that is known.
    #[ts(type = "number | null")]
    pub window: Option<i64>,
    /// When the count begins anew (seconds, UTC), where that is known.
    #[ts(type = "number | null")]
    pub until: Option<i64>,
    /// True where so little is left that a person should know.
    pub low: bool,
}

/// A way in which a registry takes a sign-in: whom the secret goes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct WayView {
    /// The way, to be handed back where it is agreed to.
    pub way: String,
    /// `host[:port]` that gets the secret.
    pub to: String,
    /// That host as people read it, where it is a name in another alphabet: shown beside `to`, never in its place.
    pub readable: Option<String>,
    /// True where that is the registry itself.
    pub registry_itself: bool,
    /// False where the secret is sent in the clear.
    pub encrypted: bool,
}

/// How an account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum AccountState {
    /// The secret is in the OS keychain, or in the encrypted file, which is open.
    SignedIn,
    /// The secret is held in memory until the app is closed, because no keychain could take it.
    SignedInForSession,
    /// No sign-in is used.
    Anonymous,
    /// No secret is known; what was cached still shows.
    SignedOut,
    /// The keychain is locked or absent at the moment, so the secret can't be read.
    KeychainUnavailable,
    /// The secret is in the encrypted file, which wants its passphrase first.
    FileClosed,
    /// The registry wants the secret sent another way than was agreed to: nothing is sent until a person says yes.
    SignInChanged,
    /// The program that keeps the sign-in has none any more, or can't give it.
    SourceGone,
    /// The program that keeps the sign-in gives that of another user: it is not followed by itself.
    SourceChanged,
    /// The registry's certificate is not trusted, or it wants to see one: a person looks at it.
    Certificate,
}

/// What the person typed or pasted into the address field, read. Pure: nothing is contacted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AddressView {
    /// `host[:port]` as it will be used.
    pub host: String,
    /// The host as people read it, where it is a name in another alphabet: shown beside `host`, never in its place.
    pub readable: Option<String>,
    /// The namespace or repository path that stood behind the host, dropped with a word to the person.
    pub dropped_path: Option<String>,
    /// The scheme that was typed: a wish, to be carried along with the host.
    pub typed: Option<TypedScheme>,
    /// The user of a pasted `docker login` line or of `user@host`.
    pub user: Option<String>,
    /// True where the pasted line held a secret too: the window then moves it to the secret field itself
    /// with `take_login_secret`. A text that may hold one is out of the address field before this is asked.
    pub has_secret: bool,
}

/// A scheme that a person typed before a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum TypedScheme {
    /// `https://`: nothing is asked in the clear.
    Https,
    /// `http://`: plain HTTP may be used where it is confirmed.
    Http,
}

/// What a registry answered to an unauthenticated `GET /v2/`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ProbeView {
    /// `host[:port]` asked.
    pub host: String,
    /// True where it answered over TLS.
    pub tls: bool,
    /// True where it answered only over plain HTTP and the host is not loopback: the person confirms once.
    pub needs_plain_http_consent: bool,
    /// True where it asks for a sign-in.
    pub wants_sign_in: bool,
    /// Where a secret would go: shown before one is sent, and handed back as what was agreed to.
    pub ways: Vec<WayView>,
    /// The folder of Docker's or Podman's that vouches for it, where there is one.
    pub certs_folder: Option<String>,
    /// The one that has what is shown to it where it asks who connects.
    pub pair_folder: Option<String>,
}

/// A registry found on this computer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FoundRegistry {
    /// `host[:port]`.
    pub host: String,
    /// The part of the registry that the sign-in is for, where it is not for all of it.
    pub namespace: Option<String>,
    /// The user, where known.
    pub user: Option<String>,
    /// The secret, only for the sandbox, whose sign-in is printed openly anyway.
    pub sandbox_secret: Option<String>,
    /// Where it was found.
    pub source: FoundIn,
    /// The credential helper that is asked when it is used, where one keeps it.
    pub helper: Option<String>,
    /// What is handed back where this sign-in is picked; absent where only the registry is known, and for the sandbox.
    pub from: Option<String>,
}

/// Where a registry was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum FoundIn {
    /// Docker's `config.json`.
    DockerConfig,
    /// Docker's old `.dockercfg`.
    Dockercfg,
    /// Podman's `auth.json`.
    Podman,
    /// The variable `DOCKER_AUTH_CONFIG`.
    Environment,
    /// The sandbox that `cargo xtask run` brought up.
    Sandbox,
}

/// Where a person wants a secret kept.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", deny_unknown_fields)]
pub enum Keep {
    /// In the keychain of the computer.
    Keychain,
    /// In memory, until the app is closed.
    Session,
    /// In a file that a passphrase encrypts.
    EncryptedFile {
        /// Its passphrase, or that of the new one; absent where it is open.
        #[ts(type = "string | null")]
        passphrase: Option<SecretString>,
    },
}

/// The encrypted file of secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EncryptedFileView {
    /// True where there is one.
    pub there: bool,
    /// True where its passphrase was given in this run.
    pub open: bool,
    /// True where a sign-in may be kept there: there is one, or the last that was to be kept found no keychain at all.
    pub offered: bool,
}

/// A new account, or a sign-in into one that is signed out. User and secret both empty means anonymous.
#[derive(Clone, Debug, Deserialize, TS)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewAccount {
    /// As typed: address, URL, or `docker login` line.
    pub address: String,
    /// May be empty.
    pub user: String,
    /// May be empty.
    #[ts(type = "string")]
    pub secret: SecretString,
    /// The person confirmed plain HTTP for a host that is not loopback.
    pub allow_plain_http: bool,
    /// Where the secret is kept.
    pub keep: Keep,
    /// The ways that the sheet showed, and no other, may a secret go.
    pub agreed: Vec<String>,
    /// The sign-in that was picked among those found, by its `from`: it stays where it is. User and secret are empty then.
    #[serde(default)]
    #[ts(optional)]
    pub from: Option<String>,
    /// What the registry is reached by; absent: as before, or as this computer trusts it.
    #[serde(default)]
    #[ts(optional)]
    pub connection: Option<ConnectionOrder>,
    /// The path that a new account is for alone; absent or empty: for all of the registry.
    #[serde(default)]
    #[ts(optional)]
    pub namespace: Option<String>,
}
