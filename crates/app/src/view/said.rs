//! What was said, as data: a code and its arguments. It is what is stored; the sentence is made of it when it is read.
//!
//! Not here: the sentences (`words`). It never crosses to the window, which is given the sentence.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// One sentence, or a part of one, as data.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Which sentence it is: its room and its name, as `removal.still_there`.
    pub code: Cow<'static, str>,
    /// What it speaks of, by the names its template uses.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub args: BTreeMap<Cow<'static, str>, Arg>,
}

/// What one place of a sentence is filled with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Arg {
    /// A name, a number, the other side's own words.
    Text(String),
    /// Another sentence, quoted.
    Said(Said),
    /// Several names, read as "one and other".
    All(Vec<String>),
}
