//! Text that somebody else wrote, made fit to be shown: one function for all of it.
//!
//! Registries, engines, imports, manifests and configs say things in words. Such words may be long beyond reason, may move what
//! stands beside them (control characters, marks that turn the reading direction, separators of lines and paragraphs) or may look
//! like something else (letters without width). Here they become a bounded line, or a few. Not here: what a text means. Grows by
//! another kind of character that shows as nothing or moves what stands beside it.

/// How many marks may stand over one letter; more of them run over the lines above and below.
const MARKS: usize = 4;
/// How many lines in a row may be empty.
const EMPTY_LINES: usize = 1;

/// Returns the text as one line of at most so many characters: without anything that can't be seen, every stretch of blank space
/// one space. What was cut ends in `…`.
pub fn plain(text: &str, most: usize) -> String {
    clean(text, most, false)
}

/// Returns the text as [`plain`] does, its line ends kept.
pub fn plain_lines(text: &str, most: usize) -> String {
    clean(text, most, true)
}

/// Tells whether a text has letters that are read from right to left, and so may move what stands beside it in a line.
pub fn is_right_to_left(text: &str) -> bool {
    text.chars().any(|letter| {
        matches!(letter,
            '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}'
            | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
    })
}

fn clean(text: &str, most: usize, lines: bool) -> String {
    let mut kept = String::new();
    let (mut count, mut marks) = (0, 0);
    // What is between two words: blank space, or line ends.
    let (mut blank, mut ends) = (false, 0_usize);
    for letter in text.chars() {
        if lines && matches!(letter, '\n' | '\u{2028}' | '\u{2029}' | '\u{85}') {
            ends += 1;
            continue;
        }
        if is_blank(letter) {
            blank = true;
            continue;
        }
        if is_hidden(letter) {
            continue;
        }
        marks = if is_mark(letter) { marks + 1 } else { 0 };
        if marks > MARKS {
            continue;
        }
        let between = if kept.is_empty() {
            0
        } else if ends > 0 {
            ends.min(EMPTY_LINES + 1)
        } else {
            usize::from(blank)
        };
        if count + between + 1 > most {
            return cut(kept, most);
        }
        let with = if ends > 0 { '\n' } else { ' ' };
        kept.extend(std::iter::repeat_n(with, between));
        kept.push(letter);
        count += between + 1;
        (blank, ends) = (false, 0);
    }
    kept
}

/// Ends a text that goes on where it was cut.
fn cut(mut kept: String, most: usize) -> String {
    while kept.chars().count() + 1 > most && kept.pop().is_some() {}
    kept.truncate(kept.trim_end().len());
    if most > 0 {
        kept.push('…');
    }
    kept
}

/// Tells whether a character is nothing but space, or is one that should not stand in a text and parts words.
fn is_blank(letter: char) -> bool {
    letter.is_whitespace()
        || letter.is_control()
        || matches!(
            letter,
            '\u{115f}' | '\u{1160}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}'
        )
}

/// Tells whether a character shows as nothing: direction marks, joiners, tags, separators without width.
fn is_hidden(letter: char) -> bool {
    matches!(letter,
        '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}' | '\u{891}' | '\u{8e2}'
        | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{13430}'..='\u{13455}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Tells whether a character stands over the letter before it.
fn is_mark(letter: char) -> bool {
    matches!(letter,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_is_bounded_and_blank_space_is_one_space() {
        assert_eq!(
            plain("  a\u{1b}[2J\r\n\t b\u{a0}\u{3000}c ", 99),
            "a [2J b c"
        );
        assert_eq!(plain("abcdef", 6), "abcdef");
        assert_eq!(plain("abcdefg", 6), "abcde…");
        assert_eq!(plain("abcd efgh", 6), "abcd…");
        assert_eq!(
            (plain("abc", 1), plain("abc", 0)),
            ("…".into(), String::new())
        );
        assert_eq!(plain("äöü ß", 5), "äöü ß");
    }

    #[test]
    fn nothing_turns_the_direction_or_hides() {
        assert_eq!(
            plain(
                "safe\u{202e}gpj.exe\u{202c} \u{2066}x\u{2069}\u{200f}\u{61c}",
                99
            ),
            "safegpj.exe x"
        );
        assert_eq!(
            plain("pro\u{200b}d\u{feff} a\u{ad}b \u{e0041}c", 99),
            "prod ab c"
        );
        assert_eq!(plain("one\u{2028}two\u{2029}three", 99), "one two three");
        assert_eq!(plain("\u{202e}\u{200b}\u{7}", 99), "");
        assert_eq!(
            plain(&format!("e{}", "\u{301}".repeat(50)), 99)
                .chars()
                .count(),
            1 + MARKS
        );
    }

    #[test]
    fn lines_stay_where_they_are_wanted() {
        assert_eq!(
            plain_lines("one \n\n\n\n two\u{2028}three\n", 99),
            "one\n\ntwo\nthree"
        );
        assert_eq!(plain_lines("\n one\r\ntwo", 99), "one\ntwo");
    }

    #[test]
    fn right_to_left_letters_are_found() {
        assert!(is_right_to_left("a שלום") && is_right_to_left("مرحبا"));
        assert!(!is_right_to_left("latin, Кириллица, 漢字, é"));
    }

    proptest! {
        #[test]
        fn hostile_texts_come_out_bounded_visible_and_the_same_twice(text in "\\PC{0,20}[\\x00-\\x20\u{85}\u{ad}\u{200b}-\u{200f}\u{2028}-\u{202e}\u{2060}-\u{206f}\u{e0020}-\u{e007f}]{0,9}\\PC{0,200}", most in 0_usize..120) {
            for (clean, lines) in [(plain(&text, most), false), (plain_lines(&text, most), true)] {
                prop_assert!(clean.chars().count() <= most);
                prop_assert!(clean.chars().all(|letter| !is_hidden(letter)));
                prop_assert!(clean.chars().all(|letter| letter == ' ' || (lines && letter == '\n') || !is_blank(letter)));
                let again = if lines { plain_lines(&clean, most) } else { plain(&clean, most) };
                prop_assert_eq!(again, clean);
            }
        }
    }
}
