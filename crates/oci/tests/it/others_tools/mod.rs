//! Other people's tools stay unharmed: what they make of a commit tag's name.
//!
//! Many tools read the tags of a repository to choose the newest, or to remove the oldest. Each row of the
//! table names one, where its grammar was read, and what it makes of three ways to name a commit tag: ours and
//! the two that were turned down for it. The grammars are written down here again, in as few lines as they
//! allow; the ✗ stand in the table too, ours included: they are what the note for a team warns of.
//!
//! Not here: what a tool does once it chose a tag. Grows by a row for a tool, with a link to where it was read.

mod dependabot;
mod pickers;
mod renovate;
mod rules;
mod table;
mod versions;

use oci::{Beginning, CommitTag, Digest, Tag, UtcSeconds};

/// A way to name the commit tag of a tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// `v1.h-<time>-<digits>`: turned down.
    Suffix,
    /// `_h.v1.<time>-<digits>`: ours.
    Ours,
    /// `v1-h-<time>-<digits>`: turned down.
    Dashes,
}

/// What a tool makes of the names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// It chooses, keeps and removes what it would without them.
    Unharmed,
    /// ✗ It takes a commit tag for the newest version, or deploys it.
    Chosen,
    /// ✗ Its policy ends in an error.
    Broken,
    /// ✗ Real releases are removed in favour of commit tags.
    ReleasesRemoved,
    /// Real releases stay; the commit tags are removed.
    OnlyOursRemoved,
    /// Its rule for the tag takes the commit tag too.
    Matched,
    /// Its rule for the tag leaves the commit tag alone.
    Unmatched,
    /// ✗ Its rule for the tag refuses the push of the commit tag.
    Refused,
}

/// One tag of a repository.
#[derive(Clone, Debug)]
struct Named {
    name: String,
    /// When its image was built; a commit tag has the time of its commit.
    built: usize,
    /// When it was pushed; a commit tag after all releases.
    pushed: usize,
    ours: bool,
}

/// A repository: releases, oldest first, and a commit tag for each, as *at every push* leaves it.
struct Field {
    tags: Vec<Named>,
    /// What runs now: the oldest release.
    current: String,
}

impl Field {
    fn new(releases: &[&str], form: Form) -> Self {
        let release = |(at, name): (usize, &&str)| Named {
            name: (*name).to_owned(),
            built: at,
            pushed: at,
            ours: false,
        };
        let kept = |(at, name): (usize, &&str)| Named {
            name: commit_tag(name, at, form),
            built: at,
            pushed: releases.len() + at,
            ours: true,
        };
        let mut tags: Vec<Named> = releases.iter().enumerate().map(release).collect();
        tags.extend(releases.iter().enumerate().map(kept));
        // As registries list them.
        tags.sort_by(|a, b| a.name.cmp(&b.name));
        Self {
            tags,
            current: releases[0].to_owned(),
        }
    }

    /// Lists the repository without commit tags.
    fn plain(&self) -> Self {
        let mut tags = self.tags.clone();
        tags.retain(|tag| !tag.ours);
        Self {
            tags,
            current: self.current.clone(),
        }
    }

    fn names(&self) -> Vec<&str> {
        self.tags.iter().map(|tag| tag.name.as_str()).collect()
    }

    fn ours(&self) -> impl Iterator<Item = &str> {
        let ours = self.tags.iter().filter(|tag| tag.ours);
        ours.map(|tag| tag.name.as_str())
    }

    /// What becomes of a tool's choice once commit tags are there.
    fn choice(&self, choose: impl Fn(&Self) -> Option<String>) -> Verdict {
        self.try_choice(|field| Ok::<_, std::convert::Infallible>(choose(field)))
    }

    /// Compares a tool that may end in an error.
    fn try_choice<E>(&self, choose: impl Fn(&Self) -> Result<Option<String>, E>) -> Verdict {
        let Ok(before) = choose(&self.plain()) else {
            panic!("the tool must work without commit tags");
        };
        match choose(self) {
            Err(_) => Verdict::Broken,
            Ok(chosen) if chosen == before => Verdict::Unharmed,
            Ok(chosen) => {
                let chosen = chosen.expect("a choice is never lost, only replaced");
                assert!(self.ours().any(|name| name == chosen), "{chosen}");
                Verdict::Chosen
            }
        }
    }
}

/// The name of a commit tag, each with a time and digits of its own; every other one tells what was only noticed.
fn commit_tag(tag: &str, at: usize, form: Form) -> String {
    let (beginning, letter) = if at.is_multiple_of(2) {
        (Beginning::Since, 'z')
    } else {
        (Beginning::Noticed, 'n')
    };
    let at = UtcSeconds(1_795_226_940 + i64::try_from(at).unwrap());
    let digest = Digest::sha256_of(tag.as_bytes());
    let (time, digits) = (at.compact(), digest.hex());
    match form {
        Form::Suffix => format!("{tag}.h-{time}{letter}-{digits}"),
        Form::Dashes => format!("{tag}-h-{time}{letter}-{digits}"),
        Form::Ours => CommitTag::new(&Tag::parse(tag).unwrap(), at, beginning, &digest)
            .unwrap()
            .to_string(),
    }
}

#[test]
fn every_tool_makes_of_the_three_forms_what_the_table_says() {
    let mut wrong = Vec::new();
    for row in table::ROWS {
        assert!(row.read_at.starts_with("https://"), "{}", row.tool);
        for (form, expected) in [Form::Suffix, Form::Ours, Form::Dashes]
            .into_iter()
            .zip(row.expected)
        {
            for releases in row.releases {
                let found = (row.ask)(&Field::new(releases, form));
                if found != expected {
                    let tool = row.tool;
                    wrong.push(format!(
                        "{tool}, {releases:?}, {form:?}: {found:?}, not {expected:?}"
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_three_forms_are_the_ones_that_were_tried() {
    let digest = Digest::parse(&format!("sha256:2e04bfa1e576{}", "0".repeat(52))).unwrap();
    let at = UtcSeconds::parse_compact("20261121t020900").unwrap();
    let ours = |beginning| {
        let v1 = Tag::parse("v1").unwrap();
        CommitTag::new(&v1, at, beginning, &digest)
            .unwrap()
            .to_string()
    };
    let digits = digest.hex();
    assert_eq!(
        [ours(Beginning::Since), ours(Beginning::Noticed)],
        [
            format!("_h.v1.20261121t020900z-{digits}"),
            format!("_h.v1.20261121t020900n-{digits}")
        ]
    );
    for (form, start) in [
        (Form::Suffix, "v1.h-20261121t020900z-"),
        (Form::Ours, "_h.v1.20261121t020900z-"),
        (Form::Dashes, "v1-h-20261121t020900z-"),
    ] {
        let name = commit_tag("v1", 0, form);
        assert!(name.starts_with(start), "{name}");
        assert!(Tag::parse(&name).is_ok(), "{name}");
    }
}

#[test]
fn one_line_excludes_ours_everywhere_and_nothing_else() {
    let line = regex::Regex::new(r"^_h\.").unwrap();
    let field = Field::new(&["v1", "1.2.3-rc.1", "main-1", "latest", "h.1"], Form::Ours);
    for tag in &field.tags {
        assert_eq!(line.is_match(&tag.name), tag.ours, "{}", tag.name);
    }
}
