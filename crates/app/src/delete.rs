//! Deleting tags and commits: first everything that would go and what could not be checked, then one deletion after
//! the other, then *Undo*.
//!
//! What goes with what is in `web` (pure), the sheet in `plan`, the deletions in `run`, the way back in `undo`. How a
//! single tag is taken away is `remove`'s. Nothing here deletes on its own: every item was in a sheet, and is left
//! alone where it isn't any more what the sheet showed.

mod effects;
mod plan;
mod run;
mod survey;
mod undo;
mod web;

pub(crate) use undo::{Taken, Undo};

use crate::Longshore;
use crate::problems;
use crate::view::delete::{DeleteItem, DeleteOrder, DeleteOutcome, DeletePlan, DeleteQuestion};
use crate::view::problem::Problem;
use oci::{Digest, Tag};

/// How many items one sheet may hold.
const MOST_ITEMS: usize = 500;

impl Longshore {
    /// What a deletion would do. Asks only.
    pub async fn plan_delete(&self, question: DeleteQuestion) -> Result<DeletePlan, Problem> {
        let items = read(&question.items)?;
        let door = self.house.door(&question.account).await?;
        let (place, remote) = door.repository(&question.repository)?;
        self.house
            .plan_deletion(&door, &place, &remote, &items)
            .await
    }

    /// Deletes, one by one; `stop_deleting` ends it between two.
    pub async fn delete(&self, order: DeleteOrder) -> Result<DeleteOutcome, Problem> {
        let asked: Vec<DeleteItem> = order.items.iter().map(|now| now.item.clone()).collect();
        let mut items = Vec::new();
        for (item, now) in read(&asked)?.into_iter().zip(&order.items) {
            let expected = Digest::parse(&now.expected).map_err(problems::unexpected)?;
            items.push((item, expected));
        }
        let door = self.house.door(&order.account).await?;
        let (place, remote) = door.repository(&order.repository)?;
        let outcome = self.house.delete_all(&door, &place, &remote, items).await;
        self.house.stale_tags(&place).await;
        outcome
    }

    /// Ends deletions and prunings that run; what went stays gone.
    #[allow(clippy::unused_async)] // as every call of the window
    pub async fn stop_deleting(&self) -> Result<(), Problem> {
        self.house.removals.stop();
        Ok(())
    }

    /// Puts back what a deletion took, while the layers are there.
    pub async fn undo_delete(&self, undo: String) -> Result<DeleteOutcome, Problem> {
        let id: i64 = undo.parse().map_err(|_| undo::forgotten())?;
        self.house.undo_deletion(id).await
    }
}

/// One thing to delete, read.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Item {
    /// A name.
    Tag(Tag),
    /// A commit with every name.
    Commit(Digest),
}

impl Item {
    /// As failures and sentences name it.
    fn name(&self) -> String {
        match self {
            Self::Tag(tag) => tag.to_string(),
            Self::Commit(digest) => digest.short().to_owned(),
        }
    }
}

/// Reads what the window sends.
fn read(items: &[DeleteItem]) -> Result<Vec<Item>, Problem> {
    if items.len() > MOST_ITEMS {
        return Err(
            problems::plain(format!("At most {MOST_ITEMS} can be deleted at once."))
                .hint("Choose fewer, then delete the others."),
        );
    }
    items
        .iter()
        .map(|item| match item {
            DeleteItem::Tag { name } => Ok(Item::Tag(crate::house::tag(name)?)),
            DeleteItem::Commit { digest } => Ok(Item::Commit(
                Digest::parse(digest).map_err(problems::unexpected)?,
            )),
        })
        .collect()
}
