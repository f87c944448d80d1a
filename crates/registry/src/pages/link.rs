//! The `Link` to a next page (RFC 8288), in every shape that registries send it, and the address that follows from one.
//!
//! A link is believed in one thing alone, its query: the address is the list's own with that query. So none leads to another host
//! or path, and one that names the inner host or a gateway's prefix leads where it should. Not here: when a list ends.

use http::HeaderValue;
use url::Url;

use crate::error::Kind;

/// How long the text of a link may be.
const LONGEST: usize = 4 << 10;

/// What the headers say of a next page.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Told<'a> {
    /// Nothing.
    Nothing,
    /// It is here.
    Next(&'a str),
    /// Something that can't be read.
    Unreadable,
}

/// Finds the target of the link to the next page among all headers.
pub(crate) fn told<'a>(headers: impl Iterator<Item = &'a HeaderValue>) -> Told<'a> {
    let mut told = Told::Nothing;
    for header in headers {
        let text = std::str::from_utf8(header.as_bytes());
        match text.map_or(Told::Unreadable, next_in) {
            Told::Next(target) => return Told::Next(target),
            Told::Unreadable => told = Told::Unreadable,
            Told::Nothing => {}
        }
    }
    told
}

/// Makes the address of the next page: the list's own, with the query of the link. `n=0` is left out of it: it asks for nothing,
/// and some registries fall over it.
pub(crate) fn next_page(list: &Url, link: &str) -> Result<Url, Kind> {
    let none = || Kind::Malformed("the link to the next page is none".to_owned());
    let link = link.split('#').next().unwrap_or_default();
    let (_, query) = link.split_once('?').ok_or_else(none)?;
    let query: Vec<&str> = query
        .split('&')
        .filter(|pair| !pair.is_empty() && !asks_for_nothing(pair))
        .collect();
    if query.is_empty() {
        return Err(none());
    }
    let mut next = list.clone();
    next.set_fragment(None);
    // Neither fails for an address of the web.
    let _ = next.set_username("");
    let _ = next.set_password(None);
    next.set_query(Some(&query.join("&")));
    Ok(next)
}

fn asks_for_nothing(pair: &str) -> bool {
    pair.strip_prefix("n=")
        .is_some_and(|n| !n.is_empty() && n.bytes().all(|digit| digit == b'0'))
}

/// Finds the target of the link to the next page in one header: the one that says so, else the only one, where it says nothing of
/// what it is.
fn next_in(text: &str) -> Told<'_> {
    if text.len() > LONGEST {
        return Told::Unreadable;
    }
    let links: Vec<Link<'_>> = split(text).filter_map(Link::read).collect();
    if let Some(next) = links.iter().find(|link| link.is_next()) {
        return next.target.map_or(Told::Unreadable, Told::Next);
    }
    match links.as_slice() {
        [Link { target, rel: None }] => target.map_or(Told::Unreadable, Told::Next),
        _ => Told::Nothing,
    }
}

/// One link of a header.
#[derive(Default)]
struct Link<'a> {
    target: Option<&'a str>,
    rel: Option<&'a str>,
}

impl<'a> Link<'a> {
    /// Reads one in any order of its parts, with or without `<>`; none where there is nothing in it.
    fn read(text: &'a str) -> Option<Self> {
        let mut link = Self::default();
        let mut rest = text.trim_matches(|c: char| c == ',' || c.is_whitespace());
        if rest.is_empty() {
            return None;
        }
        while !rest.is_empty() {
            if let Some(inside) = rest.strip_prefix('<') {
                let Some((target, after)) = inside.split_once('>') else {
                    // What never closes is no target; what it may have said is not known.
                    link.rel = link.rel.or(Some("next"));
                    return Some(Self {
                        target: None,
                        ..link
                    });
                };
                link.target = link.target.or(Some(target.trim()));
                rest = after.trim_start().trim_start_matches(';').trim_start();
                continue;
            }
            let end = end_of_part(rest);
            let part = rest[..end].trim();
            rest = rest[end..].trim_start_matches(';').trim_start();
            match parameter(part) {
                Some((name, value)) if name.eq_ignore_ascii_case("rel") => {
                    link.rel = link.rel.or(Some(value));
                }
                Some(_) => {}
                None if part.is_empty() => {}
                None => link.target = link.target.or(Some(part)),
            }
        }
        Some(link)
    }

    fn is_next(&self) -> bool {
        let rels = self.rel.unwrap_or_default();
        rels.split_ascii_whitespace()
            .any(|rel| rel.eq_ignore_ascii_case("next"))
    }
}

/// Reads `name=value`; what has anything else before its `=`, as a bare target has, is none.
fn parameter(part: &str) -> Option<(&str, &str)> {
    let (name, value) = part.split_once('=')?;
    let name = name.trim();
    let is_name = !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'*');
    is_name.then(|| (name, value.trim().trim_matches(['"', '\'']).trim()))
}

/// Returns where a part ends: at the next `;` that stands in no quotes.
fn end_of_part(text: &str) -> usize {
    let mut quoted = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            ';' if !quoted => return at,
            _ => {}
        }
    }
    text.len()
}

/// Splits a header into its links. A comma parts two of them where it stands in no `<>` and no quotes, and what follows begins
/// one: queries hold commas of their own.
fn split(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let all = rest?;
        let (mut inside, mut quoted) = (false, false);
        for (at, c) in all.char_indices() {
            match c {
                '<' if !quoted => inside = true,
                // In quotes nothing is inside.
                '>' => inside = false,
                '"' if !inside => quoted = !quoted,
                ',' if !inside && !quoted && begins_one(&all[at + 1..]) => {
                    rest = Some(&all[at + 1..]);
                    return Some(&all[..at]);
                }
                _ => {}
            }
        }
        rest = None;
        Some(all)
    })
}

fn begins_one(text: &str) -> bool {
    let text = text.trim_start();
    let starts = |with: &str| {
        text.get(..with.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(with))
    };
    ["<", "/", "?", "http:", "https:", "rel="]
        .into_iter()
        .any(starts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn list() -> Url {
        Url::parse("https://r.example:5443/v2/team/app/tags/list").unwrap()
    }

    fn query_of(header: &str) -> Option<String> {
        match next_in(header) {
            Told::Next(target) => next_page(&list(), target)
                .ok()
                .and_then(|url| url.query().map(str::to_owned)),
            _ => None,
        }
    }

    /// Behaviour (lists): A `Link` is read in every shape: bare, unquoted, in any case, with other relations, among several, in any order.
    /// Source: olareg (unquoted), Gitea's API (several, no space), RFC 8288; go-containerregistry follows a lone link that says nothing of itself.
    #[test]
    fn a_link_is_read_in_every_shape() {
        for header in [
            r#"</v2/team/app/tags/list?last=b&n=2>; rel="next""#,
            "</v2/team/app/tags/list?last=b&n=2>; rel=next",
            "</v2/team/app/tags/list?last=b&n=2>;REL=Next",
            "</v2/team/app/tags/list?last=b&n=2>; rel='next'",
            r#"</v2/team/app/tags/list?last=b&n=2>; rel="next last""#,
            r#"</v2/team/app/tags/list?last=b&n=2>; title="a, <b>; c"; rel = "prefetch NEXT""#,
            r#"/v2/team/app/tags/list?last=b&n=2; rel="next""#,
            "/v2/team/app/tags/list?last=b&n=2",
            "</v2/team/app/tags/list?last=b&n=2>",
            r#"<?last=b&n=2>; rel="next""#,
            r#"?last=b&n=2; rel="next""#,
            r#"rel="next"; </v2/team/app/tags/list?last=b&n=2>"#,
            r#"<http://inner:8080/v2/team/app/tags/list?last=b&n=2>; rel="next""#,
            r#"<https://gate.example/prefix/v2/team/app/tags/list?last=b&n=2#x>; rel="next""#,
            r#"<http://x/1?page=3>; rel="last",<http://x/2?last=b&n=2>; rel="next",<http://x/3?page=1>; rel="first""#,
            r#"<http://x/1?page=1>; rel="prev", <http://x/2?last=b&n=2>; rel="next""#,
            r#"/p?page=1; rel="prev", /p?last=b&n=2; rel="next""#,
            r#"; </v2/team/app/tags/list?last=b&n=2>; rel="next""#,
            r#"title="a; b"; </v2/team/app/tags/list?last=b&n=2>; rel="next""#,
            r#"</v2/team/app/tags/list?last=b&n=2>; title="a; rel=prev; b"; rel="next""#,
        ] {
            assert_eq!(query_of(header).as_deref(), Some("last=b&n=2"), "{header}");
        }
    }

    /// Behaviour (lists): A cursor comes back as it was sent, whatever is written in it.
    /// Source: Quay's `next_page`; distribution 3 (`%2F`), zot (a plain slash).
    #[test]
    fn a_cursor_comes_back_as_it_was_sent() {
        for query in [
            "n=2&next_page=gAAAAABm-_=.~%3D%3D",
            "last=demo%2Fapp-b&n=2",
            "n=2&last=demo/app-b",
            "last=a+b&n=2",
            "last=a,b&n=2",
            "last=a;b&n=2",
        ] {
            let header = format!(r#"</v2/_catalog?{query}>; rel="next""#);
            assert_eq!(query_of(&header).as_deref(), Some(query));
        }
        // A comma of a bare target parts nothing, as no other one begins behind it.
        assert_eq!(query_of("/x?last=a,b&n=2").as_deref(), Some("last=a,b&n=2"));
        assert_eq!(
            query_of("</x?n=0&last=b>; rel=next").as_deref(),
            Some("last=b")
        );
    }

    #[test]
    fn a_comma_parts_links_outside_of_quotes_and_brackets() {
        for (header, links) in [
            ("<a>, <b>", vec!["<a>", " <b>"]),
            (
                "<a>,/b,?c,http:d,HTTPS:e",
                vec!["<a>", "/b", "?c", "http:d", "HTTPS:e"],
            ),
            ("a,b", vec!["a,b"]),
            ("<a,/b>,/c", vec!["<a,/b>", "/c"]),
            (r#"<a>; t="<",<b>"#, vec![r#"<a>; t="<""#, "<b>"]),
            (r#"<a>; t=">,/x",<b>"#, vec![r#"<a>; t=">,/x""#, "<b>"]),
            (r#"<a"b>,<c>"#, vec![r#"<a"b>"#, "<c>"]),
            (r#"<a>; t="b, /c""#, vec![r#"<a>; t="b, /c""#]),
            ("", vec![""]),
        ] {
            assert_eq!(split(header).collect::<Vec<_>>(), links, "{header}");
        }
    }

    #[test]
    fn what_is_no_next_page_is_none() {
        for none in [
            "",
            " , ",
            r#"<x?a=1>; rel="prev""#,
            r#"<x?a=1>; title="next"; rel="self""#,
            r#"<x?a=1>; rel="nextish""#,
            r#"<x?a=1>; rel="prev",<y?a=2>; rel="first""#,
        ] {
            assert_eq!(next_in(none), Told::Nothing, "{none}");
        }
        assert_eq!(next_in("<x?a=1; rel=next"), Told::Unreadable);
        assert_eq!(next_in("</x?a=1>; rel=next; <y"), Told::Unreadable);
        let of_length = |length| {
            let begin = "</v2/x?last=b>; rel=next; x=";
            format!("{begin}{}", "a".repeat(length - begin.len()))
        };
        assert_eq!(next_in(&of_length(LONGEST)), Told::Next("/v2/x?last=b"));
        assert_eq!(next_in(&of_length(LONGEST + 1)), Told::Unreadable);
        for nowhere in ["/v2/x/tags/list", "?", "", "?n=0", "https://evil.example/"] {
            assert!(next_page(&list(), nowhere).is_err(), "{nowhere}");
        }
    }

    proptest! {
        #[test]
        fn hostile_a_link_never_leads_to_another_host_or_path(
            link in prop_oneof![
                any::<String>(),
                "(https?:)?/{0,3}([a-z]{1,6}@)?[a-z.]{0,9}(:[0-9]{0,5})?/{0,3}[a-z/\\\\@?#%.]{0,12}(\\?[\\PC]{0,20})?",
            ],
            own in prop_oneof![
                Just("https://r.example/v2/_catalog"),
                Just("http://user:secret@[::1]:5000/v2/team/app/tags/list?n=2"),
            ],
        ) {
            let own = Url::parse(own).unwrap();
            if let Ok(next) = next_page(&own, &link) {
                prop_assert_eq!(next.origin(), own.origin());
                prop_assert_eq!(next.scheme(), own.scheme());
                prop_assert_eq!(next.path(), own.path());
                prop_assert_eq!((next.username(), next.password(), next.fragment()), ("", None, None));
                // What is sent is read as it was made.
                prop_assert_eq!(Url::parse(next.as_str()).unwrap(), next);
            }
        }

        #[test]
        fn hostile_no_header_breaks_the_reading(text in any::<String>()) {
            let _ = next_in(&text);
        }
    }
}
