//! Tables as programs draw them in a terminal. How the real `polly` draws its own is not known, so tests draw them in all of these.

/// The most letters of a cell that is not wrapped.
const WIDE: usize = 200;

/// What stands between cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Border {
    /// Lines of box drawing, as `cli-table` and `console.table` draw them.
    Box,
    /// `+`, `-` and `|`, as `PrettyTable` draws them.
    Ascii,
    /// `|` alone, as Markdown has it.
    Markdown,
    /// Blank space, in columns.
    Spaced,
    /// A tab, as a spreadsheet gives it away.
    Tabs,
}

impl Border {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Box,
        Self::Ascii,
        Self::Markdown,
        Self::Spaced,
        Self::Tabs,
    ];

    /// Tells whether cells are wrapped in such a table.
    pub fn can_wrap(self) -> bool {
        matches!(self, Self::Box | Self::Ascii)
    }
}

/// How a table looks.
#[derive(Clone, Debug)]
#[allow(clippy::struct_excessive_bools)] // each is a way of its own to look
pub struct Look {
    /// What stands between cells.
    pub border: Border,
    /// A line is drawn between rows, too.
    pub is_parted: bool,
    /// The most letters of a line of a cell.
    pub width: usize,
    /// Lines and names are coloured.
    pub has_colours: bool,
    /// Lines end as on Windows.
    pub is_crlf: bool,
    /// Every cell is in quotes.
    pub is_quoted: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            border: Border::Box,
            is_parted: false,
            width: WIDE,
            has_colours: false,
            is_crlf: false,
            is_quoted: false,
        }
    }
}

/// Draws a table with these names of columns.
pub fn draw(names: &[&str], rows: &[Vec<String>], look: &Look) -> String {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let quoted =
        |row: &Vec<String>| -> Vec<String> { row.iter().map(|cell| format!("'{cell}'")).collect() };
    let rows: Vec<Vec<String>> = if look.is_quoted {
        rows.iter().map(quoted).collect()
    } else {
        rows.to_vec()
    };
    let widths: Vec<usize> = (0..names.len())
        .map(|at| {
            let cells = rows.iter().chain([&names]).map(|row| letters(&row[at]));
            cells.max().unwrap_or_default().min(look.width).max(1)
        })
        .collect();
    let mut lines = Vec::new();
    let rule = |left, middle, right, level| rule(&widths, look, [left, middle, right, level]);
    match look.border {
        Border::Box => lines.push(rule("┌", "┬", "┐", "─")),
        Border::Ascii => lines.push(rule("+", "+", "+", "-")),
        _ => {}
    }
    lines.extend(row(&names, &widths, look, look.has_colours));
    let between = match look.border {
        Border::Box => Some(rule("├", "┼", "┤", "─")),
        Border::Ascii => Some(rule("+", "+", "+", "-")),
        Border::Markdown => Some(rule("|", "|", "|", "-")),
        Border::Spaced => Some(rule("", "  ", "", "-")),
        Border::Tabs => None,
    };
    lines.extend(between.clone());
    for (at, cells) in rows.iter().enumerate() {
        if at > 0 && look.is_parted && look.border.can_wrap() {
            lines.extend(between.clone());
        }
        lines.extend(row(cells, &widths, look, false));
    }
    match look.border {
        Border::Box => lines.push(rule("└", "┴", "┘", "─")),
        Border::Ascii => lines.push(rule("+", "+", "+", "-")),
        _ => {}
    }
    let end = if look.is_crlf { "\r\n" } else { "\n" };
    lines.join(end) + end
}

fn letters(text: &str) -> usize {
    text.chars().count()
}

fn rule(widths: &[usize], look: &Look, [left, middle, right, level]: [&str; 4]) -> String {
    let room = if look.border == Border::Spaced { 0 } else { 2 };
    let parts = widths.iter().map(|width| level.repeat(width + room));
    let line = parts.collect::<Vec<_>>().join(middle);
    coloured(&format!("{left}{line}{right}"), look.has_colours)
}

/// Draws a row; its cells are cut into lines wherever their column ends.
fn row(cells: &[String], widths: &[usize], look: &Look, has_colours: bool) -> Vec<String> {
    let wrapped: Vec<Vec<String>> = cells
        .iter()
        .zip(widths)
        .map(|(cell, width)| {
            let letters: Vec<char> = cell.chars().collect();
            let parts = letters.chunks(*width);
            parts.map(|part| part.iter().collect()).collect()
        })
        .collect();
    let height = wrapped.iter().map(Vec::len).max().unwrap_or(1).max(1);
    (0..height)
        .map(|at| {
            let cells = wrapped.iter().zip(widths).map(|(lines, width)| {
                let text = lines.get(at).map_or("", String::as_str);
                let room = if look.border == Border::Tabs {
                    0
                } else {
                    width - letters(text)
                };
                format!("{}{}", coloured(text, has_colours), " ".repeat(room))
            });
            let cells: Vec<String> = cells.collect();
            match look.border {
                Border::Box => format!("│ {} │", cells.join(" │ ")),
                Border::Ascii | Border::Markdown => format!("| {} |", cells.join(" | ")),
                Border::Spaced => cells.join("  ").trim_end().to_owned(),
                Border::Tabs => cells.join("\t"),
            }
        })
        .collect()
}

fn coloured(text: &str, has_colours: bool) -> String {
    if has_colours && !text.is_empty() {
        format!("\u{1b}[36m{text}\u{1b}[39m")
    } else {
        text.to_owned()
    }
}
