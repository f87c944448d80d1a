//! What happens in the engine, as it tells it: which of its lists are no longer what they were.
//!
//! The stream is open for as long as the engine lives, so its end also tells that the engine is gone. Not here: what
//! follows from either. Grows by another list.

use bytes::Bytes;
use http::Request;
use http_body_util::Empty;
use serde::Deserialize;
use serde_json::Value;

use crate::lines::{ReadLines, Reading};
use crate::{Engine, Error};

/// The events that are asked for: `{"type":["image","container"]}`.
const WANTED: &str = "%7B%22type%22%3A%5B%22image%22%2C%22container%22%5D%7D";

/// Something that changed in the engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// The images, or their names.
    Images,
    /// One container.
    Container {
        /// Its id.
        id: String,
        /// It came, went, or has another name now: images tell which containers use them.
        uses: bool,
        /// An image was made of it.
        made_image: bool,
    },
}

impl Engine {
    /// Listens to what changes in the engine. An error where it tells no events: then nothing is known of its end either.
    pub async fn events(&self) -> Result<Reading<Change>, Error> {
        let request = Request::get(format!("/events?filters={WANTED}"))
            .body(Empty::<Bytes>::new())
            .map_err(|error| Error::Broken(error.to_string()))?;
        Ok(Reading::over(self.open(request).await?, EventReader))
    }
}

/// An event as engines send it. `Type` and `Action` are words of an engine's own: what isn't known is nothing of ours.
#[derive(Deserialize)]
struct Line {
    #[serde(default, rename = "Type")]
    kind: Value,
    #[serde(default, rename = "Action")]
    action: Value,
    #[serde(default, rename = "Actor")]
    actor: Value,
}

/// Reads the lines of the stream.
pub(crate) struct EventReader;

impl ReadLines for EventReader {
    type Event = Change;

    fn read(&mut self, line: &[u8]) -> Result<Option<Change>, Error> {
        // One line that can't be read makes none of the others wrong.
        Ok(serde_json::from_slice::<Line>(line)
            .ok()
            .and_then(|line| line.change()))
    }
}

impl Line {
    /// Returns what changed. Executions, health checks and the like change no list.
    fn change(&self) -> Option<Change> {
        let action = self.action.as_str()?;
        match self.kind.as_str()? {
            // Podman says "remove" and "loadfromarchive" where Docker says "delete" and "load".
            "image" => matches!(
                action,
                "tag"
                    | "untag"
                    | "delete"
                    | "remove"
                    | "load"
                    | "loadfromarchive"
                    | "import"
                    | "pull"
                    | "build"
                    | "prune"
                    | "create"
            )
            .then_some(Change::Images),
            "container" => {
                let uses = matches!(action, "create" | "destroy" | "remove" | "rename" | "prune");
                let made_image = action == "commit";
                let changes = uses
                    || made_image
                    || matches!(
                        action,
                        "start"
                            | "die"
                            | "died"
                            | "stop"
                            | "kill"
                            | "pause"
                            | "unpause"
                            | "restart"
                            | "init"
                            | "cleanup"
                    );
                changes.then(|| Change::Container {
                    id: self
                        .actor
                        .get("ID")
                        .and_then(Value::as_str)
                        .unwrap_or_default()
                        .to_owned(),
                    uses,
                    made_image,
                })
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Option<Change> {
        EventReader.read(line.as_bytes()).unwrap()
    }

    fn container(id: &str, uses: bool, made_image: bool) -> Change {
        Change::Container {
            id: id.to_owned(),
            uses,
            made_image,
        }
    }

    /// Behaviour (lists): Podman's own words for what changes its lists are known beside Docker's.
    /// Source: podman v4.3.1 `libpod/events/config.go` ("remove", "loadfromarchive", "died"); `docker events`.
    #[test]
    fn what_changes_a_list_is_told_by_every_engine_in_its_own_words() {
        for action in [
            "tag",
            "untag",
            "delete",
            "remove",
            "load",
            "loadfromarchive",
            "pull",
            "build",
            "prune",
        ] {
            let line = format!(
                r#"{{"Type":"image","Action":"{action}","Actor":{{"ID":"sha256:1"}},"scope":"local"}}"#
            );
            assert_eq!(read(&line), Some(Change::Images), "{action}");
        }
        for (action, uses, made_image) in [
            ("create", true, false),
            ("destroy", true, false),
            ("remove", true, false),
            ("rename", true, false),
            ("start", false, false),
            ("die", false, false),
            ("died", false, false),
            ("pause", false, false),
            ("commit", false, true),
        ] {
            let line = format!(
                r#"{{"Type":"container","Action":"{action}","Actor":{{"ID":"abc","Attributes":null}}}}"#
            );
            assert_eq!(
                read(&line),
                Some(container("abc", uses, made_image)),
                "{action}"
            );
        }
    }

    #[test]
    fn what_changes_no_list_says_nothing() {
        for line in [
            r#"{"Type":"container","Action":"exec_start: sh -c true","Actor":{"ID":"abc"}}"#,
            r#"{"Type":"container","Action":"health_status: healthy","Actor":{"ID":"abc"}}"#,
            r#"{"Type":"image","Action":"save","Actor":{"ID":"abc"}}"#,
            r#"{"Type":"image","Action":"push"}"#,
            r#"{"Type":"network","Action":"create"}"#,
            r#"{"Type":7,"Action":null}"#,
            r#"{"Type":"image","Action":"tag""#,
            "nonsense",
            "{}",
        ] {
            assert_eq!(read(line), None, "{line}");
        }
        assert_eq!(
            read(r#"{"Type":"container","Action":"start","Actor":null,"new":[1]}"#),
            Some(container("", false, false))
        );
    }
}
