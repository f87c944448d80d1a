//! The table as `docs/architecture.md` shows it. `LONGSHORE_TABLE=write cargo test -p app --test it losses::rendered`
//! writes it there.

use super::table::{ROWS, Row};
use super::{Fate, WAYS};
use std::fmt::Write as _;
use std::path::PathBuf;

const BEGIN: &str = "<!-- losses: written by crates/app/tests/it/losses -->\n";
const END: &str = "<!-- /losses -->";

fn word(fate: Fate) -> &'static str {
    match fate {
        Fate::Kept => "still pullable",
        Fate::Listed => "still listed",
        Fate::Gone => "gone since …",
        Fate::Unseen => "not known here",
    }
}

fn line(row: &Row) -> String {
    let cells = row.cells.map(word).join(" | ");
    format!("| {} | {} | {cells} |\n", row.what, row.on)
}

fn table() -> String {
    let mut text = String::from(
        "| the older commit is … | seen on | off | on request, asked | on request, not asked | at each overwrite | at every push |\n\
         |---|---|---|---|---|---|---|\n",
    );
    for row in ROWS {
        let _ = write!(text, "{}", line(row));
    }
    text.push_str(
        "
*Still pullable*: a commit tag keeps it, and a pull by it works. *Still listed*: the timeline shows it and it can be
pulled by its digest, but nothing keeps it: the registry’s next clean-up may take it. *Gone since …*: the timeline
shows it, and since when the registry no longer has it. *Not known here*: no registry tells what a write has displaced,
so what comes and goes between two looks is listed nowhere; its author's computer knows it.

*Asked*: the box in the sheet was ticked; where no sheet of ours is open, *Keep this commit* was pressed as soon as the
window could show a reason. A box keeps what its sheet shows, not what comes in between. The commit was made active
from this computer under the same rule, so *at every push* had kept it before anything happened. What came and went
under other hands while nobody looked is known to nobody, unless a commit tag tells of it.
",
    );
    text
}

#[test]
fn the_table_of_the_docs_is_the_one_that_is_tested() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/architecture.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once(BEGIN).expect("the marker is there");
    let (shown, after) = rest.split_once(END).expect("the closing marker is there");
    let table = table();
    if std::env::var_os("LONGSHORE_TABLE").is_some_and(|what| what == "write") {
        std::fs::write(&path, format!("{before}{BEGIN}{table}{END}{after}")).unwrap();
    } else {
        assert_eq!(shown, table, "write it with LONGSHORE_TABLE=write");
    }
}

#[test]
fn every_row_has_its_tests_and_every_test_its_row() {
    let rows: Vec<&str> = ROWS.iter().map(|row| row.way).collect();
    assert_eq!(rows, WAYS);
}
