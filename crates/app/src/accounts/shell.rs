//! A pasted text as a shell would take it apart: words, quotes, operators. Nothing is run and nothing expanded.
//!
//! Not here: what the words mean (`login_line`). Grows by a piece of shell grammar that people paste.

use std::iter::Peekable;
use std::str::Chars;

/// A word of a command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Word {
    /// Without its quotes.
    pub text: String,
    /// As it stood there: a path of Windows keeps its backslashes.
    pub raw: String,
    /// True where single quotes kept the shell from putting in a variable.
    pub literal: bool,
}

/// What joins a command to the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Joint {
    /// It stands by itself.
    None,
    /// It reads what the former writes.
    Pipe,
}

/// One command of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Command {
    /// Its words, redirections left out.
    pub words: Vec<Word>,
    /// How it hangs on the former one.
    pub joint: Joint,
    /// The words it is given to read: `<<< words`, or the first line of a `<<` document.
    pub reads: Option<Word>,
}

/// Takes a text apart into its commands.
pub(super) fn commands(text: &str) -> Vec<Command> {
    let mut reader = Reader {
        letters: text.chars().peekable(),
        done: Vec::new(),
        now: empty(Joint::None),
        word: None,
        next: Next::Word,
        document: None,
    };
    reader.read();
    reader.done
}

fn empty(joint: Joint) -> Command {
    Command {
        words: Vec::new(),
        joint,
        reads: None,
    }
}

/// What the next word is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    /// One of the command.
    Word,
    /// Where something is read from or written to.
    File,
    /// What is read.
    Text,
    /// The name by which a document ends.
    Document,
}

struct Reader<'a> {
    letters: Peekable<Chars<'a>>,
    done: Vec<Command>,
    now: Command,
    word: Option<Word>,
    next: Next,
    /// The name by which the document that is announced ends.
    document: Option<String>,
}

impl Reader<'_> {
    fn read(&mut self) {
        while let Some(letter) = self.letters.next() {
            match letter {
                '\'' => self.quoted_whole(),
                '"' => self.quoted(),
                '\\' => self.escaped(),
                // Line ends that cmd and PowerShell are told to pass over.
                '^' | '`' if self.at_line_end() => {
                    self.letters.next_if_eq(&'\r');
                    self.letters.next_if_eq(&'\n');
                }
                '`' => self.enclosed(letter, '`'),
                '$' if self.letters.peek() == Some(&'(') => self.enclosed(letter, ')'),
                '|' => {
                    let both = self.letters.next_if_eq(&'|').is_some();
                    self.end_command(if both { Joint::None } else { Joint::Pipe });
                }
                '\n' => self.end_line(),
                ';' | '&' => self.end_command(Joint::None),
                '<' => self.redirected(),
                '>' => {
                    // Behind a folder it is the end of a prompt.
                    let prompt = self.word.take_if(|word| word.raw.contains(['\\', ':']));
                    self.end_word();
                    if prompt.is_some() {
                        continue;
                    }
                    self.letters.next_if_eq(&'>');
                    self.letters.next_if_eq(&'&');
                    self.next = Next::File;
                }
                _ if letter.is_whitespace() => self.end_word(),
                _ => self.put(letter),
            }
        }
        self.end_command(Joint::None);
    }

    fn word(&mut self) -> &mut Word {
        self.word.get_or_insert_default()
    }

    fn put(&mut self, letter: char) {
        let word = self.word();
        word.text.push(letter);
        word.raw.push(letter);
    }

    fn at_line_end(&self) -> bool {
        let mut ahead = self.letters.clone();
        ahead.next_if_eq(&'\r');
        ahead.next() == Some('\n')
    }

    /// Reads up to the closing single quote; nothing in it means anything.
    fn quoted_whole(&mut self) {
        self.word().literal = true;
        self.word().raw.push('\'');
        for letter in self.letters.by_ref().take_while(|letter| *letter != '\'') {
            let word = self.word.get_or_insert_default();
            word.text.push(letter);
            word.raw.push(letter);
        }
        self.word().raw.push('\'');
    }

    /// Reads up to the closing double quote; a backslash escapes a few signs only.
    fn quoted(&mut self) {
        self.word().raw.push('"');
        while let Some(letter) = self.letters.next() {
            match letter {
                '"' => break,
                '\\' => match self.letters.peek() {
                    Some('\n') => {
                        self.letters.next();
                    }
                    Some(&next @ ('$' | '`' | '"' | '\\')) => {
                        self.letters.next();
                        self.word().text.push(next);
                        self.word().raw.extend(['\\', next]);
                    }
                    _ => self.put('\\'),
                },
                _ => self.put(letter),
            }
        }
        self.word().raw.push('"');
    }

    /// Reads what a backslash escapes. Before a line's end it just joins the lines.
    fn escaped(&mut self) {
        if self.at_line_end() {
            self.letters.next_if_eq(&'\r');
            self.letters.next();
        } else if let Some(next) = self.letters.next() {
            self.word().text.push(next);
            self.word().raw.extend(['\\', next]);
        }
    }

    /// Takes a command within the command as one piece: it is not run here.
    fn enclosed(&mut self, first: char, end: char) {
        self.put(first);
        let mut deep = 0_usize;
        while let Some(letter) = self.letters.next() {
            self.put(letter);
            if letter == '(' && end == ')' {
                deep += 1;
            } else if letter == end {
                deep = deep.saturating_sub(1);
                if deep == 0 {
                    break;
                }
            }
        }
    }

    /// Reads `<`, `<<`, `<<-` or `<<<`.
    fn redirected(&mut self) {
        self.end_word();
        self.next = Next::File;
        if self.letters.next_if_eq(&'<').is_some() {
            self.next = Next::Document;
            if self.letters.next_if_eq(&'<').is_some() {
                self.next = Next::Text;
            } else {
                self.letters.next_if_eq(&'-');
            }
        }
    }

    fn end_word(&mut self) {
        let Some(word) = self.word.take() else { return };
        match std::mem::replace(&mut self.next, Next::Word) {
            Next::Word => self.now.words.push(word),
            Next::File => {}
            Next::Text => self.now.reads = Some(word),
            Next::Document => self.document = Some(word.text),
        }
    }

    /// Ends a line; the document that begins behind it is read to its end, and its first line kept.
    fn end_line(&mut self) {
        self.end_word();
        if let Some(name) = self.document.take() {
            let mut first = None;
            loop {
                let line: String = self
                    .letters
                    .by_ref()
                    .take_while(|letter| *letter != '\n')
                    .collect();
                if line.trim() == name || (line.is_empty() && self.letters.peek().is_none()) {
                    break;
                }
                first.get_or_insert(line);
            }
            self.now.reads = first.map(|line| Word {
                text: line.trim_end_matches('\r').to_owned(),
                raw: line,
                literal: false,
            });
        }
        self.end_command(Joint::None);
    }

    fn end_command(&mut self, joint: Joint) {
        self.end_word();
        self.next = Next::Word;
        let ended = std::mem::replace(&mut self.now, empty(joint));
        if !ended.words.is_empty() || ended.reads.is_some() {
            self.done.push(ended);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<Vec<String>> {
        let texts = |command: Command| command.words.into_iter().map(|word| word.text).collect();
        commands(text).into_iter().map(texts).collect()
    }

    #[test]
    fn words_are_split_as_a_shell_does() {
        for (text, wanted) in [
            ("a  b\tc", vec![vec!["a", "b", "c"]]),
            ("'a b' \"c d\" e\\ f", vec![vec!["a b", "c d", "e f"]]),
            ("a\"b\"'c' ''", vec![vec!["abc", ""]]),
            (r#""a\$b\n\"" 'c\d'"#, vec![vec!["a$b\\n\"", "c\\d"]]),
            ("a \\\n b ^\r\n c `\n d", vec![vec!["a", "b", "c", "d"]]),
            (
                "a | b && c; d\ne",
                vec![vec!["a"], vec!["b"], vec!["c"], vec!["d"], vec!["e"]],
            ),
            (
                "a $(b 'c d' (e)) f `g h` i",
                vec![vec!["a", "$(b 'c d' (e))", "f", "`g h`", "i"]],
            ),
            ("a <f >g 2>&1 b", vec![vec!["a", "2", "b"]]),
            ("a 'open", vec![vec!["a", "open"]]),
            ("", vec![]),
        ] {
            assert_eq!(words(text), wanted, "{text}");
        }
    }

    #[test]
    fn what_a_command_reads_is_told() {
        let reads = |text: &str| commands(text).remove(0).reads.map(|word| word.text);
        assert_eq!(reads("a <<< 'b c' d").as_deref(), Some("b c"));
        assert_eq!(reads("a <<EOF\nb c\nd\nEOF\n").as_deref(), Some("b c"));
        assert_eq!(reads("a <<EOF"), None);
        assert_eq!(reads("a < b"), None);
        assert_eq!(commands("a | b")[1].joint, Joint::Pipe);
        assert_eq!(commands("a || b")[1].joint, Joint::None);
    }
}
