//! What speaks TLS for a server that doesn't, under a name of its own: an engine reaches a registry that is played only so where the
//! name wants TLS. Grows not.

use super::Certificates;
use anyhow::Result;
use std::sync::Arc;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// A running end of TLS; it ends with this value.
#[derive(Debug)]
pub struct TlsFront {
    host: String,
    task: JoinHandle<()>,
}

impl TlsFront {
    /// Starts one that shows this certificate and passes on what it is told to a server at `127.0.0.1:port`.
    pub async fn start(of: &Certificates, leads_to: &str) -> Result<Self> {
        let chain = CertificateDer::pem_slice_iter(of.certificate.as_bytes());
        let chain = chain.collect::<Result<Vec<_>, _>>()?;
        let key = PrivateKeyDer::from_pem_slice(of.key.as_bytes())?;
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)?;
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let host = listener.local_addr()?.to_string();
        let leads_to = leads_to.to_owned();
        let task = tokio::spawn(async move {
            while let Ok((caller, _)) = listener.accept().await {
                let (acceptor, leads_to) = (acceptor.clone(), leads_to.clone());
                tokio::spawn(async move {
                    // Whoever calls goes away at any time.
                    if let (Ok(mut caller), Ok(mut server)) = (
                        acceptor.accept(caller).await,
                        TcpStream::connect(leads_to).await,
                    ) {
                        let _ = copy_bidirectional(&mut caller, &mut server).await;
                    }
                });
            }
        });
        Ok(Self { host, task })
    }

    /// Returns `127.0.0.1:port`.
    pub fn host(&self) -> &str {
        &self.host
    }
}

impl Drop for TlsFront {
    fn drop(&mut self) {
        self.task.abort();
    }
}
