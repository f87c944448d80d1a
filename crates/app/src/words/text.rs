//! Small things about text: cut where it is too long, made a sentence where it is none. Not here: any words. Grows by
//! another way in which foreign text must be tamed.

/// Cuts text of the other side at a character's border.
pub(crate) fn bounded(text: &str, limit: usize) -> String {
    if text.len() <= limit {
        return text.to_owned();
    }
    let mut end = limit.saturating_sub('…'.len_utf8());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}…", &text[..end])
}

/// Makes a sentence of text: the first letter large, a full stop at the end.
pub(super) fn sentence(text: &str) -> String {
    let text = text.trim();
    let mut letters = text.chars();
    let Some(first) = letters.next() else {
        return String::new();
    };
    let mut told: String = first.to_uppercase().chain(letters).collect();
    if !told.ends_with(['.', '!', '?', '…']) {
        told.push('.');
    }
    told
}
