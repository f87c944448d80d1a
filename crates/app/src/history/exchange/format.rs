//! The format of an export, as `docs/export.md` tells it: JSON Lines, a header and a line a period. Pure.
//!
//! What comes in is anyone's: it is bounded, each value is read by the grammar it is of, and a line that can't be
//! read is told and costs no other.

use crate::view::problem::Problem;
use crate::view::said::Said;
use crate::words::history as say;
use oci::ABOUT_TAG;
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
pub(super) const AHEAD: i64 = 86_400;
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
    pub unread: Vec<(usize, Said)>,
}

impl Lines {
    /// Notes a line that can't be read.
    pub(super) fn unread(&mut self, number: usize, why: Said) {
        self.unread.push((number, why));
    }

    /// Says of the first lines that can't be read why, a sentence each.
    pub(super) fn sentences(&self, most: usize) -> Vec<String> {
        let mut unread: Vec<&(usize, Said)> = self.unread.iter().collect();
        unread.sort_by_key(|(number, _)| *number);
        unread
            .into_iter()
            .take(most)
            .map(|(number, why)| say::line(number, why.clone()).text())
            .collect()
    }
}

/// Writes the text of an export.
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

/// Writes a line of strings, numbers and flags: nothing in it can fail.
fn json(line: &impl Serialize) -> String {
    let mut text = serde_json::to_string(line).unwrap_or_default();
    text.push('\n');
    text
}

/// Reads an export. `now` is this computer's clock.
pub(super) fn read(text: &str, now: i64) -> Result<Lines, Problem> {
    if text.len() > MOST_BYTES {
        return Err(say::file_too_large().problem().hint(say::export_less()));
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
            return Err(say::no_export().problem().hint(say::choose_export()));
        }
        Some(header) if header.version != VERSION => {
            return Err(say::other_version(&header.version, &VERSION)
                .problem()
                .hint(say::use_newer()));
        }
        Some(_) => {}
    }
    let mut read = Lines::default();
    for (count, (number, line)) in lines.enumerate() {
        if count + 1 >= MOST_LINES {
            return Err(say::too_many_lines().problem().hint(say::export_less()));
        }
        match record(line, now) {
            Ok((place, record)) => read.records.push((number, place, record)),
            Err(why) => read.unread(number, why),
        }
    }
    Ok(read)
}

/// Reads an export, and asserts that what was read of it is written as it is read.
#[cfg(any(test, fuzzing))]
pub(crate) fn read_export(text: &str) {
    const NOW: i64 = 1_795_000_000;
    let Ok(lines) = read(text, NOW) else { return };
    let records: Vec<_> = lines
        .records
        .into_iter()
        .map(|(_, place, record)| (place, record))
        .collect();
    let again = read(&write("", NOW, &records), NOW).unwrap_or_default();
    let read: Vec<_> = again
        .records
        .into_iter()
        .map(|(_, place, record)| (place, record))
        .collect();
    assert_eq!(read, records);
}

/// Reads one line, each value by its own grammar; else says what is wrong with it.
fn record(line: &str, now: i64) -> Result<(Place, Record), Said> {
    if line.len() > LINE {
        return Err(say::line_too_long());
    }
    let line: Line<'_> = serde_json::from_str(line).map_err(|error| {
        if error.is_data() {
            say::line_lacks()
        } else {
            say::line_no_json()
        }
    })?;
    let place = Place {
        host: Host::parse(&line.host).map_err(|_| say::line_no_host())?,
        repository: RepositoryName::parse(&line.repository)
            .map_err(|_| say::line_no_repository())?,
    };
    let tag = Tag::parse(&line.tag).map_err(|_| say::line_no_tag())?;
    if CommitTag::parse(tag.as_str()).is_some() || tag.as_str() == ABOUT_TAG {
        return Err(say::line_no_timeline());
    }
    let time = |text: &str| {
        UtcSeconds::parse_rfc3339(text)
            .map(|at| at.0)
            .filter(|at| *at >= 0)
            .ok_or_else(say::line_no_time)
    };
    let record = Record {
        origin: line.origin.into_owned(),
        number: line.number,
        tag: tag.to_string(),
        digest: Digest::parse(&line.digest).map_err(|_| say::line_no_digest())?,
        first_seen: time(&line.first_seen)?,
        last_seen: time(&line.last_seen)?,
        exact: line.exact,
        ended_at: line.ended_at.as_deref().map(time).transpose()?,
        who: line.who,
    };
    let end = record.ended_at.unwrap_or(record.last_seen);
    if record.first_seen > record.last_seen || record.last_seen > end {
        return Err(say::line_ends_early());
    }
    if end > now.saturating_add(AHEAD) {
        return Err(say::line_of_tomorrow());
    }
    if !is_origin(&record.origin) || record.number < 1 {
        return Err(say::line_of_nobody());
    }
    if record.who.as_deref().is_some_and(|who| !is_name(who)) {
        return Err(say::line_no_name());
    }
    Ok((place, record))
}

/// Tells whether a text is the id of a data folder, whoever made it.
fn is_origin(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().count() <= WHO && !text.chars().any(char::is_control)
}
