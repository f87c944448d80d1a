//! The lines of a Dockerfile that go along with a commit: which there may be, before the engine reads them.
//!
//! Not here: what stands in one (the engine says). Grows by another rule that all engines have.

use crate::view::problem::Problem;
use crate::words::making as say;

/// So many are taken, of so many bytes in all: they stand in the address that the engine is asked at.
const MOST: usize = 100;
const BYTES: usize = 16 * 1024;

/// Leaves out lines in which nothing stands.
pub(super) fn some(lines: Vec<String>) -> Vec<String> {
    let lines = lines.into_iter().map(|line| line.trim().to_owned());
    lines.filter(|line| !line.is_empty()).collect()
}

/// Checks lines against the first words that the engine takes.
pub(super) fn check(lines: &[String], takes: &[&str]) -> Result<(), Problem> {
    if lines.len() > MOST || lines.iter().map(String::len).sum::<usize>() > BYTES {
        return Err(say::too_much(&BYTES).problem());
    }
    for line in lines {
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let known = takes.iter().any(|known| known.eq_ignore_ascii_case(word));
        if !known {
            let all: Vec<String> = takes.iter().map(ToString::to_string).collect();
            return Err(say::no_such_line(word, say::lines_there_are(all)));
        }
        // One engine would read the next line as a part of it, another would not.
        if rest.trim().is_empty() || line.ends_with('\\') || line.contains('\n') {
            return Err(say::half_a_line(line).problem());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TAKES: &[&str] = &["CMD", "ENV"];

    fn checked(lines: &[&str]) -> Result<(), String> {
        let lines = some(lines.iter().map(ToString::to_string).collect());
        check(&lines, TAKES).map_err(|problem| problem.message)
    }

    #[test]
    fn what_every_engine_reads_passes() {
        assert_eq!(
            checked(&["  ", "env A=b", "CMD [\"x\"]", "CMD\tx", ""]),
            Ok(())
        );
        assert_eq!(checked(&[]), Ok(()));
    }

    #[test]
    fn what_no_engine_reads_is_told() {
        for line in ["RUN make", "FROM x", "# a comment", "COPY a b", "ENVA=b"] {
            let word = line.split(' ').next().unwrap();
            let told = checked(&[line]).unwrap_err();
            assert!(told.contains(&format!("“{word}”")), "{told}");
        }
        for line in ["ENV", "CMD ", "ENV A=b \\", "ENV A=b\nRUN make"] {
            let told = checked(&[line]).unwrap_err();
            assert!(told.contains("isn’t a whole line"), "{told}");
        }
        assert!(checked(&["ENV A=b"; 101]).is_err());
        assert!(checked(&[&format!("ENV A={}", "x".repeat(BYTES))]).is_err());
    }
}
