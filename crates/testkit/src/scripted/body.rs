//! Bodies of answers: whole, endless, slow, silent, or broken off.

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::time::{Sleep, sleep};

/// How a body ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// As it should.
    Whole,
    /// With a closed connection.
    Broken,
    /// Not at all: nothing follows.
    Silent,
}

/// Pieces in a row, then the end.
pub(super) struct Pieces {
    queue: VecDeque<Bytes>,
    end: End,
    /// What `Content-Length` says; nothing for a chunked body.
    length: Option<u64>,
    /// How far apart the pieces are.
    apart: Duration,
    pause: Option<Pin<Box<Sleep>>>,
    flushed: bool,
}

impl Pieces {
    fn of(queue: impl Into<VecDeque<Bytes>>, end: End, length: usize) -> Self {
        Self {
            queue: queue.into(),
            end,
            length: Some(length as u64),
            apart: Duration::ZERO,
            pause: None,
            flushed: false,
        }
    }

    /// Sends these bytes.
    pub(super) fn whole(bytes: Bytes) -> Self {
        let length = bytes.len();
        Self::of([bytes], End::Whole, length)
    }

    /// Sends half of these bytes under the length of all, then a closed connection.
    pub(super) fn half(bytes: &Bytes) -> Self {
        Self::cut(bytes, bytes.len() / 2)
    }

    /// Sends so many of these bytes under the length of all, then a closed connection.
    pub(super) fn cut(bytes: &Bytes, at: usize) -> Self {
        let there = bytes.slice(..at.min(bytes.len()));
        Self::of([there], End::Broken, bytes.len())
    }

    /// Sends so many of these bytes under the length of all, then nothing.
    pub(super) fn hanging(bytes: &Bytes, at: usize) -> Self {
        Self {
            end: End::Silent,
            ..Self::cut(bytes, at)
        }
    }

    /// Sends these bytes in pieces of this size, so far apart.
    pub(super) fn dripping(bytes: &Bytes, size: usize, apart: Duration) -> Self {
        let pieces: VecDeque<Bytes> = bytes
            .chunks(size.max(1))
            .map(Bytes::copy_from_slice)
            .collect();
        Self {
            apart,
            ..Self::of(pieces, End::Whole, bytes.len())
        }
    }

    /// Leaves out the `Content-Length`.
    pub(super) fn chunked(self) -> Self {
        Self {
            length: None,
            ..self
        }
    }

    /// Sends so many mebibytes of blanks.
    pub(super) fn mebibytes(count: usize, chunked: bool) -> Self {
        let one = Bytes::from(vec![b' '; 1024 * 1024]);
        let length = count * one.len();
        let queue: VecDeque<Bytes> = std::iter::repeat_n(one, count).collect();
        let pieces = Self::of(queue, End::Whole, length);
        if chunked { pieces.chunked() } else { pieces }
    }
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(pause) = &mut self.pause {
            ready!(pause.as_mut().poll(context));
            self.pause = None;
        }
        match (self.queue.pop_front(), self.end) {
            (Some(piece), _) => {
                self.length = self
                    .length
                    .map(|length| length.saturating_sub(piece.len() as u64));
                if !self.apart.is_zero() {
                    self.pause = Some(Box::pin(sleep(self.apart)));
                }
                Poll::Ready(Some(Ok(Frame::data(piece))))
            }
            (None, End::Whole) => Poll::Ready(None),
            (None, End::Broken) if !self.flushed => {
                // What is there is sent before the connection closes.
                self.flushed = true;
                self.pause = Some(Box::pin(sleep(Duration::from_millis(5))));
                self.poll_frame(context)
            }
            (None, End::Broken) => {
                let broken = io::Error::from(io::ErrorKind::ConnectionReset);
                Poll::Ready(Some(Err(broken)))
            }
            (None, End::Silent) => Poll::Pending,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.queue.is_empty() && self.end == End::Whole
    }

    fn size_hint(&self) -> SizeHint {
        self.length
            .map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
