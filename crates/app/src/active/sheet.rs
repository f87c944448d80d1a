//! The sheet before a tag goes back: both commits side by side, what may not be meant, how the one it leaves is kept.

use crate::Longshore;
use crate::house::{self, Door, House};
use crate::problems;
use crate::put_back::Whole;
use crate::rows::Shelf;
use timeline::Commit;
use crate::view::active::{ActivePlan, ActiveQuestion};
use crate::view::browse::TimeFact;
use crate::view::problem::{Code, Problem};
use crate::view::push::{KeepPlan, PushTarget};
use oci::{CommitTag, Digest, Tag};
use registry::Repository;
use store::{Facts, Place};

impl Longshore {
    /// What making a commit active would do.
    pub async fn plan_active(&self, question: ActiveQuestion) -> Result<ActivePlan, Problem> {
        let house = &self.house;
        let tag = house::tag(&question.tag)?;
        let door = house.door(&question.account).await?;
        let (place, remote) = door.repository(&question.repository)?;
        let digest = house
            .commit(&door, &place, &remote, &question.commit)
            .await?;
        let active = house.look(&door, &place, &remote, &tag).await?;
        // Its rule may have changed since it was last read; one that can't be read now is as it was.
        let _ = house.look_about(&door, &place, &remote).await;
        let whole = house.whole(&door, &remote, &digest).await?;

        let to = house
            .side(&door, &place, &remote, &tag, &digest, active.as_ref())
            .await?;
        let from = match &active {
            None => None,
            Some(active) => Some(
                house
                    .side(&door, &place, &remote, &tag, active, Some(&digest))
                    .await?,
            ),
        };
        let keep = match &from {
            Some(from) if !from.same_image => {
                let index = from.platforms.len() > 1;
                let active = active.as_ref().unwrap_or(&digest);
                house.keep_plan(&place, &tag, active, index).await?
            }
            _ => KeepPlan::Nothing,
        };
        Ok(ActivePlan {
            warnings: warnings(&tag, from.as_ref(), &to, &whole),
            from,
            to,
            keep,
        })
    }
}

impl House {
    /// A commit by its digest, or by the commit tag where only that is known.
    async fn commit(
        &self,
        door: &Door,
        place: &Place,
        remote: &Repository,
        commit: &str,
    ) -> Result<Digest, Problem> {
        if let Ok(digest) = Digest::parse(commit) {
            return Ok(digest);
        }
        let name = CommitTag::parse(commit)
            .ok_or_else(|| problems::unexpected(format!("no commit: {commit:.200}")))?;
        let found = self.look(door, place, remote, &name.name()).await?;
        match found {
            Some(digest) if name.matches(&digest) => Ok(digest),
            Some(other) => Err(problems::plain(format!(
                "The commit tag {name} points at {}, not at what its name says.",
                other.short()
            ))
            .hint("Somebody moved it. Choose another commit.")),
            None => Err(problems::plain(format!(
                "This registry no longer has the commit tag {name}."
            ))
            .hint("Refresh the commits and choose another one.")),
        }
    }

    /// One side of the sheet; `other` is what stands on the other one.
    async fn side(
        &self,
        door: &Door,
        place: &Place,
        remote: &Repository,
        tag: &Tag,
        digest: &Digest,
        other: Option<&Digest>,
    ) -> Result<PushTarget, Problem> {
        let facts = match self.facts(door, remote, digest).await {
            Ok(facts) => facts,
            Err(problem) if problem.code == Code::SignIn => return Err(problem),
            // What can't be read can still be told from, and kept: by its digest.
            Err(_) => Facts::default(),
        };
        Ok(PushTarget {
            digest: digest.to_string(),
            time: self.since(place, tag, digest).await?,
            size: facts.size,
            platforms: facts.platforms,
            same_image: other == Some(digest),
        })
    }

    /// When a tag came to point at a commit, the last time it did.
    pub(crate) async fn since(
        &self,
        place: &Place,
        tag: &Tag,
        digest: &Digest,
    ) -> Result<Option<TimeFact>, Problem> {
        let (place, tag) = (place.clone(), tag.to_string());
        let commit = Commit::Whole(digest.clone());
        self.db(move |store| {
            let entries = Shelf::of_tag(store, &place, &tag)?.entries(&tag);
            Ok(entries
                .into_iter()
                .find(|entry| entry.commit == commit)
                .map(|entry| entry.time))
        })
        .await
    }
}

/// Going back is what the sheet is for; said is only what may not be meant.
fn warnings(tag: &Tag, from: Option<&PushTarget>, to: &PushTarget, whole: &Whole) -> Vec<String> {
    let mut warnings = Vec::new();
    if to.same_image {
        return vec![format!("{tag} already points at this commit.")];
    }
    if whole.lost {
        warnings.push(
            "This registry let go of its manifest; Longshore puts it back, its layers are there."
                .to_owned(),
        );
    }
    if let Some(lost) = from.and_then(|from| lost_platforms(&from.platforms, &to.platforms)) {
        warnings.push(lost);
    }
    warnings
}

/// "amd64 only, arm64 is lost".
fn lost_platforms(from: &[String], to: &[String]) -> Option<String> {
    // Of what has no platform at all (an artifact) nothing can be said.
    if to.is_empty() {
        return None;
    }
    let short = |platform: &String| {
        platform
            .strip_prefix("linux/")
            .unwrap_or(platform)
            .to_owned()
    };
    let lost: Vec<String> = from
        .iter()
        .filter(|platform| !to.contains(platform))
        .map(short)
        .collect();
    let be = if lost.len() == 1 { "is" } else { "are" };
    let lost = match lost.as_slice() {
        [] => return None,
        lost => format!("{} {be} lost", lost.join(" and ")),
    };
    Some(match to {
        [only] => format!("{} only, {lost}", short(only)),
        _ => lost,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lost_platforms_are_named() {
        let told = |from: &[&str], to: &[&str]| {
            let own = |list: &[&str]| list.iter().map(ToString::to_string).collect::<Vec<_>>();
            lost_platforms(&own(from), &own(to))
        };
        let two = ["linux/amd64", "linux/arm64"];
        assert_eq!(told(&two, &two), None);
        assert_eq!(told(&two[..1], &two), None);
        assert_eq!(told(&two, &[]), None);
        assert_eq!(
            told(&two, &two[..1]).as_deref(),
            Some("amd64 only, arm64 is lost")
        );
        assert_eq!(
            told(&["linux/amd64", "linux/arm64", "windows/amd64"], &two[..1]).as_deref(),
            Some("amd64 only, arm64 and windows/amd64 are lost")
        );
        assert_eq!(
            told(&["linux/amd64", "linux/arm64", "linux/riscv64"], &two).as_deref(),
            Some("riscv64 is lost")
        );
    }
}
