//! Node.js is the person's to install; the UI's packages are ours.

use std::fs;
use std::process::Command;

use crate::{Done, places, shell};

/// The oldest Node.js that the UI's tools run on.
const OLDEST: (u32, u32) = (20, 19);

/// Checks that a Node.js is there which the UI's tools run on.
pub fn there() -> Done {
    let mut node = Command::new("node");
    node.arg("--version");
    let version = shell::output(node).unwrap_or_default();
    let Some(found) = parse(&version) else {
        return Err("Node.js is missing: install 20.19 or newer (https://nodejs.org).".to_owned());
    };
    if found < OLDEST {
        return Err(format!(
            "Node.js {} is too old: 20.19 or newer is needed.",
            version.trim()
        ));
    }
    if shell::find("npm").is_none() {
        return Err("npm is missing; it comes with Node.js.".to_owned());
    }
    Ok(())
}

/// Installs the UI's packages when their list is newer than what is there.
pub fn packages() -> Done {
    if fresh() {
        return Ok(());
    }
    shell::succeed(shell::npm(&["ci", "--no-audit", "--no-fund"]))
}

/// Tells whether the packages are as new as their list. npm writes its own list into `node_modules` last.
fn fresh() -> bool {
    let time = |path: &str| fs::metadata(places::ui().join(path)).and_then(|file| file.modified());
    match (
        time("node_modules/.package-lock.json"),
        time("package-lock.json"),
    ) {
        (Ok(installed), Ok(wanted)) => installed >= wanted,
        _ => false,
    }
}

fn parse(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.trim().strip_prefix('v')?.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::{OLDEST, parse};

    #[test]
    fn versions_compare_as_numbers() {
        assert_eq!(parse("v20.19.2\n"), Some((20, 19)));
        assert!(parse("v20.9.0") < Some(OLDEST));
        assert!(parse("v22.1.0") > Some(OLDEST));
        assert_eq!(parse(""), None);
    }
}
