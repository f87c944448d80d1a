//! Dependabot's tags: where the current one ends in the digits of a source commit, every other ending in such
//! digits may follow it.

use super::{Field, Verdict};
use regex::Regex;

const WORDS_WITH_BUILD: &str = r"(?:(?:-[a-z]+)+-[0-9]+)+";

/// What is compared.
#[derive(PartialEq)]
struct Parts {
    prefix: String,
    version: String,
    suffix: String,
    /// The name ends in at least seven hexadecimal digits after a dash.
    ends_in_digits: bool,
}

fn read(name: &str) -> Option<Parts> {
    let version = format!(
        r"v?(?<version>[0-9]+(?:\.[0-9]+)*(?:_[0-9]+|\.[a-z0-9]+|{WORDS_WITH_BUILD}|-(?:kb)?[0-9]+)*)"
    );
    let patterns = [
        format!(r"(?i)^(?<prefix>[a-z][a-z0-9.\-]*-)?{version}(?<suffix>)$"),
        format!(r"(?i)^(?<prefix>){version}(?<suffix>-[a-z][a-z0-9.\-]*)?$"),
        format!(r"(?i)^(?<prefix>[a-z\-]+-)?{version}(?<suffix>-[a-z\-]+)?$"),
    ];
    let found = patterns
        .iter()
        .find_map(|pattern| Regex::new(pattern).unwrap().captures(name))?;
    let part = |name: &str| found.name(name).map_or("", |part| part.as_str()).to_owned();
    let digits = Regex::new(r"(^|-g?)[0-9a-f]{7,}$").unwrap();
    Some(Parts {
        prefix: part("prefix"),
        version: part("version"),
        suffix: part("suffix"),
        ends_in_digits: digits.is_match(name),
    })
}

fn may_follow(tag: &Parts, current: &Parts) -> bool {
    let alike = tag.prefix == current.prefix && tag.ends_in_digits == current.ends_in_digits;
    alike && (current.ends_in_digits || tag.suffix == current.suffix)
}

/// Of the tags that may follow the current one, the highest version; of equal ones the last by name.
pub fn dependabot(field: &Field) -> Verdict {
    field.choice(|field| {
        let current = read(&field.current).unwrap();
        let candidates = field.tags.iter().filter_map(|tag| {
            let parts = read(&tag.name).filter(|parts| may_follow(parts, &current))?;
            let numbers: Vec<u64> = parts
                .version
                .split('.')
                .map_while(|part| part.parse().ok())
                .collect();
            Some((numbers, tag.name.clone()))
        });
        candidates.max().map(|(_, name)| name)
    })
}

#[test]
fn ours_is_no_tag_to_compare_at_all() {
    for tag in ["v1", "1.2.3-gabc1234"] {
        for at in 0..2 {
            let ours = super::commit_tag(tag, at, super::Form::Ours);
            assert!(read(&ours).is_none(), "{ours}");
        }
    }
    assert!(read("1.2.3-gabc1234").is_some_and(|parts| parts.ends_in_digits));
}
