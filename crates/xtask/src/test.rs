//! `test`: everything CI runs, in one command, with a summary that hides nothing.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::counts::{Count, Counts};
use crate::hermetic::{Look, OwnHome};
use crate::setup::{self, For};
use crate::{Done, places, shell};

/// The results the summary is made of.
#[derive(Default)]
struct Run {
    counts: Counts,
    checks: Count,
    failed: Vec<String>,
    left_out: Vec<String>,
    /// The time each step took, in order.
    took: Vec<(String, Duration)>,
}

/// Runs `cargo xtask test`.
pub fn test() -> Done {
    let start = Instant::now();
    let mut run = Run::default();
    setup::prepare(For::Test)?;
    run.took.push(("setup".to_owned(), start.elapsed()));
    run.check("interface: format, lint, types", || {
        shell::succeed(shell::npm(&["run", "check"]))
    });
    run.interface_tests();
    let built = run.check("interface: build", || {
        shell::succeed(shell::npm(&["run", "build"]))
    });
    if !built {
        // The app embeds what this writes: what follows would only fail once more, and less clearly.
        return run.summary(start);
    }
    run.check("format", || {
        let mut cargo = shell::cargo()?;
        cargo.args(["fmt", "--all", "--check"]);
        shell::succeed(cargo)
    });
    run.check("lints", || {
        let mut cargo = shell::cargo()?;
        cargo.args([
            "clippy",
            "--workspace",
            "--all-targets",
            "--features",
            "custom-protocol",
        ]);
        cargo.args(["--", "-D", "warnings"]);
        shell::succeed(cargo)
    });
    run.rust_tests()?;
    run.check("licences and sources", || {
        let mut deny = shell::program(setup::cargo_deny()?);
        deny.args(["check", "bans", "licenses", "sources"]);
        shell::succeed(deny)
    });
    run.summary(start)
}

impl Run {
    /// Runs a check: it passes or fails as a whole.
    fn check(&mut self, name: &str, does: impl FnOnce() -> Done) -> bool {
        let passed = self.step(name, does);
        if passed {
            self.checks.passed += 1;
        } else {
            self.checks.failed += 1;
        }
        passed
    }

    fn step(&mut self, name: &str, does: impl FnOnce() -> Done) -> bool {
        shell::step(name);
        let start = Instant::now();
        let done = does();
        self.took.push((name.to_owned(), start.elapsed()));
        if let Err(sentence) = &done {
            shell::complain(sentence);
            self.failed.push(name.to_owned());
        }
        done.is_ok()
    }

    /// Tests that ended badly although none of them failed (they were not even built) are a failed check.
    fn tests(&mut self, name: &str, does: impl FnOnce(&mut Counts) -> Done) {
        let mut counts = std::mem::take(&mut self.counts);
        let before = counts.total().failed;
        let passed = self.step(name, || does(&mut counts));
        if !passed && counts.total().failed == before {
            self.checks.failed += 1;
        }
        self.counts = counts;
    }

    fn interface_tests(&mut self) {
        self.tests("interface: tests", |counts| {
            let mut npm = shell::npm(&["test"]);
            npm.env("NO_COLOR", "1").env_remove("FORCE_COLOR");
            listen(npm, |line| counts.vitest(line))
        });
    }

    /// Runs all tests of Rust with the features of the build, so that nothing is compiled twice.
    fn rust_tests(&mut self) -> Done {
        let notes = places::below_target("not-run.txt");
        fs::create_dir_all(places::below_target("")).map_err(|error| error.to_string())?;
        fs::write(&notes, "").map_err(|error| error.to_string())?;
        // Built apart: compilers and their caches may write into the person's home, tests may not.
        let built = self.check("tests: build", || {
            shell::succeed(cargo_test(&["--no-run"])?)
        });
        if !built {
            return Ok(());
        }
        let own = OwnHome::make()?;
        let before = Look::now();
        self.tests("tests", |counts| {
            let mut cargo = cargo_test(&["--no-fail-fast"])?;
            cargo.env("LONGSHORE_NOT_RUN", &notes);
            cargo.env("CARGO_TERM_COLOR", "never");
            // The person's engine is not for tests, nor is their home.
            cargo.env_remove("DOCKER_HOST").env_remove("DOCKER_CONFIG");
            if let Some(own) = &own {
                own.lend(&mut cargo)?;
            }
            listen(cargo, |line| counts.cargo(line))
        });
        self.left_out = read_notes(&notes);
        let mut changes = before.changes(&Look::now());
        changes.extend(own.iter().flat_map(OwnHome::findings));
        self.check("tests wrote nothing outside their folders", || {
            if changes.is_empty() {
                return Ok(());
            }
            Err(changes.join("\n"))
        });
        Ok(())
    }

    fn summary(&self, start: Instant) -> Done {
        shell::step("summary");
        for (kind, count) in self.counts.by_kind() {
            shell::say(&format!(
                "{kind:<12} {} passed, {} failed",
                count.passed, count.failed
            ));
        }
        let checks = &self.checks;
        shell::say(&format!(
            "{:<12} {} passed, {} failed",
            "checks", checks.passed, checks.failed
        ));
        let total = self.counts.total();
        if !self.left_out.is_empty() {
            shell::say(&format!(
                "of these, {} missed a part and ran not at all, or not in every round:",
                self.left_out.len()
            ));
        }
        for line in &self.left_out {
            shell::say(&format!("not run: {line}"));
        }
        if total.ignored > 0 {
            shell::say(&format!(
                "not run: {} that are marked to be left out",
                total.ignored
            ));
        }
        for name in &self.failed {
            shell::say(&format!("failed: {name}"));
        }
        for (name, took) in &self.took {
            shell::say(&duration(name, *took));
        }
        // Within the tests: how long the programs of each kind ran, one after the other.
        for (kind, count) in self.counts.by_kind() {
            shell::say(&duration(&format!("  {kind} tests ran"), count.took));
        }
        let seconds = start.elapsed().as_secs();
        shell::say(&format!("in {} min {} s", seconds / 60, seconds % 60));
        let (passed, failed) = (total.passed + checks.passed, total.failed + checks.failed);
        shell::say(&closing(passed, failed, self.left_out.len()));
        if self.failed.is_empty() && failed == 0 {
            return Ok(());
        }
        // Everything has been said above.
        Err(String::new())
    }
}

/// Prepares every test of the workspace, with the features of the build.
fn cargo_test(arguments: &[&str]) -> Result<Command, String> {
    let mut cargo = shell::cargo()?;
    cargo.args(["test", "--workspace", "--features", "custom-protocol"]);
    cargo.args(arguments);
    Ok(cargo)
}

/// Writes what a step took, as a line that can be compared with another run's.
fn duration(name: &str, took: Duration) -> String {
    format!("took {:>7.1} s  {name}", took.as_secs_f64())
}

/// Writes the last line. A test that missed a part returns early and so passes for its harness; here it is skipped.
fn closing(passed: usize, failed: usize, left_out: usize) -> String {
    let ran = passed.saturating_sub(left_out);
    match left_out {
        0 => format!("{ran} passed, {failed} failed"),
        _ => format!("{ran} passed, {failed} failed, {left_out} skipped"),
    }
}

fn read_notes(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap_or_default();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines.sort();
    lines.dedup();
    lines
}

/// Runs a program, shows what it prints, and lets `hear` read along.
fn listen(mut command: Command, mut hear: impl FnMut(&str)) -> Done {
    let name = shell::describe(&command);
    // One pipe for both streams: cargo names a test program on one and its result stands on the other.
    let (reader, writer) = std::io::pipe().map_err(|error| error.to_string())?;
    let other = writer.try_clone().map_err(|error| error.to_string())?;
    let mut child = command
        .stdout(writer)
        .stderr(other)
        .spawn()
        .map_err(|error| format!("{name} did not start: {error}"))?;
    // The command still holds our ends of the pipe; without this the reading would never end.
    drop(command);
    let mut reader = BufReader::new(reader);
    let mut line = Vec::new();
    while reader
        .read_until(b'\n', &mut line)
        .is_ok_and(|count| count > 0)
    {
        let text = String::from_utf8_lossy(&line);
        shell::say(text.trim_end_matches(['\n', '\r']));
        hear(&text);
        line.clear();
    }
    let status = child.wait().map_err(|error| error.to_string())?;
    if status.success() {
        return Ok(());
    }
    Err(format!("{name} failed ({status})."))
}

#[cfg(test)]
mod tests {
    use super::{closing, duration};
    use std::time::Duration;

    #[test]
    fn what_missed_a_part_is_not_counted_as_passed() {
        assert_eq!(closing(629, 0, 0), "629 passed, 0 failed");
        assert_eq!(closing(629, 1, 8), "621 passed, 1 failed, 8 skipped");
    }

    #[test]
    fn what_steps_took_stands_in_one_column() {
        let lines = [("lints", 5_240), ("tests: build", 1_234_560)];
        let lines = lines.map(|(name, took)| duration(name, Duration::from_millis(took)));
        assert_eq!(lines[0], "took     5.2 s  lints");
        assert_eq!(lines[1], "took  1234.6 s  tests: build");
    }
}
