//! What GitLab itself tells of its registry's repositories, where the registry doesn't: those of a group or a project, or of all
//! projects that the account is a member of.
//!
//! One question a page: a cursor holds which projects are still to be asked. Not here: what the registry tells (`super`), tags, of
//! which this says no more than the protocol.

use super::listed;
use crate::read;
use crate::values::{Cursor, Listed, Page};
use crate::way::{Failure, Way};
use registry::{Ask, Told};
use serde_json::Value;

/// The most entries that are sent at once.
const PAGE: usize = 100;
/// How many questions the repositories of an account are worth.
const QUESTIONS: u32 = 60;

/// Where in its lists a page begins: how many questions were asked so far, and what the next one is.
struct Stop {
    asked: u32,
    ask: Next,
}

enum Next {
    /// A page of the repositories of a group.
    Group(u32),
    /// A page of the repositories of a project.
    Project(u32),
    /// A page of the account's projects.
    Projects(u32),
    /// A page of the repositories of the first of these projects; then the others, and the next page of projects where there is one.
    Of(u32, Vec<u64>, Option<u32>),
}

impl Stop {
    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split(' ');
        let (asked, kind, number) = (parts.next()?, parts.next()?, parts.next()?);
        let number = number.parse().ok()?;
        let ask = match kind {
            "group" => Next::Group(number),
            "project" => Next::Project(number),
            "projects" => Next::Projects(number),
            "of" => {
                let ids = parts.next()?.split(',').map(|id| id.parse().ok());
                let more = parts.next()?.parse().ok();
                Next::Of(number, ids.collect::<Option<_>>()?, more)
            }
            _ => return None,
        };
        let asked = asked.parse().ok()?;
        Some(Self { asked, ask })
    }

    fn cursor(&self) -> Cursor {
        let ask = match &self.ask {
            Next::Group(number) => format!("group {number}"),
            Next::Project(number) => format!("project {number}"),
            Next::Projects(number) => format!("projects {number}"),
            Next::Of(number, ids, more) => {
                let ids: Vec<String> = ids.iter().map(u64::to_string).collect();
                let more = more.map_or_else(|| "-".to_owned(), |more| more.to_string());
                format!("of {number} {} {more}", ids.join(","))
            }
        };
        Cursor::Text(format!("{} {ask}", self.asked))
    }
}

/// Asks for a page of the repositories of an account, or of the part of the registry that it is for.
pub(super) async fn page(way: &Way, at: &Cursor) -> Result<Page<Listed>, Failure> {
    let Cursor::Text(text) = at else {
        return first(way).await;
    };
    let stop = Stop::read(text).ok_or(Failure::NotFound)?;
    match stop.ask {
        Next::Group(number) => of_namespace(way, Next::Group(number)).await,
        Next::Project(number) => of_namespace(way, Next::Project(number)).await,
        Next::Projects(number) => projects(way, stop.asked, number).await,
        Next::Of(number, ids, more) => of_project(way, stop.asked, (number, ids, more)).await,
    }
}

async fn first(way: &Way) -> Result<Page<Listed>, Failure> {
    if way.namespace.is_none() {
        return projects(way, 0, 1).await;
    }
    match of_namespace(way, Next::Group(1)).await {
        Err(Failure::NotFound) => of_namespace(way, Next::Project(1)).await,
        told => told,
    }
}

/// Asks for the repositories of the group, or the project, that the account is for.
async fn of_namespace(way: &Way, next: Next) -> Result<Page<Listed>, Failure> {
    let below = way.namespace.as_ref().ok_or(Failure::NotFound)?;
    let (path, number, following): (_, _, fn(u32) -> Next) = match next {
        Next::Group(number) => ("/api/v4/groups", number, Next::Group),
        Next::Project(number) => ("/api/v4/projects", number, Next::Project),
        _ => return Err(Failure::NotFound),
    };
    let ask = Ask::get().at(path).value(below.as_str());
    let told = way
        .ask(&read::numbered(repositories(ask), PAGE, number))
        .await?;
    let (page, more) = repositories_of(&told)?;
    let next = Stop {
        asked: 0,
        ask: following(number.saturating_add(1)),
    };
    Ok(Page {
        next: more.then(|| next.cursor()),
        ..page
    })
}

/// Asks for a page of the projects that the account is a member of; their repositories follow.
async fn projects(way: &Way, asked: u32, number: u32) -> Result<Page<Listed>, Failure> {
    let ask = Ask::get()
        .at("/api/v4/projects")
        .query("membership", true)
        .query("simple", true);
    let told = way.ask(&read::numbered(ask, PAGE, number)).await?;
    let all = told.json::<Vec<Value>>()?;
    let ids = all.iter().filter_map(|one| one["id"].as_u64());
    // No more are asked for, whatever is sent.
    let ids: Vec<u64> = ids.take(PAGE).collect();
    let more = read::has_more(&told, all.len(), PAGE).then(|| number.saturating_add(1));
    let page = Page {
        left_out: all.len() - ids.len(),
        date: told.date(),
        ..Page::empty()
    };
    Ok(follow(page, asked + 1, ids, more))
}

/// Asks for a page of the repositories of the first of these projects.
async fn of_project(
    way: &Way,
    asked: u32,
    (number, mut ids, more): (u32, Vec<u64>, Option<u32>),
) -> Result<Page<Listed>, Failure> {
    let id = ids.first().ok_or(Failure::NotFound)?;
    let ask = Ask::get().at("/api/v4/projects").value(&id.to_string());
    let page = match way
        .ask(&read::numbered(repositories(ask), PAGE, number))
        .await
    {
        Ok(told) => {
            let (page, has_more) = repositories_of(&told)?;
            if has_more && asked < QUESTIONS {
                let ask = Next::Of(number.saturating_add(1), ids, more);
                let asked = asked + 1;
                return Ok(Page {
                    next: Some(Stop { asked, ask }.cursor()),
                    ..page
                });
            }
            if has_more {
                return Ok(in_doubt(page));
            }
            page
        }
        // One whose registry is off, or not for everybody in it, has none for this account.
        Err(Failure::NotFound | Failure::Denied) => Page::empty(),
        Err(failure) => return Err(failure),
    };
    ids.remove(0);
    Ok(follow(page, asked + 1, ids, more))
}

/// Goes on with the next project, or the next page of projects; where that is too much, the list ends in doubt.
fn follow(page: Page<Listed>, asked: u32, ids: Vec<u64>, more: Option<u32>) -> Page<Listed> {
    let ask = match (ids.is_empty(), more) {
        (true, None) => return page,
        (true, Some(number)) => Next::Projects(number),
        (false, more) => Next::Of(1, ids, more),
    };
    if asked >= QUESTIONS {
        return in_doubt(page);
    }
    Page {
        next: Some(Stop { asked, ask }.cursor()),
        ..page
    }
}

/// Makes a page the last one of a list that is not whole.
fn in_doubt(page: Page<Listed>) -> Page<Listed> {
    Page {
        total: Some(u64::MAX),
        next: None,
        ..page
    }
}

fn repositories(ask: Ask) -> Ask {
    ask.at("/registry/repositories")
}

/// Reads a page of repositories, and whether there is another one.
fn repositories_of(told: &Told) -> Result<(Page<Listed>, bool), Failure> {
    let all = told.json::<Vec<Value>>()?;
    let page = read::linked(told, &all, listed);
    let more = read::has_more(told, all.len(), PAGE);
    Ok((Page { next: None, ..page }, more))
}
