//! This computer's clock, for what happens here. What happens in a registry is told by its own.

/// Seconds since the epoch, UTC.
pub(crate) fn now() -> i64 {
    std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| {
            i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
        })
}

/// The registry's own time where it told one, else this computer's.
pub(crate) fn registry_time(date: Option<oci::UtcSeconds>) -> i64 {
    date.map_or_else(now, |date| date.0)
}
