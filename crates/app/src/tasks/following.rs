//! What follows an order: one that ended well may begin another, as a task of its own.

use super::{AfterRestart, Lane, Order, Subject, Tasks, Unfinished};
use crate::view::problem::Problem;
use crate::view::tasks::{Outcome, TaskKind, TaskOutcome, TaskState, TaskView};
use crate::{
    Access, Clock, Options, Platform, RequestLog, SessionSecrets, SettingsInMemory, Silent,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;

struct Deaf;

impl crate::Events for Deaf {
    fn emit(&self, _: crate::view::events::AppEvent) {}
}

/// An order that ends well where it shall, and is followed by as many others.
#[derive(Clone, Serialize, Deserialize)]
struct Step {
    well: bool,
    late: bool,
    more: u8,
}

impl Order for Step {
    fn subject(&self) -> Subject {
        Subject {
            kind: TaskKind::Push,
            account: "1".to_owned(),
            repository: "genomics/aligner".to_owned(),
            tag: self.more.to_string(),
            short: String::new(),
            image: None,
            engine: None,
        }
    }

    fn lane(&self) -> Lane {
        Lane::Registry("1".to_owned())
    }

    fn after_restart(&self) -> AfterRestart {
        AfterRestart::Offer
    }

    fn then(&self, outcome: &TaskOutcome) -> Option<Self> {
        assert!(
            matches!(outcome, TaskOutcome::Moved(moved) if moved.name == self.more.to_string())
        );
        (self.more > 0).then(|| Self {
            well: true,
            late: false,
            more: self.more - 1,
        })
    }
}

fn tasks(folder: &std::path::Path) -> Arc<Tasks<Step>> {
    let options = Options {
        data_dir: folder.to_owned(),
        access: Access::Shared,
        keychain: Arc::new(SessionSecrets::default()),
        work_factor: None,
        engine: None,
        docker_config: None,
        sign_ins: credentials::Files::default(),
        cert_folders: Vec::new(),
        programs: credentials::Programs::default(),
        ssh: crate::SshProgram::default(),
        buildx: crate::BuildxAt::Nowhere,
        sandbox: None,
        events: Arc::new(Deaf),
        notices: Arc::new(Silent),
        downloads: folder.to_owned(),
        settings: Arc::new(SettingsInMemory::default()),
        clock: Clock::system(),
        watch_every: None,
        engine_patience: None,
        instead: registry::Instead::parse("hub.docker.com=http://127.0.0.1:1").unwrap_or_default(),
        log: RequestLog::new(Clock::system()),
        platform: Platform::here(),
    };
    let ground = Arc::new(crate::open_ground(&options).unwrap());
    let run: super::Run<Step> = Arc::new(|step, running| {
        Box::pin(async move {
            // Whoever wants to cancel comes in time.
            let rest = tokio::time::sleep(Duration::from_millis(20));
            if running.unless_stopped(rest).await.is_none() {
                return Err(Unfinished::Cancelled(None));
            }
            if step.late {
                // The person stops it when all is done.
                running.token().cancel();
            }
            if !step.well {
                return Err(Unfinished::from(crate::words::unexpected("no")));
            }
            Ok(TaskOutcome::Moved(Outcome {
                name: step.more.to_string(),
                digest: None,
                commit_tag: None,
                previous: None,
                notes: Vec::new(),
            }))
        })
    });
    Arc::new(Tasks::open(&ground, run).unwrap())
}

/// Waits until nothing runs any more, and returns the tags and the ends of all, the first one first.
async fn ends(tasks: &Tasks<Step>) -> Result<Vec<(String, TaskState)>, Problem> {
    let mut quiet = 0;
    // Between the end of one and the beginning of the next nothing runs for a moment.
    while quiet < 20 {
        quiet = if tasks.running() == 0 { quiet + 1 } else { 0 };
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let ended = |task: TaskView| (task.tag, task.state);
    Ok(tasks.list().await?.into_iter().rev().map(ended).collect())
}

#[tokio::test]
async fn what_follows_begins_once_the_order_before_it_ended_well() {
    let folder = tempfile::tempdir().unwrap();
    let tasks = tasks(folder.path());
    tasks
        .begin(Step {
            well: true,
            late: false,
            more: 2,
        })
        .await
        .unwrap();
    let done = |tag: &str| (tag.to_owned(), TaskState::Done);
    assert_eq!(
        ends(&tasks).await.unwrap(),
        [done("2"), done("1"), done("0")]
    );
}

#[tokio::test]
async fn nothing_follows_what_failed_or_was_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let tasks = tasks(folder.path());
    tasks
        .begin(Step {
            well: false,
            late: false,
            more: 2,
        })
        .await
        .unwrap();
    let stopped = tasks
        .begin(Step {
            well: true,
            late: false,
            more: 3,
        })
        .await
        .unwrap();
    tasks.cancel(stopped).await.unwrap();
    let ends = ends(&tasks).await.unwrap();
    assert_eq!(
        ends,
        [
            ("2".to_owned(), TaskState::Failed),
            ("3".to_owned(), TaskState::Cancelled)
        ]
    );
}

#[tokio::test]
async fn nothing_follows_what_was_stopped_when_it_was_done() {
    let folder = tempfile::tempdir().unwrap();
    let tasks = tasks(folder.path());
    tasks
        .begin(Step {
            well: true,
            late: true,
            more: 2,
        })
        .await
        .unwrap();
    let ends = ends(&tasks).await.unwrap();
    assert_eq!(ends, [("2".to_owned(), TaskState::Cancelled)]);
    let listed = tasks.list().await.unwrap();
    assert!(listed[0].outcome.is_some(), "what was done is told");
}
