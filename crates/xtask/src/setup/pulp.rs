//! Pulp, a registry with an interface of its own: installed with Python from PyPI, its database made once.
//!
//! `crates/testkit/parts/pulp` says which versions, and how it is set. Each start of the tests copies the database made here, which
//! takes seconds; making it takes half a minute. Not here: starting it (`testkit::parts::Pulp`). Grows by what its making needs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::python;
use crate::{Done, places, shell};

/// The user of every Pulp here and their secret, as the tests know them.
const USER: &str = "demo";
const SECRET: &str = "correct-horse-battery-staple";
/// What PostgreSQL listens on nothing but a folder with, and does without: nothing of it is kept.
const DATABASE: &str = "-c listen_addresses= -c fsync=off";

/// Installs what is not there yet, where Python and Linux are at hand. Without PyPI all goes on without it.
pub fn ready() -> Done {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    let Some(python) = python::find() else {
        shell::say("No Python 3.11 with venv on the PATH: Pulp is left out of the tests.");
        return Ok(());
    };
    let Some(postgres) = postgres() else {
        return Err("PostgreSQL's server programs are missing.".to_owned());
    };
    let source = places::root().join("crates/testkit/parts/pulp");
    let requirements = source.join("requirements.txt");
    let text = fs::read_to_string(&requirements).map_err(|error| error.to_string())?;
    let version = pinned(&text, "pulp-container").ok_or("Pulp's version is not pinned.")?;
    let folder = places::cache()?
        .join("parts")
        .join(format!("pulp-{version}"));
    if is_whole(&folder, &postgres) {
        return Ok(());
    }
    shell::say(&format!(
        "Installing Pulp {version} with Python (once, a minute or two)."
    ));
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| error.to_string())?;
    }
    if let Err(error) = install(&python, &folder, &requirements) {
        let _ = fs::remove_dir_all(&folder);
        shell::say(&format!(
            "{error} Pulp is left out of the tests; it comes from PyPI."
        ));
        return Ok(());
    }
    let making = Making::begin(&folder, &postgres, &source)?;
    making.make()?;
    // Last, and whole: by it the part is known to be there.
    let unfinished = folder.join("database-making");
    run(Command::new("cp")
        .arg("-R")
        .arg(making.data())
        .arg(&unfinished))?;
    fs::rename(&unfinished, folder.join("database")).map_err(|error| error.to_string())
}

/// Tells whether it is there, for this PostgreSQL, and its Python as well.
fn is_whole(folder: &Path, postgres: &Path) -> bool {
    let made_for = fs::read_to_string(folder.join("database/PG_VERSION")).unwrap_or_default();
    let mut python = Command::new(folder.join("venv/bin/python"));
    python.args(["-c", "import pulp_container"]);
    major(postgres).is_some_and(|major| major == made_for.trim()) && shell::output(python).is_some()
}

fn install(python: &Path, folder: &Path, requirements: &Path) -> Done {
    fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    let venv = folder.join("venv");
    run(Command::new(python).args(["-m", "venv"]).arg(&venv))?;
    let mut pip = Command::new(venv.join("bin/python"));
    pip.args(["-m", "pip", "install", "--quiet", "--no-cache-dir"]);
    pip.args(["--disable-pip-version-check", "--requirement"]);
    run(pip.arg(requirements))
}

/// The making of the database, in a folder that is removed with it.
struct Making {
    folder: PathBuf,
    venv: PathBuf,
    postgres: PathBuf,
    settings: PathBuf,
    /// User and group that the server runs as: it refuses root.
    #[cfg_attr(not(unix), allow(dead_code))]
    nobody: Option<(u32, u32)>,
}

impl Making {
    fn begin(part: &Path, postgres: &Path, source: &Path) -> Result<Self, String> {
        let name = format!("longshore-pulp-making-{}", std::process::id());
        let making = Self {
            folder: std::env::temp_dir().join(name),
            venv: part.join("venv"),
            postgres: postgres.to_owned(),
            settings: source.join("settings.py"),
            nobody: shell::is_root().then(nobody).transpose()?,
        };
        let said = |error: std::io::Error| error.to_string();
        for name in ["db", "media", "assets", "work"] {
            fs::create_dir_all(making.folder.join(name)).map_err(said)?;
        }
        fs::copy(
            source.join("database.key"),
            making.folder.join("database.key"),
        )
        .map_err(said)?;
        #[cfg(unix)]
        if let Some((user, group)) = making.nobody {
            let folder = making.folder.join("db");
            std::os::unix::fs::chown(folder, Some(user), Some(group)).map_err(said)?;
        }
        Ok(making)
    }

    /// Returns where the database lies.
    fn data(&self) -> PathBuf {
        self.folder.join("db/data")
    }

    fn make(&self) -> Done {
        let initdb = ["-U", "pulp", "-A", "trust", "-E", "UTF8", "--no-locale"];
        run(self.server("initdb").args(initdb))?;
        let started = format!("{DATABASE} -k {}", self.folder.join("db").display());
        let mut start = self.server("pg_ctl");
        start.arg("-l").arg(self.folder.join("db/log"));
        run(start.args(["-w", "-o", &started, "start"]))?;
        let made = self.fill();
        let stopped = run(self.server("pg_ctl").args(["-w", "-m", "fast", "stop"]));
        made.and(stopped)
    }

    fn fill(&self) -> Done {
        let sql = |database, sql| {
            let mut psql = Command::new(self.postgres.join("psql"));
            psql.args(["-q", "-U", "pulp", "-d", database, "-c", sql]);
            run(psql.arg("-h").arg(self.folder.join("db")))
        };
        sql("postgres", "create database pulp")?;
        sql("pulp", "create extension hstore")?;
        run(self.pulp().args(["migrate", "--noinput", "--verbosity=0"]))?;
        let mut user = self.pulp();
        user.args(["createsuperuser", "--noinput", "--verbosity=0"]);
        user.args(["--username", USER, "--email", "demo@example.com"]);
        run(user.env("DJANGO_SUPERUSER_PASSWORD", SECRET))
    }

    /// Prepares a program of PostgreSQL's on the database, as somebody who isn't root.
    fn server(&self, name: &str) -> Command {
        let mut command = Command::new(self.postgres.join(name));
        command.arg("-D").arg(self.data()).current_dir("/");
        // What starts the server leaves it our ends of its pipes.
        command.stdin(Stdio::null());
        #[cfg(unix)]
        if let Some((user, group)) = self.nobody {
            use std::os::unix::process::CommandExt;
            command.uid(user).gid(group);
        }
        command
    }

    fn pulp(&self) -> Command {
        let mut command = Command::new(self.venv.join("bin/pulpcore-manager"));
        command
            .current_dir(&self.folder)
            .env("HOME", &self.folder)
            .env("PULP_SETTINGS", &self.settings)
            .env("DJANGO_SETTINGS_MODULE", "pulpcore.app.settings")
            .env("LONGSHORE_PULP", &self.folder)
            .env("LONGSHORE_PULP_PORT", "1")
            .env("LONGSHORE_PULP_CONTENT_PORT", "1");
        command
    }
}

impl Drop for Making {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Runs a program quietly; a failure says what it said.
fn run(command: &mut Command) -> Done {
    let name = shell::describe(command);
    let output = command.stdin(Stdio::null()).stdout(Stdio::null());
    let output = output.stderr(Stdio::piped()).output();
    let output = output.map_err(|error| format!("{name} did not start: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let last = said.lines().last().unwrap_or_default();
    Err(format!("{name} failed ({}): {last}", output.status))
}

/// Finds the newest server programs that Debian installs beside each other, else those on the PATH.
pub fn postgres() -> Option<PathBuf> {
    let found = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let folders = found.flatten().map(|entry| entry.path().join("bin"));
    let newest = folders
        .filter(|folder| folder.join("postgres").is_file())
        .max_by_key(|folder| major(folder).and_then(|major| major.parse::<u32>().ok()));
    newest.or_else(|| Some(shell::find("postgres")?.parent()?.to_owned()))
}

/// Asks for the number before the point of its version: `postgres (PostgreSQL) 15.18 (Debian …)`.
fn major(postgres: &Path) -> Option<String> {
    let mut command = Command::new(postgres.join("postgres"));
    command.arg("--version");
    let said = shell::output(command)?;
    let version = said.split_whitespace().nth(2)?;
    Some(version.split('.').next()?.to_owned())
}

/// Finds somebody who isn't root to run the server as.
fn nobody() -> Result<(u32, u32), String> {
    let users = fs::read_to_string("/etc/passwd").map_err(|error| error.to_string())?;
    ["postgres", "nobody"]
        .into_iter()
        .find_map(|name| ids(&users, name))
        .ok_or_else(|| "There is nobody but root to run PostgreSQL as.".to_owned())
}

/// Reads a user's number and group out of `/etc/passwd`.
fn ids(users: &str, name: &str) -> Option<(u32, u32)> {
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let is_it = fields.next() == Some(name);
        let numbers = (fields.nth(1)?.parse().ok()?, fields.next()?.parse().ok()?);
        is_it.then_some(numbers)
    })
}

/// Reads the version of a package out of a file of requirements.
fn pinned(requirements: &str, package: &str) -> Option<String> {
    requirements.lines().find_map(|line| {
        let (name, version) = line.trim().split_once("==")?;
        (name == package).then(|| version.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::{ids, pinned};

    #[test]
    fn versions_and_users_are_read_from_their_files() {
        let text = "# Pulp\npulpcore==3.1.2\npulp-container==2.3.0\n";
        assert_eq!(pinned(text, "pulp-container").as_deref(), Some("2.3.0"));
        assert_eq!(pinned(text, "pulp"), None);
        let users = "root:x:0:0:root:/root:/bin/sh\npostgres:x:114:121:,,,:/var:/bin/sh\n";
        assert_eq!(ids(users, "postgres"), Some((114, 121)));
        assert_eq!(ids(users, "nobody"), None);
    }
}
