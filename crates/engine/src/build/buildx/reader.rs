//! What BuildKit says while it builds: a line of JSON for each time that something changed (`--progress rawjson`).
//!
//! Each line tells of some steps by their digests, and of what they print. Several run at once. Not here: who runs it. Grows by
//! another thing that BuildKit tells of a step.

use std::collections::{HashMap, VecDeque};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use crate::build::{BuildEvent, StepEnd, readable};

/// The longest line of output that is kept together.
const LONGEST: usize = 16 * 1024;
/// What is no step of the Dockerfile, and is told only where it fails.
const INTERNAL: [&str; 2] = ["[internal] ", "[auth] "];

#[derive(Deserialize, Default)]
#[serde(default)]
struct Status {
    vertexes: Option<Vec<Vertex>>,
    statuses: Option<Vec<Progress>>,
    logs: Option<Vec<Log>>,
    warnings: Option<Vec<Warning>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Vertex {
    digest: String,
    name: String,
    started: Option<String>,
    completed: Option<String>,
    cached: bool,
    error: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Progress {
    id: String,
    current: i64,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Log {
    vertex: String,
    data: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Warning {
    short: String,
}

/// Reads the lines of BuildKit.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    steps: HashMap<String, Step>,
    keys: u32,
    sent: u64,
    out: VecDeque<BuildEvent>,
}

#[derive(Debug)]
struct Step {
    key: u32,
    /// When it began, as it was told.
    started: Option<String>,
    ended: bool,
    /// What it printed since the last end of a line.
    text: String,
}

impl Reader {
    /// Reads one line; false where it is none of BuildKit's.
    pub(crate) fn read(&mut self, line: &[u8]) -> bool {
        let Ok(status) = serde_json::from_slice::<Status>(line) else {
            return false;
        };
        for vertex in status.vertexes.unwrap_or_default() {
            self.take(&vertex);
        }
        for progress in status.statuses.unwrap_or_default() {
            if progress.id.starts_with("transferring context") {
                let sent = u64::try_from(progress.current).unwrap_or_default();
                self.sent = self.sent.max(sent);
            }
        }
        for log in status.logs.unwrap_or_default() {
            self.print(&log);
        }
        for warning in status.warnings.unwrap_or_default() {
            let text = decoded(&warning.short);
            self.out
                .push_back(BuildEvent::Warning(readable(&text).trim().to_owned()));
        }
        true
    }

    /// Ends what was begun: the build is over.
    pub(crate) fn end(&mut self, how: StepEnd) {
        let mut open: Vec<&mut Step> = self.steps.values_mut().filter(|step| !step.ended).collect();
        open.sort_by_key(|step| step.key);
        for step in open {
            step.end(how, &mut self.out);
        }
    }

    /// Adds what was learnt elsewhere.
    pub(crate) fn tell(&mut self, event: BuildEvent) {
        self.out.push_back(event);
    }

    pub(crate) fn next_event(&mut self) -> Option<BuildEvent> {
        self.out.pop_front()
    }

    /// Returns how many bytes of the folder have been sent.
    pub(crate) fn sent(&self) -> u64 {
        self.sent
    }

    fn take(&mut self, vertex: &Vertex) {
        // What is stopped because another step failed has not failed itself.
        let stopped = vertex.error.contains("context canceled");
        let failed = !vertex.error.is_empty() && !stopped;
        let is_internal = INTERNAL.iter().any(|begin| vertex.name.starts_with(begin));
        if !self.steps.contains_key(&vertex.digest) {
            let begun = vertex.started.is_some() || vertex.cached;
            if vertex.name.is_empty() || !begun || (is_internal && !failed) {
                return;
            }
            let heading = Heading::of(&vertex.name);
            self.out.push_back(BuildEvent::Step {
                key: self.keys,
                number: heading.number,
                of: heading.of,
                stage: heading.stage,
                text: readable(&heading.text).replace('\n', " "),
            });
            let step = Step {
                key: self.keys,
                started: vertex.started.clone(),
                ended: false,
                text: String::new(),
            };
            self.keys += 1;
            self.steps.insert(vertex.digest.clone(), step);
        }
        let Some(step) = self.steps.get_mut(&vertex.digest) else {
            return;
        };
        if vertex.started.is_some() && vertex.started != step.started {
            // What is looked at first and fetched then (`FROM`, `ADD https://…`) runs twice under one digest.
            step.started.clone_from(&vertex.started);
            if std::mem::take(&mut step.ended) {
                self.out.push_back(BuildEvent::Again { step: step.key });
            }
        }
        if vertex.completed.is_some() && !step.ended {
            let how = match (failed, stopped, vertex.cached) {
                (true, ..) => StepEnd::Failed,
                (false, true, _) => StepEnd::Stopped,
                (false, false, true) => StepEnd::Cached,
                (false, false, false) => StepEnd::Done,
            };
            step.end(how, &mut self.out);
        }
    }

    fn print(&mut self, log: &Log) {
        let Some(step) = self.steps.get_mut(&log.vertex) else {
            return;
        };
        step.text.push_str(&decoded(&log.data));
        while let Some(end) = step.text.find('\n') {
            let line: String = step.text.drain(..=end).collect();
            step.line(line.trim_end_matches(['\n', '\r']), &mut self.out);
        }
        if step.text.len() > LONGEST {
            step.rest(&mut self.out);
        }
    }
}

impl Step {
    fn rest(&mut self, out: &mut VecDeque<BuildEvent>) {
        let text = std::mem::take(&mut self.text);
        self.line(&text, out);
    }

    fn line(&self, line: &str, out: &mut VecDeque<BuildEvent>) {
        // A progress bar overwrites itself; its last state is what one would see.
        let text = readable(line.rsplit('\r').next().unwrap_or(line));
        let text = text.trim_end();
        if !text.is_empty() {
            out.push_back(BuildEvent::Line {
                step: self.key,
                text: text.to_owned(),
            });
        }
    }

    fn end(&mut self, how: StepEnd, out: &mut VecDeque<BuildEvent>) {
        self.rest(out);
        self.ended = true;
        out.push_back(BuildEvent::Ended {
            step: self.key,
            how,
        });
    }
}

/// A step's name, taken apart.
#[derive(Debug, PartialEq, Eq)]
struct Heading {
    number: Option<u32>,
    of: Option<u32>,
    stage: Option<String>,
    text: String,
}

impl Heading {
    /// Reads "[2/7] RUN make", "[build 2/7] RUN make", "[linux/arm64 build 2/7] RUN make"; any other name is a text.
    fn of(name: &str) -> Self {
        let counted = name.strip_prefix('[').and_then(|rest| {
            let (head, text) = rest.split_once("] ")?;
            let (stage, count) = head.rsplit_once(' ').unwrap_or(("", head));
            let (number, of) = count.split_once('/')?;
            Some(Self {
                number: Some(number.parse().ok()?),
                of: Some(of.parse().ok()?),
                stage: Some(stage.trim().to_owned()).filter(|stage| !stage.is_empty()),
                text: text.trim().to_owned(),
            })
        });
        counted.unwrap_or_else(|| Self {
            number: None,
            of: None,
            stage: None,
            text: name.trim().to_owned(),
        })
    }
}

fn decoded(text: &str) -> String {
    let bytes = STANDARD.decode(text).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(lines: &[&str]) -> Vec<String> {
        let mut reader = Reader::default();
        for line in lines {
            assert!(reader.read(line.as_bytes()), "{line}");
        }
        let mut out = Vec::new();
        while let Some(event) = reader.next_event() {
            out.push(match event {
                BuildEvent::Step {
                    key,
                    number,
                    of,
                    stage,
                    text,
                } => format!("{key} {number:?} {of:?} {stage:?} {text}"),
                BuildEvent::Line { step, text } => format!("{step}| {text}"),
                BuildEvent::Ended { step, how } => format!("{step} {how:?}"),
                BuildEvent::Again { step } => format!("{step} again"),
                BuildEvent::Image(id) => format!("= {id}"),
                BuildEvent::Warning(text) => format!("! {text}"),
            });
        }
        out
    }

    /// Steps run side by side, each by its digest; what only BuildKit does for itself is no step, unless it fails.
    /// (Read in buildkit v0.34.2 `client/graph.go`, `util/progress/progressui/display.go`.)
    #[test]
    fn steps_are_told_as_they_run() {
        let data = |text: &str| STANDARD.encode(text);
        let log = |vertex: &str, text: &str| {
            format!(
                r#"{{"logs":[{{"vertex":"{vertex}","stream":1,"data":"{}","timestamp":"t"}}]}}"#,
                data(text)
            )
        };
        let lines = [
            r#"{"vertexes":[{"digest":"i","name":"[internal] load build definition","started":"t","completed":"t"}]}"#.to_owned(),
            r#"{"vertexes":[{"digest":"a","name":"[1/3] FROM busybox","started":"t","completed":"t","cached":true},{"digest":"b","name":"[build 2/3] RUN make"}]}"#.to_owned(),
            r#"{"vertexes":[{"digest":"b","name":"[build 2/3] RUN make","started":"t"},{"digest":"c","name":"[linux/arm64 x 3/3] COPY a b","started":"t","inputs":["z"]}],"later":7}"#.to_owned(),
            log("b", "\u{1b}[31mone\u{1b}[0m\n10%\r100%\nhal"),
            log("c", "other\n"),
            log("nobody", "lost\n"),
            log("b", "f"),
            r#"{"statuses":[{"id":"transferring context: 2B","vertex":"i","current":2,"timestamp":"t"}]}"#.to_owned(),
            format!(r#"{{"warnings":[{{"vertex":"b","short":"{}"}}]}}"#, data("JSONArgsRecommended: x\n")),
            r#"{"vertexes":[{"digest":"b","name":"[build 2/3] RUN make","started":"t","completed":"t","error":"exit code: 2"},{"digest":"c","name":"[linux/arm64 x 3/3] COPY a b","started":"t","completed":"t","error":"context canceled"}]}"#.to_owned(),
            r#"{"vertexes":[{"digest":"b","name":"[build 2/3] RUN make","started":"t","completed":"t","error":"exit code: 2"}]}"#.to_owned(),
            r#"{"vertexes":[{"digest":"m","name":"[internal] load metadata for x","started":"t","completed":"t","error":"not found"}]}"#.to_owned(),
            r#"{"vertexes":[{"digest":"e","name":"exporting to image","started":"t"}]}"#.to_owned(),
        ];
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        assert_eq!(
            told(&lines),
            [
                "0 Some(1) Some(3) None FROM busybox",
                "0 Cached",
                r#"1 Some(2) Some(3) Some("build") RUN make"#,
                r#"2 Some(3) Some(3) Some("linux/arm64 x") COPY a b"#,
                "1| one",
                "1| 100%",
                "2| other",
                "! JSONArgsRecommended: x",
                "1| half",
                "1 Failed",
                "2 Stopped",
                "3 None None None [internal] load metadata for x",
                "3 Failed",
                "4 None None None exporting to image",
            ]
        );
    }

    /// A base image is looked at, which ends, and then pulled: a second interval under the same digest.
    /// (Read in buildkit v0.34.2 `solver/jobs.go`, `sharedOp.CacheMap` and `Exec`.)
    #[test]
    fn a_step_that_runs_once_more_runs_until_that_ends() {
        let from = |rest: &str| {
            format!(r#"{{"vertexes":[{{"digest":"a","name":"[1/2] FROM x",{rest}}}]}}"#)
        };
        let lines = [
            from(r#""started":"1""#),
            from(r#""started":"1","completed":"2""#),
            from(r#""started":"3""#),
            from(r#""started":"3","completed":"4","error":"unexpected EOF""#),
            from(r#""started":"3","completed":"4","error":"unexpected EOF""#),
        ];
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let from = "0 Some(1) Some(2) None FROM x";
        assert_eq!(told(&lines), [from, "0 Done", "0 again", "0 Failed"]);
    }

    #[test]
    fn what_is_left_open_ends_with_the_build() {
        let mut reader = Reader::default();
        let step = r#"{"vertexes":[{"digest":"a","name":"[1/1] RUN x","started":"t"}]}"#;
        assert!(reader.read(step.as_bytes()));
        let sent = br#"{"statuses":[{"id":"transferring context:","current":5}]}"#;
        assert!(reader.read(sent));
        assert_eq!(reader.sent(), 5);
        reader.end(StepEnd::Done);
        reader.end(StepEnd::Failed);
        assert!(matches!(
            reader.next_event(),
            Some(BuildEvent::Step { key: 0, .. })
        ));
        let how = StepEnd::Done;
        assert_eq!(
            reader.next_event(),
            Some(BuildEvent::Ended { step: 0, how })
        );
        assert_eq!(reader.next_event(), None);
        assert!(!reader.read(b"ERROR: failed to solve"));
    }
}
