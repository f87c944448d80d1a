//! A real `sshd` on loopback, with keys made for one test: another computer, as far as anybody can tell.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use tempfile::TempDir;
use tokio::io::AsyncReadExt;

use super::Part;
use super::process::Process;

/// A running `sshd`, ended with all its connections when dropped.
#[derive(Debug)]
pub struct Sshd {
    // Fields drop in this order: first the process, then its folder.
    process: Option<Process>,
    port: u16,
    folder: TempDir,
}

/// Whom a client's configuration makes of the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SshClient {
    /// Somebody whose key is let in, and who knows the computer's.
    Known,
    /// Somebody whose key is let in, and who has never been there.
    Stranger,
    /// Somebody who knows the computer, and whom it doesn't know.
    WrongKey,
}

impl Sshd {
    /// Starts it. `path` is the `PATH` of what is run there; none: the usual one.
    pub async fn start(path: Option<&Path>) -> Result<Self> {
        Self::start_with(path, "").await
    }

    /// Starts it with these lines at the end of its configuration.
    pub async fn start_that_says(more: &str) -> Result<Self> {
        Self::start_with(None, more).await
    }

    async fn start_with(path: Option<&Path>, more: &str) -> Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix("longshore-sshd-")
            .tempdir()?;
        let base = folder.path();
        for key in ["host", "known", "unknown"] {
            let made = Command::new("ssh-keygen")
                .args(["-q", "-t", "ed25519", "-N", "", "-f"])
                .arg(base.join(key))
                .output()?;
            if !made.status.success() {
                bail!("ssh-keygen: {}", String::from_utf8_lossy(&made.stderr));
            }
        }
        fs::copy(base.join("known.pub"), base.join("authorized"))?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        // What the person's own shell does first is nothing of a test's.
        let path = path.map(|path| format!(" PATH={}", path.display()));
        let config = format!(
            "ListenAddress 127.0.0.1\nPort {port}\nHostKey {0}/host\nAuthorizedKeysFile {0}/authorized\n\
             StrictModes no\nUsePAM no\nPermitRootLogin prohibit-password\nPasswordAuthentication no\n\
             PidFile none\nPrintLastLog no\nPrintMotd no\n\
             SetEnv HOME={0}{1}\n{more}",
            base.display(),
            path.unwrap_or_default()
        );
        fs::write(base.join("sshd_config"), config)?;
        let mut sshd = Self {
            process: None,
            port,
            folder,
        };
        sshd.run().await?;
        Ok(sshd)
    }

    async fn run(&mut self) -> Result<()> {
        let program = Part::Sshd.program("sshd").context("sshd is missing")?;
        let config = self.folder.path().join("sshd_config");
        // Root's wants a folder in /run, a path that is compiled in. It gets it in a mount namespace of its own, so that
        // nothing is made outside the test's folder.
        let run = r#"
            if [ "$(id -u)" = 0 ]; then
                exec unshare --mount sh -c \
                    'mount -t tmpfs none /run && mkdir -m 755 /run/sshd && exec "$0" -D -e -f "$1"' "$0" "$1"
            fi
            exec "$0" -D -e -f "$1""#;
        let mut command = Command::new("sh");
        command.args(["-c", run]).arg(program).arg(config);
        let port = self.port;
        let log = self.folder.path().join("log");
        let process = self.process.insert(Process::start(command, &log)?);
        process
            .until(Duration::from_secs(30), async |_: &Process| {
                let stream = tokio::net::TcpStream::connect(("127.0.0.1", port)).await;
                let mut begin = [0; 4];
                stream.ok()?.read_exact(&mut begin).await.ok()?;
                (&begin == b"SSH-").then_some(())
            })
            .await
    }

    /// Writes a configuration of `ssh` in which this computer is called `lab`, and returns its path.
    pub fn client(&self, client: SshClient) -> Result<PathBuf> {
        let base = self.folder.path();
        let key = fs::read_to_string(base.join("host.pub"))?;
        let key = key.split_whitespace().take(2).collect::<Vec<_>>().join(" ");
        let (name, identity, known) = match client {
            SshClient::Known => (
                "client",
                "known",
                format!("[127.0.0.1]:{} {key}\n", self.port),
            ),
            SshClient::Stranger => ("stranger", "known", String::new()),
            SshClient::WrongKey => (
                "wrong",
                "unknown",
                format!("[127.0.0.1]:{} {key}\n", self.port),
            ),
        };
        let hosts = base.join(format!("{name}_hosts"));
        fs::write(&hosts, known)?;
        let user = Command::new("id").arg("-un").output()?.stdout;
        let config = format!(
            "Host lab\n  HostName 127.0.0.1\n  Port {}\n  User {}\n  IdentityFile {}\n  IdentitiesOnly yes\n  \
             IdentityAgent none\n  UserKnownHostsFile {}\n  GlobalKnownHostsFile /dev/null\n",
            self.port,
            String::from_utf8_lossy(&user).trim(),
            base.join(identity).display(),
            hosts.display()
        );
        let path = base.join(format!("{name}_config"));
        fs::write(&path, config)?;
        Ok(path)
    }

    /// Writes a configuration as `client` does, in which more is said of this computer; returns its path.
    pub fn client_that_says(&self, name: &str, more: &str) -> Result<PathBuf> {
        let usual = fs::read_to_string(self.client(SshClient::Known)?)?;
        let path = self.folder.path().join(format!("{name}_config"));
        fs::write(&path, format!("{usual}{more}"))?;
        Ok(path)
    }

    /// Counts the sign-ins that it has let in.
    pub fn signed_in(&self) -> usize {
        let log = self.process.as_ref().map(Process::log).unwrap_or_default();
        log.lines()
            .filter(|line| line.starts_with("Accepted "))
            .count()
    }

    /// Stops it where it is, with all that runs there: connections are still taken, and nothing is said.
    #[cfg(unix)]
    pub fn pause(&self) {
        self.tell(rustix::process::Signal::STOP);
    }

    /// Lets it go on after a pause.
    #[cfg(unix)]
    pub fn resume(&self) {
        self.tell(rustix::process::Signal::CONT);
    }

    #[cfg(unix)]
    fn tell(&self, signal: rustix::process::Signal) {
        let Some(id) = self.process.as_ref().and_then(Process::id) else {
            return;
        };
        for id in std::iter::once(id).chain(descendants(id)) {
            send(id, signal);
        }
    }

    /// Kills it with all its connections, as when the other computer goes.
    pub fn kill(&mut self) {
        let id = self.process.as_ref().and_then(Process::id);
        let children = id.map(descendants).unwrap_or_default();
        self.process = None;
        for child in children {
            kill(child);
        }
    }

    /// Lists what runs there for those who are connected, a command line each.
    pub fn runs(&self) -> Vec<String> {
        let id = self.process.as_ref().and_then(Process::id);
        let children = id.map(descendants).unwrap_or_default().into_iter();
        let line = |id: u32| fs::read(format!("/proc/{id}/cmdline")).ok();
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).replace('\0', " ");
        children.filter_map(line).map(text).collect()
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Lists what a process has started, and what that has, and so on.
fn descendants(of: u32) -> Vec<u32> {
    let parent = |id: u32| -> Option<u32> {
        let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
        // Its name stands in brackets, and may hold anything.
        let rest = stat.rsplit_once(')')?.1;
        rest.split_whitespace().nth(1)?.parse().ok()
    };
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let all: Vec<(u32, u32)> = processes
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter_map(|id| Some((id, parent(id)?)))
        .collect();
    let (mut found, mut at) = (vec![of], 0);
    while at < found.len() {
        let above = found[at];
        found.extend(
            all.iter()
                .filter(|(_, parent)| *parent == above)
                .map(|(id, _)| *id),
        );
        at += 1;
    }
    found.split_off(1)
}

#[cfg(unix)]
fn kill(id: u32) {
    send(id, rustix::process::Signal::KILL);
}

#[cfg(unix)]
fn send(id: u32, signal: rustix::process::Signal) {
    use rustix::process::{Pid, kill_process};
    let id = i32::try_from(id).ok().and_then(Pid::from_raw);
    if let Some(pid) = id {
        let _ = kill_process(pid, signal);
    }
}

#[cfg(not(unix))]
fn kill(_id: u32) {}
