//! What was asked of registries lately, as *Details* shows it.

use serde::Serialize;
use ts_rs::TS;

/// One request to a registry or its token service. Nothing secret: no query, no header, no body, no user.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RequestLine {
    /// When it ended (seconds, UTC).
    #[ts(type = "number")]
    pub at: i64,
    /// `GET`, `PUT`, …
    pub method: String,
    /// Host and port.
    pub host: String,
    /// Path; `…` where it is another host's.
    pub path: String,
    /// Status of the answer; absent: there was none.
    pub status: Option<u16>,
    /// How long it took.
    #[ts(type = "number")]
    pub milliseconds: u64,
    /// Bytes of the answer's body that were read.
    #[ts(type = "number")]
    pub bytes: u64,
    /// 1 for the first try.
    #[ts(type = "number")]
    pub attempt: u64,
    /// Why it failed.
    pub failure: Option<String>,
}
