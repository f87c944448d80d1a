//! Docker contexts: the engine that the Docker client of this computer is set to.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use oci::Digest;
use serde::Deserialize;

use crate::Address;

/// The largest file that is read. `config.json` may hold many sign-ins; nothing sensible is larger than this.
const LARGEST: u64 = 1024 * 1024;

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
}

/// Returns the address of the current context in this Docker configuration folder. `None` when it is the default one,
/// or when anything about it is missing or malformed. `chosen` takes the place of what the configuration says.
pub(crate) fn current(config: &Path, chosen: Option<&str>) -> Option<Address> {
    let name = match chosen {
        Some(name) => name.to_owned(),
        None => {
            serde_json::from_slice::<Config>(&small_file(&config.join("config.json"))?)
                .ok()?
                .current_context?
        }
    };
    if name.is_empty() || name == "default" {
        return None;
    }
    // Docker names the folder by the hash of the context's name, so a hostile name cannot lead elsewhere.
    let id = Digest::sha256_of(name.as_bytes());
    let id = id.hex();
    let contexts = config.join("contexts");
    let meta: Meta = serde_json::from_slice(&small_file(
        &contexts.join("meta").join(id).join("meta.json"),
    )?)
    .ok()?;
    if meta.name != name {
        return None;
    }
    let tls = contexts.join("tls").join(id).join("docker").is_dir();
    let host = meta
        .endpoints
        .docker?
        .host
        .filter(|host| !host.is_empty())?;
    Some(Address::parse(&host, tls))
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
