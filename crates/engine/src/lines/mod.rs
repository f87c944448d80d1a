//! Cuts a stream of bytes into lines, never holding more than one bounded line.

mod reading;
#[cfg(test)]
mod recorded;

pub(crate) use reading::ReadLines;
pub use reading::Reading;

use bytes::{Bytes, BytesMut};

use crate::Error;

/// The longest line an engine may send.
pub(crate) const LONGEST: usize = 1024 * 1024;

/// Collects chunks and gives out whole lines without their line ends. Empty lines are dropped.
#[derive(Debug)]
pub(crate) struct Lines {
    /// The longest line that is taken (bytes).
    longest: usize,
    held: BytesMut,
    /// The length of the part of `held` that is known to hold no line end, so that a long line is not searched again for each chunk.
    searched: usize,
}

impl Default for Lines {
    fn default() -> Self {
        Self::up_to(LONGEST)
    }
}

impl Lines {
    /// Takes lines up to a length (bytes).
    pub(crate) fn up_to(longest: usize) -> Self {
        Self {
            longest,
            held: BytesMut::new(),
            searched: 0,
        }
    }

    /// Adds what has arrived.
    pub(crate) fn push(&mut self, chunk: &[u8]) {
        self.held.extend_from_slice(chunk);
    }

    /// Returns the next whole line, `None` when more bytes are needed.
    pub(crate) fn next_line(&mut self) -> Result<Option<Bytes>, Error> {
        loop {
            let Some(at) = self.held[self.searched..]
                .iter()
                .position(|byte| *byte == b'\n')
            else {
                self.searched = self.held.len();
                return if self.searched > self.longest {
                    Err(Error::TooLarge)
                } else {
                    Ok(None)
                };
            };
            let end = self.searched + at;
            if end > self.longest {
                return Err(Error::TooLarge);
            }
            let line = self.held.split_to(end + 1).freeze();
            self.searched = 0;
            let line = trimmed(&line);
            if !line.is_empty() {
                return Ok(Some(line));
            }
        }
    }

    /// Returns what is left after the last chunk: a last line without its line end.
    pub(crate) fn rest(&mut self) -> Option<Bytes> {
        self.searched = 0;
        let line = trimmed(&self.held.split().freeze());
        (!line.is_empty()).then_some(line)
    }
}

fn trimmed(line: &Bytes) -> Bytes {
    line.slice_ref(line.trim_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(chunks: &[&[u8]]) -> Vec<String> {
        let mut lines = Lines::default();
        let mut out = Vec::new();
        for chunk in chunks {
            lines.push(chunk);
            while let Some(line) = lines.next_line().unwrap() {
                out.push(String::from_utf8(line.to_vec()).unwrap());
            }
        }
        out.extend(
            lines
                .rest()
                .map(|line| String::from_utf8(line.to_vec()).unwrap()),
        );
        out
    }

    #[test]
    fn lines_are_found_wherever_chunks_end() {
        let text = b"{\"a\":1}\r\n\r\n{\"b\":2}\n{\"c\":3}";
        let expected = ["{\"a\":1}", "{\"b\":2}", "{\"c\":3}"];
        assert_eq!(all(&[text]), expected);
        let bytes: Vec<&[u8]> = text.chunks(1).collect();
        assert_eq!(all(&bytes), expected);
        assert_eq!(all(&[&text[..8], &text[8..9], &text[9..]]), expected);
        assert!(all(&[b"\r\n", b" \n"]).is_empty());
    }

    #[test]
    fn a_line_without_end_is_refused() {
        let mut lines = Lines::default();
        let chunk = vec![b'x'; 64 * 1024];
        for _ in 0..LONGEST / chunk.len() {
            lines.push(&chunk);
            assert_eq!(lines.next_line(), Ok(None));
        }
        lines.push(b"x");
        assert_eq!(lines.next_line(), Err(Error::TooLarge));
    }

    #[test]
    fn a_line_that_ends_too_late_is_refused() {
        let mut lines = Lines::default();
        let mut long = vec![b'x'; LONGEST + 1];
        long.push(b'\n');
        lines.push(&long);
        assert_eq!(lines.next_line(), Err(Error::TooLarge));
    }
}
