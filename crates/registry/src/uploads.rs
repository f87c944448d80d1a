//! Uploads: started or mounted, sent in chunks, asked how far they got, ended, given up (distribution-spec, "Pushing a blob in
//! chunks").
//!
//! An [`Upload`] is a value and holds nothing open: it can be stored and gone on with in another run. Not here: which chunks, how
//! often it is tried, and where the bytes come from. Grows with the protocol's ways of storing a blob.

use http::{HeaderValue, Method, header};
use oci::{Digest, RepositoryName};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::address;
use crate::auth::Scopes;
use crate::body::{Body, Source};
use crate::endpoint;
use crate::error::{Error, Kind};
use crate::host::Call;
use crate::limits::MANIFEST_LIMIT;
use crate::registry::Repository;
use crate::transport::Answer;

/// What writing to a repository needs.
const WRITES: [&str; 2] = ["pull", "push"];
/// The header with the least number of bytes a chunk has, unless it is the last.
const LEAST_HEADER: &str = "oci-chunk-min-length";

/// An upload that has been started, as far as it has got.
///
/// It can be stored. The address is the registry's, and may hold what is needed to go on: it is no text to show, and `Debug`
/// shows none of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upload {
    location: Url,
    offset: u64,
    #[serde(default)]
    least: u64,
}

impl Upload {
    /// Returns how many bytes the registry has.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Returns the least number of bytes of a chunk that is not the last; 0 where the registry says nothing.
    pub fn least(&self) -> u64 {
        self.least
    }
}

impl std::fmt::Debug for Upload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let host = endpoint::host_of(&self.location);
        write!(f, "Upload(at {host}, {} bytes)", self.offset)
    }
}

/// What came of starting an upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Started {
    /// The registry took the blob from another repository: it is there.
    Mounted,
    /// Its bytes are wanted.
    Upload(Upload),
}

/// What became of an upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It goes on, from here.
    Open(Upload),
    /// The registry knows nothing of it any more, or does not say how far it is: it has to be started anew.
    Forgotten,
}

/// What came of ending an upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Committed {
    /// The blob is there.
    Stored,
    /// The registry knows nothing of the upload any more, nor of the blob: it has to be started anew.
    Forgotten,
}

impl Repository {
    /// Starts an upload, or has the registry take a blob that another of its repositories holds. Where it does not do that, an
    /// upload is started.
    pub async fn start_upload(
        &self,
        mount: Option<(&Digest, &RepositoryName)>,
    ) -> Result<Started, Error> {
        if let Some((digest, from)) = mount {
            match self.mount(digest, from).await {
                // Being refused the other repository is no reason not to write to this one.
                Err(error)
                    if matches!(
                        error.kind,
                        Kind::Denied | Kind::NotFound | Kind::Refused | Kind::Unsupported
                    ) => {}
                started => return started,
            }
        }
        let call = self.call(Method::POST, "blobs/uploads/", &WRITES, MANIFEST_LIMIT)?;
        let answer = self.host.send(&call).await?;
        self.started(&call, &answer).map(Started::Upload)
    }

    async fn mount(&self, digest: &Digest, from: &RepositoryName) -> Result<Started, Error> {
        let mut call = self.call(Method::POST, "blobs/uploads/", &WRITES, MANIFEST_LIMIT)?;
        call.url
            .query_pairs_mut()
            .append_pair("mount", digest.as_str())
            .append_pair("from", from.as_str());
        // Some registries mount only for who may read there, and do not ask for it in their challenge.
        call.scopes = call.scopes.and(&Scopes::repository(from, &["pull"]));
        let answer = self.host.send(&call).await?;
        if answer.status == 201 {
            return Ok(Started::Mounted);
        }
        self.started(&call, &answer).map(Started::Upload)
    }

    fn started(&self, call: &Call, answer: &Answer) -> Result<Upload, Error> {
        if answer.status != 202 {
            return Err(answer.malformed("an upload that is none"));
        }
        let location = self
            .location(&call.url, answer)?
            .ok_or_else(|| answer.malformed("an upload without an address"))?;
        Ok(Upload {
            location,
            offset: 0,
            least: least(answer).unwrap_or(0),
        })
    }

    /// Sends the next bytes of a source, at most `most` of them unless the registry wants longer chunks. It is tried once: where
    /// the connection breaks, [`upload_status`](Self::upload_status) tells how far it got.
    pub async fn upload_chunk(
        &self,
        upload: &Upload,
        source: &Source,
        most: u64,
    ) -> Result<Standing, Error> {
        let mut call = self.about(Method::PATCH, upload, &WRITES)?;
        if upload.offset > source.length() {
            // The registry claims to have more than there is.
            return Ok(Standing::Forgotten);
        }
        let part = source.part(upload.offset, most.max(upload.least));
        let sent = upload.offset + part.length;
        if part.length > 0 {
            // Nothing has no last byte, so of nothing there is no range.
            let range = HeaderValue::from_str(&format!("{}-{}", upload.offset, sent - 1));
            let range = range.map_err(|_| Error::new(Kind::Invalid, request(&call)))?;
            call.headers.insert(header::CONTENT_RANGE, range);
        }
        call.body = Body::Stream(part);
        let answer = match self.host.send(&call).await {
            Ok(answer) => answer,
            Err(error) if error.kind == Kind::NotFound => return Ok(Standing::Forgotten),
            // It says that the upload ends elsewhere than here: then that is where it goes on.
            Err(error) if error.status == Some(416) => return self.upload_status(upload).await,
            Err(error) => return Err(error),
        };
        // One that took less says so. What else is said is counted in another way, and the whole body was taken.
        let less = taken(&answer).filter(|taken| (upload.offset + 1..sent).contains(taken));
        self.standing(&call, &answer, upload, less.unwrap_or(sent))
    }

    /// Asks how far an upload has got.
    pub async fn upload_status(&self, upload: &Upload) -> Result<Standing, Error> {
        let call = self.about(Method::GET, upload, &WRITES)?;
        let answer = match self.host.send(&call).await {
            Ok(answer) => answer,
            Err(error)
                if matches!(
                    error.kind,
                    Kind::NotFound | Kind::Refused | Kind::Unsupported
                ) =>
            {
                return Ok(Standing::Forgotten);
            }
            Err(error) => return Err(error),
        };
        match taken(&answer) {
            // `0-0` is said of one byte and of none.
            Some(1) => self.standing(&call, &answer, upload, upload.offset.min(1)),
            Some(taken) => self.standing(&call, &answer, upload, taken),
            None => Ok(Standing::Forgotten),
        }
    }

    /// Ends an upload: the registry checks that its bytes have this digest, which may take it a while.
    pub async fn commit_upload(
        &self,
        upload: &Upload,
        digest: &Digest,
    ) -> Result<Committed, Error> {
        self.end(upload, digest, Body::None).await
    }

    /// Ends an upload with all its bytes in one request, for those that are small.
    pub(crate) async fn end(
        &self,
        upload: &Upload,
        digest: &Digest,
        body: Body,
    ) -> Result<Committed, Error> {
        let mut call = self.about(Method::PUT, upload, &WRITES)?;
        // What the registry put into the query stays: it may hold the state of the upload.
        call.url
            .query_pairs_mut()
            .append_pair("digest", digest.as_str());
        call.is_slow = matches!(body, Body::None);
        call.body = body;
        let error = match self.host.send(&call).await {
            Ok(answer) if answer.is_page() => answer.malformed("a page instead of a receipt"),
            Ok(_) => return Ok(Committed::Stored),
            Err(error) => error,
        };
        // One that ended before its answer broke off is no longer an upload when it is ended again.
        if matches!(self.has_blob(digest).await, Ok(true)) {
            return Ok(Committed::Stored);
        }
        match error.kind {
            Kind::NotFound => Ok(Committed::Forgotten),
            _ => Err(error),
        }
    }

    /// Gives an upload up. One that the registry does not know is given up already.
    pub async fn cancel_upload(&self, upload: &Upload) -> Result<(), Error> {
        let call = self.about(Method::DELETE, upload, &["pull", "push", "delete"])?;
        match self.host.send(&call).await {
            Err(error) if error.kind != Kind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Makes a request about an upload. Its address was stored meanwhile, so it is checked as if it had just come.
    fn about(&self, method: Method, upload: &Upload, actions: &[&str]) -> Result<Call, Error> {
        let mut call = self.call(method, "blobs/uploads/", actions, MANIFEST_LIMIT)?;
        let base = self.host.base();
        call.url = address::goes_on_at(base, base, upload.location.as_str())
            .map_err(|kind| Error::new(kind, request(&call)))?;
        Ok(call)
    }

    /// Reads where an upload goes on; `None` where the answer says nothing.
    fn location(&self, from: &Url, answer: &Answer) -> Result<Option<Url>, Error> {
        answer
            .header(header::LOCATION)
            .map(|location| address::goes_on_at(self.host.base(), from, location))
            .transpose()
            .map_err(|kind| Error::new(kind, answer.request.clone()).with_status(answer.status))
    }

    fn standing(
        &self,
        call: &Call,
        answer: &Answer,
        before: &Upload,
        offset: u64,
    ) -> Result<Standing, Error> {
        let location = self.location(&call.url, answer)?;
        Ok(Standing::Open(Upload {
            location: location.unwrap_or_else(|| before.location.clone()),
            offset,
            least: least(answer).unwrap_or(before.least),
        }))
    }
}

/// Returns the request for people, before there is an answer.
fn request(call: &Call) -> String {
    format!("{} {}", call.method, endpoint::path_of(&call.url))
}

/// Reads the least length of a chunk. A registry may ask for no more than it would take as a whole.
fn least(answer: &Answer) -> Option<u64> {
    answer.header(LEAST_HEADER)?.trim().parse().ok()
}

/// Reads how many bytes there are from `Range: 0-<last>`.
fn taken(answer: &Answer) -> Option<u64> {
    taken_in(answer.header(header::RANGE)?)
}

fn taken_in(text: &str) -> Option<u64> {
    let text = text.trim();
    let range = text.strip_prefix("bytes=").unwrap_or(text);
    let last = range.strip_prefix("0-")?;
    // `0--1`: up to the byte before the first.
    if last == "-1" {
        return Some(0);
    }
    let last: u64 = last.parse().ok()?;
    // Who writes the unit counts one too many; and a byte sent twice is refused, one left out is not noticed before the end.
    if range.len() < text.len() {
        Some(last)
    } else {
        last.checked_add(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_far_an_upload_is() {
        for (text, taken) in [
            ("0-399", Some(400)),
            (" 0-0 ", Some(1)),
            ("bytes=0-400", Some(400)),
            ("bytes=0--1", Some(0)),
            ("0--1", Some(0)),
            ("0-18446744073709551615", None),
            ("5-9", None),
            ("399", None),
            ("", None),
        ] {
            assert_eq!(taken_in(text), taken, "{text}");
        }
    }

    #[test]
    fn an_upload_is_a_value_that_shows_no_address() {
        let upload = Upload {
            location: Url::parse("https://r.example/v2/a/blobs/uploads/x?_state=hush").unwrap(),
            offset: 7,
            least: 0,
        };
        let stored = serde_json::to_string(&upload).unwrap();
        assert_eq!(serde_json::from_str::<Upload>(&stored).unwrap(), upload);
        assert_eq!(format!("{upload:?}"), "Upload(at r.example, 7 bytes)");
    }
}
