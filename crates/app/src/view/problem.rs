//! What went wrong, as the person reads it.

use super::said::Said;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// An error that reached the window: what happened, what to do, and the other side's own words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// Exists only where the UI branches on it.
    pub code: Code,
    /// One or two short sentences: what happened and why.
    pub message: String,
    /// What to do next, a sentence each.
    pub hints: Vec<String>,
    /// The registry's or engine's own words, in full, bounded.
    pub detail: Option<String>,
    /// What was said, as data: what happened first, then what to do next. It stays here.
    #[serde(skip)]
    #[ts(skip)]
    pub said: Vec<Said>,
}

/// What the UI branches on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Code {
    /// Nothing to branch on: show the sentence.
    Other,
    /// The typed address can't be read.
    Address,
    /// The sign-in is wrong or has expired: ask in place, then go on.
    SignIn,
    /// The registry asks for the sign-in another way than was shown: nothing was sent; show it, and ask.
    SignInChanged,
    /// Nothing of the registry's came: told of the registry as a whole, and of no single thing it was asked for.
    NoAnswer,
    /// The person did not want to wait for the answer.
    Ended,
    /// The host answered over plain HTTP only: ask once.
    PlainHttp,
    /// The host's certificate is not trusted: show it, and what can be done.
    Certificate,
    /// The registry lets nobody in without a certificate of theirs, or not with this one: ask for its files.
    ClientCertificate,
    /// A file that should help with that can't be used.
    CertificateFile,
    /// The proxy on the way, or what was typed of it, can't be used: ask for it in place.
    Proxy,
    /// The keychain is locked or absent: offer to stay signed in until the app is closed.
    Keychain,
    /// The vendor's own interface wants a second sign-in for this, or not this one: ask for it.
    SecondSignIn,
    /// The encrypted file is closed, or can't be opened by this passphrase: ask for it in place.
    EncryptedFile,
    /// A program of this computer could not be signed in or out along with an account.
    Program,
    /// No engine answers.
    NoEngine,
    /// The old commit could not be kept: ask for a second yes.
    NotKept,
    /// A local name is borne by another image: ask before it is moved.
    NameTaken,
    /// The tag moved between the plan and the push: show the sheet again.
    TagMoved,
    /// A repository's words changed between the sheet and the writing: show the sheet again.
    Changed,
    /// How this repository keeps was never said: show the sheet, which asks.
    NotAsked,
}
