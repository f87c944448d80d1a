//! *Make active*: pointing a tag at a commit of its past, without pulling it; *Put back* where the tag was deleted.
//!
//! The order is the one of a push: read the tag; stop where it is not what the sheet showed; keep what it points at
//! where the repository keeps, and stop where it moved meanwhile; only then write, read again, and keep what was
//! displaced by then. The manifest goes up byte for byte, so the commit stays the one it was.

mod sheet;

use crate::Longshore;
use crate::house::{self, Door, House};
use crate::keep::as_listed;
use crate::problems;
use crate::reach::head_of_tag;
use crate::view::active::ActiveOrder;
use crate::view::browse::KeepRule;
use crate::view::problem::{Code, Problem};
use crate::view::push::KeepAnswer;
use crate::view::tasks::Outcome;
use oci::{Digest, Tag};
use registry::{At, Repository};
use store::Place;

impl Longshore {
    /// Points the tag at the commit.
    pub async fn make_active(&self, order: ActiveOrder) -> Result<Outcome, Problem> {
        let house = &self.house;
        let tag = house::tag(&order.tag)?;
        let digest = Digest::parse(&order.digest).map_err(problems::unexpected)?;
        let door = house.door(&order.account).await?;
        let (place, remote) = door.repository(&order.repository)?;
        // One write at a time for each tag, pushes included: the second reads it when the first has settled.
        let _turn = house.turn(format!("push {}:{tag}", place.path())).await;
        let outcome = Outcome {
            name: format!("{}:{tag}", place.path()),
            digest: None,
            commit_tag: None,
            previous: None,
            notes: Vec::new(),
        };
        let mut move_ = Move {
            house,
            door: &door,
            place: &place,
            remote: &remote,
            tag: &tag,
            outcome,
        };
        let ended = move_.run(&digest, &order).await;
        house.stale_tags(&place).await;
        match ended {
            Ok(()) => Ok(move_.outcome),
            Err(problem) => Err(match &move_.outcome.commit_tag {
                Some(name) => problem.hint(format!(
                    "The commit tag {name} was already written and stays."
                )),
                None => problem,
            }),
        }
    }
}

/// One move of a tag on its way.
struct Move<'a> {
    house: &'a House,
    door: &'a Door,
    place: &'a Place,
    remote: &'a Repository,
    tag: &'a Tag,
    /// What was done so far.
    outcome: Outcome,
}

impl Move<'_> {
    async fn run(&mut self, digest: &Digest, order: &ActiveOrder) -> Result<(), Problem> {
        let now = self.look().await?;
        if now.as_ref() == Some(digest) {
            let (tag, short) = (self.tag, digest.short());
            self.note(format!("{tag} already points at {short}."));
            self.outcome.digest = Some(digest.to_string());
            return Ok(());
        }
        if now.as_ref().map(Digest::as_str) != order.expected.as_deref() {
            return Err(self.moved(now.as_ref()));
        }
        let whole = self.house.whole(self.door, self.remote, digest).await?;
        self.outcome.previous = now.as_ref().map(ToString::to_string);
        if let Some(old) = &now {
            self.out_of_the_way(old, order).await?;
        }
        // All that took its time: what came under the tag meanwhile is not overwritten unseen.
        let still = self.look().await?;
        if still != now {
            return Err(self.moved(still.as_ref()));
        }
        let at = At::Tag(self.tag.clone());
        let put = self
            .house
            .put(self.door, self.remote, &at, digest, whole)
            .await?;
        let at = self.house.registry_time(put.date);
        self.house
            .did(self.door, self.place, self.tag.as_str(), digest, at)
            .await?;
        self.outcome.digest = Some(digest.to_string());
        self.settle(digest).await
    }

    /// Keeps what the tag points at, where that is to be kept.
    async fn out_of_the_way(&mut self, old: &Digest, order: &ActiveOrder) -> Result<(), Problem> {
        let (house, door, place, remote) = (self.house, self.door, self.place, self.remote);
        // What the repository says now holds, not what it said when this computer last asked.
        let _ = house.look_about(door, place, remote).await;
        // Nothing is overwritten by default: somebody has said, here or earlier, how this repository keeps.
        let by_rule = order.keep == KeepAnswer::ByRule && !order.accept_loss;
        if by_rule && house.rule(place).await?.is_none() {
            let message = "How this repository keeps was never said, so nothing was moved.";
            return Err(problems::coded(Code::TagMoved, message)
                .hint("Choose it in the sheet, then make it active."));
        }
        let decided = house
            .decide(door, place, remote, order.keep, order.share_rule)
            .await?;
        self.outcome.notes.extend(decided.note);
        if !decided.keep {
            return Ok(());
        }
        match house.keep_before(door, place, remote, self.tag, old).await {
            Ok(name) => {
                let (listed, note) = as_listed(remote, &name).await;
                self.outcome.commit_tag = Some(listed);
                self.outcome.notes.extend(note);
            }
            Err(problem) if order.accept_loss && problem.code == Code::NotKept => {
                self.note(format!("{} was not kept, as you agreed.", old.short()));
            }
            Err(mut problem) => {
                if problem.code == Code::NotKept {
                    problem.hints =
                        vec!["Go on without keeping it, or leave things as they are.".to_owned()];
                }
                return Err(problem);
            }
        }
        Ok(())
    }

    /// Reads the tag again, and keeps what the rule says is kept after a push.
    async fn settle(&mut self, digest: &Digest) -> Result<(), Problem> {
        let (house, door, place, remote) = (self.house, self.door, self.place, self.remote);
        let rule = house.rule(place).await?;
        let now = match head_of_tag(remote, self.tag).await {
            Ok(now) => now,
            // What a refresh finds displaced is kept then; the rest of the rule holds now.
            Err(error) => {
                let told = door.problem(&error).message;
                self.note(format!("The tag could not be read again. {told}"));
                None
            }
        };
        let displaced = now.as_ref().filter(|now| now.digest != *digest);
        if let Some(now) = displaced {
            let at = house.registry_time(now.date);
            house
                .saw(place, self.tag.as_str(), &now.digest, at, false)
                .await?;
            self.note(format!(
                "Someone else moved {} right after: it points at {} now.",
                self.tag,
                now.digest.short()
            ));
        }
        let keeps = match rule {
            Some(KeepRule::Push) => true,
            Some(KeepRule::Overwrite) => displaced.is_some(),
            _ => false,
        };
        if keeps
            && let Err(cause) = house
                .give_commit_tag(door, place, remote, self.tag, digest, |_| {})
                .await?
        {
            let short = digest.short();
            self.note(format!(
                "{short} itself could not be kept. {}",
                cause.message
            ));
        }
        // What the lists show of it; where it can't be had now, a refresh gets it.
        let _ = house.facts(door, remote, digest).await;
        Ok(())
    }

    async fn look(&self) -> Result<Option<Digest>, Problem> {
        self.house
            .look(self.door, self.place, self.remote, self.tag)
            .await
    }

    fn moved(&self, now: Option<&Digest>) -> Problem {
        problems::tag_moved(self.tag, now, "changed", "Look at the sheet again.")
    }

    fn note(&mut self, note: String) {
        self.outcome.notes.push(note);
    }
}
