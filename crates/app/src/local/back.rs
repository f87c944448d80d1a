//! Looking for an engine that lost its place: it is given back to it once it answers, and while nothing of the person's
//! moves through the one that is used meanwhile.
//!
//! Not here: which engine loses its place, and to which (`place`). Grows by another thing that must not be interrupted.

use super::again::{Again, is_far};
use crate::ground::lock;
use engine::{Address, Engine};
use futures_util::future::BoxFuture;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::{Instant, sleep};
use tokio_util::sync::{CancellationToken, DropGuard};

/// How often it is thought of.
const TICK: Duration = Duration::from_secs(1);

/// What moves through the engine, and when something last did.
#[derive(Default)]
pub(super) struct Uses {
    now: usize,
    last: Option<Instant>,
}

impl Uses {
    /// Tells whether nothing has moved for so long: whoever reads a sheet, or waits for its turn, counts as well.
    pub fn rest(&self, patience: Duration) -> bool {
        self.now == 0 && self.last.is_none_or(|last| last.elapsed() >= patience)
    }
}

/// Something of the person's that moves through the engine, for as long as it lives.
pub(crate) struct Use(Arc<Mutex<Uses>>);

impl Use {
    pub(super) fn begin(uses: &Arc<Mutex<Uses>>) -> Self {
        lock(uses).now += 1;
        Self(Arc::clone(uses))
    }
}

impl Drop for Use {
    fn drop(&mut self) {
        let mut uses = lock(&self.0);
        uses.now -= 1;
        uses.last = Some(Instant::now());
    }
}

/// What is done about an engine that is back.
pub(super) struct Return {
    /// Tells whether it may have its place again now.
    pub may: Box<dyn Fn() -> BoxFuture<'static, bool> + Send + Sync>,
    /// Gives it its place; true where no more looking is wanted.
    pub give: Box<dyn Fn(Engine) -> BoxFuture<'static, bool> + Send + Sync>,
}

/// Looks for these engines for as long as what is returned lives, or until one has its place again.
pub(super) fn look(former: Vec<Address>, back: Return) -> DropGuard {
    let token = CancellationToken::new();
    let guard = token.clone().drop_guard();
    tokio::spawn(async move {
        tokio::select! {
            () = token.cancelled() => {}
            () = until_back(former, back) => {}
        }
    });
    guard
}

async fn until_back(former: Vec<Address>, back: Return) {
    let former = former.into_iter().map(|address| (address, Again::new()));
    let mut former: Vec<(Address, Again)> = former.collect();
    loop {
        sleep(TICK).await;
        if !(back.may)().await {
            continue;
        }
        for (address, again) in &mut former {
            if Instant::now() < again.due() {
                continue;
            }
            // Last: who looks is ended by it.
            if let Ok(engine) = Engine::connect(address).await
                && (back.give)(engine).await
            {
                return;
            }
            again.looked(is_far(address));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Return, Use, Uses, look};
    use crate::ground::lock;
    use engine::Address;
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    #[test]
    fn nothing_rests_while_something_moves_and_for_a_while_after() {
        let patience = Duration::from_mins(30);
        let uses = Arc::new(Mutex::new(Uses::default()));
        assert!(lock(&uses).rest(patience), "nothing ever moved");
        let (first, second) = (Use::begin(&uses), Use::begin(&uses));
        drop(first);
        assert!(!lock(&uses).rest(Duration::ZERO), "one still moves");
        drop(second);
        assert!(lock(&uses).rest(Duration::ZERO));
        assert!(
            !lock(&uses).rest(patience),
            "the next may wait for its turn"
        );
    }

    /// Each look at an engine over SSH is a sign-in there.
    #[cfg(unix)]
    #[tokio::test]
    async fn another_computer_is_left_in_peace_ever_longer() {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().unwrap();
        let (program, looks) = (folder.path().join("ssh"), folder.path().join("looks"));
        // With `-G` it only says what is configured.
        let script = format!(
            "#!/bin/sh\n[ \"$1\" = -G ] || echo \"$@\" >> {}\nexit 255\n",
            looks.display()
        );
        std::fs::write(&program, script).unwrap();
        std::fs::set_permissions(&program, PermissionsExt::from_mode(0o755)).unwrap();
        let Address::Ssh(mut target) = Address::parse("ssh://far") else {
            panic!("it is one");
        };
        target.program.program = program;
        let back = Return {
            may: Box::new(|| Box::pin(async { true })),
            give: Box::new(|_| Box::pin(async { true })),
        };
        let guard = look(vec![Address::Ssh(target)], back);
        tokio::time::sleep(Duration::from_millis(5500)).await;
        drop(guard);
        let looks = std::fs::read_to_string(looks).unwrap().lines().count();
        assert!((1..=3).contains(&looks), "{looks} in five seconds");
    }
}
