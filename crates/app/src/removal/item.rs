//! One thing to delete, as the window names it.

use crate::ground::names;
use crate::view::delete::DeleteItem;
use crate::view::problem::Problem;
use crate::words;
use oci::{Digest, Tag};

/// How many items one sheet may hold.
const MOST_ITEMS: usize = 500;

/// One thing to delete, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// A name.
    Tag(Tag),
    /// A commit with every name.
    Commit(Digest),
}

impl Item {
    /// Returns the name by which failures and sentences know it.
    pub fn name(&self) -> String {
        match self {
            Self::Tag(tag) => tag.to_string(),
            Self::Commit(digest) => digest.short().to_owned(),
        }
    }
}

/// Reads what the window sends; more than a sheet holds is refused.
pub(super) fn read(items: &[DeleteItem]) -> Result<Vec<Item>, Problem> {
    check_count(items.len())?;
    items
        .iter()
        .map(|item| match item {
            DeleteItem::Tag { name } => Ok(Item::Tag(names::tag(name)?)),
            DeleteItem::Commit { digest } => Ok(Item::Commit(names::digest(digest)?)),
        })
        .collect()
}

/// Refuses more items than one sheet holds.
pub(super) fn check_count(items: usize) -> Result<(), Problem> {
    if items <= MOST_ITEMS {
        return Ok(());
    }
    Err(words::removal::too_many_items(&MOST_ITEMS)
        .problem()
        .hint(words::removal::choose_fewer()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_holds_as_many_items_as_are_allowed_and_no_more() {
        assert!(check_count(500).is_ok());
        let told = check_count(501).unwrap_err();
        assert!(told.message.contains("At most 500"), "{told:?}");
        let tag = DeleteItem::Tag { name: "v1".into() };
        assert!(read(&vec![tag.clone(); 501]).is_err());
        assert_eq!(
            read(&[tag]).unwrap(),
            [Item::Tag(Tag::parse("v1").unwrap())]
        );
    }
}
