//! The errors a registry answers with, `{"errors":[{"code","message","detail"}]}` (distribution-spec, "Error Codes").
//!
//! In practice the body may as well be HTML, empty, or another shape: then nothing was said. What was said is someone else's text:
//! cut to a length, without what moves or hides the text beside it (`oci::text`), and shown as text.

use serde::Deserialize;

/// How many entries are kept.
const MOST: usize = 8;
/// How many characters of a text are kept.
const LONGEST: usize = 400;

/// One thing a registry says about a failure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// The code, such as `MANIFEST_UNKNOWN`.
    pub code: String,
    /// The sentence.
    pub message: String,
    /// More, as JSON where it is no plain text.
    pub detail: String,
}

#[derive(Deserialize)]
struct Body {
    #[serde(default)]
    errors: Option<Vec<Entry>>,
    // Token servers and some proxies answer so instead.
    #[serde(default)]
    code: Option<serde_json::Value>,
    #[serde(default)]
    message: Option<serde_json::Value>,
    #[serde(default)]
    error: Option<serde_json::Value>,
    #[serde(default)]
    error_description: Option<serde_json::Value>,
    #[serde(default)]
    details: Option<serde_json::Value>,
    // Pulp, Docker Hub.
    #[serde(default)]
    detail: Option<serde_json::Value>,
    // Synapse.
    #[serde(default)]
    reason: Option<serde_json::Value>,
    // AWS.
    #[serde(default, rename = "__type")]
    kind: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct Entry {
    #[serde(default)]
    code: Option<serde_json::Value>,
    #[serde(default)]
    message: Option<serde_json::Value>,
    #[serde(default)]
    detail: Option<serde_json::Value>,
}

impl Said {
    /// Reads the body of an error.
    pub(crate) fn read(bytes: &[u8]) -> Vec<Self> {
        let Ok(body) = serde_json::from_slice::<Body>(bytes) else {
            return Vec::new();
        };
        let mut said: Vec<Self> = body
            .errors
            .unwrap_or_default()
            .into_iter()
            .take(MOST)
            .map(|entry| Self {
                code: plain(entry.code),
                message: plain(entry.message),
                detail: plain(entry.detail),
            })
            .collect();
        if said.is_empty() {
            let code = body.code.or(body.error).or(body.kind);
            let described = body.message.or(body.error_description).or(body.details);
            let message = described.or(body.detail).or(body.reason);
            said.push(Self {
                code: plain(code),
                message: plain(message),
                detail: String::new(),
            });
        }
        said.retain(|said| *said != Self::default());
        said
    }

    /// Tells whether it is about too many requests.
    pub(crate) fn is_too_many(&self) -> bool {
        self.code.eq_ignore_ascii_case("TOOMANYREQUESTS")
    }

    /// Tells whether it is about a limit of requests, whatever the status says: GitHub's second limit is a 403 whose headers count
    /// another one (its documents, "Rate limits for the REST API").
    pub(crate) fn is_rate_limit(&self) -> bool {
        let words = self.message.to_ascii_lowercase();
        words.contains("secondary rate limit") || words.contains("rate limit exceeded")
    }

    /// Tells whether it is about a sign-in that has ended, whatever the status says: Amazon's passwords do after twelve hours, and that
    /// is a 403 (aws/aws-cli#6580, with other capitals in #2351).
    pub(crate) fn is_ended_sign_in(&self) -> bool {
        let words = self.message.to_ascii_lowercase();
        words.contains("authorization token has expired")
    }

    /// Returns the most telling text there is.
    pub fn words(&self) -> &str {
        if self.message.is_empty() {
            &self.code
        } else {
            &self.message
        }
    }
}

fn plain(value: Option<serde_json::Value>) -> String {
    let text = match value {
        None | Some(serde_json::Value::Null) => return String::new(),
        Some(serde_json::Value::String(text)) => text,
        Some(other) => other.to_string(),
    };
    oci::text::plain(&text, LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_shape_of_the_spec() {
        let said = Said::read(br#"{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown","detail":{"Tag":"v1"}},{"code":"X"}]}"#);
        assert_eq!(
            said[0],
            Said {
                code: "MANIFEST_UNKNOWN".into(),
                message: "manifest unknown".into(),
                detail: r#"{"Tag":"v1"}"#.into()
            }
        );
        assert_eq!((said[1].words(), said.len()), ("X", 2));
    }

    #[test]
    fn reads_other_shapes_and_none() {
        assert_eq!(
            Said::read(br#"{"details":"incorrect username or password"}"#)[0].words(),
            "incorrect username or password"
        );
        assert_eq!(
            Said::read(br#"{"error":"invalid_grant","error_description":"bad"}"#)[0].code,
            "invalid_grant"
        );
        for (body, code, words) in [
            (
                r#"{"detail":"Invalid username/password."}"#,
                "",
                "Invalid username/password.",
            ),
            (
                r#"{"concreteType":"org.example.Error","reason":"Invalid credentials."}"#,
                "",
                "Invalid credentials.",
            ),
            (
                r#"{"__type":"RepositoryNotFoundException","message":"none"}"#,
                "RepositoryNotFoundException",
                "none",
            ),
            (
                r#"{"message":"Bad credentials","documentation_url":"https://docs.example"}"#,
                "",
                "Bad credentials",
            ),
            (r#"{"code":"DENIED","message":"no"}"#, "DENIED", "no"),
        ] {
            let said = &Said::read(body.as_bytes())[0];
            assert_eq!((said.code.as_str(), said.words()), (code, words), "{body}");
        }
        for nothing in [
            &b""[..],
            b"<html>",
            b"{}",
            b"[]",
            b"null",
            br#"{"errors":null}"#,
            br#"{"errors":[{}]}"#,
        ] {
            assert_eq!(Said::read(nothing), []);
        }
    }

    #[test]
    fn keeps_a_bounded_plain_text() {
        let body = serde_json::json!({"errors": vec![serde_json::json!({"message": format!("a\u{1b}[2J\n{}", "x".repeat(5000))}); 50]});
        let said = Said::read(body.to_string().as_bytes());
        assert_eq!(said.len(), MOST);
        assert_eq!(said[0].message.chars().count(), LONGEST);
        assert!(said[0].message.starts_with("a [2J x"));
    }
}
