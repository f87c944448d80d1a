//! Where a fault of the app itself is written down: a panic, or a start that failed.
//!
//! One line each, to the standard error stream and, once the data folder is known, to `faults.log` in it.
//! Not a log of what the person does: nothing but faults is written, and nothing a person typed.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{SystemTime, UNIX_EPOCH};

/// The length (bytes) from which on the file starts again, so that it never fills a disk.
const LIMIT: u64 = 512 * 1024;

static FILE: OnceLock<PathBuf> = OnceLock::new();

/// Turns every panic of this process into a line.
pub fn install() {
    std::panic::set_hook(Box::new(|panic| {
        write(&panic.to_string().replace('\n', ": "));
    }));
}

/// Writes lines from now on also to a file in this folder.
pub fn keep_in(folder: &Path) {
    // Set once a process; a second call would name the same folder.
    let _ = FILE.set(folder.join("faults.log"));
}

/// Writes one line to the standard error stream, and to the file where the folder is known.
pub fn write(fault: &str) {
    let seconds = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    let line = format!("longshore {seconds}: {fault}\n");
    // A fault that can't be written down has nowhere else to go.
    let _ = std::io::stderr().write_all(line.as_bytes());
    if let Some(file) = FILE.get() {
        let _ = append(file, &line);
    }
}

fn append(file: &Path, line: &str) -> std::io::Result<()> {
    let full = std::fs::metadata(file).is_ok_and(|known| known.len() > LIMIT);
    let mut options = OpenOptions::new();
    options
        .create(true)
        .write(true)
        .append(!full)
        .truncate(full);
    let mut file = app::private_file(&mut options, file)?;
    file.write_all(line.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A panic that quotes a sign-in is the worst that can be written here.
    #[test]
    fn a_report_of_a_panic_holds_no_secret() {
        const SECRET: &str = "m4rked-s3cret";
        let folder = tempfile::tempdir().unwrap();
        keep_in(folder.path());
        let typed = serde_json::json!({
            "address": "lab.example", "user": "ana", "secret": SECRET, "allowPlainHttp": false, "agreed": [],
            "keep": { "kind": "encryptedFile", "passphrase": SECRET }, "connection": { "proxy": {
                "kind": "own", "address": "http://proxy.example:3128", "user": "ana", "secret": SECRET,
            } },
        });
        let second = serde_json::json!({"account": "1", "user": "ana", "secret": SECRET});
        let before = std::panic::take_hook();
        install();
        let of_second: Result<app::view::kinds::SecondOrder, _> = serde_json::from_value(second);
        let of_sheet: Result<app::view::accounts::NewAccount, _> = serde_json::from_value(typed);
        let quoted =
            std::thread::spawn(move || panic!("a sign-in failed: {of_sheet:?} {of_second:?}"))
                .join();
        std::panic::set_hook(before);
        assert!(quoted.is_err());
        let report = std::fs::read_to_string(folder.path().join("faults.log")).unwrap();
        assert!(report.contains("proxy.example"), "{report}");
        assert!(!report.contains(SECRET), "{report}");
    }

    #[test]
    fn lines_are_added_until_the_file_is_full_and_then_it_starts_again() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("faults.log");
        append(&file, "one\n").unwrap();
        append(&file, "two\n").unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "one\ntwo\n");

        std::fs::write(&file, vec![b'x'; usize::try_from(LIMIT).unwrap() + 1]).unwrap();
        append(&file, "three\n").unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "three\n");
    }
}
