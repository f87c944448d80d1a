//! The sign-ins that these files tell of. No secret is handed out, and no helper is run.

use secrecy::ExposeSecret;

use super::Files;
use super::auth::Auth;
use super::config::Config;
use super::dockercfg as old;
use super::group::{Group, Kept, groups};
use super::key::Program;
use super::look::{docker_helper, podman_registry};
use crate::helper::HelperName;
use crate::{FileRef, Place};

/// The most sign-ins that are listed.
const MOST: usize = 200;

/// A sign-in on this computer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The registry, as `host` or `host:port`. Docker Hub is `docker.io`.
    pub host: String,
    /// The part of the registry it is for, as Podman has it.
    pub namespace: Option<String>,
    /// The user whose sign-in is read, where the file tells. Where a helper keeps it, or it is a token, the file need not
    /// tell, and they may know another one.
    pub user: Option<String>,
    /// Where it is read when it is used.
    pub at: Place,
    /// The helper that is asked then.
    pub helper: Option<HelperName>,
    /// Whether there is anything to be read. Else the file knows the registry and nobody who is signed in.
    pub has_secret: bool,
}

/// Lists the sign-ins of Docker's file, Podman's files, `DOCKER_AUTH_CONFIG` and the old `.dockercfg`, in this order, and by
/// host in each. A registry comes several times where another user is signed in there, or a part of it has a sign-in of its
/// own. What cannot be understood is left out.
pub fn found(files: &Files) -> Vec<Found> {
    let read = |file, find: fn(&str, FileRef) -> Vec<Found>| {
        let text = files.text(file).ok().flatten();
        text.map(|text| find(&text, file)).unwrap_or_default()
    };
    let mut all = read(FileRef::Docker, |text, _| in_docker(text));
    all.extend(read(FileRef::PodmanRun, in_podman));
    if files.podman_home != files.podman_run {
        all.extend(read(FileRef::PodmanHome, in_podman));
    }
    if let Some(text) = &files.environment {
        all.extend(in_environment(text.expose_secret()));
    }
    all.extend(read(FileRef::Dockercfg, |text, _| in_dockercfg(text)));
    let mut list: Vec<Found> = Vec::new();
    for each in all {
        if list.len() < MOST && !list.iter().any(|known| known.makes_needless(&each)) {
            list.push(each);
        }
    }
    list
}

impl Found {
    /// Tells whether another is no other sign-in, as far as can be seen.
    fn makes_needless(&self, other: &Self) -> bool {
        let same_user = match (&self.user, &other.user) {
            (Some(one), Some(other)) => one == other,
            // Whoever a helper or a token signs in: only the same helper makes it the same.
            (_, None) if other.has_secret => {
                self.user.is_none() && self.helper == other.helper && self.helper.is_some()
            }
            (_, None) => true,
            (None, Some(_)) => false,
        };
        self.host == other.host && self.namespace == other.namespace && same_user
    }
}

/// Lists the sign-ins of Docker's configuration.
pub(crate) fn in_docker(text: &str) -> Vec<Found> {
    let Some(config) = Config::of_docker(text) else {
        return Vec::new();
    };
    let row = |group: &Group<'_>| {
        let at = |key: &str| Place::File {
            file: FileRef::Docker,
            key: key.to_owned(),
        };
        row_of(
            group,
            Program::Docker,
            at,
            |key, auth| match docker_helper(&config, key) {
                Some(helper) => Kept::with(helper),
                None => Kept::in_entry(auth, Auth::for_docker),
            },
        )
    };
    groups(&config, Program::Docker, MOST)
        .iter()
        .map(row)
        .collect()
}

/// Lists the sign-ins of one of Podman's files.
pub(crate) fn in_podman(text: &str, file: FileRef) -> Vec<Found> {
    let Some(config) = Config::of_podman(text) else {
        return Vec::new();
    };
    let row = |group: &Group<'_>| {
        let at = |key: &str| Place::File {
            file,
            key: key.to_owned(),
        };
        row_of(group, Program::Podman, at, |key, auth| {
            match config.own_helper(podman_registry(key)) {
                Some(helper) => Kept::with(helper),
                None => Kept::in_entry(auth, Auth::for_podman),
            }
        })
    };
    groups(&config, Program::Podman, MOST)
        .iter()
        .map(row)
        .collect()
}

/// Lists the sign-ins of `DOCKER_AUTH_CONFIG`. It is looked in by exact keys alone.
pub(crate) fn in_environment(text: &str) -> Vec<Found> {
    let Some(config) = Config::of_docker(text) else {
        return Vec::new();
    };
    let mut groups = groups(&config, Program::Docker, MOST);
    groups.retain_mut(|group| group.keep_exact(Auth::has_auth));
    let row = |group: &Group<'_>| {
        let at = |key: &str| Place::Environment {
            key: key.to_owned(),
        };
        row_of(group, Program::Docker, at, |_, auth| {
            Kept::in_entry(auth, Auth::for_docker)
        })
    };
    groups.iter().map(row).collect()
}

/// Lists the sign-ins of the old `.dockercfg`.
pub(crate) fn in_dockercfg(text: &str) -> Vec<Found> {
    let Some(config) = old::read(text) else {
        return Vec::new();
    };
    let row = |group: &Group<'_>| {
        let at = |key: &str| Place::File {
            file: FileRef::Dockercfg,
            key: key.to_owned(),
        };
        row_of(group, Program::Docker, at, |_, auth| {
            Kept::in_entry(auth, Auth::for_docker)
        })
    };
    groups(&config, Program::Docker, MOST)
        .iter()
        .map(row)
        .collect()
}

/// Makes the row of a registry, or of a part of it.
fn row_of(
    group: &Group<'_>,
    program: Program,
    at: impl Fn(&str) -> Place,
    kept: impl Fn(&str, Option<&Auth>) -> Kept,
) -> Found {
    let best = group.best(program, kept);
    Found {
        host: group.host.clone(),
        namespace: group.namespace.map(str::to_owned),
        user: best.user,
        at: at(best.key),
        helper: best.kept.helper,
        has_secret: best.kept.has_secret,
    }
}
