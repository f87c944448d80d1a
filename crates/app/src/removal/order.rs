//! What is ordered to be taken away, as it is stored. Nothing secret.

use super::item::{self, Item};
use super::room::Removal;
use crate::ground::names;
use crate::view::delete::{DeleteItem, DeleteOrder};
use crate::view::keep::PruneOrder;
use crate::view::problem::Problem;
use oci::{Digest, Tag};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What a deletion sheet was pressed for, as it is stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Deletion {
    pub account: String,
    pub repository: String,
    pub items: Vec<Doomed>,
}

/// One item of a deletion, with what its sheet showed.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Doomed {
    /// A tag; none: the commit with every name.
    pub tag: Option<String>,
    /// The digest that the sheet showed.
    pub digest: String,
    /// The names of the commit that the sheet showed.
    pub names: BTreeSet<String>,
}

impl From<DeleteOrder> for Deletion {
    fn from(order: DeleteOrder) -> Self {
        Self {
            account: order.account,
            repository: order.repository,
            items: order
                .items
                .into_iter()
                .map(|now| Doomed {
                    tag: match now.item {
                        DeleteItem::Tag { name } => Some(name),
                        DeleteItem::Commit { .. } => None,
                    },
                    digest: now.expected,
                    names: now.names.into_iter().collect(),
                })
                .collect(),
        }
    }
}

impl Doomed {
    /// Reads a stored item.
    pub(super) fn read(&self) -> Result<Step, Problem> {
        let expected = names::digest(&self.digest)?;
        let item = match &self.tag {
            Some(tag) => Item::Tag(names::tag(tag)?),
            None => Item::Commit(expected.clone()),
        };
        Ok(Step::Delete {
            item,
            expected,
            names: self.names.clone(),
        })
    }
}

/// Commit tags that a preview showed and that are to go, as they are stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pruning {
    pub account: String,
    pub repository: String,
    pub commit_tags: BTreeSet<String>,
}

impl From<PruneOrder> for Pruning {
    fn from(order: PruneOrder) -> Self {
        Self {
            account: order.account,
            repository: order.repository,
            commit_tags: order.commit_tags.into_iter().collect(),
        }
    }
}

/// One thing to take away.
pub(super) enum Step {
    /// What a deletion sheet showed.
    Delete {
        item: Item,
        expected: Digest,
        names: BTreeSet<String>,
    },
    /// A commit tag that a preview showed.
    Prune(String),
}

impl Step {
    /// Returns the tag that goes by its name; none where a commit goes with all of them.
    pub fn tag(&self) -> Option<&Tag> {
        match self {
            Self::Delete {
                item: Item::Tag(tag),
                ..
            } => Some(tag),
            Self::Delete { .. } | Self::Prune(_) => None,
        }
    }

    /// Returns the name by which failures and sentences know it.
    pub fn name(&self) -> String {
        match self {
            Self::Delete { item, .. } => item.name(),
            Self::Prune(name) => name.clone(),
        }
    }
}

impl Removal {
    /// Checks an order before it is stored.
    pub(crate) async fn check_deletion(&self, order: &Deletion) -> Result<(), Problem> {
        item::check_count(order.items.len())?;
        for doomed in &order.items {
            doomed.read()?;
        }
        self.accounts
            .place(&order.account, &order.repository)
            .await
            .map(|_| ())
    }

    /// Checks an order before it is stored.
    pub(crate) async fn check_pruning(&self, order: &Pruning) -> Result<(), Problem> {
        self.accounts
            .place(&order.account, &order.repository)
            .await
            .map(|_| ())
    }
}
