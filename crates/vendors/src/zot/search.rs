//! Asking zot's search extension: where a page begins, which fields this zot has, what came and what was refused. Not here: what is
//! asked for, and what is made of a row (`mod`).

use crate::values::{Cursor, Page};
use crate::way::{Failure, Way};
use registry::{Ask, AskFor, Told};
use serde_json::Value;

/// The fields of a tag that not every version has.
const NEWER: [&str; 3] = ["PushTimestamp", "TaggedTimestamp", "PushedBy"];

/// Where a page begins, and which of the newer fields this zot has.
pub(super) struct Place {
    offset: usize,
    pub newer: Vec<&'static str>,
}

impl Place {
    /// Reads where a page begins; the first where nothing says otherwise.
    pub fn read(at: &Cursor) -> Self {
        let Cursor::Text(text) = at else {
            let newer = NEWER.to_vec();
            return Self { offset: 0, newer };
        };
        let mut words = text.split(' ');
        let offset = words.next().and_then(|offset| offset.parse().ok());
        let named: Vec<&str> = words.collect();
        Self {
            offset: offset.unwrap_or_default(),
            newer: NEWER.into_iter().filter(|it| named.contains(it)).collect(),
        }
    }

    fn next(mut self, size: usize) -> Cursor {
        self.newer.insert(0, "");
        let offset = self.offset.saturating_add(size);
        Cursor::Text(format!("{offset}{}", self.newer.join(" ")))
    }

    /// Writes it as the extension wants it, with so many rows.
    pub fn page(&self, size: usize) -> String {
        let offset = self.offset;
        format!("{{limit:{size},offset:{offset},sortBy:ALPHABETIC_ASC}}")
    }

    /// Leaves out the fields that are said to be unknown; false where none of them is.
    pub fn goes_without(&mut self, refused: &Refused) -> bool {
        let before = self.newer.len();
        self.newer.retain(|field| !refused.is_unknown(field));
        self.newer.len() < before
    }
}

/// What was told.
pub(super) struct Answer {
    told: Told,
    body: Value,
}

/// What was refused, in its words.
pub(super) struct Refused {
    says: Vec<String>,
    error: Box<registry::Error>,
}

impl Refused {
    /// Tells whether a field is what it doesn't know: `Cannot query field "X" on type "Y".`, and after that what may be meant.
    fn is_unknown(&self, field: &str) -> bool {
        let words = format!("field \"{field}\"");
        self.says.iter().any(|says| says.contains(&words))
    }
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused.error)
    }
}

/// Asks, and returns what stands under a name in the answer.
pub(super) async fn search(
    way: &Way,
    query: &str,
    of: &'static str,
) -> Result<Result<Answer, Refused>, Failure> {
    let ask = Ask::get().at("/v2/_zot/ext/search").query("query", query);
    let told = match way.registry.ask(&ask, AskFor::Nothing).await {
        Ok(told) => told,
        Err(error) if error.kind == registry::Kind::Refused => {
            let says = error.said.iter().map(|said| said.message.clone()).collect();
            let error = Box::new(error);
            return Ok(Err(Refused { says, error }));
        }
        Err(error) => {
            return Err(match Failure::from(error) {
                // A repository that isn't there has no tags, and is no 404: it is the extension that this zot doesn't have.
                Failure::NotFound => Failure::Absent,
                failure => failure,
            });
        }
    };
    let mut reply: Value = told.json()?;
    let errors = reply["errors"].as_array().map_or(&[][..], Vec::as_slice);
    if !errors.is_empty() {
        let text = |error: &Value| error["message"].as_str().map(str::to_owned);
        let says = errors.iter().take(NEWER.len()).filter_map(text).collect();
        let error = Box::new(told.makes_no_sense("errors in place of what was asked for"));
        return Ok(Err(Refused { says, error }));
    }
    let body = reply.get_mut("data").and_then(|data| data.get_mut(of));
    let body = body.map(Value::take).unwrap_or_default();
    Ok(Ok(Answer { told, body }))
}

impl Answer {
    /// Reads a page, in which every entry that can't be read is left out.
    pub fn page<T>(
        self,
        place: Place,
        size: usize,
        read: impl Fn(&Value) -> Option<T>,
    ) -> Result<Page<T>, Failure> {
        let Some(entries) = self.body["Results"].as_array() else {
            return Err(self.told.makes_no_sense("no results").into());
        };
        let rows: Vec<T> = entries.iter().filter_map(read).collect();
        let sent = entries.len();
        let total = self.body["Page"]["TotalCount"].as_u64();
        let so_far = place.offset.saturating_add(sent) as u64;
        let more = sent >= size && total.is_none_or(|total| total > so_far);
        Ok(Page {
            left_out: sent - rows.len(),
            rows,
            sent,
            total,
            date: self.told.date(),
            next: more.then(|| place.next(size)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::zot::{TAGS, tags};
    use oci::RepositoryName;

    #[test]
    fn a_cursor_keeps_which_fields_there_are() {
        let mut place = Place::read(&Cursor::First);
        assert_eq!((place.offset, place.newer.len()), (0, 3));
        let refused = Refused {
            says: vec![
                "Cannot query field \"TaggedTimestamp\" on type \"ImageSummary\". Did you mean \"PushTimestamp\"?".into(),
                "Cannot query field \"PushedBy\" on type \"ImageSummary\".".into(),
            ],
            error: Box::new(registry::Error {
                kind: registry::Kind::Refused,
                status: Some(422),
                said: Box::default(),
                request: String::new(),
                cause: None,
                elsewhere: None,
            }),
        };
        assert!(place.goes_without(&refused) && !place.goes_without(&refused));
        let next = place.next(TAGS);
        assert_eq!(next, Cursor::Text("250 PushTimestamp".into()));
        let place = Place::read(&next);
        assert_eq!((place.offset, place.newer.as_slice()), (250, &NEWER[..1]));
        let bare = Place {
            offset: 0,
            newer: Vec::new(),
        };
        assert_eq!(bare.next(7), Cursor::Text("7".into()));
        let name = RepositoryName::parse("lab/tool").unwrap();
        assert_eq!(
            tags(&name, &place),
            "{ImageList(repo:\"lab/tool\",requestedPage:{limit:250,offset:250,sortBy:ALPHABETIC_ASC}){Page{TotalCount}Results{Tag Digest MediaType Size Manifests{Platform{Os Arch}} PushTimestamp}}}"
        );
    }
}
