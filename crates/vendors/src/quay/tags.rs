//! Tags of Quay with since when, what they pointed at before and until when that can be put back, and a commit that is put back.
//!
//! One call tells all of it: each time that a tag points elsewhere makes an entry, with its begin and its end. Not here: the
//! repositories (`quay`).

use super::{Quay, about, entries, page, repositories, seconds, written};
use crate::parts::{Asking, History, Restores, TagFacts};
use crate::read;
use crate::values::{Cursor, Image, Moment, Page, TagFact};
use crate::way::{Failure, Way};
use oci::{Digest, RepositoryName, Tag, UtcSeconds};
use registry::{Ask, Told};
use serde_json::{Value, json};

/// The most entries of a page.
const PAGE: usize = 100;

impl TagFacts for Quay {
    fn page<'a>(
        &'a self,
        way: &'a Way,
        name: &'a RepositoryName,
        at: &'a Cursor,
    ) -> Asking<'a, Page<TagFact>> {
        Box::pin(async move {
            let ask = tags(name, at).query("onlyActiveTags", true);
            tags_page(&way.ask(&ask).await?, at, fact)
        })
    }

    fn names_all(&self) -> bool {
        // The registry's own list is answered from the same table (`endpoints/v2/tag.py`).
        true
    }
}

impl History for Quay {
    fn is_by_event(&self) -> bool {
        // By when each began.
        false
    }

    fn page<'a>(
        &'a self,
        way: &'a Way,
        name: &'a RepositoryName,
        tag: Option<&'a Tag>,
        at: &'a Cursor,
    ) -> Asking<'a, Page<Moment>> {
        Box::pin(async move {
            let mut ask = tags(name, at);
            if let Some(tag) = tag {
                ask = ask.query("specificTag", tag.as_str());
            }
            let told = way.ask(&ask).await?;
            let now = told.date();
            let mut page = tags_page(&told, at, |entry| moment(entry, now))?;
            if page.rows.iter().any(|moment| moment.until.is_some()) {
                let kept = time_machine(way, name).await;
                for moment in &mut page.rows {
                    moment.restorable_until = restorable_until(moment.until, kept);
                }
            }
            Ok(page)
        })
    }
}

impl Restores for Quay {
    fn restore<'a>(
        &'a self,
        way: &'a Way,
        name: &'a RepositoryName,
        tag: &'a Tag,
        digest: &'a Digest,
    ) -> Asking<'a, ()> {
        Box::pin(async move {
            let ask = repositories(Ask::post())
                .name(name)
                .at("/tag")
                .value(tag.as_str())
                .at("/restore")
                .json(&json!({"manifest_digest": digest.as_str()}));
            written(way, &ask).await
        })
    }
}

/// Asks for how long its namespace keeps what has no tag (seconds); none where that isn't told.
async fn time_machine(way: &Way, name: &RepositoryName) -> Option<i64> {
    let about = about(way, name).await.ok()?;
    about["tag_expiration_s"].as_i64().filter(|kept| *kept >= 0)
}

/// Returns until when what ended can be put back; none where nobody knows, or nothing is kept.
fn restorable_until(ended: Option<UtcSeconds>, kept: Option<i64>) -> Option<UtcSeconds> {
    let (ended, kept) = (ended?, kept.filter(|kept| *kept > 0)?);
    Some(UtcSeconds(ended.0.saturating_add(kept)))
}

fn tags(name: &RepositoryName, at: &Cursor) -> Ask {
    repositories(Ask::get())
        .name(name)
        .at("/tag/")
        .query("limit", PAGE)
        .query("page", at.number())
}

fn tags_page<T>(
    told: &Told,
    at: &Cursor,
    read: impl Fn(&Value) -> Option<T>,
) -> Result<Page<T>, Failure> {
    let body = told.json::<Value>()?;
    let mut page = page(told, entries(told, &body, "tags")?, read);
    let more = body["has_additional"] == true && page.sent > 0;
    page.next = more.then(|| Cursor::Number(at.number().saturating_add(1)));
    Ok(page)
}

fn fact(entry: &Value) -> Option<TagFact> {
    Some(TagFact {
        tag: Tag::parse(entry["name"].as_str()?).ok()?,
        digest: read::digest(&entry["manifest_digest"])?,
        // The tag's own: a new entry is made each time that it points elsewhere.
        pushed: seconds(&entry["start_ts"]),
        exact: true,
        by: None,
        what: Some(image(entry)),
    })
}

/// Reads how large what a tag points at is: of an index it isn't told, and for which platform it is of none. It may be a manifest of
/// ours for all that is told; but nothing of ours stands in a tag's place here, where one goes alone.
fn image(entry: &Value) -> Image {
    let is_index = entry["is_manifest_list"] == true;
    Image {
        size: entry["size"].as_u64().filter(|_| !is_index),
        platform: None,
    }
}

/// Reads what a tag pointed at for a while. An end that has yet to come is that of a tag which is there.
fn moment(entry: &Value, now: Option<UtcSeconds>) -> Option<Moment> {
    let end = seconds(&entry["end_ts"]);
    let until = match (end, now) {
        (Some(end), Some(now)) => Some(end).filter(|end| end.0 <= now.0),
        // By whose clock it has come isn't known.
        (Some(_), None) => return None,
        (None, _) => None,
    };
    Some(Moment {
        digest: read::digest(&entry["manifest_digest"])?,
        tag: Some(Tag::parse(entry["name"].as_str()?).ok()?),
        from: seconds(&entry["start_ts"])?,
        until,
        by: None,
        restorable_until: None,
        what: None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::TIME_MACHINE;
    use super::*;

    #[test]
    fn a_tag_that_ends_later_is_there_and_one_that_has_ended_can_be_put_back() {
        let digest = oci::Digest::sha256_of(b"one");
        let entry = |end: Value| json!({"name": "v1", "manifest_digest": digest.as_str(), "start_ts": 1_700_000_000, "end_ts": end});
        let now = Some(UtcSeconds(1_800_000_000));
        let read = |end| moment(&entry(end), now).unwrap();
        let restorable = |end, kept| restorable_until(read(end).until, kept).map(|at| at.0);
        let two_weeks = Some(TIME_MACHINE);
        assert_eq!(read(Value::Null).until, None);
        assert_eq!(restorable(Value::Null, two_weeks), None);
        let later = json!(1_900_000_000);
        assert_eq!(read(later.clone()).until, None);
        assert_eq!(restorable(later, two_weeks), None);
        let ended = json!(1_750_000_000);
        assert_eq!(read(ended.clone()).until, Some(UtcSeconds(1_750_000_000)));
        assert_eq!(restorable(ended.clone(), two_weeks), Some(1_751_209_600));
        // Nothing is promised where nothing is kept, or nobody says.
        assert_eq!(restorable(ended.clone(), Some(0)), None);
        assert_eq!(restorable(ended, None), None);
        assert_eq!(moment(&entry(json!(1_750_000_000)), None), None);
    }

    #[test]
    fn hostile_an_entry_that_makes_no_sense_is_left_out() {
        for (name, digest, start) in [
            (json!("v 1"), json!("sha256:0"), json!(1)),
            (json!(7), Value::Null, json!("soon")),
            (
                json!("v1"),
                json!(oci::Digest::sha256_of(b"x").as_str()),
                json!(u64::MAX),
            ),
        ] {
            let entry = json!({"name": name, "manifest_digest": digest, "start_ts": start});
            assert_eq!(moment(&entry, None), None, "{entry}");
        }
    }
}
