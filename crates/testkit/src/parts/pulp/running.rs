//! The five programs of a Pulp: started in their order, ended in the other.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use http::Method;
use serde_json::Value;
use tempfile::TempDir;

use super::client::AGENT;
use crate::parts::http_client::Http;
use crate::parts::process::Process;
use crate::parts::programs::{Part, find, postgres};

const SETTINGS: &str = include_str!("../../../parts/pulp/settings.py");
const DATABASE_KEY: &str = include_str!("../../../parts/pulp/database.key");
/// What begins a line of the access log, so that nothing else is taken for one.
const MARK: &str = "longshore-asked ";
/// How long each program is given to be there, on a computer that is busy.
const PATIENCE: Duration = Duration::from_mins(2);
/// Empties the database but for its users: whatever else there is leads to one of these.
const EMPTY: &str = "set client_min_messages = warning; truncate core_repository, core_distribution, \
    core_content, core_artifact, container_containernamespace cascade";

/// A Pulp that runs. Dropping it ends its programs; they drop in their order, PostgreSQL last, which the others are clients of.
#[derive(Debug)]
pub(super) struct Running {
    programs: Vec<Process>,
    port: u16,
    postgres: PathBuf,
    folder: TempDir,
}

impl Running {
    /// Starts all of it, with a copy of the database that setup made, and waits until it answers.
    pub async fn start() -> Result<Self> {
        let folder = tempfile::Builder::new()
            .prefix("longshore-pulp-")
            .tempdir()?;
        let template = Part::Pulp.program("database/PG_VERSION");
        let template = template.context("Pulp's database is missing")?;
        let template = template.parent().context("it has a folder")?;
        let postgres = postgres(template).context("its PostgreSQL is missing")?;
        let (port, content_port) = (free_port()?, free_port()?);
        let mut running = Self {
            programs: Vec::new(),
            port,
            postgres,
            folder,
        };
        running.write_files()?;
        running.start_database(template).await?;
        let begin = |command| running.begin(command, content_port);
        let redis = begin(running.redis()?)?;
        let api = begin(running.api()?)?;
        let content = begin(running.content(content_port)?)?;
        let worker = begin(running.venv("pulpcore-worker")?)?;
        // Before the database, which is there already.
        running.programs.splice(0..0, [worker, content, api, redis]);
        running.answers().await?;
        Ok(running)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Returns the whole access log.
    pub fn log(&self) -> String {
        let bytes = fs::read(self.path("access.log")).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Returns what each program said last.
    pub fn tail(&self) -> String {
        let all: Vec<String> = self.programs.iter().map(Process::tail).collect();
        all.join("\n")
    }

    /// Empties it: the database by SQL, as deleting each thing through its interface would be a task each; and what is cached.
    pub fn empty(&self) -> Result<()> {
        let mut psql = Command::new(self.postgres.join("psql"));
        psql.arg("-h").arg(self.path("db"));
        psql.args(["-q", "-U", "pulp", "-d", "pulp", "-c", EMPTY]);
        succeed(psql)?;
        let mut redis = Command::new(find("redis-cli").context("redis-cli is missing")?);
        redis.arg("-s").arg(self.path("redis.sock")).arg("flushall");
        succeed(redis)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write_files(&self) -> Result<()> {
        for name in ["db", "media", "assets", "work"] {
            fs::create_dir(self.path(name))?;
        }
        fs::write(self.path("settings.py"), SETTINGS)?;
        fs::write(self.path("database.key"), DATABASE_KEY.trim())?;
        let pair = rcgen::KeyPair::generate()?;
        fs::write(self.path("token.pem"), pair.serialize_pem())?;
        fs::write(self.path("token.public.pem"), pair.public_key_pem())?;
        Ok(())
    }

    /// Starts PostgreSQL on a copy of the database. It refuses root, and so runs as somebody else then.
    async fn start_database(&mut self, template: &Path) -> Result<()> {
        let data = self.path("db/data");
        copy(template, &data)?;
        let mut command = Command::new(self.postgres.join("postgres"));
        command.arg("-D").arg(&data).arg("-k").arg(self.path("db"));
        for setting in ["listen_addresses=", "fsync=off", "shared_buffers=32MB"] {
            command.args(["-c", setting]);
        }
        command.env_clear().env("LC_ALL", "C.UTF-8");
        #[cfg(unix)]
        if crate::parts::programs::is_root() {
            use std::os::unix::fs::PermissionsExt;
            let (user, group) = nobody()?;
            hand_over(&self.path("db"), user, group)?;
            // It may pass through, and see nothing.
            fs::set_permissions(self.folder.path(), fs::Permissions::from_mode(0o711))?;
            std::os::unix::process::CommandExt::uid(&mut command, user);
            std::os::unix::process::CommandExt::gid(&mut command, group);
        }
        command.current_dir("/");
        let mut database = Process::start(command, &self.path("postgres.log"))?;
        let ready = async |process: &Process| {
            let log = process.log();
            log.contains("ready to accept connections").then_some(())
        };
        database.until(PATIENCE, ready).await?;
        self.programs.push(database);
        Ok(())
    }

    fn redis(&self) -> Result<Command> {
        let program = find("redis-server").context("redis-server is missing")?;
        let mut command = Command::new(program);
        command.args(["--port", "0", "--save", "", "--appendonly", "no"]);
        command.arg("--unixsocket").arg(self.path("redis.sock"));
        Ok(command)
    }

    fn api(&self) -> Result<Command> {
        let mut command = self.venv("pulpcore-api")?;
        command.args(["--bind", &format!("127.0.0.1:{}", self.port)]);
        command.args(["--workers", "1", "--no-control-socket"]);
        command.arg("--access-logfile").arg(self.path("access.log"));
        let format = format!("{MARK}%(s)s \"%(a)s\" %(r)s");
        command.args(["--access-logformat", &format]);
        Ok(command)
    }

    fn content(&self, port: u16) -> Result<Command> {
        let mut command = self.venv("pulpcore-content")?;
        command.args(["--bind", &format!("127.0.0.1:{port}")]);
        command.args(["--workers", "1", "--no-control-socket"]);
        Ok(command)
    }

    fn venv(&self, name: &str) -> Result<Command> {
        let program = Part::Pulp.program(&format!("venv/bin/{name}"));
        let program = program.with_context(|| format!("{name} is missing"))?;
        let mut command = Command::new(program);
        command.env("PULP_SETTINGS", self.path("settings.py"));
        Ok(command)
    }

    /// Starts a program with what all of them are told.
    fn begin(&self, mut command: Command, content_port: u16) -> Result<Process> {
        let name = Path::new(command.get_program()).file_name();
        let log = name.unwrap_or_default().to_string_lossy().into_owned();
        command
            .current_dir(self.folder.path())
            .env("HOME", self.folder.path())
            .env("LC_ALL", "C.UTF-8")
            // It is installed where all tests use it.
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("DJANGO_SETTINGS_MODULE", "pulpcore.app.settings")
            .env("LONGSHORE_PULP", self.folder.path())
            .env("LONGSHORE_PULP_PORT", self.port.to_string())
            .env("LONGSHORE_PULP_CONTENT_PORT", content_port.to_string())
            .stdin(Stdio::null());
        Process::start(command, &self.path(&format!("{log}.log")))
    }

    /// Waits until it answers, has a worker, and serves blobs.
    async fn answers(&mut self) -> Result<()> {
        let http = Http::tcp(&format!("127.0.0.1:{}", self.port), None)?;
        let ready = async |_: &Process| {
            let path = "/pulp/api/v3/status/";
            let agent = [("user-agent", AGENT)];
            let asked = http.send(Method::GET, path, &agent, Bytes::new());
            let (_, _, body) = asked.await.ok()?;
            let status: Value = serde_json::from_slice(&body).ok()?;
            let some = |name: &str| status[name].as_array().is_some_and(|all| !all.is_empty());
            (some("online_workers") && some("online_content_apps")).then_some(())
        };
        let [worker, content, api, ..] = self.programs.as_mut_slice() else {
            bail!("it isn't running");
        };
        let answered = api.until(PATIENCE, ready).await;
        for other in [worker, content] {
            if !other.alive() {
                bail!("{}", other.tail());
            }
        }
        answered
    }
}

/// Reads a request with its status out of a line of the access log, where another than the testkit sent it.
pub(super) fn request(line: &str) -> Option<String> {
    let (status, rest) = line.strip_prefix(MARK)?.split_once(" \"")?;
    let (agent, request) = rest.split_once("\" ")?;
    let request = request.rsplit_once(" HTTP/")?.0;
    (agent != AGENT).then(|| format!("{request} {status}"))
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

fn succeed(mut command: Command) -> Result<()> {
    let output = command.stdin(Stdio::null()).output()?;
    if !output.status.success() {
        let name = command.get_program().to_string_lossy().into_owned();
        bail!("{name}: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}

/// Copies a folder and all in it.
fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir(to)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // PostgreSQL takes no folder that others may look into.
        fs::set_permissions(to, fs::Permissions::from_mode(0o700))?;
    }
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &to)?;
        } else {
            fs::copy(entry.path(), to)?;
        }
    }
    Ok(())
}

/// Finds somebody who isn't root to run PostgreSQL as: their number and group.
#[cfg(unix)]
fn nobody() -> Result<(u32, u32)> {
    let users = fs::read_to_string("/etc/passwd")?;
    let found = ["postgres", "nobody"].into_iter().find_map(|name| {
        let mut lines = users.lines();
        let line = lines.find(|line| line.split(':').next() == Some(name))?;
        let mut numbers = line.split(':').skip(2);
        let user = numbers.next()?.parse().ok()?;
        Some((user, numbers.next()?.parse().ok()?))
    });
    found.context("there is nobody but root")
}

/// Gives a folder and all in it to somebody.
#[cfg(unix)]
fn hand_over(path: &Path, user: u32, group: u32) -> Result<()> {
    std::os::unix::fs::lchown(path, Some(user), Some(group))?;
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            hand_over(&entry?.path(), user, group)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_asked_is_read_from_its_log() {
        let line = r#"longshore-asked 200 "longshore/1" GET /v2/a/tags/list?n=2 HTTP/1.1"#;
        let read = "GET /v2/a/tags/list?n=2 200";
        assert_eq!(request(line).as_deref(), Some(read));
        let ours = line.replace("longshore/1", AGENT);
        assert_eq!(request(&ours), None);
        assert_eq!(request("pulp [None]: starting"), None);
    }
}
