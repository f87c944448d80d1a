//! Ends the parts when this process is killed before it could do so itself (Ctrl C in the middle of a test).
//!
//! A small shell script holds the other end of a pipe and the list of process groups that run. When the pipe
//! closes, this process is gone, and the script ends what is still on the list.

#[cfg(unix)]
mod unix {
    use std::io::Write;
    use std::os::unix::process::CommandExt;
    use std::process::{ChildStdin, Command, Stdio};
    use std::sync::{LazyLock, Mutex};

    const SCRIPT: &str = r#"
alive=""
while read -r sign group; do
  if [ "$sign" = "+" ]; then
    alive="$alive $group"
  else
    rest=""
    for each in $alive; do [ "$each" = "$group" ] || rest="$rest $each"; done
    alive=$rest
  fi
done
[ -n "$alive" ] || exit 0
for each in $alive; do kill -s TERM -- "-$each"; done
sleep 5
for each in $alive; do kill -s KILL -- "-$each"; done
"#;

    static GUARD: LazyLock<Mutex<Option<ChildStdin>>> = LazyLock::new(|| Mutex::new(start()));

    fn start() -> Option<ChildStdin> {
        let mut child = Command::new("sh")
            .args(["-c", SCRIPT])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // A group of its own: what interrupts us must not end it as well.
            .process_group(0)
            .spawn()
            .ok()?;
        child.stdin.take()
    }

    pub(in crate::parts) fn note(sign: char, group: u32) {
        if let Ok(mut guard) = GUARD.lock()
            && let Some(pipe) = guard.as_mut()
        {
            let _ = pipe.write_all(format!("{sign} {group}\n").as_bytes());
        }
    }
}

/// Notes that a group has started.
pub(super) fn watch(group: u32) {
    #[cfg(unix)]
    unix::note('+', group);
    #[cfg(not(unix))]
    let _ = group;
}

/// Notes that a group has ended: its number may soon be another's.
pub(super) fn forget(group: u32) {
    #[cfg(unix)]
    unix::note('-', group);
    #[cfg(not(unix))]
    let _ = group;
}
