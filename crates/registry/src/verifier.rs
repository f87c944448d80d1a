//! Whether bytes that come one after the other are the ones a descriptor names.
//!
//! Not here: where the bytes come from. Grows by digest algorithms, as `oci::Digest` does.

use oci::{Descriptor, Digest};
use sha2::{Digest as _, Sha256, Sha384, Sha512};
use std::fmt::Write as _;

use crate::error::Kind;

/// A count and a hash of bytes so far, against what they should be in the end.
#[derive(Clone)]
pub struct Verifier {
    expected: Digest,
    size: u64,
    count: u64,
    hash: Hash,
}

#[derive(Clone)]
enum Hash {
    Sha256(Sha256),
    Sha384(Sha384),
    Sha512(Box<Sha512>),
}

impl Hash {
    fn new(like: &Digest) -> Self {
        match like.algorithm() {
            "sha512" => Self::Sha512(Box::default()),
            "sha384" => Self::Sha384(Sha384::default()),
            _ => Self::Sha256(Sha256::default()),
        }
    }

    fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha256(hash) => hash.update(bytes),
            Self::Sha384(hash) => hash.update(bytes),
            Self::Sha512(hash) => hash.update(bytes),
        }
    }

    fn hex(&self) -> String {
        match self.clone() {
            Self::Sha256(hash) => hex(&hash.finalize()),
            Self::Sha384(hash) => hex(&hash.finalize()),
            Self::Sha512(hash) => hex(&hash.finalize()),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

impl Verifier {
    /// Begins with nothing.
    pub fn new(descriptor: &Descriptor) -> Self {
        Self {
            expected: descriptor.digest.clone(),
            size: descriptor.size,
            count: 0,
            hash: Hash::new(&descriptor.digest),
        }
    }

    /// Returns how many bytes there were.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Returns how many bytes there should be.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Returns what the digest should be.
    pub fn digest(&self) -> &Digest {
        &self.expected
    }

    /// Adds bytes; `Kind::TooLarge` where that makes more than there should be, and then none of them counts.
    pub fn update(&mut self, bytes: &[u8]) -> Result<(), Kind> {
        let count = u64::try_from(bytes.len())
            .ok()
            .and_then(|length| self.count.checked_add(length))
            .filter(|count| *count <= self.size);
        self.count = count.ok_or(Kind::TooLarge { limit: self.size })?;
        self.hash.update(bytes);
        Ok(())
    }

    /// Checks that all bytes are there and are the right ones: else `Kind::CutShort` or `Kind::Digest`.
    pub fn check(&self) -> Result<(), Kind> {
        if self.count < self.size {
            return Err(Kind::CutShort);
        }
        let text = format!("{}:{}", self.expected.algorithm(), self.hash.hex());
        if text == self.expected.as_str() {
            return Ok(());
        }
        Err(match Digest::parse(&text) {
            Ok(got) => Kind::Digest {
                expected: self.expected.clone(),
                got,
            },
            Err(error) => Kind::Malformed(error.to_string()),
        })
    }
}

impl std::fmt::Debug for Verifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            expected,
            size,
            count,
            ..
        } = self;
        write!(f, "Verifier({expected}, {count} of {size})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use oci::MediaType;
    use proptest::prelude::*;

    fn descriptor(digest: Digest, size: usize) -> Descriptor {
        Descriptor {
            media_type: MediaType::OciManifest,
            digest,
            size: size as u64,
            platform: None,
            annotations: std::collections::BTreeMap::default(),
        }
    }

    #[test]
    fn every_algorithm_checks_its_own_bytes() {
        for (algorithm, length) in [("sha256", 64), ("sha384", 96), ("sha512", 128)] {
            let any = Digest::parse(&format!("{algorithm}:{}", "0".repeat(length))).unwrap();
            let right = any.again(b"longshore");
            let mut verifier = Verifier::new(&descriptor(right.clone(), 9));
            verifier.update(b"long").unwrap();
            assert_eq!(verifier.check(), Err(Kind::CutShort));
            verifier.update(b"shore").unwrap();
            assert_eq!(verifier.check(), Ok(()));
            let mut wrong = Verifier::new(&descriptor(right.clone(), 9));
            wrong.update(b"longshorf").unwrap();
            let got = any.again(b"longshorf");
            assert_eq!(
                wrong.check(),
                Err(Kind::Digest {
                    expected: right,
                    got
                })
            );
        }
    }

    #[test]
    fn a_byte_too_many_does_not_count() {
        let mut verifier = Verifier::new(&descriptor(Digest::sha256_of(b"ab"), 2));
        assert_eq!(verifier.update(b"abc"), Err(Kind::TooLarge { limit: 2 }));
        verifier.update(b"ab").unwrap();
        assert_eq!((verifier.count(), verifier.check()), (2, Ok(())));
        assert_eq!(verifier.update(b"c"), Err(Kind::TooLarge { limit: 2 }));
    }

    proptest! {
        #[test]
        fn pieces_are_as_good_as_the_whole(bytes in proptest::collection::vec(any::<u8>(), 0..200), size in 1usize..50) {
            let mut verifier = Verifier::new(&descriptor(Digest::sha256_of(&bytes), bytes.len()));
            for piece in bytes.chunks(size) {
                prop_assert_eq!(verifier.update(piece), Ok(()));
            }
            prop_assert_eq!(verifier.check(), Ok(()));
        }
    }
}
