//! The tags of a repository.

use oci::Tag;
use serde::Deserialize;
use std::sync::Arc;

use crate::{Pages, Repository, auth::Scopes};

/// How many tags are asked for at once; registries give fewer as they please.
const PAGE: u32 = 1000;

#[derive(Deserialize)]
struct Wire {
    tags: Option<Vec<String>>,
}

pub(crate) fn tags(repository: &Repository) -> Pages<Tag> {
    let path = format!("{}/tags/list", repository.name);
    Pages::new(
        Arc::clone(&repository.host),
        &path,
        Scopes::repository(&repository.name, &["pull"]),
        PAGE,
        read,
    )
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
