//! The log: what was asked of registries lately, kept in memory, and in a file only where one is named.
//!
//! It listens to `tracing` and takes the lines of requests alone, which hold nothing secret. Not here: what a line holds
//! (`registry`). Grows by another kind of line that a person can send to whoever helps them.

use super::clock::Clock;
use super::private::private_file;
use super::threads::lock;
use crate::view::log::RequestLine;
use std::collections::VecDeque;
use std::fmt::Debug;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// The target under which the registry crate tells of a request.
const REQUESTS: &str = "registry::request";
/// The length (bytes) from which on a file begins anew at the next start.
const LIMIT: u64 = 16 * 1024 * 1024;
/// How many lines are kept in memory.
const KEPT: usize = 500;

/// The requests of late. Cheap to clone; all clones are one log.
#[derive(Clone)]
pub struct RequestLog {
    clock: Clock,
    lines: Arc<Mutex<VecDeque<RequestLine>>>,
    file: Arc<Mutex<Option<File>>>,
    /// A shell has named the file: what is set changes nothing.
    named: bool,
}

impl RequestLog {
    /// Makes a log in memory.
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            lines: Arc::default(),
            file: Arc::default(),
            named: false,
        }
    }

    /// Writes each line to a file as well, after what is in it.
    pub fn also_to(mut self, file: &Path) -> std::io::Result<Self> {
        *lock(&self.file) = Some(open(file)?);
        self.named = true;
        Ok(self)
    }

    /// Writes each line to a file as well from now on, or to none; unless whoever opened the app has named one.
    pub fn write_to(&self, file: Option<&Path>) -> std::io::Result<()> {
        if self.named || (file.is_some() && lock(&self.file).is_some()) {
            return Ok(());
        }
        let file = file.map(open).transpose()?;
        *lock(&self.file) = file;
        Ok(())
    }

    /// Listens from now on to everything in this process; false where another log does already.
    pub fn listen(&self) -> bool {
        tracing::subscriber::set_global_default(Listener(self.clone())).is_ok()
    }

    /// Returns the requests of late, oldest first.
    pub fn lines(&self) -> Vec<RequestLine> {
        lock(&self.lines).iter().cloned().collect()
    }

    fn add(&self, line: RequestLine) {
        if let Some(file) = lock(&self.file).as_mut() {
            // A log that can't be written is no reason to stop what is logged.
            let _ = writeln!(file, "{}", text(&line));
        }
        let mut lines = lock(&self.lines);
        if lines.len() == KEPT {
            lines.pop_front();
        }
        lines.push_back(line);
    }
}

/// Opens a log to go on with; one that is long enough begins anew.
fn open(file: &Path) -> std::io::Result<File> {
    let full = std::fs::metadata(file).is_ok_and(|known| known.is_file() && known.len() > LIMIT);
    let mut options = File::options();
    options
        .create(true)
        .append(!full)
        .write(true)
        .truncate(full);
    private_file(&mut options, file)
}

/// Writes a line as text: time, what was asked, what came of it.
fn text(line: &RequestLine) -> String {
    let came = match (&line.failure, line.status) {
        (Some(why), Some(status)) => format!("{status} {why}"),
        (Some(why), None) => why.clone(),
        (None, status) => status.map_or_else(|| "ended".to_owned(), |status| status.to_string()),
    };
    let time = oci::UtcSeconds(line.at).rfc3339();
    format!(
        "{time} {} {} {} {came} {} ms {} B, try {}",
        line.method, line.host, line.path, line.milliseconds, line.bytes, line.attempt
    )
}

/// Takes the lines of requests out of everything that is traced.
struct Listener(RequestLog);

impl Subscriber for Listener {
    fn enabled(&self, of: &Metadata<'_>) -> bool {
        of.target() == REQUESTS && of.is_event()
    }

    fn event(&self, event: &Event<'_>) {
        let mut line = RequestLine {
            at: self.0.clock.now(),
            ..RequestLine::default()
        };
        event.record(&mut Fields(&mut line));
        self.0.add(line);
    }

    // No span is enabled.
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// Fills a line from the fields of an event.
struct Fields<'a>(&'a mut RequestLine);

impl Visit for Fields<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        let value = value.to_owned();
        match field.name() {
            "method" => self.0.method = value,
            "host" => self.0.host = value,
            "path" => self.0.path = value,
            "failure" => self.0.failure = Some(value),
            _ => {}
        }
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        match field.name() {
            "status" => self.0.status = u16::try_from(value).ok(),
            "milliseconds" => self.0.milliseconds = value,
            "bytes" => self.0.bytes = value,
            "attempt" => self.0.attempt = value,
            _ => {}
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn Debug) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(path: &str) -> RequestLine {
        RequestLine {
            method: "GET".into(),
            host: "registry.example".into(),
            path: path.into(),
            status: Some(200),
            attempt: 1,
            ..RequestLine::default()
        }
    }

    #[test]
    fn the_newest_lines_are_kept() {
        let log = RequestLog::new(Clock::of(|| 7));
        for number in 0..KEPT + 20 {
            log.add(line(&format!("/v2/{number}")));
        }
        let lines = log.lines();
        assert_eq!((lines.len(), lines[0].path.as_str()), (KEPT, "/v2/20"));
    }

    #[test]
    fn only_requests_are_taken_and_a_file_is_written_only_where_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("requests.log");
        let log = RequestLog::new(Clock::of(|| 7)).also_to(&file).unwrap();
        tracing::subscriber::with_default(Listener(log.clone()), || {
            tracing::debug!(target: "registry::request", method = "GET", host = "h", path = "/v2/", status = 404_u16, attempt = 2_u32, failure = "not found");
            tracing::error!(target: "h2", "secret");
        });
        let lines = log.lines();
        assert_eq!(lines.len(), 1);
        assert_eq!(
            (lines[0].status, lines[0].attempt, lines[0].at),
            (Some(404), 2, 7)
        );
        let text = std::fs::read_to_string(&file).unwrap();
        assert_eq!(
            text,
            "1970-01-01T00:00:07Z GET h /v2/ 404 not found 0 ms 0 B, try 2\n"
        );
    }
}
