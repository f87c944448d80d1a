//! Building an image from a folder with a Dockerfile.
//!
//! What it is: the engine's own builder (`own`), or BuildKit by the person's own `docker buildx` (`buildx`); what either says is
//! read as the same steps. Dropping the [`Build`] ends it. What it is not: it pushes nothing, and reads of a Dockerfile no more
//! than the names in it (`dockerfile`). Grows by another builder.

pub(crate) mod buildx;
pub(crate) mod classic;
mod context;
mod dockerfile;
mod ignore;
mod own;

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context as Poller, Poll};

use futures_util::stream::BoxStream;
use futures_util::{Stream, StreamExt};

pub use buildx::Buildx;
pub use context::{Context, ContextSize, IgnoreFile};
pub use dockerfile::{BuildArg, Dockerfile};

use crate::{Engine, Error};

/// What is built, and how.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BuildOf {
    /// The folder whose files the build may read.
    pub folder: PathBuf,
    /// The Dockerfile's path in it, with `/`.
    pub dockerfile: String,
    /// The stage to stop at; the last one where none is named.
    pub target: Option<String>,
    /// Build arguments.
    pub args: BTreeMap<String, String>,
    /// The platform it is for; the engine's own where none is named.
    pub platform: Option<String>,
    /// Nothing of earlier builds is used.
    pub no_cache: bool,
    /// The name the builder gives the image, with its tag; from whichever image bears it, and without a question.
    pub name: Option<String>,
    /// Files that steps may read and that stay out of the image, by the ids they are asked for by. BuildKit alone has them.
    pub secrets: BTreeMap<String, PathBuf>,
}

/// One thing that happened during a build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BuildEvent {
    /// A step began.
    Step {
        /// Names it in later events.
        key: u32,
        /// Which one it is, where it is counted.
        number: Option<u32>,
        /// Of how many.
        of: Option<u32>,
        /// The stage it belongs to, where that is told.
        stage: Option<String>,
        /// Its line of the Dockerfile.
        text: String,
    },
    /// A step printed a line.
    Line {
        /// Which step.
        step: u32,
        /// The line, without signs that move a cursor or colour anything.
        text: String,
    },
    /// A step ended.
    Ended {
        /// Which step.
        step: u32,
        /// How it did.
        how: StepEnd,
    },
    /// A step that had ended goes on.
    Again {
        /// Which step.
        step: u32,
    },
    /// The image is there; its id.
    Image(String),
    /// The builder warns of something.
    Warning(String),
}

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepEnd {
    /// What an earlier build made was taken.
    Cached,
    /// Done now.
    Done,
    /// It failed, and the build with it.
    Failed,
    /// It was stopped, as another failed.
    Stopped,
}

/// A running build. It begins when first polled, ends after its first error, and is cancelled by dropping it.
pub struct Build {
    events: BoxStream<'static, Result<BuildEvent, Error>>,
    sent: Arc<AtomicU64>,
}

impl Build {
    /// Returns how many bytes of the folder have been sent.
    pub fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }
}

impl Stream for Build {
    type Item = Result<BuildEvent, Error>;

    fn poll_next(mut self: Pin<&mut Self>, poller: &mut Poller<'_>) -> Poll<Option<Self::Item>> {
        self.events.poll_next_unpin(poller)
    }
}

impl fmt::Debug for Build {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Build").finish_non_exhaustive()
    }
}

impl Engine {
    /// Lets the engine's own builder build an image.
    pub fn build(&self, of: BuildOf) -> Build {
        let sent = Arc::new(AtomicU64::new(0));
        Build {
            events: own::build(self, of, &sent),
            sent,
        }
    }

    /// Lets BuildKit build an image in this engine.
    pub fn build_with(&self, buildx: &Buildx, of: BuildOf) -> Build {
        let sent = Arc::new(AtomicU64::new(0));
        Build {
            events: buildx.build(self, of, &sent),
            sent,
        }
    }
}

/// Makes text of a build fit to be shown as one line: no escape sequences, no other controls.
fn readable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '\u{1b}' if chars.next_if_eq(&'[').is_some() => {
                // Up to the letter that says what it does.
                while chars.next_if(|char| !('@'..='~').contains(char)).is_some() {}
                chars.next();
            }
            '\t' => out.push_str("    "),
            char if char.is_control() && char != '\n' => {}
            char => out.push(char),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_is_shown_as_plain_text() {
        assert_eq!(readable("\u{1b}[91mred\u{1b}[0m"), "red");
        assert_eq!(readable("a\u{1b}[2Kb\u{7}c\td"), "abc    d");
        assert_eq!(readable("\u{1b}["), "");
    }
}
