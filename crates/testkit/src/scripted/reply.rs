//! Answers, before the faults get at them.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header::IntoHeaderName};
use hyper::Response;

use super::body::Pieces;

/// An answer with its whole body.
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) bytes: Bytes,
    /// Whether [`bytes`](Self::bytes) is a manifest, for the faults of those.
    pub(super) is_manifest: bool,
    /// Whether it is a blob, for the faults of those.
    pub(super) is_blob: bool,
}

impl Reply {
    pub(super) fn new(status: StatusCode) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            bytes: Bytes::new(),
            is_manifest: false,
            is_blob: false,
        }
    }

    pub(super) fn json(status: StatusCode, value: &serde_json::Value) -> Self {
        Self {
            bytes: value.to_string().into(),
            ..Self::new(status)
        }
        .with("content-type", "application/json")
    }

    pub(super) fn error(status: StatusCode, code: &str, message: &str) -> Self {
        Self::json(
            status,
            &serde_json::json!({"errors": [{"code": code, "message": message, "detail": null}]}),
        )
    }

    pub(super) fn html(status: StatusCode) -> Self {
        let page = "<!DOCTYPE html><html><body><h1>Welcome</h1></body></html>";
        Self {
            bytes: page.into(),
            ..Self::new(status)
        }
        .with("content-type", "text/html; charset=utf-8")
    }

    pub(super) fn with(mut self, name: impl IntoHeaderName, value: &str) -> Self {
        // What a switch says is sent if it can be.
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.append(name, value);
        }
        self
    }

    pub(super) fn into_response(self, body: Pieces) -> Response<Pieces> {
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }
}
