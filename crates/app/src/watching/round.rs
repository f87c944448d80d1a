//! One round over one repository.

use super::room::Watching;
use super::waits::{LONGEST, chance, is_watchable, jittered, left_alone_for};
use crate::accounts::Remote;
use crate::ground::lock;
use crate::view::problem::{Code, Problem};
use crate::words::watching as say;
use registry::Kind;
use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use store::{Place, Round, Watched};
use tokio::time::{Instant, timeout, timeout_at};

/// The most tags that are asked for in a round.
const TAGS: usize = 100;
/// The most bytes of a list of tags: a few hundred thousand.
const LIST: u64 = 16 * 1024 * 1024;
/// How many new tags are stored at a time.
const PART: usize = 1000;
/// How many questions are remembered.
const REMEMBERED: usize = 20_000;

/// Why a round ended early.
enum Trouble {
    /// The host wants to be left alone, for so many seconds where it says.
    Busy(Problem, Option<i64>),
    /// Nothing of this host can be asked now.
    Host(Problem),
    /// This repository can't.
    Here(Problem),
}

impl From<Problem> for Trouble {
    fn from(problem: Problem) -> Self {
        Self::Here(problem)
    }
}

impl Watching {
    /// Asks what is due of one host, one repository after the other, until the round's time is over: what was not asked by
    /// then is asked first the next time.
    pub(super) async fn watch_host(&self, places: Vec<Place>) {
        let deadline = Instant::now() + self.deadline();
        let answers = AtomicUsize::new(0);
        let mut away: Option<(Problem, i64)> = None;
        for place in places {
            let now = self.ground.now();
            let (asked_at, next_at, trouble) = match &away {
                Some((problem, until)) => (None, *until, Some(problem.what())),
                // Left as due as it was, and so first of all the next time.
                None if Instant::now() >= deadline => break,
                None => match self.watch_place(&place, deadline, &answers).await {
                    Ok(()) => {
                        lock(&self.left_alone).remove(&place.host);
                        (Some(now), self.next_round(now), None)
                    }
                    Err(trouble) => {
                        let (problem, until, whole) = self.put_off(&place, now, trouble).await;
                        if whole {
                            away = Some((problem.clone(), until));
                        }
                        (None, until, Some(problem.what()))
                    }
                },
            };
            let (wanted, round) = (
                place.clone(),
                Round {
                    asked_at,
                    next_at,
                    trouble: trouble.map(|said| said.stored()),
                },
            );
            // Where the database refuses, it is due again; the nap in between is the loop's.
            let _ = self
                .ground
                .db(move |store| store.set_round(&wanted, &round))
                .await;
            self.history.stale_moves(&place).await;
        }
    }

    /// Decides what trouble means for the next round: what is said, when that is, and whether it concerns the whole host.
    async fn put_off(&self, place: &Place, now: i64, trouble: Trouble) -> (Problem, i64, bool) {
        match trouble {
            Trouble::Busy(problem, asked) => {
                let sign_ins = self.accounts.sign_ins(&place.host);
                let wait = {
                    let mut left_alone = lock(&self.left_alone);
                    // Another sign-in begins anew.
                    let last = left_alone
                        .get(&place.host)
                        .filter(|last| last.1 == sign_ins);
                    let wait = left_alone_for(asked, last.map(|last| last.0));
                    left_alone.insert(place.host.clone(), (wait, sign_ins));
                    wait
                };
                // Never sooner than asked.
                let until = now + wait + jittered(wait, chance()) / 6;
                let host = place.host.clone();
                let _ = self
                    .ground
                    .db(move |store| store.put_off(&host, until))
                    .await;
                (problem, until, true)
            }
            Trouble::Host(problem) => (problem, self.next_round(now), true),
            // Asked again and again with a wrong secret, some registries lock the account.
            Trouble::Here(problem) if problem.code == Code::SignIn => {
                (problem, now + LONGEST, false)
            }
            Trouble::Here(problem) => (problem, self.next_round(now), false),
        }
    }

    async fn watch_place(
        &self,
        place: &Place,
        deadline: Instant,
        answers: &AtomicUsize,
    ) -> Result<(), Trouble> {
        let opened = async {
            let wanted = place.clone();
            let watched = self.ground.db(move |store| store.watched(&wanted)).await?;
            let account = self.watching_account(place, &watched).await?;
            let session = self.accounts.session(&account.id.to_string()).await?;
            Ok::<_, Trouble>((session.remote_at(place.clone()), watched))
        };
        let late = |_| late(place, answers);
        let (remote, watched) = timeout_at(deadline, opened).await.map_err(late)??;
        let asked = self.ask_all(&remote, &watched, answers);
        let asked = timeout_at(deadline, asked).await;
        let asked = asked.map_err(late).and_then(|asked| asked);
        if answers.load(Ordering::Relaxed) == 0 && asked.is_err() {
            return asked;
        }
        // It has a time of its own, so that what moved is kept and told too where there is too much to be asked in one
        // round. What can't be done now stays ordered.
        let then = async {
            self.rescue(&remote).await;
            self.tell_moves(&remote, &watched).await;
        };
        let _ = timeout(self.deadline(), then).await;
        asked
    }

    async fn ask_all(
        &self,
        remote: &Remote,
        watched: &Watched,
        answers: &AtomicUsize,
    ) -> Result<(), Trouble> {
        let mut tags = watched.tags.clone();
        if watched.all {
            let listed = self.list(remote).await?;
            answers.fetch_add(1, Ordering::Relaxed);
            let named: HashSet<&String> = tags.iter().collect();
            let others: Vec<String> = listed
                .into_iter()
                .filter(|tag| is_watchable(tag) && !named.contains(tag))
                .collect();
            tags.extend(others);
        }
        for tag in self.longest_not_asked(&remote.place, tags).await? {
            let Ok(name) = oci::Tag::parse(&tag) else {
                continue;
            };
            // What is being pushed or deleted here just now is nobody else's move; the next round asks for it.
            let Some(_turn) = self.ground.turns.try_tag(&remote.place, &name) else {
                continue;
            };
            let head = self.history.head(remote, &name).await?;
            let head = head.map_err(|error| trouble(remote, &error))?;
            answers.fetch_add(1, Ordering::Relaxed);
            // What follows is done for the whole repository once the round is over.
            let _ = self.history.record_head(remote, &name, head).await?.digest;
            lock(&self.asked).insert((remote.place.clone(), tag), self.ground.now());
        }
        Ok(())
    }

    /// Lists the names of all tags. Those that are new are listed, those that are gone were deleted; the rows of the others
    /// stay as they are, unlike at a refresh.
    async fn list(&self, remote: &Remote) -> Result<Vec<String>, Trouble> {
        let wanted = remote.place.clone();
        let (before, _) = self.ground.db(move |store| store.tags(&wanted)).await?;
        let mut pages = remote.registry.tags().within(LIST);
        let mut names: Vec<String> = Vec::new();
        loop {
            match pages.next().await {
                Ok(Some(page)) => names.extend(page.iter().map(ToString::to_string)),
                Ok(None) => break,
                // As at a refresh: a repository without tags answers so on some registries.
                Err(error) if error.kind == Kind::NotFound && names.is_empty() => break,
                Err(error) => return Err(trouble(remote, &error)),
            }
        }
        let whole = pages.doubt().is_none();
        let there: HashSet<&String> = before
            .iter()
            .filter(|tag| tag.deleted_at.is_none())
            .map(|tag| &tag.name)
            .collect();
        let new: Vec<(usize, String)> = names
            .iter()
            .enumerate()
            .filter(|(_, name)| !there.contains(name))
            .map(|(at, name)| (at, name.clone()))
            .collect();
        if new.is_empty() && (!whole || there.len() == names.len()) {
            return Ok(names);
        }
        let wanted = remote.place.clone();
        // A part at a time: whoever reads the cache meanwhile doesn't wait for all of it.
        self.ground
            .db(move |store| {
                let mut parts = new.chunks(PART);
                parts.try_for_each(|part| store.add_new_tags(&wanted, part))
            })
            .await?;
        self.history
            .record_list(remote, before, names.clone(), whole)
            .await?;
        self.ground.stale_tags(&remote.place).await;
        Ok(names)
    }

    /// Orders tags: those asked for longest ago, or never, first; no more than a round takes.
    async fn longest_not_asked(
        &self,
        place: &Place,
        mut tags: Vec<String>,
    ) -> Result<Vec<String>, Problem> {
        let wanted = place.clone();
        let seen = self
            .ground
            .db(move |store| store.last_seen(&wanted))
            .await?;
        let mut asked = lock(&self.asked);
        if asked.len() > REMEMBERED {
            asked.clear();
        }
        tags.sort_by_cached_key(|tag| {
            asked
                .get(&(place.clone(), tag.clone()))
                .or_else(|| seen.get(tag))
                .copied()
        });
        tags.truncate(TAGS);
        Ok(tags)
    }
}

/// Says that a round's time was over. A host that answered nothing in it hangs; one that did has too much to be asked.
fn late(place: &Place, answers: &AtomicUsize) -> Trouble {
    if answers.load(Ordering::Relaxed) == 0 {
        return Trouble::Host(say::no_answer_in_time(&place.host).problem());
    }
    Trouble::Here(say::not_all_in_time().problem())
}

fn trouble(remote: &Remote, error: &registry::Error) -> Trouble {
    let problem = remote.problem(error);
    match &error.kind {
        Kind::TooMany { retry_after } => Trouble::Busy(
            problem,
            retry_after.map(|wait| i64::try_from(wait.as_secs()).unwrap_or(LONGEST)),
        ),
        Kind::Server if error.status == Some(503) => Trouble::Busy(problem, None),
        Kind::UnknownHost
        | Kind::Unreachable
        | Kind::Timeout
        | Kind::Tls(_)
        | Kind::Proxy(_)
        | Kind::PlainHttp
        | Kind::NotARegistry
        | Kind::CutShort
        | Kind::Server => Trouble::Host(problem),
        _ => Trouble::Here(problem),
    }
}
