//! What `polly dockers list` and `polly dockers commit-list` print, read.
//!
//! Their columns are known from Polly's documentation (facts 4.14), how they are drawn is not: `table` reads any. Each value is read by
//! its grammar; a row that lacks one is left out, and why. A commit hash that is cut short names no commit, and is left out as well.
//! Not here: running the command (`command`). Grows by a column that Polly adds.

use super::table::{self, Column, Found, Row, Wanted};
use super::terminal::lines;
use super::when::{self, Printed};
use oci::{Digest, RepositoryName, Tag, UtcSeconds};
use std::collections::HashSet;

/// The longest output that is read, in bytes: ten thousand commits, drawn lavishly.
pub const LONGEST_TABLE: usize = 16 * 1024 * 1024;
/// The longest name of a person, in characters.
const WHO: usize = 200;

const TAG: usize = 0;
const PUSHED_AT: usize = 1;
const HASH: usize = 2;
const PUSHED_BY: usize = 3;
const STATUS: usize = 4;
const COMMITS: Wanted = Wanted {
    columns: COMMIT_COLUMNS,
    is_whole: |row| commit(row).is_ok(),
    may_be_over: |row| commit(row).is_ok(),
};
const COMMIT_COLUMNS: &[Column] = &[
    column(&["tag", "tags", "tagname"], true),
    column(&["pushedat", "pushedon", "pushtime", "createdat"], true),
    Column {
        names: &["commithash", "commit", "hash", "digest"],
        is_needed: true,
        begins: Some(is_hash_begun),
    },
    column(&["pushedby", "createdby"], false),
    column(&["tagstatus", "status"], false),
];

const NAME: usize = 0;
const CREATED_BY: usize = 1;
const CREATED_AT: usize = 2;
const REPOSITORIES: Wanted = Wanted {
    columns: REPOSITORY_COLUMNS,
    is_whole: |row| repository(row).is_some_and(|one| one.created.is_some()),
    // Half a name is a name as well.
    may_be_over: |_| true,
};
const REPOSITORY_COLUMNS: &[Column] = &[
    column(
        &["repository", "repositories", "repositoryname", "name"],
        true,
    ),
    column(&["createdby"], false),
    column(&["createdat", "createdon"], true),
];

const fn column(names: &'static [&'static str], is_needed: bool) -> Column {
    Column {
        names,
        is_needed,
        begins: None,
    }
}

/// The commits of a repository, as its table lists them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PollyCommits {
    /// What could be read, each once.
    pub rows: Vec<PollyCommit>,
    /// What couldn't, and why.
    pub unread: Vec<Unread>,
    /// The repository that a command before it names, as it was typed.
    pub of: Option<String>,
    /// There were more rows than are read.
    pub is_cut: bool,
}

/// A commit of a tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PollyCommit {
    /// The number of its line, counted from 1.
    pub line: usize,
    /// The tag.
    pub tag: Tag,
    /// The commit.
    pub digest: Digest,
    /// When it was pushed.
    pub pushed: Printed,
    /// Who pushed it.
    pub by: Option<String>,
    /// Whether the tag pointed at it when the table was made; absent where that can't be read.
    pub is_active: Option<bool>,
}

/// A row that can't be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unread {
    /// The number of its line, counted from 1.
    pub line: usize,
    /// Why.
    pub why: WhyUnread,
}

/// Why a row can't be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WhyUnread {
    /// Its commit hash is cut short.
    ShortHash,
    /// It has no commit hash.
    NoHash,
    /// Its tag is none.
    NoTag,
    /// Its time is none, or could be several.
    NoTime,
}

/// The repositories of an organisation, as their table lists them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct PollyRepositories {
    pub rows: Vec<PollyRepository>,
    pub left_out: usize,
    pub is_cut: bool,
}

/// A repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PollyRepository {
    /// Its name, as the table has it.
    pub name: OwnName,
    pub created: Option<UtcSeconds>,
    pub by: Option<String>,
}

/// A repository's name as Polly has it: with capital letters maybe, and without its organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OwnName(String);

impl OwnName {
    /// Reads one: what would be a repository's name in small letters, so that it is never taken for an option.
    pub fn parse(text: &str) -> Option<Self> {
        RepositoryName::parse(&text.to_ascii_lowercase()).ok()?;
        Some(Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Reads the output of `polly dockers commit-list`, alone or with what stood around it; none where there is no such table.
pub fn read_polly_commits(text: &str) -> Option<PollyCommits> {
    if text.len() > LONGEST_TABLE {
        return None;
    }
    let Found {
        rows,
        has_table,
        is_cut,
    } = table::read(text, &COMMITS);
    if !has_table {
        return None;
    }
    let mut read = PollyCommits {
        of: command_before(text),
        is_cut,
        ..PollyCommits::default()
    };
    let mut known = HashSet::new();
    for row in rows {
        match commit(&row) {
            Ok(commit) => {
                let key = (commit.tag.clone(), commit.digest.clone(), commit.pushed.at);
                if known.insert(key) {
                    read.rows.push(commit);
                }
            }
            Err(why) => read.unread.push(Unread {
                line: row.line,
                why,
            }),
        }
    }
    Some(read)
}

/// Reads the output of `polly dockers list`; none where there is no such table.
pub(crate) fn repositories(text: &str) -> Option<PollyRepositories> {
    if text.len() > LONGEST_TABLE {
        return None;
    }
    let found = table::read(text, &REPOSITORIES);
    if !found.has_table {
        return None;
    }
    let mut read = PollyRepositories {
        is_cut: found.is_cut,
        ..PollyRepositories::default()
    };
    for row in &found.rows {
        match repository(row) {
            Some(one) => read.rows.push(one),
            None => read.left_out += 1,
        }
    }
    Some(read)
}

fn commit(row: &Row) -> Result<PollyCommit, WhyUnread> {
    let digest = hash(&row.cells[HASH].concat())?;
    let tag = Tag::parse(&row.cells[TAG].concat()).map_err(|_| WhyUnread::NoTag)?;
    let pushed = time(&row.cells[PUSHED_AT]).ok_or(WhyUnread::NoTime)?;
    let is_active = match row.cells[STATUS].concat().to_ascii_lowercase().as_str() {
        "active" => Some(true),
        "inactive" => Some(false),
        _ => None,
    };
    Ok(PollyCommit {
        line: row.line,
        tag,
        digest,
        pushed,
        by: who(&row.cells[PUSHED_BY]),
        is_active,
    })
}

fn repository(row: &Row) -> Option<PollyRepository> {
    Some(PollyRepository {
        name: OwnName::parse(&row.cells[NAME].concat())?,
        // It is there, whenever it was made; but a row without that cell may be the rest of another's name.
        created: match &row.cells[CREATED_AT][..] {
            [] => return None,
            lines => time(lines).map(|printed| printed.at),
        },
        by: who(&row.cells[CREATED_BY]),
    })
}

/// Reads a commit hash, with its algorithm or as 64 digits alone.
fn hash(text: &str) -> Result<Digest, WhyUnread> {
    let lower = text.to_ascii_lowercase();
    let digits = lower.strip_prefix("sha256:").unwrap_or(&lower);
    if let Ok(digest) = Digest::parse(&format!("sha256:{digits}")) {
        return Ok(digest);
    }
    if let Ok(digest) = Digest::parse(&lower) {
        return Ok(digest);
    }
    let start = digits.trim_end_matches(['…', '.']);
    let is_start = start.len() >= 7 && start.bytes().all(|byte| byte.is_ascii_hexdigit());
    Err(if is_start && start.len() < 64 {
        WhyUnread::ShortHash
    } else {
        WhyUnread::NoHash
    })
}

fn is_hash_begun(text: &str) -> bool {
    text.get(..7)
        .is_some_and(|begin| begin.eq_ignore_ascii_case("sha256:"))
        || hash(text).is_ok()
}

/// Reads a time that may be wrapped at a blank, or anywhere.
fn time(lines: &[String]) -> Option<Printed> {
    when::read(&lines.join(" ")).or_else(|| when::read(&lines.concat()))
}

/// Reads a name; none where a dash or the like stands for it.
fn who(lines: &[String]) -> Option<String> {
    // An address is wrapped wherever its column ends, and a name where it has a blank.
    let text = if lines.iter().any(|part| part.contains('@')) {
        lines.concat()
    } else {
        lines.join(" ")
    };
    let text = oci::text::plain(&text, WHO);
    let is_none = matches!(
        text.to_ascii_lowercase().as_str(),
        "" | "-" | "–" | "—" | "n/a" | "na" | "none" | "null" | "undefined" | "nan"
    );
    (!is_none).then_some(text)
}

/// Returns the name that `polly dockers commit-list --name NAME` was typed with, where that stands in the text.
fn command_before(text: &str) -> Option<String> {
    lines(text).take(200).find_map(|(_, line)| {
        let mut words = line.split_whitespace();
        words.find(|word| *word == "commit-list")?;
        while let Some(word) = words.next() {
            let name = match word.split_once('=') {
                Some(("--name" | "-n", name)) => name,
                _ if matches!(word, "--name" | "-n") => words.next()?,
                _ => continue,
            };
            return Some(OwnName::parse(name.trim_matches(['"', '\'']))?.0);
        }
        None
    })
}

#[cfg(test)]
mod tests;
