//! What the window asks of a registry or of the engine, and who has not answered yet: the one place that knows.
//!
//! A question is opened by whoever was asked by the window ([`Questions::ask`]). What is found out meanwhile is noted by
//! whoever speaks to the other side: an answer to anybody's request ends all doubt of it, and a request that came to nothing
//! begins one. A person may end the questions of a page. Not here: how one asks, what an account is. Grows by another side
//! that is waited for.

mod pace;
mod sides;

use self::sides::{Known, Telling};
use super::stale::Throttle;
use super::threads::lock;
use crate::view::answering::{Unanswered, Whom};
use crate::view::events::Stale;
use crate::view::problem::{Code, Problem};
use crate::words;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// How often the waits are looked at, while there are questions.
const LOOK: Duration = Duration::from_millis(250);
/// How long what is read for a sheet may take to leave off once a person has ended it, before it is let go of.
const LEAVING: Duration = Duration::from_millis(250);

tokio::task_local! {
    /// The question that this task asks.
    static ASKED: Asked;
}

/// The question that a task asks.
#[derive(Clone)]
struct Asked {
    whom: Whom,
    number: u64,
    end: CancellationToken,
}

/// All that is asked, and who does not answer. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Questions {
    throttle: Throttle,
    known: Arc<Mutex<Known>>,
}

impl Questions {
    pub fn new(throttle: Throttle) -> Self {
        Self {
            throttle,
            known: Arc::default(),
        }
    }

    /// Asks, as the window wants it. `late` is what is said where nothing comes for long. A person may end it: what reads
    /// finds out by [`ended`](Self::ended), so that what writes is never cut off.
    pub async fn ask<T>(
        &self,
        whom: Whom,
        late: Problem,
        question: BoxFuture<'_, Result<T, Problem>>,
    ) -> Result<T, Problem> {
        let (asked, _open) = self.open(whom, late);
        ASKED.scope(asked, question).await
    }

    /// Asks as [`ask`](Self::ask) does what only reads, and lets go of it where a person ends it. Its end is an answer.
    pub async fn ask_lightly<T>(
        &self,
        whom: Whom,
        late: Problem,
        question: BoxFuture<'_, Result<T, Problem>>,
    ) -> Result<T, Problem> {
        let (asked, _open) = self.open(whom.clone(), late);
        tokio::select! {
            biased;
            () = asked.end.cancelled() => Err(words::general::you_ended_it()),
            answer = question => {
                self.answered(&whom);
                answer
            }
        }
    }

    /// Asks as [`ask`](Self::ask) does for a sheet, which is shown whole or not at all: where a person ends it nothing comes of
    /// it, whatever was read until then. It only reads.
    pub async fn ask_for_sheet<T>(
        &self,
        whom: Whom,
        late: Problem,
        question: BoxFuture<'_, Result<T, Problem>>,
    ) -> Result<T, Problem> {
        let (asked, _open) = self.open(whom, late);
        let end = asked.end.clone();
        let left = async {
            end.cancelled().await;
            // What is under way notes itself that it was left.
            tokio::time::sleep(LEAVING).await;
        };
        let answer = tokio::select! {
            biased;
            answer = ASKED.scope(asked, question) => answer,
            () = left => Err(words::general::you_ended_it()),
        };
        if end.is_cancelled() {
            return Err(words::general::you_ended_it());
        }
        answer
    }

    fn open(&self, whom: Whom, late: Problem) -> (Asked, OpenGuard) {
        let (number, end) = lock(&self.known).ask(&whom, late, Instant::now());
        self.tell();
        self.look_now_and_then();
        let guard = OpenGuard {
            questions: self.clone(),
            whom: whom.clone(),
            number,
        };
        (Asked { whom, number, end }, guard)
    }

    /// Notes that one has answered, whomever.
    pub fn answered(&self, whom: &Whom) {
        let asked = ASKED.try_with(|asked| (asked.whom == *whom).then_some(asked.number));
        let asked = asked.ok().flatten();
        lock(&self.known).answered(whom, asked, Instant::now());
        self.tell();
        self.have_asked_again(whom);
    }

    /// Has the window ask an account again for what came to nothing there, now or when it may.
    fn have_asked_again(&self, whom: &Whom) {
        let Whom::Account { account } = whom else {
            return;
        };
        let telling = lock(&self.known).tell_answers(whom, Instant::now());
        match telling {
            Telling::Nothing => {}
            Telling::Now => self.throttle.tell(Stale::Answers {
                account: account.clone(),
            }),
            Telling::At(then) => {
                let (questions, whom) = (self.clone(), whom.clone());
                tokio::spawn(async move {
                    tokio::time::sleep_until(then).await;
                    lock(&questions.known).waited(&whom);
                    questions.have_asked_again(&whom);
                });
            }
        }
    }

    /// Notes that what was begun then came to nothing; one who has answered since is in no doubt. Returns whether one is.
    pub fn failed(&self, whom: &Whom, began: Instant, problem: Problem) -> bool {
        let is_in_doubt = lock(&self.known).failed(whom, began, problem);
        self.tell();
        is_in_doubt
    }

    /// Tells whether one does not answer.
    pub fn is_in_trouble(&self, whom: &Whom) -> bool {
        lock(&self.known).is_in_trouble(whom)
    }

    /// Returns what resolves when the question that this task asks is ended; none where it asks none.
    pub fn ended() -> Option<BoxFuture<'static, ()>> {
        let end = ASKED.try_with(|asked| asked.end.clone()).ok()?;
        Some(async move { end.cancelled().await }.boxed())
    }

    /// Ends all questions to one.
    pub fn end(&self, whom: &Whom) {
        lock(&self.known).end(whom);
        self.tell();
    }

    /// Forgets all that is known of one, who is another from now on.
    pub fn forget(&self, whom: &Whom) {
        lock(&self.known).forget(whom);
        self.tell();
    }

    /// Lists who has not answered.
    pub fn unanswered(&self) -> Vec<Unanswered> {
        lock(&self.known).unanswered(Instant::now())
    }

    /// Tells the window, where it knows otherwise.
    fn tell(&self) {
        let is_news = lock(&self.known).is_news(Instant::now());
        if is_news {
            self.throttle.tell(Stale::Answering);
        }
    }

    /// Looks at how long the questions wait, until there are none.
    fn look_now_and_then(&self) {
        if std::mem::replace(&mut lock(&self.known).looking, true) {
            return;
        }
        let questions = self.clone();
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(LOOK).await;
                let is_over = {
                    let mut known = lock(&questions.known);
                    known.note_the_late(Instant::now());
                    known.looking = known.is_asked();
                    !known.looking
                };
                questions.tell();
                if is_over {
                    return;
                }
            }
        });
    }
}

/// Closes a question when whoever asked it is done.
struct OpenGuard {
    questions: Questions,
    whom: Whom,
    number: u64,
}

impl Drop for OpenGuard {
    fn drop(&mut self) {
        lock(&self.questions.known).close(&self.whom, self.number);
        self.questions.tell();
    }
}

/// Tells whether a problem is that nothing was answered, or that nobody waits for it: it is told of the other side as a whole, and
/// of no single thing.
pub(crate) fn is_of_the_side(problem: &Problem) -> bool {
    matches!(problem.code, Code::NoAnswer | Code::Ended)
}
