//! Doors to what reads other people's texts, for the fuzz targets and the tests alone: each asserts what holds of any text.
//!
//! Not here: the texts (`fuzz/seeds`).

#![allow(clippy::missing_panics_doc)] // to panic is what they are for

use crate::Accounts;
use crate::about::manifest;
use crate::content::Shape;
use crate::history::read_export;
use oci::{Digest, Manifest, MediaType};

/// Reads the bytes of an about manifest.
pub fn about(text: &str) {
    for media_type in [MediaType::OciManifest, MediaType::OciIndex] {
        let Ok(found) = Manifest::parse(&media_type, text.as_bytes()) else {
            continue;
        };
        let Some(annotations) = manifest::annotations(&found) else {
            continue;
        };
        let digest = Digest::sha256_of(text.as_bytes());
        let about = manifest::read(digest.clone(), annotations, 0);
        for (words, most) in [
            (&about.title, manifest::MAX_TITLE),
            (&about.description, manifest::MAX_DESCRIPTION),
            (&about.authors, manifest::MAX_AUTHORS),
        ] {
            let words = words.as_deref().unwrap_or("x");
            assert!(!words.is_empty() && words.chars().count() <= most);
            assert!(!words.contains(|c: char| c.is_control() && c != '\n'));
        }
        // What was read and is written again says the same.
        let bytes = manifest::write(annotations, Shape::Empty);
        let again = Manifest::parse(&MediaType::OciManifest, &bytes).ok();
        let again = again.as_ref().and_then(manifest::annotations);
        assert_eq!(
            again.map(|again| manifest::read(digest, again, 0)),
            Some(about)
        );
    }
}

/// Reads what is typed or pasted as a registry's address.
pub fn login_line(text: &str) {
    let (Ok(view), Ok(secret)) = (
        Accounts::read_address(text),
        Accounts::take_login_secret(text),
    ) else {
        return;
    };
    let again = Accounts::read_address(&view.host).map(|again| again.host);
    assert_eq!(
        again.ok().as_ref(),
        Some(&view.host),
        "it is a host, and its own"
    );
    assert!(view.has_secret || secret.is_empty());
    // A secret that is long enough to be told from other words is in nothing that is shown.
    if secret.len() > 12 && text.matches(secret.as_str()).count() == 1 {
        let shown = format!("{view:?}");
        assert!(!shown.contains(&secret), "{shown}");
    }
}

/// Reads the lines of an export, behind its header.
pub fn export(text: &str) {
    let all = format!("{{\"longshore\":\"seen\",\"version\":1}}\n{text}");
    read_export(&all);
    read_export(text);
}

/// Reads what is pasted as a table of `polly`.
pub fn polly_table(text: &str) {
    let Some(read) = vendors::read_polly_commits(text) else {
        return;
    };
    let lines = text.split('\n').count();
    for commit in &read.rows {
        assert!((1..=lines).contains(&commit.line));
        // A digest is never put together of what isn't there.
        let digits = commit.digest.as_str().trim_start_matches("sha256:");
        let all: String = text.to_ascii_lowercase();
        assert!(digits.chars().all(|digit| all.contains(digit)));
        let by = commit.by.as_deref().unwrap_or("x");
        assert!(!by.is_empty() && !by.contains(char::is_control) && by.chars().count() <= 200);
    }
    assert!(
        read.unread
            .iter()
            .all(|one| (1..=lines).contains(&one.line))
    );
    let of = read.of.as_deref().unwrap_or("x");
    assert!(!of.starts_with('-') && !of.contains(char::is_whitespace));
}

#[cfg(test)]
mod tests {
    #[test]
    fn any_text_is_read() {
        let doors = [
            ("about", super::about as fn(&str)),
            ("login_line", super::login_line),
            ("export", super::export),
            ("polly_table", super::polly_table),
        ];
        for (name, door) in doors {
            for text in testkit::fuzzing::seeds(name).unwrap() {
                door(&text);
            }
        }
    }
}
