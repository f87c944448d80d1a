//! What a terminal was told, as the lines that were seen on it: without colours, without what was written over.
//!
//! Not here: what the lines mean (`table`). Grows by what else programs send to terminals.

/// The longest line that is read, in characters; a row of a table is a few hundred.
const LINE: usize = 4096;

/// Returns the lines of a text, each with its number, counted from 1. One that is too long is empty.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (usize, String)> + '_ {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    (1..).zip(text.split('\n').map(line))
}

fn line(raw: &str) -> String {
    // Some characters are several bytes, and colours are none that are seen.
    if raw.len() > LINE * 8 {
        return String::new();
    }
    let shown = without_escapes(raw);
    let shown = shown.trim_end_matches('\r');
    // A spinner goes back to the begin of its line, and is written over.
    let shown = shown.rsplit('\r').next().unwrap_or_default();
    if shown.chars().count() > LINE {
        return String::new();
    }
    let seen = shown
        .chars()
        .filter(|letter| !matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'));
    seen.map(|letter| match letter {
        '\t' => '\t',
        '\u{a0}' => ' ',
        letter if letter.is_control() => ' ',
        letter => letter,
    })
    .collect()
}

/// Leaves out what moves a terminal or colours it (ECMA-48): `ESC [ … letter`, `ESC ] … BEL`, `ESC letter`.
fn without_escapes(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let begun = match letter {
            '\u{9b}' => Some('['),
            '\u{1b}' => letters.next(),
            letter => {
                kept.push(letter);
                continue;
            }
        };
        match begun {
            Some('[') => {
                letters.by_ref().find(|c| matches!(c, '\u{40}'..='\u{7e}'));
            }
            Some(']') => {
                while let Some(c) = letters.next() {
                    if c == '\u{7}' {
                        break;
                    }
                    if c == '\u{1b}' {
                        letters.next_if_eq(&'\\');
                        break;
                    }
                }
            }
            Some('(' | ')') => {
                letters.next();
            }
            _ => {}
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(text: &str) -> Vec<String> {
        lines(text).map(|(_, line)| line).collect()
    }

    #[test]
    fn colours_and_what_was_written_over_are_not_seen() {
        let text = "\u{feff}\u{1b}[1;32mtag\u{1b}[0m\u{1b}]0;title\u{7} x\r\n⠋ wait\r⠙ wait\rdone\ta\u{a0}b\r\n\u{9b}31mred\u{1b}";
        assert_eq!(seen(text), ["tag x", "done\ta b", "red"]);
    }

    #[test]
    fn hostile_a_line_that_is_too_long_is_empty_and_an_escape_without_an_end_ends_with_its_line() {
        let text = format!("{}\nb\u{1b}[12\nc\u{1b}]never\nd", "x".repeat(LINE + 1));
        assert_eq!(seen(&text), ["", "b", "c", "d"]);
        assert_eq!(lines(&text).last().unwrap().0, 4);
    }
}
