//! One page of a list, read no further than a list may go on.

use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

/// How long a name may be that the next page is asked for by.
const LONGEST_NAME: usize = 4 << 10;

/// What stands in a list.
pub trait Entry: Sized {
    /// The most of them that are taken of one list.
    const MOST: usize;
    /// Whether they are what HEAD is asked for: a whole list of them ends a doubt about HEAD.
    const ARE_TAGS: bool = false;

    /// Returns what it is told by.
    fn name(&self) -> &str;
}

/// An entry that is a name and nothing more.
pub(crate) trait Named: Entry {
    /// Reads one by its grammar.
    fn read(name: &str) -> Option<Self>;
}

/// The entries of one page.
#[derive(Debug)]
pub(crate) struct Page<T> {
    pub(crate) entries: Vec<T>,
    /// How many were left out, as they are no names.
    pub(crate) left_out: usize,
    /// The last one as it was written, where the next page may be asked for by it.
    pub(crate) last: Option<String>,
    /// There are more than are taken of one list.
    pub(crate) more: bool,
}

impl<T> Page<T> {
    /// Returns how many entries the registry sent, as far as they were read.
    pub(crate) fn sent(&self) -> usize {
        self.entries.len() + self.left_out
    }
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
            left_out: 0,
            last: None,
            more: false,
        }
    }
}

/// Names are read one by one, so that a page of millions of them takes no more memory than a list may.
impl<'de, T: Named> Deserialize<'de> for Page<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Names(PhantomData))
    }
}

struct Names<T>(PhantomData<T>);

/// A text that is not copied where it needn't be.
struct Text<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Borrowed;
        impl<'de> Visitor<'de> for Borrowed {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Borrowed)
    }
}

impl<'de, T: Named> Visitor<'de> for Names<T> {
    type Value = Page<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of names")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut names: A) -> Result<Page<T>, A::Error> {
        let mut page = Page::default();
        let mut last = None;
        while let Some(Text(name)) = names.next_element()? {
            if page.sent() >= T::MOST {
                page.more = true;
                continue;
            }
            match T::read(&name) {
                Some(entry) => page.entries.push(entry),
                None => page.left_out += 1,
            }
            last = Some(name);
        }
        page.last = last
            .filter(|name| name.len() <= LONGEST_NAME)
            .map(Cow::into_owned);
        Ok(page)
    }
}
