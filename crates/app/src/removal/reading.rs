//! How much is read for one sheet.
//!
//! Not here: what is read (`survey`, `plan`). Grows by another thing of which a repository may have too much.

/// How many bytes of manifests are read for one sheet.
const MOST_BYTES: u64 = 64 << 20;

/// What may still be read for one sheet.
pub(super) struct Reading {
    manifests: usize,
    bytes: u64,
}

impl Reading {
    /// Allows so many manifests, and the bytes of a sheet.
    pub fn of(manifests: usize) -> Self {
        Self {
            manifests,
            bytes: MOST_BYTES,
        }
    }

    /// Tells whether no more bytes may be read.
    pub fn is_over(&self) -> bool {
        self.bytes == 0
    }

    /// Begins to read so many more manifests; false where there is no room for all of them.
    pub fn begin(&mut self, manifests: usize) -> bool {
        match self.manifests.checked_sub(manifests) {
            Some(left) if !self.is_over() => {
                self.manifests = left;
                true
            }
            _ => false,
        }
    }

    /// Counts the bytes of a manifest that was read.
    pub fn read(&mut self, bytes: u64) {
        self.bytes = self.bytes.saturating_sub(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_manifests_are_read_as_are_allowed_and_no_more() {
        let mut reading = Reading::of(5);
        assert!(reading.begin(2) && reading.begin(2));
        assert!(!reading.begin(2), "there is room for one");
        assert!(reading.begin(1) && !reading.begin(1));
    }

    #[test]
    fn the_bytes_of_all_that_was_read_count_together() {
        let mut reading = Reading::of(5);
        for bytes in [60 * 1024 * 1024, 4 * 1024 * 1024 - 1] {
            reading.read(bytes);
            assert!(!reading.is_over() && reading.begin(1), "{bytes}");
        }
        reading.read(1);
        assert!(reading.is_over() && !reading.begin(1));
        reading.read(1);
        assert!(reading.is_over());
    }
}
