//! Foreign text in our own sentences: cut where it is too long, without what moves or hides its neighbours (`oci::text`), and kept
//! apart where it reads from right to left; made a sentence where it is none. Not here: any words. Grows by another way in which
//! foreign text must be tamed.

/// The longest that one foreign text may be in a sentence, in characters.
const LONGEST: usize = 1000;
/// The beginning and the end of a stretch that has a reading direction of its own (Unicode, "Explicit Directional Isolates").
const ISOLATE: (char, char) = ('\u{2068}', '\u{2069}');

/// Cuts text of the other side, cleaned, at so many characters.
pub(crate) fn bounded(text: &str, limit: usize) -> String {
    oci::text::plain(text, limit)
}

/// Makes text of the other side fit to stand in a sentence. What reads from right to left turns none of our own words.
pub(super) fn foreign(text: &str) -> String {
    let clean = bounded(text, LONGEST);
    if oci::text::is_right_to_left(&clean) {
        format!("{}{clean}{}", ISOLATE.0, ISOLATE.1)
    } else {
        clean
    }
}

/// Makes a sentence of text: the first letter large, a full stop at the end.
pub(super) fn sentence(text: &str) -> String {
    let text = text.trim();
    let mut letters = text.chars();
    let Some(first) = letters.next() else {
        return String::new();
    };
    let mut told: String = first.to_uppercase().chain(letters).collect();
    if !told.ends_with(['.', '!', '?', '…']) {
        told.push('.');
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_in_a_sentence_stays_in_its_place() {
        assert_eq!(foreign("team\u{202e}/ppa\n\u{200b}x"), "team/ppa x");
        assert_eq!(foreign("שלום"), "\u{2068}שלום\u{2069}");
        assert_eq!(foreign(&"a".repeat(5000)).chars().count(), LONGEST);
        assert_eq!(sentence("it rains"), "It rains.");
    }
}
