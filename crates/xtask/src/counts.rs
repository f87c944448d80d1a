//! How many tests ran and for how long, read from what the test programs print.

use std::time::Duration;

/// Tests of one kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Count {
    /// Those that passed.
    pub passed: usize,
    /// Those that failed.
    pub failed: usize,
    /// Those that were marked to be left out.
    pub ignored: usize,
    /// The time the programs ran, by their own word.
    pub took: Duration,
}

/// The kinds, as the summary names them.
pub const KINDS: [&str; 4] = ["unit", "integration", "end-to-end", "interface"];

/// Reads cargo's and vitest's output line by line.
#[derive(Debug, Default)]
pub struct Counts {
    counts: [Count; KINDS.len()],
    kind: usize,
}

impl Counts {
    /// Reads one line of `cargo test`: which program runs now, or how it went.
    pub fn cargo(&mut self, line: &str) {
        let line = line.trim();
        if line.starts_with("Running ") || line.starts_with("Doc-tests ") {
            let integration = usize::from(line.starts_with("Running tests"));
            self.kind = if line.contains("tests/e2e") {
                2
            } else {
                integration
            };
        }
        if let Some(rest) = line.strip_prefix("test result: ") {
            let count = &mut self.counts[self.kind];
            let seconds = rest.split("finished in ").nth(1);
            count.took += seconds.map(read_seconds).unwrap_or_default();
            for part in rest.split([';', '.']) {
                let mut words = part.split_whitespace();
                let (Some(Ok(number)), Some(what)) =
                    (words.next().map(str::parse::<usize>), words.next())
                else {
                    continue;
                };
                match what {
                    "passed" => count.passed += number,
                    "failed" => count.failed += number,
                    "ignored" => count.ignored += number,
                    _ => {}
                }
            }
        }
    }

    /// Reads one line of `vitest run`: `Tests  1 failed | 12 passed (13)`, or `Duration  3.21s (transform …)`.
    pub fn vitest(&mut self, line: &str) {
        if let Some(rest) = line.trim().strip_prefix("Duration ") {
            self.counts[3].took += read_seconds(rest);
        }
        let Some(rest) = line.trim().strip_prefix("Tests ") else {
            return;
        };
        let count = &mut self.counts[3];
        for part in rest.split(['|', '(']) {
            let mut words = part.split_whitespace();
            let (Some(Ok(number)), Some(what)) =
                (words.next().map(str::parse::<usize>), words.next())
            else {
                continue;
            };
            match what {
                "passed" => count.passed += number,
                "failed" => count.failed += number,
                "skipped" | "todo" => count.ignored += number,
                _ => {}
            }
        }
    }

    /// Returns the counts, in the order of [`KINDS`].
    pub fn by_kind(&self) -> impl Iterator<Item = (&'static str, &Count)> {
        KINDS.into_iter().zip(&self.counts)
    }

    /// Adds all kinds together.
    pub fn total(&self) -> Count {
        self.counts
            .iter()
            .fold(Count::default(), |sum, count| Count {
                passed: sum.passed + count.passed,
                failed: sum.failed + count.failed,
                ignored: sum.ignored + count.ignored,
                took: sum.took + count.took,
            })
    }
}

/// Reads `3.21s` or `420ms` at the start of a text; nothing else is a time.
fn read_seconds(text: &str) -> Duration {
    let word = text.split_whitespace().next().unwrap_or_default();
    let (number, unit) = match (word.strip_suffix("ms"), word.strip_suffix('s')) {
        (Some(number), _) => (number, 0.001),
        (None, Some(number)) => (number, 1.0),
        _ => return Duration::ZERO,
    };
    let seconds = number.parse::<f64>().map(|number| number * unit);
    Duration::try_from_secs_f64(seconds.unwrap_or_default()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Count, Counts, read_seconds};
    use std::time::Duration;

    #[test]
    fn each_kind_is_counted_by_the_program_that_ran() {
        let mut counts = Counts::default();
        for line in [
            "     Running unittests src/lib.rs (target/debug/deps/oci-1)",
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            "     Running tests/it/main.rs (target/debug/deps/it-1)",
            "test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 3s",
            "     Running tests/e2e/main.rs (target/debug/deps/e2e-1)",
            "test result: ok. 7 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 9.9s",
            "   Doc-tests oci",
            "test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.2s",
        ] {
            counts.cargo(line);
        }
        counts.vitest("      Tests  1 failed | 20 passed (21)");
        counts.vitest("   Duration  3.21s (transform 1.01s, setup 420ms)");
        let found: Vec<(usize, usize, usize)> = counts
            .by_kind()
            .map(|(_, c)| (c.passed, c.failed, c.ignored))
            .collect();
        assert_eq!(found, [(13, 0, 1), (3, 2, 0), (7, 0, 0), (20, 1, 0)]);
        assert_eq!(
            counts.total(),
            Count {
                passed: 43,
                failed: 3,
                ignored: 1,
                took: Duration::from_millis(16_320),
            }
        );
    }

    #[test]
    fn only_times_are_read_as_times() {
        assert_eq!(read_seconds("420ms (x)"), Duration::from_millis(420));
        assert_eq!(read_seconds("9.91s"), Duration::from_millis(9_910));
        for other in ["", "soon", "-1s", "s", "NaNs", "1e400s", "3.2"] {
            assert_eq!(read_seconds(other), Duration::ZERO, "{other}");
        }
    }
}
