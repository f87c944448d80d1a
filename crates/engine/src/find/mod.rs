//! Where an engine may be: a list of candidates, in the order they should be tried.
//!
//! Nothing is opened or asked here beyond small files and folders of the person's home; what is missing or malformed
//! is left out without a word.

use std::path::{Path, PathBuf};

use crate::address::TlsFiles;
use crate::contexts::{self, Context};
use crate::{Address, SshProgram};

/// The variables of the environment that the search looks at. [`Env::of_process`] reads them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Env {
    /// `DOCKER_HOST`. When set, it is the only candidate.
    pub docker_host: Option<String>,
    /// The home folder.
    pub home: Option<PathBuf>,
    /// `XDG_RUNTIME_DIR`, where rootless engines listen.
    pub xdg_runtime_dir: Option<PathBuf>,
    /// `DOCKER_CONFIG`, in place of `~/.docker`.
    pub docker_config: Option<PathBuf>,
    /// `DOCKER_CONTEXT`, in place of the current context.
    pub docker_context: Option<String>,
    /// Whether `DOCKER_TLS_VERIFY` is set to anything: then `DOCKER_HOST` over TCP means TLS.
    pub docker_tls: bool,
    /// `DOCKER_CERT_PATH`, where the certificates for that are, in place of the configuration's folder.
    pub docker_cert_path: Option<PathBuf>,
    /// `CONTAINER_HOST`, Podman's own.
    pub container_host: Option<String>,
    /// `COLIMA_HOME`, in place of `~/.colima`.
    pub colima_home: Option<PathBuf>,
    /// `TMPDIR`, where Podman's machine listens on macOS.
    pub tmpdir: Option<PathBuf>,
    /// The `ssh` that is run.
    pub ssh: SshProgram,
}

impl Env {
    /// Reads the environment of this process.
    pub fn of_process() -> Self {
        let text = |name: &str| {
            std::env::var(name)
                .ok()
                .filter(|value| !value.trim().is_empty())
        };
        let path = |name: &str| {
            std::env::var_os(name)
                .filter(|value| !value.is_empty())
                .map(PathBuf::from)
        };
        Self {
            docker_host: text("DOCKER_HOST"),
            home: std::env::home_dir().filter(|home| !home.as_os_str().is_empty()),
            xdg_runtime_dir: path("XDG_RUNTIME_DIR"),
            docker_config: path("DOCKER_CONFIG"),
            docker_context: text("DOCKER_CONTEXT"),
            docker_tls: path("DOCKER_TLS_VERIFY").is_some(),
            docker_cert_path: path("DOCKER_CERT_PATH"),
            container_host: text("CONTAINER_HOST"),
            colima_home: path("COLIMA_HOME"),
            tmpdir: path("TMPDIR"),
            ssh: SshProgram::default(),
        }
    }

    /// Returns the folders in which the Docker client looks for its plugins, in its order.
    pub(crate) fn plugins(&self) -> Vec<PathBuf> {
        let config = self.config();
        let named = config.as_deref().map(extra_plugins).unwrap_or_default();
        let own = config.map(|config| config.join("cli-plugins"));
        let all = if cfg!(windows) {
            let of = |name: &str| std::env::var_os(name).map(PathBuf::from);
            let folders = ["ProgramData", "ProgramFiles"]
                .map(of)
                .into_iter()
                .flatten();
            folders
                .map(|folder| folder.join("Docker/cli-plugins"))
                .collect()
        } else {
            let shared = [
                "/usr/local/lib/docker/cli-plugins",
                "/usr/local/libexec/docker/cli-plugins",
                "/usr/lib/docker/cli-plugins",
                "/usr/libexec/docker/cli-plugins",
            ];
            shared.map(PathBuf::from).to_vec()
        };
        named.into_iter().chain(own).chain(all).collect()
    }

    fn config(&self) -> Option<PathBuf> {
        self.docker_config
            .clone()
            .or_else(|| self.home.as_ref().map(|home| home.join(".docker")))
    }

    /// Has SSH run what is to be run here.
    fn with_ssh(&self, mut address: Address) -> Address {
        if let Address::Ssh(target) = &mut address {
            target.program = self.ssh.clone();
        }
        address
    }
}

/// Returns the folders that the Docker client's settings name for its plugins.
fn extra_plugins(config: &Path) -> Vec<PathBuf> {
    let text = std::fs::read(config.join("config.json")).unwrap_or_default();
    let settings: serde_json::Value = serde_json::from_slice(&text).unwrap_or_default();
    let named = settings["cliPluginsExtraDirs"].as_array();
    let named = named
        .into_iter()
        .flatten()
        .filter_map(|named| named.as_str());
    named.map(PathBuf::from).collect()
}

/// An engine that may be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// What it is known by: `context:NAME`, else its address, which tells TLS apart.
    pub id: String,
    /// Where it is.
    pub address: Address,
    /// Who says so.
    pub origin: Origin,
}

/// Who says that there may be an engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// `DOCKER_HOST`, or Podman's `CONTAINER_HOST`.
    Variable,
    /// A Docker context, by its name.
    Context(String),
    /// It is where a product's engine is, as far as we know; the product's name.
    Known(&'static str),
    /// Somebody typed its address.
    Typed,
}

/// What the ids of contexts begin with.
const CONTEXT: &str = "context:";

impl Candidate {
    fn of_context(env: &Env, context: Context) -> Self {
        Self {
            id: format!("{CONTEXT}{}", context.name),
            address: env.with_ssh(context.address),
            origin: Origin::Context(context.name),
        }
    }

    fn new(env: &Env, address: Address, origin: Origin) -> Self {
        Self {
            id: address.to_string(),
            address: env.with_ssh(address),
            origin,
        }
    }

    /// Returns the engine that is known by this id: a context's, or the one at an address. One that isn't there any more
    /// says so when it is connected to.
    pub fn by_id(env: &Env, id: &str) -> Self {
        let Some(name) = id.strip_prefix(CONTEXT) else {
            let typed = Self::new(env, Address::parse(id), Origin::Typed);
            // The variable's engine comes with its certificates.
            let of_variable = of_variable(env).filter(|named| named.id == typed.id);
            return of_variable.unwrap_or(typed);
        };
        let context = env
            .config()
            .and_then(|config| contexts::named(&config, name));
        let context = context.unwrap_or_else(|| Context {
            name: name.to_owned(),
            address: Address::Unusable {
                given: id.to_owned(),
                why: "The Docker context that was chosen is not there any more.".to_owned(),
            },
        });
        Self::of_context(env, context)
    }

    /// Tells whether an id can be one at all; else why not, in a sentence.
    pub fn check_id(id: &str) -> Result<(), String> {
        match id.strip_prefix(CONTEXT) {
            Some(_) => Ok(()),
            None => match Address::parse(id) {
                Address::Unusable { why, .. } => Err(why),
                _ => Ok(()),
            },
        }
    }
}

/// Returns the engine that `DOCKER_HOST` names, with the certificates that the variables name for it.
fn of_variable(env: &Env) -> Option<Candidate> {
    let host = env.docker_host.as_deref()?;
    if host.trim().is_empty() {
        return None;
    }
    let address = if env.docker_tls {
        let folder = env.docker_cert_path.clone().or_else(|| env.config());
        let files = folder.map(|folder| TlsFiles::in_folder(&folder));
        Address::parse_tls(host, files.unwrap_or_default())
    } else {
        Address::parse(host)
    };
    Some(Candidate::new(env, address, Origin::Variable))
}

/// Lists the engines that are tried by themselves, best first, each once.
pub fn find(env: &Env) -> Vec<Candidate> {
    if let Some(only) = of_variable(env) {
        return vec![only];
    }
    let config = env.config();
    let mut found = Vec::new();
    if let Some(config) = &config {
        let current = contexts::current(config, env.docker_context.as_deref());
        found.extend(current.map(|context| Candidate::of_context(env, context)));
    }
    let known = known(env, config.as_deref());
    found.extend(known.into_iter().map(|(product, address)| {
        let origin = Origin::Known(product);
        Candidate::new(env, address, origin)
    }));
    if let Some(host) = &env.container_host {
        found.push(Candidate::new(env, Address::parse(host), Origin::Variable));
    }
    each_once(found)
}

/// Lists all engines that may be there for a person to choose from: those that are tried by themselves, without the
/// sockets that are not there, then those of all contexts.
pub fn all(env: &Env) -> Vec<Candidate> {
    let mut found = find(env);
    found.retain(|candidate| match (&candidate.origin, &candidate.address) {
        (Origin::Known(_), Address::Unix(path)) => path.exists(),
        _ => true,
    });
    let contexts = env.config().map(|config| contexts::all(&config));
    let contexts = contexts.into_iter().flatten();
    found.extend(contexts.map(|context| Candidate::of_context(env, context)));
    each_once(found)
}

fn each_once(found: Vec<Candidate>) -> Vec<Candidate> {
    let mut once: Vec<Candidate> = Vec::with_capacity(found.len());
    for candidate in found {
        if !once.iter().any(|other| other.address == candidate.address) {
            once.push(candidate);
        }
    }
    once
}

/// Lists where the engines we know are, whether they are there or not, each with its product.
fn known(env: &Env, config: Option<&Path>) -> Vec<(&'static str, Address)> {
    if cfg!(windows) {
        return [
            ("Docker", "docker_engine"),
            ("Docker Desktop", "dockerDesktopLinuxEngine"),
            ("Podman", "podman-machine-default"),
        ]
        .map(|(product, name)| (product, Address::Pipe(format!(r"\\.\pipe\{name}"))))
        .into();
    }
    let sockets = sockets(env, config).into_iter();
    sockets
        .map(|(product, path)| (product, Address::Unix(path)))
        .collect()
}

fn sockets(env: &Env, config: Option<&Path>) -> Vec<(&'static str, PathBuf)> {
    let runtime = env.xdg_runtime_dir.as_deref();
    let home = env.home.as_deref();
    let mut paths = vec![("Docker", PathBuf::from("/var/run/docker.sock"))];
    // macOS, then Linux.
    paths.extend(config.map(|config| ("Docker Desktop", config.join("run/docker.sock"))));
    paths.extend(config.map(|config| ("Docker Desktop", config.join("desktop/docker.sock"))));
    // Docker without root.
    paths.extend(runtime.map(|runtime| ("Docker", runtime.join("docker.sock"))));
    let colima = env.colima_home.clone();
    if let Some(colima) = colima.or_else(|| home.map(|home| home.join(".colima"))) {
        // One folder a profile, in older versions none.
        paths.push(("Colima", colima.join("default/docker.sock")));
        paths.extend(
            there(&colima, |profile| profile.join("docker.sock"))
                .into_iter()
                .map(|path| ("Colima", path)),
        );
        paths.push(("Colima", colima.join("docker.sock")));
    }
    if let Some(home) = home {
        paths.push(("OrbStack", home.join(".orbstack/run/docker.sock")));
        paths.push(("Rancher Desktop", home.join(".rd/docker.sock")));
        let lima = home.join(".lima");
        paths.extend(
            there(&lima, |instance| instance.join("sock/docker.sock"))
                .into_iter()
                .map(|path| ("Lima", path)),
        );
    }
    paths.extend(runtime.map(|runtime| ("Podman", runtime.join("podman/podman.sock"))));
    paths.push(("Podman", PathBuf::from("/run/podman/podman.sock")));
    if let Some(home) = home {
        let machine = home.join(".local/share/containers/podman/machine/podman.sock");
        paths.push(("Podman", machine));
    }
    if let Some(tmpdir) = &env.tmpdir {
        // Podman's machine on macOS: a socket a machine.
        let sockets = there(&tmpdir.join("podman"), Path::to_owned).into_iter();
        let is_api = |path: &PathBuf| path.to_string_lossy().ends_with("-api.sock");
        paths.extend(sockets.filter(is_api).map(|path| ("Podman", path)));
    }
    paths
}

/// Lists what is there of what a bounded number of the entries of a folder lead to, sorted.
fn there(folder: &Path, leads: impl Fn(&Path) -> PathBuf) -> Vec<PathBuf> {
    const MOST: usize = 64;
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let mut found: Vec<PathBuf> = entries
        .take(MOST)
        .flatten()
        .map(|entry| leads(&entry.path()))
        .filter(|path| path.exists())
        .collect();
    found.sort();
    found
}

#[cfg(test)]
mod tests;
