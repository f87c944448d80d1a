//! What Docker Hub remembers: the audit log of an organization that pays for it, and manifests without a tag.
//!
//! What has no tag is told first, and then the log, which names each push of a tag with who and when; each alone where there is not the
//! other (403, 404). Grows by another action of the log.

use super::{Hub, PAGE, parts, repository, who};
use crate::parts::{Asking, History};
use crate::read;
use crate::untagged::Untagged;
use crate::values::{Cursor, Moment, Page};
use crate::way::{Failure, Way};
use oci::{RepositoryName, Tag, UtcSeconds};
use registry::Ask;
use serde_json::Value;
use std::collections::HashMap;

/// How many pages of manifests are one of ours: whether there is an index among them is asked of all together.
const AT_ONCE: usize = 10;
/// The longest key of a next page that is sent back.
const LONGEST: usize = 1024;

impl History for Hub {
    fn page<'a>(
        &'a self,
        way: &'a Way,
        name: &'a RepositoryName,
        tag: Option<&'a Tag>,
        at: &'a Cursor,
    ) -> Asking<'a, Page<Moment>> {
        Box::pin(async move {
            match at {
                Cursor::Text(key) => untagged(way, name, key.clone()).await,
                Cursor::First if tag.is_none() => match untagged(way, name, String::new()).await {
                    // Nothing names it in a document: it may be served no more, or not to everybody.
                    Err(Failure::NotFound | Failure::Absent | Failure::Denied) => {
                        pushes(way, name, 1).await
                    }
                    told => told,
                },
                _ => match pushes(way, name, at.number()).await {
                    // There is no log for this account.
                    Err(failure) if at.number() == 1 && !failure.is_passing() => Ok(Page::empty()),
                    told => told,
                },
            }
        })
    }
}

/// Asks the log who pushed what, the newest first. It is all tags' whichever is asked for: there is no filter by one.
async fn pushes(way: &Way, name: &RepositoryName, number: u32) -> Result<Page<Moment>, Failure> {
    let (account, _) = parts(name)?;
    let ask = Ask::get()
        .at("/v2/auditlogs")
        .value(account)
        .query("action", "repo.tag.push")
        .query("name", name)
        .query("page", number)
        .query("page_size", PAGE);
    let told = way.ask(&ask).await?;
    let body: Value = told.json()?;
    let Some(entries) = body["logs"].as_array() else {
        return Err(told.makes_no_sense("a log without entries").into());
    };
    let (mut rows, mut left_out) = (Vec::new(), 0);
    // When each tag was pushed the time after.
    let mut after: HashMap<Tag, UtcSeconds> = HashMap::new();
    for entry in entries {
        match push(name, entry) {
            Some((of, mut moment)) => {
                moment.until = after.insert(of, moment.from);
                rows.push(moment);
            }
            None => left_out += 1,
        }
    }
    let sent = entries.len();
    Ok(Page {
        rows,
        sent,
        left_out,
        date: told.date(),
        next: (sent >= PAGE).then(|| Cursor::Number(number.saturating_add(1))),
        ..Page::empty()
    })
}

/// Reads a push of this repository.
fn push(name: &RepositoryName, entry: &Value) -> Option<(Tag, Moment)> {
    if entry["action"] != "repo.tag.push" || entry["name"] != name.as_str() {
        return None;
    }
    let data = &entry["data"];
    let tag = Tag::parse(data["tag"].as_str()?).ok()?;
    let moment = Moment {
        digest: read::digest(&data["digest"])?,
        tag: Some(tag.clone()),
        from: read::time(&entry["timestamp"])?,
        until: None,
        by: who(&entry["actor"]),
        restorable_until: None,
        what: None,
    };
    Some((tag, moment))
}

/// Asks for the manifests that no tag names, a thousand at once.
async fn untagged(
    way: &Way,
    name: &RepositoryName,
    mut key: String,
) -> Result<Page<Moment>, Failure> {
    let (mut bare, mut page) = (Untagged::default(), Page::empty());
    for _ in 0..AT_ONCE {
        let mut ask = repository(Ask::get(), name)?
            .at("/manifests")
            .query("page_size", PAGE);
        if !key.is_empty() {
            ask = ask.query("last_evaluated_key", &key);
        }
        let told = way.ask(&ask).await?;
        let body: Value = told.json()?;
        let Some(entries) = body["manifests"].as_array() else {
            return Err(told.makes_no_sense("a list without manifests").into());
        };
        page.date = told.date();
        page.sent += entries.len();
        for entry in entries {
            let has_tags = entry["tags"]
                .as_array()
                .is_some_and(|tags| !tags.is_empty());
            let moment = without_tag(entry).filter(|_| !has_tags);
            page.left_out += usize::from(!has_tags && moment.is_none());
            bare.take(entry["media_type"].as_str().unwrap_or_default(), moment);
        }
        let next = body["last_evaluated_key"].as_str();
        let next = next.filter(|next| !next.is_empty() && next.len() <= LONGEST && **next != *key);
        page.next = next.map(|next| Cursor::Text(next.to_owned()));
        match next {
            Some(next) if !entries.is_empty() => next.clone_into(&mut key),
            // The log comes after it.
            _ => {
                page.next = Some(Cursor::Number(1));
                break;
            }
        }
    }
    page.rows = bare.commits();
    Ok(page)
}

fn without_tag(entry: &Value) -> Option<Moment> {
    Some(Moment {
        digest: read::digest(&entry["manifest_digest"])?,
        tag: None,
        from: read::time(&entry["last_pushed"])?,
        until: None,
        by: None,
        restorable_until: None,
        what: None,
    })
}
