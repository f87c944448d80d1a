//! Rust's text as words and signs: no comments, no literals.

/// One piece of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A name or keyword.
    Word(String),
    /// `::`.
    Colons,
    /// Any other sign.
    Sign(char),
    /// A string, character or number.
    Literal,
}

/// Cuts a file into its pieces.
pub(super) fn read(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        let next = chars.get(at + 1).copied();
        at = match (c, next) {
            ('/', Some('/')) => line_end(&chars, at),
            ('/', Some('*')) => comment_end(&chars, at),
            ('"', _) => {
                tokens.push(Token::Literal);
                string_end(&chars, at)
            }
            ('\'', _) => {
                tokens.push(Token::Literal);
                quote_end(&chars, at)
            }
            (':', Some(':')) => {
                tokens.push(Token::Colons);
                at + 2
            }
            _ if c.is_alphanumeric() || c == '_' => word(&chars, at, &mut tokens),
            _ => {
                if !c.is_whitespace() {
                    tokens.push(Token::Sign(c));
                }
                at + 1
            }
        };
    }
    tokens
}

fn line_end(chars: &[char], from: usize) -> usize {
    let length = chars[from..].iter().position(|c| *c == '\n');
    length.map_or(chars.len(), |length| from + length)
}

/// Finds the end of a block comment; they nest.
fn comment_end(chars: &[char], from: usize) -> usize {
    let mut depth = 0;
    let mut at = from;
    while at < chars.len() {
        match (chars[at], chars.get(at + 1)) {
            ('/', Some('*')) => (depth, at) = (depth + 1, at + 2),
            ('*', Some('/')) if depth == 1 => return at + 2,
            ('*', Some('/')) => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
    }
    at
}

fn string_end(chars: &[char], from: usize) -> usize {
    let mut at = from + 1;
    while at < chars.len() {
        match chars[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    at
}

/// Finds the end of a character or of a lifetime, which has no second quote.
fn quote_end(chars: &[char], from: usize) -> usize {
    match (chars.get(from + 1), chars.get(from + 2)) {
        (Some('\\'), _) => {
            let rest = chars.get(from + 3..).unwrap_or_default();
            let length = rest.iter().position(|c| *c == '\'').unwrap_or(rest.len());
            from + 3 + length + 1
        }
        (Some(_), Some('\'')) => from + 3,
        _ => from + 1,
    }
}

/// Reads a word, or the literal that it begins: `r"…"`, `br#"…"#`, `b'…'`, `c"…"`, `r#name`, `12u8`.
fn word(chars: &[char], from: usize, tokens: &mut Vec<Token>) -> usize {
    let length = chars[from..]
        .iter()
        .position(|c| !c.is_alphanumeric() && *c != '_')
        .unwrap_or(chars.len() - from);
    let end = from + length;
    let word: String = chars[from..end].iter().collect();
    let after = chars.get(end).copied();
    match (word.as_str(), after) {
        ("r" | "br" | "cr", Some('"' | '#')) => {
            let hashes = chars[end..].iter().take_while(|c| **c == '#').count();
            if chars.get(end + hashes) == Some(&'"') {
                tokens.push(Token::Literal);
                return raw_end(chars, end + hashes + 1, hashes);
            }
            // `r#name` is a name.
            end + 1
        }
        ("b" | "c", Some('"')) => {
            tokens.push(Token::Literal);
            string_end(chars, end)
        }
        ("b", Some('\'')) => {
            tokens.push(Token::Literal);
            quote_end(chars, end)
        }
        _ => {
            let number = word.starts_with(|c: char| c.is_ascii_digit());
            tokens.push(if number {
                Token::Literal
            } else {
                Token::Word(word)
            });
            end
        }
    }
}

fn raw_end(chars: &[char], from: usize, hashes: usize) -> usize {
    let mut at = from;
    while at < chars.len() {
        let closing = chars[at + 1..].iter().take_while(|c| **c == '#').count();
        if chars[at] == '"' && closing >= hashes {
            return at + 1 + hashes;
        }
        at += 1;
    }
    at
}
