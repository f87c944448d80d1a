//! The tags of a repository.

use oci::Tag;
use serde::Deserialize;
use std::sync::Arc;

use crate::auth::Scopes;
use crate::pages::Pages;
use crate::registry::Repository;

/// How many tags are asked for at once; registries give fewer as they please.
const PAGE: u32 = 1000;

#[derive(Deserialize)]
struct Wire {
    tags: Option<Vec<String>>,
}

impl Repository {
    /// Lists all tags, a page at a time (distribution-spec, "Content Discovery"). A list of `null` is an empty one; names outside
    /// the grammar are left out; an unknown repository is `Kind::NotFound`.
    pub fn tags(&self) -> Pages<Tag> {
        let path = format!("{}/tags/list", self.name);
        Pages::new(
            Arc::clone(&self.host),
            &path,
            Scopes::repository(&self.name, &["pull"]),
            PAGE,
            read,
        )
    }
}

fn read(bytes: &[u8]) -> serde_json::Result<Vec<Tag>> {
    let names = serde_json::from_slice::<Wire>(bytes)?
        .tags
        .unwrap_or_default();
    Ok(names
        .iter()
        .filter_map(|name| Tag::parse(name).ok())
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_is_empty_and_names_that_are_none_are_left_out() {
        assert_eq!(read(br#"{"name":"x","tags":null}"#).unwrap(), []);
        assert_eq!(read(b"{}").unwrap(), []);
        let tags = read(br#"{"tags":["v1","","a b","_h.v1","<script>","../x","latest"]}"#).unwrap();
        assert_eq!(
            tags.iter().map(Tag::as_str).collect::<Vec<_>>(),
            ["v1", "_h.v1", "latest"]
        );
        assert!(
            read(b"<html>").is_err() && read(br#"{"tags":[1]}"#).is_err() && read(b"[]").is_err()
        );
    }
}
