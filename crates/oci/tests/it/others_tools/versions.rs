//! How tools read a version out of a tag: the two libraries nearly all of them stand on.

use regex::Regex;
use semver::Version;

/// Masterminds/semver `StrictNewVersion`: three numbers, and what the standard allows after them.
pub fn strict(text: &str) -> Option<Version> {
    Version::parse(text).ok()
}

/// Masterminds/semver `NewVersion`: a `v` may stand before it, and numbers may be missing.
/// <https://github.com/Masterminds/semver/blob/master/version.go>
pub fn loose(text: &str) -> Option<Version> {
    let whole = Regex::new(concat!(
        r"^v?([0-9]+)(\.[0-9]+)?(\.[0-9]+)?",
        r"(-([0-9A-Za-z\-]+(\.[0-9A-Za-z\-]+)*))?",
        r"(\+([0-9A-Za-z\-]+(\.[0-9A-Za-z\-]+)*))?$",
    ))
    .unwrap();
    let found = whole.captures(text)?;
    let part =
        |at: usize, default: &'static str| found.get(at).map_or(default, |part| part.as_str());
    let [major, minor, patch] = [part(1, "0"), part(2, ".0"), part(3, ".0")];
    strict(&format!("{major}{minor}{patch}{}", part(4, "")))
}

/// fluxcd/pkg `ParseVersion`: strict, but a `v` may stand before it.
/// <https://github.com/fluxcd/pkg/blob/10eb2c6c772c83c4ea3f267e0b4fe99ac8732c7f/version/version.go>
pub fn strict_or_v(text: &str) -> Option<Version> {
    strict(text.strip_prefix('v').unwrap_or(text))
}

/// node-semver `coerce`: the first thing in the text that looks like a version.
/// <https://github.com/npm/node-semver/blob/174477e9474f97af0e5ee620d40a41709c43447b/internal/re.js>
pub fn coerced(text: &str) -> Option<Version> {
    let any = Regex::new(r"(^|[^\d])(\d{1,16})(?:\.(\d{1,16}))?(?:\.(\d{1,16}))?(?:$|[^\d])");
    let found = any.unwrap().captures(text)?;
    let number = |at: usize| found.get(at).map_or(Ok(0), |part| part.as_str().parse());
    Some(Version::new(
        number(2).ok()?,
        number(3).ok()?,
        number(4).ok()?,
    ))
}

/// The newest of the tags that are versions; of equal ones the last by name.
pub fn newest(names: &[&str], read: impl Fn(&str) -> Option<Version>) -> Option<String> {
    names
        .iter()
        .filter_map(|name| Some((read(name)?, *name)))
        .max()
        .map(|(_, name)| name.to_owned())
}
