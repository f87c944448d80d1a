//! Tools that choose the newest tag, as they do it.

use super::versions::{coerced, loose, newest, strict, strict_or_v};
use super::{Field, Verdict};
use regex::Regex;

/// Flux, `policy.semver` with a range that allows prereleases.
pub fn flux_semver(field: &Field) -> Verdict {
    field.choice(|field| newest(&field.names(), strict_or_v))
}

/// Flux, `policy.numerical` after `filterTags` took the number out: one tag that is no number ends it.
pub fn flux_numerical_of_main(field: &Field) -> Verdict {
    let filter = Regex::new("^main-[a-fA-F0-9]+-(?P<ts>.*)").unwrap();
    field.try_choice(|field| {
        let found = field.tags.iter().filter_map(|tag| {
            let number = filter.captures(&tag.name)?.name("ts")?.as_str().to_owned();
            Some((number, tag.name.clone()))
        });
        highest(found)
    })
}

/// Picks without a filter.
pub fn flux_numerical(field: &Field) -> Verdict {
    field.try_choice(|field| {
        let names = field.tags.iter();
        highest(names.map(|tag| (tag.name.clone(), tag.name.clone())))
    })
}

fn highest(
    found: impl Iterator<Item = (String, String)>,
) -> Result<Option<String>, std::num::ParseFloatError> {
    let mut best: Option<(f64, String)> = None;
    for (number, name) in found {
        let number: f64 = number.parse()?;
        if best.as_ref().is_none_or(|(most, _)| number >= *most) {
            best = Some((number, name));
        }
    }
    Ok(best.map(|(_, name)| name))
}

/// Flux, `policy.alphabetical` of the tags that begin with `dev-`.
pub fn flux_alphabetical_of_dev(field: &Field) -> Verdict {
    field.choice(|field| last(field, "^dev-"))
}

/// Picks without a filter.
pub fn flux_alphabetical(field: &Field) -> Verdict {
    field.choice(|field| last(field, ""))
}

fn last(field: &Field, filter: &str) -> Option<String> {
    let filter = Regex::new(filter).unwrap();
    let names = field.names().into_iter();
    let last = names.filter(|name| filter.is_match(name)).max();
    last.map(str::to_owned)
}

/// Argo CD Image Updater and Kargo: the newest image of the tags that begin with `main-`; of one image's tags the
/// last by name.
pub fn newest_build_of_main(field: &Field) -> Verdict {
    let filter = Regex::new("^main-").unwrap();
    field.choice(|field| {
        let tags = field.tags.iter().filter(|tag| filter.is_match(&tag.name));
        let newest = tags.max_by(|a, b| (a.built, &a.name).cmp(&(b.built, &b.name)));
        newest.map(|tag| tag.name.clone())
    })
}

/// Argo CD Image Updater and Kargo: the highest version, prereleases allowed.
pub fn highest_loose(field: &Field) -> Verdict {
    field.choice(|field| newest(&field.names(), loose))
}

/// Keel's `all`: a tag without a dot is none, the rest as above.
pub fn keel_all(field: &Field) -> Verdict {
    let read = |name: &str| loose(name).filter(|_| name.contains('.'));
    field.choice(|field| newest(&field.names(), read))
}

/// Keel's `glob:dev-*`: whatever is pushed and matches is deployed.
pub fn keel_glob(field: &Field) -> Verdict {
    deployed(field, |_, pushed| pushed.starts_with("dev-"))
}

/// Keel's `regexp:^main-.*`.
pub fn keel_regexp(field: &Field) -> Verdict {
    let policy = Regex::new("^main-.*").unwrap();
    deployed(field, |_, pushed| policy.is_match(pushed))
}

/// Keel by webhook where `latest` runs: any push is newer.
pub fn keel_on_latest(field: &Field) -> Verdict {
    deployed(field, |current, _| current == "latest")
}

/// Keel's `force` without `match-tag`.
pub fn keel_force(field: &Field) -> Verdict {
    deployed(field, |_, _| true)
}

fn deployed(field: &Field, should_update: impl Fn(&str, &str) -> bool) -> Verdict {
    if field
        .ours()
        .any(|pushed| should_update(&field.current, pushed))
    {
        Verdict::Chosen
    } else {
        Verdict::Unharmed
    }
}

/// What's up Docker without filters of one's own: tags of the same beginning and as many numbers, higher than now.
pub fn whats_up_docker(field: &Field) -> Verdict {
    let numbers = Regex::new(r"\d+(\.\d+)*").unwrap();
    let count = |name: &str| Some(numbers.find(name)?.as_str().split('.').count());
    let read = |name: &str| strict_or_v(name).or_else(|| coerced(name));
    field.choice(|field| {
        let (current, prefix) = (
            &field.current,
            field.current.split(|c: char| c.is_ascii_digit()),
        );
        let prefix = prefix.clone().next().unwrap_or_default();
        let names: Vec<&str> = field
            .names()
            .into_iter()
            .filter(|name| match prefix {
                "" => name.starts_with(|c: char| c.is_ascii_digit()),
                prefix => name.starts_with(prefix),
            })
            .filter(|name| count(name) == count(current))
            .filter(|name| read(name) > read(current))
            .collect();
        newest(&names, read)
    })
}

/// Helm: versions by the book, an underscore standing for a plus, with `--devel`.
pub fn helm(field: &Field) -> Verdict {
    field.choice(|field| newest(&field.names(), |name| strict(&name.replace('_', "+"))))
}

/// Watchtower: it asks for the one tag that runs, and compares its digest.
pub fn watchtower(field: &Field) -> Verdict {
    field.choice(|field| Some(field.current.clone()))
}
