//! The parts that no Debian package has: the newest engine, the newest registry and crane's, and buildx, built with Go.
//!
//! Each has a `go.mod` of its own under `crates/testkit/parts`, which pins every source it is built from.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::{Done, places, shell};

struct Part {
    name: &'static str,
    /// The module whose version names the folder.
    module: &'static str,
    tags: &'static str,
}

const PARTS: &[Part] = &[
    Part {
        name: "moby",
        module: "github.com/moby/moby/v2",
        tags: "exclude_graphdriver_btrfs exclude_graphdriver_zfs no_btrfs",
    },
    Part {
        name: "distribution",
        module: "github.com/distribution/distribution/v3",
        tags: "",
    },
    Part {
        name: "crane",
        module: "github.com/google/go-containerregistry",
        tags: "",
    },
    Part {
        name: "buildx",
        module: "github.com/docker/buildx",
        tags: "",
    },
];

/// Builds what is not built yet, where Go and Linux are at hand.
pub fn ready() -> Done {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    let Some(go) = shell::find("go") else {
        shell::say(
            "No go on the PATH: the newest engine and registry, crane's, and buildx are left out of the tests.",
        );
        return Ok(());
    };
    for part in PARTS {
        let source = places::root().join("crates/testkit/parts").join(part.name);
        let version = version(&source.join("go.mod"), part.module)?;
        let folder = places::cache()?
            .join("parts")
            .join(format!("{}-{version}", part.name));
        if folder.is_dir() {
            continue;
        }
        shell::say(&format!(
            "Building {} {version} with Go (once, some minutes).",
            part.name
        ));
        // Built beside its place and moved there whole: a build that is cut short leaves nothing half done.
        let building = folder.with_file_name(format!("{}-building", part.name));
        fs::create_dir_all(&building).map_err(|error| error.to_string())?;
        let mut command = Command::new(&go);
        command
            .args(["install", "-trimpath", "-tags", part.tags, "tool"])
            .current_dir(&source)
            .env("GOBIN", &building)
            .env("GOFLAGS", "-mod=readonly")
            .env("CGO_ENABLED", "0");
        shell::succeed(command)?;
        fs::rename(&building, &folder).map_err(|error| error.to_string())?;
    }
    Ok(())
}

fn version(go_mod: &PathBuf, module: &str) -> Result<String, String> {
    let text =
        fs::read_to_string(go_mod).map_err(|error| format!("{}: {error}", go_mod.display()))?;
    pinned(&text, module).ok_or_else(|| format!("{} does not pin {module}", go_mod.display()))
}

/// Reads the version of a module out of a `go.mod`, without its `v`.
fn pinned(go_mod: &str, module: &str) -> Option<String> {
    go_mod.lines().find_map(|line| {
        let mut words = line
            .split_whitespace()
            .skip_while(|word| *word == "require");
        let found = words.next()? == module;
        let version = words.next()?.strip_prefix('v')?;
        found.then(|| version.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::pinned;

    #[test]
    fn the_version_is_read_from_the_go_mod() {
        let text = "module x\n\ntool a.b/c/v2/cmd/d\n\nrequire (\n\ta.b/c v1.0.0\n\ta.b/c/v2 v2.4.2 // indirect\n)\n";
        assert_eq!(pinned(text, "a.b/c/v2").as_deref(), Some("2.4.2"));
        assert_eq!(pinned(text, "a.b/c").as_deref(), Some("1.0.0"));
        assert_eq!(
            pinned("require a.b/c v1.2.3", "a.b/c").as_deref(),
            Some("1.2.3")
        );
        assert_eq!(pinned(text, "a.b/other"), None);
    }
}
