//! A keychain of its own: a private session bus with GNOME's keyring on it, or nothing on it.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use super::process::Process;
use super::programs::Part;

/// The state in which the keychain is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Ready to use.
    Unlocked,
    /// There, with a locked login collection and nobody to ask for its password.
    Locked,
    /// A bus without a keychain.
    Absent,
}

const PASSWORD: &str = "a password for tests";
const NAME: &str = "org.freedesktop.secrets";
const LOGIN: &str = "/org/freedesktop/secrets/collection/login";
/// How often it is started where it dies of itself.
const STARTS: usize = 4;

/// A running keychain, ended when dropped.
#[derive(Debug)]
pub struct SecretService {
    keyring: Option<Process>,
    _bus: Process,
    address: String,
    folder: TempDir,
}

impl SecretService {
    /// Starts a bus, and a keychain in the given state.
    pub async fn start(state: State) -> Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix("longshore-keys-")
            .tempdir()?;
        let socket = folder.path().join("bus");
        let config = folder.path().join("bus.conf");
        // No service folders: nothing installed on this machine starts by itself.
        fs::write(&config, bus_config(&socket))?;
        let program = Part::SecretService.program("dbus-daemon");
        let mut command = Command::new(program.context("dbus-daemon is missing")?);
        command.arg("--nofork").arg("--nopidfile");
        command.arg(format!("--config-file={}", config.display()));
        let mut bus = Process::start(command, &folder.path().join("bus.log"))?;
        bus.until(Duration::from_secs(20), async |_: &Process| {
            socket.exists().then_some(())
        })
        .await?;
        let mut service = Self {
            keyring: None,
            _bus: bus,
            address: format!("unix:path={}", socket.display()),
            folder,
        };
        match state {
            State::Absent => {}
            State::Unlocked => service.unlock().await?,
            State::Locked => {
                // The first start makes the login collection; the second finds it locked.
                service.unlock().await?;
                service.lock().await?;
            }
        }
        Ok(service)
    }

    /// Returns what `DBUS_SESSION_BUS_ADDRESS` must be.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Unlocks it, as a person who logs in does; what it holds is kept.
    pub async fn unlock(&mut self) -> Result<()> {
        self.run(true).await
    }

    /// Locks it; what it holds is kept.
    pub async fn lock(&mut self) -> Result<()> {
        self.run(false).await
    }

    /// Takes the keychain away and leaves the bus.
    pub fn end(&mut self) {
        self.keyring = None;
    }

    /// Tells whether its login collection is locked.
    pub fn is_locked(&self) -> Result<bool> {
        let answer = self.call(
            LOGIN,
            "org.freedesktop.DBus.Properties.Get",
            &["string:org.freedesktop.Secret.Collection", "string:Locked"],
        )?;
        match (
            answer.contains("boolean true"),
            answer.contains("boolean false"),
        ) {
            (true, false) => Ok(true),
            (false, true) => Ok(false),
            _ => bail!("unexpected answer: {answer}"),
        }
    }

    /// Its folder of keyring files, to look for what was written where.
    pub fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    /// Starts the keyring, and once more where it died of an assertion of its own: now and then it takes the first question of a client
    /// for nobody's (`gkd_secret_service_get_pkcs11_session: assertion 'client' failed`, 42.1).
    async fn run(&mut self, unlocked: bool) -> Result<()> {
        for _ in 0..STARTS {
            if self.runs(unlocked).await? {
                return Ok(());
            }
        }
        bail!("gnome-keyring-daemon died {STARTS} times")
    }

    /// Starts the keyring; false where it died of an assertion.
    async fn runs(&mut self, unlocked: bool) -> Result<bool> {
        self.keyring = None;
        let program = Part::SecretService.program("gnome-keyring-daemon");
        let mut command = Command::new(program.context("gnome-keyring-daemon is missing")?);
        command.args(["--foreground", "--components=secrets"]);
        if unlocked {
            command.arg("--unlock");
        }
        let runtime = self.folder.path().join("run");
        fs::create_dir_all(&runtime)?;
        command
            .env_clear()
            .env("HOME", self.folder.path())
            .env("XDG_DATA_HOME", self.data())
            .env("XDG_RUNTIME_DIR", &runtime)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.address)
            .stdin(if unlocked {
                Stdio::piped()
            } else {
                Stdio::null()
            });
        let mut keyring = Process::start(command, &self.folder.path().join("keyring.log"))?;
        if let Some(mut input) = keyring.child().and_then(|child| child.stdin.take()) {
            input.write_all(PASSWORD.as_bytes())?;
        }
        let found = keyring
            .until(Duration::from_secs(20), async |_: &Process| {
                self.is_locked().ok().filter(|locked| *locked != unlocked)
            })
            .await;
        if found.is_err() && !keyring.alive() && keyring.log().contains("Bail out!") {
            return Ok(false);
        }
        found?;
        self.keyring = Some(keyring);
        Ok(true)
    }

    fn call(&self, path: &str, method: &str, arguments: &[&str]) -> Result<String> {
        let program = Part::SecretService.program("dbus-send");
        let output = Command::new(program.context("dbus-send is missing")?)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.address)
            .args(["--session", "--print-reply", "--reply-timeout=5000"])
            .arg(format!("--dest={NAME}"))
            .arg(path)
            .arg(method)
            .args(arguments)
            .output()?;
        if !output.status.success() {
            bail!("{}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

fn bus_config(socket: &Path) -> String {
    format!(
        r#"<busconfig>
  <type>session</type>
  <listen>unix:path={}</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#,
        socket.display()
    )
}
