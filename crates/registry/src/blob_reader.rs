//! Layers, as they come: counted, hashed, gone on with where the connection broke, and called verified at their end only.
//!
//! Not here: blobs that are small enough to hold (`blobs`), and where the bytes go. Grows by nothing that has to know what is in a
//! layer.

use bytes::{Buf as _, Bytes};
use futures_util::stream::{self, Stream};
use http::{HeaderValue, Method, header};
use oci::Descriptor;
use std::sync::Arc;

use crate::error::{Error, Kind};
use crate::host::{Call, Host};
use crate::limits::MANIFEST_LIMIT;
use crate::registry::Repository;
use crate::transport::{Reply, retry};
use crate::verifier::Verifier;

/// How often it is asked again after a break, until enough has come.
const RESUMES: u32 = 5;
/// How many bytes are enough for breaks before them not to count any more: a layer of some gigabytes may break often.
const ENOUGH: u64 = 8 << 20;

/// A blob on its way.
pub struct BlobReader {
    host: Arc<Host>,
    call: Call,
    size: u64,
    /// How many bytes have been given out, those before the start included.
    position: u64,
    /// `None` where the first bytes were never seen: then nothing can be said of the whole.
    verifier: Option<Verifier>,
    reply: Option<Reply>,
    /// How many of the next bytes have been given out before.
    skip: u64,
    /// Whether the registry can begin in the middle.
    ranges: bool,
    resumes: u32,
    since_resume: u64,
    /// Where an answer ended in good order, and yet too early.
    short_at: Option<u64>,
    verified: bool,
    ended: bool,
}

impl Repository {
    /// Opens a blob from its beginning. What comes is verified at its end.
    pub async fn blob(&self, descriptor: &Descriptor) -> Result<BlobReader, Error> {
        self.blob_after(Verifier::new(descriptor)).await
    }

    /// Opens a blob behind the bytes that are there already and that the verifier has seen: to go on where another run stopped.
    /// The whole is verified at its end.
    pub async fn blob_after(&self, verifier: Verifier) -> Result<BlobReader, Error> {
        let mut reader = BlobReader::new(self, &verifier)?;
        reader.position = verifier.count();
        reader.verifier = Some(verifier);
        reader.open().await?;
        Ok(reader)
    }

    /// Opens a blob at an offset whose bytes before it nobody has seen here. What comes is counted and never called verified:
    /// that is up to whoever has the whole, as a registry does when an upload ends.
    pub async fn blob_at(&self, descriptor: &Descriptor, offset: u64) -> Result<BlobReader, Error> {
        if offset == 0 {
            return self.blob(descriptor).await;
        }
        let mut reader = BlobReader::new(self, &Verifier::new(descriptor))?;
        if offset > reader.size {
            return Err(Error::new(Kind::Invalid, reader.request()));
        }
        reader.position = offset;
        reader.open().await?;
        Ok(reader)
    }
}

impl BlobReader {
    fn new(repository: &Repository, verifier: &Verifier) -> Result<Self, Error> {
        let path = format!("blobs/{}", verifier.digest());
        Ok(Self {
            host: Arc::clone(&repository.host),
            // The limit is that of a refusal: a blob is not read whole.
            call: repository.call(Method::GET, &path, &["pull"], MANIFEST_LIMIT)?,
            size: verifier.size(),
            position: 0,
            verifier: None,
            reply: None,
            skip: 0,
            ranges: true,
            resumes: 0,
            since_resume: 0,
            short_at: None,
            verified: false,
            ended: false,
        })
    }

    /// Returns how many bytes of the blob have been given out, those before the start included.
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Returns how many bytes the blob has.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Tells whether all bytes have come and are the right ones. Until then what came may be anything.
    pub fn is_verified(&self) -> bool {
        self.verified
    }

    /// Reads the next bytes; `None` at the end, after which a reader that began at the beginning is verified. Nothing follows an
    /// error.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        if self.ended {
            return Ok(None);
        }
        let piece = self.piece().await;
        if !matches!(piece, Ok(Some(_))) {
            self.ended = true;
            self.reply = None;
        }
        piece
    }

    /// Turns the reader into a stream. It ends after an error, and without one only when the blob is whole.
    pub fn into_stream(self) -> impl Stream<Item = Result<Bytes, Error>> + Send + 'static {
        stream::try_unfold(self, |mut reader| async move {
            Ok(reader.next().await?.map(|piece| (piece, reader)))
        })
    }

    async fn piece(&mut self) -> Result<Option<Bytes>, Error> {
        loop {
            let broken = match &mut self.reply {
                // All of it was there, or whoever waited for this piece before gave up while it was asked for again.
                None => self.error(Kind::CutShort),
                Some(reply) => match reply.chunk().await {
                    Ok(Some(chunk)) => match self.take(chunk)? {
                        Some(piece) => return Ok(Some(piece)),
                        None => continue,
                    },
                    // Twice at one place is no accident: the blob is shorter than it should be.
                    Ok(None) if self.short_at == Some(self.position) => {
                        return Err(self.error(Kind::CutShort));
                    }
                    Ok(None) => {
                        self.short_at = Some(self.position);
                        self.error(Kind::CutShort)
                    }
                    Err(error) => error,
                },
            };
            if self.position == self.size {
                return self.whole();
            }
            self.resume(broken).await?;
        }
    }

    /// Counts and hashes what has come; `None` where all of it was given out before.
    fn take(&mut self, mut chunk: Bytes) -> Result<Option<Bytes>, Error> {
        let skipped = self.skip.min(chunk.len() as u64);
        self.skip -= skipped;
        // No more than the chunk's own length, so it fits.
        chunk.advance(usize::try_from(skipped).unwrap_or(chunk.len()));
        if chunk.is_empty() {
            return Ok(None);
        }
        let length = chunk.len() as u64;
        if length > self.size - self.position {
            return Err(self.error(Kind::TooLarge { limit: self.size }));
        }
        if let Some(verifier) = &mut self.verifier {
            let updated = verifier.update(&chunk);
            updated.map_err(|kind| self.error(kind))?;
        }
        self.position += length;
        self.since_resume += length;
        if self.since_resume >= ENOUGH {
            self.resumes = 0;
        }
        Ok(Some(chunk))
    }

    /// Checks the whole at its end.
    fn whole(&mut self) -> Result<Option<Bytes>, Error> {
        if let Some(verifier) = &self.verifier {
            verifier.check().map_err(|kind| self.error(kind))?;
            self.verified = true;
        }
        Ok(None)
    }

    /// Opens the blob where it broke off, after a pause. Gives the error of the break where that makes no sense any more.
    async fn resume(&mut self, mut broken: Error) -> Result<(), Error> {
        loop {
            // The place among the streams goes back before another one is waited for.
            self.reply = None;
            let passing = matches!(
                broken.kind,
                Kind::CutShort | Kind::Timeout | Kind::Unreachable | Kind::UnknownHost
            );
            if !passing || self.resumes >= RESUMES {
                return Err(broken);
            }
            self.resumes += 1;
            self.since_resume = 0;
            tokio::time::sleep(retry::pause(self.host.options(), self.resumes)).await;
            match self.open().await {
                Ok(()) => return Ok(()),
                Err(error) => broken = error,
            }
        }
    }

    /// Asks for what is still to come.
    async fn open(&mut self) -> Result<(), Error> {
        if self.position == self.size && self.size > 0 {
            // All of it is there: nothing can be asked for.
            return Ok(());
        }
        if self.position > 0 && self.ranges {
            match self.open_in_the_middle().await {
                Ok(true) => return Ok(()),
                Err(error) if error.status != Some(416) => return Err(error),
                Ok(false) | Err(_) => self.ranges = false,
            }
        }
        self.call.headers.remove(header::RANGE);
        let reply = self.host.open(&self.call).await?;
        if reply.status != 200 {
            let what = "an answer with a part that was not asked for";
            return Err(self.error(Kind::Malformed(what.to_owned())));
        }
        self.begin(reply, 0)
    }

    /// Asks for the rest; whether there is an answer that can be used.
    async fn open_in_the_middle(&mut self) -> Result<bool, Error> {
        let range = HeaderValue::from_str(&format!("bytes={}-", self.position));
        let range = range.map_err(|_| self.error(Kind::Invalid))?;
        self.call.headers.insert(header::RANGE, range);
        let reply = self.host.open(&self.call).await?;
        let begins = match reply.status {
            200 => Some(0),
            206 => reply
                .header(header::CONTENT_RANGE)
                .and_then(|text| begins_at(text, self.size))
                .filter(|from| *from == self.position),
            _ => None,
        };
        match begins {
            Some(from) => self.begin(reply, from).map(|()| true),
            None => Ok(false),
        }
    }

    /// Takes an answer whose body begins at this offset, if its length can be right.
    fn begin(&mut self, reply: Reply, from: u64) -> Result<(), Error> {
        let promised = reply.length().map(|length| from.saturating_add(length));
        let wrong = match promised {
            Some(length) if length > self.size => Some(Kind::TooLarge { limit: self.size }),
            // A part may end early; a whole blob that is shorter than it should be will not grow.
            Some(length) if length < self.size && reply.status == 200 => {
                let why = format!("the blob has {length} bytes, not {}", self.size);
                Some(Kind::Malformed(why))
            }
            _ => None,
        };
        if let Some(kind) = wrong {
            let kind = if reply.is_html() {
                Kind::NotARegistry
            } else {
                kind
            };
            return Err(Error::new(kind, reply.request.clone()).with_status(reply.status));
        }
        self.skip = self.position - from;
        self.reply = Some(reply);
        Ok(())
    }

    fn request(&self) -> String {
        format!("GET {}", self.call.url.path())
    }

    fn error(&self, kind: Kind) -> Error {
        match &self.reply {
            Some(reply) => Error::new(kind, reply.request.clone()).with_status(reply.status),
            None => Error::new(kind, self.request()),
        }
    }
}

impl std::fmt::Debug for BlobReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "BlobReader({}, {} of {})",
            self.request(),
            self.position,
            self.size
        )
    }
}

/// Reads where a part begins, `bytes 5-9/10`; `None` where it is no part of something of this size.
fn begins_at(text: &str, size: u64) -> Option<u64> {
    let (range, total) = text.trim().strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let (first, last): (u64, u64) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    let fits = total.trim() == "*" || total.trim().parse() == Ok(size);
    (fits && first <= last && last < size).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_of_the_size_that_is_expected() {
        assert_eq!(begins_at("bytes 5-9/10", 10), Some(5));
        assert_eq!(begins_at("bytes 5-7/*", 10), Some(5));
        for wrong in [
            "",
            "bytes 5-9",
            "bytes 5-9/11",
            "bytes 5-10/10",
            "bytes 7-5/10",
            "bytes */10",
            "items 5-9/10",
            "bytes -1-9/10",
            "bytes 5-99999999999999999999/10",
        ] {
            assert_eq!(begins_at(wrong, 10), None, "{wrong}");
        }
    }
}
