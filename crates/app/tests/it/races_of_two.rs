//! Two computers push to one tag at the same moment, round after round: no commit that either pushed is missing
//! afterwards, from neither timeline, and each can be pulled.

use crate::home::{Home, load};
use crate::lab::Lab;
use app::view::browse::Reach;
use app::view::keep::KeepRule;
use app::view::problem::Code;
use app::view::push::KeepAnswer;
use app::view::tasks::TaskState;
use std::collections::BTreeMap;
use std::time::Duration;
use testkit::parts::{Dockerd, Part, Registry, RegistryOptions, RegistryVersion as Version, need};

const REPOSITORY: &str = "lab/tool";
const TAG: &str = "v1";
/// Rounds in which both have pushed.
const ROUNDS: u64 = 8;
/// Rounds at most: in some, one sees the other's commit in time and stops.
const AT_MOST: u64 = 12;

/// A computer with an engine of its own.
struct Computer {
    home: Home,
    id: String,
    images: Vec<String>,
    _engine: Dockerd,
}

impl Computer {
    /// `offset`: its images are not the other's.
    async fn new(host: &str, offset: u64) -> Self {
        let engine = Dockerd::start(None).await.unwrap();
        let home = Home::with(Some(&engine));
        let id = home.anyone(host).await;
        home.at(&id, REPOSITORY)
            .set_keep(KeepRule::Overwrite, false)
            .await;
        let size = 20_000 + usize::try_from(offset).unwrap();
        let images = load(&engine, AT_MOST, size).await;
        Self {
            home,
            id,
            images,
            _engine: engine,
        }
    }

    fn lab(&self) -> Lab<'_> {
        self.home.at(&self.id, REPOSITORY)
    }

    /// One push through the sheet, the button pressed a little later; what arrived, if anything.
    async fn push(&self, round: u64, wait: Duration) -> Option<String> {
        let image = &self.images[usize::try_from(round).unwrap()];
        let plan = self.lab().plan_push(TAG, image).await;
        let expected = plan.target.map(|target| target.digest);
        let order = self
            .lab()
            .push_order(TAG, image, expected.as_deref(), KeepAnswer::ByRule);
        tokio::time::sleep(wait).await;
        let task = self.home.app.start_push(order).await.unwrap();
        let ended = self.home.ended(&task).await;
        let outcome = ended.outcome.clone();
        match ended.state {
            TaskState::Done => Some(
                outcome
                    .and_then(app::view::tasks::TaskOutcome::moved)
                    .unwrap()
                    .digest
                    .expect("it says what it pushed"),
            ),
            TaskState::Failed => {
                let code = ended.problem.as_ref().unwrap().code;
                assert_eq!(code, Code::TagMoved, "{ended:#?}");
                assert_eq!(
                    outcome
                        .and_then(app::view::tasks::TaskOutcome::moved)
                        .and_then(|outcome| outcome.digest),
                    None
                );
                None
            }
            _ => panic!("{ended:#?}"),
        }
    }

    async fn refresh(&self) {
        self.lab().refresh_tags().await;
        self.lab().resolve(TAG).await;
        self.lab().refresh_commits(TAG).await;
    }

    /// What the tag's list says of each commit, and which of them the repository's timeline shows too.
    async fn knows(&self) -> BTreeMap<String, (Reach, bool)> {
        let timeline = self.lab().timeline().await;
        let woven = |digest: &str| {
            timeline.rows.iter().any(|row| {
                row.commit.digest.as_deref() == Some(digest)
                    && row.marks.iter().any(|mark| mark.tag == TAG)
            })
        };
        let rows = self.lab().commits(TAG).await.into_iter();
        rows.filter_map(|row| Some((row.digest?, row.reach)))
            .map(|(digest, reach)| {
                let shown = woven(&digest);
                (digest, (reach, shown))
            })
            .collect()
    }
}

async fn no_commit_is_missing(version: Version) {
    if !need(Part::Dockerd) || !need(version.part()) {
        return;
    }
    let options = RegistryOptions {
        version,
        ..RegistryOptions::default()
    };
    let registry = Registry::start(options).await.unwrap();
    let host = registry.host();
    let [ana, ben] = [Computer::new(&host, 0).await, Computer::new(&host, 1).await];

    let mut pushed = Vec::new();
    let mut both = 0;
    for round in 0..AT_MOST {
        // Not always in the same step: now one is ahead, now the other.
        let wait = Duration::from_millis(15 * (round % 5));
        let (early, late) = if round % 2 == 0 {
            (&ana, &ben)
        } else {
            (&ben, &ana)
        };
        let (one, two) = tokio::join!(early.push(round, Duration::ZERO), late.push(round, wait));
        both += u64::from(one.is_some() && two.is_some());
        pushed.extend([one, two].into_iter().flatten());
        if both == ROUNDS {
            break;
        }
    }
    assert!(both > 0, "they never met");

    for computer in [&ben, &ana, &ben, &ana] {
        computer.refresh().await;
    }
    let known = [("ana", ana.knows().await), ("ben", ben.knows().await)];
    let mut missing = Vec::new();
    for digest in &pushed {
        for (who, known) in &known {
            match known.get(digest) {
                Some((Reach::Pullable { .. }, true)) => {}
                other => missing.push(format!("{who} says of {digest}: {other:?}")),
            }
        }
        if registry
            .manifest(REPOSITORY, digest)
            .await
            .unwrap()
            .is_none()
        {
            missing.push(format!("{digest} can’t be pulled"));
        }
    }
    // What nothing but a tag keeps: the registry's own clean-up would take it.
    let mut tagged = Vec::new();
    for tag in registry.tags(REPOSITORY).await.unwrap() {
        let (digest, _) = registry.manifest(REPOSITORY, &tag).await.unwrap().unwrap();
        tagged.push(digest);
    }
    missing.extend(
        pushed
            .iter()
            .filter(|digest| !tagged.contains(digest))
            .map(|digest| format!("nothing keeps {digest}")),
    );
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_computers_push_at_the_same_moment_and_no_commit_is_missing() {
    Box::pin(no_commit_is_missing(Version::Two)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_on_the_newest_registry() {
    Box::pin(no_commit_is_missing(Version::Three)).await;
}
