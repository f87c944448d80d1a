//! Polly by its own command, which is played.

#![cfg(unix)]

use super::*;
use crate::command::{Running, RunsCommand};
use crate::{Means, means, of};
use oci::Digest;
use registry::{Endpoint, Registry, Scheme, SignIn};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use testkit::standins::polly::{self as played, Border, Look};

/// Runs the program that stands in a folder.
#[derive(Debug)]
struct Program {
    path: PathBuf,
    own_name: Option<String>,
}

impl RunsCommand for Program {
    fn run<'a>(
        &'a self,
        arguments: &'a [&'a str],
        _: usize,
    ) -> Running<'a, Result<String, CommandFailure>> {
        Box::pin(async move {
            let mut command = Command::new(&self.path);
            let command = command.args(arguments).stdin(Stdio::null());
            let said = command.output().map_err(|_| CommandFailure::Missing)?;
            let [output, errors] =
                [said.stdout, said.stderr].map(|it| String::from_utf8(it).unwrap());
            if said.status.success() {
                Ok(output)
            } else {
                Err(CommandFailure::said(&output, &errors))
            }
        })
    }

    fn own_name<'a>(&'a self, _: &'a RepositoryName) -> Running<'a, Option<String>> {
        Box::pin(async { self.own_name.clone() })
    }
}

struct Desk {
    polly: played::Polly,
    bin: tempfile::TempDir,
}

impl Desk {
    async fn start() -> Self {
        let polly = played::Polly::start().await.unwrap();
        let bin = tempfile::tempdir().unwrap();
        polly.install(bin.path()).unwrap();
        Self { polly, bin }
    }

    async fn way(&self, organisation: Option<&str>, own_name: Option<&str>) -> Way {
        let endpoint = Endpoint {
            scheme: Scheme::Http,
            host: Host::parse(&self.polly.host()).unwrap(),
        };
        let program = Program {
            path: self.bin.path().join("polly"),
            own_name: own_name.map(str::to_owned),
        };
        let registry = Registry::new(endpoint, SignIn::Anonymous).unwrap();
        let mut way = Way::open(&Polly, Part::List, registry, None).await;
        way.command = Some(OwnCommand {
            runs: Arc::new(program),
            organisation: organisation.map(name),
        });
        way
    }
}

fn name(text: &str) -> RepositoryName {
    RepositoryName::parse(text).unwrap()
}

async fn list(way: &Way) -> Result<Page<Listed>, Failure> {
    Lists::page(&Polly, way, &Cursor::First).await
}

async fn history(way: &Way, tag: Option<&Tag>) -> Result<Page<Moment>, Failure> {
    History::page(&Polly, way, &name("lab/tool"), tag, &Cursor::First).await
}

/// Behaviour (vendors): Polly lists repositories by its own command, by their own names, which stand under the organisation.
/// Source: Polly's documentation: `polly dockers list --all`, `docker.polly.elucidata.io/< organization >/< dockername >`.
#[tokio::test]
async fn repositories_stand_under_the_organisation() {
    let desk = Desk::start().await;
    for name in ["lab/tool", "lab/other"] {
        desk.polly.push(name, "v1", name, played::WHO);
    }
    let names = |page: Page<Listed>| -> Vec<String> {
        page.rows.iter().map(|one| one.name.to_string()).collect()
    };
    for border in Border::ALL {
        desk.polly.look(Look {
            border,
            ..Look::default()
        });
        let page = list(&desk.way(Some("lab"), None).await).await.unwrap();
        assert_eq!((page.sent, page.left_out, page.total), (2, 0, None));
        let first = page.rows[0].clone();
        assert_eq!(
            (first.id.as_deref(), first.created_by.as_deref()),
            (Some("other"), Some(played::WHO))
        );
        assert!(first.created.is_some());
        assert_eq!(names(page), ["lab/other", "lab/tool"], "{border:?}");
    }
    // Without one it is not guessed, and where the list has it none is needed.
    let failure = list(&desk.way(None, None).await).await.unwrap_err();
    assert!(matches!(
        failure,
        Failure::Command(CommandFailure::NoOrganisation)
    ));
    desk.polly.name_organisation();
    let page = list(&desk.way(None, None).await).await.unwrap();
    assert_eq!(names(page), ["lab/other", "lab/tool"]);
    assert_eq!(desk.polly.violations(), [""; 0]);
}

/// Behaviour (vendors): Polly keeps what was overwritten, and its command tells which commit a tag pointed at, since when, by whom.
/// Source: Polly's documentation: `polly dockers commit-list --name NAME --all`, *active* and *inactive* tags.
#[tokio::test]
async fn what_tags_pointed_at_is_told_with_who_and_when() {
    let desk = Desk::start().await;
    let push = |tag, text, by| {
        let digest = desk.polly.push("lab/tool", tag, text, by);
        Digest::parse(&digest).unwrap()
    };
    let one = push("latest", "one", "ana@lab.example");
    let two = push("latest", "two", "ben@lab.example");
    let other = push("v1", "other", "ana@lab.example");
    let way = desk.way(Some("lab"), None).await;
    let page = history(&way, None).await.unwrap();
    let mut rows = page.rows;
    rows.sort_by_key(|moment| moment.from);
    let told: Vec<_> = rows
        .iter()
        .map(|it| {
            (
                &it.digest,
                it.tag.as_ref().unwrap().as_str(),
                it.by.as_deref(),
            )
        })
        .collect();
    let (ana, ben) = (Some("ana@lab.example"), Some("ben@lab.example"));
    assert!(told.contains(&(&one, "latest", ana)) && told.contains(&(&two, "latest", ben)));
    assert!(told.contains(&(&other, "v1", ana)) && told.len() == 3);
    let of = |digest: &Digest| rows.iter().find(|it| it.digest == *digest).unwrap();
    assert_eq!(
        (of(&one).until, of(&two).until),
        (Some(of(&two).from), None)
    );
    assert_eq!(of(&other).until, None);
    let tag = Tag::parse("v1").unwrap();
    let page = history(&way, Some(&tag)).await.unwrap();
    assert_eq!((page.rows.len(), page.left_out, page.sent), (1, 0, 3));
    assert_eq!(desk.polly.violations(), [""; 0]);
}

#[tokio::test]
async fn a_repository_is_asked_for_by_the_name_that_the_list_has() {
    let desk = Desk::start().await;
    desk.polly.push("lab/tool", "v1", "one", played::WHO);
    for (organisation, own, asked) in [
        (Some("lab"), None, Some("tool")),
        (None, None, Some("tool")),
        (Some("lab"), Some("Tool"), Some("Tool")),
        // Who gives it an option for a name is not listened to.
        (Some("lab"), Some("--all"), Some("tool")),
        (Some("other"), None, None),
    ] {
        desk.polly.forget_runs();
        let answer = history(&desk.way(organisation, own).await, None).await;
        let runs = desk.polly.runs();
        let asked = asked.map(|name| format!("dockers commit-list --name {name} --all"));
        assert_eq!(runs, asked.clone().into_iter().collect::<Vec<_>>());
        assert!(asked.is_some() || matches!(answer, Err(Failure::NotFound)));
    }
    assert_eq!(desk.polly.violations(), [""; 0]);
}

#[tokio::test]
async fn a_repository_is_made_with_its_words() {
    let desk = Desk::start().await;
    let way = desk.way(Some("lab"), None).await;
    let words = |text: &str| NewWords {
        description: text.to_owned(),
        full: None,
    };
    for (repository, text) in [
        ("lab/new", "All of\nit; rm -rf *"),
        ("lab/dash", "--all"),
        ("lab/none", ""),
    ] {
        let answer = Polly
            .create(&way, &name(repository), &words(text), None)
            .await;
        answer.unwrap();
    }
    let made: Vec<_> = desk
        .polly
        .made()
        .into_iter()
        .map(|made| (made.name, made.description))
        .collect();
    let wanted = [
        ("new", "All of it; rm -rf *"),
        ("dash", " --all"),
        ("none", ""),
    ];
    assert_eq!(
        made,
        wanted.map(|(name, text)| (name.to_owned(), text.to_owned()))
    );
    let again = Polly.create(&way, &name("lab/new"), &words(""), None).await;
    let told = again.unwrap_err().to_string();
    assert!(told.contains("the repository exists already"), "{told}");
    let elsewhere = Polly
        .create(&way, &name("other/new"), &words(""), None)
        .await;
    assert!(matches!(elsewhere, Err(Failure::NotFound)));
    assert_eq!(desk.polly.violations(), [""; 0]);
}

#[tokio::test]
async fn hostile_what_cannot_be_read_or_wants_an_answer_is_a_failure_that_passes() {
    let desk = Desk::start().await;
    desk.polly.push("lab/tool", "v1", "one", played::WHO);
    let way = desk.way(Some("lab"), None).await;
    desk.polly.sign_out(true);
    let failure = list(&way).await.unwrap_err();
    assert!(
        failure.to_string().contains("you are not logged in"),
        "{failure}"
    );
    assert!(failure.is_passing());
    desk.polly.sign_out(false);
    for text in [
        "",
        "No repositories found.",
        "<html>",
        "| a | b |\n|---|---|\n",
    ] {
        desk.polly.break_command(Some((0, text)));
        for failure in [list(&way).await.err(), history(&way, None).await.err()] {
            assert!(matches!(
                failure,
                Some(Failure::Command(CommandFailure::Unreadable))
            ));
        }
    }
    let mut none = way;
    none.command = None;
    let failure = list(&none).await.unwrap_err();
    assert!(matches!(failure, Failure::Command(CommandFailure::Missing)));
    assert_eq!(desk.polly.violations(), [""; 0]);
}

#[test]
fn only_its_command_makes_its_parts_native() {
    let polly = of(VendorId::Polly);
    assert_eq!(polly.program().unwrap().name, "polly");
    assert_eq!(means(polly, Part::History), Means::Native);
    assert_eq!(crate::lacking(polly, Part::History), Means::ByCommitTags);
    for vendor in crate::ALL {
        assert_eq!(vendor.program().is_some(), vendor.id() == VendorId::Polly);
    }
}

#[test]
fn of_one_second_the_tables_own_order_counts_whichever_way_it_goes() {
    let hashes = ['a', 'b', 'c', 'd'].map(|digit| digit.to_string().repeat(64));
    let times = ["08:12:11", "08:12:13", "08:12:13", "08:12:15"];
    let rows = hashes.iter().zip(times).map(|(hash, time)| {
        let status = if time == times[3] {
            "active"
        } else {
            "inactive"
        };
        format!("v1\t2026-06-16T{time}Z\tsha256:{hash}\t{status}\n")
    });
    let oldest_first: Vec<String> = rows.collect();
    let newest_first: Vec<String> = oldest_first.iter().rev().cloned().collect();
    for rows in [oldest_first, newest_first] {
        let table = format!("tag\tpushed at\tcommit_hash\ttag status\n{}", rows.concat());
        let read = super::read_polly_commits(&table).unwrap();
        let moments = super::moments(read.rows);
        let told: Vec<&str> = moments.iter().map(|one| one.digest.hex()).collect();
        assert_eq!(told, hashes, "{table}");
        let ends: Vec<_> = moments.iter().map(|one| one.until).collect();
        let begins = moments.iter().skip(1).map(|one| Some(one.from));
        assert_eq!(ends, begins.chain([None]).collect::<Vec<_>>());
    }
}
