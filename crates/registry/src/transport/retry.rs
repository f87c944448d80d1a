//! When a request is sent again, and after how long.

use http::Method;
use std::time::Duration;

use crate::error::{Error, Kind};
use crate::options::HttpOptions;

/// How often a request is sent at most.
const ATTEMPTS: u32 = 4;

/// Returns the wait before the next attempt; `None` where there is none.
///
/// `attempt` counts from 1. `asked` is how long the answer asks to be left alone (`waiting`).
pub(crate) fn wait(
    options: &HttpOptions,
    method: &Method,
    attempt: u32,
    error: &Error,
    asked: Option<Duration>,
) -> Option<Duration> {
    // POST starts uploads: sent twice it is two. What of a PATCH has arrived nobody knows.
    let repeatable = matches!(
        *method,
        Method::GET | Method::HEAD | Method::PUT | Method::DELETE
    );
    if attempt >= ATTEMPTS || !repeatable || !error.is_transient() {
        return None;
    }
    let asked = match error.kind {
        Kind::TooMany { retry_after } => retry_after.or(asked),
        _ => asked,
    };
    match asked {
        // Sooner than asked would be refused again, later than bearable the person should know.
        // One that asks for no wait at all is asked at our own pace.
        Some(asked) => Some(asked)
            .filter(|asked| *asked <= options.longest_wait)
            .map(|asked| asked.max(pause(options, attempt))),
        None => Some(pause(options, attempt)),
    }
}

/// Returns the wait after so many failures where nobody asked for one: it doubles with each.
pub(crate) fn pause(options: &HttpOptions, failures: u32) -> Duration {
    let doubled = 2_u32.saturating_pow(failures.saturating_sub(1));
    options
        .first_wait
        .saturating_mul(doubled)
        .min(options.longest_wait)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(status: u16) -> Error {
        Error::of_status(status, Vec::new(), None, "GET /v2/")
    }

    #[test]
    fn waits_double_and_end() {
        let options = HttpOptions::default();
        let waits: Vec<_> = (1..=4)
            .map(|attempt| wait(&options, &Method::GET, attempt, &of(503), None))
            .collect();
        let first = options.first_wait;
        assert_eq!(waits, [Some(first), Some(first * 2), Some(first * 4), None]);
    }

    #[test]
    fn retry_after_is_kept_to_or_given_up() {
        let options = HttpOptions::default();
        let ask = |seconds| {
            wait(
                &options,
                &Method::GET,
                1,
                &of(429),
                Some(Duration::from_secs(seconds)),
            )
        };
        assert_eq!(
            (ask(0), ask(20), ask(21)),
            (
                Some(options.first_wait),
                Some(Duration::from_secs(20)),
                None
            )
        );
        assert_eq!(
            wait(
                &options,
                &Method::GET,
                1,
                &of(503),
                Some(Duration::from_secs(3))
            ),
            Some(Duration::from_secs(3))
        );
    }

    #[test]
    fn what_a_busy_token_service_asks_for_is_waited() {
        let options = HttpOptions::default();
        let of_both = |told, asked| {
            let error = Error::new(Kind::TooMany { retry_after: told }, "GET token");
            wait(&options, &Method::GET, 1, &error, asked)
        };
        let seconds = |count| Some(Duration::from_secs(count));
        assert_eq!(of_both(seconds(3), None), seconds(3));
        assert_eq!(of_both(seconds(3), seconds(4)), seconds(3));
        assert_eq!(of_both(None, seconds(4)), seconds(4));
        assert_eq!(of_both(None, None), Some(options.first_wait));
    }

    #[test]
    fn only_what_may_pass_is_tried_again() {
        let options = HttpOptions::default();
        for status in [400, 401, 403, 404, 405, 500, 501] {
            assert_eq!(
                wait(&options, &Method::GET, 1, &of(status), None),
                None,
                "{status}"
            );
        }
        for status in [429, 502, 503, 504] {
            assert!(
                wait(&options, &Method::DELETE, 1, &of(status), None).is_some(),
                "{status}"
            );
            assert_eq!(
                wait(&options, &Method::POST, 1, &of(status), None),
                None,
                "{status}"
            );
        }
        assert!(
            wait(
                &options,
                &Method::PUT,
                1,
                &Error::new(Kind::CutShort, ""),
                None
            )
            .is_some()
        );
        assert_eq!(
            wait(
                &options,
                &Method::GET,
                1,
                &Error::new(Kind::Unreachable, ""),
                None
            ),
            None
        );
    }
}
