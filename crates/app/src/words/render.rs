//! From what is said to the sentence a person reads.
//!
//! Each argument is put in once, made fit to be shown (`text`): what a registry sent is never read as a template. Grows by a language.

use super::table::Line;
use super::text::foreign;
use super::{
    about, accounts, active, certificate, computer, connection, content, engine, general, history,
    hosting, keeping, kinds, making, registry, removal, repositories, search, settings, tasks,
    team_note, transfers, watching,
};
use crate::view::said::{Arg, Said};

/// Every table there is.
const TABLES: &[&[Line]] = &[
    about::TABLE,
    accounts::TABLE,
    active::TABLE,
    certificate::TABLE,
    computer::TABLE,
    connection::TABLE,
    content::TABLE,
    engine::TABLE,
    general::TABLE,
    history::TABLE,
    hosting::TABLE,
    keeping::TABLE,
    kinds::TABLE,
    making::TABLE,
    registry::TABLE,
    removal::TABLE,
    repositories::TABLE,
    search::TABLE,
    settings::TABLE,
    tasks::TABLE,
    team_note::TABLE,
    transfers::TABLE,
    watching::TABLE,
];

/// How deep sentences may quote each other; what was stored might go on for ever.
const DEEPEST: usize = 16;
/// The longest argument that is stored, in characters.
const LONGEST: usize = 300;
/// What stands where an argument is missing.
const MISSING: &str = "…";

impl Said {
    /// Returns the sentence.
    pub(crate) fn text(&self) -> String {
        render(self, DEEPEST)
    }

    /// Returns it as it is stored: as JSON, its arguments bounded.
    pub(crate) fn stored(&self) -> String {
        serde_json::to_string(&bounded(self)).unwrap_or_default()
    }
}

/// Returns the sentence of what was stored; text of before that was no data shows as it is.
pub(crate) fn of_stored(text: &str) -> String {
    serde_json::from_str::<Said>(text).map_or_else(|_| foreign(text), |said| said.text())
}

fn lines() -> impl Iterator<Item = &'static Line> {
    TABLES.iter().copied().flatten()
}

fn template(code: &str) -> Option<&'static str> {
    lines()
        .find(|(known, _, _)| *known == code)
        .map(|(_, _, template)| *template)
}

fn render(said: &Said, depth: usize) -> String {
    match template(&said.code) {
        // A later version has stored it.
        None => render(&general::later_version(), depth),
        Some(template) => fill(template, |name| match said.args.get(name) {
            Some(Arg::Text(text)) => foreign(text),
            Some(Arg::All(names)) => {
                let names: Vec<String> = names.iter().map(|name| foreign(name)).collect();
                names.join(&general::and().text())
            }
            Some(Arg::Said(inner)) if depth > 0 => render(inner, depth - 1),
            Some(Arg::Said(_)) | None => MISSING.to_owned(),
        }),
    }
}

/// Puts the arguments into a template, from left to right, once. A brace that begins no name stands for itself.
fn fill(template: &str, arg: impl Fn(&str) -> String) -> String {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let place = after.split_once('}').filter(|(name, _)| is_name(name));
        if let Some((name, further)) = place {
            text.push_str(&arg(name));
            rest = further;
        } else {
            text.push('{');
            rest = after;
        }
    }
    text.push_str(rest);
    text
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|letter| letter.is_ascii_lowercase() || letter == b'_')
}

fn bounded(said: &Said) -> Said {
    let arg = |arg: &Arg| match arg {
        Arg::Text(text) => Arg::Text(super::text::bounded(text, LONGEST)),
        Arg::Said(inner) => Arg::Said(bounded(inner)),
        Arg::All(names) => {
            let short = |name: &String| super::text::bounded(name, LONGEST);
            Arg::All(names.iter().map(short).collect())
        }
    };
    Said {
        code: said.code.clone(),
        args: said
            .args
            .iter()
            .map(|(name, of)| (name.clone(), arg(of)))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn all_sentences_in_one_file() {
        let mut all: Vec<String> = lines()
            .map(|(code, _, template)| format!("{code}\n    {}", template.replace('\n', "\n    ")))
            .collect();
        all.sort_unstable();
        insta::assert_snapshot!("sentences", all.join("\n"));
    }

    /// One kind of quotes and of apostrophes; lines of other programs' settings have those programs' own.
    #[test]
    fn quotes_are_of_one_kind() {
        for (code, _, template) in lines() {
            if matches!(*code, "engine.allow_plain_http" | "team_note.note") {
                continue;
            }
            assert!(!template.contains(['\'', '"', '`']), "{code}");
            assert!(
                !template.contains("...") && !template.contains("  "),
                "{code}"
            );
        }
    }

    #[test]
    fn each_code_is_there_once_and_uses_just_its_arguments() {
        let mut codes = BTreeSet::new();
        for (code, args, template) in lines() {
            assert!(codes.insert(code), "{code} is there twice");
            let used = std::cell::RefCell::new(BTreeSet::new());
            fill(template, |name| {
                used.borrow_mut().insert(name.to_owned());
                String::new()
            });
            let named: BTreeSet<String> = args.iter().map(ToString::to_string).collect();
            assert_eq!(used.into_inner(), named, "{code}");
        }
    }

    #[test]
    fn what_was_stored_is_read_with_what_it_quotes() {
        let cause = registry::no_answer("registry.example");
        let said = keeping::not_kept("0123456789ab", cause);
        let stored = said.stored();
        assert!(!stored.contains(' '), "no sentence is stored: {stored}");
        assert_eq!(
            of_stored(&stored),
            "0123456789ab could not be kept. registry.example didn’t answer in time."
        );
        assert_eq!(serde_json::from_str::<Said>(&stored).unwrap(), said);
    }

    #[test]
    fn arguments_are_never_read_as_templates() {
        let said = general::then("{next}{code}{", "{first} {}");
        assert_eq!(said.text(), "{next}{code}{ {first} {}");
        assert_eq!(of_stored(&said.stored()), said.text());
        let quoted = general::then(general::quoted("{next}"), "x");
        assert_eq!(quoted.text(), "{next} x");
    }

    #[test]
    fn what_another_version_said_is_a_neutral_sentence_and_old_text_shows_as_it_is() {
        let neutral = general::later_version().text();
        let later = r#"{"code":"moon.full","args":{"host":"h"}}"#;
        assert_eq!(of_stored(later), neutral);
        let quoting =
            r#"{"code":"general.then","args":{"first":{"code":"moon.full"},"next":"So."}}"#;
        assert_eq!(of_stored(quoting), format!("{neutral} So."));
        let lacking = r#"{"code":"general.then","args":{"next":"So."}}"#;
        assert_eq!(of_stored(lacking), "… So.");
        for old in ["It rains.", "{\"it\": \"rains\"}", ""] {
            assert_eq!(of_stored(old), old);
        }
    }

    #[test]
    fn sentences_that_quote_each_other_without_end_come_to_one() {
        let mut said = general::quoted("x");
        for _ in 0..100 {
            said = general::quoted(said);
        }
        assert_eq!(said.text(), MISSING);
    }

    #[test]
    fn what_is_stored_is_bounded() {
        let said = general::quoted(&"ä".repeat(5000));
        assert!(said.stored().len() < 700 && of_stored(&said.stored()).ends_with('…'));
        let both = general::quoted(vec!["one".to_owned(), "other".to_owned()]);
        assert_eq!(both.text(), "one and other");
    }
}
