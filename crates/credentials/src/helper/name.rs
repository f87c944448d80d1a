//! The name of a credential helper: a plain word.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::HelperError;

/// The longest name, in bytes.
const LONGEST: usize = 64;

/// The name of a credential helper, as `credsStore` and `credHelpers` have it: what follows `docker-credential-`. It is
/// never a path, so a configuration can name no other program than one that is on the PATH under that name.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct HelperName(String);

impl HelperName {
    /// Reads a name: letters, digits, `.`, `_`, `+` and `-`, with a letter or a digit first and no two dots in a row.
    pub fn parse(text: &str) -> Result<Self, HelperError> {
        let may = |c: char| c.is_ascii_alphanumeric() || "._+-".contains(c);
        let fits = text.len() <= LONGEST
            && text.starts_with(|c: char| c.is_ascii_alphanumeric())
            && text.chars().all(may)
            && !text.contains("..");
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(HelperError::BadName)
        }
    }

    /// Returns the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the name of the program.
    pub fn program(&self) -> String {
        format!("docker-credential-{}", self.0)
    }
}

impl fmt::Display for HelperName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for HelperName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

impl TryFrom<String> for HelperName {
    type Error = HelperError;

    fn try_from(text: String) -> Result<Self, HelperError> {
        Self::parse(&text)
    }
}

impl From<HelperName> for String {
    fn from(name: HelperName) -> Self {
        name.0
    }
}
