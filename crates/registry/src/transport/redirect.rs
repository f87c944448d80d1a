//! Which redirects are followed. Registries send blobs, and some send manifests, to object storage elsewhere; some send `/v2/` to
//! another path, and some token services send whoever asks there to another of their own.

use http::{Method, header};
use url::Url;

use crate::address;
use crate::endpoint;
use crate::error::{Error, Kind};
use crate::way::Origin;

/// How many redirects are followed.
const MOST: u32 = 5;

/// Where an exchange may be sent on to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Follow {
    /// Nowhere: the redirect is the answer.
    Nowhere,
    /// To other addresses at the same server, and nowhere else.
    AtTheSame,
    /// To other servers too, without the sign-in.
    Anywhere,
}

impl Follow {
    /// Returns what holds for a request to a registry: only those that read may be sent elsewhere.
    pub(crate) fn of(method: &Method) -> Self {
        if matches!(*method, Method::GET | Method::HEAD) {
            Self::Anywhere
        } else {
            Self::Nowhere
        }
    }
}

/// Returns the next address, or `None` where the answer is to be taken as it is.
pub(super) fn next(
    response: &reqwest::Response,
    from: &Url,
    (method, follow): (&Method, Follow),
    hops: u32,
    request: &str,
) -> Result<Option<Url>, Error> {
    let status = response.status().as_u16();
    let reads = Follow::of(method) == Follow::Anywhere;
    // 303 is a way to say that another request, a GET, should follow; of one that sends something there is none.
    let is_one = matches!(status, 301 | 302 | 307 | 308) || status == 303 && reads;
    if follow == Follow::Nowhere || !is_one {
        return Ok(None);
    }
    let failed = |kind| Error::new(kind, request).with_status(status);
    let malformed = |why: &str| failed(Kind::Malformed(why.to_owned()));
    if hops >= MOST {
        return Err(malformed("too many redirects"));
    }
    let location = response
        .headers()
        .get(header::LOCATION)
        .and_then(|location| location.to_str().ok());
    let location = location.ok_or_else(|| malformed("a redirect to nowhere"))?;
    let next = address::redirect(from, location).map_err(failed)?;
    if follow == Follow::AtTheSame && Origin::of(&next) != Origin::of(from) {
        let host = endpoint::host_of(&next);
        return Err(failed(Kind::ForeignHost { host }));
    }
    Ok(Some(next))
}
