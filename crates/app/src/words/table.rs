//! How a room's sentences are written down: once, as a name, its arguments and a template.
//!
//! `sentences!` makes of each a function that returns what is said as data, and a line of the room's table, from which
//! the sentence is made when it is read. Not here: which sentences there are; how one is rendered (`render`). Another
//! language is another table of templates under the codes of this one.

use crate::view::said::{Arg, Said};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Display;

/// One line of a table: a code, the names of its arguments, its template.
pub(super) type Line = (&'static str, &'static [&'static str], &'static str);

/// Fills a place of a sentence: whatever can be shown, by reference; another sentence, or several names, by value.
pub(crate) trait Told {
    /// Returns it as an argument.
    fn arg(self) -> Arg;
}

impl<T: Display + ?Sized> Told for &T {
    fn arg(self) -> Arg {
        Arg::Text(self.to_string())
    }
}

impl Told for Said {
    fn arg(self) -> Arg {
        Arg::Said(self)
    }
}

impl Told for Vec<String> {
    fn arg(self) -> Arg {
        Arg::All(self)
    }
}

/// Puts together what is said.
pub(super) fn said<const N: usize>(code: &'static str, args: [(&'static str, Arg); N]) -> Said {
    let args: BTreeMap<_, _> = args
        .into_iter()
        .map(|(name, arg)| (Cow::Borrowed(name), arg))
        .collect();
    Said {
        code: Cow::Borrowed(code),
        args,
    }
}

/// Writes down the sentences of a room: `"room": name(argument, …) => "template with {argument}"; …`
macro_rules! sentences {
    ($room:literal: $( $name:ident ( $($arg:ident),* ) => $template:literal; )*) => {
        /// Holds the sentences of this room, by code.
        pub(super) const TABLE: &[$crate::words::table::Line] = &[$((
            concat!($room, ".", stringify!($name)),
            &[$(stringify!($arg)),*],
            $template,
        )),*];
        $(
            #[doc = concat!("Says “", $template, "”")]
            pub(crate) fn $name($($arg: impl $crate::words::table::Told),*) -> $crate::view::said::Said {
                $crate::words::table::said(
                    concat!($room, ".", stringify!($name)),
                    [$((stringify!($arg), $crate::words::table::Told::arg($arg))),*],
                )
            }
        )*
    };
}
pub(super) use sentences;
