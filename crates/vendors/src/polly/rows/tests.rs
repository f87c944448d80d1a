//! Tables in good and bad shapes.

use super::WhyUnread::{NoHash, NoTag, NoTime, ShortHash};
use super::*;
use proptest::prelude::*;
use testkit::standins::polly::{Border, Look, draw};

const HASH: &str = "sha256:5747316366b8cc9e3021cd7286f42b2d6d81e3d743e2ab571f55bcd5df788cc8";
const NAMES: [&str; 5] = ["tag", "pushed by", "pushed at", "commit_hash", "tag status"];

fn row(tag: &str, by: &str, at: &str, hash: &str, status: &str) -> Vec<String> {
    [tag, by, at, hash, status].map(str::to_owned).to_vec()
}

fn some() -> Vec<Vec<String>> {
    let other = format!("sha256:{}", "0a".repeat(32));
    vec![
        row(
            "latest",
            "ana@lab.example",
            "2020-06-16T09:00:00Z",
            HASH,
            "active",
        ),
        row(
            "latest",
            "ben@lab.example",
            "2020-06-16T08:12:11Z",
            &other,
            "inactive",
        ),
        row(
            "v1.0-rc",
            "ben@lab.example",
            "2020-06-15T08:12:11Z",
            &other,
            "active",
        ),
    ]
}

fn told(commits: &PollyCommits) -> Vec<Vec<String>> {
    let status = |is_active| match is_active {
        Some(true) => "active",
        Some(false) => "inactive",
        None => "",
    };
    let told = commits.rows.iter().map(|one| {
        row(
            one.tag.as_str(),
            one.by.as_deref().unwrap_or_default(),
            &one.pushed.at.rfc3339(),
            one.digest.as_str(),
            status(one.is_active),
        )
    });
    told.collect()
}

fn read(text: &str) -> PollyCommits {
    read_polly_commits(text).unwrap_or_else(|| panic!("no table: {text}"))
}

#[test]
fn a_table_is_read_however_it_is_drawn() {
    for border in Border::ALL {
        for is_parted in [false, true] {
            for width in [200, 30] {
                let look = Look {
                    border,
                    is_parted,
                    width,
                    ..Look::default()
                };
                if width < 100 && !border.can_wrap() {
                    continue;
                }
                let text = draw(&NAMES, &some(), &look);
                let commits = read(&text);
                assert_eq!(told(&commits), some(), "{look:?}\n{text}");
                assert_eq!(commits.unread, []);
            }
        }
    }
}

#[test]
fn colours_line_ends_and_what_stands_around_it_are_no_part_of_it() {
    let look = Look {
        has_colours: true,
        is_crlf: true,
        ..Look::default()
    };
    let table = draw(&NAMES, &some(), &look);
    let text = format!(
        "ana@lab:~$ polly dockers commit-list --name 16June --all\r\n\r\n  Polly CLI 0.9 | update: npm i -g\r\n⠋ wait\r⠙ wait\r{table}\r\nana@lab:~$ "
    );
    let commits = read(&text);
    assert_eq!(told(&commits), some());
    assert_eq!(commits.of.as_deref(), Some("16June"));
    assert_eq!(commits.unread, []);
}

#[test]
fn columns_in_any_order_with_more_than_are_wanted_and_some_that_are_not_there() {
    let names = ["(index)", "Commit Hash", "Size", "Pushed At", "Tag"];
    let rows = [
        vec![
            "0",
            HASH,
            "12 MB",
            "Tue Jun 16 2020 14:30:00 GMT+0530 (India Standard Time)",
            "latest",
        ],
        vec!["1", &HASH[7..], "", "2020-06-16 08:12:11", "v2"],
    ];
    let rows = rows.map(|row| row.into_iter().map(str::to_owned).collect());
    let look = Look {
        is_quoted: true,
        ..Look::default()
    };
    let commits = read(&draw(&names, &rows, &look));
    let all: Vec<_> = commits
        .rows
        .iter()
        .map(|one| {
            (
                one.tag.as_str(),
                one.digest.as_str(),
                one.pushed.has_zone,
                one.is_active,
            )
        })
        .collect();
    assert_eq!(
        all,
        [("latest", HASH, true, None), ("v2", HASH, false, None)]
    );
}

#[test]
fn a_terminal_that_is_narrower_than_the_table_breaks_its_lines() {
    let text = draw(&NAMES, &some(), &Look::default());
    let narrow: Vec<String> = text
        .lines()
        .map(|line| {
            let letters: Vec<char> = line.chars().collect();
            let parts = letters
                .chunks(47)
                .map(|part| part.iter().collect::<String>());
            parts.collect::<Vec<_>>().join("\n")
        })
        .collect();
    assert_eq!(told(&read(&narrow.join("\n"))), some());
}

#[test]
fn hostile_what_is_cut_short_or_lacks_something_is_left_out_and_why() {
    let rows = [
        row(
            "v1",
            "ana",
            "2020-06-16T08:12:11Z",
            "sha256:5747316366b8cc…",
            "active",
        ),
        row(
            "v2",
            "ana",
            "2020-06-16T08:12:11Z",
            "5747316366b8",
            "active",
        ),
        row("v3", "ana", "2020-06-16T08:12:11Z", "soon", "active"),
        row("v 4", "ana", "2020-06-16T08:12:11Z", HASH, "active"),
        row("v5", "ana", "yesterday", HASH, "active"),
        row("v6", "-", "2020-06-16T08:12:11Z", HASH, "who knows"),
        row("v7", "a\u{202e}na", "2020-06-16", HASH, "active"),
    ];
    let commits = read(&draw(&NAMES, &rows, &Look::default()));
    let whys: Vec<_> = commits.unread.iter().map(|unread| unread.why).collect();
    assert_eq!(whys, [ShortHash, ShortHash, NoHash, NoTag, NoTime, NoTime]);
    assert_eq!(
        told(&commits),
        [row("v6", "", "2020-06-16T08:12:11Z", HASH, "")]
    );
    for text in [
        "",
        "hello",
        "tag  pushed at\n",
        "| tag | tag | pushed at | hash |\n",
        &"│".repeat(5000),
    ] {
        assert_eq!(read_polly_commits(text), None, "{text}");
    }
    assert_eq!(read_polly_commits(&" ".repeat(LONGEST_TABLE + 1)), None);
    let empty = read(&draw(&NAMES, &[], &Look::default()));
    assert_eq!((empty.rows.len(), empty.unread.len()), (0, 0));
}

#[test]
fn hostile_a_row_that_lacks_something_is_never_read_as_the_rest_of_another() {
    let mut rows = some();
    rows.insert(1, row("beta", "eve", "", "", ""));
    for border in Border::ALL.into_iter().filter(|border| border.can_wrap()) {
        let look = Look {
            border,
            ..Look::default()
        };
        let commits = read(&draw(&NAMES, &rows, &look));
        // Nobody knows whether it is the rest of the first one's name.
        assert_eq!(told(&commits), some()[1..], "{look:?}");
        assert_eq!(commits.unread.len(), 1);
    }
    let names = ["repository", "created by", "created at"];
    let rows = [
        ["a", "ana", "2020-06-16T08:12:11Z"],
        ["b", "ana", ""],
        ["c", "ana", "-"],
    ];
    let rows = rows.map(|row| row.map(str::to_owned).to_vec());
    let read = repositories(&draw(&names, &rows, &Look::default())).unwrap();
    let all: Vec<_> = read.rows.iter().map(|one| one.name.as_str()).collect();
    assert_eq!((all, read.left_out), (vec!["c"], 1));
}

#[test]
fn repositories_with_their_own_names() {
    let names = ["Repository", "Created By", "Created At"];
    let rows = [
        ["16June", "ana@lab.example", "2020-06-16T08:12:11Z"],
        ["elucidata/tool-two", "-", "soon"],
        ["--all", "eve", "2020-06-16T08:12:11Z"],
        ["a b", "eve", "2020-06-16T08:12:11Z"],
    ];
    let rows = rows.map(|row| row.map(str::to_owned).to_vec());
    for border in Border::ALL {
        let look = Look {
            border,
            is_parted: true,
            ..Look::default()
        };
        let read = repositories(&draw(&names, &rows, &look)).unwrap();
        let all: Vec<_> = read
            .rows
            .iter()
            .map(|one| (one.name.as_str(), one.by.as_deref(), one.created.is_some()))
            .collect();
        assert_eq!(
            all,
            [
                ("16June", Some("ana@lab.example"), true),
                ("elucidata/tool-two", None, false)
            ],
            "{border:?}"
        );
        assert_eq!(read.left_out, 2);
    }
    assert_eq!(repositories("No repositories found."), None);
}

#[test]
fn hostile_more_rows_than_are_read_are_said_to_be_more() {
    let text = format!(
        "| tag | pushed at | hash |\n|---|---|---|\n{}",
        format!("| v1 | 2020-06-16T08:12:11Z | {HASH} |\n").repeat(table::ROWS + 1)
    );
    let commits = read(&text);
    assert!(commits.is_cut);
    // The same one is told once.
    assert_eq!(commits.rows.len(), 1);
}

fn any_row() -> impl Strategy<Value = Vec<String>> {
    (
        "[a-zA-Z0-9_][a-zA-Z0-9._-]{0,40}",
        "[a-z]{1,12}@[a-z]{1,12}\\.example",
        1_300_000_000_i64..1_900_000_000,
        "[0-9a-f]{64}",
        any::<bool>(),
    )
        .prop_map(|(tag, by, at, digits, is_active)| {
            let status = if is_active { "active" } else { "inactive" };
            let hash = format!("sha256:{digits}");
            row(&tag, &by, &UtcSeconds(at).rfc3339(), &hash, status)
        })
}

proptest! {
    #[test]
    fn any_rows_are_read_however_they_are_drawn(
        rows in prop::collection::vec(any_row(), 1..8), border in 0_usize..5, width in 24_usize..90, has_colours: bool, is_crlf: bool,
    ) {
        let border = Border::ALL[border];
        let width = if border.can_wrap() { width } else { 200 };
        let look = Look { border, is_parted: true, width, has_colours, is_crlf, ..Look::default() };
        let text = draw(&NAMES, &rows, &look);
        let commits = read(&text);
        // One alone has no line between itself and another; it may be left out, and is never read as something else.
        if rows.len() > 1 || width > 89 {
            prop_assert_eq!(told(&commits), rows, "{}", text);
        } else {
            prop_assert!(commits.rows.is_empty() || told(&commits) == rows);
        }
    }

    #[test]
    fn hostile_any_text_is_read_or_not(text in "([│|+ -]|tag|pushed at|hash|sha256:|[0-9a-f]{1,9}|\\PC|\n|\u{1b}\\[){0,60}") {
        let _ = (read_polly_commits(&text), repositories(&text));
    }
}
