//! Where the members of a JSON object stand in its text.
//!
//! Not here: what they mean, and changing them (`edit`). The text has to be JSON; that is looked at before.

use std::ops::Range;

/// One member of an object, by bytes of the text.
pub(super) struct Member {
    /// Its name, without quotes and escapes.
    pub name: String,
    /// Where the name stands, with its quotes.
    pub key: Range<usize>,
    /// Where the value stands.
    pub value: Range<usize>,
}

/// An object, by bytes of the text.
pub(super) struct Object {
    /// What is between its braces.
    pub inside: Range<usize>,
    pub members: Vec<Member>,
}

/// Reads the object that begins at the first byte from here on that is no space. `None` where something else does.
pub(super) fn object(text: &str, from: usize) -> Option<Object> {
    let bytes = text.as_bytes();
    let open = past_space(bytes, from);
    if bytes.get(open) != Some(&b'{') {
        return None;
    }
    let mut members = Vec::new();
    let mut at = past_space(bytes, open + 1);
    while *bytes.get(at)? != b'}' {
        let key = at..past_value(bytes, at);
        let colon = past_space(bytes, key.end);
        let start = past_space(bytes, colon + 1);
        let value = start..past_value(bytes, start);
        at = past_space(bytes, value.end);
        members.push(Member {
            name: serde_json::from_str(text.get(key.clone())?).ok()?,
            key,
            value,
        });
        if bytes.get(at) == Some(&b',') {
            at = past_space(bytes, at + 1);
        }
    }
    Some(Object {
        inside: open + 1..at,
        members,
    })
}

fn past_space(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    let spaces = rest.iter().take_while(|byte| byte.is_ascii_whitespace());
    from + spaces.count()
}

/// Returns where a value ends that begins here.
fn past_value(bytes: &[u8], from: usize) -> usize {
    let mut depth = 0_usize;
    let mut at = from;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => at = past_text(bytes, at),
            b'{' | b'[' => {
                depth += 1;
                at += 1;
            }
            b'}' | b']' if depth > 0 => {
                depth -= 1;
                at += 1;
            }
            b'}' | b']' | b',' | b':' | b' ' | b'\t' | b'\r' | b'\n' if depth == 0 => return at,
            _ => {
                at += 1;
                continue;
            }
        }
        if depth == 0 {
            return at;
        }
    }
    at
}

/// Returns where a text in quotes ends that begins here.
fn past_text(bytes: &[u8], from: usize) -> usize {
    let mut at = from + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    at
}
