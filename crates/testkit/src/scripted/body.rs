//! Bodies of answers: whole, endless, or broken off.

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

/// Pieces in a row, then the end or a broken connection.
pub(super) struct Pieces {
    queue: VecDeque<Bytes>,
    breaks: bool,
    /// What `Content-Length` says; nothing for a chunked body.
    length: Option<u64>,
}

impl Pieces {
    /// These bytes.
    pub(super) fn whole(bytes: Bytes) -> Self {
        let length = Some(bytes.len() as u64);
        Self {
            queue: VecDeque::from([bytes]),
            breaks: false,
            length,
        }
    }

    /// Half of these bytes under the length of all, then a closed connection.
    pub(super) fn half(bytes: &Bytes) -> Self {
        let half = bytes.slice(..bytes.len() / 2);
        Self {
            queue: VecDeque::from([half]),
            breaks: true,
            length: Some(bytes.len() as u64),
        }
    }

    /// So many mebibytes of blanks.
    pub(super) fn mebibytes(count: usize, chunked: bool) -> Self {
        let one = Bytes::from(vec![b' '; 1024 * 1024]);
        let length = (!chunked).then_some((count * one.len()) as u64);
        Self {
            queue: std::iter::repeat_n(one, count).collect(),
            breaks: false,
            length,
        }
    }
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        Poll::Ready(match self.queue.pop_front() {
            Some(piece) => {
                self.length = self
                    .length
                    .map(|length| length.saturating_sub(piece.len() as u64));
                Some(Ok(Frame::data(piece)))
            }
            None if self.breaks => Some(Err(io::Error::from(io::ErrorKind::ConnectionReset))),
            None => None,
        })
    }

    fn is_end_stream(&self) -> bool {
        self.queue.is_empty() && !self.breaks
    }

    fn size_hint(&self) -> SizeHint {
        self.length
            .map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
