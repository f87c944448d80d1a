//! What push and pull share: following the engine's stream, with progress and a way out.

use super::room::Transfers;
use crate::accounts::Remote;
use crate::tasks::{Meter, Running, Unfinished};
use crate::view::problem::Code;
use crate::words;
use engine::{Event, RegistryAuth, Transfer};
use futures_util::StreamExt;
use oci::{Digest, Host};
use std::future::Future;
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};

/// The window is told at most this often.
const TICK: Duration = Duration::from_millis(100);

impl Transfers {
    /// Begins a transfer, follows it to its end and gives the digest the engine told, if it did. `beside` is begun again
    /// and again while the bytes move (a push looks after its tag), at once and with `true` when every layer is there;
    /// the engine stops when the person cancels. A sign-in that another program keeps may end meanwhile; where there is a
    /// newer one then, the transfer is begun once more: what went through stays.
    pub(crate) async fn carry<F: Future<Output = ()>>(
        &self,
        running: &Running,
        remote: &Remote,
        begin: impl Fn(&RegistryAuth) -> Transfer,
        meter: impl Fn() -> Meter,
        mut beside: impl FnMut(bool) -> F,
    ) -> Result<Option<Digest>, Unfinished> {
        let auth = tokio::select! {
            () = running.token().cancelled() => return Err(Unfinished::Cancelled(None)),
            auth = remote.engine_auth() => auth?,
        };
        let host = &remote.place.host;
        let ended = self
            .follow(running, host, begin(&auth), meter(), &mut beside)
            .await;
        if !matches!(&ended, Err(Unfinished::Failed(problem, _)) if problem.code == Code::SignIn) {
            return ended;
        }
        let newer = tokio::select! {
            () = running.token().cancelled() => return Err(Unfinished::Cancelled(None)),
            newer = remote.engine_auth_after(&auth) => newer,
        };
        match newer {
            Some(newer) => {
                let again = begin(&newer);
                self.follow(running, host, again, meter(), &mut beside)
                    .await
            }
            None => ended,
        }
    }

    async fn follow<F: Future<Output = ()>>(
        &self,
        running: &Running,
        host: &Host,
        mut transfer: Transfer,
        mut meter: Meter,
        beside: &mut impl FnMut(bool) -> F,
    ) -> Result<Option<Digest>, Unfinished> {
        let mut told = None;
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut side = Box::pin(beside(false));
        let (mut side_ended, mut at_the_end) = (false, false);
        running.show(&mut meter);
        let ended = loop {
            // The tick before the stream: an engine that never stops talking must not silence the window.
            tokio::select! {
                biased;
                () = running.token().cancelled() => break Err(Unfinished::Cancelled(None)),
                _ = tick.tick() => {
                    if meter.is_dirty() {
                        running.show(&mut meter);
                    }
                    let now_at_the_end = meter.all_there() && !at_the_end;
                    if now_at_the_end || side_ended {
                        side.set(beside(now_at_the_end));
                        side_ended = false;
                    }
                    at_the_end = meter.all_there();
                }
                () = &mut side, if !side_ended => side_ended = true,
                event = transfer.next() => match event {
                    Some(Ok(Event::Layer { id, state })) => meter.take(&id, state),
                    Some(Ok(Event::Digest(digest))) => told = Some(digest),
                    Some(Ok(Event::Status(_))) => {}
                    Some(Err(error)) => break Err(words::of_transfer(&error, host).into()),
                    None => break Ok(told),
                },
            }
        };
        // Closing the connection is what makes the engine stop.
        drop(transfer);
        running.show(&mut meter);
        ended
    }
}
