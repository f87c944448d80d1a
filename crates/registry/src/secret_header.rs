//! The headers beside `Authorization` that hold a secret: none of them leaves as another header would.
//!
//! Not here: which secret (`auth`), and where it may go (`approved`). Grows by such a header.

use http::HeaderName;

/// The headers beside `Authorization` that hold a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretHeader {
    /// `PRIVATE-TOKEN` (GitLab).
    PrivateToken,
}

impl SecretHeader {
    pub(crate) fn name(self) -> HeaderName {
        match self {
            Self::PrivateToken => HeaderName::from_static("private-token"),
        }
    }
}
