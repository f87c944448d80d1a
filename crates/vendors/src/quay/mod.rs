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
//! what it pointed at to be put back as well. Not here: the calls of tags (`tags`).

mod tags;

use crate::interface::{Interface, Place, SecondAs, Shown};
use crate::parts::{
    Asking, Creates, Describes, History, Lists, Restores, TagFacts, Under, WordLimits,
};
use crate::plain::lacks;
use crate::read;
use crate::sign::Sign;
use crate::values::{Cursor, Listed, NewWords, Page, Words};
use crate::vendor::{Fallback, LetsGo, Part, Vendor, VendorId};
use crate::way::{Failure, Way};
use oci::{RepositoryName, UtcSeconds};
use registry::{Ask, AskHeader, Seen, Shows, TokenActions, Told};
use serde_json::{Value, json};

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

fn of_namespace(namespace: &str, next: Option<&str>) -> Ask {
    let ask = repositories(Ask::get())
        .query("namespace", namespace)
        .query("last_modified", true);
    match next {
        Some(next) => ask.query("next_page", next),
        None => ask,
    }
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
    fn hostile_what_makes_no_sense_is_left_out() {
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
