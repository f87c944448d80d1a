//! A time as programs print it.
//!
//! Which form `polly` prints is not known, so the usual ones are read, and nothing that could be read in two ways: no `6/7/2020`,
//! no name of a zone but UTC. A time without a zone is taken as UTC, as services print it, and says so: it may be hours away. A day
//! without an hour is no time. Grows by a form.

use oci::UtcSeconds;

/// A time that was printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Printed {
    /// The time.
    pub at: UtcSeconds,
    /// It named its zone; else it was taken as UTC.
    pub has_zone: bool,
}

/// The longest text of a time, in bytes: what JavaScript prints has about 60.
const LONGEST: usize = 100;
/// Nothing was pushed to any registry before (1971): it is what programs print that know no time.
const FIRST: i64 = 365 * 86_400;
const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// What was read of a time so far.
#[derive(Default)]
struct Pieces<'a> {
    /// Year, month and day, of a date in one word.
    date: Option<(u32, u32, u32)>,
    month: Option<u32>,
    /// Numbers that stand alone: a day, a year.
    numbers: Vec<&'a str>,
    clock: Option<(u32, u32, u32)>,
    is_afternoon: Option<bool>,
    zone: Option<String>,
}

/// Reads a time; none where it is none, or could be several.
pub(super) fn read(text: &str) -> Option<Printed> {
    let text = text.trim();
    if text.is_empty() || text.len() > LONGEST || !text.is_ascii() {
        return None;
    }
    if let Some(at) = stamp(text) {
        return Some(at);
    }
    // JavaScript says the zone's name behind it.
    let text = match text.split_once('(') {
        Some((before, name)) if name.ends_with(')') => before,
        Some(_) => return None,
        None => text,
    };
    let mut pieces = Pieces::default();
    for word in text.split([' ', ',', '\t']).filter(|word| !word.is_empty()) {
        pieces.take(word)?;
    }
    pieces.end()
}

/// Reads seconds or milliseconds since 1970.
fn stamp(text: &str) -> Option<Printed> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    let seconds: i64 = match text.len() {
        10 if is_number => text.parse().ok()?,
        13 if is_number => text.parse::<i64>().ok()? / 1000,
        _ => return None,
    };
    Some(Printed {
        at: UtcSeconds(seconds),
        has_zone: true,
    })
}

impl<'a> Pieces<'a> {
    /// Takes a word; none where it is no part of a time, or was there already.
    fn take(&mut self, word: &'a str) -> Option<()> {
        let lower = word.to_ascii_lowercase();
        let lower = lower.trim_end_matches('.');
        if DAYS.iter().any(|day| is_name(lower, day)) || lower == "at" {
            return Some(());
        }
        if let Some(at) = MONTHS.iter().position(|month| is_name(lower, month)) {
            return put(&mut self.month, u32::try_from(at).ok()? + 1);
        }
        if matches!(lower, "am" | "pm") {
            return put(&mut self.is_afternoon, lower == "pm");
        }
        if let Some(zone) = zone(word) {
            // Go says it twice: `+0000 UTC`.
            return match &self.zone {
                Some(known) if *known == zone => Some(()),
                Some(_) => None,
                None => put(&mut self.zone, zone),
            };
        }
        // RFC 3339 has a `T` between day and hour.
        if let Some((day, clock)) = word.split_once(['T', 't'])
            && let Some(day) = date(day)
        {
            put(&mut self.date, day)?;
            return self.clock(clock);
        }
        if word.contains(':') {
            return self.clock(word);
        }
        if let Some(day) = date(word) {
            return put(&mut self.date, day);
        }
        if let [day, month, year] = word.split('-').collect::<Vec<_>>()[..] {
            self.numbers.extend([day, year]);
            let month = month.to_ascii_lowercase();
            let at = MONTHS.iter().position(|name| *name == month)?;
            return put(&mut self.month, u32::try_from(at).ok()? + 1);
        }
        let is_number = word.len() <= 4 && word.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| self.numbers.push(word))
    }

    /// Takes `12:30[:05[.123]]` with a zone or `PM` that hangs on it.
    fn clock(&mut self, word: &'a str) -> Option<()> {
        let end = word
            .find(|c: char| !(c.is_ascii_digit() || ":.".contains(c)))
            .unwrap_or(word.len());
        let (clock, rest) = word.split_at(end);
        let mut parts = clock.split(':');
        let hour = number(parts.next()?, 1, 2)?;
        let minute = number(parts.next()?, 2, 2)?;
        let second = match parts.next() {
            None => 0,
            Some(text) => {
                let (second, rest) = text.split_once('.').unwrap_or((text, "0"));
                let is_fraction = !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit());
                is_fraction.then(|| number(second, 2, 2)).flatten()?
            }
        };
        if parts.next().is_some() {
            return None;
        }
        put(&mut self.clock, (hour, minute, second))?;
        if rest.is_empty() {
            return Some(());
        }
        if rest.contains(':') && zone(rest).is_none() {
            return None;
        }
        self.take(rest)
    }

    fn end(self) -> Option<Printed> {
        let (year, month, day) = match (self.date, self.month, &self.numbers[..]) {
            (Some(date), None, []) => date,
            (None, Some(month), [one, other]) => {
                let (day, year) = if one.len() == 4 {
                    (other, one)
                } else {
                    (one, other)
                };
                (number(year, 4, 4)?, month, number(day, 1, 2)?)
            }
            _ => return None,
        };
        let (hour, minute, second) = self.clock?;
        let hour = match (self.is_afternoon, hour) {
            (None, hour) => hour,
            (Some(_), 0 | 13..) => return None,
            (Some(is_afternoon), hour) => hour % 12 + if is_afternoon { 12 } else { 0 },
        };
        let has_zone = self.zone.is_some();
        let zone = self.zone.unwrap_or_else(|| "Z".to_owned());
        let text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{zone}");
        let at = UtcSeconds::parse_rfc3339(&text).filter(|at| at.0 > FIRST)?;
        Some(Printed { at, has_zone })
    }
}

/// Puts a value where none is yet.
fn put<T>(place: &mut Option<T>, value: T) -> Option<()> {
    place.is_none().then(|| *place = Some(value))
}

/// Tells whether a word is a name, in full or its first three letters.
fn is_name(word: &str, short: &str) -> bool {
    let full = [
        "january",
        "february",
        "march",
        "april",
        "june",
        "july",
        "august",
        "sept",
        "september",
        "october",
        "november",
        "december",
        "monday",
        "tues",
        "tuesday",
        "wednesday",
        "thur",
        "thurs",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ];
    word == short || (full.contains(&word) && word.starts_with(short))
}

/// Reads a number of so many digits.
fn number(text: &str, least: usize, most: usize) -> Option<u32> {
    let fits = (least..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| text.parse().ok()).flatten()
}

/// Reads `2020-06-16` or `2020/06/16`; no other order, as that of others is guessed.
fn date(word: &str) -> Option<(u32, u32, u32)> {
    let by = if word.contains('/') { '/' } else { '-' };
    let mut parts = word.split(by);
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    Some((
        number(year, 4, 4)?,
        number(month, 1, 2)?,
        number(day, 1, 2)?,
    ))
}

/// Reads a zone, as RFC 3339 has it: `Z`, `UTC`, `GMT+0530`, `+05:30`.
fn zone(word: &str) -> Option<String> {
    let upper = word.to_ascii_uppercase();
    if matches!(upper.as_str(), "Z" | "UTC" | "GMT") {
        return Some("+00:00".to_owned());
    }
    let offset = ["GMT", "UTC"]
        .iter()
        .find_map(|name| upper.strip_prefix(name))
        .unwrap_or(&upper);
    let sign = offset.chars().next().filter(|sign| "+-".contains(*sign))?;
    let digits = offset[1..].replacen(':', "", 1);
    let digits = if digits.len() == 2 {
        format!("{digits}00")
    } else {
        digits
    };
    let fits = digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| format!("{sign}{}:{}", &digits[..2], &digits[2..]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_usual_form_is_read() {
        let at = UtcSeconds::parse_rfc3339("2020-06-16T08:12:11Z").unwrap();
        for text in [
            "2020-06-16T08:12:11Z",
            "2020-06-16T08:12:11.123456Z",
            "2020-06-16T13:42:11+05:30",
            "2020-06-16 13:42:11+0530",
            "2020-06-16 08:12:11 UTC",
            "2020-06-16 08:12:11.123 +0000 UTC",
            "2020/06/16 08:12:11 GMT",
            "Tue Jun 16 2020 13:42:11 GMT+0530 (India Standard Time)",
            "Tue, 16 Jun 2020 08:12:11 GMT",
            "Tue, 16 Jun 2020 08:12:11 +0000",
            "Tue Jun 16 08:12:11 UTC 2020",
            "June 16, 2020 at 08:12:11 am UTC",
            "16-Jun-2020 08:12:11 +00",
            "1592295131",
            "1592295131123",
        ] {
            let has_zone = true;
            assert_eq!(read(text), Some(Printed { at, has_zone }), "{text}");
        }
        for text in [
            "2020-06-16 08:12:11",
            "2020-06-16T08:12:11.5",
            "Tue Jun 16 08:12:11 2020",
            "Jun 16, 2020, 8:12:11 AM",
            "16 June 2020 08:12:11",
        ] {
            let has_zone = false;
            assert_eq!(read(text), Some(Printed { at, has_zone }), "{text}");
        }
        let noon = read("Jun 16, 2020 12:05 PM UTC").unwrap().at.rfc3339();
        assert_eq!(noon, "2020-06-16T12:05:00Z");
    }

    #[test]
    fn hostile_what_is_no_time_or_could_be_several_is_none() {
        for text in [
            "",
            "6/7/2020 08:12:11",
            "16/06/2020 08:12",
            "16-06-2020 08:12",
            "2020-06-16",
            "08:12:11",
            "2020-06-16 08:12:11 IST",
            "2020-06-16 08:12:11 +0530 UTC",
            "2020-13-16 08:12:11",
            "2020-06-16 13:12:11 PM",
            "2020-06-16 25:12:11",
            "2020-06-16 08:12:11 08:12:11",
            "2020-06-16 2020-06-16 08:12",
            "2 days ago",
            "0001-01-01T00:00:00Z",
            "1970-01-01 00:00:00",
            "Tue Jun 16 2020 13:42:11 GMT+0530 (India",
            "99999999999999999999",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in "\\PC{0,40}") {
            let _ = read(&text);
        }

        #[test]
        fn what_rfc_3339_reads_is_read_alike(at in 86_400_i64 * 400..4_000_000_000) {
            let text = UtcSeconds(at).rfc3339();
            prop_assert_eq!(read(&text), Some(Printed { at: UtcSeconds(at), has_zone: true }));
            let bare = text.trim_end_matches('Z').replace('T', " ");
            prop_assert_eq!(read(&bare), Some(Printed { at: UtcSeconds(at), has_zone: false }));
        }
    }
}
