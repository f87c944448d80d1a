//! What a request carries, and where the bytes of a stream come from.
//!
//! A stream's bytes come from a [`Source`] that can be opened anew, so that a request which may be sent again is sent with the same
//! bytes. Not here: what an answer carries (`transport`, `blob_reader`). Grows by kinds of bodies.

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream, StreamExt as _};
use hyper::body::{Frame, SizeHint};
use oci::MediaType;
use secrecy::SecretString;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::time::Instant;

use crate::failure::SourceFailed;

/// The largest piece that is handed on at once: small enough that a slow line shows progress within the time for silence.
const PIECE: usize = 64 << 10;

/// The bytes of a stream as they come.
pub type Bytestream = BoxStream<'static, io::Result<Bytes>>;

/// What a request carries.
#[derive(Clone)]
pub(crate) enum Body {
    /// Nothing.
    None,
    /// These bytes, of this type.
    Whole(MediaType, Bytes),
    /// A form; a secret, as a whole.
    Form(SecretString),
    /// JSON that holds a secret; a secret, as a whole.
    Secret(SecretString),
    /// A part of a source.
    Stream(Part),
}

type Opener = dyn Fn(u64) -> BoxFuture<'static, io::Result<Bytestream>> + Send + Sync;

/// Bytes that can be opened anew, at any offset: a file, an archive's entry, a blob of another registry.
#[derive(Clone)]
pub struct Source {
    length: u64,
    open: Arc<Opener>,
}

impl Source {
    /// Makes a source of so many bytes. `open` is called with an offset, at most `length`, and gives the bytes from there on.
    pub fn new<F, T>(length: u64, open: F) -> Self
    where
        F: Fn(u64) -> T + Send + Sync + 'static,
        T: Future<Output = io::Result<Bytestream>> + Send + 'static,
    {
        Self {
            length,
            open: Arc::new(move |offset| Box::pin(open(offset))),
        }
    }

    /// Makes a source of bytes in memory.
    pub fn of_bytes(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        Self::new(length, move |offset| {
            let from = usize::try_from(offset).map_or(bytes.len(), |from| from.min(bytes.len()));
            let rest = bytes.slice(from..);
            std::future::ready(Ok(stream::iter([Ok(rest)]).boxed()))
        })
    }

    /// Returns how many bytes there are.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Opens the bytes from this offset on.
    pub async fn open_at(&self, offset: u64) -> io::Result<Bytestream> {
        (self.open)(offset).await
    }

    /// Returns at most so many bytes from this offset on.
    pub(crate) fn part(&self, offset: u64, most: u64) -> Part {
        Part {
            source: self.clone(),
            offset,
            length: most.min(self.length.saturating_sub(offset)),
        }
    }
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Source({} bytes)", self.length)
    }
}

/// A stretch of a source.
#[derive(Clone)]
pub(crate) struct Part {
    source: Source,
    pub(crate) offset: u64,
    pub(crate) length: u64,
}

impl Part {
    /// Opens the stretch, to be sent.
    pub(crate) async fn sending(&self) -> Result<(Sending, Arc<Progress>), SourceFailed> {
        let stream = self
            .source
            .open_at(self.offset)
            .await
            .map_err(SourceFailed)?;
        let progress = Arc::new(Progress(Mutex::new(State::Sent(Instant::now()))));
        let sending = Sending {
            stream: Mutex::new(stream),
            rest: Bytes::new(),
            left: self.length,
            progress: Arc::clone(&progress),
        };
        Ok((sending, progress))
    }
}

/// How far a body has got, so that silence can be told from slowness.
pub(crate) struct Progress(Mutex<State>);

#[derive(Clone, Copy)]
enum State {
    /// The source has nothing at the moment: not the registry's silence.
    Waiting,
    /// The last piece was taken then.
    Sent(Instant),
    /// All of it was taken then.
    Done(Instant),
}

impl Progress {
    /// Returns until when there has to be some progress: a piece within `silence`, after the last piece the answer within
    /// `longest`.
    pub(crate) fn until(&self, silence: Duration, longest: Duration) -> Instant {
        match *self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            State::Waiting => Instant::now() + silence,
            State::Sent(at) => at + silence,
            State::Done(at) => at + longest,
        }
    }

    fn set(&self, state: State) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }
}

/// The body of a request under way: exactly the bytes that were promised, in pieces.
pub(crate) struct Sending {
    // Never locked: it makes the stream one that may be shared, as the client wants bodies to be.
    stream: Mutex<Bytestream>,
    rest: Bytes,
    left: u64,
    progress: Arc<Progress>,
}

impl Sending {
    /// Hands on a piece of what has come.
    fn piece(&mut self) -> Bytes {
        let piece = self.rest.split_to(self.rest.len().min(PIECE));
        self.left = self.left.saturating_sub(piece.len() as u64);
        let now = Instant::now();
        self.progress.set(if self.left == 0 {
            State::Done(now)
        } else {
            State::Sent(now)
        });
        piece
    }
}

impl hyper::body::Body for Sending {
    type Data = Bytes;
    type Error = SourceFailed;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, SourceFailed>>> {
        let this = &mut *self;
        while this.rest.is_empty() {
            if this.left == 0 {
                return Poll::Ready(None);
            }
            this.progress.set(State::Waiting);
            let stream = this
                .stream
                .get_mut()
                .unwrap_or_else(PoisonError::into_inner);
            match ready!(stream.as_mut().poll_next(context)) {
                Some(Ok(bytes)) => {
                    let most = usize::try_from(this.left).unwrap_or(usize::MAX);
                    this.rest = bytes.slice(..bytes.len().min(most));
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(SourceFailed(error)))),
                None => {
                    let early = io::Error::from(io::ErrorKind::UnexpectedEof);
                    return Poll::Ready(Some(Err(SourceFailed(early))));
                }
            }
        }
        Poll::Ready(Some(Ok(Frame::data(this.piece()))))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyper::body::Body as _;
    use std::future::poll_fn;

    #[tokio::test]
    async fn a_body_is_done_after_its_last_byte_and_its_answer_may_take_longer_then() {
        let (silence, longest) = (Duration::from_hours(1), Duration::from_hours(9));
        let bytes = vec![7; PIECE + 1];
        let part = Source::of_bytes(bytes).part(0, u64::MAX);
        let (mut sending, progress) = part.sending().await.unwrap();
        for (left, is_done) in [(1, false), (0, true)] {
            assert!(!sending.is_end_stream());
            let before = Instant::now();
            let frame = poll_fn(|context| Pin::new(&mut sending).poll_frame(context)).await;
            assert!(frame.unwrap().unwrap().is_data());
            assert_eq!(sending.size_hint().exact(), Some(left));
            assert_eq!(sending.is_end_stream(), is_done);
            // Nothing here waits: it is either of the two, hours apart.
            let until = progress.until(silence, longest);
            assert!(until >= before + if is_done { longest } else { silence });
            assert_eq!(until >= before + longest, is_done);
        }
        let nothing = Source::of_bytes(Vec::new()).part(0, u64::MAX);
        assert!(nothing.sending().await.unwrap().0.is_end_stream());
    }
}
