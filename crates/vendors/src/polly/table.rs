//! A table as programs draw it in a terminal: between lines of box drawing, `|` or `+`, or in columns of blank space; with cells that
//! are wrapped, in any order of columns, with more columns than are wanted, and with whatever stands before and behind it.
//!
//! What a cell says is the caller's to read. A row that was put together wrongly is one that can't be read, and never another row: its
//! grammar is the caller's. Not here: colours (`terminal`). Grows by another way to draw a table.

use super::terminal::lines;

/// The most rows that are read.
pub(super) const ROWS: usize = 50_000;
/// The most columns of a table.
const COLUMNS: usize = 30;
/// How many lines a row is wrapped into at most.
const WRAPPED: usize = 60;
/// How many lines a line is broken into at most, where the terminal is narrower than the table.
const BROKEN: usize = 8;
/// The longest name of a column, in bytes: a commit hash is none.
const NAME: usize = 40;
/// How many lines the names of columns take at most.
const HEADER: usize = 3;

/// A column that is wanted.
pub(super) struct Column {
    /// The names it may have, in small letters and digits alone.
    pub names: &'static [&'static str],
    /// Without it, it is another table.
    pub is_needed: bool,
    /// Tells by its cell that a row begins here, whatever other cells lack.
    pub begins: Option<fn(&str) -> bool>,
}

/// A table that is wanted.
pub(super) struct Wanted {
    /// Its columns; the first is what a row is about.
    pub columns: &'static [Column],
    /// Tells of lines that are joined whether they are surely one row.
    pub is_whole: fn(&Row) -> bool,
    /// Tells of a row whether it may be over, so that what follows it may be another one that lacks something.
    pub may_be_over: fn(&Row) -> bool,
}

/// A row: for each wanted column the lines of its cell.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// The number of its first line in the text, counted from 1.
    pub line: usize,
    pub cells: Vec<Vec<String>>,
}

/// What was found in a text.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The rows of all tables that have the wanted columns, in the order in which they stand there.
    pub rows: Vec<Row>,
    /// There is such a table, if an empty one.
    pub has_table: bool,
    /// There were more rows than are read.
    pub is_cut: bool,
}

/// A line, as it is drawn.
enum Drawn {
    Blank,
    /// A line between rows.
    Rule,
    /// Cells between upright lines.
    Cells(Vec<String>),
    /// Anything else.
    Plain(String),
}

/// Where the wanted columns stand in the table that is read.
enum Layout {
    /// Between upright lines: each wanted column's place among so many cells.
    Drawn {
        places: Vec<Option<usize>>,
        cells: usize,
        /// The names of columns may go on in the next line.
        in_header: bool,
    },
    /// In columns of blank space: each wanted column's place, and where each column begins.
    Spaced {
        places: Vec<Option<usize>>,
        begins: Vec<usize>,
    },
}

/// Reads all such tables out of a text.
pub(super) fn read(text: &str, wanted: &Wanted) -> Found {
    let mut reading = Reading {
        wanted,
        layout: None,
        blocks: Vec::new(),
        names: Vec::new(),
        found: Found::default(),
    };
    let mut all = lines(text).peekable();
    while let Some((number, mut line)) = all.next() {
        // The terminal was narrower than the table.
        let mut parts = 1;
        while parts < BROKEN
            && is_broken(&line)
            && all.peek().is_some_and(|(_, next)| goes_on(next))
            && let Some((_, next)) = all.next()
        {
            line.push_str(&next);
            parts += 1;
        }
        reading.take(number, drawn(line));
    }
    reading.end_table();
    reading.found
}

struct Reading<'a> {
    wanted: &'a Wanted,
    layout: Option<Layout>,
    /// The lines of the table that is read, parted where a line is drawn between them.
    blocks: Vec<Vec<Row>>,
    /// The lines that may be the names of columns.
    names: Vec<Vec<String>>,
    found: Found,
}

impl Reading<'_> {
    fn take(&mut self, number: usize, line: Drawn) {
        match line {
            Drawn::Rule => {
                self.names.clear();
                self.blocks.push(Vec::new());
                if let Some(Layout::Drawn { in_header, .. }) = &mut self.layout {
                    *in_header = false;
                }
            }
            Drawn::Blank => {
                self.names.clear();
                // Some leave a line free between columns of blank space.
                if matches!(self.layout, Some(Layout::Drawn { .. })) {
                    self.end_table();
                }
            }
            Drawn::Cells(cells) => self.take_cells(number, cells),
            Drawn::Plain(line) => self.take_plain(number, &line),
        }
    }

    fn begin_table(&mut self, layout: Layout) {
        self.end_table();
        self.found.has_table = true;
        self.layout = Some(layout);
    }

    fn take_cells(&mut self, number: usize, cells: Vec<String>) {
        let count = cells.len();
        self.names.retain(|line| line.len() == count);
        if self.names.len() == HEADER {
            self.names.remove(0);
        }
        self.names.push(cells);
        if let Some(places) = self.named() {
            self.begin_table(Layout::Drawn {
                places,
                cells: count,
                in_header: true,
            });
            return;
        }
        let cells = self.names.last().map_or(&[][..], Vec::as_slice);
        let Some(Layout::Drawn {
            places,
            cells: wanted,
            in_header,
        }) = &mut self.layout
        else {
            return;
        };
        if count != *wanted {
            // Nobody knows whose cells they are: a row that can't be read.
            *in_header = false;
            let row = unreadable(number, places.len());
            self.add(row);
            return;
        }
        let row = row(number, places, |at| {
            cells.get(at).map_or("", String::as_str)
        });
        // The names go on, which are wrapped; or a row is drawn that is empty.
        let is_more_of_header = *in_header && !has_needed(&row, self.wanted.columns);
        if is_more_of_header || row.is_empty() {
            return;
        }
        *in_header = false;
        self.add(row);
    }

    /// Returns where the wanted columns are, where the last lines of cells are their names, whole or wrapped.
    fn named(&self) -> Option<Vec<Option<usize>>> {
        let is_name = |cell: &String| cell.len() <= NAME;
        if !self.names.last()?.iter().all(is_name) {
            return None;
        }
        (0..self.names.len()).rev().find_map(|from| {
            let lines = &self.names[from..];
            let name = |at: usize| -> String {
                let parts = lines.iter().filter_map(|line| line.get(at));
                parts.map(|part| normal(part)).collect()
            };
            let names: Vec<String> = (0..lines[0].len()).map(name).collect();
            places(&names, self.wanted.columns)
        })
    }

    fn take_plain(&mut self, number: usize, line: &str) {
        self.names.clear();
        let chunks = chunks(line);
        let names: Vec<String> = chunks.iter().map(|(_, text)| normal(text)).collect();
        if let Some(places) = places(&names, self.wanted.columns) {
            let begins = chunks.iter().map(|(at, _)| *at).collect();
            self.begin_table(Layout::Spaced { places, begins });
            return;
        }
        let Some(Layout::Spaced { places, begins }) = &self.layout else {
            self.end_table();
            return;
        };
        // Words at the begin of a line, and nothing else, are a sentence or a prompt, and the table is over.
        if let [(0, text)] = &chunks[..]
            && text.contains(' ')
        {
            self.end_table();
            return;
        }
        let mut cells = vec![String::new(); begins.len()];
        for (turn, (at, text)) in chunks.iter().enumerate() {
            let column = if chunks.len() == begins.len() {
                turn
            } else {
                nearest(begins, *at)
            };
            let cell = &mut cells[column];
            if !cell.is_empty() {
                cell.push(' ');
            }
            cell.push_str(text);
        }
        let row = row(number, places, |at| {
            cells.get(at).map_or("", String::as_str)
        });
        self.add(row);
    }

    fn add(&mut self, row: Row) {
        match self.blocks.last_mut() {
            Some(block) => block.push(row),
            None => self.blocks.push(vec![row]),
        }
    }

    /// Ends a table, and takes its rows. Where lines are drawn between rows what stands between two is one row, where it can be read as
    /// one; else a row begins with each line in which no needed cell is empty.
    fn end_table(&mut self) {
        let mut blocks = std::mem::take(&mut self.blocks);
        self.layout = None;
        blocks.retain(|block| !block.is_empty());
        let is_parted = blocks.len() > 1;
        for block in blocks {
            let whole = (is_parted && block.len() <= WRAPPED)
                .then(|| joined(&block))
                .flatten();
            match whole.filter(self.wanted.is_whole) {
                Some(whole) => self.push(whole),
                None => self.split(block),
            }
        }
    }

    fn split(&mut self, block: Vec<Row>) {
        let mut open: Vec<Row> = Vec::new();
        let mut is_doubtful = false;
        for line in block {
            let is_begin = has_needed(&line, self.wanted.columns)
                || begins(&line, self.wanted.columns)
                || line.is_empty()
                || open.len() >= WRAPPED;
            if is_begin {
                self.push_open(&open, is_doubtful);
                (open, is_doubtful) = (Vec::new(), false);
            } else if !line.cells[0].is_empty() {
                // Another row that lacks something, or the rest of a name: nobody knows.
                is_doubtful |= joined(&open).is_some_and(|row| (self.wanted.may_be_over)(&row));
            }
            open.push(line);
        }
        self.push_open(&open, is_doubtful);
    }

    fn push_open(&mut self, open: &[Row], is_doubtful: bool) {
        if let Some(row) = joined(open) {
            let row = if is_doubtful {
                unreadable(row.line, row.cells.len())
            } else {
                row
            };
            self.push(row);
        }
    }

    fn push(&mut self, row: Row) {
        if self.found.rows.len() < ROWS {
            self.found.rows.push(row);
        } else {
            self.found.is_cut = true;
        }
    }
}

impl Row {
    fn is_empty(&self) -> bool {
        self.cells.iter().all(Vec::is_empty)
    }
}

/// Makes a row of which nothing is known but that it is there.
fn unreadable(line: usize, columns: usize) -> Row {
    Row {
        line,
        cells: vec![Vec::new(); columns],
    }
}

/// Makes a row of a line's cells.
fn row<'a>(line: usize, places: &[Option<usize>], cell: impl Fn(usize) -> &'a str) -> Row {
    let part = |place: &Option<usize>| {
        let text = place.map_or("", &cell);
        let text = bare(text.trim());
        (!text.is_empty()).then(|| text.to_owned())
    };
    Row {
        line,
        cells: places
            .iter()
            .map(|place| part(place).into_iter().collect())
            .collect(),
    }
}

/// Takes off the quotes that some put around every text.
fn bare(text: &str) -> &str {
    for quote in ['\'', '"', '`'] {
        let inside = text.strip_prefix(quote).and_then(|t| t.strip_suffix(quote));
        if let Some(inside) = inside {
            return inside;
        }
    }
    text
}

fn has_needed(row: &Row, columns: &[Column]) -> bool {
    let mut both = row.cells.iter().zip(columns);
    both.all(|(cell, column)| !column.is_needed || !cell.is_empty())
}

fn begins(row: &Row, columns: &[Column]) -> bool {
    let mut both = row.cells.iter().zip(columns);
    both.any(|(cell, column)| {
        let begins = column.begins.zip(cell.first());
        begins.is_some_and(|(begins, text)| begins(text))
    })
}

/// Joins the lines of a row; none where there are none.
fn joined(lines: &[Row]) -> Option<Row> {
    let (first, rest) = lines.split_first()?;
    let mut whole = Row {
        line: first.line,
        cells: first.cells.clone(),
    };
    for line in rest {
        for (cell, more) in whole.cells.iter_mut().zip(&line.cells) {
            cell.extend(more.iter().cloned());
        }
    }
    Some(whole)
}

/// Finds the wanted columns among these names; none where a needed one isn't there, or one is there twice.
fn places(names: &[String], columns: &[Column]) -> Option<Vec<Option<usize>>> {
    if names.len() > COLUMNS {
        return None;
    }
    columns
        .iter()
        .map(|column| {
            let is_it = |name: &String| column.names.contains(&name.as_str());
            let mut all = names.iter().enumerate().filter(|(_, name)| is_it(name));
            match (all.next(), all.next()) {
                (Some((at, _)), None) => Some(Some(at)),
                (None, _) if !column.is_needed => Some(None),
                _ => None,
            }
        })
        .collect()
}

/// Returns a name in small letters and digits alone: `Commit Hash`, `commit_hash` and `COMMIT-HASH` are one.
fn normal(name: &str) -> String {
    let letters = name.chars().filter(|letter| letter.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

fn nearest(begins: &[usize], at: usize) -> usize {
    let distance = |begin: usize| begin.abs_diff(at);
    let places = begins.iter().enumerate();
    places
        .min_by_key(|(_, begin)| distance(**begin))
        .map_or(0, |(place, _)| place)
}

/// Splits a line at tabs, or else wherever two or more blanks stand; each part with its column.
fn chunks(line: &str) -> Vec<(usize, String)> {
    if line.contains('\t') {
        let parts = line.split('\t').enumerate();
        // Every tab counts: an empty cell stands between two.
        return parts
            .map(|(at, text)| (at, text.trim().to_owned()))
            .collect();
    }
    let mut chunks: Vec<(usize, String)> = Vec::new();
    let mut blanks = 2;
    for (at, letter) in line.chars().enumerate() {
        if letter == ' ' {
            blanks += 1;
            continue;
        }
        match chunks.last_mut() {
            Some((_, text)) if blanks < 2 => {
                text.extend((blanks == 1).then_some(' '));
                text.push(letter);
            }
            _ => chunks.push((at, letter.to_string())),
        }
        blanks = 0;
    }
    chunks
}

fn is_upright(letter: char) -> bool {
    matches!(
        letter,
        '|' | '│' | '┃' | '║' | '╎' | '╏' | '┆' | '┇' | '┊' | '┋' | '¦'
    )
}

fn is_level(letter: char) -> bool {
    matches!(
        letter,
        '-' | '=' | '_' | '–' | '—' | '─' | '━' | '═' | '╌' | '╍' | '┄' | '┅' | '┈' | '┉'
    )
}

fn drawn(line: String) -> Drawn {
    let text = line.trim();
    if text.is_empty() {
        return Drawn::Blank;
    }
    let is_corner =
        |letter: char| matches!(letter, '+' | ':' | ' ' | '\t' | '\u{2500}'..='\u{257f}');
    let is_rule = text
        .chars()
        .all(|letter| is_level(letter) || is_upright(letter) || is_corner(letter))
        // A cell may hold a dash.
        && text.split(|letter| !is_level(letter)).any(|run| run.chars().count() > 1);
    if is_rule {
        return Drawn::Rule;
    }
    if !text.contains(is_upright) {
        return Drawn::Plain(line);
    }
    let inside = text.strip_prefix(is_upright).unwrap_or(text);
    let inside = inside.strip_suffix(is_upright).unwrap_or(inside);
    let cells = inside.split(is_upright).take(COLUMNS + 1);
    Drawn::Cells(cells.map(|cell| cell.trim().to_owned()).collect())
}

/// Tells whether a line of a table was broken off.
fn is_broken(line: &str) -> bool {
    let text = line.trim();
    text.starts_with(is_upright) && !text.ends_with(is_upright)
}

/// Tells whether a line can be the rest of one that was broken off: it goes on in the middle of a cell, or in the blank space behind.
fn goes_on(line: &str) -> bool {
    let text = line.trim();
    let is_word = |c: char| c.is_ascii_alphanumeric() || ":-._@".contains(c);
    let is_in_table = !line.starts_with(is_upright) && text.contains(is_upright);
    is_in_table || (!text.is_empty() && text.chars().all(is_word))
}
