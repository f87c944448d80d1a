//! The format of an export, as `docs/export.md` tells it: JSON Lines, a header and a line a period. Pure.
//!
//! What comes in is anyone's: it is bounded, each value is read by the grammar it is of, and a line that can't be
//! read is told and costs no other.

use crate::problems;
use crate::rows::ABOUT;
use crate::view::problem::Problem;
use oci::{CommitTag, Digest, Host, RepositoryName, Tag, UtcSeconds};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use store::{Place, Record};

/// The largest export that is read or written.
pub(super) const MOST_BYTES: usize = 32 * 1024 * 1024;
/// The most lines of one.
pub(super) const MOST_LINES: usize = 200_000;
/// The longest line: several times what the longest names need.
const LINE: usize = 4096;
/// The longest name of a sign-in, in characters.
const WHO: usize = 200;
/// How far ahead of this computer's clock another one's may be (seconds).
const AHEAD: i64 = 86_400;
/// What the header says the file is.
const KIND: &str = "seen";
/// The newest version that is read, and the one that is written.
const VERSION: u32 = 1;

/// The first line.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Header {
    longshore: String,
    version: u32,
    #[serde(default)]
    origin: String,
    #[serde(default)]
    exported_at: String,
}

/// One line.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Line<'a> {
    #[serde(borrow)]
    host: Cow<'a, str>,
    #[serde(borrow)]
    repository: Cow<'a, str>,
    #[serde(borrow)]
    tag: Cow<'a, str>,
    #[serde(borrow)]
    digest: Cow<'a, str>,
    first_seen: String,
    last_seen: String,
    exact: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ended_at: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    who: Option<String>,
    #[serde(borrow)]
    origin: Cow<'a, str>,
    number: i64,
}

/// What was read.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// Each with the number of its line.
    pub records: Vec<(usize, Place, Record)>,
    /// Lines that can't be read, and why.
    pub unread: Vec<(usize, &'static str)>,
}

impl Lines {
    pub(super) fn unread(&mut self, number: usize, why: &'static str) {
        self.unread.push((number, why));
    }

    /// The first of those that can't be read, a sentence each.
    pub(super) fn sentences(&self, most: usize) -> Vec<String> {
        let mut unread = self.unread.clone();
        unread.sort_unstable();
        unread
            .iter()
            .take(most)
            .map(|(number, why)| format!("Line {number} {why}."))
            .collect()
    }
}

/// The text of an export.
pub(super) fn write(origin: &str, now: i64, records: &[(Place, Record)]) -> String {
    let header = Header {
        longshore: KIND.to_owned(),
        version: VERSION,
        origin: origin.to_owned(),
        exported_at: UtcSeconds(now).rfc3339(),
    };
    let mut text = json(&header);
    for (place, record) in records {
        text.push_str(&json(&Line {
            host: place.host.as_str().into(),
            repository: place.repository.as_str().into(),
            tag: record.tag.as_str().into(),
            digest: record.digest.as_str().into(),
            first_seen: UtcSeconds(record.first_seen).rfc3339(),
            last_seen: UtcSeconds(record.last_seen).rfc3339(),
            exact: record.exact,
            ended_at: record.ended_at.map(|at| UtcSeconds(at).rfc3339()),
            who: record.who.clone(),
            origin: record.origin.as_str().into(),
            number: record.number,
        }));
    }
    text
}

/// A line of strings, numbers and flags: nothing in it can fail.
fn json(line: &impl Serialize) -> String {
    let mut text = serde_json::to_string(line).unwrap_or_default();
    text.push('\n');
    text
}

/// Reads an export. `now` is this computer's clock.
pub(super) fn read(text: &str, now: i64) -> Result<Lines, Problem> {
    if text.len() > MOST_BYTES {
        return Err(problems::plain("This file is larger than 32 MiB.")
            .hint("Export one repository at a time."));
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = (1_usize..)
        .zip(text.lines())
        .filter(|(_, line)| !line.trim().is_empty());
    let header = lines
        .next()
        .filter(|(_, line)| line.len() <= LINE)
        .and_then(|(_, line)| serde_json::from_str::<Header>(line).ok())
        .filter(|header| header.longshore == KIND);
    match header {
        None => {
            return Err(
                problems::plain("This file is no export of what Longshore has seen.")
                    .hint("Choose one whose name begins with longshore-seen."),
            );
        }
        Some(header) if header.version != VERSION => {
            return Err(problems::plain(format!(
                "This export has version {}; this Longshore reads version {VERSION}.",
                header.version
            ))
            .hint("Use a newer Longshore, or export again."));
        }
        Some(_) => {}
    }
    let mut read = Lines::default();
    for (count, (number, line)) in lines.enumerate() {
        if count + 1 >= MOST_LINES {
            return Err(problems::plain("This file has more than 200 000 lines.")
                .hint("Export one repository at a time."));
        }
        match record(line, now) {
            Ok((place, record)) => read.records.push((number, place, record)),
            Err(why) => read.unread(number, why),
        }
    }
    Ok(read)
}

/// One line, each value by its own grammar; else what is wrong with it.
fn record(line: &str, now: i64) -> Result<(Place, Record), &'static str> {
    if line.len() > LINE {
        return Err("is longer than a fact can be");
    }
    let line: Line<'_> = serde_json::from_str(line).map_err(|error| {
        if error.is_data() {
            "lacks a value, tells one twice, or has one of another kind"
        } else {
            "is not JSON"
        }
    })?;
    let place = Place {
        host: Host::parse(&line.host).map_err(|_| "names no host")?,
        repository: RepositoryName::parse(&line.repository).map_err(|_| "names no repository")?,
    };
    let tag = Tag::parse(&line.tag).map_err(|_| "names no tag")?;
    if CommitTag::parse(tag.as_str()).is_some() || tag.as_str() == ABOUT {
        return Err("is of a tag that has no timeline");
    }
    let time = |text: &str| {
        UtcSeconds::parse_rfc3339(text)
            .map(|at| at.0)
            .filter(|at| *at >= 0)
            .ok_or("has a time that is none")
    };
    let record = Record {
        origin: line.origin.into_owned(),
        number: line.number,
        tag: tag.to_string(),
        digest: Digest::parse(&line.digest).map_err(|_| "has a digest that is none")?,
        first_seen: time(&line.first_seen)?,
        last_seen: time(&line.last_seen)?,
        exact: line.exact,
        ended_at: line.ended_at.as_deref().map(time).transpose()?,
        who: line.who,
    };
    let end = record.ended_at.unwrap_or(record.last_seen);
    if record.first_seen > record.last_seen || record.last_seen > end {
        return Err("ends before it begins");
    }
    if end > now.saturating_add(AHEAD) {
        return Err("tells of a time that has not come yet");
    }
    if !is_origin(&record.origin) || record.number < 1 {
        return Err("doesn’t say which computer’s which fact it is");
    }
    if record.who.as_deref().is_some_and(|who| !is_name(who)) {
        return Err("has a name that is none");
    }
    Ok((place, record))
}

/// The id of a data folder, whoever made it.
fn is_origin(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().count() <= WHO && !text.chars().any(char::is_control)
}
