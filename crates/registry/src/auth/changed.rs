//! Whether the registry wants the sign-in otherwise than was agreed to, as far as its answers have told, and that it is over.
//!
//! One path may ask otherwise while the rest goes on, so a success says that it is over only where it is one of what was refused;
//! and what an engine would be asked for at one repository says nothing of another.
//! Not here: what was agreed to (`approved`), and what a person is told. Grows by a place where the other way shows.

use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use super::scope::Scopes;
use crate::way::SignInWay;

/// How many refused questions are kept apart, and how many of what an engine would be asked for.
const MOST: usize = 64;

/// Who is told of the way that is wanted, and, with `None`, that the registry takes what was agreed to again.
pub(crate) type Listener = Arc<dyn Fn(Option<&SignInWay>) + Send + Sync>;

/// Where another way was asked for.
#[derive(Clone, Debug)]
pub(super) enum Place {
    /// Before any question: in the answer to `/v2/`.
    Everywhere,
    /// In the answer to a question that needs this.
    Question(Scopes),
    /// Where it was asked ahead for an engine, as nobody, by a question that needs this: a success with what is at hand says
    /// nothing of it.
    Ahead(Scopes),
}

/// What is noted of the other ways.
#[derive(Default)]
pub(super) struct Changed(Mutex<Noted>);

#[derive(Default)]
struct Noted {
    everywhere: bool,
    /// One of them that is answered again is enough.
    questions: HashSet<Scopes>,
    /// Each of them has to be asked again.
    ahead: HashSet<Scopes>,
    listener: Option<Listener>,
}

impl Changed {
    /// Tells this one from now on; nobody with `None`.
    pub(super) fn listen(&self, listener: Option<Listener>) {
        self.noted(|noted| noted.listener = listener);
    }

    /// Notes that a way is wanted that was not agreed to.
    pub(super) fn note(&self, place: Place, wanted: &SignInWay) {
        self.noted(|noted| {
            match place {
                Place::Everywhere => noted.everywhere = true,
                Place::Ahead(scopes) => keep(&mut noted.ahead, scopes),
                Place::Question(scopes) => keep(&mut noted.questions, scopes),
            }
            noted.tell(Some(wanted));
        });
    }

    /// Notes that a question was answered to who signed in as was agreed to.
    pub(super) fn taken(&self, scopes: &Scopes) {
        self.noted(|noted| {
            if noted.everywhere || noted.questions.contains(scopes) {
                noted.everywhere = false;
                noted.questions.clear();
                noted.tell_end();
            }
        });
    }

    /// Notes that this question asks for nothing but what was agreed to, ahead of an engine.
    pub(super) fn agreed_ahead(&self, scopes: &Scopes) {
        self.noted(|noted| {
            if noted.ahead.remove(scopes) {
                noted.tell_end();
            }
        });
    }

    fn noted<T>(&self, with: impl FnOnce(&mut Noted) -> T) -> T {
        with(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Noted {
    /// Tells it while it is held, so that what is told last is what is so.
    fn tell(&self, wanted: Option<&SignInWay>) {
        if let Some(listener) = &self.listener {
            listener(wanted);
        }
    }

    fn tell_end(&self) {
        if !self.everywhere && self.ahead.is_empty() && self.questions.is_empty() {
            self.tell(None);
        }
    }
}

/// Keeps what was refused as long as there is room.
fn keep(refused: &mut HashSet<Scopes>, scopes: Scopes) {
    if refused.len() < MOST {
        refused.insert(scopes);
    }
}

impl fmt::Debug for Changed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Changed")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Notes, and how often its end was told.
    fn changed() -> (Changed, Arc<Mutex<u32>>) {
        let (changed, ends) = (Changed::default(), Arc::new(Mutex::new(0)));
        let counted = Arc::clone(&ends);
        changed.listen(Some(Arc::new(move |wanted| {
            if wanted.is_none() {
                *counted.lock().unwrap() += 1;
            }
        })));
        (changed, ends)
    }

    #[test]
    fn it_is_over_where_what_was_refused_is_answered() {
        let (changed, ends) = changed();
        let (one, other) = (Scopes::read(["repository:a:pull"]), Scopes::catalog());
        changed.taken(&one);
        changed.note(Place::Question(one.clone()), &SignInWay::Basic);
        changed.taken(&other);
        assert_eq!(*ends.lock().unwrap(), 0, "the rest went on all the while");
        changed.taken(&one);
        changed.taken(&one);
        assert_eq!(*ends.lock().unwrap(), 1);
        changed.note(Place::Everywhere, &SignInWay::Basic);
        changed.taken(&other);
        assert_eq!(*ends.lock().unwrap(), 2);
    }

    #[test]
    fn what_an_engine_would_be_asked_is_over_when_it_is_asked_again() {
        let (changed, ends) = changed();
        let (ping, one) = (Scopes::default(), Scopes::read(["repository:a:pull"]));
        let other = Scopes::read(["repository:b:pull"]);
        changed.agreed_ahead(&one);
        changed.note(Place::Ahead(ping.clone()), &SignInWay::Basic);
        changed.note(Place::Ahead(one.clone()), &SignInWay::Basic);
        changed.note(Place::Everywhere, &SignInWay::Basic);
        changed.taken(&one);
        assert_eq!(*ends.lock().unwrap(), 0);
        changed.agreed_ahead(&ping);
        changed.agreed_ahead(&other);
        assert_eq!(*ends.lock().unwrap(), 0, "the one still asks for it");
        changed.agreed_ahead(&one);
        changed.agreed_ahead(&one);
        assert_eq!(*ends.lock().unwrap(), 1);
    }

    #[test]
    fn hostile_registries_make_it_grow_to_a_bound() {
        let (changed, ends) = changed();
        let all: Vec<Scopes> = (0..=MOST)
            .map(|at| Scopes::read([format!("repository:a{at}:pull").as_str()]))
            .collect();
        let (kept, over) = all.split_at(MOST);
        for scopes in &all {
            changed.note(Place::Ahead(scopes.clone()), &SignInWay::Basic);
            changed.note(Place::Question(scopes.clone()), &SignInWay::Basic);
        }
        changed.taken(&over[0]);
        for scopes in kept {
            changed.agreed_ahead(scopes);
        }
        assert_eq!(*ends.lock().unwrap(), 0);
        changed.taken(&kept[MOST - 1]);
        assert_eq!(*ends.lock().unwrap(), 1);
    }
}
