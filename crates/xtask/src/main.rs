//! `cargo xtask`: every chore of the project, one command each, the same on every system.
//!
//! It builds and starts other programs, and writes the notices of a package: it depends on no crate, so that it runs
//! before anything the product needs is installed. What needs a crate is a binary of the testkit.

mod bench;
mod bindings;
mod build;
mod counts;
mod hermetic;
mod package;
mod places;
mod record;
mod run;
mod sandbox;
mod setup;
mod shell;
mod test;
mod tour;

use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask <command>

  setup           installs what builds and tests need
  run             builds and opens the app beside its sandbox
  test            formats, lints, unit, integration and end-to-end tests, licences
  tour            walks through the real window, leaves pictures in target/tour
  bench           all of the following
  bench timeline  measures what opening a large repository costs
  bench hostile   measures what lists that mean no good cost, beside honest ones
  bench vendors   measures what 1,000 tags cost by vendors' own interfaces, beside the protocol
  bench engine    measures what 2,000 images and 500 containers of an engine cost, beside its bare list, and the window
  bench frames    measures how evenly a long timeline scrolls in the real window
  bench start     measures the first pixel and the memory, beside an empty window
  bench window    measures what one waits for in the open window: first rows, filter, palette
  package         builds what a person installs (a .deb and an .rpm, a .dmg, or an .msi) into target/package
  record          records anew what real engines say while they work, for the tests
  bindings        writes the window's types from the Rust ones
  sandbox reset   empties the sandbox
";

/// A sentence on what went wrong; empty where it has been told already.
type Failure = String;
type Done = Result<(), Failure>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["setup"] => setup::everything(),
        ["run"] => run::run(),
        ["test"] => test::test(),
        ["tour"] => tour::tour(),
        ["bench"] => bench::all(),
        ["bench", "timeline"] => bench::timeline(),
        ["bench", "hostile"] => bench::hostile(),
        ["bench", "vendors"] => bench::vendors(),
        ["bench", "engine"] => bench::engine(),
        ["bench", "frames"] => bench::frames(),
        ["bench", "start"] => bench::start(),
        ["bench", "window"] => bench::window(),
        ["package"] => package::package(),
        ["bindings"] => bindings::write(),
        ["record"] => record::record(),
        ["sandbox", "reset"] => sandbox::reset(),
        _ => Err(USAGE.to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            if !sentence.is_empty() {
                shell::complain(&sentence);
            }
            ExitCode::FAILURE
        }
    }
}
