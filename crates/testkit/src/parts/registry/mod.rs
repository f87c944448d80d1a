//! A real registry process (distribution 2.8 or 3, or crane's) on a free loopback port.

mod client;
mod version;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use http::Method;
use tempfile::TempDir;

use super::http_client::Http;
use super::process::Process;
use super::tls::{Certificates, Flaw, Handshake};
use super::token::{ISSUER, SERVICE, TokenService};
pub use version::Version;

/// The settings of a registry.
#[derive(Debug, Clone)]
pub struct RegistryOptions<'a> {
    /// User and secret; none lets anyone in.
    pub auth: Option<(&'a str, &'a str)>,
    /// Serve over TLS, with an authority of its own ([`Registry::ca_pem`]).
    pub tls: bool,
    /// How it begins TLS.
    pub handshake: Handshake,
    /// Sign in by bearer token instead of htpasswd; needs `auth`.
    pub token: bool,
    /// Users and secrets that may pull and nothing else; needs `token`.
    pub readers: &'a [(&'a str, &'a str)],
    /// How long a token is taken; needs `token`.
    pub token_life: Duration,
    /// Whether manifests may be deleted.
    pub delete: bool,
    /// Where its data is kept; none means a temporary folder.
    pub root: Option<PathBuf>,
    /// The port; none means a free one.
    pub port: Option<u16>,
    /// Which registry.
    pub version: Version,
}

impl Default for RegistryOptions<'_> {
    fn default() -> Self {
        Self {
            auth: None,
            tls: false,
            handshake: Handshake::default(),
            token: false,
            readers: &[],
            token_life: Duration::from_mins(5),
            delete: true,
            root: None,
            port: None,
            version: Version::Two,
        }
    }
}

/// A running registry.
#[derive(Debug)]
pub struct Registry {
    program: PathBuf,
    process: Option<Process>,
    port: u16,
    http: Http,
    auth: Option<(String, String)>,
    certificates: Option<Certificates>,
    token: Option<TokenService>,
    root: PathBuf,
    delete: bool,
    wants_pair: bool,
    version: Version,
    folder: TempDir,
}

impl Registry {
    /// Starts one and waits until it answers.
    pub async fn start(options: RegistryOptions<'_>) -> Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix("longshore-registry-")
            .tempdir()?;
        if options.version == Version::Crane && (options.auth.is_some() || options.tls) {
            bail!("crane's registry has no sign-in and no TLS");
        }
        let name = options.version.program();
        let program = options
            .version
            .part()
            .program(name)
            .with_context(|| format!("{name} is missing"))?;
        let certificates = options
            .tls
            .then(|| Certificates::flawed(options.handshake.flaw));
        let certificates = certificates.transpose()?;
        let token = match (options.token, options.auth) {
            (true, Some(owner)) => {
                let (readers, life) = (options.readers, options.token_life);
                Some(TokenService::start(owner, readers, life).await?)
            }
            (true, None) => bail!("token sign-in needs a user"),
            (false, _) => None,
        };
        let root = options.root.unwrap_or_else(|| folder.path().join("data"));
        fs::create_dir_all(&root)?;
        let mut registry = Self {
            program,
            process: None,
            port: options.port.unwrap_or(0),
            http: Http::tcp("127.0.0.1", None)?,
            auth: options
                .auth
                .map(|(user, secret)| (user.to_owned(), secret.to_owned())),
            certificates,
            token,
            root,
            delete: options.delete,
            wants_pair: options.handshake.wants_pair,
            version: options.version,
            folder,
        };
        registry.write_files()?;
        registry.run().await?;
        Ok(registry)
    }

    /// Returns `127.0.0.1:port`.
    pub fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Returns the port it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Returns `http://…` or `https://…`.
    pub fn url(&self) -> String {
        let scheme = if self.certificates.is_some() {
            "https"
        } else {
            "http"
        };
        format!("{scheme}://{}", self.host())
    }

    /// Returns the authority its certificate comes from, when it serves TLS.
    pub fn ca_pem(&self) -> Option<&str> {
        self.certificates.as_ref().map(|found| found.ca.as_str())
    }

    /// Returns its authority, its certificate and that of a client, when it serves TLS.
    pub fn certificates(&self) -> Option<&Certificates> {
        self.certificates.as_ref()
    }

    /// Serves another certificate, of another authority, from now on.
    pub async fn renew_certificate(&mut self, flaw: Flaw) -> Result<()> {
        self.certificates = Some(Certificates::flawed(flaw)?);
        self.write_files()?;
        self.run().await
    }

    /// Its data folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Returns how many tokens its token service gave so far.
    pub fn tokens_given(&self) -> usize {
        self.token.as_ref().map_or(0, TokenService::given)
    }

    /// Returns the request lines it has answered since it was made, oldest first, each with its status:
    /// `PUT /v2/ns/name/manifests/v1 201`. Those of a run before a restart are kept. crane's tells a status only where it
    /// refused.
    pub fn access_log(&self) -> Vec<String> {
        let log = fs::read(self.log_path()).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let requests = log.lines().filter_map(|line| self.version.request(line));
        requests.collect()
    }

    /// Ends it; the port stays reserved in name only. [`Registry::run`] starts it again.
    pub fn stop(&mut self) {
        self.process = None;
    }

    /// Stops it where it is: it takes connections, and answers nothing.
    #[cfg(unix)]
    pub fn pause(&self) {
        if let Some(process) = &self.process {
            process.pause();
        }
    }

    /// Lets it go on after a pause.
    #[cfg(unix)]
    pub fn resume(&self) {
        if let Some(process) = &self.process {
            process.resume();
        }
    }

    /// Starts it (again), on the port it had.
    pub async fn run(&mut self) -> Result<()> {
        self.stop();
        // A port of zero lets the system choose; the registry's log says which it was.
        let seen = fs::metadata(self.log_path()).map_or(0, |file| file.len());
        let mut command = Command::new(&self.program);
        if self.version == Version::Crane {
            command.args(["registry", "serve", "--address", &self.host(), "--disk"]);
            command.arg(&self.root);
        } else {
            fs::write(self.config_path(), self.config())?;
            command.arg("serve").arg(self.config_path());
        }
        command.env_clear().env("HOME", self.folder.path());
        let mut process = Process::start(command, &self.log_path())?;
        let start = usize::try_from(seen)?;
        let port = process
            .until(Duration::from_secs(30), async |process: &Process| {
                version::listening(process.log().get(start..)?)
            })
            .await?;
        self.port = port;
        self.http = match &self.certificates {
            Some(found) => {
                let pair = format!("{}{}", found.client, found.client_key);
                Http::careless(&self.host(), &pair)?
            }
            None => Http::tcp(&self.host(), None)?,
        };
        let http = self.http.clone();
        process
            .until(Duration::from_secs(30), async |_: &Process| {
                http.send(Method::GET, "/v2/", &[], Bytes::new()).await.ok()
            })
            .await?;
        self.process = Some(process);
        Ok(())
    }

    /// Stops it, runs its garbage collector, and starts it again on the same port. Gives what it said. crane's has none.
    pub async fn garbage_collect(&mut self, delete_untagged: bool) -> Result<String> {
        if self.version == Version::Crane {
            bail!("crane's registry cleans nothing up");
        }
        self.stop();
        let mut command = Command::new(&self.program);
        command.arg("garbage-collect");
        if delete_untagged {
            command.arg("--delete-untagged=true");
        }
        command.arg(self.config_path());
        command.env_clear().env("HOME", self.folder.path());
        let output = command.output()?;
        let said = format!(
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        self.run().await?;
        if !output.status.success() {
            bail!("garbage-collect failed:\n{said}");
        }
        Ok(said)
    }

    /// Asks the program what it calls itself.
    pub fn version(&self) -> Result<String> {
        let how = match self.version {
            Version::Two | Version::Three => "--version",
            Version::Crane => "version",
        };
        let output = Command::new(&self.program).arg(how).output()?;
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// Gives its user another secret: a registry with htpasswd takes it at once, and the old one no longer.
    pub fn change_secret(&mut self, secret: &str) -> Result<()> {
        if let Some((_, old)) = &mut self.auth {
            secret.clone_into(old);
        }
        self.write_htpasswd()
    }

    fn write_htpasswd(&self) -> Result<()> {
        if let Some((user, secret)) = &self.auth {
            // The cheapest cost bcrypt allows: every request of a test pays it.
            let line = format!("{user}:{}\n", bcrypt::hash(secret, 4)?);
            fs::write(self.folder.path().join("htpasswd"), line)?;
        }
        Ok(())
    }

    fn write_files(&self) -> Result<()> {
        let file = |name: &str| self.folder.path().join(name);
        self.write_htpasswd()?;
        if let Some(token) = &self.token {
            fs::write(file("token.pem"), token.certificate_pem())?;
        }
        if let Some(found) = &self.certificates {
            fs::write(file("server.pem"), &found.certificate)?;
            fs::write(file("server.key"), &found.key)?;
            fs::write(file("ca.pem"), &found.ca)?;
        }
        Ok(())
    }

    fn log_path(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    fn config_path(&self) -> PathBuf {
        self.folder.path().join("config.yml")
    }

    /// Its configuration. JSON is YAML, so nothing needs quoting by hand.
    fn config(&self) -> String {
        let file = |name: &str| self.folder.path().join(name);
        let mut config = serde_json::json!({
            "version": 0.1,
            "log": {"level": "info"},
            "storage": {
                "filesystem": {"rootdirectory": self.root},
                "delete": {"enabled": self.delete},
            },
            // Without a secret of its own, an upload would die with a restart.
            "http": {"addr": self.host(), "secret": "longshore tests"},
        });
        if self.certificates.is_some() {
            config["http"]["tls"] =
                serde_json::json!({"certificate": file("server.pem"), "key": file("server.key")});
            if self.wants_pair {
                config["http"]["tls"]["clientcas"] = serde_json::json!([file("ca.pem")]);
            }
        }
        if let Some(token) = &self.token {
            config["auth"] = serde_json::json!({"token": {
                "realm": token.realm(), "service": SERVICE, "issuer": ISSUER,
                "rootcertbundle": file("token.pem"),
            }});
            if self.version == Version::Three {
                config["auth"]["token"]["signingalgorithms"] = serde_json::json!(["ES256"]);
            }
        } else if self.auth.is_some() {
            config["auth"] = serde_json::json!({"htpasswd": {
                "realm": "longshore", "path": file("htpasswd"),
            }});
        }
        config.to_string()
    }
}
