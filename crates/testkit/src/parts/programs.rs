//! Where the parts' programs are on this machine, and what a test does when one is missing.

use std::env;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The parts that `cargo xtask setup` builds with Go, each pinned by a `go.mod` of its own.
const MOBY: &str = include_str!("../../parts/moby/go.mod");
const DISTRIBUTION: &str = include_str!("../../parts/distribution/go.mod");
const CRANE: &str = include_str!("../../parts/crane/go.mod");
const BUILDX: &str = include_str!("../../parts/buildx/go.mod");
/// What `cargo xtask setup` installs with Python.
const PULP: &str = include_str!("../../parts/pulp/requirements.txt");

/// More folders with programs: a person's PATH often lacks the daemons' folders, and Debian keeps the script
/// of the rootless engine beside its documentation.
const BESIDE_THE_PATH: [&str; 4] = [
    "/usr/local/sbin",
    "/usr/sbin",
    "/sbin",
    "/usr/share/docker.io/contrib",
];

/// One kind of real server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Debian's `docker-registry` (distribution 2.8).
    Registry,
    /// distribution 3, built with Go.
    NewRegistry,
    /// `crane registry serve` of go-containerregistry, built with Go.
    Crane,
    /// Pulp with its container plugin, installed with Python, beside PostgreSQL and Redis.
    Pulp,
    /// Debian's Docker Engine, with graph drivers.
    Dockerd,
    /// A network for the containers of Debian's Docker Engine.
    EngineNetwork,
    /// The newest Docker Engine, with the containerd image store, built with Go.
    NewDockerd,
    /// Docker's engine in a user namespace, for a person who is not root.
    RootlessDockerd,
    /// Podman, which speaks the engine's API.
    Podman,
    /// The Docker client's plugin for BuildKit, built with Go.
    Buildx,
    /// OpenSSH, both ends.
    Sshd,
    /// A session bus and GNOME's keyring.
    SecretService,
    /// Docker's credential helper for the keychain.
    CredentialHelper,
    /// A virtual display with a window manager.
    Display,
    /// The driver of a real WebKitGTK window.
    WebDriver,
    /// Another program on the display, from which files are dragged.
    DropSource,
}

impl Part {
    /// Returns the programs without which it cannot start.
    fn programs(self) -> &'static [&'static str] {
        match self {
            Self::Registry => &["docker-registry"],
            Self::NewRegistry => &["registry"],
            Self::Crane => &["crane"],
            // Its Python, which may be gone by now; and its database, which is made last.
            Self::Pulp => &["venv/bin/python", "database/PG_VERSION"],
            Self::Dockerd => &["dockerd", "containerd", "runc"],
            Self::EngineNetwork => &["dockerd", "docker-proxy", "ip"],
            Self::NewDockerd => &["dockerd", "containerd", "containerd-shim-runc-v2"],
            Self::RootlessDockerd => {
                &["dockerd-rootless.sh", "dockerd", "rootlesskit", "newuidmap"]
            }
            Self::Podman => &["podman"],
            Self::Buildx => &["buildx"],
            Self::Sshd => &["sshd", "ssh", "ssh-keygen"],
            Self::SecretService => &["dbus-daemon", "dbus-send", "gnome-keyring-daemon"],
            Self::CredentialHelper => &["docker-credential-secretservice"],
            Self::Display => &["Xvfb", "openbox", "xdotool"],
            Self::WebDriver => &["WebKitWebDriver"],
            Self::DropSource => &["python3"],
        }
    }

    /// Returns the folder of a part that setup builds or installs; `None` for one that the system installs.
    fn folder(self) -> Option<String> {
        let (name, go_mod, module) = match self {
            Self::NewDockerd => ("moby", MOBY, "github.com/moby/moby/v2 v"),
            Self::NewRegistry => (
                "distribution",
                DISTRIBUTION,
                "github.com/distribution/distribution/v3 v",
            ),
            Self::Crane => ("crane", CRANE, "github.com/google/go-containerregistry v"),
            Self::Buildx => ("buildx", BUILDX, "github.com/docker/buildx v"),
            Self::Pulp => ("pulp", PULP, "pulp-container=="),
            _ => return None,
        };
        let version = go_mod.split(module).nth(1)?.split_whitespace().next()?;
        Some(format!("{name}-{version}"))
    }

    /// Tells whether a machine that checks every change has to have it. What Go would have to build may be missing
    /// without Go, and Pulp where setup could not install it; the rootless engine is for those who are not root, and that
    /// machine is.
    fn is_due(self, has_go: bool) -> bool {
        match self {
            Self::Pulp => self.program("venv/bin/python").is_some(),
            Self::NewDockerd | Self::NewRegistry | Self::Crane | Self::Buildx => has_go,
            Self::RootlessDockerd => false,
            _ => true,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Registry => "the registry (docker-registry)",
            Self::NewRegistry => "the newest registry (distribution 3)",
            Self::Crane => "crane's registry",
            Self::Pulp => "Pulp",
            Self::Dockerd => "the engine (dockerd)",
            Self::EngineNetwork => "a network for the engine’s containers (docker-proxy, iproute2)",
            Self::NewDockerd => "the newest engine (moby 2)",
            Self::RootlessDockerd => "the rootless engine",
            Self::Podman => "Podman",
            Self::Buildx => "BuildKit’s client (docker buildx)",
            Self::Sshd => "another computer (sshd)",
            Self::SecretService => "the keychain (gnome-keyring)",
            Self::CredentialHelper => "a credential helper (docker-credential-secretservice)",
            Self::Display => "the virtual display (Xvfb)",
            Self::WebDriver => "the window's driver (WebKitWebDriver)",
            Self::DropSource => "a program to drag files from (python3-gi, GTK 3)",
        }
    }

    /// Returns the path of one of its programs.
    pub fn program(self, name: &str) -> Option<PathBuf> {
        match self.folder() {
            Some(folder) => {
                let path = cache()?.join("parts").join(folder).join(name);
                path.is_file().then_some(path)
            }
            None => find(name),
        }
    }
}

/// Tells whether a part can be started here, and if not, why.
pub fn available(part: Part) -> Result<(), String> {
    for program in part.programs() {
        if part.program(program).is_none() {
            return Err(match part.folder() {
                Some(folder) if part == Part::Pulp => {
                    format!("{folder} is not installed with Python 3.11 (cargo xtask setup)")
                }
                Some(_) if find("go").is_none() => {
                    format!(
                        "{} is built with Go, and go is not on the PATH",
                        part.name()
                    )
                }
                Some(folder) => format!("{program} of {folder} is not built (cargo xtask setup)"),
                None => format!("{program} is not installed (cargo xtask setup)"),
            });
        }
    }
    if part == Part::DropSource && !super::dropping::has_gtk() {
        return Err(format!(
            "{} is not installed (cargo xtask setup)",
            part.name()
        ));
    }
    if part == Part::Pulp {
        for program in ["redis-server", "redis-cli"] {
            if find(program).is_none() {
                return Err(format!("{program} is not installed (cargo xtask setup)"));
            }
        }
        let database = part.program("database/PG_VERSION");
        if database.and_then(|file| postgres(file.parent()?)).is_none() {
            return Err("its PostgreSQL is not installed (cargo xtask setup)".to_owned());
        }
    }
    if matches!(part, Part::NewDockerd) && find("runc").is_none() {
        return Err("runc is not installed (cargo xtask setup)".to_owned());
    }
    let of_root = matches!(part, Part::Dockerd | Part::EngineNetwork | Part::NewDockerd);
    if of_root && !is_root() {
        return Err(format!("{} needs root", part.name()));
    }
    if part == Part::RootlessDockerd && is_root() {
        return Err(format!("{} is for those who are not root", part.name()));
    }
    Ok(())
}

/// Tells whether the calling test can run. Where it cannot, the reason is printed and noted for the end of
/// `cargo xtask test`; with `CI=true` it is a failure instead, except for what Go would have to build on a
/// machine without Go.
///
/// ```no_run
/// # use testkit::parts::{Part, need};
/// if !need(Part::Dockerd) {
///     return;
/// }
/// ```
///
/// # Panics
/// With `CI=true`, where the part should be there.
pub fn need(part: Part) -> bool {
    let Err(why) = available(part) else {
        return true;
    };
    let ci = env::var("CI").is_ok_and(|ci| ci == "true");
    assert!(
        !(ci && part.is_due(find("go").is_some())),
        "{} must be there when CI=true: {why}",
        part.name()
    );
    let thread = std::thread::current();
    let line = format!("{} because {why}", thread.name().unwrap_or("a test"));
    note(&line);
    false
}

#[allow(clippy::print_stderr)] // the one place where a test speaks without failing
fn note(line: &str) {
    eprintln!("not run: {line}");
    if let Some(path) = env::var_os("LONGSHORE_NOT_RUN") {
        let file = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(path);
        if let Ok(mut file) = file {
            // One write a line: several test processes append at once.
            let _ = file.write_all(format!("{line}\n").as_bytes());
        }
    }
}

/// Finds a program on the PATH, or where systems keep their daemons.
pub fn find(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .chain(BESIDE_THE_PATH.map(PathBuf::from))
        .map(|folder| folder.join(format!("{name}{}", env::consts::EXE_SUFFIX)))
        .find(|candidate| candidate.is_file())
}

/// Finds the programs of the PostgreSQL that a database was made with: Debian keeps those of each version in a folder.
pub(super) fn postgres(database: &Path) -> Option<PathBuf> {
    let version = std::fs::read_to_string(database.join("PG_VERSION")).ok()?;
    let number: u32 = version.trim().parse().ok()?;
    let folder = PathBuf::from(format!("/usr/lib/postgresql/{number}/bin"));
    if folder.join("postgres").is_file() {
        return Some(folder);
    }
    // Another version on the PATH says so itself when it starts.
    Some(find("postgres")?.parent()?.to_owned())
}

/// Returns the cache folder of the project, where setup puts what it builds; named where tests have a home of their own.
fn cache() -> Option<PathBuf> {
    if let Some(folder) = env::var_os("LONGSHORE_CACHE") {
        return Some(PathBuf::from(folder));
    }
    let base = match env::var_os("XDG_CACHE_HOME") {
        Some(folder) if !folder.is_empty() => PathBuf::from(folder),
        _ => PathBuf::from(env::var_os("HOME")?).join(".cache"),
    };
    Some(base.join("longshore"))
}

#[cfg(unix)]
pub(crate) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

#[cfg(not(unix))]
pub(crate) fn is_root() -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::{Part, find};

    #[test]
    fn a_missing_part_is_a_failure_in_ci_unless_nobody_could_have_it() {
        assert!(Part::Registry.is_due(false));
        assert!(Part::Podman.is_due(false));
        assert!(Part::NewDockerd.is_due(true));
        assert!(!Part::NewDockerd.is_due(false));
        assert!(!Part::NewRegistry.is_due(false));
        assert!(Part::Crane.is_due(true) && !Part::Crane.is_due(false));
    }

    #[test]
    fn built_parts_are_found_by_the_version_their_go_mod_pins() {
        let folder = Part::NewDockerd.folder().unwrap();
        assert!(folder.starts_with("moby-2."), "{folder}");
        let folder = Part::NewRegistry.folder().unwrap();
        assert!(folder.starts_with("distribution-3."), "{folder}");
        assert_eq!(Part::Crane.folder().as_deref(), Some("crane-0.22.1"));
        assert_eq!(Part::Pulp.folder().as_deref(), Some("pulp-2.30.0"));
        assert_eq!(Part::Registry.folder(), None);
        assert!(find("a-program-nobody-has").is_none());
    }
}
