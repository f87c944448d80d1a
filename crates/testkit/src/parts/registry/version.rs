//! Which registries there are: their programs, and what their logs say.

use http::Method;

use crate::parts::Part;

/// Which registry to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Version {
    /// Debian's distribution 2.8.
    #[default]
    Two,
    /// distribution 3, built with Go.
    Three,
    /// `crane registry serve`: it lets everyone in, forgets its manifests when it ends, and cleans nothing up.
    Crane,
}

impl Version {
    /// Returns the part that it is.
    pub fn part(self) -> Part {
        match self {
            Self::Two => Part::Registry,
            Self::Three => Part::NewRegistry,
            Self::Crane => Part::Crane,
        }
    }

    pub(super) fn program(self) -> &'static str {
        match self {
            Self::Two => "docker-registry",
            Self::Three => "registry",
            Self::Crane => "crane",
        }
    }

    /// Reads a request out of one line of its log.
    pub(super) fn request(self, line: &str) -> Option<String> {
        match self {
            Self::Two | Self::Three => request_line(line),
            Self::Crane => crane_line(line),
        }
    }
}

/// Reads the port out of "listening on 127.0.0.1:41234" in the registry's own log; crane's says "serving on port 41234".
pub(super) fn listening(log: &str) -> Option<u16> {
    let (_, rest) = log
        .split_once("listening on 127.0.0.1:")
        .or_else(|| log.split_once("serving on port "))?;
    let end = rest.find(|c: char| !c.is_ascii_digit())?;
    rest[..end].parse().ok()
}

/// Reads the request and its status out of one line in the combined log format.
fn request_line(line: &str) -> Option<String> {
    let (_, rest) = line.split_once("] \"")?;
    let (request, rest) = rest.split_once('"')?;
    let request = request.rsplit_once(" HTTP/")?.0;
    let status = rest.split_whitespace().next()?;
    Some(format!("{request} {status}"))
}

/// Reads the request out of one line of crane's log, which begins with the day and the time.
fn crane_line(line: &str) -> Option<String> {
    let mut words = line.split(' ').skip(2);
    let method: Method = words.next()?.parse().ok()?;
    let path = words.next().filter(|path| path.starts_with('/'))?;
    let refused = words
        .next()
        .map_or_else(String::new, |status| format!(" {status}"));
    Some(format!("{method} {path}{refused}"))
}
