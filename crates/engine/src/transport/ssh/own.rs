//! What the person's own configuration of `ssh` says of a computer, as `ssh` itself reads it (`ssh -G`).
//!
//! Only what decides how it is called is read. Not here: the call (the module above). Grows by another setting that is
//! left to the person.

use std::io;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncReadExt;

use super::{command, whom};
use crate::address::SshTarget;

/// How long `ssh` may take to say it: a configuration may ask programs.
const ASKED: Duration = Duration::from_secs(5);
/// So much of what it says is read.
const MOST: u64 = 256 * 1024;

/// What the person's own configuration says of a computer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Own {
    /// It says how long connecting may take.
    pub limits_connecting: bool,
    /// It says how long the other end may be silent.
    pub limits_silence: bool,
    /// This `ssh` can share a sign-in.
    pub can_share: bool,
    /// Where the person themselves share one, once it runs.
    pub theirs: Option<PathBuf>,
}

impl Own {
    /// Returns what is taken for it where `ssh` hasn't said it: the limits may be the person's, and are left alone.
    pub fn unknown() -> Self {
        Self {
            limits_connecting: true,
            limits_silence: true,
            ..Self::default()
        }
    }
}

/// Asks `ssh`; nothing is set by one that can't say it, and none is one that doesn't say it in time. An error where there
/// is no `ssh`.
pub(super) async fn ask(target: &SshTarget) -> io::Result<Option<Own>> {
    // Some systems change a limit with `BatchMode`, which is ours.
    let mut child = command(target)
        .args(["-G", "-o", "BatchMode=no"])
        .args(whom(target))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let Some(stdout) = child.stdout.take() else {
        return Ok(Some(Own::default()));
    };
    let mut said = Vec::new();
    let mut stdout = stdout.take(MOST);
    let read = tokio::time::timeout(ASKED, stdout.read_to_end(&mut said)).await;
    Ok(match read {
        Ok(Ok(_)) => Some(read_settings(&String::from_utf8_lossy(&said))),
        Ok(Err(_)) => Some(Own::default()),
        Err(_) => None,
    })
}

/// Reads lines of a setting and its value. What is not set has a value as well: none, or 0.
fn read_settings(said: &str) -> Own {
    let mut own = Own::default();
    for line in said.lines() {
        let (setting, value) = line.split_once(' ').unwrap_or((line, ""));
        match setting {
            "connecttimeout" => own.limits_connecting = value != "none" && value != "0",
            "serveraliveinterval" => own.limits_silence = value != "0",
            "controlmaster" => own.can_share = true,
            "controlpath" => own.theirs = (value != "none").then(|| PathBuf::from(value)),
            _ => {}
        }
    }
    own
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_set_is_told_from_what_is() {
        // OpenSSH 9.2 `ssh -G`, in parts.
        let nothing = "host lab\nbatchmode no\ncontrolmaster false\nserveralivecountmax 3\nserveraliveinterval 0\nconnecttimeout none\ncontrolpersist no\n";
        let unset = Own {
            can_share: true,
            ..Own::default()
        };
        assert_eq!(read_settings(nothing), unset);
        let set = "controlmaster auto\nserveraliveinterval 60\ncontrolpath /home/a b/.ssh/cm-1afc\nconnecttimeout 30\n";
        let own = Own {
            limits_connecting: true,
            limits_silence: true,
            can_share: true,
            theirs: Some("/home/a b/.ssh/cm-1afc".into()),
        };
        assert_eq!(read_settings(set), own);
        assert_eq!(
            read_settings("controlmaster false\ncontrolpath none"),
            unset
        );
        assert_eq!(read_settings("unknown option -- G"), Own::default());
    }
}
