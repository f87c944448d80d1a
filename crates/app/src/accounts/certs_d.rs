//! The folders in which Docker and Podman are told whom to trust at a registry, and what to show it: `certs.d/HOST` with
//! `*.crt` for authorities, and a `*.key` beside each `*.cert`. They are read as those two read them, and never written.
//!
//! From: docs.docker.com "Verify repository client with certificates"; moby `registry/registry.go` (`ReadCertsDirectory`),
//! containers-certs.d(5). What this person may not read, such as a key that is the daemon's alone, is left out.

use super::files::read_bounded;
use registry::{Authority, ClientPair, TlsOptions};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

/// How many files of one folder are looked at.
const MOST: usize = 64;

/// Returns where such folders are, by these variables and this home.
pub fn cert_folders(env: impl Fn(&str) -> Option<OsString>, home: Option<&Path>) -> Vec<PathBuf> {
    let home = home.filter(|home| home.is_absolute());
    let config = env("XDG_CONFIG_HOME")
        .map(PathBuf::from)
        .filter(|folder| folder.is_absolute())
        .or_else(|| home.map(|home| home.join(".config")));
    let mut folders = Vec::new();
    if let Some(config) = config {
        // Podman's, and that of a Docker without root.
        folders.push(config.join("containers/certs.d"));
        folders.push(config.join("docker/certs.d"));
    }
    // Docker Desktop's.
    folders.extend(home.map(|home| home.join(".docker/certs.d")));
    if cfg!(windows) {
        let data = env("ProgramData").map(PathBuf::from);
        folders.extend(data.map(|data| data.join("docker\\certs.d")));
    } else {
        folders.push("/etc/containers/certs.d".into());
        folders.push("/etc/docker/certs.d".into());
    }
    folders
}

/// What folders are good for at one host.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Folders {
    /// The first one whose authorities vouch for it.
    pub(super) vouches: Option<String>,
    /// The one whose pair is shown to it.
    pub(super) shows: Option<String>,
}

/// Adds what the folders hold for a host, and returns which do. A pair that is there already stays.
pub(super) fn add(folders: &[PathBuf], host: &oci::Host, tls: &mut TlsOptions) -> Folders {
    let mut used = Folders::default();
    let name = host.as_str();
    // Docker looks for none of its own registry; and a name leads nowhere but into the folder.
    if name == "docker.io" || name.starts_with('.') || name.contains(['/', '\\']) {
        return used;
    }
    let name = if cfg!(windows) {
        name.replace(':', "")
    } else {
        name.to_owned()
    };
    for folder in folders {
        let folder = folder.join(&name);
        let (authorities, pair) = read(&folder);
        let named = || Some(folder.to_string_lossy().into_owned());
        if !authorities.is_empty() && used.vouches.is_none() {
            used.vouches = named();
        }
        if pair.is_some() && tls.client.is_none() {
            (used.shows, tls.client) = (named(), pair);
        }
        tls.authorities.extend(authorities);
    }
    used
}

fn read(folder: &Path) -> (Vec<Authority>, Option<ClientPair>) {
    let (mut authorities, mut pair) = (Vec::new(), None);
    let Ok(entries) = fs::read_dir(folder) else {
        return (authorities, pair);
    };
    let mut files: Vec<PathBuf> = entries
        .take(MOST)
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .collect();
    files.sort();
    for file in files {
        match file.extension().and_then(|ending| ending.to_str()) {
            Some("crt") => {
                let read = read_bounded(&file).ok();
                authorities.extend(read.and_then(|bytes| Authority::read(&bytes).ok()));
            }
            Some("cert") if pair.is_none() => {
                let read = read_bounded(&file).and_then(|certificate| {
                    read_bounded(&file.with_extension("key")).map(|key| (certificate, key))
                });
                pair = read
                    .ok()
                    .and_then(|(certificate, key)| ClientPair::read(&certificate, &key).ok());
            }
            _ => {}
        }
    }
    (authorities, pair)
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::parts::Certificates;

    fn host(text: &str) -> oci::Host {
        oci::Host::parse(text).unwrap()
    }

    /// Behaviour (certificates): `certs.d/HOST` holds authorities as `*.crt`, and pairs as `*.cert` with a `*.key` of the same name.
    /// Source: Docker ("Verify repository client with certificates") and Podman (containers-certs.d(5)).
    #[test]
    fn a_folder_of_docker_vouches_and_has_what_is_shown() {
        let made = Certificates::for_loopback().unwrap();
        let root = tempfile::tempdir().unwrap();
        let (docker, podman) = (root.path().join("docker"), root.path().join("podman"));
        let folder = docker.join("lab.example:5000");
        fs::create_dir_all(&folder).unwrap();
        fs::create_dir_all(podman.join("other.example")).unwrap();
        let put = |name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
        put("ca.crt", &made.ca);
        put("junk.crt", "nothing");
        put("ca.pem", &made.certificate);
        put("a.cert", &made.client); // without its key
        put("client.cert", &made.client);
        put("client.key", &made.client_key);
        let folders = [podman, docker];
        let look = |name: &str| {
            let mut tls = TlsOptions::default();
            let used = add(&folders, &host(name), &mut tls);
            (used, tls.authorities, tls.client.is_some())
        };
        let authority = Authority::read(made.ca.as_bytes()).unwrap();
        let shown = folder.to_string_lossy().into_owned();
        let used = |vouches: bool, shows: bool| Folders {
            vouches: vouches.then(|| shown.clone()),
            shows: shows.then(|| shown.clone()),
        };
        if cfg!(unix) {
            let both = (used(true, true), vec![authority.clone()], true);
            assert_eq!(look("lab.example:5000"), both);
            // What only has a pair vouches for nothing, and one that is there already is the one that is shown.
            let mut tls = TlsOptions {
                client: ClientPair::read(made.client.as_bytes(), made.client_key.as_bytes()).ok(),
                ..TlsOptions::default()
            };
            let host = host("lab.example:5000");
            assert_eq!(add(&folders, &host, &mut tls), used(true, false));
            fs::remove_file(folder.join("ca.crt")).unwrap();
            assert_eq!(look("lab.example:5000"), (used(false, true), vec![], true));
        }
        for none in ["lab.example", "other.example", "docker.io"] {
            assert_eq!(look(none), (Folders::default(), vec![], false), "{none}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn the_folders_are_where_both_have_them() {
        let of = |config: Option<&str>, home: Option<&str>| {
            let env = |name: &str| {
                let set = config.filter(|_| name == "XDG_CONFIG_HOME");
                set.map(OsString::from)
            };
            let folders = cert_folders(env, home.map(Path::new));
            folders
                .iter()
                .map(|folder| folder.display().to_string())
                .collect::<Vec<_>>()
        };
        let system = ["/etc/containers/certs.d", "/etc/docker/certs.d"];
        assert_eq!(of(None, None), system);
        assert_eq!(of(Some("here"), Some("too")), system);
        let own = [
            "/home/ana/.config/containers/certs.d",
            "/home/ana/.config/docker/certs.d",
            "/home/ana/.docker/certs.d",
        ];
        assert_eq!(of(None, Some("/home/ana")), [&own[..], &system].concat());
        assert_eq!(of(Some("/x"), None)[0], "/x/containers/certs.d");
    }
}
