//! From typed errors to sentences: what happened, why, what to do next.
//!
//! All words the backend says about failures are here (and in `problems/`), so that they can be read in one
//! go. A registry's or engine's own words go into the detail, bounded, never into the sentence.

mod engine;
mod registry;

pub(crate) use self::engine::{of_engine, of_transfer};
pub(crate) use self::registry::{of_registry, of_write};

use crate::view::problem::{Code, Problem};
use oci::{Digest, Tag};

/// The longest detail that reaches the window, in bytes.
const DETAIL: usize = 4096;

/// A problem that is just a sentence.
pub(crate) fn plain(message: impl Into<String>) -> Problem {
    coded(Code::Other, message)
}

/// A problem the window branches on.
pub(crate) fn coded(code: Code, message: impl Into<String>) -> Problem {
    Problem {
        code,
        message: message.into(),
        hints: Vec::new(),
        detail: None,
    }
}

impl Problem {
    /// Adds what to do next.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Adds the other side's own words.
    pub(crate) fn detail(mut self, words: Option<String>) -> Self {
        if let Some(words) = words.filter(|words| !words.trim().is_empty()) {
            self.detail = Some(bounded(&words, DETAIL));
        }
        self
    }
}

/// The sheet is shown again, with what the tag points at now. `undone` is what was not done, `next` what to do.
pub(crate) fn tag_moved(tag: &Tag, now: Option<&Digest>, undone: &str, next: &str) -> Problem {
    let message = match now {
        Some(digest) => format!(
            "{tag} was moved meanwhile: it points at {} now. Nothing was {undone}.",
            digest.short()
        ),
        None => format!("{tag} was deleted meanwhile. Nothing was {undone}."),
    };
    coded(Code::TagMoved, message).hint(next)
}

/// Text of the other side, cut at a character's border.
pub(crate) fn bounded(text: &str, limit: usize) -> String {
    if text.len() <= limit {
        return text.to_owned();
    }
    let mut end = limit.saturating_sub('…'.len_utf8());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}…", &text[..end])
}

/// The database refused.
pub(crate) fn of_store(error: &store::Error) -> Problem {
    match error {
        store::Error::Newer { .. } => {
            plain("The data of this computer was written by a later version of Longshore.")
                .hint("Install that version, or start with an empty data folder.")
        }
        other => plain("What this computer remembers can’t be read or written.")
            .hint("Check that the disk isn’t full and that the data folder can be written.")
            .detail(Some(other.to_string())),
    }
}

/// The keychain refused.
pub(crate) fn of_keychain(error: &credentials::KeychainError) -> Problem {
    use credentials::KeychainError as E;
    let problem = match error {
        E::Locked(_) => coded(Code::Keychain, "The keychain of this computer is locked.")
            .hint("Unlock it and try again, or stay signed in until you close the app."),
        E::Absent(_) => coded(
            Code::Keychain,
            "This computer has no keychain that can be reached.",
        )
        .hint("Start one and try again, or stay signed in until you close the app."),
        E::Refused(_) => coded(
            Code::Keychain,
            "The keychain of this computer didn’t take the secret.",
        )
        .hint("Try again, or stay signed in until you close the app."),
    };
    problem.detail(Some(error.to_string()))
}

/// Something that should not happen did; nothing was lost by it.
pub(crate) fn unexpected(what: impl std::fmt::Display) -> Problem {
    plain("Something went wrong inside Longshore.")
        .hint("Try again.")
        .detail(Some(what.to_string()))
}

/// A name that no registry would take.
pub(crate) fn bad_name(what: &str, text: &str, error: &oci::ReferenceError) -> Problem {
    plain(format!("“{}” can’t be {what}.", bounded(text, 140))).hint(sentence(&error.to_string()))
}

/// There is no such account (any more).
pub(crate) fn no_account() -> Problem {
    plain("This account is no longer here.").hint("Add the registry again.")
}

/// The account is signed out.
pub(crate) fn signed_out(host: &oci::Host) -> Problem {
    coded(Code::SignIn, format!("You are signed out of {host}.")).hint("Sign in to go on.")
}

/// First letter large, full stop at the end.
pub(crate) fn sentence(text: &str) -> String {
    let text = text.trim();
    let mut letters = text.chars();
    let Some(first) = letters.next() else {
        return String::new();
    };
    let mut told: String = first.to_uppercase().chain(letters).collect();
    if !told.ends_with(['.', '!', '?', '…']) {
        told.push('.');
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_are_bounded_at_a_character() {
        let long = "ä".repeat(5000);
        let detail = plain("x").detail(Some(long)).detail.unwrap();
        assert!(detail.len() <= DETAIL && detail.ends_with('…'));
        assert_eq!(plain("x").detail(Some("  ".into())).detail, None);
    }
}
