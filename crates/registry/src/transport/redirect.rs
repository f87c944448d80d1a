//! Where a redirect may lead. Registries send blobs, and some send manifests, to object storage elsewhere.

use http::{Method, header};
use url::Url;

use crate::endpoint;
use crate::error::{Error, Kind};

/// How many redirects are followed.
const MOST: u32 = 5;

/// Returns the next address, or `None` where the answer is to be taken as it is.
pub(super) fn next(
    response: &reqwest::Response,
    from: &Url,
    follow: bool,
    hops: u32,
    request: &str,
) -> Result<Option<Url>, Error> {
    let status = response.status().as_u16();
    if !follow || !matches!(status, 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let malformed =
        |why: &str| Error::new(Kind::Malformed(why.to_owned()), request).with_status(status);
    if hops >= MOST {
        return Err(malformed("too many redirects"));
    }
    let location = response
        .headers()
        .get(header::LOCATION)
        .and_then(|location| location.to_str().ok());
    let location = location.ok_or_else(|| malformed("a redirect to nowhere"))?;
    target(from, location)
        .map(Some)
        .map_err(|kind| Error::new(kind, request).with_status(status))
}

/// Checks where a redirect leads: only to HTTP, never from TLS to none, never from elsewhere into this computer, with no user in
/// it.
fn target(from: &Url, location: &str) -> Result<Url, Kind> {
    let mut to = from
        .join(location)
        .map_err(|_| Kind::Malformed("a redirect to no address".to_owned()))?;
    if !matches!(to.scheme(), "https" | "http") || to.host().is_none() {
        return Err(Kind::Malformed("a redirect to no web address".to_owned()));
    }
    let downgrade = from.scheme() == "https" && to.scheme() == "http";
    let inwards =
        endpoint::is_inside(&to) && !endpoint::is_inside(from) && !endpoint::same_host(&to, from);
    if downgrade || inwards {
        return Err(Kind::ForeignHost {
            host: endpoint::host_of(&to),
        });
    }
    // Neither fails for a URL with a host.
    let _ = to.set_username("");
    let _ = to.set_password(None);
    to.set_fragment(None);
    Ok(to)
}

/// Tells whether a request may be sent elsewhere: only those that read.
pub(crate) fn may_follow(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_one_by_one() {
        let cases = [
            (
                "https://r.example/v2/a",
                "https://storage.example/x?sig=1",
                Some("https://storage.example/x?sig=1"),
            ),
            (
                "https://r.example/v2/a",
                "/v2/b",
                Some("https://r.example/v2/b"),
            ),
            (
                "https://r.example/v2/a",
                "https://user:pw@storage.example/x",
                Some("https://storage.example/x"),
            ),
            ("https://r.example/v2/a", "http://storage.example/x", None),
            ("https://r.example/v2/a", "http://r.example/x", None),
            ("https://r.example/v2/a", "https://127.0.0.1/x", None),
            ("https://r.example/v2/a", "https://169.254.169.254/x", None),
            ("https://r.example/v2/a", "file:///etc/passwd", None),
            ("https://r.example/v2/a", "data:text/plain,x", None),
            (
                "http://r.lan:5000/v2/a",
                "http://minio.lan:9000/x",
                Some("http://minio.lan:9000/x"),
            ),
            ("http://r.lan:5000/v2/a", "http://localhost:9000/x", None),
            (
                "http://127.0.0.1:5000/v2/a",
                "http://localhost:9000/x",
                Some("http://localhost:9000/x"),
            ),
        ];
        for (from, location, to) in cases {
            let got = target(&Url::parse(from).unwrap(), location);
            assert_eq!(
                got.as_ref().ok().map(Url::as_str),
                to,
                "{from} -> {location}"
            );
        }
    }
}
