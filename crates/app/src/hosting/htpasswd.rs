//! Who may sign in to a registry that is started here: one user, in the file that such registries read.
//!
//! The secret stands in it as bcrypt makes it, as distribution and zot take nothing else. Not here: where the secret itself
//! is kept (`accounts`). Grows by nothing.

use crate::view::problem::{Code, Problem};
use crate::words;
use crate::words::hosting as say;
use secrecy::{ExposeSecret, SecretString};

/// How much work it is to try a secret (the base-2 logarithm): the registry does it at every request, so it is no more than
/// some milliseconds.
const WORK: u32 = 8;
/// The longest secret that bcrypt tells from another (bytes).
const LONGEST: usize = 72;
/// The longest user.
const LONGEST_USER: usize = 64;

/// Returns the line for a user and a secret; none where both are empty, as everyone is let in then. Blocks for a moment.
pub(super) fn line(user: &str, secret: &SecretString) -> Result<Option<String>, Problem> {
    let secret = secret.expose_secret();
    match (user.is_empty(), secret.is_empty()) {
        (true, true) => return Ok(None),
        (true, false) => return Err(say::no_user().coded(Code::SignIn)),
        (false, true) => return Err(say::no_secret().coded(Code::SignIn)),
        (false, false) => {}
    }
    let is_plain = |letter: u8| letter.is_ascii_alphanumeric() || b".-_@+".contains(&letter);
    if user.len() > LONGEST_USER || !user.bytes().all(is_plain) {
        return Err(say::not_a_user(user));
    }
    // What is behind would not be looked at.
    if secret.len() > LONGEST || secret.contains('\0') {
        return Err(say::secret_too_long().problem().hint(say::secret_shorter()));
    }
    let hashed = bcrypt::hash(secret, WORK).map_err(words::unexpected)?;
    Ok(Some(format!("{user}:{hashed}\n")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(user: &str, secret: &str) -> Result<Option<String>, Problem> {
        line(user, &SecretString::from(secret))
    }

    #[test]
    fn a_user_and_a_secret_are_one_line() {
        assert_eq!(of("", ""), Ok(None));
        let line = of("ana", "p:a s\"s").unwrap().unwrap();
        let (user, hashed) = line.trim_end().split_once(':').unwrap();
        assert_eq!(user, "ana");
        assert!(bcrypt::verify("p:a s\"s", hashed).unwrap());
        assert!(!line.contains("p:a s"));
    }

    #[test]
    fn hostile_no_user_makes_another_line_or_none() {
        for user in ["a:b", "a\nb", "#a", "a b", "ä", "a\0"] {
            assert!(of(user, "x").is_err(), "{user}");
        }
        assert!(of(&"a".repeat(65), "x").is_err());
        assert!(of("ana", &"x".repeat(73)).is_err());
        assert!(of("ana", "a\0b").is_err());
        assert!(of("ana", "").is_err() && of("", "x").is_err());
    }
}
