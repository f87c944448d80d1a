//! Reading what vendors send: each value by its grammar, each text bounded. What can't be read is absent.

use crate::values::{Cursor, Listed, Page, Words};
use oci::{Digest, RepositoryName, UtcSeconds};
use registry::{Ask, Told};
use serde_json::Value;

/// How many characters are kept of a description. A longer one is not changed from here, as what was cut would be lost.
pub(crate) const DESCRIPTION: usize = 4000;
/// How many characters are kept of the name of whoever did something.
const PERSON: usize = 100;

/// Reads a description, with its lines; none where it is empty.
pub(crate) fn description(value: &Value) -> Option<String> {
    let text = oci::text::plain_lines(value.as_str()?, DESCRIPTION);
    (!text.trim().is_empty()).then_some(text)
}

/// Tells whether a description is longer than what is read of it.
pub(crate) fn is_cut(value: &Value) -> bool {
    let text = value.as_str().unwrap_or_default();
    text.chars().count() > DESCRIPTION
}

/// Reads the name of whoever did something; none where it is empty.
pub(crate) fn person(value: &Value) -> Option<String> {
    let text = oci::text::plain(value.as_str()?, PERSON);
    (!text.is_empty()).then_some(text)
}

/// Reads a time as RFC 3339 has it. One before 1971 is what servers write that know none.
pub(crate) fn time(value: &Value) -> Option<UtcSeconds> {
    let at = UtcSeconds::parse_rfc3339(value.as_str()?)?;
    (at.0 > 365 * 86_400).then_some(at)
}

/// Reads a digest.
pub(crate) fn digest(value: &Value) -> Option<Digest> {
    Digest::parse(value.as_str()?).ok()
}

/// Reads a page whose next one a link leads to: of an array, in which every entry that can't be read is left out.
pub(crate) fn linked<T>(
    told: &Told,
    entries: &[Value],
    read: impl Fn(&Value) -> Option<T>,
) -> Page<T> {
    let rows: Vec<T> = entries.iter().filter_map(read).collect();
    Page {
        sent: entries.len(),
        left_out: entries.len() - rows.len(),
        rows,
        total: None,
        date: told.date(),
        next: told.next().map(Cursor::Link),
    }
}

/// Goes on where a link of an earlier page leads.
pub(crate) fn following(ask: Ask, at: &Cursor) -> Ask {
    match at {
        Cursor::Link(next) => ask.following(next),
        _ => ask,
    }
}

/// Asks for a page by its number, of so many entries, as GitHub and GitLab name them.
pub(crate) fn numbered(ask: Ask, page: usize, number: u32) -> Ask {
    ask.query("per_page", page).query("page", number)
}

/// Tells whether another page follows one that has this many of so many entries: a link says so, and a full page where no link says
/// anything. One may be empty that others follow: what may not be seen is left out after the pages are made.
pub(crate) fn has_more(told: &Told, sent: usize, page: usize) -> bool {
    let is_full = told.header("link").is_none() && sent >= page;
    told.next().is_some() || is_full
}

/// Names a repository of which nothing else is told.
pub(crate) fn named(name: RepositoryName) -> Listed {
    Listed {
        name,
        words: Words::default(),
        id: None,
        created: None,
        created_by: None,
        updated: None,
        tags: None,
        private: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_cannot_be_read_is_absent() {
        assert_eq!(
            description(&json!("a\u{1b}b\nc")).as_deref(),
            Some("a b\nc")
        );
        assert!(is_cut(&json!("x".repeat(DESCRIPTION + 1))) && !is_cut(&json!("x")));
        assert_eq!(
            description(&json!("x".repeat(5000)))
                .unwrap()
                .chars()
                .count(),
            DESCRIPTION
        );
        for none in [json!(""), json!(" \n"), json!(1), Value::Null] {
            assert_eq!(description(&none), None, "{none}");
        }
        assert_eq!(person(&json!("an\u{202e}a")).as_deref(), Some("ana"));
        assert_eq!(
            person(&json!("x".repeat(500))).unwrap().chars().count(),
            PERSON
        );
        assert!(person(&json!("")).is_none() && person(&json!(3)).is_none());
        let at = time(&json!("2026-11-28T12:40:49.990Z")).unwrap();
        assert_eq!(at.compact(), "20261128t124049");
        for none in [
            json!("0001-01-01T00:00:00Z"),
            json!("1970-01-01T00:00:00Z"),
            json!("soon"),
            json!(7),
        ] {
            assert_eq!(time(&none), None, "{none}");
        }
        assert!(digest(&json!("sha256:0")).is_none() && digest(&json!(0)).is_none());
    }
}
