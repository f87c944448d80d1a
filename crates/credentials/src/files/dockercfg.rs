//! Docker's old `.dockercfg`, in its two forms: the entries by themselves as JSON, and before that two lines for Docker
//! Hub alone.

use super::auth::Auth;
use super::config::Config;
use super::key::HUB;

/// Reads the file; `None` where it has neither form.
///
/// As docker/cli's `LegacyLoadFromReader`: what is no JSON is `auth = …` and `email = …`.
pub(super) fn read(text: &str) -> Option<Config<'_>> {
    Config::of_entries(text).or_else(|| lines(text))
}

fn lines(text: &str) -> Option<Config<'_>> {
    let mut lines = text.split('\n');
    let (first, _email) = (lines.next()?, lines.next()?);
    let (name, auth) = first.split_once(" = ")?;
    let auth = auth.trim_ascii();
    if name.trim_ascii() != "auth" || auth.is_empty() || auth.contains(' ') {
        return None;
    }
    Some(Config::of_entry(HUB, Auth::of(auth)))
}
