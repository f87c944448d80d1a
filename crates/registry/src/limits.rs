//! How much is read of what a registry sends.
//!
//! Not here: limits of one kind of answer alone, which stand where that is read. Grows by a limit that several files share.

/// The largest manifest or config that is read: what distribution, Harbor, zot and ECR take.
pub const MANIFEST_LIMIT: u64 = 4 << 20;
/// The largest page of a list that is read. distribution 2.8 sends all tags of a repository as one page.
pub const LIST_LIMIT: u64 = 16 << 20;
/// The most repositories that are taken of one catalog.
pub const REPOSITORIES_MOST: usize = 100_000;
/// The most tags that are taken of one repository.
pub const TAGS_MOST: usize = 200_000;
