//! What reached a registry and wrote there, in short.

use crate::acts::{REPOSITORY, short};
use testkit::scripted::Seen;

/// What a request wrote, in short; nothing for what only reads.
pub fn write(seen: &Seen) -> Option<String> {
    if matches!(seen.method.as_str(), "GET" | "HEAD") {
        return None;
    }
    let path = seen.path.split('?').next().unwrap();
    if path.contains("/blobs/uploads") {
        return Some("layers".to_owned());
    }
    let (repository, at) = path
        .strip_prefix("/v2/")?
        .split_once("/manifests/")
        .unwrap();
    let at = match oci::CommitTag::parse(at) {
        Some(name) => format!("commit tag of {}, {}", name.tag, name.short()),
        None if at.starts_with("_longshore.") => "a name that is not there".to_owned(),
        None if at.contains(':') => format!("commit {}", short(at)),
        None => at.to_owned(),
    };
    let of = if repository == REPOSITORY {
        ""
    } else {
        repository
    };
    Some(format!("{} {of}{at}", seen.method))
}

/// A commit tag of `v1` that keeps this commit.
pub fn kept(digest: &str) -> String {
    format!("PUT commit tag of v1, {}", short(digest))
}

/// What was written, as it is expected.
pub fn words<const N: usize>(words: [&str; N]) -> Vec<String> {
    words.map(str::to_owned).to_vec()
}
