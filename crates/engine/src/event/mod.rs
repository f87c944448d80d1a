//! What an engine says while it pushes or pulls, in words of our own.
//!
//! Two kinds of engine speak here: those with graph drivers and those with the containerd image store. Their lines are
//! alike but not the same; the differences end in this file.

use oci::Digest;
use serde::Deserialize;
use serde_json::Value;

use crate::Error;
use crate::lines::ReadLines;

/// One thing that happened during a push or a pull.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A layer changed its state.
    Layer {
        /// The engine's name of the layer: the start of a digest, as the engine shortens it.
        id: String,
        /// The state it is in now.
        state: LayerState,
    },
    /// The digest of what was pushed or pulled, near the end. Podman tells it of pushes only.
    Digest(Digest),
    /// Any other line, as the engine wrote it.
    Status(String),
}

/// The state of one layer on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LayerState {
    /// Not begun.
    Waiting,
    /// It broke off, and the engine begins it again after a pause. Told once a second, with the seconds that are left.
    Retrying {
        /// Seconds until then.
        seconds: u64,
    },
    /// Bytes on the way. A push counts unpacked bytes, a pull packed ones. `total` is zero while it is not known.
    Moving {
        /// Bytes so far, never more than a known `total`.
        done: u64,
        /// All bytes.
        total: u64,
    },
    /// The bytes are here and being checked.
    Verifying,
    /// Being unpacked into the engine's store. Both numbers are zero where the engine only counts seconds.
    Unpacking {
        /// Bytes so far, never more than a known `total`.
        done: u64,
        /// All bytes.
        total: u64,
    },
    /// All bytes have arrived; unpacking is still to come. Podman tells no more than this of a layer or a config.
    Moved,
    /// Was there already; nothing had to move.
    Exists,
    /// Finished.
    Done,
}

/// A line as engines send it. Fields that are absent, null or of another type than expected are read as nothing: a field
/// we do not need must not end a transfer.
#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    id: Value,
    #[serde(default)]
    status: Value,
    #[serde(default)]
    stream: Value,
    #[serde(default)]
    error: Value,
    #[serde(default, rename = "errorDetail")]
    error_detail: Value,
    #[serde(default, rename = "progressDetail")]
    progress: Value,
    #[serde(default)]
    aux: Value,
}

/// Reads the lines of one transfer.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    /// The digest comes up to twice (in words, then in `aux`); it is told once.
    told: Option<Digest>,
}

impl ReadLines for Reader {
    type Event = Event;

    fn read(&mut self, line: &[u8]) -> Result<Option<Event>, Error> {
        let line: Line = serde_json::from_slice(line).map_err(|error| {
            Error::Broken(format!(
                "The engine sent a line that cannot be read: {error}."
            ))
        })?;
        if let Some(message) = line.failure() {
            return Err(Error::InStream(message));
        }
        if let Some(digest) = line.aux.get("Digest").and_then(Value::as_str) {
            return Ok(self.digest(digest));
        }
        let Some(status) = line
            .status
            .as_str()
            .or(line.stream.as_str())
            .map(str::trim)
            .filter(|s| !s.is_empty())
        else {
            return Ok(None);
        };
        if let Some(id) = line.id.as_str().filter(|id| !id.is_empty())
            && let Some(state) = state_of(status, &line.progress)
        {
            return Ok(Some(Event::Layer {
                id: id.to_owned(),
                state,
            }));
        }
        // "Digest: sha256:…" (pull), "tag: digest: sha256:… size: 947" (push; Podman leaves the size out).
        let in_words = status
            .strip_prefix("Digest: ")
            .or_else(|| status.split_once(": digest: ").map(|(_, rest)| rest));
        if let Some(digest) = in_words.and_then(|rest| rest.split_whitespace().next())
            && Digest::parse(digest).is_ok()
        {
            return Ok(self.digest(digest));
        }
        Ok(Some(Event::Status(status.to_owned())))
    }
}

impl Reader {
    fn digest(&mut self, text: &str) -> Option<Event> {
        let digest = Digest::parse(text).ok()?;
        if self.told.as_ref() == Some(&digest) {
            return None;
        }
        self.told = Some(digest.clone());
        Some(Event::Digest(digest))
    }
}

impl Line {
    /// Returns the engine's words for what went wrong. They are shown to a person: a bounded part of them is enough.
    fn failure(&self) -> Option<String> {
        const LONGEST: usize = 4096;
        let nothing = |value: &Value| value.is_null() || value.as_str() == Some("");
        if nothing(&self.error) && nothing(&self.error_detail) {
            return None;
        }
        let words = [
            self.error_detail.get("message"),
            Some(&self.error),
            Some(&self.error_detail),
        ]
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::trim)
        .find(|words| !words.is_empty())
        .unwrap_or("the engine gave no reason");
        Some(words.chars().take(LONGEST).collect())
    }
}

/// Translates a status into a state, in the words of both stores. `None` for a status that is not about a layer.
fn state_of(status: &str, progress: &Value) -> Option<LayerState> {
    Some(match status {
        "Preparing" | "Waiting" | "Pulling fs layer" => LayerState::Waiting,
        "Pushing" | "Downloading" => {
            let (done, total) = counted(progress);
            LayerState::Moving { done, total }
        }
        "Verifying Checksum" => LayerState::Verifying,
        "Extracting" => {
            let (done, total) = counted(progress);
            LayerState::Unpacking { done, total }
        }
        "Download complete" => LayerState::Moved,
        "Layer already exists" | "Already exists" => LayerState::Exists,
        "Pushed" | "Pull complete" => LayerState::Done,
        _ if status.starts_with("Mounted from ") => LayerState::Exists,
        _ => LayerState::Retrying {
            seconds: pause(status)?,
        },
    })
}

/// Reads how long a layer that broke off is left alone: "Retrying in 5 seconds". A length that can't be read is none.
fn pause(status: &str) -> Option<u64> {
    let rest = status.strip_prefix("Retrying in ")?;
    let seconds = rest.split_whitespace().next();
    Some(seconds.and_then(|text| text.parse().ok()).unwrap_or(0))
}

/// Bytes done and bytes in all. Engines count past their total at times, and containerd counts seconds instead.
fn counted(progress: &Value) -> (u64, u64) {
    if progress
        .get("units")
        .and_then(Value::as_str)
        .is_some_and(|units| !units.is_empty())
    {
        return (0, 0);
    }
    let number = |name: &str| progress.get(name).and_then(Value::as_u64).unwrap_or(0);
    let (done, total) = (number("current"), number("total"));
    (if total > 0 { done.min(total) } else { done }, total)
}

#[cfg(test)]
mod tests;
