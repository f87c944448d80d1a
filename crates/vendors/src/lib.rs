//! What a vendor's registry has beside the protocol: how it is recognised by its answers, and its own interface, a part at a time.
//!
//! A vendor is a file with one value that says which parts it has ([`Vendor`]); a part that is there is native, whatever else is
//! said, and one that isn't says what takes its place. So the table of what works how ([`means`]) cannot drift from what is built.
//! Every question goes through `registry`, which bounds, logs and locks it. All that comes back is somebody else's text: bounded,
//! read by grammar, and left out where it can't be read. It keeps nothing, and has no sentence for people. Grows by a vendor: a
//! file, and a line in `all`.

mod acr;
mod all;
mod artifactory;
mod command;
mod ecr;
mod ghcr;
mod gitea;
mod gitlab;
mod google;
mod harbor;
mod hub;
mod interface;
mod nexus;
mod pages;
mod parts;
mod plain;
mod polly;
mod pulp;
mod quay;
mod read;
mod sign;
mod synapse;
#[cfg(test)]
mod tests;
mod untagged;
mod values;
mod vendor;
mod way;
mod zot;

pub use all::{ALL, of};
pub use command::{CommandFailure, OwnCommand, Running, RunsCommand};
pub use interface::{Interface, Place, Second, SecondAs, Shown};
pub use pages::Walk;
pub use parts::{
    Asking, Creates, DeletesCommit, DeletesTag, Describes, History, Lists, Project, Projects,
    Restores, TagFacts, TagPushes, Under, WordLimits,
};
pub use polly::{
    LONGEST_TABLE, PollyCommit, PollyCommits, Printed, Unread, WhyUnread, read_polly_commits,
};
pub use sign::{Recognised, Sign, recognise};
pub use values::{Cursor, Image, Listed, Moment, NewWords, Page, TagFact, TagPush, TagTold, Words};
pub use vendor::{
    Fallback, LetsGo, Means, Part, Program, Reason, Vendor, VendorId, lacking, means, takes_second,
};
pub use way::{Failure, Way};
