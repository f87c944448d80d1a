//! The tags of a repository.

use oci::Tag;
use serde::Deserialize;
use std::sync::Arc;

use crate::auth::Scopes;
use crate::limits::TAGS_MOST;
use crate::pages::{Entry, Named, Page, Pages};
use crate::registry::Repository;

/// How many tags are asked for at once; registries give fewer as they please.
const PAGE: usize = 1000;

impl Entry for Tag {
    const MOST: usize = TAGS_MOST;
    const ARE_TAGS: bool = true;

    fn name(&self) -> &str {
        self.as_str()
    }
}

impl Named for Tag {
    fn read(name: &str) -> Option<Self> {
        Self::parse(name).ok()
    }
}

#[derive(Deserialize)]
struct Wire {
    tags: Option<Page<Tag>>,
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

pub(crate) fn read(bytes: &[u8]) -> serde_json::Result<Page<Tag>> {
    Ok(serde_json::from_slice::<Wire>(bytes)?
        .tags
        .unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_is_empty_and_names_that_are_none_are_left_out() {
        assert_eq!(read(br#"{"name":"x","tags":null}"#).unwrap().sent(), 0);
        assert_eq!(read(b"{}").unwrap().sent(), 0);
        let page =
            read(br#"{"tags":["v1","","a b","_h.v1","<script>","../x","l\u0061test"]}"#).unwrap();
        assert_eq!(
            page.entries.iter().map(Tag::as_str).collect::<Vec<_>>(),
            ["v1", "_h.v1", "latest"]
        );
        assert_eq!((page.left_out, page.last.as_deref()), (4, Some("latest")));
        assert!(
            read(b"<html>").is_err() && read(br#"{"tags":[1]}"#).is_err() && read(b"[]").is_err()
        );
    }

    #[test]
    fn hostile_a_page_of_more_names_than_a_list_may_have_is_read_to_that_many() {
        let names = vec![r#""a""#; TAGS_MOST + 7].join(",");
        let page = read(format!(r#"{{"tags":[{names}]}}"#).as_bytes()).unwrap();
        assert_eq!((page.entries.len(), page.more), (TAGS_MOST, true));
        assert!(page.entries.capacity() < 2 * TAGS_MOST);
    }
}
