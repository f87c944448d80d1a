//! The scripted registry does what engines and clients need of one, asked over plain HTTP.

use super::*;
use crate::images::digest;
use crate::parts::Http;
use bytes::Bytes;
use http::Method;

async fn ask(
    server: &Scripted,
    method: Method,
    path: &str,
    body: &'static str,
) -> (u16, http::HeaderMap, Bytes) {
    let http = Http::tcp(&server.host(), None).unwrap();
    let body = Bytes::from_static(body.as_bytes());
    http.send(method, path, &[], body).await.unwrap()
}

fn location(headers: &http::HeaderMap) -> String {
    headers["location"].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn blobs_are_uploaded_in_every_way() {
    let server = Scripted::start().await.unwrap();
    let start = "/v2/team/app/blobs/uploads/";
    let whole = digest(b"one piece");

    let (status, headers, _) = ask(&server, Method::POST, start, "").await;
    assert_eq!(status, 202);
    let put = format!("{}?digest={whole}", location(&headers));
    assert_eq!(ask(&server, Method::PUT, &put, "one piece").await.0, 201);

    let (_, headers, _) = ask(&server, Method::POST, start, "").await;
    let upload = location(&headers);
    assert_eq!(ask(&server, Method::PATCH, &upload, "two ").await.0, 202);
    let (status, headers, _) = ask(&server, Method::PATCH, &upload, "pieces").await;
    assert_eq!((status, headers["range"].to_str().unwrap()), (202, "0-9"));
    let (status, headers, _) = ask(&server, Method::GET, &upload, "").await;
    assert_eq!((status, headers["range"].to_str().unwrap()), (204, "0-9"));
    let put = format!("{upload}?digest={}", digest(b"two pieces"));
    assert_eq!(ask(&server, Method::PUT, &put, "").await.0, 201);

    let at_once = format!("{start}?digest={}", digest(b"at once"));
    assert_eq!(ask(&server, Method::POST, &at_once, "at once").await.0, 201);

    let mount = format!("/v2/other/blobs/uploads/?mount={whole}&from=team/app");
    assert_eq!(ask(&server, Method::POST, &mount, "").await.0, 201);
    let (status, _, bytes) = ask(
        &server,
        Method::GET,
        &format!("/v2/other/blobs/{whole}"),
        "",
    )
    .await;
    assert_eq!((status, &bytes[..]), (200, &b"one piece"[..]));
}

#[tokio::test]
async fn other_bytes_than_promised_are_refused() {
    let server = Scripted::start().await.unwrap();
    let (_, headers, _) = ask(&server, Method::POST, "/v2/team/app/blobs/uploads/", "").await;
    let put = format!("{}?digest={}", location(&headers), digest(b"right"));
    assert_eq!(ask(&server, Method::PUT, &put, "wrong").await.0, 400);
    let (status, _, _) = ask(&server, Method::PUT, &put, "right").await;
    assert_eq!(status, 404, "a refused upload is over");
}

#[tokio::test]
async fn it_ends_with_its_value() {
    let server = Scripted::start().await.unwrap();
    let host = server.host();
    assert_eq!(ask(&server, Method::GET, "/v2/", "").await.0, 200);
    drop(server);
    tokio::task::yield_now().await;
    let http = Http::tcp(&host, None).unwrap();
    let answer = http.send(Method::GET, "/v2/", &[], Bytes::new()).await;
    assert!(answer.is_err());
}
