//! Whom a registry's sign-in is told to: an engine signs in by itself, and may be on another computer.
//!
//! Not here: the way there, which refuses to carry a secret in the clear (`engine`). Grows by nothing.

use crate::accounts::Remote;
use crate::view::problem::Problem;
use crate::words::transfers as say;
use engine::Engine;

/// Refuses to tell a sign-in to an engine on another computer, unless the person agreed to that very one.
pub(super) fn may_be_told(
    engine: &Engine,
    remote: &Remote,
    agreed: Option<&str>,
) -> Result<(), Problem> {
    match told_to(engine, remote) {
        Some(there) if agreed != Some(&there) => {
            let there = oci::text::plain(&there, 255);
            Err(say::would_be_told(&remote.place.host, &there)
                .problem()
                .hint(say::agree_to_it()))
        }
        _ => Ok(()),
    }
}

/// Returns the other computer that the sign-in would be told to, where there are both.
pub(super) fn told_to(engine: &Engine, remote: &Remote) -> Option<String> {
    let there = engine.address().host()?;
    remote.is_signed_in().then(|| there.to_owned())
}
