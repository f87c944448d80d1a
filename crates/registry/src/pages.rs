//! Lists that come in pages, and the `Link` to the next one (RFC 8288; distribution-spec, "Content Discovery").

use http::{Method, header};
use std::collections::HashSet;
use std::sync::Arc;
use url::Url;

use crate::address;
use crate::auth::Scopes;
use crate::error::{Error, Kind};
use crate::host::{Call, Host};
use crate::limits::LIST_LIMIT;
use crate::transport::Answer;

/// How many pages a list may have: enough for millions, an end for one that goes in circles.
const MOST: usize = 20_000;
/// How many bytes all pages of a list may have together: enough for a million names.
const WHOLE: u64 = 8 * LIST_LIMIT;

/// A list in pages.
pub struct Pages<T> {
    host: Arc<Host>,
    first: Result<Url, Error>,
    next: Next,
    page: u32,
    most: u64,
    read_so_far: u64,
    seen: HashSet<String>,
    scopes: Scopes,
    read: fn(&[u8]) -> serde_json::Result<Vec<T>>,
}

enum Next {
    First,
    At(Url),
    End,
}

impl<T> Pages<T> {
    pub(crate) fn new(
        host: Arc<Host>,
        path: &str,
        scopes: Scopes,
        page: u32,
        read: fn(&[u8]) -> serde_json::Result<Vec<T>>,
    ) -> Self {
        let first = host.at(path);
        Self {
            host,
            first,
            next: Next::First,
            page,
            most: WHOLE,
            read_so_far: 0,
            seen: HashSet::new(),
            scopes,
            read,
        }
    }

    /// Asks for this many entries a page, as far as the registry agrees.
    #[must_use]
    pub fn sized(mut self, page: u32) -> Self {
        self.page = page;
        self
    }

    /// Reads the list only as long as all its pages together have no more bytes than this.
    #[must_use]
    pub fn within(mut self, bytes: u64) -> Self {
        self.most = bytes;
        self
    }

    /// Fetches the next page; `None` at the end. A page may be empty, and after an error the same page is asked for again.
    pub async fn next(&mut self) -> Result<Option<Vec<T>>, Error> {
        let url = match &self.next {
            Next::End => return Ok(None),
            Next::At(url) => url.clone(),
            Next::First => {
                let mut url = self.first.clone()?;
                if self.page > 0 {
                    url.query_pairs_mut()
                        .append_pair("n", &self.page.to_string());
                }
                url
            }
        };
        let call = Call::new(Method::GET, url.clone(), self.scopes.clone(), LIST_LIMIT);
        let answer = self.host.send(&call).await?;
        let length = u64::try_from(answer.bytes.len()).unwrap_or(u64::MAX);
        let whole = self.read_so_far.saturating_add(length);
        if whole > self.most {
            let kind = Kind::TooLarge { limit: self.most };
            return Err(Error::new(kind, answer.request.clone()).with_status(answer.status));
        }
        let entries = (self.read)(&answer.bytes)
            .map_err(|_| answer.malformed("the list is not what it should be"))?;
        self.seen.insert(url.into());
        self.read_so_far = whole;
        self.next = match next_link(&answer) {
            None => Next::End,
            Some(link) => {
                let next = address::goes_on_at(self.host.base(), &call.url, link)
                    .map_err(|kind| Error::new(kind, answer.request.clone()))?;
                if self.seen.contains(next.as_str()) || self.seen.len() >= MOST {
                    return Err(answer.malformed("the list does not end"));
                }
                Next::At(next)
            }
        };
        Ok(Some(entries))
    }

    /// Fetches all pages as one list: for lists that are known to be short.
    pub async fn all(mut self) -> Result<Vec<T>, Error> {
        let mut all = Vec::new();
        while let Some(page) = self.next().await? {
            all.extend(page);
        }
        Ok(all)
    }
}

/// Finds the target of the link to the next page.
fn next_link(answer: &Answer) -> Option<&str> {
    answer
        .headers
        .get_all(header::LINK)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .find_map(next_in)
}

fn next_in(text: &str) -> Option<&str> {
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        let (target, after) = rest[start + 1..].split_once('>')?;
        // The parameters end where the next link begins; none that registries send holds a `<`.
        let parameters = after.split('<').next().unwrap_or_default();
        let is_next = |parameter: &str| {
            parameter
                .trim()
                .trim_end_matches(',')
                .split_once('=')
                .is_some_and(|(name, value)| {
                    name.trim().eq_ignore_ascii_case("rel")
                        && value
                            .trim()
                            .trim_matches('"')
                            .split_ascii_whitespace()
                            .any(|rel| rel.eq_ignore_ascii_case("next"))
                })
        };
        if parameters.split(';').any(is_next) {
            return Some(target);
        }
        rest = after;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_next_page_among_links() {
        assert_eq!(
            next_in(r#"</v2/_catalog?n=2&last=b>; rel="next""#),
            Some("/v2/_catalog?n=2&last=b")
        );
        assert_eq!(next_in("<x>; rel=next"), Some("x"));
        assert_eq!(
            next_in(r#"<a,b>; rel="prev", <c,d>; title="x"; rel="last next""#),
            Some("c,d")
        );
        for none in [
            "",
            "<x>",
            r#"<x>; rel="prev""#,
            "<x; rel=next",
            r#"x; rel="next""#,
            r#"<x>; title="next""#,
        ] {
            assert_eq!(next_in(none), None, "{none}");
        }
    }
}
