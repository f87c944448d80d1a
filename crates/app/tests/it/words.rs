//! No sentence outside `words`: read from the sources, with no list of exceptions.
//!
//! What stands under `#[cfg(test)]` and in comments is left out. Not here: the sentences themselves; they are in one
//! file, `src/words/snapshots`.

use std::path::Path;
use testkit::imports;

/// What a source says, with its comments taken out and each string literal put aside.
#[derive(Default)]
struct Source {
    /// The code; where a literal stood is a `"`.
    code: String,
    /// The literals, each with its place in the code.
    literals: Vec<(usize, String)>,
}

impl Source {
    fn read(text: &str) -> Self {
        let mut source = Self::default();
        let mut rest = text;
        while let Some(letter) = rest.chars().next() {
            rest = source.take(letter, rest);
        }
        source.without_tests()
    }

    /// Takes one comment, literal or letter; returns what is left.
    fn take<'a>(&mut self, letter: char, rest: &'a str) -> &'a str {
        let after = |text: &'a str, end: &str| text.split_once(end).map_or("", |(_, after)| after);
        let named = self
            .code
            .ends_with(|c: char| c.is_alphanumeric() || c == '_');
        if rest.starts_with("//") {
            return rest.find('\n').map_or("", |end| &rest[end..]);
        }
        if rest.starts_with("/*") {
            return after(rest, "*/");
        }
        if let Some(raw) = rest.strip_prefix('r').filter(|_| !named) {
            let fence = raw.len() - raw.trim_start_matches('#').len();
            if let Some(raw) = raw[fence..].strip_prefix('"') {
                let end = format!("\"{}", &rest[1..=fence]);
                let (literal, left) = raw.split_once(&end).unwrap();
                self.put_aside(literal.to_owned());
                return left;
            }
        }
        if letter == '"' {
            return self.take_string(&rest[1..]);
        }
        if letter == '\'' {
            let mut letters = rest.chars().skip(1);
            let escaped = letters.next() == Some('\\');
            if escaped {
                // At least one letter belongs to the escape, be it a quote.
                return after(&rest[3..], "'");
            }
            if letters.next() == Some('\'') {
                return after(&rest[1..], "'");
            }
        }
        self.code.push(letter);
        &rest[letter.len_utf8()..]
    }

    fn take_string<'a>(&mut self, rest: &'a str) -> &'a str {
        let mut literal = String::new();
        let mut letters = rest.char_indices();
        while let Some((at, letter)) = letters.next() {
            match letter {
                '"' => {
                    self.put_aside(literal);
                    return &rest[at + 1..];
                }
                '\\' => literal.extend(letters.next().map(|(_, letter)| letter)),
                _ => literal.push(letter),
            }
        }
        ""
    }

    fn put_aside(&mut self, literal: String) {
        self.literals.push((self.code.len(), literal));
        self.code.push('"');
    }

    /// Takes out each item that only tests compile.
    fn without_tests(mut self) -> Self {
        let mut tests = Vec::new();
        for (begin, _) in self.code.match_indices("#[cfg(test)]") {
            let mut depth = 0_usize;
            let mut letters = self.code[begin..].char_indices();
            let end = letters.find(|(_, letter)| match letter {
                '{' => {
                    depth += 1;
                    false
                }
                '}' => {
                    depth = depth.saturating_sub(1);
                    depth == 0
                }
                ';' => depth == 0,
                _ => false,
            });
            tests.push(begin..begin + end.map_or(usize::MAX - begin, |(at, _)| at));
        }
        self.literals
            .retain(|(at, _)| !tests.iter().any(|test| test.contains(at)));
        self
    }

    /// The literals that look like a sentence, and those that are given as a hint.
    fn sentences(&self) -> Vec<&str> {
        let hint = |at: usize| self.code[..at].trim_end().ends_with(".hint(");
        self.literals
            .iter()
            .filter(|(at, literal)| hint(*at) || is_sentence(literal))
            .map(|(_, literal)| literal.as_str())
            .collect()
    }
}

fn is_sentence(literal: &str) -> bool {
    let text = literal.trim();
    text.contains(' ') && text.ends_with(['.', '!', '?', '…'])
}

#[test]
fn no_sentence_stands_outside_words() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut found, mut read) = (Vec::new(), 0);
    let (mut inside, mut files) = (0, 0);
    // Files that only tests compile are none of these.
    for file in imports::read(&sources).unwrap().keys() {
        let source = Source::read(&std::fs::read_to_string(sources.join(file)).unwrap());
        let sentences = source.sentences();
        if file.starts_with("words") {
            inside += sentences.len();
            continue;
        }
        files += 1;
        read += source.literals.len();
        let told = sentences
            .iter()
            .map(|text| format!("{}: {text}", file.display()));
        found.extend(told);
    }
    assert!(found.is_empty(), "these belong into words: {found:#?}");
    assert!(
        files > 90 && read > 200,
        "too little was read: {files} files, {read} literals"
    );
    assert!(
        inside > 200,
        "the sentences were not found where they are: {inside}"
    );
}

#[test]
fn a_sentence_is_found_wherever_it_stands() {
    let text = r##"
        // "A comment is none."
        /* "Nor is this." */
        /// "Nor this one."
        fn one<'a>(quote: char) -> bool { quote == '"' || quote == '\'' || quote == 'r' }
        const A: &str = "It is one.";
        const B: &str = "so_is_no.word";
        const C: &str = r#"It says "yes"!"#;
        const D: &str = "It goes on \
            here…";
        const E: &str = "a fragment";
        fn two(problem: Problem) -> Problem { problem.hint("again") }
        #[cfg(test)]
        const F: &str = "It is a test's.";
        #[cfg(test)]
        mod tests {
            fn three() { let _ = ("Not here.", "{ nor here }"); }
        }
        const G: &str = "It is the last?";
    "##;
    let source = Source::read(text);
    let sentences = source.sentences();
    assert_eq!(sentences.len(), 5, "{sentences:?}");
    for (sentence, begin) in sentences.iter().zip([
        "It is one.",
        "It says",
        "It goes",
        "again",
        "It is the last?",
    ]) {
        assert!(sentence.starts_with(begin), "{sentences:?}");
    }
}
