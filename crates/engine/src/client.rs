//! The engine itself: connecting, agreeing on a version, and asking what it is.

use std::sync::Arc;
use std::time::Duration;

use bollard::errors::Error as BollardError;
use bollard::{BollardRequest, Docker};
use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::Empty;
use oci::Platform;
use serde::Deserialize;

use crate::insecure::{self, Insecure};
use crate::raw::Ask;
use crate::transport::{self, NotOpened, Transport};
use crate::version::ApiVersion;
use crate::{Address, Error};

/// The time an engine may take to say that it is there, once it is reached.
const PING: Duration = Duration::from_secs(10);
/// The seconds a question may take. Lists of many images on a cold disk take their time.
const QUESTION: u64 = 120;

/// A connected engine. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    transport: Transport,
    docker: Docker,
    version: ApiVersion,
    podman: bool,
    address: Address,
}

/// The facts an engine tells of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Info {
    /// `Docker` or `Podman`.
    pub name: String,
    /// The engine's version.
    pub version: String,
    /// The API version that is spoken with it.
    pub api: String,
    /// The way it keeps its images.
    pub store: ImageStoreKind,
    /// The platform of the images it runs.
    pub platform: Platform,
    /// The registries to which it may speak without TLS; empty where it doesn't say (Podman).
    pub insecure: Insecure,
}

/// The ways in which an engine keeps its images.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageStoreKind {
    /// Unpacked layers only; an image's id is the digest of its configuration.
    GraphDriver,
    /// Containerd's content store; an image's id is the digest of its manifest or index.
    Containerd,
}

/// What `/version` says.
#[derive(Deserialize)]
struct Itself {
    #[serde(rename = "Version")]
    version: Option<String>,
    #[serde(rename = "Os")]
    os: Option<String>,
    #[serde(rename = "Arch")]
    arch: Option<String>,
}

/// What is read of `/info`.
#[derive(Deserialize)]
struct About {
    #[serde(rename = "DriverStatus")]
    driver_status: Option<Vec<Vec<String>>>,
    #[serde(rename = "RegistryConfig")]
    registries: Option<insecure::Settings>,
}

impl Engine {
    /// Connects to the engine at this address and agrees with it on an API version.
    pub async fn connect(address: &Address) -> Result<Self, Error> {
        Self::try_connect(address).await.map_err(|not| not.error)
    }

    /// Finds the first of these engines that answers. Where none does, the error tells of the first that is there but
    /// cannot be used.
    pub async fn first(candidates: &[Address]) -> Result<Self, Error> {
        let mut unusable = None;
        let mut missing = None;
        for address in candidates {
            match Self::try_connect(address).await {
                Ok(engine) => return Ok(engine),
                Err(not) if not.nothing_there => missing = Some(not.error),
                Err(not) => unusable = unusable.or(Some(not.error)),
            }
        }
        Err(unusable
            .or_else(|| missing.filter(|_| candidates.len() == 1))
            .unwrap_or_else(|| {
                Error::Absent("No container engine is running on this computer.".to_owned())
            }))
    }

    async fn try_connect(address: &Address) -> Result<Self, NotOpened> {
        let transport = Transport::new(address);
        let answer = async {
            match ping(&transport).await {
                // Over SSH it is known only then that there is no Docker.
                Err(not) if not.error.is_no_program() && transport.try_podman() => {
                    ping(&transport).await
                }
                answer => answer,
            }
        };
        let headers = match tokio::time::timeout(transport.reaching() + PING, answer).await {
            Ok(answer) => answer?,
            Err(_) => {
                return Err(there(Error::Absent(format!(
                    "The engine at {address} does not answer."
                ))));
            }
        };
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let version = ApiVersion::negotiate(text("api-version")).map_err(there)?;
        let podman = headers.contains_key("libpod-api-version")
            || text("server").is_some_and(|server| server.starts_with("Libpod"));
        let docker = bollard(&transport, version).map_err(there)?;
        let inner = Inner {
            transport,
            docker,
            version,
            podman,
            address: address.clone(),
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// Returns the address at which the engine was found.
    pub fn address(&self) -> &Address {
        &self.inner.address
    }

    /// Returns what the engine is called: `Docker` or `Podman`.
    pub fn name(&self) -> &'static str {
        if self.is_podman() { "Podman" } else { "Docker" }
    }

    /// Tells whether it is Podman.
    pub fn is_podman(&self) -> bool {
        self.inner.podman
    }

    /// Asks the engine what it is.
    pub async fn info(&self) -> Result<Info, Error> {
        let version: Itself = self.ask_json(Ask::get("/version")).await?;
        let (store, insecure) = if self.inner.podman {
            (ImageStoreKind::GraphDriver, Insecure::default())
        } else {
            let info: About = self.ask_json(Ask::get("/info")).await?;
            let store = store_of(&info.driver_status.unwrap_or_default());
            (store, Insecure::of(info.registries.unwrap_or_default()))
        };
        Ok(Info {
            name: self.name().to_owned(),
            version: version.version.unwrap_or_default(),
            api: self.inner.version.to_string(),
            store,
            platform: platform(version.os.as_deref(), version.arch.as_deref()),
            insecure,
        })
    }

    pub(crate) fn docker(&self) -> &Docker {
        &self.inner.docker
    }

    pub(crate) fn transport(&self) -> &Transport {
        &self.inner.transport
    }

    pub(crate) fn version(&self) -> ApiVersion {
        self.inner.version
    }
}

fn there(error: Error) -> NotOpened {
    NotOpened {
        error,
        nothing_there: false,
    }
}

async fn ping(transport: &Transport) -> Result<HeaderMap, NotOpened> {
    let request = Request::get("/_ping")
        .body(Empty::<Bytes>::new())
        .map_err(|e| there(Error::Broken(e.to_string())))?;
    let (response, _connection) = transport.try_send(request).await?;
    if response.status() != StatusCode::OK {
        return Err(there(Error::Refused {
            status: response.status().as_u16(),
            message: format!(
                "What answers there is not a container engine (status {}).",
                response.status().as_u16()
            ),
        }));
    }
    Ok(response.headers().clone())
}

/// Opens `bollard` over our transport. It leaves the version out of its paths; we put it in.
fn bollard(transport: &Transport, version: ApiVersion) -> Result<Docker, Error> {
    let transport = transport.clone();
    let send = move |request: BollardRequest| {
        let transport = transport.clone();
        async move {
            let (mut parts, body) = request.into_parts();
            parts.uri = transport::versioned(&parts.uri, version)?;
            match transport.send(http::Request::from_parts(parts, body)).await {
                Ok((response, connection)) => {
                    connection.leave();
                    Ok(response)
                }
                Err(error) => Err(BollardError::IOError {
                    err: std::io::Error::other(error),
                }),
            }
        }
    };
    Ok(Docker::connect_with_custom_transport(
        send,
        Some("http://localhost"),
        QUESTION,
        &version.for_bollard(),
    )?)
}

/// Reads what an engine says it runs on; what it doesn't say, or says in other words than platforms have, is taken from here.
fn platform(os: Option<&str>, arch: Option<&str>) -> Platform {
    let here = Platform::here();
    let with = |os: &str, arch: &str| Platform::read(os, arch, None);
    let os = os.filter(|os| with(os, &here.architecture).is_some());
    let arch = arch.filter(|arch| with(&here.os, arch).is_some());
    let read = with(os.unwrap_or("linux"), arch.unwrap_or(&here.architecture));
    read.unwrap_or(here)
}

fn store_of(driver_status: &[Vec<String>]) -> ImageStoreKind {
    let containerd = driver_status.iter().any(|pair| {
        matches!(pair.as_slice(), [name, value] if name == "driver-type" && value == "io.containerd.snapshotter.v1")
    });
    if containerd {
        ImageStoreKind::Containerd
    } else {
        ImageStoreKind::GraphDriver
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_that_says_no_platform_runs_on_this_one() {
        let here = Platform::here().architecture;
        let told = |os, arch| platform(os, arch).to_string();
        assert_eq!(told(Some("linux"), Some("s390x")), "linux/s390x");
        assert_eq!(told(Some(""), Some("arm64")), "linux/arm64");
        assert_eq!(
            told(Some("windows"), Some("a\u{202e}b")),
            format!("windows/{here}")
        );
        assert_eq!(told(None, None), format!("linux/{here}"));
    }

    #[test]
    fn the_store_is_told_by_the_driver_status() {
        let pair = |a: &str, b: &str| vec![a.to_owned(), b.to_owned()];
        assert_eq!(store_of(&[]), ImageStoreKind::GraphDriver);
        assert_eq!(
            store_of(&[pair("Backing Filesystem", "extfs"), vec![]]),
            ImageStoreKind::GraphDriver
        );
        assert_eq!(
            store_of(&[pair("driver-type", "io.containerd.snapshotter.v1")]),
            ImageStoreKind::Containerd
        );
    }
}
