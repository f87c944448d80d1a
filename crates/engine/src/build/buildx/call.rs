//! How the program is called: what it is told, and what it may not be led to by the person's environment.
//!
//! Not here: running it (`run`). Grows by another thing that `buildx build` can be told.

use std::ffi::OsString;
use std::path::Path;
use std::process::Stdio;

use tokio::process::Command;

use super::Buildx;
use crate::Address;
use crate::build::BuildOf;

/// Variables that would lead it elsewhere than it is told.
pub(super) const UNSET: [&str; 8] = [
    "BUILDX_BUILDER",
    "BUILDX_EXPERIMENTAL",
    "BUILDX_METADATA_PROVENANCE",
    "BUILDX_NO_DEFAULT_LOAD",
    "DOCKER_CONTEXT",
    "DOCKER_DEFAULT_PLATFORM",
    "DOCKER_TLS",
    "DOCKER_TLS_VERIFY",
];

impl Buildx {
    /// Writes down what is run.
    pub(super) fn command(&self, address: &Address, of: &BuildOf, told: &Path) -> Command {
        let mut command = Command::new(&self.program);
        command.args([
            "build",
            "--builder",
            "default",
            "--progress",
            "rawjson",
            "--provenance=false",
            "--sbom=false",
            "--metadata-file",
        ]);
        command.arg(told);
        command.arg("--file").arg(of.folder.join(&of.dockerfile));
        let mut add = |option: &str, value: Option<&String>| {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                command.arg(option).arg(value);
            }
        };
        add("--target", of.target.as_ref());
        add("--platform", of.platform.as_ref());
        add("--tag", of.name.as_ref());
        if of.no_cache {
            command.arg("--no-cache");
        }
        for (name, value) in &of.args {
            if is_its_own(name) {
                command.arg("--build-arg").arg(format!("{name}={value}"));
            } else {
                // Not where everybody on this computer can read it.
                command.arg("--build-arg").arg(name).env(name, value);
            }
        }
        for (id, file) in &of.secrets {
            command.arg("--secret").arg(secret(id, file));
        }
        command
            .arg(&of.folder)
            .env("DOCKER_HOST", address.to_string())
            .env("BUILDX_CONFIG", &self.state);
        for name in UNSET {
            command.env_remove(name);
        }
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        #[cfg(unix)]
        command.process_group(0);
        command
    }
}

/// Tells whether a variable would mean something to the program itself, or to what it stands on.
pub(super) fn is_its_own(name: &str) -> bool {
    const BEGINS: [&str; 7] = [
        "BUILDKIT_",
        "BUILDX_",
        "LC_",
        "LD_",
        "OTEL_",
        "SSL_",
        "XDG_",
    ];
    // Whole names where what begins so is as often a secret of somebody else's: `GOOGLE_API_KEY`, `DOCKER_PASSWORD`.
    const NAMES: [&str; 31] = [
        "DOCKER_API_VERSION",
        "DOCKER_AUTH_CONFIG",
        "DOCKER_BUILDKIT",
        "DOCKER_CERT_PATH",
        "DOCKER_CLI_HINTS",
        "DOCKER_CONFIG",
        "DOCKER_CONTENT_TRUST",
        "DOCKER_CONTENT_TRUST_SERVER",
        "DOCKER_CONTEXT",
        "DOCKER_CUSTOM_HEADERS",
        "DOCKER_DEFAULT_PLATFORM",
        "DOCKER_HIDE_LEGACY_COMMANDS",
        "DOCKER_HOST",
        "DOCKER_TLS",
        "DOCKER_TLS_VERIFY",
        "GOCOVERDIR",
        "GODEBUG",
        "GOGC",
        "GOMAXPROCS",
        "GOMEMLIMIT",
        "GORACE",
        "GOTRACEBACK",
        "HOME",
        "LANG",
        "PATH",
        "SHELL",
        "SSH_ASKPASS",
        "SSH_AUTH_SOCK",
        "TMPDIR",
        "TMP",
        "TEMP",
    ];
    let name = name.to_ascii_uppercase();
    name.ends_with("_PROXY")
        || NAMES.contains(&name.as_str())
        || BEGINS.iter().any(|begin| name.starts_with(begin))
}

/// Writes a secret as the program reads it: comma separated values.
fn secret(id: &str, file: &Path) -> OsString {
    let field = |text: String| {
        if text.contains([',', '"', '\n', '\r']) {
            format!("\"{}\"", text.replace('"', "\"\""))
        } else {
            text
        }
    };
    let source = field(format!("src={}", file.display()));
    format!("{},{source}", field(format!("id={id}"))).into()
}
