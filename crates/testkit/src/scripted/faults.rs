//! The switches.

use std::time::Duration;

use super::Script;

/// Which sign-in is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Auth {
    /// None.
    #[default]
    Open,
    /// User and secret with each request.
    Basic,
    /// A token by GET with Basic; POST answers 405.
    TokenGet,
    /// A token by POST; GET answers 405.
    TokenPost,
}

/// What the `Link` to the next page is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Links {
    /// A path.
    #[default]
    Relative,
    /// The whole address.
    Absolute,
    /// An address on another host, with the query of the next page.
    Foreign,
    /// The page itself again.
    Circle,
    /// As a path, and on the last page too: to itself.
    LastToItself,
    /// As a path, and on the last page too: to an empty one, as with Gitea.
    OnTheLastToo,
    /// None, as with Nexus' groups.
    Missing,
    /// Without `<>`.
    Bare,
    /// With `rel=next` unquoted, as with olareg.
    Unquoted,
    /// The whole address as the host behind a proxy knows itself.
    Inner,
    /// A path that a gateway puts something before.
    Prefixed,
    /// The query alone.
    Query,
    /// One of several in one header, as in Gitea's API.
    Several,
    /// In a header of its own, beside others.
    Headers,
    /// An opaque cursor, as with Quay.
    Cursor,
    /// With a text of so many bytes.
    Long(usize),
    /// To page after page that is empty.
    Empty,
    /// To page after page of names that were never there.
    Endless,
}

/// What the `Date` of answers says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Clock {
    /// This computer's time.
    #[default]
    Real,
    /// Always this HTTP date.
    Fixed(String),
}

/// How the `Location` of an upload is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Locations {
    /// A path.
    #[default]
    Path,
    /// The whole address.
    Absolute,
    /// The last part alone, relative to the request's own address.
    Last,
    /// A path with a query that is another one after each request and has to come back as it was sent.
    Query,
}

/// What `Range` says about an upload.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UploadRange {
    /// The last byte that is there, `0-399` for 400 bytes, as the spec wants it.
    #[default]
    Last,
    /// With a unit and one too many, `bytes=0-400` for 400 bytes, as Quay does.
    Unit,
    /// Nothing at all.
    Missing,
}

/// What the registry does wrong, or differently. The default is a good registry that is open to all.
#[derive(Clone, Debug, Default)]
#[allow(clippy::struct_excessive_bools)] // a board of switches is what this is
pub struct Faults {
    /// What is answered before everything else, by one test's own function.
    pub script: Option<Script>,
    /// What lies over everything lies over the script as well.
    pub over_script: bool,
    /// Every answer sets a cookie, as Harbor's do.
    pub sets_cookies: bool,
    /// Everything is answered with 200 and a web page.
    pub html: bool,
    /// Everything is answered with 500 and a web page.
    pub status500: bool,
    /// So many of the next answers are 500 with an empty body, as of a registry that reads what is just being written.
    pub stumbles: u32,
    /// Everything is answered with this status and an empty body.
    pub status: Option<u16>,
    /// Bodies promise their whole length and end in the middle.
    pub half_body: bool,
    /// So many of the next answers are right, whatever else is switched on.
    pub spared: u32,
    /// So many of the next answers are no answer: the connection is closed.
    pub cut: u32,
    /// So many of the next answers are 429, with [`retry_after`](Self::retry_after).
    pub too_many: u32,
    /// So many of the next answers are 503, with [`retry_after`](Self::retry_after).
    pub unavailable: u32,
    /// What `Retry-After` says there.
    pub retry_after: Option<String>,
    /// Other headers of those answers.
    pub busy_headers: Vec<(&'static str, String)>,
    /// What the text of those answers says; `slow down` where nothing is said.
    pub busy_text: Option<String>,
    /// Answers come so much later.
    pub delay: Duration,
    /// Manifests have other bytes than their digest says, and stored ones are answered with another digest.
    pub wrong_digest: bool,
    /// Manifests have 50 MiB.
    pub huge_manifest: bool,
    /// Those 50 MiB come without a `Content-Length`.
    pub huge_is_chunked: bool,
    /// Answers do not say `Docker-Content-Digest`.
    pub no_digest_header: bool,
    /// What `Docker-Content-Digest` says instead of the truth.
    pub digest_header: Option<String>,
    /// Manifests come with this `Content-Type`.
    pub content_type: Option<String>,
    /// HEAD of manifests is answered with 405.
    pub no_head: bool,
    /// HEAD of manifests is answered with this status and nothing else, as some gateways do.
    pub head_status: Option<u16>,
    /// `Docker-Content-Digest` is missing in answers to HEAD alone.
    pub head_without_digest: bool,
    /// What `Docker-Content-Digest` says in answers to HEAD alone.
    pub head_digest: Option<String>,
    /// `Content-Length` is missing in answers to HEAD.
    pub head_without_length: bool,
    /// Answers to HEAD have this `Content-Type`.
    pub head_type: Option<String>,
    /// Manifests come without a `Content-Type`.
    pub no_content_type: bool,
    /// The receipt of a stored manifest is a page, as with Quay.
    pub html_receipt: bool,
    /// What `Docker-Content-Digest` says of a stored manifest instead of the truth.
    pub receipt_digest: Option<String>,
    /// The receipt of a stored manifest says nothing but its status.
    pub bare_receipt: bool,
    /// Lists are `null`.
    pub null_tags: bool,
    /// The catalog is not served (404, as many registries do).
    pub no_catalog: bool,
    /// The most entries of a page.
    pub page: Option<usize>,
    /// What the link to the next page is.
    pub links: Links,
    /// Lists begin at their first entry, whatever `last` says.
    pub ignore_last: bool,
    /// Lists are as long as they are, whatever `n` says.
    pub ignore_n: bool,
    /// `last` is refused (400).
    pub refuse_last: bool,
    /// Lists are answered with these bytes.
    pub list_body: Option<bytes::Bytes>,
    /// The sign-in that is asked for.
    pub auth: Auth,
    /// Who may sign in.
    pub sign_in: Option<(String, String)>,
    /// `/v2/` answers 200 to everyone who sends no sign-in.
    pub open_ping: bool,
    /// Tokens are given to those who say no name too.
    pub anonymous_tokens: bool,
    /// Actions that no token grants, such as `push`.
    pub never_granted: Vec<String>,
    /// The token comes under this key; `token` where nothing is said.
    pub token_key: Option<&'static str>,
    /// What `expires_in` says.
    pub expires_in: Option<i64>,
    /// How often a token is good; then it has expired.
    pub token_uses: Option<u32>,
    /// The token service is said to be here.
    pub realm: Option<String>,
    /// The token service answers so many of the next requests with 503.
    pub token_unavailable: u32,
    /// Blobs are redirected to this registry's address, `http://host:port`, with a signed query.
    pub redirect_blobs: Option<String>,
    /// Blobs are redirected to themselves.
    pub redirect_in_circles: bool,
    /// Tags that begin with `_` are refused.
    pub refuse_underscore_tags: bool,
    /// What a moved tag pointed at is gone at once, as with zot.
    pub drop_overwritten: bool,
    /// Deleting is off (405).
    pub delete_disabled: bool,
    /// Tags cannot be deleted (400 `DIGEST_INVALID`), as with distribution 2.8.
    pub delete_by_digest_only: bool,
    /// Tags that are there cannot be moved or deleted, as with Harbor's immutable tags.
    pub immutable_tags: bool,
    /// Reading is all that is allowed: everything else is answered with 403.
    pub read_only: bool,
    /// Tags are lower-cased when they are written and read, as with Gitea.
    pub fold_case: bool,
    /// Manifests of a type nobody knows are refused, as with GitLab's database and older Quay.
    pub refuse_unknown_artifact: bool,
    /// Manifests under names that begin so are refused (400 `MANIFEST_INVALID`).
    pub refuse_manifests: Option<&'static str>,
    /// Manifests whose config or layers are of no image's types are refused.
    pub refuse_what_is_no_image: bool,
    /// Manifests whose config, layers or platforms are not there are refused, as with distribution.
    pub require_children: bool,
    /// The list of what refers to a manifest is served; else 404.
    pub referrers: bool,
    /// Uploads are said to go on at another host.
    pub uploads_elsewhere: bool,
    /// Deleting is answered with 202 and not done.
    pub delete_is_a_lie: bool,
    /// Deleting is answered with 202 and done so much later, as with Pulp.
    pub delete_takes: Duration,
    /// Deleting a tag takes its manifest with all its tags.
    pub delete_takes_siblings: bool,
    /// So many of the next deletions are refused with 500.
    pub delete_fails: u32,
    /// What the clock says.
    pub clock: Clock,
    /// The bodies of the next blobs break off after so many bytes each, first entry first.
    pub cut_blobs: Vec<usize>,
    /// The bodies of blobs stop after so many bytes, and nothing follows.
    pub hang_blobs: Option<usize>,
    /// The bodies of blobs come in pieces of this many bytes, so long apart.
    pub drip_blobs: Option<(usize, Duration)>,
    /// A `Range` is answered with 200 and the whole blob.
    pub no_ranges: bool,
    /// A `Range` is answered with 416.
    pub ranges_refused: bool,
    /// What `Content-Range` says instead of the truth.
    pub content_range: Option<String>,
    /// Blobs have so many bytes more (or fewer) than they should.
    pub blob_grows: isize,
    /// Blobs come without a `Content-Length`.
    pub blobs_are_chunked: bool,
    /// Blobs have as many bytes as they should, and other ones.
    pub wrong_blobs: bool,
    /// The next `PATCH` breaks off when so many bytes of its body have arrived.
    pub cut_patch: Option<usize>,
    /// When so many bytes of the body of a `PATCH` have arrived, no more are taken and nothing is answered.
    pub hang_patch: Option<usize>,
    /// An upload whose `PATCH` broke off is forgotten, as with distribution 2.8.
    pub forget_cut_uploads: bool,
    /// `PATCH` is answered with 201, as with ECR.
    pub created_for_patch: bool,
    /// How the address of an upload is written.
    pub locations: Locations,
    /// What is said about how far an upload has got.
    pub upload_range: UploadRange,
    /// Asking how far an upload has got is not served (400), as with crane.
    pub no_upload_status: bool,
    /// What `OCI-Chunk-Min-Length` says.
    pub chunk_least: Option<u64>,
    /// Nothing is mounted: an upload is started instead.
    pub no_mounts: bool,
    /// Asking for a mount is answered with 403.
    pub mounts_refused: bool,
    /// So many of the next requests are done and not answered: the connection is closed.
    pub lose_answers: u32,
}
