//! A vendor's own command: how it is run, which whoever asks says, and what can come of it.
//!
//! A vendor names its program and its arguments, and never a shell. Not here: finding and running programs (`credentials`), whether a
//! person let it run (the app). Grows by nothing that is known.

use oci::RepositoryName;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

/// A command that runs, or something about it that is looked up.
pub type Running<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Runs the command of one vendor, for one account.
pub trait RunsCommand: Send + Sync + fmt::Debug {
    /// Runs it with these arguments, and returns what it said; at most so many bytes.
    fn run<'a>(
        &'a self,
        arguments: &'a [&'a str],
        most: usize,
    ) -> Running<'a, Result<String, CommandFailure>>;

    /// Returns the vendor's own name of a repository, as its list told it; none where it didn't.
    fn own_name<'a>(&'a self, name: &'a RepositoryName) -> Running<'a, Option<String>>;
}

/// A vendor's own command, which may run for an account.
#[derive(Clone, Debug)]
pub struct OwnCommand {
    /// What runs it.
    pub runs: Arc<dyn RunsCommand>,
    /// What the names that it tells stand under at the registry, where it leaves that out.
    pub organisation: Option<RepositoryName>,
}

/// Why a command did not do what it was run for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommandFailure {
    /// There is no such program on the PATH.
    #[error("there is no such program on the PATH")]
    Missing,
    /// It could not be started; the text is the system's own.
    #[error("it could not be started: {0}")]
    NotStarted(String),
    /// It didn't end in time, and was ended.
    #[error("it did not answer in time")]
    Hung,
    /// It said far more than it has to say, and was ended.
    #[error("it said far too much")]
    TooMuch,
    /// It ended with an error, and these are its own words: one line, bounded, nothing that looks like a secret in it.
    #[error("it said: {0}")]
    Said(String),
    /// It names repositories without their organisation, and nobody said which that is.
    #[error("its names have no organisation before them")]
    NoOrganisation,
    /// It said nothing that could be understood.
    #[error("what it said could not be read")]
    Unreadable,
}

/// The most characters of what a command says that are told.
const SAID: usize = 300;
/// The longest word that is told: a token is longer.
const WORD: usize = 40;

impl CommandFailure {
    /// Takes what a command said of why it failed: the last lines of its errors, else of what it said.
    pub fn said(output: &str, errors: &str) -> Self {
        let of = if errors.trim().is_empty() {
            output
        } else {
            errors
        };
        let lines: Vec<&str> = of
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .collect();
        let last = lines.len().saturating_sub(3);
        let words = lines[last..]
            .iter()
            .flat_map(|line| line.split_whitespace());
        let words = words.map(|word| {
            if word.chars().count() > WORD {
                "…"
            } else {
                word
            }
        });
        let text = words.collect::<Vec<_>>().join(" ");
        Self::Said(oci::text::plain(&text, SAID))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_command_said_is_told_without_what_may_be_a_secret() {
        let secret = "x".repeat(60);
        let told = |output: &str, errors: &str| match CommandFailure::said(output, errors) {
            CommandFailure::Said(text) => text,
            other => panic!("{other:?}"),
        };
        assert_eq!(
            told(
                "docker login -p secret",
                &format!("\nError: bad\u{1b} token {secret}\n")
            ),
            "Error: bad token …"
        );
        assert_eq!(told("a\nb\nc\nd\n", " \n"), "b c d");
        assert_eq!(told("", ""), "");
        assert!(told("", &"word ".repeat(1000)).chars().count() <= SAID);
    }
}
