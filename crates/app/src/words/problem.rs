//! How a problem, and a note, are put together from what is said. Not here: the types (`view`). Grows by another thing
//! that carries a sentence.

use crate::view::note::Note;
use crate::view::problem::{Code, Problem};
use crate::view::said::Said;

/// The longest detail that reaches the window, in characters.
const DETAIL: usize = 4096;

impl Said {
    /// Makes a problem of it.
    pub(crate) fn problem(self) -> Problem {
        self.coded(Code::Other)
    }

    /// Makes a problem of it that the window branches on.
    pub(crate) fn coded(self, code: Code) -> Problem {
        Problem {
            code,
            message: self.text(),
            hints: Vec::new(),
            detail: None,
            said: vec![self],
        }
    }

    /// Makes a note of it that names a commit tag.
    pub(crate) fn note_of(self, commit_tag: impl Into<String>) -> Note {
        Note {
            commit_tag: Some(commit_tag.into()),
            ..Note::from(self)
        }
    }
}

impl From<Said> for Note {
    fn from(said: Said) -> Self {
        Self {
            text: said.text(),
            commit_tag: None,
            said,
        }
    }
}

impl Problem {
    /// Adds what to do next.
    pub(crate) fn hint(mut self, hint: Said) -> Self {
        self.hints.push(hint.text());
        self.said.push(hint);
        self
    }

    /// Adds the other side's own words.
    pub(crate) fn detail(mut self, words: Option<String>) -> Self {
        if let Some(words) = words.map(|words| oci::text::plain_lines(&words, DETAIL))
            && !words.is_empty()
        {
            self.detail = Some(words);
        }
        self
    }

    /// Returns what happened, as it was said: to be quoted in another sentence.
    pub(crate) fn what(&self) -> Said {
        self.said.first().cloned().unwrap_or_default()
    }

    /// Says what happened in another way; what to do next stays.
    pub(crate) fn retold(mut self, code: Code, said: Said) -> Self {
        self.code = code;
        self.message = said.text();
        self.said.splice(..self.said.len().min(1), [said]);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::super::general::{quoted, try_again};
    use super::*;

    #[test]
    fn details_are_bounded_at_a_character() {
        let long = "ä".repeat(5000);
        let detail = quoted("x").problem().detail(Some(long)).detail.unwrap();
        assert!(detail.chars().count() <= DETAIL && detail.ends_with('…'));
        assert_eq!(quoted("x").problem().detail(Some("  ".into())).detail, None);
    }

    #[test]
    fn a_problem_carries_what_it_says_and_none_of_it_crosses() {
        let problem = quoted("x").problem().hint(try_again());
        assert_eq!(problem.said, [quoted("x"), try_again()]);
        let wire = serde_json::to_value(&problem).unwrap();
        assert_eq!(
            wire,
            serde_json::json!({"code": "other", "message": "x", "hints": ["Try again."], "detail": null})
        );
        let retold = problem.retold(Code::NotKept, quoted("y"));
        assert_eq!((retold.message.as_str(), retold.hints.len()), ("y", 1));
        assert_eq!(retold.said, [quoted("y"), try_again()]);
    }
}
