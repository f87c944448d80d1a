//! Which files of a folder a build leaves out: `.dockerignore`, read as Docker reads it.
//!
//! What it is: the rules of the file and the question whether one path is left out. What it is not: it reads no disk. Of
//! the rules the last one that fits counts; a rule holds for all that lies below what it fits. Grows by nothing.

use crate::Error;

/// The rules of one `.dockerignore`.
#[derive(Debug, Clone, Default)]
pub(super) struct Ignore {
    rules: Vec<Rule>,
}

/// What is known of a folder, for the paths below it: which rules fitted it or a folder above it.
#[derive(Debug, Clone, Default)]
pub(super) struct Fitted(Vec<bool>);

#[derive(Debug, Clone)]
struct Rule {
    /// It begins with `!`: what it fits is not left out.
    exception: bool,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    /// This character.
    One(char),
    /// `?`: any but `/`.
    Any,
    /// `*`: any number but of `/`.
    Star,
    /// `**`: any number of folders, each with its `/`.
    Folders,
    /// `**` at the end: all that follows.
    Rest,
    /// `[a-z]`, `[^a-z]`.
    Class {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
}

impl Ignore {
    /// Reads the text of the file of this name.
    pub(super) fn parse(text: &str, name: &str) -> Result<Self, Error> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut rules = Vec::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let line = line.trim();
            if line.is_empty() {
                continue;
            }
            let (exception, rest) = match line.strip_prefix('!') {
                Some(rest) => (true, rest.trim()),
                None => (false, line),
            };
            if rest.is_empty() {
                return Err(bad(line, name));
            }
            let cleaned = clean(&with_slashes(rest));
            let pattern = match cleaned.strip_prefix('/') {
                Some(rest) if !rest.is_empty() => rest,
                _ => &cleaned,
            };
            let parts = read(pattern).ok_or_else(|| bad(line, name))?;
            rules.push(Rule { exception, parts });
        }
        Ok(Self { rules })
    }

    /// Tells whether a path is left out, given what is known of the folder it lies in; and what is then known of itself.
    /// Paths are written with `/`.
    pub(super) fn leaves_out(&self, path: &str, folder: &Fitted) -> (bool, Fitted) {
        let mut out = false;
        let mut fitted = vec![false; self.rules.len()];
        for (at, rule) in self.rules.iter().enumerate() {
            let fits = if folder.0.get(at) == Some(&true) {
                true
            } else if rule.exception == out {
                rule.walk(path).fits()
            } else {
                // It would change nothing.
                continue;
            };
            fitted[at] = fits;
            if fits {
                out = !rule.exception;
            }
        }
        (out, Fitted(fitted))
    }

    /// Tells whether something below a folder that is left out may be meant by an exception.
    pub(super) fn may_keep_below(&self, folder: &str) -> bool {
        let below = format!("{folder}/");
        let mut exceptions = self.rules.iter().filter(|rule| rule.exception);
        exceptions.any(|rule| rule.walk(&below).is_alive())
    }
}

fn bad(line: &str, name: &str) -> Error {
    Error::Context(format!("The line “{line}” of {name} can’t be understood."))
}

/// Writes a path with `/`, as Windows knows two separators and no escapes.
fn with_slashes(text: &str) -> String {
    if cfg!(windows) {
        text.replace('\\', "/")
    } else {
        text.to_owned()
    }
}

/// Returns the shortest form of a path: without `.`, empty parts, and `..` where something stands before it.
fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if rooted => {}
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match (rooted, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}

/// Reads one pattern; none where its syntax is wrong.
fn read(pattern: &str) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut rest = pattern.chars().peekable();
    // `**file` fits every name that ends so, though `**file*` fits whole names only.
    let mut begins_loose = false;
    while let Some(char) = rest.next() {
        match char {
            '*' if rest.peek() == Some(&'*') => {
                rest.next();
                let folder = rest.next_if_eq(&'/').is_some();
                if rest.peek().is_none() {
                    parts.push(Part::Rest);
                } else {
                    begins_loose |= parts.is_empty() && !folder;
                    parts.push(Part::Folders);
                }
            }
            '*' => parts.push(Part::Star),
            '?' => parts.push(Part::Any),
            '[' => parts.push(read_class(&mut rest)?),
            '\\' => parts.push(Part::One(rest.next()?)),
            char => parts.push(Part::One(char)),
        }
    }
    let plain = |part: &Part| matches!(part, Part::One(_));
    if begins_loose && parts[1..].iter().all(plain) {
        parts[0] = Part::Rest;
    }
    Some(parts)
}

fn read_class(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<Part> {
    let negated = rest.next_if_eq(&'^').is_some();
    let mut ranges = Vec::new();
    loop {
        if !ranges.is_empty() && rest.next_if_eq(&']').is_some() {
            return Some(Part::Class { negated, ranges });
        }
        let low = read_escaped(rest)?;
        let high = match rest.next_if_eq(&'-') {
            Some(_) => read_escaped(rest)?,
            None => low,
        };
        ranges.push((low, high));
    }
}

fn read_escaped(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<char> {
    match rest.next()? {
        '-' | ']' => None,
        '\\' => rest.next(),
        char => Some(char),
    }
}

/// Where in a rule one may be after some of a path; as a set, so that no path makes a rule slow.
struct Walk<'a> {
    parts: &'a [Part],
    /// Before which parts one may stand.
    before: Vec<bool>,
    /// In the middle of which folders one may be.
    within: Vec<bool>,
}

impl Rule {
    fn walk(&self, path: &str) -> Walk<'_> {
        let mut walk = Walk {
            parts: &self.parts,
            before: vec![false; self.parts.len() + 1],
            within: vec![false; self.parts.len()],
        };
        walk.before[0] = true;
        walk.skip();
        for char in path.chars() {
            walk.step(char);
        }
        walk
    }
}

impl Walk<'_> {
    /// Goes past what may stand for nothing.
    fn skip(&mut self) {
        for (at, part) in self.parts.iter().enumerate() {
            if self.before[at] && matches!(part, Part::Star | Part::Folders | Part::Rest) {
                self.before[at + 1] = true;
            }
        }
    }

    fn step(&mut self, char: char) {
        let mut before = vec![false; self.before.len()];
        let mut within = vec![false; self.within.len()];
        for (at, part) in self.parts.iter().enumerate() {
            let here = self.before[at];
            match part {
                Part::Folders => {
                    let inside = here || self.within[at];
                    within[at] = inside;
                    before[at + 1] |= inside && char == '/';
                }
                Part::Star => before[at] |= here && char != '/',
                Part::Rest => before[at] |= here,
                Part::One(one) => before[at + 1] |= here && *one == char,
                Part::Any => before[at + 1] |= here && char != '/',
                Part::Class { negated, ranges } => {
                    let within = ranges
                        .iter()
                        .any(|(low, high)| (*low..=*high).contains(&char));
                    before[at + 1] |= here && within != *negated;
                }
            }
        }
        (self.before, self.within) = (before, within);
        self.skip();
    }

    fn fits(&self) -> bool {
        self.before.last() == Some(&true)
    }

    fn is_alive(&self) -> bool {
        self.before.iter().chain(&self.within).any(|here| *here)
    }
}

#[cfg(test)]
mod tests;
