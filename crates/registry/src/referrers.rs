//! What refers to a manifest: signatures, SBOMs, attestations (distribution-spec, "Listing Referrers").
//!
//! Where a registry keeps no such list, clients keep one under a tag made from the digest. Tags that a single tool makes
//! up besides are that tool's, and not read here.

use oci::{Digest, MediaType, Tag};
use serde::Deserialize;
use std::sync::Arc;

use crate::auth::Scopes;
use crate::error::{Error, Kind};
use crate::limits::MANIFEST_LIMIT;
use crate::named::At;
use crate::pages::{Entry, Page, Pages};
use crate::registry::Repository;

/// How many bytes all pages of a list may have together.
const WHOLE: u64 = MANIFEST_LIMIT << 2;
const _: () = assert!(
    WHOLE > MANIFEST_LIMIT,
    "a list may have several of the largest pages"
);

impl Entry for Referrer {
    const MOST: usize = 10_000;

    fn name(&self) -> &str {
        self.digest.as_str()
    }
}

/// Who refers to a manifest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Referrers {
    /// In the registry's order.
    pub found: Vec<Referrer>,
    /// The tag they are listed under, where the registry itself keeps no list.
    pub tag: Option<Tag>,
}

/// One that refers.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Referrer {
    /// The manifest's type.
    pub media_type: MediaType,
    /// Its digest.
    pub digest: Digest,
    /// What it is, where it says so.
    #[serde(default)]
    pub artifact_type: Option<String>,
}

#[derive(Deserialize)]
struct Wire {
    manifests: Option<Vec<Referrer>>,
}

impl Repository {
    /// Returns what refers to a manifest, by the registry's own list, else by the tag clients keep one under (distribution-spec,
    /// "Listing Referrers").
    pub async fn referrers(&self, of: &Digest) -> Result<Referrers, Error> {
        referrers(self, of).await
    }

    /// Returns what refers to a manifest by the tag clients keep a list under, of a registry that keeps none itself.
    pub async fn referrers_by_tag(&self, of: &Digest) -> Result<Referrers, Error> {
        by_tag(self, of).await
    }
}

async fn referrers(repository: &Repository, of: &Digest) -> Result<Referrers, Error> {
    let pages = Pages::new(
        Arc::clone(&repository.host),
        &format!("{}/referrers/{of}", repository.name),
        Scopes::repository(&repository.name, &["pull"]),
        0,
        read,
    );
    match pages.within(WHOLE).all().await {
        Ok(found) => Ok(Referrers { found, tag: None }),
        // 404 is the spec's word for "no such list"; some say it otherwise, or answer such a path with a page.
        Err(error)
            if matches!(
                error.kind,
                Kind::NotFound | Kind::Unsupported | Kind::Refused | Kind::NotARegistry
            ) =>
        {
            by_tag(repository, of).await
        }
        Err(error) => Err(error),
    }
}

async fn by_tag(repository: &Repository, of: &Digest) -> Result<Referrers, Error> {
    let Ok(tag) = Tag::parse(&fallback(of)) else {
        return Ok(Referrers::default());
    };
    match repository.manifest(&At::Tag(tag.clone())).await {
        Ok(fetched) => Ok(Referrers {
            // A tag of that name that is no list is somebody's own.
            found: read(&fetched.bytes).unwrap_or_default().entries,
            tag: Some(tag),
        }),
        Err(error) if error.kind == Kind::NotFound => Ok(Referrers {
            found: Vec::new(),
            tag: Some(tag),
        }),
        Err(error) => Err(error),
    }
}

/// Makes the tag of a digest: `<algorithm>-<digits>`, at most 32 and 64 characters of each.
fn fallback(of: &Digest) -> String {
    format!("{:.32}-{:.64}", of.algorithm(), of.hex())
}

fn read(bytes: &[u8]) -> serde_json::Result<Page<Referrer>> {
    Ok(Page {
        entries: serde_json::from_slice::<Wire>(bytes)?
            .manifests
            .unwrap_or_default(),
        ..Page::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tag_of_a_digest_is_a_tag() {
        let digest = Digest::sha256_of(b"");
        let long = Digest::parse(&format!("sha512:{}", "0".repeat(128))).unwrap();
        assert_eq!(fallback(&digest), format!("sha256-{}", digest.hex()));
        assert_eq!(fallback(&long), format!("sha512-{}", "0".repeat(64)));
        for digest in [digest, long] {
            assert!(Tag::parse(&fallback(&digest)).is_ok());
        }
    }

    #[test]
    fn a_list_of_null_is_empty_and_a_page_is_none() {
        assert_eq!(read(br#"{"manifests":null}"#).unwrap().sent(), 0);
        assert!(read(b"<html>").is_err());
        assert!(
            read(br#"{"manifests":[{"digest":"sha256:0","mediaType":"x"}]}"#).is_err(),
            "a digest that is none"
        );
    }
}
