//! Where the helpers' programs are, and what of the environment they are given.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::{Path, PathBuf};

use super::HelperName;

/// What may end a program's name.
#[cfg(not(windows))]
const ENDS: &[&str] = &[""];
/// What may end a program's name; gcloud's helper is a script.
#[cfg(windows)]
const ENDS: &[&str] = &[".exe", ".cmd", ".bat"];

/// The programs of this computer, as a shell of this person would see them. Whoever opens the app says what they are; this
/// crate reads no environment by itself.
#[derive(Clone, Default)]
pub struct Programs {
    /// `PATH`.
    pub path: Option<OsString>,
    /// Folders that are looked in after it: a program of the desktop is often started with a short `PATH`.
    pub besides: Vec<PathBuf>,
    /// The environment that helpers are given; `PATH` is set to the folders above.
    pub env: Vec<(OsString, OsString)>,
}

impl Programs {
    /// Takes this environment, and where this system's installers put helpers. Variables of ours are not handed on.
    pub fn of(env: impl IntoIterator<Item = (OsString, OsString)>, home: Option<&Path>) -> Self {
        let env: Vec<(OsString, OsString)> = env
            .into_iter()
            .filter(|(name, _)| !name.to_string_lossy().starts_with("LONGSHORE_"))
            .collect();
        let path = env.iter().find(|(name, _)| is_path(name));
        Self {
            path: path.map(|(_, folders)| folders.clone()),
            besides: usual_folders(home),
            env,
        }
    }

    /// Finds a helper. Folders that are not absolute are passed over: what they mean depends on where we happen to be.
    pub fn find(&self, name: &HelperName) -> Option<PathBuf> {
        self.found(&name.program())
    }

    /// Finds a program by its bare name.
    pub fn program(&self, name: &str) -> Option<PathBuf> {
        self.found(name)
    }

    /// Tells whether a program is there.
    pub(crate) fn has(&self, program: &str) -> bool {
        self.found(program).is_some()
    }

    /// Tells whether `pass` has somewhere to keep: its helper lists nothing, and fails at nothing, without.
    pub(crate) fn pass_keeps(&self) -> bool {
        let set = |name: &str| {
            let found = self.env.iter().find(|(given, _)| given == name);
            found.map(|(_, value)| PathBuf::from(value))
        };
        let store =
            set("PASSWORD_STORE_DIR").or_else(|| Some(set("HOME")?.join(".password-store")));
        self.has("pass") && store.is_some_and(|store| store.join(".gpg-id").is_file())
    }

    /// Finds a program by a name of our own.
    pub(super) fn named(&self, program: &'static str) -> Option<PathBuf> {
        self.found(program)
    }

    fn found(&self, program: &str) -> Option<PathBuf> {
        self.folders().into_iter().find_map(|folder| {
            let named = |end: &&str| folder.join(format!("{program}{end}"));
            ENDS.iter().map(named).find(|path| is_program(path))
        })
    }

    /// Returns the `PATH` that helpers are given.
    pub(super) fn shown_path(&self) -> OsString {
        std::env::join_paths(self.folders()).unwrap_or_default()
    }

    /// Lists the variables that helpers are given, but for `PATH`.
    pub(super) fn others(&self) -> impl Iterator<Item = (&OsStr, &OsStr)> {
        self.env
            .iter()
            .filter(|(name, _)| !is_path(name))
            .map(|(name, value)| (name.as_os_str(), value.as_os_str()))
    }

    fn folders(&self) -> Vec<PathBuf> {
        let path = self.path.clone().unwrap_or_default();
        std::env::split_paths(&path)
            .chain(self.besides.iter().cloned())
            .filter(|folder| folder.is_absolute())
            .collect()
    }
}

/// Shows where is looked, and nothing of the environment: there may be secrets in it.
impl fmt::Debug for Programs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Programs")
            .field("path", &self.path)
            .field("besides", &self.besides)
            .finish_non_exhaustive()
    }
}

fn is_path(name: &OsStr) -> bool {
    if cfg!(windows) {
        name.eq_ignore_ascii_case("PATH")
    } else {
        name == "PATH"
    }
}

/// Lists where Docker Desktop, Homebrew and people put helpers on a Mac; elsewhere the PATH tells.
fn usual_folders(home: Option<&Path>) -> Vec<PathBuf> {
    if !cfg!(target_os = "macos") {
        return Vec::new();
    }
    let system = [
        "/usr/local/bin",
        "/opt/homebrew/bin",
        "/Applications/Docker.app/Contents/Resources/bin",
    ];
    system
        .into_iter()
        .map(PathBuf::from)
        .chain(home.map(|home| home.join(".docker/bin")))
        .collect()
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path)
        .is_ok_and(|about| about.is_file() && about.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}
