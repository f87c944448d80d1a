//! From pieces of text to what a file declares and names.

use super::tokens::Token;

/// What a file says about modules. The first list of each holds the inline modules around it, outermost first.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// `mod x { … }`, its name at the end.
    Inline(Vec<String>),
    /// `mod x;`, its name at the end.
    File(Vec<String>),
    /// A path that is named, as its segments.
    Path(Vec<String>, Vec<String>),
}

/// Words that begin an item, which then ends with a block or a semicolon.
const ITEMS: &[&str] = &[
    "async",
    "const",
    "enum",
    "extern",
    "fn",
    "impl",
    "let",
    "macro_rules",
    "mod",
    "pub",
    "static",
    "struct",
    "trait",
    "type",
    "union",
    "unsafe",
    "use",
];

/// Reads what a file declares and names, outside of tests.
pub(super) fn read(tokens: &[Token]) -> Vec<Item> {
    let mut reader = Reader {
        tokens,
        at: 0,
        inside: Vec::new(),
        depth: 0,
        items: Vec::new(),
    };
    while reader.at < tokens.len() {
        reader.step();
    }
    reader.items
}

struct Reader<'a> {
    tokens: &'a [Token],
    at: usize,
    /// The inline modules around, each with the depth its block stands at.
    inside: Vec<(String, usize)>,
    depth: usize,
    items: Vec<Item>,
}

impl Reader<'_> {
    fn step(&mut self) {
        match &self.tokens[self.at] {
            Token::Sign('#') => self.attribute(),
            Token::Sign('{') => {
                self.depth += 1;
                self.at += 1;
            }
            Token::Sign('}') => {
                self.depth = self.depth.saturating_sub(1);
                self.inside.retain(|(_, depth)| *depth <= self.depth);
                self.at += 1;
            }
            Token::Word(word) => match word.as_str() {
                "mod" => self.module(),
                "use" => {
                    self.at += 1;
                    self.tree(&[]);
                }
                "pub" => self.visibility(),
                _ => self.path(),
            },
            _ => self.at += 1,
        }
    }

    fn sign(&self, ahead: usize) -> Option<char> {
        match self.tokens.get(self.at + ahead) {
            Some(Token::Sign(sign)) => Some(*sign),
            _ => None,
        }
    }

    fn word(&self, ahead: usize) -> Option<&str> {
        match self.tokens.get(self.at + ahead) {
            Some(Token::Word(word)) => Some(word),
            _ => None,
        }
    }

    fn around(&self) -> Vec<String> {
        self.inside.iter().map(|(name, _)| name.clone()).collect()
    }

    /// Skips an attribute, and the item under it where that is for tests only.
    fn attribute(&mut self) {
        let from = self.at + 1 + usize::from(self.sign(1) == Some('!'));
        if self.tokens.get(from) != Some(&Token::Sign('[')) {
            self.at += 1;
            return;
        }
        let end = self.block_end(from);
        let is = |at: usize, word: &str| matches!(self.tokens.get(at), Some(Token::Word(found)) if found == word);
        let words = |word: &str| (from..end).any(|at| is(at, word));
        let test = is(from + 1, "test")
            || (is(from + 1, "cfg") && words("test") && !words("not"))
            || (is(from + 1, "tokio") && words("test"));
        self.at = end;
        if test {
            self.skip_item();
        }
    }

    /// Finds the place after a block that opens here.
    fn block_end(&self, open: usize) -> usize {
        let mut depth = 0_usize;
        for (at, token) in self.tokens.iter().enumerate().skip(open) {
            match token {
                Token::Sign('(' | '[' | '{') => depth += 1,
                Token::Sign(')' | ']' | '}') => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return at + 1;
                    }
                }
                _ => {}
            }
        }
        self.tokens.len()
    }

    /// Skips one item with its attributes, or a field.
    fn skip_item(&mut self) {
        while self.sign(0) == Some('#') && self.sign(1) == Some('[') {
            self.at = self.block_end(self.at + 1);
        }
        let is_item = self.word(0).is_some_and(|word| ITEMS.contains(&word));
        let mut uses = false;
        while let Some(token) = self.tokens.get(self.at) {
            match token {
                Token::Word(word) if word == "use" => uses = true,
                Token::Sign('{') if !uses => {
                    self.at = self.block_end(self.at);
                    return;
                }
                Token::Sign('(' | '[' | '{') => {
                    self.at = self.block_end(self.at);
                    continue;
                }
                Token::Sign('}') => return,
                Token::Sign(';') => break,
                Token::Sign(',') if !is_item => break,
                _ => {}
            }
            self.at += 1;
        }
        self.at += 1;
    }

    fn module(&mut self) {
        let Some(name) = self.word(1).map(str::to_owned) else {
            self.at += 1;
            return;
        };
        let mut whole = self.around();
        whole.push(name.clone());
        match self.sign(2) {
            Some(';') => self.items.push(Item::File(whole)),
            Some('{') => {
                self.depth += 1;
                self.inside.push((name, self.depth));
                self.items.push(Item::Inline(whole));
            }
            _ => {}
        }
        self.at += 3;
    }

    /// Skips `pub`, and the path in `pub(in …)`: who may see a thing is no import.
    fn visibility(&mut self) {
        let limited = self.sign(1) == Some('(')
            && matches!(self.word(2), Some("crate" | "super" | "self" | "in"));
        self.at = if limited {
            self.block_end(self.at + 1)
        } else {
            self.at + 1
        };
    }

    /// Reads a `use` tree, `before` being what stands in front of it.
    fn tree(&mut self, before: &[String]) {
        let mut path = before.to_vec();
        loop {
            match self.tokens.get(self.at) {
                Some(Token::Colons | Token::Sign('*')) => self.at += 1,
                Some(Token::Word(word)) if word == "as" => self.at += 2,
                Some(Token::Word(word)) => {
                    // `use a::{self}` names `a`.
                    if word != "self" || path.is_empty() {
                        path.push(word.clone());
                    }
                    self.at += 1;
                }
                Some(Token::Sign('{')) => {
                    self.at += 1;
                    while !matches!(self.tokens.get(self.at), None | Some(Token::Sign('}'))) {
                        self.tree(&path);
                        if self.sign(0) == Some(',') {
                            self.at += 1;
                        }
                    }
                    self.at += 1;
                    return;
                }
                _ => break,
            }
        }
        self.items.push(Item::Path(self.around(), path));
    }

    /// Reads a path in the middle of code, if one begins here.
    fn path(&mut self) {
        let from = self.at;
        let before = from.checked_sub(1).and_then(|at| self.tokens.get(at));
        let inside = matches!(before, Some(Token::Colons | Token::Sign('.')));
        let mut path = Vec::new();
        while let Some(word) = self.word(0) {
            path.push(word.to_owned());
            self.at += 1;
            if self.tokens.get(self.at) != Some(&Token::Colons) {
                break;
            }
            self.at += 1;
        }
        if path.len() > 1 && !inside {
            self.items.push(Item::Path(self.around(), path));
        }
        self.at = self.at.max(from + 1);
    }
}
