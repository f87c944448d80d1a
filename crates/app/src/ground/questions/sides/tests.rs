//! Who is said not to answer, and when.

use super::*;
use crate::view::problem::Code;
use crate::words;

fn lab() -> Whom {
    Whom::Account {
        account: "1".to_owned(),
    }
}

fn late() -> Problem {
    words::general::quoted("late").coded(Code::NoAnswer)
}

fn trouble(asking: bool) -> Silence {
    Silence::Trouble {
        problem: late(),
        asking,
    }
}

/// What is known, and a clock that a test sets.
struct Scene {
    known: Known,
    now: Instant,
}

impl Scene {
    fn new() -> Self {
        Self {
            known: Known::default(),
            now: Instant::now(),
        }
    }

    fn pass(&mut self, seconds: u64) {
        self.now += Duration::from_secs(seconds);
        self.known.note_the_late(self.now);
    }

    fn ask(&mut self) -> (u64, CancellationToken) {
        self.known.ask(&lab(), late(), self.now)
    }

    fn answered(&mut self, asked: Option<u64>) {
        self.known.answered(&lab(), asked, self.now);
    }

    fn state(&self) -> Option<Silence> {
        let all = self.known.unanswered(self.now);
        assert!(all.len() <= 1, "{all:?}");
        all.into_iter().next().map(|one| one.state)
    }
}

#[test]
fn a_question_waits_and_is_a_problem_then() {
    let mut scene = Scene::new();
    let (asked, _) = scene.ask();
    scene.pass(2);
    assert_eq!(scene.state(), None, "it is not worth a word yet");
    scene.pass(1);
    assert_eq!(scene.state(), Some(Silence::Waiting));
    scene.pass(16);
    assert_eq!(scene.state(), Some(Silence::Waiting));
    scene.pass(1);
    assert_eq!(scene.state(), Some(trouble(true)));
    scene.answered(None);
    let slow = Some(Silence::Waiting);
    assert_eq!(scene.state(), slow, "another question was answered");
    scene.known.close(&lab(), asked);
    assert_eq!(scene.state(), None);
}

#[test]
fn who_answers_others_meanwhile_is_slow_and_no_problem() {
    let mut scene = Scene::new();
    scene.ask();
    for _ in 0..40 {
        scene.pass(1);
        scene.answered(None);
    }
    assert_eq!(scene.state(), Some(Silence::Waiting));
}

#[test]
fn an_answer_on_the_way_is_a_sign_of_life() {
    let mut scene = Scene::new();
    let (asked, _) = scene.ask();
    for _ in 0..40 {
        scene.pass(2);
        scene.answered(Some(asked));
        assert_eq!(scene.state(), None, "page after page comes");
    }
}

#[test]
fn ending_ends_what_is_asked_and_nothing_else() {
    let mut scene = Scene::new();
    let ends = [scene.ask().1, scene.ask().1];
    scene.pass(4);
    scene.known.end(&Whom::Engine);
    assert_eq!(scene.state(), Some(Silence::Waiting));
    scene.known.end(&lab());
    assert!(ends.iter().all(CancellationToken::is_cancelled));
    assert_eq!(scene.state(), Some(Silence::Ended));
    let (again, end) = scene.ask();
    assert_eq!(scene.state(), None, "it is asked again");
    assert!(!end.is_cancelled());
    scene.known.close(&lab(), again);
    scene.known.end(&lab());
    assert_eq!(scene.state(), None, "nothing was asked");
}

#[test]
fn a_failure_counts_where_nothing_was_heard_since() {
    let mut scene = Scene::new();
    let before = scene.now;
    scene.pass(1);
    scene.answered(None);
    assert!(!scene.known.failed(&lab(), before, late()));
    assert_eq!(scene.state(), None, "it is back already");
    scene.pass(1);
    assert!(scene.known.failed(&lab(), scene.now, late()));
    assert_eq!(scene.state(), Some(trouble(false)));
    scene.ask();
    assert_eq!(scene.state(), Some(trouble(true)));
    scene.known.end(&lab());
    assert_eq!(scene.state(), Some(trouble(false)), "ending cures nothing");
    scene.answered(None);
    assert_eq!(scene.state(), None, "the first answer does");
}

#[test]
fn the_window_is_told_to_ask_again_ever_less_often() {
    let mut scene = Scene::new();
    let begin = scene.now;
    let mut told = Vec::new();
    // Each round asks, comes to nothing, and is knocked at a minute later.
    while scene.now - begin < Duration::from_hours(2) {
        scene.pass(1);
        scene.known.failed(&lab(), scene.now, late());
        assert_eq!(
            scene.known.tell_answers(&lab(), scene.now),
            Telling::Nothing
        );
        scene.pass(60);
        scene.answered(None);
        match scene.known.tell_answers(&lab(), scene.now) {
            Telling::Now => {}
            Telling::At(then) => {
                let twice = scene.known.tell_answers(&lab(), scene.now);
                assert_eq!(twice, Telling::Nothing, "one tells it already");
                scene.now = then;
                scene.known.waited(&lab());
                assert_eq!(scene.known.tell_answers(&lab(), then), Telling::Now);
            }
            Telling::Nothing => panic!("it answers, and nobody is told"),
        }
        told.push((scene.now - begin).as_secs() / 60);
    }
    assert_eq!(told, [1, 2, 7, 37, 67, 97, 127]);
    // An hour and more of quiet, and it is told at once again.
    scene.pass(4000);
    scene.answered(None);
    assert_eq!(
        scene.known.tell_answers(&lab(), scene.now),
        Telling::Nothing
    );
    scene.pass(1);
    scene.known.failed(&lab(), scene.now, late());
    scene.pass(5);
    scene.answered(None);
    assert_eq!(scene.known.tell_answers(&lab(), scene.now), Telling::Now);
}

#[test]
fn beginning_a_question_is_no_answer() {
    let mut scene = Scene::new();
    scene.ask();
    scene.pass(4);
    scene.known.end(&lab());
    scene.ask();
    scene.answered(None);
    assert_eq!(scene.known.tell_answers(&lab(), scene.now), Telling::Now);
    assert_eq!(
        scene.known.tell_answers(&lab(), scene.now),
        Telling::Nothing
    );
}

#[test]
fn another_address_in_the_sheet_has_its_own_trouble() {
    let mut scene = Scene::new();
    let ask = |scene: &mut Scene, host: &str| {
        let late = words::general::quoted(host).coded(Code::NoAnswer);
        scene.known.ask(&Whom::SignIn, late, scene.now)
    };
    let (_, one) = ask(&mut scene, "one.example");
    scene.pass(20);
    let (_, again) = ask(&mut scene, "one.example");
    assert!(!one.is_cancelled());
    assert_eq!(scene.known.unanswered(scene.now).len(), 1);
    let (_, other) = ask(&mut scene, "other.example");
    assert!(one.is_cancelled() && again.is_cancelled() && !other.is_cancelled());
    assert_eq!(scene.known.unanswered(scene.now), []);
}

#[test]
fn the_window_is_told_what_is_news_and_nothing_twice() {
    let mut scene = Scene::new();
    assert!(!scene.known.is_news(scene.now));
    scene.ask();
    assert!(!scene.known.is_news(scene.now));
    scene.pass(3);
    assert!(scene.known.is_news(scene.now));
    scene.pass(1);
    assert!(!scene.known.is_news(scene.now));
    scene.pass(20);
    assert!(scene.known.is_news(scene.now));
}
