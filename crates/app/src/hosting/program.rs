//! Which programs of this computer can be a registry, and how each is told what to do.
//!
//! A program is known by its name on the PATH and by what it says of its version: any program may be called `registry`. None
//! is run by a shell. Not here: running one (`process`). Grows by a make, with its settings.

use super::folder::root_of;
use super::record::{Make, Record, called};
use credentials::Programs;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::process::Command;

/// The names by which they are looked for, the likeliest first.
const NAMES: [&str; 3] = ["docker-registry", "registry", "zot"];
/// How long one may take to say its version.
const PATIENCE: Duration = Duration::from_secs(5);
/// The most that is read of that (bytes).
const MOST: u64 = 4096;

/// A program that can be a registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub program: PathBuf,
    pub make: Make,
    /// What it is called, with its version where that can be read.
    pub name: String,
}

/// Finds those that there are. On systems that don't tell whose a lock is there are none: one that was started could not be
/// found again.
pub(super) async fn find(programs: &Programs) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    if !cfg!(unix) {
        return found;
    }
    for name in NAMES {
        if let Some(program) = programs.program(name)
            && let Some((make, version)) = ask(&program).await
        {
            let name = format!("{} {version}", called(&program));
            found.push(Found {
                name: name.trim_end().to_owned(),
                program,
                make,
            });
        }
    }
    found
}

/// Asks a program what it is; none where it is no registry that is known. It is given nothing of the person's.
async fn ask(program: &Path) -> Option<(Make, String)> {
    let mut command = Command::new(program);
    command
        .arg("--version")
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    let said = async {
        let mut child = command.spawn().ok()?;
        let (out, errors) = (child.stdout.take()?, child.stderr.take()?);
        let (mut said, mut more) = (Vec::new(), Vec::new());
        let (mut out, mut errors) = (out.take(MOST), errors.take(MOST));
        let (first, second) = tokio::join!(
            out.read_to_end(&mut said),
            // zot says it where its log goes.
            errors.read_to_end(&mut more)
        );
        first.and(second).ok()?;
        said.extend(more);
        Some(said)
    };
    let said = tokio::time::timeout(PATIENCE, said).await.ok()??;
    read(&String::from_utf8_lossy(&said))
}

/// Reads what a program says of its version.
///
/// distribution: `docker-registry github.com/docker/distribution 2.8.2+ds1`. zot: a line of its log, with `distribution-spec`
/// and `binary-type` in it.
fn read(said: &str) -> Option<(Make, String)> {
    let words: Vec<&str> = said.split_whitespace().collect();
    let is_distribution = |word: &&str| {
        word.split_once("github.com/")
            .is_some_and(|(_, path)| path.contains("/distribution"))
    };
    if let [_, module, version, ..] = words.as_slice()
        && is_distribution(module)
    {
        return Some((Make::Distribution, oci::text::plain(version, 40)));
    }
    let is_zot = said.contains("distribution-spec") && said.contains("binary-type");
    is_zot.then(|| (Make::Zot, String::new()))
}

/// Returns the settings that a program is started by, as JSON, which is YAML too. What it writes is little: nobody takes its
/// log away.
pub(super) fn settings(record: &Record, make: Make, htpasswd: Option<&Path>) -> Value {
    let root = root_of(Path::new(&record.how.folder), make);
    match make {
        Make::Distribution => {
            let mut settings = json!({
                "version": 0.1,
                "log": {"level": "warn", "accesslog": {"disabled": true}},
                "storage": {
                    "filesystem": {"rootdirectory": root},
                    "delete": {"enabled": true},
                },
                "http": {
                    "addr": record.host.as_str(),
                    "secret": uuid::Uuid::new_v4().to_string(),
                },
            });
            if let Some(file) = htpasswd {
                settings["auth"] = json!({"htpasswd": {"realm": "Longshore", "path": file}});
            }
            settings
        }
        Make::Zot => {
            let mut settings = json!({
                "distSpecVersion": "1.1.1",
                "storage": {"rootDirectory": root},
                "http": {"address": "127.0.0.1", "port": record.port.to_string()},
                "log": {"level": "warn"},
            });
            if let Some(file) = htpasswd {
                settings["http"]["auth"] = json!({"htpasswd": {"path": file}});
            }
            settings
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::record::{By, How};
    use super::*;

    #[test]
    fn a_program_is_known_by_what_it_says_of_its_version() {
        let distribution = |version: &str| Some((Make::Distribution, version.to_owned()));
        for (said, is) in [
            (
                "docker-registry github.com/docker/distribution 2.8.2+ds1\n",
                distribution("2.8.2+ds1"),
            ),
            (
                "/usr/bin/registry github.com/distribution/distribution/v3 v3.1.2",
                distribution("v3.1.2"),
            ),
            (
                r#"{"level":"info","distribution-spec":"1.1.1","commit":"6d19b44","binary-type":"minimal","go version":"go1.26","message":"version"}"#,
                Some((Make::Zot, String::new())),
            ),
            ("registry 4.39.0", None),
            ("npm registry https://github.com/npm 1", None),
            ("", None),
        ] {
            assert_eq!(read(said), is, "{said}");
        }
    }

    #[test]
    fn each_make_is_told_of_this_computer_alone() {
        let record = |make| Record {
            id: "a".to_owned(),
            host: oci::Host::parse("127.0.0.1:5001").unwrap(),
            port: 5001,
            how: How {
                by: By::Program {
                    program: PathBuf::from("/usr/bin/x"),
                    make,
                },
                folder: "/srv/data".to_owned(),
                user: None,
                runs: true,
            },
        };
        let file = Path::new("/own/htpasswd");
        let of = |make, file| settings(&record(make), make, file);
        let distribution = of(Make::Distribution, Some(file));
        assert_eq!(distribution["http"]["addr"], "127.0.0.1:5001");
        assert_eq!(
            distribution["storage"]["filesystem"]["rootdirectory"],
            "/srv/data"
        );
        assert_eq!(distribution["auth"]["htpasswd"]["path"], "/own/htpasswd");
        let zot = of(Make::Zot, Some(file));
        assert_eq!(
            (&zot["http"]["address"], &zot["http"]["port"]),
            (&json!("127.0.0.1"), &json!("5001"))
        );
        assert_eq!(zot["storage"]["rootDirectory"], "/srv/data/zot");
        assert_eq!(zot["http"]["auth"]["htpasswd"]["path"], "/own/htpasswd");
        assert_eq!(of(Make::Distribution, None).get("auth"), None);
        assert_eq!(of(Make::Zot, None)["http"].get("auth"), None);
    }
}
