//! Google's Artifact Registry and the former Container Registry: its tags with what they point at, its commits without a tag, and the
//! images of a namespace, all of which its list of tags tells beside the names.
//!
//! | what | call | read from |
//! |---|---|---|
//! | tags, without a tag | `GET /v2/N/tags/list`: `manifest{DIGEST: {imageSizeBytes, mediaType, timeUploadedMs, tag[]}}` | `pkg/v1/google/list.go` of go-containerregistry |
//! | list | the same, of a prefix: `child[]` | `Walk` there |
//!
//! One answer has all there is, and is asked for with the token that any list of tags needs. A time is that of the commit's
//! upload, and not the tag's own: a tag that goes back to an older commit keeps no trace of it. Numbers may be texts. What an image
//! runs on isn't told. A prefix tells what is directly below it, whether image or folder, so that each child is asked as well, while
//! that is no more than sixty questions; more of them stand as they are named, in doubt.
//!
//! Not here: what `artifactregistry.googleapis.com` has (repositories with descriptions, made and changed; tags moved and deleted),
//! which wants a token of Google's cloud: where the account's secret is such a one (`oauth2accesstoken`) it lasts an hour, and
//! `_json_key` is none.

use crate::parts::{Asking, History, Lists, TagFacts};
use crate::plain::lacks;
use crate::read;
use crate::sign::Sign;
use crate::untagged::Untagged;
use crate::values::{Cursor, Image, Listed, Moment, Page, TagFact};
use crate::vendor::{Fallback, LetsGo, Part, Vendor, VendorId};
use crate::way::{Failure, Way};
use oci::{Digest, Host, MediaType, RepositoryName, Tag, UtcSeconds};
use registry::{Ask, AskFor, Seen};
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, VecDeque};

/// The most bytes of a list that are read: a commit has about 400.
const MOST: u64 = 24 << 20;
/// How many questions the images of a namespace are worth; each takes a token of its own.
const QUESTIONS: usize = 60;

pub(crate) struct Google;

impl Vendor for Google {
    fn id(&self) -> VendorId {
        VendorId::Google
    }

    fn signs(&self, seen: &Seen) -> Sign {
        let named = self.may_be_at(&seen.host);
        Sign::when(named && seen.wants_token(|_| true, "/v2/token"))
    }

    fn may_be_at(&self, host: &Host) -> bool {
        let host = host.as_str();
        host == "gcr.io"
            || [".pkg.dev", ".gcr.io"]
                .iter()
                .any(|end| host.ends_with(end))
    }

    fn lacks(&self, part: Part) -> Fallback {
        lacks(part)
    }

    fn lets_go(&self) -> LetsGo {
        // Until a cleanup policy says otherwise.
        LetsGo::Stays
    }

    fn lists(&self) -> Option<&dyn Lists> {
        Some(self)
    }

    fn facts(&self) -> Option<&dyn TagFacts> {
        Some(self)
    }

    fn history(&self) -> Option<&dyn History> {
        Some(self)
    }
}

/// A list of tags, with what Google adds.
#[derive(Deserialize)]
struct Tags {
    #[serde(default)]
    child: Vec<Value>,
    manifest: Option<BTreeMap<String, Value>>,
}

async fn tags(way: &Way, name: &RepositoryName) -> Result<(Tags, Option<UtcSeconds>), Failure> {
    let ask = Ask::get().at("/v2").name(name).at("/tags/list").most(MOST);
    let told = way.ask_of(&ask, AskFor::Pull(name)).await?;
    Ok((told.json::<Tags>()?, told.date()))
}

impl Lists for Google {
    fn page<'a>(&'a self, way: &'a Way, _: &'a Cursor) -> Asking<'a, Page<Listed>> {
        Box::pin(async move {
            // It lists what is below a name, and nothing else.
            let below = way.namespace.as_ref().ok_or(Failure::NotFound)?;
            let (list, date) = tags(way, below).await?;
            let mut found = Vec::new();
            if list.manifest.is_some_and(|manifests| !manifests.is_empty()) {
                found.push(below.clone());
            }
            let mut left_out = 0;
            let mut children = |of: &RepositoryName, list: &[Value]| {
                let all: Vec<RepositoryName> = list.iter().filter_map(|it| child(of, it)).collect();
                left_out += list.len() - all.len();
                all
            };
            let mut waiting = VecDeque::from(children(below, &list.child));
            let (mut asked, mut is_whole) = (1, true);
            while let Some(name) = waiting.pop_front() {
                // Where there are more than are asked for, all of them stand as they are named.
                is_whole &= asked + waiting.len() < QUESTIONS;
                if !is_whole {
                    found.push(name);
                    continue;
                }
                asked += 1;
                let list = match tags(way, &name).await {
                    Ok((list, _)) => list,
                    Err(failure) if failure.is_passing() => return Err(failure),
                    // It was named by what is above it.
                    Err(_) => {
                        found.push(name);
                        continue;
                    }
                };
                waiting.extend(children(&name, &list.child));
                // What holds nothing but others is a folder.
                let holds = list.manifest.is_some_and(|manifests| !manifests.is_empty());
                if holds || list.child.is_empty() {
                    found.push(name);
                }
            }
            let sent = found.len();
            // One more than came, where there may be more.
            let total = u64::try_from(sent + usize::from(!is_whole)).ok();
            Ok(Page {
                rows: found.into_iter().map(read::named).collect(),
                sent,
                left_out,
                total,
                date,
                next: None,
            })
        })
    }
}

fn child(of: &RepositoryName, child: &Value) -> Option<RepositoryName> {
    RepositoryName::parse(&format!("{of}/{}", child.as_str()?)).ok()
}

impl TagFacts for Google {
    fn page<'a>(
        &'a self,
        way: &'a Way,
        name: &'a RepositoryName,
        _: &'a Cursor,
    ) -> Asking<'a, Page<TagFact>> {
        Box::pin(async move {
            let (list, date) = tags(way, name).await?;
            // A registry that only bears the name doesn't add it.
            let manifests = list.manifest.ok_or(Failure::NotFound)?;
            let (mut facts, mut left_out) = (BTreeMap::new(), 0);
            for (digest, manifest) in &manifests {
                let Some(digest) = Digest::parse(digest).ok() else {
                    left_out += 1;
                    continue;
                };
                for tag in names(manifest) {
                    let Some(tag) = tag.as_str().and_then(|tag| Tag::parse(tag).ok()) else {
                        left_out += 1;
                        continue;
                    };
                    let fact = fact(tag.clone(), digest.clone(), manifest);
                    // One that two commits claim is left to be asked.
                    let twice = facts.contains_key(&tag);
                    facts.insert(tag, (!twice).then_some(fact));
                }
            }
            let rows: Vec<TagFact> = facts.into_values().flatten().collect();
            Ok(Page {
                sent: rows.len(),
                rows,
                left_out,
                total: None,
                date,
                next: None,
            })
        })
    }

    fn tells_since(&self) -> bool {
        false
    }
}

impl History for Google {
    fn page<'a>(
        &'a self,
        way: &'a Way,
        name: &'a RepositoryName,
        tag: Option<&'a Tag>,
        _: &'a Cursor,
    ) -> Asking<'a, Page<Moment>> {
        Box::pin(async move {
            if tag.is_some() {
                // What a tag has left doesn't say which tag that was.
                return Ok(Page::empty());
            }
            let (list, date) = tags(way, name).await?;
            let manifests = list.manifest.ok_or(Failure::NotFound)?;
            let (mut bare, mut page) = (Untagged::default(), Page::empty());
            for (digest, manifest) in &manifests {
                let has_tags = !names(manifest).is_empty();
                let moment = moment(digest, manifest).filter(|_| !has_tags);
                page.left_out += usize::from(!has_tags && moment.is_none());
                page.sent += usize::from(!has_tags);
                bare.take(manifest["mediaType"].as_str().unwrap_or_default(), moment);
            }
            (page.rows, page.date) = (bare.commits(), date);
            Ok(page)
        })
    }
}

fn names(manifest: &Value) -> &[Value] {
    manifest["tag"].as_array().map_or(&[], Vec::as_slice)
}

fn fact(tag: Tag, digest: Digest, manifest: &Value) -> TagFact {
    TagFact {
        tag,
        digest,
        pushed: uploaded(manifest),
        exact: false,
        by: None,
        // Nothing of ours stands in a tag's place here, where one goes alone.
        what: Some(image(manifest)),
    }
}

/// Reads how large an image is; an index has no size of its own.
fn image(manifest: &Value) -> Image {
    let kind = manifest["mediaType"].as_str().map(MediaType::from_header);
    let is_image = kind.is_some_and(|kind| kind.is_manifest() && !kind.is_index());
    let size = number(&manifest["imageSizeBytes"]).and_then(|size| u64::try_from(size).ok());
    Image {
        size: size.filter(|size| is_image && *size > 0),
        platform: None,
    }
}

fn moment(digest: &str, manifest: &Value) -> Option<Moment> {
    Some(Moment {
        digest: Digest::parse(digest).ok()?,
        tag: None,
        from: uploaded(manifest)?,
        until: None,
        by: None,
        restorable_until: None,
        what: Some(image(manifest)),
    })
}

/// Reads when a commit was uploaded. One before 1971 is what servers write that know none.
fn uploaded(manifest: &Value) -> Option<UtcSeconds> {
    let at = number(&manifest["timeUploadedMs"])? / 1000;
    (at > 365 * 86_400).then_some(UtcSeconds(at))
}

/// Reads a number, or a text of one.
fn number(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => text.parse().ok(),
        other => other.as_i64(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use registry::{Endpoint, Registry, Scheme, SignIn};
    use serde_json::json;
    use testkit::scripted::{Answer, Scripted};

    const OLD: &str = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    const NEW: &str = "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    async fn way(list: Value) -> (Scripted, Way) {
        let server = Scripted::start().await.unwrap();
        server.script(move |asked| {
            let is_list = asked.path == "/v2/lab/tool/tags/list";
            is_list.then(|| Answer::json(&list))
        });
        let endpoint = Endpoint {
            scheme: Scheme::Http,
            host: Host::parse(&server.host()).unwrap(),
        };
        let registry = Registry::new(endpoint, SignIn::Anonymous).unwrap();
        (
            server,
            Way::open(&Google, Part::History, registry, None).await,
        )
    }

    #[tokio::test]
    async fn one_answer_has_the_tags_and_what_has_none() {
        let index = "application/vnd.oci.image.index.v1+json";
        let list = json!({"tags": ["v1", "v2", "both"], "manifest": {
            OLD: {"imageSizeBytes": "0", "mediaType": index, "timeUploadedMs": 1_795_867_200_123_i64, "tag": ["v1", "both", 7]},
            NEW: {"imageSizeBytes": 4711, "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
                "timeUploadedMs": "1795867201999", "tag": ["v2", "both", "../x"]},
            "sha256:0": {"tag": ["v3"]},
            "sha256:cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc": {"timeUploadedMs": "1795867202000", "tag": [],
                "mediaType": index},
            // Beside an index it may be a part of one.
            "sha256:eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee": {"timeUploadedMs": "1795867203000", "tag": []},
            "sha256:dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd": {"timeUploadedMs": "-62135596800000"},
        }});
        let (_server, way) = way(list).await;
        let name = RepositoryName::parse("lab/tool").unwrap();
        let page = TagFacts::page(&Google, &way, &name, &Cursor::First)
            .await
            .unwrap();
        let told: Vec<_> = page
            .rows
            .iter()
            .map(|row| {
                let size = row.what.as_ref().unwrap().size;
                (
                    row.tag.as_str(),
                    row.digest.as_str(),
                    size,
                    row.pushed.unwrap().0,
                )
            })
            .collect();
        // One that two commits claim is nobody's.
        let wanted = [
            ("v1", OLD, None, 1_795_867_200),
            ("v2", NEW, Some(4711), 1_795_867_201),
        ];
        assert_eq!(told, wanted);
        assert!(page.rows.iter().all(|row| !row.exact));
        assert_eq!((page.left_out, page.next), (3, None));
        let page = History::page(&Google, &way, &name, None, &Cursor::First);
        let page = page.await.unwrap();
        assert_eq!((page.rows.len(), page.left_out), (1, 1));
        assert_eq!(
            (&page.rows[0].tag, page.rows[0].from.0),
            (&None, 1_795_867_202)
        );
        let tag = Tag::parse("v1").unwrap();
        let page = History::page(&Google, &way, &name, Some(&tag), &Cursor::First);
        assert!(page.await.unwrap().rows.is_empty());
    }

    #[tokio::test]
    async fn hostile_a_list_without_what_google_adds_tells_nothing() {
        let name = RepositoryName::parse("lab/tool").unwrap();
        for list in [json!({"tags": ["v1"]}), json!([]), json!({"manifest": 7})] {
            let (_server, way) = way(list.clone()).await;
            let page = TagFacts::page(&Google, &way, &name, &Cursor::First);
            assert!(page.await.is_err(), "{list}");
            let page = Lists::page(&Google, &way, &Cursor::First);
            assert!(matches!(page.await, Err(Failure::NotFound)));
        }
    }
}
