//! Content digests, `algorithm:hex` (image-spec `descriptor.md`, "Digests").
//!
//! Only registered algorithms are accepted: a digest that cannot be checked proves nothing.

use sha2::{Digest as _, Sha256, Sha384, Sha512};
use std::fmt::Write as _;

use crate::textual::textual;

/// A checked digest, such as `sha256:` and 64 lower-case hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(String);

/// The reason why a text is no digest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DigestError {
    /// There is no `algorithm:` in front.
    #[error("a digest reads algorithm:hex")]
    Shape,
    /// The algorithm is none we can check.
    #[error("the digest algorithm {0:?} is not known")]
    Algorithm(String),
    /// Too few, too many, or other characters than lower-case hexadecimal digits.
    #[error("the digest does not have the digits its algorithm needs")]
    Hex,
}

textual!(Digest, DigestError);

impl Digest {
    /// The algorithms that are known, each with the number of its digits.
    pub const ALGORITHMS: [(&str, usize); 3] = [("sha256", 64), ("sha384", 96), ("sha512", 128)];

    /// Computes the SHA-256 digest of these bytes.
    pub fn sha256_of(bytes: &[u8]) -> Self {
        Self(format!("sha256:{}", hex(&Sha256::digest(bytes))))
    }

    /// Reads a digest; refuses unknown algorithms and digits of the wrong number or case.
    pub fn parse(text: &str) -> Result<Self, DigestError> {
        let (algorithm, digits) = text.split_once(':').ok_or(DigestError::Shape)?;
        let known = Self::ALGORITHMS.iter().find(|(name, _)| *name == algorithm);
        let Some((_, length)) = known else {
            return Err(DigestError::Algorithm(algorithm.chars().take(32).collect()));
        };
        let lower_hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
        if digits.len() != *length || !digits.bytes().all(lower_hex) {
            return Err(DigestError::Hex);
        }
        Ok(Self(text.to_owned()))
    }

    /// Returns the whole digest as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the algorithm's name.
    pub fn algorithm(&self) -> &str {
        self.0
            .split_once(':')
            .map_or("", |(algorithm, _)| algorithm)
    }

    /// Returns the digits without the algorithm.
    pub fn hex(&self) -> &str {
        self.0.split_once(':').map_or("", |(_, digits)| digits)
    }

    /// Returns the first 12 digits, as they are shown and as commit tags carry them.
    pub fn short(&self) -> &str {
        self.hex().get(..12).unwrap_or_default()
    }

    /// Computes the digest of these bytes by the algorithm of this one.
    #[must_use]
    pub fn again(&self, bytes: &[u8]) -> Self {
        match self.algorithm() {
            "sha512" => Self(format!("sha512:{}", hex(&Sha512::digest(bytes)))),
            "sha384" => Self(format!("sha384:{}", hex(&Sha384::digest(bytes)))),
            _ => Self::sha256_of(bytes),
        }
    }

    /// Tells whether these bytes are the ones this digest names.
    pub fn verify(&self, bytes: &[u8]) -> bool {
        self.again(bytes) == *self
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const EMPTY: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    #[test]
    fn knows_the_digest_of_nothing() {
        assert_eq!(Digest::sha256_of(b"").as_str(), EMPTY);
        assert_eq!(Digest::sha256_of(b"").short(), "e3b0c44298fc");
    }

    #[test]
    fn every_algorithm_checks_its_own_bytes() {
        for (algorithm, length) in [("sha256", 64), ("sha384", 96), ("sha512", 128)] {
            let any = Digest::parse(&format!("{algorithm}:{}", "0".repeat(length))).unwrap();
            let right = any.again(b"longshore");
            assert_eq!(right.algorithm(), algorithm);
            assert_eq!(Digest::parse(right.as_str()).unwrap(), right);
            assert!(
                right.verify(b"longshore")
                    && !right.verify(b"longshorf")
                    && !any.verify(b"longshore")
            );
        }
    }

    #[test]
    fn refuses_what_is_no_digest() {
        let upper = EMPTY.to_uppercase().replace("SHA256", "sha256");
        for (text, why) in [
            ("", DigestError::Shape),
            ("e3b0c44298fc", DigestError::Shape),
            (
                "md5:d41d8cd98f00b204e9800998ecf8427e",
                DigestError::Algorithm("md5".into()),
            ),
            ("SHA256:00", DigestError::Algorithm("SHA256".into())),
            ("sha256:", DigestError::Hex),
            (&EMPTY[..70], DigestError::Hex),
            (&format!("{EMPTY}0"), DigestError::Hex),
            (&format!("{EMPTY} "), DigestError::Hex),
            (&upper, DigestError::Hex),
        ] {
            assert_eq!(Digest::parse(text), Err(why), "{text}");
        }
    }

    #[test]
    fn a_digest_in_json_is_checked() {
        assert_eq!(
            serde_json::from_str::<Digest>(&format!("\"{EMPTY}\""))
                .unwrap()
                .as_str(),
            EMPTY
        );
        assert!(serde_json::from_str::<Digest>("\"sha256:0\"").is_err());
        assert_eq!(
            serde_json::to_string(&Digest::sha256_of(b"")).unwrap(),
            format!("\"{EMPTY}\"")
        );
    }

    proptest! {
        #[test]
        fn never_panics_and_keeps_its_text(text in "\\PC{0,90}") {
            if let Ok(digest) = Digest::parse(&text) {
                prop_assert_eq!(digest.as_str(), text);
            }
        }

        #[test]
        fn verifies_only_its_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..64), other in proptest::collection::vec(any::<u8>(), 0..64)) {
            let digest = Digest::sha256_of(&bytes);
            prop_assert!(digest.verify(&bytes));
            prop_assert_eq!(digest.verify(&other), bytes == other);
        }
    }
}
