//! Lists that come in pages (distribution-spec, "Content Discovery"), and how each ends.
//!
//! A list that ends in [`Doubt`] has been read as far as it came: what it lacks is not known to be gone. Not here: the `Link` to
//! a next page (`link`), what stands in a page (`page`, and the files of each list). Grows by a way in which lists go wrong.

mod link;
mod page;

use http::{Method, header};
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, timeout};
use url::Url;

use crate::auth::Scopes;
use crate::error::{Error, Kind};
use crate::host::{Call, Host};
use crate::limits::LIST_LIMIT;
pub(crate) use link::{Told, next_page, told};

pub use page::Entry;
pub(crate) use page::{Named, Page};

/// How many bytes all pages of a list may have together.
const WHOLE: u64 = LIST_LIMIT << 2;
const _: () = assert!(
    WHOLE > LIST_LIMIT,
    "a list may have several of the largest pages"
);
/// How many pages of a list may be empty.
const EMPTY: usize = 50;

/// Why a list may lack what the registry has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// It went in a circle: a page led to one that was read, or brought what was known.
    Circle,
    /// There is more than is read of one list.
    More,
    /// Page after page was empty.
    Empty,
    /// It took too long.
    Slow,
    /// The link to the next page leads nowhere.
    Link,
    /// It ends where there may be more, and the registry would not say.
    Unsaid,
    /// A page could not be had.
    Broken(Box<Error>),
}

/// A list, as far as it came.
#[derive(Clone, Debug)]
pub struct Listing<T> {
    /// Each once, in the registry's order.
    pub entries: Vec<T>,
    /// Why it may lack something; none where it is whole.
    pub doubt: Option<Doubt>,
    /// How many names were left out, as they are none.
    pub left_out: usize,
}

impl<T> Listing<T> {
    /// Tells whether it holds all there is: only then is what it lacks not there.
    pub fn is_whole(&self) -> bool {
        self.doubt.is_none()
    }
}

/// A list in pages.
pub struct Pages<T> {
    host: Arc<Host>,
    first: Result<Url, Error>,
    next: Next,
    page: usize,
    most_bytes: u64,
    scopes: Scopes,
    read: fn(&[u8]) -> serde_json::Result<Page<T>>,
    got: Got,
    doubt: Option<Doubt>,
}

/// What was read so far.
#[derive(Default)]
struct Got {
    pages: usize,
    bytes: u64,
    /// Entries as they were sent, names that are none included.
    sent: usize,
    left_out: usize,
    empty: usize,
    /// How long the answers took.
    time: Duration,
    addresses: HashSet<Url>,
    names: HashSet<Box<str>>,
    /// A page has had a link.
    links: bool,
}

#[derive(Clone)]
enum Next {
    First,
    At(Url, Why),
    End,
}

/// Why a page is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Why {
    /// It is the first, or a link leads to it.
    Told,
    /// The page before it was full and had no link.
    Full,
    /// The one by the last name brought nothing new, so all are asked for at once.
    AllAtOnce,
}

impl<T: Entry> Pages<T> {
    pub(crate) fn new(
        host: Arc<Host>,
        path: &str,
        scopes: Scopes,
        page: usize,
        read: fn(&[u8]) -> serde_json::Result<Page<T>>,
    ) -> Self {
        Self {
            first: host.at(path),
            host,
            next: Next::First,
            page,
            most_bytes: WHOLE,
            scopes,
            read,
            got: Got::default(),
            doubt: None,
        }
    }

    /// Asks for this many entries a page, as far as the registry agrees.
    #[must_use]
    pub fn sized(mut self, page: usize) -> Self {
        self.page = page;
        self
    }

    /// Reads the list only as long as all its pages together have no more bytes than this.
    #[must_use]
    pub fn within(mut self, bytes: u64) -> Self {
        self.most_bytes = bytes;
        self
    }

    /// Returns why the list may lack something, once it has ended.
    pub fn doubt(&self) -> Option<&Doubt> {
        self.doubt.as_ref()
    }

    /// Returns how many names were left out so far, as they are none.
    pub fn left_out(&self) -> usize {
        self.got.left_out
    }

    /// Fetches the next page; `None` at the end, which [`doubt`](Self::doubt) may be cast on. A page may be empty, an entry comes
    /// once, and after an error the same page is asked for again.
    pub async fn next(&mut self) -> Result<Option<Vec<T>>, Error> {
        let (url, why) = match self.next.clone() {
            Next::End => return Ok(None),
            Next::At(url, why) => (url, why),
            Next::First => (self.asking(self.page, None)?, Why::Told),
        };
        let call = Call::new(Method::GET, url.clone(), self.scopes.clone(), LIST_LIMIT);
        let began = Instant::now();
        let left = self
            .host
            .options()
            .longest_list
            .saturating_sub(self.got.time);
        let answer = timeout(left, self.host.send(&call)).await;
        self.got.time += began.elapsed();
        let answer = match answer {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) if self.got.pages > 0 => return self.without(error, why),
            Ok(Err(error)) => return Err(error),
            Err(_) if self.got.pages > 0 => return Ok(self.end(Doubt::Slow)),
            Err(_) => {
                return Err(Error::new(Kind::Timeout, format!("GET {}", url.path())));
            }
        };
        let length = u64::try_from(answer.bytes.len()).unwrap_or(u64::MAX);
        let whole = self.got.bytes.saturating_add(length);
        if whole > self.most_bytes {
            if self.got.pages > 0 {
                return Ok(self.end(Doubt::More));
            }
            let limit = self.most_bytes;
            let error = Error::new(Kind::TooLarge { limit }, answer.request.clone());
            return Err(error.with_status(answer.status));
        }
        let page = (self.read)(&answer.bytes)
            .map_err(|_| answer.malformed("the list is not what it should be"))?;
        self.got.bytes = whole;
        self.got.addresses.insert(url);
        let links = told(answer.headers.get_all(header::LINK).iter());
        Ok(Some(self.take(page, &links, why)))
    }

    /// Takes a page in, and says how the list goes on. Returns what is new in it.
    fn take(&mut self, mut page: Page<T>, links: &Told<'_>, why: Why) -> Vec<T> {
        let (sent, last) = (page.sent(), page.last.take());
        let names = &mut self.got.names;
        page.entries
            .retain(|entry| names.insert(entry.name().into()));
        let brings_nothing = sent > 0 && page.entries.is_empty() && page.left_out == 0;
        self.got.pages += 1;
        self.got.left_out += page.left_out;
        self.got.empty += usize::from(sent == 0);
        self.got.sent += page.entries.len() + page.left_out;
        let over = self.got.sent.saturating_sub(T::MOST);
        page.entries
            .truncate(page.entries.len().saturating_sub(over));
        let ends = if page.more || over > 0 {
            Some(Doubt::More)
        } else if brings_nothing && why == Why::AllAtOnce {
            Some(Doubt::Unsaid)
        } else if brings_nothing && why == Why::Told {
            Some(Doubt::Circle)
        } else if self.got.empty > EMPTY {
            Some(Doubt::Empty)
        } else {
            None
        };
        if let Some(doubt) = ends {
            self.end(doubt);
        } else if brings_nothing {
            // By the last name it gave what it gave before: a registry that knows no such question, but may know how many to give.
            self.next = match self.asking(T::MOST, None) {
                Ok(url) => Next::At(url, Why::AllAtOnce),
                Err(_) => Next::End,
            };
        } else {
            self.go_on(links, sent, last.as_deref(), why);
        }
        page.entries
    }

    /// Finds where the list goes on after a page of so many entries, the last of which is named so.
    fn go_on(&mut self, links: &Told<'_>, sent: usize, last: Option<&str>, why: Why) {
        match links {
            Told::Next(target) => {
                self.got.links = true;
                let first = self.first.as_ref().ok();
                let next = first.and_then(|first| next_page(first, target).ok());
                match next {
                    None => drop(self.end(Doubt::Link)),
                    Some(url) if self.got.addresses.contains(&url) => drop(self.end(Doubt::Circle)),
                    Some(url) => self.next = Next::At(url, Why::Told),
                }
            }
            Told::Unreadable => drop(self.end(Doubt::Link)),
            // Who gives exactly what was asked for, and has never sent a link, may have more (Nexus; proxies that drop links).
            Told::Nothing
                if self.page > 0
                    && sent == self.page
                    && !self.got.links
                    && why != Why::AllAtOnce =>
            {
                match last.map(|last| self.asking(self.page, Some(last))) {
                    Some(Ok(url)) if !self.got.addresses.contains(&url) => {
                        self.next = Next::At(url, Why::Full);
                    }
                    _ => drop(self.end(Doubt::Unsaid)),
                }
            }
            Told::Nothing => {
                self.next = Next::End;
                if T::ARE_TAGS && self.got.sent > 0 {
                    self.host.heads.were_listed_whole();
                }
            }
        }
    }

    /// Says how a list goes on of which a page could not be had: a question of our own that is refused is no failure.
    fn without(&mut self, error: Error, why: Why) -> Result<Option<Vec<T>>, Error> {
        let refused = matches!(
            error.kind,
            Kind::NotFound | Kind::Unsupported | Kind::Refused | Kind::Denied
        );
        match error.kind {
            _ if why != Why::Told && refused => Ok(self.end(Doubt::Unsaid)),
            Kind::TooLarge { .. } => Ok(self.end(Doubt::More)),
            _ => Err(error),
        }
    }

    fn end(&mut self, doubt: Doubt) -> Option<Vec<T>> {
        self.next = Next::End;
        self.doubt = Some(doubt);
        None
    }

    /// Makes the address of a question of our own.
    fn asking(&self, entries: usize, after: Option<&str>) -> Result<Url, Error> {
        let mut url = self.first.clone()?;
        if entries > 0 {
            let mut query = url.query_pairs_mut();
            query.append_pair("n", &entries.to_string());
            if let Some(after) = after {
                query.append_pair("last", after);
            }
        }
        Ok(url)
    }

    /// Fetches all pages as one list. What breaks it after its first page casts a doubt on it; only a sign-in that is wanted is
    /// still an error then.
    pub async fn listing(mut self) -> Result<Listing<T>, Error> {
        let mut entries = Vec::new();
        loop {
            match self.next().await {
                Ok(Some(page)) => entries.extend(page),
                Ok(None) => break,
                Err(error) if self.got.pages == 0 || error.kind == Kind::SignIn => {
                    return Err(error);
                }
                Err(error) => {
                    self.doubt = Some(Doubt::Broken(Box::new(error)));
                    break;
                }
            }
        }
        Ok(Listing {
            entries,
            doubt: self.doubt,
            left_out: self.got.left_out,
        })
    }

    /// Fetches all pages as one list, as far as it comes: for what is not decided by what it lacks.
    pub async fn all(self) -> Result<Vec<T>, Error> {
        Ok(self.listing().await?.entries)
    }
}
