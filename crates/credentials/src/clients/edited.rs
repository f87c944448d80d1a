//! The file of a program: read as it is to be edited, and edited as often as somebody else changes it meanwhile.

use super::edit::{self, NotEdited, Put, Section, Taken};
use super::{ClientError, Clients};
use crate::FileRef;
use crate::files::small_file;
use crate::write::{self, Rights};
use secrecy::zeroize::Zeroizing;
use std::path::Path;

/// How often a file is edited that somebody else changes at the same time.
const TRIES: usize = 3;

/// What becomes of a file.
enum Change {
    None,
    /// It holds this; or it goes.
    To(Option<Zeroizing<String>>),
}

impl Clients {
    pub(super) fn put(
        &self,
        file: FileRef,
        section: Section,
        key: &str,
        value: &str,
    ) -> Result<Put, ClientError> {
        self.edited(file, |text| {
            let (text, put) = edit::put(text, section, key, value)?;
            Ok((Change::To(Some(text)), put))
        })
    }

    /// Takes out what was put in, where the text shows that it is still ours.
    pub(super) fn take(
        &self,
        file: FileRef,
        put: &Put,
        is_ours: impl Fn(&str) -> bool,
    ) -> Result<(), ClientError> {
        self.edited(file, |text| {
            if !is_ours(text.unwrap_or_default()) {
                return Ok((Change::None, ()));
            }
            let change = match edit::take(text, put)? {
                Taken::Unchanged => Change::None,
                Taken::Text(text) => Change::To(Some(text)),
                Taken::NoFile => Change::To(None),
            };
            Ok((change, ()))
        })
    }

    fn edited<T>(
        &self,
        file: FileRef,
        edit: impl Fn(Option<&str>) -> Result<(Change, T), NotEdited>,
    ) -> Result<T, ClientError> {
        let shown = self.shown(file);
        let Some(path) = self.files.path(file) else {
            let nowhere = "its configuration has no place".to_owned();
            return Err(ClientError::File(nowhere));
        };
        for _ in 0..TRIES {
            let before = self.text(file)?;
            let before = before.as_ref().map(|text| text.as_str());
            let (change, told) = edit(before).map_err(|why| not_edited(&shown, why))?;
            let Change::To(after) = change else {
                return Ok(told);
            };
            let after = after.as_ref().map(|text| text.as_bytes());
            let before = before.map(str::as_bytes);
            let written = write::replace(path, before, after, Rights::AsBefore);
            if written.map_err(|error| ClientError::File(format!("{shown}: {error}")))? {
                return Ok(told);
            }
        }
        Err(ClientError::File(format!(
            "{shown} is being changed by another program"
        )))
    }

    /// Reads a file as it is to be edited: a text that isn't one is not touched.
    pub(super) fn text(&self, file: FileRef) -> Result<Option<Zeroizing<String>>, ClientError> {
        let Some(path) = self.files.path(file) else {
            return Ok(None);
        };
        let cannot = |why: String| ClientError::File(format!("{}: {why}", path.display()));
        let bytes = small_file(path).map_err(|error| cannot(error.to_string()))?;
        bytes
            .map(|bytes| {
                let text = std::str::from_utf8(&bytes);
                text.map(|text| Zeroizing::new(text.to_owned()))
            })
            .transpose()
            .map_err(|_| cannot("it is no text".to_owned()))
    }

    pub(super) fn shown(&self, file: FileRef) -> String {
        let path = self.files.path(file).unwrap_or(Path::new("?"));
        path.display().to_string()
    }
}

fn not_edited(shown: &str, why: NotEdited) -> ClientError {
    match why {
        NotEdited::NotAnObject => ClientError::File(format!("{shown} is no configuration")),
        NotEdited::OddSection => ClientError::File(format!(
            "{shown} has its sign-ins in a way that only Docker's own programs should change"
        )),
        NotEdited::Twice => ClientError::File(format!("{shown} names this registry twice")),
        NotEdited::Taken => ClientError::OwnSignIn(shown.to_owned()),
    }
}
