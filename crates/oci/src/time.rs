//! Times as this house keeps them: whole seconds, UTC.

use serde::{Deserialize, Serialize};
use time::{
    Date, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset,
    format_description::well_known::Rfc3339,
};

/// Seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct UtcSeconds(pub i64);

impl UtcSeconds {
    /// The time that Go writes for "no time": 0001-01-01T00:00:00Z.
    pub const GO_ZERO: Self = Self(-62_135_596_800);
    /// The first and the last second of the years with four digits.
    const RANGE: (i64, i64) = (-62_167_219_200, 253_402_300_799);

    /// Reads a time as JSON carries it, with any offset; fractions of a second are dropped.
    pub fn parse_rfc3339(text: &str) -> Option<Self> {
        OffsetDateTime::parse(text, &Rfc3339)
            .ok()
            .map(|at| Self(at.unix_timestamp()))
    }

    /// Writes the time as `2026-11-21T02:09:00Z`. Times outside the years 0 to 9999 show as the nearest inside.
    pub fn rfc3339(self) -> String {
        let at = self.civil();
        let (year, month, day) = (at.year(), u8::from(at.month()), at.day());
        format!(
            "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z",
            at.hour(),
            at.minute(),
            at.second()
        )
    }

    /// Writes the time as `20261121t020900`, as commit tags carry it. Times outside the years 0 to 9999 show as the
    /// nearest inside.
    pub fn compact(self) -> String {
        let at = self.civil();
        let (year, month, day) = (at.year(), u8::from(at.month()), at.day());
        format!(
            "{year:04}{month:02}{day:02}t{:02}{:02}{:02}",
            at.hour(),
            at.minute(),
            at.second()
        )
    }

    /// Reads what [`compact`](Self::compact) writes, and nothing else.
    pub fn parse_compact(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let digits = |i: usize| i != 8;
        if bytes.len() != 15
            || bytes[8] != b't'
            || !(0..15)
                .filter(|i| digits(*i))
                .all(|i| bytes[i].is_ascii_digit())
        {
            return None;
        }
        let two = |from: usize| (bytes[from] - b'0') * 10 + (bytes[from + 1] - b'0');
        let year = i32::from(two(0)) * 100 + i32::from(two(2));
        let date = Date::from_calendar_date(year, Month::try_from(two(4)).ok()?, two(6)).ok()?;
        let time = Time::from_hms(two(9), two(11), two(13)).ok()?;
        Some(Self(
            PrimitiveDateTime::new(date, time)
                .assume_offset(UtcOffset::UTC)
                .unix_timestamp(),
        ))
    }

    fn civil(self) -> OffsetDateTime {
        let (first, last) = Self::RANGE;
        OffsetDateTime::from_unix_timestamp(self.0.clamp(first, last))
            .unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_and_writes_the_form_of_commit_tags() {
        let at = UtcSeconds::parse_rfc3339("2026-11-21T02:09:00Z").unwrap();
        assert_eq!(at.compact(), "20261121t020900");
        assert_eq!(at.rfc3339(), "2026-11-21T02:09:00Z");
        assert_eq!(UtcSeconds::parse_compact("20261121t020900"), Some(at));
    }

    #[test]
    fn offsets_and_fractions_come_to_whole_seconds_utc() {
        let at = UtcSeconds::parse_rfc3339("2026-11-21T02:09:00Z");
        assert_eq!(
            UtcSeconds::parse_rfc3339("2026-11-21T03:09:00.987654321+01:00"),
            at
        );
        assert_eq!(UtcSeconds::parse_rfc3339("21 Nov 2026"), None);
        assert_eq!(
            UtcSeconds::parse_rfc3339("0001-01-01T00:00:00Z"),
            Some(UtcSeconds::GO_ZERO)
        );
    }

    #[test]
    fn refuses_days_and_hours_that_are_none() {
        for text in [
            "",
            "20261321t020900",
            "20260230t020900",
            "20261121t240000",
            "20261121t026000",
            "20261121t020960",
            "20261121T020900",
            "20261121t020900z",
            "2026112t1020900",
            "+0261121t020900",
            "20261121t0209\u{e9}",
        ] {
            assert_eq!(UtcSeconds::parse_compact(text), None, "{text}");
        }
    }

    #[test]
    fn times_beyond_four_digits_show_as_the_nearest() {
        assert_eq!(UtcSeconds(i64::MAX).compact(), "99991231t235959");
        assert_eq!(UtcSeconds(i64::MIN).compact(), "00000101t000000");
    }

    proptest! {
        #[test]
        fn compact_round_trips(seconds in UtcSeconds::RANGE.0..=UtcSeconds::RANGE.1) {
            prop_assert_eq!(UtcSeconds::parse_compact(&UtcSeconds(seconds).compact()), Some(UtcSeconds(seconds)));
        }

        #[test]
        fn never_panics(text in "\\PC{0,20}") {
            let _ = (UtcSeconds::parse_compact(&text), UtcSeconds::parse_rfc3339(&text));
        }
    }
}
