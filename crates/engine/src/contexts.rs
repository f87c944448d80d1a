//! Docker contexts: the engines that the Docker client of this computer has names for, and the one it is set to.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use oci::Digest;
use serde::Deserialize;

use crate::Address;
use crate::address::TlsFiles;

/// The largest file that is read. `config.json` may hold many sign-ins; nothing sensible is larger than this.
const LARGEST: u64 = 1024 * 1024;
/// So many contexts are read.
const MOST: usize = 64;

#[derive(Deserialize)]
struct Config {
    #[serde(rename = "currentContext")]
    current_context: Option<String>,
}

#[derive(Deserialize)]
struct Meta {
    #[serde(rename = "Name")]
    name: String,
    #[serde(rename = "Endpoints")]
    endpoints: Endpoints,
}

#[derive(Deserialize)]
struct Endpoints {
    docker: Option<Endpoint>,
}

#[derive(Deserialize)]
struct Endpoint {
    #[serde(rename = "Host")]
    host: Option<String>,
    #[serde(default, rename = "SkipTLSVerify")]
    skip_tls_verify: bool,
}

/// A context with the address of its engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Context {
    pub name: String,
    pub address: Address,
}

/// Returns the current context in this Docker configuration folder. `None` when it is the default one, or when anything
/// about it is missing or malformed. `chosen` takes the place of what the configuration says.
pub(crate) fn current(config: &Path, chosen: Option<&str>) -> Option<Context> {
    let name = match chosen {
        Some(name) => name.to_owned(),
        None => {
            serde_json::from_slice::<Config>(&small_file(&config.join("config.json"))?)
                .ok()?
                .current_context?
        }
    };
    named(config, &name)
}

/// Returns the context of this name, where there is one.
pub(crate) fn named(config: &Path, name: &str) -> Option<Context> {
    if name.is_empty() || name == "default" {
        return None;
    }
    // Docker names the folder by the hash of the context's name, so a hostile name cannot lead elsewhere.
    let id = Digest::sha256_of(name.as_bytes());
    read(config, id.hex()).filter(|context| context.name == name)
}

/// Lists the contexts by their names; what is malformed is left out.
pub(crate) fn all(config: &Path) -> Vec<Context> {
    let folder = std::fs::read_dir(config.join("contexts/meta"));
    let mut contexts: Vec<Context> = folder
        .into_iter()
        .flatten()
        .take(MOST)
        .flatten()
        .filter_map(|entry| {
            let id = entry.file_name();
            let id = id.to_str()?;
            let is_its = |context: &Context| Digest::sha256_of(context.name.as_bytes()).hex() == id;
            read(config, id).filter(is_its)
        })
        .collect();
    contexts.sort_by(|a, b| a.name.cmp(&b.name));
    contexts
}

fn read(config: &Path, id: &str) -> Option<Context> {
    let contexts = config.join("contexts");
    let file = contexts.join("meta").join(id).join("meta.json");
    let meta: Meta = serde_json::from_slice(&small_file(&file)?).ok()?;
    let endpoint = meta.endpoints.docker?;
    let host = endpoint.host.filter(|host| !host.is_empty())?;
    let tls = contexts.join("tls").join(id).join("docker");
    let address = if endpoint.skip_tls_verify {
        // Whoever stands on the way could pretend to be this engine, and would be told every secret.
        Address::Unusable {
            given: host,
            why: format!(
                "The context {} says not to check the engine's certificate, so it isn't used.",
                oci::text::plain(&meta.name, 100)
            ),
        }
    } else if tls.is_dir() {
        Address::parse_tls(&host, TlsFiles::in_folder(&tls))
    } else {
        Address::parse(&host)
    };
    Some(Context {
        name: meta.name,
        address,
    })
}

/// Reads an ordinary file of bounded size.
fn small_file(path: &Path) -> Option<Vec<u8>> {
    // Opening a named pipe would wait for its other end.
    if !std::fs::metadata(path).ok()?.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    File::open(path)
        .ok()?
        .take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .ok()?;
    (bytes.len() as u64 <= LARGEST).then_some(bytes)
}
