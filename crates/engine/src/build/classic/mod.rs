//! What an engine's own builder says while it builds: Docker's, and Podman's, which says it in other words.
//!
//! Both write a stream of text with the steps in it; the differences end in this file. What a step prints stands in the same
//! stream and can't be told apart for certain: a line counts as a step's beginning only where that step is next.

#[cfg(test)]
mod tests;

use std::collections::VecDeque;

use serde::Deserialize;
use serde_json::Value;

use super::{BuildEvent, StepEnd, readable};
use crate::Error;

/// The longest line of output that is kept together.
const LONGEST: usize = 16 * 1024;

/// Reads the lines of an engine's own builder.
#[derive(Debug, Default)]
pub(super) struct Reader {
    /// What the steps print, up to the next end of a line.
    text: String,
    /// The step that runs.
    step: Option<Step>,
    steps: u32,
    /// What is pulled for a step, as it was last told: it comes many times a second.
    pulled: String,
    out: VecDeque<BuildEvent>,
}

#[derive(Debug)]
struct Step {
    key: u32,
    heading: Heading,
    cached: bool,
    ended: bool,
}

/// The line with which a step begins.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Heading {
    number: u32,
    of: u32,
    /// Podman counts the steps of each stage.
    stage: Option<(u32, u32)>,
    text: String,
}

#[derive(Deserialize)]
struct Line {
    stream: Option<String>,
    status: Option<String>,
    id: Option<String>,
    aux: Option<Value>,
    error: Option<String>,
    #[serde(rename = "errorDetail")]
    detail: Option<Detail>,
}

#[derive(Deserialize)]
struct Detail {
    message: Option<String>,
}

impl Reader {
    /// Reads one line of the stream; what it means comes out of `next_event`.
    pub(super) fn read(&mut self, line: &[u8]) -> Result<(), Error> {
        let Ok(line) = serde_json::from_slice::<Line>(line) else {
            return Err(Error::Broken(
                "The engine sent a line that can’t be understood.".to_owned(),
            ));
        };
        if let Some(said) = line.detail.and_then(|detail| detail.message).or(line.error) {
            self.rest();
            self.end(StepEnd::Failed);
            return Err(Error::InStream(readable(&said).trim().to_owned()));
        }
        if let Some(text) = line.stream {
            self.take(&text);
        }
        if let Some(status) = line.status {
            self.take_pull(&status, line.id.as_deref());
        }
        if let Some(Value::String(id)) = line.aux.as_ref().and_then(|aux| aux.get("ID")) {
            self.out.push_back(BuildEvent::Image(id.clone()));
        }
        Ok(())
    }

    /// Ends what was begun: the stream is over.
    pub(super) fn end_well(&mut self) {
        self.rest();
        self.end(StepEnd::Done);
    }

    pub(super) fn next_event(&mut self) -> Option<BuildEvent> {
        self.out.pop_front()
    }

    fn take(&mut self, text: &str) {
        self.text.push_str(text);
        while let Some(end) = self.text.find('\n') {
            let line: String = self.text.drain(..=end).collect();
            self.take_line(line.trim_end_matches(['\n', '\r']));
        }
        if self.text.len() > LONGEST {
            self.rest();
        }
    }

    fn rest(&mut self) {
        let text = std::mem::take(&mut self.text);
        if !text.is_empty() {
            self.take_line(&text);
        }
    }

    fn take_line(&mut self, line: &str) {
        // A progress bar overwrites itself; its last state is what one would see.
        let line = readable(line.rsplit('\r').next().unwrap_or(line));
        let line = line.trim_end();
        if let Some(heading) = heading(line).filter(|heading| self.is_next(heading)) {
            self.end(StepEnd::Done);
            let key = self.steps;
            self.steps += 1;
            self.out.push_back(BuildEvent::Step {
                key,
                number: Some(heading.number),
                of: Some(heading.of),
                stage: heading.stage.map(|(at, of)| format!("{at}/{of}")),
                text: heading.text.clone(),
            });
            self.step = Some(Step {
                key,
                heading,
                cached: false,
                ended: false,
            });
            return;
        }
        let is_last = self
            .step
            .as_ref()
            .is_some_and(|step| step.heading.number == step.heading.of);
        match line.trim_start() {
            "" => {}
            line if line.starts_with("---> Using cache") || line.starts_with("--> Using cache") => {
                if let Some(step) = &mut self.step {
                    step.cached = true;
                }
            }
            // What the engine made of the step, and how it names what it made.
            line if is_own(line) || (is_last && is_end(line)) => {}
            _ => self.line(line.to_owned()),
        }
    }

    fn line(&mut self, text: String) {
        // What a step prints may be called a warning too; the builder's own bears this mark.
        let own = text.trim_start();
        let own = own.strip_prefix("---> ").unwrap_or(own);
        if let Some(warning) = own.strip_prefix("[Warning] ") {
            self.out.push_back(BuildEvent::Warning(warning.to_owned()));
        } else if let Some(step) = &self.step {
            let step = step.key;
            self.out.push_back(BuildEvent::Line { step, text });
        }
    }

    /// Says how a base image comes, once a kind of status: the counts of its layers are no lines of a log.
    fn take_pull(&mut self, status: &str, id: Option<&str>) {
        let counts = matches!(
            status,
            "Downloading" | "Extracting" | "Waiting" | "Verifying Checksum" | "Download complete"
        );
        let line = readable(&match id {
            Some(id) => format!("{id}: {status}"),
            None => status.to_owned(),
        });
        if !counts && line != self.pulled {
            self.pulled.clone_from(&line);
            self.line(line);
        }
    }

    fn is_next(&self, heading: &Heading) -> bool {
        let Some(before) = &self.step else {
            return heading.number == 1;
        };
        let before = &before.heading;
        let follows = heading.number == before.number + 1
            && heading.of == before.of
            && heading.stage == before.stage;
        // The next stage of Podman's begins anew. One that nothing needs is left out.
        let stage = |heading: &Heading| heading.stage.map_or(0, |(at, _)| at);
        follows || (heading.number == 1 && stage(heading) > stage(before))
    }

    fn end(&mut self, how: StepEnd) {
        if let Some(step) = &mut self.step
            && !std::mem::replace(&mut step.ended, true)
        {
            let (step, cached) = (step.key, step.cached && how == StepEnd::Done);
            let how = if cached { StepEnd::Cached } else { how };
            self.out.push_back(BuildEvent::Ended { step, how });
        }
    }
}

/// Reads "Step 1/7 : FROM x", "STEP 1/7: FROM x" or "[1/2] STEP 1/3: FROM x".
fn heading(line: &str) -> Option<Heading> {
    let (stage, rest) = match line.strip_prefix('[') {
        Some(rest) => {
            let (stage, rest) = rest.split_once("] ")?;
            (Some(of(stage)?), rest)
        }
        None => (None, line),
    };
    let rest = rest
        .strip_prefix("Step ")
        .or_else(|| rest.strip_prefix("STEP "))?;
    let (count, text) = rest.split_once(':')?;
    let (number, of) = of(count.trim())?;
    (number >= 1 && number <= of).then(|| Heading {
        number,
        of,
        stage,
        text: text.trim().to_owned(),
    })
}

fn of(text: &str) -> Option<(u32, u32)> {
    let (at, of) = text.split_once('/')?;
    Some((at.parse().ok()?, of.parse().ok()?))
}

/// Takes away the stage that Podman puts before a line.
fn without_stage(line: &str) -> &str {
    match line
        .strip_prefix('[')
        .and_then(|rest| rest.split_once("] "))
    {
        Some((stage, rest)) if of(stage).is_some() => rest,
        _ => line,
    }
}

fn is_hex(text: &str) -> bool {
    text.len() >= 10 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Tells whether a line is one that a builder says after its last step; a step before may print the same.
fn is_end(line: &str) -> bool {
    let line = without_stage(line);
    line.strip_prefix("Successfully built ").is_some_and(is_hex)
        || line.starts_with("Successfully tagged ")
        || line == "COMMIT"
        || line.starts_with("COMMIT ")
        || is_hex(line) && line.len() == 64
}

/// Tells whether a line is the builder's own: what it says between the steps.
fn is_own(line: &str) -> bool {
    let line = without_stage(line);
    let arrow = line.strip_prefix("---> ").or(line.strip_prefix("--> "));
    if let Some(rest) = arrow {
        let rest = rest.strip_prefix("Running in ").unwrap_or(rest);
        return is_hex(rest.trim());
    }
    let removed = line
        .strip_prefix("Removing intermediate container ")
        .or(line.strip_prefix("Removed intermediate container "));
    removed.is_some_and(is_hex)
}
