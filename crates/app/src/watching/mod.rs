//! The watch: one timer for all that is watched. It only reads; what follows from a look is done in `rescue`.
//!
//! A round over a repository is the list of its tags, where all of it is watched, and a HEAD for each watched tag, those
//! longest not asked first. A host that wants to be left alone is, for as long as it says, else twice as long each
//! time. When each repository is due is stored, so that a restart neither asks all at once nor forgets.
//!
//! Not here: what follows from a move (`rescue`, `moves`), what is said about it (`notices`). Grows by another reason to look.

mod moves;
mod notices;
mod rescue;
mod room;
mod round;
mod timer;
mod waits;
mod whose;

pub(crate) use room::Below;
pub use room::Watching;
