//! How many requests a registry still takes, as its answers tell it before it refuses one.
//!
//! Docker Hub counts pulls (`ratelimit-limit: 100;w=21600`, `ratelimit-remaining: 76;w=21600`); others count requests
//! (`x-ratelimit-…`, the drafts of `RateLimit`). Nothing is asked for it: it is read from answers that come anyway. Not here: how
//! long a refusal asks to wait (`transport::waiting`). Grows by another way of saying it.

use http::HeaderMap;
use oci::UtcSeconds;
use std::time::Duration;

use crate::transport::waiting;

/// The highest count that is believed: nobody counts to more, and nobody needs to know.
const MOST: u64 = 1_000_000_000;
/// The longest window that is believed.
const LONGEST: Duration = Duration::from_hours(24 * 31);

/// How many requests a registry still takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit {
    /// How many are left.
    pub left: u64,
    /// Of how many.
    pub of: u64,
    /// In which span they are counted, where that is said.
    pub window: Option<Duration>,
    /// In how long the count begins anew, where that is said.
    pub anew_in: Option<Duration>,
    /// Whether pulls are counted, and not requests of every kind.
    pub pulls: bool,
}

/// Reads what an answer tells; none where it tells nothing that makes sense. `now` is the registry's own clock.
pub(crate) fn read(headers: &HeaderMap, now: Option<UtcSeconds>) -> Option<RateLimit> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let first = |names: [&'static str; 3]| names.into_iter().find_map(text);
    let left = first([
        "ratelimit-remaining",
        "x-ratelimit-remaining",
        "x-rate-limit-remaining",
    ]);
    let of = first(["ratelimit-limit", "x-ratelimit-limit", "x-rate-limit-limit"]);
    let (left, of) = match (left, of) {
        (Some(left), Some(of)) => (Count::read(left), Count::read(of)),
        // One header for both, and one for what is allowed.
        _ => (
            Count::read(text("ratelimit")?),
            Count::read(text("ratelimit-policy")?),
        ),
    };
    let (count, all) = (left.number?, of.number.filter(|of| *of > 0)?);
    let span = |seconds: u64| Some(Duration::from_secs(seconds)).filter(|span| *span <= LONGEST);
    Some(RateLimit {
        left: count.min(all),
        of: all,
        window: left.window.or(of.window).and_then(span),
        anew_in: left
            .rest
            .and_then(span)
            .or_else(|| waiting::anew(headers, now)),
        pulls: headers.contains_key("docker-ratelimit-source"),
    })
}

/// A count with what stands beside it: `76;w=21600`, `"default";r=50;t=30`, `"default";q=100;w=60`.
#[derive(Default)]
struct Count {
    number: Option<u64>,
    window: Option<u64>,
    rest: Option<u64>,
}

impl Count {
    fn read(text: &str) -> Self {
        let number = |text: &str| {
            text.trim()
                .parse::<u64>()
                .ok()
                .filter(|count| *count <= MOST)
        };
        let mut count = Self::default();
        let first = text.split(',').next().unwrap_or_default();
        for part in first.split(';').map(str::trim) {
            match part.split_once('=') {
                Some(("w", seconds)) => count.window = number(seconds),
                Some(("t", seconds)) => count.rest = number(seconds),
                Some(("r" | "q", many)) => count.number = number(many),
                Some(_) => {}
                None => count.number = count.number.or(number(part)),
            }
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderName, HeaderValue};
    use proptest::prelude::*;

    /// Sat, 21 Nov 2026 02:09:00 GMT.
    const NOW: UtcSeconds = UtcSeconds(1_795_226_940);

    fn told(all: &[(&'static str, &str)]) -> Option<RateLimit> {
        let pair = |(name, value): &(&'static str, &str)| {
            let value = HeaderValue::from_str(value).unwrap();
            (HeaderName::from_static(name), value)
        };
        read(&all.iter().map(pair).collect(), Some(NOW))
    }

    fn limit(left: u64, of: u64, window: Option<u64>, anew_in: Option<u64>) -> RateLimit {
        RateLimit {
            left,
            of,
            window: window.map(Duration::from_secs),
            anew_in: anew_in.map(Duration::from_secs),
            pulls: false,
        }
    }

    /// Behaviour (waiting): What is left of a registry's limit is read from answers that come anyway, in each way in which it is told.
    /// Source: Docker Hub (`100;w=21600`, `docker-ratelimit-source`), GitHub and GitLab (`x-ratelimit-…`), the drafts of RateLimit headers.
    #[test]
    fn what_is_left_is_read_in_every_spelling() {
        let hub = told(&[
            ("ratelimit-limit", "100;w=21600"),
            ("ratelimit-remaining", "76;w=21600"),
            ("docker-ratelimit-source", "192.0.2.1"),
        ]);
        let pulls = RateLimit {
            pulls: true,
            ..limit(76, 100, Some(21_600), None)
        };
        assert_eq!(hub, Some(pulls));
        for (headers, is) in [
            (
                &[
                    ("x-ratelimit-limit", "60"),
                    ("x-ratelimit-remaining", "58"),
                    ("x-ratelimit-reset", "1795226998"),
                ][..],
                limit(58, 60, None, Some(58)),
            ),
            (
                &[
                    ("ratelimit-limit", "10, 10;w=1, 50;w=60"),
                    ("ratelimit-remaining", "9"),
                    ("ratelimit-reset", "30"),
                ],
                limit(9, 10, None, Some(30)),
            ),
            (
                &[
                    ("ratelimit", "\"default\";r=50;t=30"),
                    ("ratelimit-policy", "\"default\";q=100;w=60"),
                ],
                limit(50, 100, Some(60), Some(30)),
            ),
            // More than there may be is as much as there may be.
            (
                &[("ratelimit-limit", "5"), ("ratelimit-remaining", "7")],
                limit(5, 5, None, None),
            ),
        ] {
            assert_eq!(told(headers), Some(is), "{headers:?}");
        }
        for nothing in [
            &[][..],
            &[("ratelimit-limit", "100")],
            &[("ratelimit-limit", "0"), ("ratelimit-remaining", "0")],
            &[("ratelimit-limit", "many"), ("ratelimit-remaining", "1")],
            &[("ratelimit-limit", "-5"), ("ratelimit-remaining", "-5")],
            &[
                ("ratelimit-limit", "99999999999"),
                ("ratelimit-remaining", "1"),
            ],
        ] {
            assert_eq!(told(nothing), None, "{nothing:?}");
        }
    }

    proptest! {
        #[test]
        fn hostile_counts_are_bounded(left in "[ -~]{0,40}", of in "[ -~]{0,40}", number in "[0-9]{0,25}(;w=[0-9]{0,25})?") {
            for (left, of) in [(&left, &of), (&number, &of), (&number, &number)] {
                if let Some(limit) = told(&[("ratelimit-limit", of), ("ratelimit-remaining", left)]) {
                    prop_assert!(limit.left <= limit.of && limit.of <= MOST);
                    prop_assert!(limit.window.is_none_or(|window| window <= LONGEST));
                }
            }
        }
    }
}
