//! How well a name answers what was typed. Pure; the window has the same rule for what it knows by itself
//! (`ui/src/lib/palette/fit.ts`), and both are tried with the same examples.

use crate::view::find::Fit;

/// What was typed, made ready: in small letters, word by word.
pub struct Typed {
    words: Vec<String>,
}

impl Typed {
    /// Reads what was typed.
    pub fn new(text: &str) -> Self {
        Self {
            words: text
                .to_lowercase()
                .split_whitespace()
                .map(str::to_owned)
                .collect(),
        }
    }

    /// Returns what was typed where it is one word.
    pub fn only(&self) -> Option<&str> {
        match self.words.as_slice() {
            [word] => Some(word),
            _ => None,
        }
    }

    /// Returns the first words and the last one, where there are several.
    pub fn parted(&self) -> Option<(String, &str)> {
        let (last, first) = self.words.split_last()?;
        (!first.is_empty()).then(|| (first.join(" "), last.as_str()))
    }

    /// Tells how a name answers all the words: as well as it answers the one it answers worst.
    pub fn fit(&self, name: &str) -> Option<Fit> {
        let mut low = [0_u8; MOST];
        let bytes = name.as_bytes();
        let low = low.get_mut(..bytes.len())?;
        low.copy_from_slice(bytes);
        low.make_ascii_lowercase();
        let mut worst = None;
        for word in &self.words {
            worst = worst.max(Some(of_word(low, word.as_bytes())?));
        }
        worst
    }
}

/// No name that a registry allows is longer; a longer one answers nothing.
const MOST: usize = 512;

fn of_word(name: &[u8], word: &[u8]) -> Option<Fit> {
    let last = name
        .iter()
        .rposition(|byte| *byte == b'/')
        .map_or(name, |slash| &name[slash + 1..]);
    if name == word || last == word {
        return Some(Fit::Exact);
    }
    if name.starts_with(word) || last.starts_with(word) {
        return Some(Fit::Beginning);
    }
    let first = *word.first()?;
    let mut inside = false;
    for at in 0..name.len() {
        if name[at] == first && name[at..].starts_with(word) {
            if begins_word(name, at) {
                return Some(Fit::Word);
            }
            inside = true;
        }
    }
    if inside {
        return Some(Fit::Inside);
    }
    // Where the rest doesn't follow the first place, it follows no later one.
    let from = (0..name.len()).find(|at| name[*at] == first && begins_word(name, *at))?;
    let mut wanted = word.iter();
    let mut next = wanted.next();
    for byte in &name[from..] {
        if next == Some(byte) {
            next = wanted.next();
        }
    }
    next.is_none().then_some(Fit::Letters)
}

/// Tells whether a word begins here: at the beginning, and after what is no letter and no digit.
fn begins_word(name: &[u8], at: usize) -> bool {
    at == 0 || (name[at - 1].is_ascii() && !name[at - 1].is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The window's rule is tried with these, too (`ui/src/lib/palette/fit.test.ts`).
    const EXAMPLES: &str = include_str!("../../../../ui/src/lib/palette/fit.examples.json");

    #[test]
    fn a_name_answers_as_the_examples_say() {
        let examples: Vec<(String, String, Option<String>)> =
            serde_json::from_str(EXAMPLES).unwrap();
        assert!(examples.len() > 10);
        for (typed, name, wanted) in examples {
            let fit = Typed::new(&typed).fit(&name);
            let fit = fit.map(|fit| {
                serde_json::to_value(fit)
                    .unwrap()
                    .as_str()
                    .unwrap()
                    .to_owned()
            });
            assert_eq!(fit, wanted, "{typed} in {name}");
        }
    }

    #[test]
    fn what_was_typed_is_parted_before_its_last_word() {
        assert_eq!(
            Typed::new(" Aligner  V3 ").parted(),
            Some(("aligner".to_owned(), "v3"))
        );
        assert_eq!(Typed::new("v3").parted(), None);
        assert_eq!(Typed::new("v3 ").only(), Some("v3"));
        assert_eq!(Typed::new("").fit("v3"), None);
    }

    #[test]
    fn hostile_a_name_longer_than_any_answers_nothing() {
        assert_eq!(Typed::new("a").fit(&"a".repeat(MOST)), Some(Fit::Beginning));
        assert_eq!(Typed::new("a").fit(&"a".repeat(MOST + 1)), None);
    }
}
