//! The keys of these files: which registry one is for, and by which the programs look.

/// The key of Docker Hub in Docker's files.
pub(super) const HUB: &str = "https://index.docker.io/v1/";
/// Docker Hub as everybody calls it.
const HUB_HOST: &str = "docker.io";
/// The longest key that is taken, in bytes.
const LONGEST: usize = 1024;

/// Whose file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Program {
    Docker,
    Podman,
}

impl Program {
    /// Returns the key by which the program looks for a registry.
    pub(super) fn asked(self, host: &str) -> &str {
        match self {
            Self::Docker if host == HUB_HOST => HUB,
            Self::Docker | Self::Podman => host,
        }
    }

    /// Tells whether the program takes a key for the one it looks for, where that isn't there itself.
    pub(super) fn takes(self, key: &str, asked: &str) -> bool {
        is_taken(key)
            && match self {
                Self::Docker => hostname(key) == asked,
                Self::Podman => normal(key) == normal(asked),
            }
    }

    /// Reads the part of a registry that a key is for. Docker knows none.
    pub(super) fn namespace(self, key: &str) -> Option<&str> {
        if self == Self::Docker || key.contains("://") {
            return None;
        }
        let (_, path) = key.split_once('/')?;
        let may = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c);
        let fits = path.len() <= 255
            && path
                .split('/')
                .all(|part| !part.is_empty() && part.chars().all(may));
        fits.then_some(path)
    }
}

/// Reads the host out of a key: keys may carry a scheme and a path. Docker Hub is `docker.io`.
pub(super) fn host_of(key: &str) -> Option<String> {
    const LONGEST_HOST: usize = 255 + 6;
    let host = hostname(key).to_ascii_lowercase();
    let fits = is_taken(key)
        && !host.is_empty()
        && !host.ends_with(':')
        && host.len() <= LONGEST_HOST
        && host
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '[' | ']'));
    if !fits {
        return None;
    }
    let hub = matches!(host.as_str(), "index.docker.io" | "registry-1.docker.io");
    Some(if hub { HUB_HOST.to_owned() } else { host })
}

/// Tells whether a key is one that a person may have written.
fn is_taken(key: &str) -> bool {
    key.len() <= LONGEST && !key.chars().any(char::is_control)
}

/// Reads a key as Docker does that is not the one it looks for (docker/cli `credentials.ConvertToHostname`).
fn hostname(key: &str) -> &str {
    let address = key.split_once("://").map(|(_, rest)| {
        let whole = rest.split(['/', '?', '#']).next().unwrap_or_default();
        whole.rsplit('@').next().unwrap_or_default()
    });
    address
        .filter(|host| !host.is_empty())
        .unwrap_or_else(|| key.split('/').next().unwrap_or_default())
}

/// Reads a key as Podman does that is not the one it looks for (containers/image `normalizeAuthFileKey`).
fn normal(key: &str) -> &str {
    let bare = ["https://", "http://"]
        .iter()
        .find_map(|scheme| key.strip_prefix(scheme))
        .map_or(key, |rest| rest.split('/').next().unwrap_or_default());
    match bare {
        "registry-1.docker.io" | "docker.io" => "index.docker.io",
        other => other,
    }
}
