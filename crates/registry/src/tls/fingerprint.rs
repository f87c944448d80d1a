//! The fingerprint of a certificate: what two people compare over the telephone.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::fmt;

/// The SHA-256 of a certificate's bytes, written `AB:CD:…` as browsers and `openssl` do.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Fingerprint([u8; 32]);

/// A text that is no fingerprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no SHA-256 fingerprint")]
pub struct FingerprintError;

impl Fingerprint {
    /// Takes the fingerprint of a certificate (DER).
    pub fn of(certificate: &[u8]) -> Self {
        Self(Sha256::digest(certificate).into())
    }

    /// Reads one as it is written, with or without colons.
    pub fn parse(text: &str) -> Result<Self, FingerprintError> {
        if text.len() > 100 {
            return Err(FingerprintError);
        }
        let mut digits = text.bytes().filter(|byte| *byte != b':');
        let mut bytes = [0; 32];
        for byte in &mut bytes {
            let mut next = || {
                let digit = char::from(digits.next().ok_or(FingerprintError)?);
                digit.to_digit(16).ok_or(FingerprintError)
            };
            let value = next()? << 4 | next()?;
            *byte = u8::try_from(value).map_err(|_| FingerprintError)?;
        }
        match digits.next() {
            None => Ok(Self(bytes)),
            Some(_) => Err(FingerprintError),
        }
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, byte) in self.0.iter().enumerate() {
            let colon = if index == 0 { "" } else { ":" };
            write!(f, "{colon}{byte:02X}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl TryFrom<String> for Fingerprint {
    type Error = FingerprintError;

    fn try_from(text: String) -> Result<Self, FingerprintError> {
        Self::parse(&text)
    }
}

impl From<Fingerprint> for String {
    fn from(fingerprint: Fingerprint) -> Self {
        fingerprint.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_as_it_is_written() {
        let fingerprint = Fingerprint::of(b"a certificate");
        let text = fingerprint.to_string();
        assert_eq!((text.len(), text.matches(':').count()), (95, 31));
        for text in [text.clone(), text.to_lowercase(), text.replace(':', "")] {
            assert_eq!(Fingerprint::parse(&text), Ok(fingerprint));
        }
        let of_nothing = "E3:B0:C4:42:98:FC:1C:14:9A:FB:F4:C8:99:6F:B9:24:27:AE:41:E4:64:9B:93:4C:A4:95:99:1B:78:52:B8:55";
        assert_eq!(Fingerprint::of(b"").to_string(), of_nothing);
    }

    #[test]
    fn nothing_else_is_read() {
        let text = Fingerprint::of(b"").to_string();
        let long = "0".repeat(64) + &":".repeat(99);
        for wrong in [
            "",
            "AB",
            &text[3..],
            &format!("{text}:00"),
            &text.replace('E', "G"),
            &long,
        ] {
            assert_eq!(Fingerprint::parse(wrong), Err(FingerprintError), "{wrong}");
        }
    }
}
