//! `sandbox.json`: where the sandbox that `cargo xtask run` brought up is found.

use serde::Deserialize;
use std::path::Path;

/// The sandbox, as its file tells it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Sandbox {
    /// Its registry.
    pub host: String,
    /// Its user.
    pub user: String,
    /// Its secret, printed openly in the terminal too.
    pub secret: String,
    /// Its engine, where it has one.
    pub docker_host: Option<String>,
}

/// Reads the sandbox's file; none where it is not there or not readable.
pub(crate) fn read(file: &Path) -> Option<Sandbox> {
    serde_json::from_slice(&std::fs::read(file).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sandbox_is_read_and_a_broken_file_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sandbox.json");
        assert!(read(&file).is_none());
        std::fs::write(&file, "{").unwrap();
        assert!(read(&file).is_none());
        std::fs::write(
            &file,
            r#"{"host":"127.0.0.1:5000","user":"demo","secret":"s","dockerHost":null}"#,
        )
        .unwrap();
        let sandbox = read(&file).unwrap();
        assert_eq!(
            (sandbox.host.as_str(), sandbox.docker_host),
            ("127.0.0.1:5000", None)
        );
    }
}
