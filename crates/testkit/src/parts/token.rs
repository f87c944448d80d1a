//! A token service in this process, as registries with bearer sign-in have one.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Result, anyhow};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use rcgen::{CertificateParams, KeyPair};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// The name the registry and the tokens agree on.
pub(crate) const ISSUER: &str = "longshore-tests";
pub(crate) const SERVICE: &str = "registry";

/// Signs tokens for one registry; ends with its owner.
#[derive(Debug)]
pub(crate) struct TokenService {
    realm: String,
    certificate: String,
    given: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

struct Signer {
    key: EcdsaKeyPair,
    certificate: String,
    /// Who may do what is asked for.
    owner: String,
    /// Who may pull alone.
    readers: Vec<String>,
    life: Duration,
    given: Arc<AtomicUsize>,
}

/// How much later than a token says distribution takes it for ended (`Leeway`, 2.x and 3).
const LEEWAY: u64 = 60;

impl TokenService {
    /// Starts one for the owner and those who may only read, each as user and secret. A token is taken for so long.
    pub(crate) async fn start(
        owner: (&str, &str),
        readers: &[(&str, &str)],
        life: Duration,
    ) -> Result<Self> {
        let pair = KeyPair::generate()?;
        let certificate =
            CertificateParams::new(vec!["token.invalid".to_owned()])?.self_signed(&pair)?;
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &pair.serialize_der())
            .map_err(|error| anyhow!("token key: {error}"))?;
        let given = Arc::default();
        let signer = Arc::new(Signer {
            key,
            certificate: STANDARD.encode(certificate.der()),
            owner: both(owner),
            readers: readers.iter().copied().map(both).collect(),
            life,
            given: Arc::clone(&given),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let realm = format!("http://{}/token", listener.local_addr()?);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let signer = signer.clone();
                tokio::spawn(async move {
                    let service = hyper::service::service_fn(move |request| {
                        let signer = signer.clone();
                        async move { Ok::<_, Infallible>(signer.answer(request).await) }
                    });
                    let _ = hyper::server::conn::http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service)
                        .await;
                });
            }
        });
        Ok(Self {
            realm,
            certificate: certificate.pem(),
            given,
            task,
        })
    }

    pub(crate) fn realm(&self) -> &str {
        &self.realm
    }

    /// Returns how many tokens were given.
    pub(crate) fn given(&self) -> usize {
        self.given.load(Ordering::SeqCst)
    }

    pub(crate) fn certificate_pem(&self) -> &str {
        &self.certificate
    }
}

impl Drop for TokenService {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Signer {
    /// Answers both flows: GET with Basic, and the OAuth 2 form by POST.
    async fn answer(&self, request: Request<Incoming>) -> Response<Full<Bytes>> {
        let basic = request
            .headers()
            .get("authorization")
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Basic "))
            .and_then(|value| STANDARD.decode(value).ok())
            .and_then(|bytes| String::from_utf8(bytes).ok());
        let mut pairs: Vec<(String, String)> =
            url::form_urlencoded::parse(request.uri().query().unwrap_or_default().as_bytes())
                .into_owned()
                .collect();
        if let Ok(body) = request.into_body().collect().await {
            pairs.extend(url::form_urlencoded::parse(&body.to_bytes()).into_owned());
        }
        let field = |name: &str| {
            pairs
                .iter()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.as_str())
        };
        let given =
            basic.or_else(|| Some(format!("{}:{}", field("username")?, field("password")?)));
        let is_owner = given.as_ref() == Some(&self.owner);
        let Some(given) = given.filter(|given| is_owner || self.readers.contains(given)) else {
            return reply(
                401,
                &json!({"errors": [{"code": "UNAUTHORIZED", "message": "authentication required"}]}),
            );
        };
        let access: Vec<Value> = pairs
            .iter()
            .filter(|(key, _)| key == "scope")
            .flat_map(|(_, scope)| scope.split(' '))
            .filter_map(|scope| access(scope, is_owner))
            .collect();
        let user = given.split(':').next().unwrap_or_default();
        match self.sign(user, &access) {
            Ok(token) => {
                self.given.fetch_add(1, Ordering::SeqCst);
                reply(
                    200,
                    &json!({"token": token, "access_token": token, "expires_in": self.life.as_secs()}),
                )
            }
            Err(error) => reply(
                500,
                &json!({"errors": [{"code": "UNKNOWN", "message": error.to_string()}]}),
            ),
        }
    }

    fn sign(&self, user: &str, access: &[Value]) -> Result<String> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let header = json!({"typ": "JWT", "alg": "ES256", "x5c": [self.certificate]});
        let claims = json!({
            "iss": ISSUER, "sub": user, "aud": SERVICE, "exp": now + self.life.as_secs() - LEEWAY, "nbf": now - 10,
            "iat": now, "jti": format!("{now}"), "access": access,
        });
        let text = format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(header.to_string()),
            URL_SAFE_NO_PAD.encode(claims.to_string())
        );
        let signature = self
            .key
            .sign(&SystemRandom::new(), text.as_bytes())
            .map_err(|error| anyhow!("sign a token: {error}"))?;
        Ok(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}

fn both((user, secret): (&str, &str)) -> String {
    format!("{user}:{secret}")
}

/// Reads `type:name:action,action`, where the name itself may hold a colon. Who may only read gets nothing else.
fn access(scope: &str, is_owner: bool) -> Option<Value> {
    let (kind, rest) = scope.split_once(':')?;
    let (name, actions) = rest.rsplit_once(':')?;
    let actions = actions.split(',');
    let actions: Vec<&str> = actions
        .filter(|action| is_owner || kind != "repository" || *action == "pull")
        .collect();
    Some(json!({"type": kind, "name": name, "actions": actions}))
}

fn reply(status: u16, body: &Value) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body.to_string())));
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap_or_default();
    response.headers_mut().insert(
        "content-type",
        http::HeaderValue::from_static("application/json"),
    );
    response
}
