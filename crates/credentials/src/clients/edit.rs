//! One entry of a configuration is put in, and taken out again, and no other byte changes.
//!
//! What it is: an edit of the text as it stands: spaces, line ends, the order of members, what we know nothing of, all of
//! it stays. Taking out what was put in gives the text of before, byte for byte.
//!
//! Not here: reading and writing the file (`write`), and what is put in (`clients`). Grows by a section that is edited.

use std::ops::Range;

use secrecy::zeroize::Zeroizing;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use super::scan::{Member, Object, object};
use crate::json::means;

/// How deep a member of the whole stands where the file doesn't show it: Docker writes a tab.
const INDENT: &str = "\t";

/// A part of the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Section {
    /// Which helper keeps the sign-in of which registry.
    CredHelpers,
    /// Sign-ins that stand in the file itself.
    Auths,
}

impl Section {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::CredHelpers => "credHelpers",
            Self::Auths => "auths",
        }
    }
}

/// What was put into a text, and what it needs to be as before. Nothing secret is in it: an entry with a secret is put in
/// only where there was none, and is not noted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Put {
    section: Section,
    key: String,
    /// What was put in, where that is no secret: what somebody else put there since is theirs.
    ours: Option<String>,
    /// There was no file.
    made_file: bool,
    /// The whole text, where there was no object in it: spaces at most.
    blank: Option<String>,
    /// The inside of the whole, where it was empty.
    root: Option<String>,
    /// There was no such section.
    made_section: bool,
    /// The inside of the section, where it was empty.
    inside: Option<String>,
    /// The value that stood under the key.
    value: Option<String>,
}

/// The reason why a text is left as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotEdited {
    /// It is no JSON from its begin to its end, or no object.
    NotAnObject,
    /// The section is no object, or is there twice.
    OddSection,
    /// The key is there twice.
    Twice,
    /// Somebody's own sign-in stands there.
    Taken,
}

/// A text of a configuration; wiped when dropped, since there may be passwords in it.
type Text = Zeroizing<String>;

/// What a text is to become.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// What was put in isn't there any more, or something else stands in its place.
    Unchanged,
    /// This.
    Text(Text),
    /// No file, as before.
    NoFile,
}

/// Puts a value (JSON) under a key of a section, in place of what was there. `None` as text: there is no file.
pub(super) fn put(
    text: Option<&str>,
    section: Section,
    key: &str,
    value: &str,
) -> Result<(Text, Put), NotEdited> {
    let mut undo = Put {
        section,
        key: key.to_owned(),
        ours: (section == Section::CredHelpers).then(|| value.to_owned()),
        made_file: text.is_none(),
        blank: None,
        root: None,
        made_section: false,
        inside: None,
        value: None,
    };
    let before = text.unwrap_or_default();
    if before.trim_ascii().is_empty() {
        undo.blank = Some(before.to_owned());
        undo.made_section = true;
        let added = with_section("{}", &whole("{}")?, section, (key, value));
        return Ok((added, undo));
    }
    let root = whole(before)?;
    let Some(at) = only(&root, section)? else {
        undo.made_section = true;
        undo.root = inside_of_empty(before, &root);
        let added = with_section(before, &root, section, (key, value));
        return Ok((added, undo));
    };
    let entries = object(before, at.value.start).ok_or(NotEdited::OddSection)?;
    match only_key(&entries, key)? {
        Some(_) if section == Section::Auths => Err(NotEdited::Taken),
        Some(there) => {
            undo.value = before.get(there.value.clone()).map(str::to_owned);
            Ok((spliced(before, there.value.clone(), value), undo))
        }
        None => {
            undo.inside = inside_of_empty(before, &entries);
            let style = Style::of(before, &entries, Some(between(before, &root)));
            Ok((with_member(before, &entries, &style, (key, value)), undo))
        }
    }
}

/// Takes out what was put in.
pub(super) fn take(text: Option<&str>, put: &Put) -> Result<Taken, NotEdited> {
    let Some(text) = text.filter(|text| !text.trim_ascii().is_empty()) else {
        return Ok(Taken::Unchanged);
    };
    let root = whole(text)?;
    let Some(at) = only(&root, put.section)? else {
        return Ok(Taken::Unchanged);
    };
    let entries = object(text, at.value.start).ok_or(NotEdited::OddSection)?;
    let Some(there) = only_key(&entries, &put.key)? else {
        return Ok(Taken::Unchanged);
    };
    let now = text.get(there.value.clone());
    if put.ours.is_some() && now != put.ours.as_deref() {
        return Ok(Taken::Unchanged);
    }
    if let Some(value) = &put.value {
        return Ok(Taken::Text(spliced(text, there.value.clone(), value)));
    }
    if entries.members.len() > 1 || !put.made_section {
        let left = without(text, &entries, &put.key, put.inside.as_deref());
        return Ok(Taken::Text(left));
    }
    match &put.blank {
        Some(_) if root.members.len() == 1 && put.made_file => Ok(Taken::NoFile),
        Some(blank) if root.members.len() == 1 => Ok(Taken::Text(Text::new(blank.clone()))),
        _ => {
            let left = without(text, &root, &at.name, put.root.as_deref());
            Ok(Taken::Text(left))
        }
    }
}

fn whole(text: &str) -> Result<Object, NotEdited> {
    serde_json::from_str::<IgnoredAny>(text).map_err(|_| NotEdited::NotAnObject)?;
    object(text, 0).ok_or(NotEdited::NotAnObject)
}

/// Finds a section, as Go finds it: in any case of letters.
fn only(root: &Object, section: Section) -> Result<Option<&Member>, NotEdited> {
    let is_it = |member: &&Member| means(&member.name, section.name());
    let mut there = root.members.iter().filter(is_it);
    let first = there.next();
    match there.next() {
        Some(_) => Err(NotEdited::OddSection),
        None => Ok(first),
    }
}

fn only_key<'o>(entries: &'o Object, key: &str) -> Result<Option<&'o Member>, NotEdited> {
    let mut there = entries.members.iter().filter(|member| member.name == key);
    let first = there.next();
    match there.next() {
        Some(_) => Err(NotEdited::Twice),
        None => Ok(first),
    }
}

fn inside_of_empty(text: &str, object: &Object) -> Option<String> {
    let inside = text.get(object.inside.clone());
    inside
        .filter(|_| object.members.is_empty())
        .map(str::to_owned)
}

/// How the members of an object are set.
struct Style<'t> {
    /// What stands before each name: a line end and the indentation, or nothing.
    begin: String,
    /// What stands between a name and its value.
    colon: &'t str,
    /// What stands before the brace at the end of an object that has been empty.
    end: String,
}

impl<'t> Style<'t> {
    /// Takes it from the first member. Where there is none, a member stands on a line of its own, one step deeper than the
    /// object does; `outer` is what stands before the names of the object that it is in.
    fn of(text: &'t str, object: &Object, outer: Option<&str>) -> Self {
        let first = object.members.first();
        let (begin, end) = match (first, outer) {
            (Some(_), _) => (between(text, object).to_owned(), String::new()),
            (None, None) => (format!("\n{INDENT}"), "\n".to_owned()),
            (None, Some(outer)) => (deeper(outer), outer.to_owned()),
        };
        let colon = first.and_then(|first| text.get(first.key.end..first.value.start));
        Self {
            begin,
            colon: colon.unwrap_or(": "),
            end,
        }
    }
}

/// Returns what stands before names that are one step deeper: the step is the indentation of the whole's own members.
fn deeper(begin: &str) -> String {
    match begin.rsplit_once('\n') {
        Some((_, "")) => format!("{begin}{INDENT}"),
        Some((_, step)) => format!("{begin}{step}"),
        None => begin.to_owned(),
    }
}

/// Returns what stands between the brace and the first member.
fn between<'t>(text: &'t str, object: &Object) -> &'t str {
    let first = object.members.first();
    first
        .and_then(|first| text.get(object.inside.start..first.key.start))
        .unwrap_or_default()
}

/// Adds a section with one entry to the whole.
fn with_section(text: &str, root: &Object, section: Section, (key, value): (&str, &str)) -> Text {
    let style = Style::of(text, root, None);
    let (inner, outer, colon) = (deeper(&style.begin), &style.begin, style.colon);
    let entry = Text::new(format!("{{{inner}{}{colon}{value}{outer}}}", quoted(key)));
    with_member(text, root, &style, (section.name(), &entry))
}

/// Adds a member behind the last one of an object, or as the only one.
fn with_member(text: &str, object: &Object, style: &Style<'_>, (key, value): (&str, &str)) -> Text {
    let Style { begin, colon, end } = style;
    let member = Text::new(format!("{begin}{}{colon}{value}", quoted(key)));
    if let Some(last) = object.members.last() {
        let member = Text::new(format!(",{}", *member));
        spliced(text, last.value.end..last.value.end, &member)
    } else {
        let member = Text::new(format!("{}{end}", *member));
        spliced(text, object.inside.clone(), &member)
    }
}

/// Takes a member out, with the comma that it brought.
fn without(text: &str, object: &Object, name: &str, inside: Option<&str>) -> Text {
    let at = object.members.iter().position(|member| member.name == name);
    let Some((at, member)) = at.and_then(|at| Some((at, object.members.get(at)?))) else {
        return Text::new(text.to_owned());
    };
    let before = at.checked_sub(1).and_then(|at| object.members.get(at));
    match (before, object.members.get(at + 1)) {
        (Some(before), _) => spliced(text, before.value.end..member.value.end, ""),
        (None, Some(next)) => spliced(text, member.key.start..next.key.start, ""),
        (None, None) => spliced(text, object.inside.clone(), inside.unwrap_or_default()),
    }
}

/// Replaces a range, in room that is made at once: growing would leave copies behind.
fn spliced(text: &str, range: Range<usize>, with: &str) -> Text {
    let mut edited = Text::new(String::with_capacity(text.len() + with.len()));
    edited.push_str(text.get(..range.start).unwrap_or_default());
    edited.push_str(with);
    edited.push_str(text.get(range.end..).unwrap_or_default());
    edited
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
