//! Images as an archive: out of the engine and into it, as streams.
//!
//! What it is: the bytes of `docker save` and the answer to `docker load`. What it is not: it opens no file and holds no
//! archive in memory. It grows by another form of archive.

use std::io;

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use http::Request;
use http::header::CONTENT_TYPE;
use http_body_util::{BodyExt, Empty, StreamBody};
use hyper::body::Frame;
use serde::Deserialize;

use crate::images::{in_path, in_query};
use crate::lines::Lines;
use crate::raw::Opened;
use crate::{Engine, Error, transport};

/// How much of an archive's end is kept to see whether it is one.
const TAIL: usize = 16 * 1024;
/// The zeros that every tar ends with, at the least.
const LAST_BLOCK: usize = 512;

/// An archive that comes from the engine. Dropping it makes the engine stop.
#[derive(Debug)]
pub struct Archive {
    opened: Opened,
    tail: Vec<u8>,
}

impl Archive {
    /// Returns the next bytes; `None` at the end of a whole archive.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        loop {
            match self.opened.body.frame().await {
                Some(Ok(frame)) => {
                    if let Ok(bytes) = frame.into_data()
                        && !bytes.is_empty()
                    {
                        remember(&mut self.tail, &bytes);
                        return Ok(Some(bytes));
                    }
                }
                Some(Err(error)) => return Err(transport::broken_connection(&error)),
                None => return whole(&self.tail).map(|()| None),
            }
        }
    }
}

/// Keeps the end of what came.
fn remember(tail: &mut Vec<u8>, bytes: &[u8]) {
    tail.extend_from_slice(&bytes[bytes.len().saturating_sub(TAIL)..]);
    let too_much = tail.len().saturating_sub(TAIL);
    tail.drain(..too_much);
}

/// Tells whether an archive is whole: an engine that fails on the way writes its error where the end should be.
fn whole(tail: &[u8]) -> Result<(), Error> {
    let ends = tail.len() >= LAST_BLOCK && tail[tail.len() - LAST_BLOCK..].iter().all(|b| *b == 0);
    if ends {
        return Ok(());
    }
    let error = b"{\"errorDetail\"";
    let said = tail
        .windows(error.len())
        .rposition(|part| part == error)
        .and_then(|at| Line::read(&tail[at..]))
        .and_then(Line::failure);
    Err(said.unwrap_or_else(|| Error::Broken("the archive broke off".to_owned())))
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct Line {
    stream: Option<String>,
    error: Option<String>,
    error_detail: Option<Detail>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Detail {
    message: String,
}

impl Line {
    fn read(text: &[u8]) -> Option<Self> {
        serde_json::from_slice(text.trim_ascii()).ok()
    }

    fn failure(self) -> Option<Error> {
        let detail = self.error_detail.map(|detail| detail.message);
        detail
            .filter(|message| !message.is_empty())
            .or(self.error)
            .map(Error::InStream)
    }
}

impl Engine {
    /// Begins to save images, by name or id, as one archive. It may be long until the first byte comes.
    pub async fn save(&self, images: &[String]) -> Result<Archive, Error> {
        let mut query = Vec::new();
        for image in images {
            in_path(image)?;
            query.push(format!("names={}", in_query(image)));
        }
        let request = Request::get(format!("/images/get?{}", query.join("&")))
            .body(Empty::<Bytes>::new())
            .map_err(|error| Error::Broken(error.to_string()))?;
        Ok(Archive {
            opened: self.open(request).await?,
            tail: Vec::new(),
        })
    }

    /// Loads an archive, and returns the names, or ids, of what was in it. It ends when the engine has taken it all in.
    pub async fn load<S>(&self, archive: S) -> Result<Vec<String>, Error>
    where
        S: Stream<Item = io::Result<Bytes>> + Send + 'static,
    {
        let body = StreamBody::new(archive.map(|bytes| bytes.map(Frame::data)));
        let request = Request::post("/images/load?quiet=true")
            .header(CONTENT_TYPE, "application/x-tar")
            .body(body)
            .map_err(|error| Error::Broken(error.to_string()))?;
        let mut opened = self.open(request).await?;
        let mut lines = Lines::default();
        let mut names = Vec::new();
        while let Some(frame) = opened.body.frame().await {
            let frame = frame.map_err(|error| transport::broken_connection(&error))?;
            if let Some(bytes) = frame.data_ref() {
                lines.push(bytes);
            }
            while let Some(line) = lines.next_line()? {
                loaded(&line, &mut names)?;
            }
        }
        if let Some(line) = lines.rest() {
            loaded(&line, &mut names)?;
        }
        Ok(names)
    }
}

/// Reads one line of the answer to a load.
pub(crate) fn loaded(line: &[u8], names: &mut Vec<String>) -> Result<(), Error> {
    let Some(line) = Line::read(line) else {
        return Ok(());
    };
    if let Some(said) = &line.stream {
        for said in said.lines() {
            let list = ["Loaded image ID: ", "Loaded image(s): ", "Loaded image: "]
                .iter()
                .find_map(|begin| said.strip_prefix(begin));
            // Podman names several in one line.
            let each = list.unwrap_or_default().split(',').map(str::trim);
            names.extend(each.filter(|name| !name.is_empty()).map(str::to_owned));
        }
    }
    line.failure().map_or(Ok(()), Err)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(line: &str) -> Result<Vec<String>, Error> {
        let mut names = Vec::new();
        loaded(line.as_bytes(), &mut names).map(|()| names)
    }

    #[test]
    fn the_names_of_what_was_loaded_are_read_in_the_words_of_each_engine() {
        let docker = r#"{"stream":"Loaded image: team/app:v1\n"}"#;
        assert_eq!(names(docker).unwrap(), ["team/app:v1"]);
        let unnamed = r#"{"stream":"Loaded image ID: sha256:00\n"}"#;
        assert_eq!(names(unnamed).unwrap(), ["sha256:00"]);
        let podman = r#"{"stream":"Loaded image: localhost/a:1,localhost/b:2"}"#;
        assert_eq!(names(podman).unwrap(), ["localhost/a:1", "localhost/b:2"]);
        for nothing in [
            r#"{"status":"Loading layer","id":"00"}"#,
            r#"{"stream":"The image a:b already exists, renaming the old one"}"#,
            "no json",
        ] {
            assert!(names(nothing).unwrap().is_empty(), "{nothing}");
        }
        let failed = r#"{"errorDetail":{"message":"no space left"},"error":"no space"}"#;
        assert_eq!(
            names(failed),
            Err(Error::InStream("no space left".to_owned()))
        );
        let short = r#"{"error":"no space"}"#;
        assert_eq!(names(short), Err(Error::InStream("no space".to_owned())));
    }

    #[test]
    fn an_archive_that_ends_in_an_error_or_in_the_middle_is_none() {
        let mut tail = Vec::new();
        remember(&mut tail, &vec![1; 40_000]);
        assert_eq!(tail.len(), TAIL);
        remember(&mut tail, &[0; LAST_BLOCK - 1]);
        assert!(matches!(whole(&tail), Err(Error::Broken(_))));
        remember(&mut tail, &[0]);
        assert_eq!((whole(&tail), tail.len()), (Ok(()), TAIL));
        remember(
            &mut tail,
            b"{\"errorDetail\":{\"message\":\"no space left\"},\"error\":\"no space left\"}\r\n",
        );
        assert_eq!(
            whole(&tail),
            Err(Error::InStream("no space left".to_owned()))
        );
        assert!(matches!(whole(&[]), Err(Error::Broken(_))));
    }
}
