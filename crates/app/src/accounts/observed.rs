//! How an account's registry fares, noted for all to see; and looking after one that does not answer.
//!
//! Not here: who waits for what (`ground::questions`). Grows by what is noticed of every request of an account.

use super::rates::Rates;
use super::room::Accounts;
use super::scheme::code_of;
use super::standing::Standing;
use crate::ground::{Ground, Questions};
use crate::view::accounts::AccountState;
use crate::view::answering::Whom;
use crate::view::problem::{Code, Problem};
use crate::words;
use futures_util::future::BoxFuture;
use registry::{Error, Kind, Observer, RateLimit, Registry, WeakRegistry};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use store::Account;

/// How long after the first failure a registry is asked again by itself; each time twice as long, up to the longest.
const SOON: Duration = Duration::from_secs(5);
const LONGEST: Duration = Duration::from_mins(1);

impl Accounts {
    /// Asks the registry of an account as the window wants it: whoever looks sees that it waits, and can end it.
    pub(crate) async fn asking<T>(
        &self,
        account: &str,
        question: BoxFuture<'_, Result<T, Problem>>,
    ) -> Result<T, Problem> {
        let (whom, late) = self.asked(account).await?;
        self.ground.questions.ask(whom, late, question).await
    }

    /// Asks the same for a sheet, of what only reads: where a person ends it there is no sheet.
    pub(crate) async fn asking_for_sheet<T>(
        &self,
        account: &str,
        question: BoxFuture<'_, Result<T, Problem>>,
    ) -> Result<T, Problem> {
        let (whom, late) = self.asked(account).await?;
        let questions = &self.ground.questions;
        questions.ask_for_sheet(whom, late, question).await
    }

    /// Returns an account as one who is asked, and what is said where it does not answer for long.
    async fn asked(&self, account: &str) -> Result<(Whom, Problem), Problem> {
        let late = words::registry::no_answer_yet(&self.account(account).await?.host);
        let account = account.to_owned();
        Ok((Whom::Account { account }, late))
    }

    /// Asks a registry that is no account yet, or signs in anew; what it does only reads.
    pub(super) async fn asking_to_sign_in<T>(
        &self,
        host: &oci::Host,
        question: BoxFuture<'_, Result<T, Problem>>,
    ) -> Result<T, Problem> {
        let late = words::registry::no_answer_yet(host);
        let questions = &self.ground.questions;
        questions.ask_lightly(Whom::SignIn, late, question).await
    }
}

/// Returns the account as one who is waited for.
pub(super) fn whom(account: i64) -> Whom {
    Whom::Account {
        account: account.to_string(),
    }
}

/// Has every answer and every failure of an account's registry noted.
pub(super) fn observe(
    ground: &Arc<Ground>,
    rates: &Arc<Rates>,
    standing: &Arc<Standing>,
    account: &Account,
    registry: &Registry,
) {
    registry.observe(Arc::new(Observed {
        account: account.id,
        rates: Arc::clone(rates),
        on_certificate: certificate_noted(Arc::clone(standing), account.id),
        whom: whom(account.id),
        host: account.host.clone(),
        signed_in: account.user.is_some(),
        questions: ground.questions.clone(),
        registry: registry.downgrade(),
        is_looked_after: Arc::default(),
    }));
}

struct Observed {
    account: i64,
    rates: Arc<Rates>,
    /// Told whether a person has to look at certificates before the registry can be reached.
    on_certificate: Box<dyn Fn(bool) + Send + Sync>,
    whom: Whom,
    host: oci::Host,
    signed_in: bool,
    questions: Questions,
    registry: WeakRegistry,
    is_looked_after: Arc<AtomicBool>,
}

/// Returns what notes with an account whether a person has to look at certificates.
fn certificate_noted(standing: Arc<Standing>, account: i64) -> Box<dyn Fn(bool) + Send + Sync> {
    Box::new(move |is_refused| {
        if is_refused {
            standing.note(account, AccountState::Certificate);
        } else {
            standing.has_certificate(account);
        }
    })
}

impl Observer for Observed {
    fn answered(&self) {
        (self.on_certificate)(false);
        self.questions.answered(&self.whom);
    }

    fn failed(&self, began: Instant, error: &Error) {
        if !error.is_no_answer() {
            return;
        }
        if matches!(error.kind, Kind::Tls(_)) && code_of(&error.kind).is_some() {
            (self.on_certificate)(true);
        }
        let problem = words::of_registry(error, &self.host, self.signed_in);
        if self.questions.failed(&self.whom, began.into(), problem) {
            self.look_after(error.kind == Kind::Server);
        }
    }

    fn left(&self) {
        // What waited for long was a trouble meanwhile, and nobody else looks at that any more.
        if self.questions.is_in_trouble(&self.whom) {
            self.look_after(false);
        }
    }

    fn failed_elsewhere(&self, error: &Error) {
        let is_service = error.elsewhere.as_ref().is_some_and(|it| it.gives_tokens);
        if is_service && code_of(&error.kind) == Some(Code::Certificate) {
            (self.on_certificate)(true);
        }
    }

    fn counted(&self, limit: RateLimit) {
        self.rates.note(self.account, limit);
    }

    fn ended(&self) -> Option<BoxFuture<'static, ()>> {
        Questions::ended()
    }
}

impl Observed {
    /// Knocks now and then until somebody answers: what came back is noticed without a press. A registry whose gate answers in
    /// its place may be under load, and is left alone for longer.
    fn look_after(&self, is_behind_a_gate: bool) {
        if self.is_looked_after.swap(true, Ordering::AcqRel) {
            return;
        }
        let (questions, whom) = (self.questions.clone(), self.whom.clone());
        let (registry, looked_after) = (self.registry.clone(), Arc::clone(&self.is_looked_after));
        let mut wait = if is_behind_a_gate { LONGEST } else { SOON };
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(wait).await;
                if !questions.is_in_trouble(&whom) {
                    looked_after.store(false, Ordering::Release);
                    // What failed in between found it still looked after.
                    let is_done = !questions.is_in_trouble(&whom)
                        || looked_after.swap(true, Ordering::AcqRel);
                    if is_done {
                        return;
                    }
                    wait = SOON;
                    continue;
                }
                let Some(registry) = registry.upgrade() else {
                    break;
                };
                // Whether it answers is noted where all is noted.
                let _ = registry.knock().await;
                wait = (wait * 2).min(LONGEST);
            }
            looked_after.store(false, Ordering::Release);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::options::Events;
    use crate::ground::{Clock, Throttle};
    use crate::view::events::AppEvent;
    use registry::{Endpoint, Scheme, SignIn};

    struct Deaf;

    impl Events for Deaf {
        fn emit(&self, _: AppEvent) {}
    }

    #[tokio::test]
    async fn what_is_stopped_when_it_is_a_trouble_is_looked_after() {
        let host = oci::Host::parse("lab.example").unwrap();
        let endpoint = Endpoint {
            scheme: Scheme::Https,
            host: host.clone(),
        };
        let registry = Registry::new(endpoint, SignIn::Anonymous).unwrap();
        let throttle = Throttle::new(Arc::new(Deaf));
        let observed = Observed {
            on_certificate: Box::new(|_| ()),
            whom: whom(1),
            host,
            signed_in: false,
            account: 1,
            rates: Arc::new(Rates::new(Clock::system(), throttle.clone())),
            questions: Questions::new(throttle),
            registry: registry.downgrade(),
            is_looked_after: Arc::default(),
        };
        let is_looked_after = || observed.is_looked_after.load(Ordering::Acquire);
        observed.left();
        assert!(!is_looked_after(), "it is in no trouble");
        // As a question that waits for too long makes it, beside every request.
        let late = words::general::quoted("late").coded(Code::NoAnswer);
        let began = Instant::now().into();
        assert!(observed.questions.failed(&observed.whom, began, late));
        observed.left();
        assert!(is_looked_after());
    }
}
