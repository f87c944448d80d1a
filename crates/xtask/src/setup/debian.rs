//! Debian's packages (and Ubuntu's): which are missing, and how they are installed without side effects.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{For, pulp, python};
use crate::{Done, places, shell};

/// The sign by which a package, or another that does its work, is known to be there.
enum Sign {
    Program(&'static str),
    Header(&'static str),
    Library(&'static str),
    /// A file below a folder of the system's and the folders in it.
    File(&'static str, &'static str),
    /// The server programs of a PostgreSQL, which Debian keeps off the PATH.
    Postgres,
}

struct Package {
    name: &'static str,
    sign: Sign,
    /// The first command that needs it; a later command needs what an earlier one does.
    need: For,
    /// Of use to root only.
    root: bool,
    /// Of use beside a Python that Pulp can be installed with.
    python: bool,
}

const fn package(name: &'static str, sign: Sign, need: For) -> Package {
    Package {
        name,
        sign,
        need,
        root: false,
        python: false,
    }
}

const PACKAGES: &[Package] = &[
    package("gcc", Sign::Program("cc"), For::Build),
    package("libc6-dev", Sign::Header("stdio.h"), For::Build),
    package(
        "libwebkit2gtk-4.1-dev",
        Sign::Library("webkit2gtk-4.1"),
        For::Build,
    ),
    package(
        "docker-registry",
        Sign::Program("docker-registry"),
        For::Run,
    ),
    // An engine of one's own needs root; without it the package would only bring a service along.
    Package {
        root: true,
        ..package("docker.io", Sign::Program("dockerd"), For::Run)
    },
    package("xvfb", Sign::Program("Xvfb"), For::Tour),
    package("openbox", Sign::Program("openbox"), For::Tour),
    package("xdotool", Sign::Program("xdotool"), For::Tour),
    package(
        "webkit2gtk-driver",
        Sign::Program("WebKitWebDriver"),
        For::Tour,
    ),
    package("dbus", Sign::Program("dbus-daemon"), For::Tour),
    package("dbus", Sign::Program("dbus-send"), For::Tour),
    package(
        "gnome-keyring",
        Sign::Program("gnome-keyring-daemon"),
        For::Tour,
    ),
    package("podman", Sign::Program("podman"), For::Test),
    package(
        "golang-docker-credential-helpers",
        Sign::Program("docker-credential-secretservice"),
        For::Test,
    ),
    package(
        "python3-gi",
        Sign::File("lib", "dist-packages/gi/__init__.py"),
        For::Test,
    ),
    package(
        "gir1.2-gtk-3.0",
        Sign::File("lib", "girepository-1.0/Gtk-3.0.typelib"),
        For::Test,
    ),
    package("iproute2", Sign::Program("ip"), For::Test),
    package("openssh-server", Sign::Program("sshd"), For::Test),
    package("openssh-client", Sign::Program("ssh"), For::Test),
    Package {
        python: true,
        ..package("postgresql", Sign::Postgres, For::Test)
    },
    Package {
        python: true,
        ..package("redis-server", Sign::Program("redis-server"), For::Test)
    },
];

/// Lists the packages that `need` asks for and of which this machine has nothing of the kind.
pub fn missing(need: For) -> Vec<&'static str> {
    let root = shell::is_root();
    let has_python = python::find().is_some();
    let mut names: Vec<&str> = PACKAGES
        .iter()
        .filter(|package| package.need as u8 <= need as u8)
        .filter(|package| root || !package.root)
        .filter(|package| has_python || !package.python)
        .filter(|package| !package.sign.is_there())
        .map(|package| package.name)
        .collect();
    names.dedup();
    names
}

impl Sign {
    fn is_there(&self) -> bool {
        match self {
            Self::Program(name) => shell::find(name).is_some(),
            Self::Header(name) => below("include").any(|folder| folder.join(name).is_file()),
            Self::Postgres => pulp::postgres().is_some(),
            Self::File(kind, name) => below(kind).any(|folder| folder.join(name).is_file()),
            Self::Library(name) => {
                let file = format!("pkgconfig/{name}.pc");
                below("lib")
                    .chain(below("share"))
                    .any(|folder| folder.join(&file).is_file())
            }
        }
    }
}

/// Lists `/usr/<kind>` and its folders a processor (`/usr/lib/x86_64-linux-gnu`), also below `/usr/local`.
fn below(kind: &str) -> impl Iterator<Item = PathBuf> {
    let bases = ["/usr", "/usr/local"].map(|base| Path::new(base).join(kind));
    bases.into_iter().flat_map(|base| {
        let inner = std::fs::read_dir(&base).into_iter().flatten().flatten();
        let inner: Vec<PathBuf> = inner.map(|entry| entry.path()).collect();
        std::iter::once(base).chain(inner)
    })
}

/// Installs as root. A temporary `policy-rc.d` keeps services from starting by themselves; one that is
/// there already stays as it is. `--no-remove`: nothing of the person's gives way.
const SCRIPT: &str = r#"
set -e
export DEBIAN_FRONTEND=noninteractive
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  printf '#!/bin/sh\nexit 101\n' > "$policy"
  chmod 755 "$policy"
fi
fetch() {
  apt-get install --yes --no-remove --no-install-recommends -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@"
}
# No lists yet, or lists too old to name what the mirror has: fetch them and try again.
if ! apt-get install --simulate --no-remove --no-install-recommends "$@" >/dev/null 2>&1; then
  apt-get update
fi
fetch "$@" || { apt-get update && fetch "$@"; }
"#;

/// Installs packages: at once as root, after a yes otherwise.
pub fn install(packages: &[&str]) -> Done {
    let list = packages.join(" ");
    shell::say(&format!("Missing packages: {list}"));
    let mut command = if shell::is_root() {
        Command::new("sh")
    } else {
        if shell::find("sudo").is_none() {
            return Err(format!("Ask an administrator for these packages: {list}"));
        }
        let agreed = places::is_ci() || shell::yes("Install them with sudo apt-get?");
        if !agreed {
            return Err(format!("Nothing was installed. Needed: {list}"));
        }
        let mut command = Command::new("sudo");
        command.arg("sh");
        command
    };
    command.args(["-c", SCRIPT, "setup"]).args(packages);
    let status = command
        .status()
        .map_err(|error| format!("apt-get did not start: {error}"))?;
    if status.success() {
        return Ok(());
    }
    Err(format!("apt-get could not install: {list}"))
}
