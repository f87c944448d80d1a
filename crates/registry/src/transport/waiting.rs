//! How long an answer asks to be left alone, in every way in which registries say it.
//!
//! `Retry-After` is seconds or a date (RFC 9110, 10.2.3); in practice it is also a fraction, or a moment in Unix seconds (Docker
//! Hub). Where it is missing, others tell when their count begins anew, as a header or in the text of the error. What is told is
//! bounded: nobody is sent away for longer than a day on a header's word. Not here: whether it is waited (`retry`). Grows by another
//! way of saying it.

use http::{HeaderMap, HeaderValue};
use oci::UtcSeconds;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::said::Said;

/// The longest wait that is believed.
const LONGEST: Duration = Duration::from_hours(24);
/// A number from here on is a moment (2001) and no span: nobody means 30 years.
const MOMENT: f64 = 1e9;
/// Headers that ask for a wait, by whatever answer.
const ASKING: [&str; 2] = ["retry-after", "x-retry-after"];
/// Headers that tell when the count of requests begins anew. They stand on good answers too, so they ask for nothing by themselves.
const RESETS: [&str; 5] = [
    "x-ratelimit-reset",
    "x-rate-limit-reset",
    "ratelimit-reset",
    "x-ratelimit-reset-after",
    "x-ratelimit-retry-after",
];
/// The header in which GitHub tells how many requests are left.
const LEFT: &str = "x-ratelimit-remaining";
/// Headers that count what is left, with a window (`0;w=21600`) or the rest of it (`"default";r=0;t=30`).
const COUNTS: [&str; 2] = ["ratelimit", "ratelimit-remaining"];

/// Returns how long an answer asks to be left alone. `now` is the registry's own clock; `busy` tells that it has counted too many
/// requests.
pub(crate) fn asked(
    headers: &HeaderMap,
    now: Option<UtcSeconds>,
    said: &[Said],
    busy: bool,
) -> Option<Duration> {
    let texts = |names: &'static [&'static str]| {
        names
            .iter()
            .flat_map(|name| headers.get_all(*name))
            .filter_map(|value| value.to_str().ok())
    };
    let now = now.unwrap_or_else(here);
    let mut asking = texts(&ASKING).filter_map(|text| span(text, now));
    let found = asking.next().or_else(|| {
        let mut resets = texts(&RESETS).filter_map(|text| span(text, now));
        let mut counts = texts(&COUNTS).filter_map(window);
        let mut words = said
            .iter()
            .flat_map(|said| [&said.message, &said.detail])
            .filter_map(|text| allowed(text));
        busy.then(|| {
            resets
                .next()
                .or_else(|| counts.next())
                .or_else(|| words.next())
        })?
    });
    found.map(|wait| wait.min(LONGEST))
}

/// Tells whether an answer says that nothing is left of a count of requests, or when to ask again.
pub(crate) fn is_spent(headers: &HeaderMap) -> bool {
    let is_none_left = |value: &HeaderValue| value.as_bytes().trim_ascii() == b"0";
    headers.get(LEFT).is_some_and(is_none_left)
        || ASKING.iter().any(|name| headers.contains_key(*name))
}

/// Returns in how long the count of requests begins anew, where an answer says that.
pub(crate) fn anew(headers: &HeaderMap, now: Option<UtcSeconds>) -> Option<Duration> {
    let now = now.unwrap_or_else(here);
    let texts = RESETS.iter().flat_map(|name| headers.get_all(*name));
    let mut resets = texts.filter_map(|value| span(value.to_str().ok()?, now));
    resets.next().map(|wait| wait.min(LONGEST))
}

/// Reads a span, or the rest until a moment; none where it is neither.
fn span(text: &str, now: UtcSeconds) -> Option<Duration> {
    let text = text.trim();
    let until = |moment: f64| {
        #[allow(clippy::cast_precision_loss)] // seconds of this age are exact
        let rest = moment - now.0 as f64;
        Duration::try_from_secs_f64(rest.max(0.0)).unwrap_or(LONGEST)
    };
    if let Ok(at) = httpdate::parse_http_date(text) {
        let at = at.duration_since(UNIX_EPOCH).unwrap_or_default();
        return Some(until(at.as_secs_f64()));
    }
    if let Some(at) = UtcSeconds::parse_rfc3339(text) {
        #[allow(clippy::cast_precision_loss)]
        return Some(until(at.0 as f64));
    }
    // Several hops may have added theirs: the first is the nearest.
    let first = text.split(',').next().unwrap_or_default().trim();
    let first = first.split(';').next().unwrap_or_default().trim();
    let (digits, unit) = first.split_at(
        first
            .find(|letter: char| !(letter.is_ascii_digit() || letter == '.'))
            .unwrap_or(first.len()),
    );
    let number: f64 = digits.parse().ok()?;
    let scale = match unit.trim().to_ascii_lowercase().as_str() {
        "ms" => 1e-3,
        "" | "s" | "sec" | "second" | "seconds" => 1.0,
        "m" | "min" | "minute" | "minutes" => 60.0,
        "h" | "hour" | "hours" => 3600.0,
        _ => return None,
    };
    // A moment, in seconds or in one of the finer counts.
    if unit.is_empty() && number >= MOMENT {
        let finer = [1.0, 1e3, 1e6, 1e9].into_iter();
        let seconds = finer
            .map(|finer| number / finer)
            .find(|seconds| *seconds < MOMENT * 100.0)?;
        return Some(until(seconds));
    }
    Some(Duration::try_from_secs_f64(number * scale).unwrap_or(LONGEST))
}

/// Reads the window, or the rest of it, of a count of which nothing is left.
fn window(text: &str) -> Option<Duration> {
    let mut left = None;
    let mut rest = None;
    let mut whole = None;
    for part in text.split(',').next()?.split(';').map(str::trim) {
        let number = |text: &str| text.trim().parse::<u64>().ok();
        match part.split_once('=') {
            Some(("r", count)) => left = number(count),
            Some(("t", seconds)) => rest = number(seconds),
            Some(("w", seconds)) => whole = number(seconds),
            Some(_) => {}
            None => left = left.or(number(part)),
        }
    }
    let seconds = rest.or(whole).filter(|_| left == Some(0))?;
    Some(Duration::from_secs(seconds))
}

/// Reads how often is allowed: of `allowed: 44000/minute` a minute.
fn allowed(text: &str) -> Option<Duration> {
    let small = text.to_ascii_lowercase();
    let (_, after) = small.split_once("allowed:")?;
    let (count, unit) = after.split_once('/')?;
    count.trim().parse::<f64>().ok()?;
    let unit: String = unit
        .trim_start()
        .chars()
        .take_while(char::is_ascii_alphabetic)
        .collect();
    Some(match unit.as_str() {
        "s" | "sec" | "second" => Duration::from_secs(1),
        "m" | "min" | "minute" => Duration::from_mins(1),
        "h" | "hour" => Duration::from_hours(1),
        "d" | "day" => LONGEST,
        _ => return None,
    })
}

/// Returns this computer's clock.
fn here() -> UtcSeconds {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    UtcSeconds(i64::try_from(now.as_secs()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderName;
    use proptest::prelude::*;

    /// Sat, 21 Nov 2026 02:09:00 GMT.
    const NOW: UtcSeconds = UtcSeconds(1_795_226_940);

    fn headers(all: &[(&'static str, &str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &str)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_str(value).unwrap(),
            )
        };
        all.iter().map(pair).collect()
    }

    fn wait(all: &[(&'static str, &str)]) -> Option<Duration> {
        asked(&headers(all), Some(NOW), &[], true)
    }

    /// Behaviour (waiting): `Retry-After` is read as seconds, a fraction, a date, and as a moment in Unix seconds or finer, by the
    /// registry's clock; what is negative or no number says nothing; no more than a day is believed.
    /// Source: Docker Hub has sent Unix seconds; RFC 9110 for the rest.
    #[test]
    fn retry_after_is_a_span_or_a_moment() {
        let after = |text: &str| wait(&[("retry-after", text)]);
        let seconds = |count| Some(Duration::from_secs(count));
        for (text, expected) in [
            ("7", seconds(7)),
            (" 0 ", seconds(0)),
            ("2.5", Some(Duration::from_millis(2500))),
            ("120, 30", seconds(120)),
            ("60s", seconds(60)),
            ("1500ms", Some(Duration::from_millis(1500))),
            ("2 minutes", seconds(120)),
            ("1h", seconds(3600)),
            ("1 hour", seconds(3600)),
            ("2 Hours", seconds(7200)),
            ("Sat, 21 Nov 2026 02:10:30 GMT", seconds(90)),
            ("Sat, 21 Nov 2026 02:00:00 GMT", seconds(0)),
            ("2026-11-21T02:09:05Z", seconds(5)),
            ("1795226998", seconds(58)),
            ("1795226998000", seconds(58)),
            ("1795226998.5", Some(Duration::from_millis(58_500))),
            ("1746136938", seconds(0)),
            ("999999999", Some(LONGEST)),
            // From here on it is in milliseconds, and of 1973.
            ("100000000000", seconds(0)),
            ("4000000000", Some(LONGEST)),
            ("99999999999999999999999999999999", None),
            ("-1", None),
            ("-1795226998", None),
            ("soon", None),
            ("NaN", None),
            ("inf", None),
            ("", None),
            ("5 fortnights", None),
        ] {
            assert_eq!(after(text), expected, "{text:?}");
        }
        assert_eq!(wait(&[]), None);
    }

    /// Behaviour (waiting): Where `Retry-After` is missing, the moment or span in which a count of requests begins anew is taken,
    /// where the registry says that it has counted too many.
    /// Source: GitHub's and Docker Hub's headers; the draft of RateLimit headers.
    #[test]
    fn a_count_that_begins_anew_tells_the_wait() {
        let seconds = |count| Some(Duration::from_secs(count));
        for (header, expected) in [
            (("x-ratelimit-reset", "1795226998"), seconds(58)),
            (("x-ratelimit-reset", "30"), seconds(30)),
            (("ratelimit-reset", "30"), seconds(30)),
            (("x-retry-after", "1795227000"), seconds(60)),
            (("ratelimit-remaining", "0;w=21600"), seconds(21600)),
            (("ratelimit", "\"default\";r=0;t=30"), seconds(30)),
            (("ratelimit-remaining", "76;w=21600"), None),
            (("ratelimit-remaining", "0"), None),
        ] {
            assert_eq!(wait(&[header]), expected, "{header:?}");
        }
        let both = [("x-ratelimit-reset", "30"), ("retry-after", "2")];
        assert_eq!(wait(&both), seconds(2));
        let idle = headers(&[("x-ratelimit-reset", "30")]);
        assert_eq!(asked(&idle, Some(NOW), &[], false), None);
    }

    #[test]
    fn nothing_that_is_left_is_told_by_a_count_or_by_when_to_ask_again() {
        let is = |all: &[(&'static str, &str)]| is_spent(&headers(all));
        assert!(is(&[("x-ratelimit-remaining", "0")]) && is(&[("x-ratelimit-remaining", " 0 ")]));
        assert!(is(&[("retry-after", "60")]) && is(&[("x-retry-after", "60")]));
        for more in ["", "1", "00", "-0", "none"] {
            assert!(!is(&[("x-ratelimit-remaining", more)]), "{more}");
        }
        // When a count begins anew stands on good answers too.
        assert!(!is(&[]) && !is(&[("x-ratelimit-reset", "1795226998")]));
    }

    /// Behaviour (waiting): A text that tells how often is allowed tells how long to wait.
    /// Source: GHCR, "retry-after: 1.088µs, allowed: 44000/minute".
    #[test]
    fn a_text_tells_how_often_is_allowed() {
        let said = |message: &str| {
            let said = Said {
                message: message.into(),
                ..Said::default()
            };
            asked(&HeaderMap::new(), Some(NOW), &[said], true)
        };
        let minute = Some(Duration::from_mins(1));
        assert_eq!(said("retry-after: 1.088µs, allowed: 44000/minute"), minute);
        assert_eq!(said("Allowed: 10/Hour."), Some(Duration::from_hours(1)));
        for second in ["allowed: 3/s", "allowed: 3/sec", "allowed: 3/second"] {
            assert_eq!(said(second), Some(Duration::from_secs(1)), "{second}");
        }
        for day in ["allowed: 3/d", "allowed: 300/day"] {
            assert_eq!(said(day), Some(LONGEST), "{day}");
        }
        for nothing in [
            "allowed: many/minute",
            "allowed: 3 per minute",
            "slow down",
            "allowed:",
            "allowed: 3/eon",
        ] {
            assert_eq!(said(nothing), None, "{nothing}");
        }
    }

    proptest! {
        #[test]
        fn hostile_waits_are_bounded(text in "[ -~]{0,40}", number in "-?[0-9]{0,25}\\.?[0-9]{0,4}") {
            for value in [text, number] {
                for name in ["retry-after", "x-ratelimit-reset", "ratelimit", "ratelimit-remaining"] {
                    let map: HeaderMap = [(HeaderName::from_static(name), HeaderValue::from_str(&value).unwrap())].into_iter().collect();
                    prop_assert!(asked(&map, Some(NOW), &[], true).is_none_or(|wait| wait <= LONGEST));
                }
            }
        }
    }
}
