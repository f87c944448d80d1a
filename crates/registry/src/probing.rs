//! What a registry can do, asked one thing at a time and without writing: for whoever wants to know why something doesn't work.
//!
//! Each question is one request, two at most, that changes nothing whatever is answered. Not here: how it deletes, which is asked
//! by `Repository::delete` of what isn't there; what is made of an answer. Grows by another thing that can be asked so.

use http::{HeaderValue, Method, header};
use oci::{Digest, MediaType, Tag, UtcSeconds};

use crate::auth::Scopes;
use crate::error::{Error, Kind};
use crate::host::{Call, Host};
use crate::limits::{LIST_LIMIT, MANIFEST_LIMIT};
use crate::named::At;
use crate::probe::{is_registry, no_registry, ping};
use crate::registry::{Registry, Repository};
use crate::transport::Answer;
use crate::{catalog, tags};

/// How a registry answers who is nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Greeting {
    /// What its clock shows, where it says so.
    pub date: Option<UtcSeconds>,
    /// Whether it lets nobody in without a sign-in.
    pub wants_sign_in: bool,
}

/// How a registry gives a list in parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paging {
    /// It gave one entry, as it was asked to, and said where the list goes on.
    Parts,
    /// It gave more than one: the whole list, or a part of its own size.
    Whole,
    /// It gave one, and did not say that there are more.
    Unsaid,
    /// There are too few entries to tell.
    TooFew,
}

/// The beginning of a list, and how it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beginning<T> {
    /// The first entry; none: the list is empty.
    pub first: Option<T>,
    /// How it came.
    pub paging: Paging,
}

impl Registry {
    /// Asks for `/v2/` as nobody.
    pub async fn greet(&self) -> Result<Greeting, Error> {
        let answer = self
            .0
            .ask_plainly(&ping(&self.0))
            .await
            .map_err(no_registry)?;
        let greeting = Greeting {
            date: answer.date(),
            wants_sign_in: answer.status == 401,
        };
        is_registry(answer)?;
        Ok(greeting)
    }

    /// Asks for one repository of the catalog.
    pub async fn first_repository(&self) -> Result<Beginning<oci::RepositoryName>, Error> {
        let call = first(&self.0, "_catalog", Scopes::catalog())?;
        let (answer, page) = page(&self.0, &call, catalog::read).await?;
        beginning(&self.0, call, &answer, page, catalog::read).await
    }
}

impl Repository {
    /// Asks for one tag.
    pub async fn first_tag_of(&self) -> Result<Beginning<Tag>, Error> {
        let scopes = Scopes::repository(&self.name, &["pull"]);
        let call = first(&self.host, &format!("{}/tags/list", self.name), scopes)?;
        let (answer, page) = page(&self.host, &call, tags::read).await?;
        beginning(&self.host, call, &answer, page, tags::read).await
    }

    /// Finds out whether one may push here, by going on with an upload that nobody has begun: whoever may not is told so before it
    /// is looked for. `None` where the answer doesn't tell the two apart. Nothing is written, as there is nothing to write to.
    pub async fn may_push(&self, nobodys_upload: &str) -> Result<Option<bool>, Error> {
        let path = format!("blobs/uploads/{nobodys_upload}");
        let call = self.call(Method::PATCH, &path, &["pull", "push"], MANIFEST_LIMIT)?;
        let sent = self.host.send(&call).await;
        // A gate on the way forbids too, and says nothing of the registry's.
        let is_theirs = |error: &Error| error.status != Some(403) || !error.said.is_empty();
        if let Err(error) = &sent
            && error.kind == Kind::Denied
        {
            return Ok(is_theirs(error).then_some(false));
        }
        match sent.map_err(|error| error.kind) {
            Err(Kind::NotFound | Kind::Refused) => {
                // Where a stranger is told the same, nobody was asked who they are.
                let stranger = self.host.ask_plainly(&call).await?;
                Ok(matches!(stranger.status, 401 | 403).then_some(true))
            }
            // Where uploads have other addresses, this one is no way to ask.
            Ok(_) | Err(Kind::Unsupported) => Ok(None),
            Err(kind) => Err(Error::new(kind, format!("PATCH {}", call.url.path()))),
        }
    }

    /// Tells whether the registry keeps a list of what refers to a manifest.
    pub async fn lists_referrers(&self, of: &Digest) -> Result<bool, Error> {
        let call = self.call(
            Method::GET,
            &format!("referrers/{of}"),
            &["pull"],
            LIST_LIMIT,
        )?;
        match self.host.send(&call).await {
            Ok(answer) => Ok(!answer.is_page()),
            Err(error)
                if matches!(
                    error.kind,
                    Kind::NotFound | Kind::Unsupported | Kind::Refused | Kind::NotARegistry
                ) =>
            {
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    /// Tells whether a blob can be gone on with where it broke off: one byte of it is asked for, and no more is read.
    pub async fn gives_ranges(&self, blob: &Digest) -> Result<bool, Error> {
        let mut call = self.call(
            Method::GET,
            &format!("blobs/{blob}"),
            &["pull"],
            MANIFEST_LIMIT,
        )?;
        let range = HeaderValue::from_static("bytes=0-0");
        call.headers.insert(header::RANGE, range);
        Ok(self.host.open(&call).await?.status == 206)
    }

    /// Tells whether a tag may bear a name, by asking for it: whether it is there is another question.
    pub async fn takes_name(&self, tag: &Tag) -> Result<bool, Error> {
        let at = At::Tag(tag.clone());
        let path = format!("manifests/{at}");
        let mut call = self.call(Method::HEAD, &path, &["pull"], MANIFEST_LIMIT)?;
        call.accept = Some(MediaType::ACCEPT);
        match self.host.send(&call).await {
            Ok(_) => Ok(true),
            Err(error) if error.kind == Kind::NotFound => Ok(true),
            Err(error) if error.kind == Kind::Refused => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// Reads the page of a list.
type Read<T> = fn(&[u8]) -> serde_json::Result<crate::pages::Page<T>>;

fn first(host: &Host, path: &str, scopes: Scopes) -> Result<Call, Error> {
    let mut url = host.at(path)?;
    url.set_query(Some("n=1"));
    Ok(Call::new(Method::GET, url, scopes, LIST_LIMIT))
}

async fn page<T>(
    host: &Host,
    call: &Call,
    read: Read<T>,
) -> Result<(Answer, crate::pages::Page<T>), Error> {
    let answer = host.send(call).await?;
    let page = read(&answer.bytes).map_err(|error| answer.malformed(error.to_string()))?;
    Ok((answer, page))
}

/// Makes of the first part of a list how the registry gives it. Where one entry came and nothing says whether there are more, it is
/// asked for what follows.
async fn beginning<T>(
    host: &Host,
    mut call: Call,
    answer: &Answer,
    mut page: crate::pages::Page<T>,
    read: Read<T>,
) -> Result<Beginning<T>, Error> {
    let goes_on = answer
        .header(header::LINK)
        .is_some_and(|link| link.contains("next"));
    let paging = match (page.sent(), &page.last) {
        (2.., _) => Paging::Whole,
        (1, _) if goes_on => Paging::Parts,
        (1, Some(last)) => {
            call.url.query_pairs_mut().append_pair("last", last);
            let (_, rest) = self::page(host, &call, read).await?;
            if rest.sent() > 0 && rest.last != page.last {
                Paging::Unsaid
            } else {
                Paging::TooFew
            }
        }
        _ => Paging::TooFew,
    };
    let first = (!page.entries.is_empty()).then(|| page.entries.swap_remove(0));
    Ok(Beginning { first, paging })
}
