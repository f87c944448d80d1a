//! Registries behind a proxy: an HTTP one that wants a sign-in, SOCKS, one that is gone and one that refuses.

use crate::world::*;
use registry::{Endpoint, HttpOptions, Kind, Proxy, ProxyFault, ProxyOptions, Scheme};
use testkit::parts::{self, Part, Registry, RegistryOptions, need};

const SCHEMES: [&str; 3] = ["http", "socks5", "socks5h"];

fn by(proxy: Proxy) -> HttpOptions {
    HttpOptions {
        proxy: ProxyOptions::Own(proxy),
        ..quick()
    }
}

fn at(scheme: &str, proxy: &parts::Proxy) -> Proxy {
    Proxy::parse(&format!("{scheme}://{}", proxy.host())).unwrap()
}

fn as_ana(proxy: Proxy, secret: &str) -> Proxy {
    proxy.with_sign_in("ana".into(), secret.to_owned().into())
}

async fn probe(server: &str, options: &HttpOptions) -> Result<registry::Probe, Kind> {
    let probed = registry::Registry::probe_with(&host(server), None, options).await;
    probed.map_err(|error| error.kind)
}

#[tokio::test]
async fn a_registry_is_reached_through_a_proxy_that_wants_a_sign_in() {
    if !need(Part::Registry) {
        return;
    }
    for tls in [false, true] {
        let server = Registry::start(RegistryOptions {
            auth: Some((USER, SECRET)),
            tls,
            ..RegistryOptions::default()
        })
        .await
        .unwrap();
        for scheme in SCHEMES {
            let proxy = parts::Proxy::start(Some(("ana", "p:s@ü"))).await.unwrap();
            let mut options = by(as_ana(at(scheme, &proxy), "p:s@ü"));
            options.tls = server.ca_pem().map(vouched).unwrap_or_default();
            let probed = probe(&server.host(), &options).await.unwrap();
            assert_eq!(probed.tls, tls);
            let ways = Some(probed.ways);
            let client = registry::Registry::open(probed.endpoint, signed_in(), ways, &options);
            client.unwrap().check().await.unwrap();
            let how = match (scheme, tls) {
                ("http", true) => "connect",
                ("http", false) => "forward",
                _ => "socks",
            };
            let way = format!("{how} {}", server.host());
            assert!(proxy.asked().contains(&way), "{way}: {:?}", proxy.asked());

            let asked = server.access_log().len();
            for wrong in [at(scheme, &proxy), as_ana(at(scheme, &proxy), "wrong")] {
                let mut options = options.clone();
                options.proxy = ProxyOptions::Own(wrong);
                let told = probe(&server.host(), &options).await.unwrap_err();
                assert_eq!(told, Kind::Proxy(ProxyFault::SignIn), "{scheme} {tls}");
            }
            assert_eq!(server.access_log().len(), asked);
        }
    }
}

#[tokio::test]
async fn a_proxy_that_is_gone_and_one_that_refuses_are_told_apart() {
    let (server, _) = open().await;
    let refusing = parts::Proxy::refusing().await.unwrap();
    for scheme in SCHEMES {
        let gone = by(Proxy::parse(&format!("{scheme}://127.0.0.1:1")).unwrap());
        let told = probe(&server.host(), &gone).await.unwrap_err();
        assert_eq!(told, Kind::Proxy(ProxyFault::Unreachable), "{scheme}");
        let told = probe(&server.host(), &by(at(scheme, &refusing))).await;
        let told = told.unwrap_err();
        assert!(
            matches!(told, Kind::Proxy(ProxyFault::Refused(_))),
            "{scheme}: {told:?}"
        );
    }
    assert_eq!(server.requests(), []);
}

#[tokio::test]
async fn nobody_of_a_proxy_gets_what_is_the_registrys() {
    let (server, _) = open().await;
    let proxy = parts::Proxy::start(None).await.unwrap();
    let endpoint = Endpoint {
        scheme: Scheme::Https,
        host: host(&server.host()),
    };
    let made = parts::Certificates::for_loopback().unwrap();
    let mut options = by(at("https", &proxy));
    options.tls = vouched(&made.ca);
    let refused = registry::Registry::with_options(endpoint, anonymous(), &options);
    assert_eq!(refused.unwrap_err().kind, Kind::Invalid);
    assert_eq!(proxy.asked(), [""; 0]);
}
