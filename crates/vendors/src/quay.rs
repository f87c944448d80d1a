//! Quay: words of repositories, tags with since when, what they pointed at before and until when that can be put back; commits restored,
//! repositories made and described.
//!
//! | what | call, below `/api/v1` | read from |
//! |---|---|---|
//! | is it one | a header of its own beside its tokens, else `GET /repository?public=true` as nobody | ffba0c7 (21 August 2026), measured |
//! | is the token good | `GET /repository?starred=true`, which nobody is told (400) | `endpoints/api/repository.py` |
//! | list | `GET /repository?namespace=NS&last_modified=true`, then `next_page` | ffba0c7; the same file |
//! | tags | `GET /repository/NS/R/tag/?onlyActiveTags=true&limit=100&page=` | the same; `endpoints/api/tag.py` |
//! | history | the same without `onlyActiveTags`, of one tag with `specificTag` | the same |
//! | restore | `POST /repository/NS/R/tag/T/restore {manifest_digest}` | measured |
//! | create | `POST /repository {namespace, repository, visibility, description, repo_kind}` | `endpoints/api/repository.py` |
//! | describe | `GET` and `PUT /repository/NS/R {description}` | the same |
//! | until when | `tag_expiration_s` of `GET /repository/NS/R`: the namespace's own time machine | the same; measured |
//!
//! Everything wants an OAuth application's token: the account's own secret where its user is `$oauthtoken`, else a second sign-in. Basic
//! is taken for nobody and answered 200 with less, so it is never sent, and nobody is asked as nobody. So is a token that is wrong or was
//! taken back (`auth/decorators.py`): a list begins by asking what nobody is told. It wants a namespace: what namespaces there are no call
//! tells, so it only adds words to what the catalog names, which is whole. A tag goes by the protocol: the registry's own deletion leaves
//! what it pointed at to be put back as well.

use crate::interface::{Interface, Place, SecondAs, Shown};
use crate::parts::{
    Asking, Creates, Describes, History, Lists, Restores, TagFacts, Under, WordLimits,
};
use crate::plain::lacks;
use crate::read;
use crate::sign::Sign;
use crate::values::{Cursor, Image, Listed, Moment, NewWords, Page, TagFact, Words};
use crate::vendor::{Fallback, LetsGo, Part, Vendor, VendorId};
use crate::way::{Failure, Way};
use oci::{Digest, RepositoryName, Tag, UtcSeconds};
use registry::{Ask, AskHeader, Seen, Shows, TokenActions, Told};
use serde_json::{Value, json};

/// The most entries of a page that tags are told in.
const PAGE: usize = 100;
/// How long what has no tag can be put back where nobody set another time for the namespace (seconds): `tag_expiration_s`, measured.
const TIME_MACHINE: i64 = 14 * 86_400;
/// The longest name of a next page that is sent back.
const LONGEST: usize = 1024;

pub(crate) struct Quay;

impl Vendor for Quay {
    fn id(&self) -> VendorId {
        VendorId::Quay
    }

    fn signs(&self, seen: &Seen) -> Sign {
        let own = seen.host.as_str();
        let says_so = seen.header("x-sparse-manifest-support").is_some();
        // Where it is closed to nobody, its list is a 401.
        if says_so && seen.wants_token(|_| true, "/v2/auth") {
            return Sign::Yes;
        }
        let is_like_it = says_so || seen.wants_token(|service| service == own, "/v2/auth");
        let ask = repositories(Ask::get())
            .query("public", true)
            .query("limit", 1);
        Sign::ask_when(is_like_it, ask, |told| {
            told.json::<Value>()
                .is_ok_and(|told| told["repositories"].is_array())
        })
    }

    fn interface(&self, _: Part) -> Interface {
        Interface {
            at: Place::Registry,
            shows: &[
                Shown::AccountOf("$oauthtoken", Shows::Bearer),
                Shown::Second(SecondAs::Bearer),
            ],
        }
    }

    fn token_actions(&self) -> TokenActions {
        // Its token service answers 400 to `delete` and to `registry:catalog:*`; both go with less (measured).
        TokenActions::OfImages
    }

    fn lacks(&self, part: Part) -> Fallback {
        lacks(part)
    }

    fn lets_go(&self) -> LetsGo {
        // The time machine of a namespace: two weeks where nobody changed it, 0 s to 4 weeks (measured, facts 4.3).
        LetsGo::After {
            seconds: TIME_MACHINE,
            hidden: true,
        }
    }

    fn lists(&self) -> Option<&dyn Lists> {
        Some(self)
    }

    fn describes(&self) -> Option<&dyn Describes> {
        Some(self)
    }

    fn creates(&self) -> Option<&dyn Creates> {
        Some(self)
    }

    fn facts(&self) -> Option<&dyn TagFacts> {
        Some(self)
    }

    fn history(&self) -> Option<&dyn History> {
        Some(self)
    }

    fn restores(&self) -> Option<&dyn Restores> {
        Some(self)
    }
}

impl Lists for Quay {
    fn page<'a>(&'a self, way: &'a Way, at: &'a Cursor) -> Asking<'a, Page<Listed>> {
        Box::pin(async move {
            if *at == Cursor::First {
                prove(way).await?;
            }
            let (number, next) = read_cursor(at);
            let Some(namespace) = way.namespaces.get(number) else {
                return Ok(Page::empty());
            };
            let told = match way.ask(&of_namespace(namespace, next)).await {
                Ok(told) => told,
                // That one namespace isn't there any more, or not for this token, says nothing of the others.
                Err(Failure::Denied | Failure::NotFound) => {
                    return Ok(Page {
                        next: next_namespace(way, number),
                        ..Page::empty()
                    });
                }
                Err(failure) => return Err(failure),
            };
            let body = told.json::<Value>()?;
            let mut page = page(&told, entries(&told, &body, "repositories")?, listed);
            let next = body["next_page"].as_str();
            let next = next.filter(|next| !next.is_empty() && next.len() <= LONGEST);
            page.next = match next {
                Some(next) => Some(Cursor::Text(format!("{number}:{next}"))),
                None => next_namespace(way, number),
            };
            Ok(page)
        })
    }

    fn is_whole(&self) -> bool {
        false
    }
}

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

impl Creates for Quay {
    fn create<'a>(
        &'a self,
        way: &'a Way,
        name: &'a RepositoryName,
        words: &'a NewWords,
        private: Option<bool>,
    ) -> Asking<'a, ()> {
        Box::pin(async move {
            let (namespace, rest) = parts(name)?;
            // What nobody was asked is not shown to everybody.
            let is_public = private == Some(false);
            let ask = repositories(Ask::post()).json(&json!({
                "namespace": namespace,
                "repository": rest,
                "visibility": if is_public { "public" } else { "private" },
                "description": words.description,
                "repo_kind": "image",
            }));
            written(way, &ask).await
        })
    }

    fn under(&self) -> Under {
        // An organization, or the user.
        Under::Project
    }
}

impl Describes for Quay {
    fn read<'a>(&'a self, way: &'a Way, name: &'a RepositoryName) -> Asking<'a, Words> {
        Box::pin(async move { Ok(words(&about(way, name).await?)) })
    }

    fn write<'a>(
        &'a self,
        way: &'a Way,
        name: &'a RepositoryName,
        words: &'a NewWords,
        _: Option<&'a str>,
    ) -> Asking<'a, Words> {
        Box::pin(async move {
            let ask = repositories(Ask::put()).name(name);
            let description = words.description.clone();
            written(way, &ask.json(&json!({"description": description}))).await?;
            Ok(Words {
                description: Some(description).filter(|text| !text.is_empty()),
                ..Words::default()
            })
        })
    }

    fn limits(&self) -> WordLimits {
        WordLimits {
            description: read::DESCRIPTION,
            full: None,
        }
    }
}

/// Begins the path of all, with what some servers want of whoever is no web page.
fn repositories(ask: Ask) -> Ask {
    ask.at("/api/v1/repository")
        .header(AskHeader::RequestedWith, "XMLHttpRequest")
}

/// Asks what is told to somebody alone, as a token that isn't good any more is taken for nobody's.
async fn prove(way: &Way) -> Result<(), Failure> {
    let ask = repositories(Ask::get()).query("starred", true);
    match way.ask(&ask).await {
        Err(Failure::Refused(_)) if way.shows_second() => Err(Failure::SecondRefused),
        Err(Failure::Refused(_)) => Err(Failure::Wants),
        told => told.map(drop),
    }
}

/// Has something written. A token that isn't good any more is nobody's here as well, who is denied it in words of a browser's.
async fn written(way: &Way, ask: &Ask) -> Result<(), Failure> {
    match way.ask(ask).await {
        Err(Failure::Denied) => {
            prove(way).await?;
            Err(Failure::Denied)
        }
        told => told.map(drop),
    }
}

/// Asks for what is told of one repository, without its tags.
async fn about(way: &Way, name: &RepositoryName) -> Result<Value, Failure> {
    let ask = repositories(Ask::get())
        .name(name)
        .query("includeTags", false);
    Ok(way.ask(&ask).await?.json::<Value>()?)
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

fn of_namespace(namespace: &str, next: Option<&str>) -> Ask {
    let ask = repositories(Ask::get())
        .query("namespace", namespace)
        .query("last_modified", true);
    match next {
        Some(next) => ask.query("next_page", next),
        None => ask,
    }
}

fn tags(name: &RepositoryName, at: &Cursor) -> Ask {
    repositories(Ask::get())
        .name(name)
        .at("/tag/")
        .query("limit", PAGE)
        .query("page", at.number())
}

fn parts(name: &RepositoryName) -> Result<(&str, &str), Failure> {
    name.as_str().split_once('/').ok_or(Failure::NotFound)
}

/// Reads where in the list a page begins: the number of its namespace, and Quay's own name for the page there.
fn read_cursor(at: &Cursor) -> (usize, Option<&str>) {
    let Cursor::Text(text) = at else {
        return (0, None);
    };
    let (number, next) = text.split_once(':').unwrap_or((text, ""));
    let next = Some(next).filter(|next| !next.is_empty());
    number.parse().map_or((usize::MAX, None), |it| (it, next))
}

fn next_namespace(way: &Way, number: usize) -> Option<Cursor> {
    let next = number + 1;
    (next < way.namespaces.len()).then(|| Cursor::Text(format!("{next}:")))
}

fn entries<'a>(told: &Told, body: &'a Value, name: &str) -> Result<&'a [Value], Failure> {
    let all = body[name].as_array();
    Ok(all.ok_or_else(|| told.makes_no_sense("a list without its entries"))?)
}

fn page<T>(told: &Told, entries: &[Value], read: impl Fn(&Value) -> Option<T>) -> Page<T> {
    let rows: Vec<T> = entries.iter().filter_map(read).collect();
    Page {
        sent: entries.len(),
        left_out: entries.len() - rows.len(),
        rows,
        date: told.date(),
        ..Page::empty()
    }
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

fn listed(entry: &Value) -> Option<Listed> {
    let (namespace, name) = (entry["namespace"].as_str()?, entry["name"].as_str()?);
    Some(Listed {
        name: RepositoryName::parse(&format!("{namespace}/{name}")).ok()?,
        words: words(entry),
        id: None,
        created: None,
        created_by: None,
        updated: seconds(&entry["last_modified"]),
        tags: None,
        private: entry["is_public"].as_bool().map(|is_public| !is_public),
    })
}

fn words(entry: &Value) -> Words {
    Words {
        description: read::description(&entry["description"]),
        is_cut: read::is_cut(&entry["description"]),
        ..Words::default()
    }
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

/// Reads seconds since 1970.
fn seconds(value: &Value) -> Option<UtcSeconds> {
    let at = value.as_i64()?;
    // Later than the year 9999, or before any registry, is no time.
    (365 * 86_400..253_402_300_800)
        .contains(&at)
        .then_some(UtcSeconds(at))
}

#[cfg(test)]
mod tests {
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
    fn hostile_what_makes_no_sense_is_left_out() {
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
        assert_eq!(read_cursor(&Cursor::Text("x".into())), (usize::MAX, None));
        assert_eq!(read_cursor(&Cursor::Text("2:a:b".into())), (2, Some("a:b")));
        assert_eq!(read_cursor(&Cursor::First), (0, None));
        for odd in [
            json!({"namespace": "..", "name": "a"}),
            json!({"name": "a"}),
        ] {
            assert_eq!(listed(&odd), None, "{odd}");
        }
    }
}
