//! The image of a real registry, as an engine runs it: Debian's program with the libraries it needs, in the places where the
//! public images have theirs.
//!
//! Grows by another program that is wanted in a container.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::ImageSpec;
use crate::parts::Part;

/// Where the public images have their settings.
const CONFIG: &str = "etc/distribution/config.yml";
/// What theirs are: the data in the usual place, the port on all addresses of the container.
const SETTINGS: &str = "version: 0.1\nstorage:\n  filesystem:\n    rootdirectory: /var/lib/registry\nhttp:\n  addr: :5000\n";

/// Describes the image: what it runs is the registry, with its settings as the argument.
pub fn registry() -> Result<ImageSpec> {
    let program = Part::Registry.program("docker-registry");
    let program = program.context("docker-registry is missing")?;
    let mut files = vec![("bin/registry".to_owned(), fs::read(&program)?)];
    for library in libraries(&program)? {
        let inside = library.trim_start_matches('/').to_owned();
        files.push((inside, fs::read(&library)?));
    }
    files.push((CONFIG.to_owned(), SETTINGS.as_bytes().to_vec()));
    let mut spec = ImageSpec::of_layers(&[]);
    spec.layers.push(files);
    Ok(spec.runs(&["/bin/registry", "serve", &format!("/{CONFIG}")]))
}

/// Lists the files that a program is run with; none where it needs none.
fn libraries(program: &Path) -> Result<Vec<String>> {
    let told = Command::new("ldd").arg(program).output()?;
    if !told.status.success() {
        let said = String::from_utf8_lossy(&told.stderr);
        // It is whole by itself.
        if said.contains("not a dynamic executable") {
            return Ok(Vec::new());
        }
        bail!("ldd: {said}");
    }
    let told = String::from_utf8(told.stdout)?;
    let path = |line: &str| {
        let mut words = line.split_whitespace();
        words.find(|word| word.starts_with('/')).map(str::to_owned)
    };
    Ok(told.lines().filter_map(path).collect())
}
