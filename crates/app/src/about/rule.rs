//! How a repository keeps: which of what was said of it holds.
//!
//! The repository's own word (its about manifest) beats this computer's; a person may say *off* for themselves. But
//! whoever may push may write that word: what a computer writes *by itself* because of it is another question, which is
//! asked once on each computer, and again when the rule changes ([`ByItself`]).
//!
//! Not here: writing a rule anywhere, keeping a commit, what a sheet shows of it (`keeping`).

use super::habits;
use super::room::About;
use crate::view::keep::{KeepRule, Prune, RuleAnswer, RuleFrom};
use crate::view::problem::Problem;
use store::{About as AboutRecord, Keeping, Place, RuleAnswer as Answered, Store};

/// How a person's own *off* is stored where the repository has a rule. A plain `off` that was answered before the
/// repository had one does not stand against it.
pub(crate) const OFF_FOR_ME: &str = "off-for-me";

/// What holds in a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Keeps {
    /// The rule; none where nobody was asked.
    pub rule: Option<KeepRule>,
    /// Who set it.
    pub set_by: RuleFrom,
    /// How long commits are kept.
    pub prune: Prune,
    /// What someone else displaces is kept by itself.
    pub rescue: bool,
    /// The repository has a rule, and this person said *off* for themselves.
    pub off_for_me: bool,
    /// As much of it as this computer follows by itself, where no sheet is open.
    pub by_itself: ByItself,
    /// The repository's rule, where this computer would write by itself because of it.
    pub consent: Option<Consent>,
}

/// What a computer does by itself: never more than the repository's rule, and of that no more than was said on this
/// computer, by a rule of its own or by a yes to the repository's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ByItself {
    /// The rule; none where nothing may be written.
    pub rule: Option<KeepRule>,
    /// What someone else displaces is kept.
    pub rescue: bool,
}

/// A repository's rule by which computers write by themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Consent {
    /// The rule word for word. Another rule is another question.
    pub rule: String,
    /// What of it concerns keeping at overwrites and pushes.
    pub keep: Option<KeepRule>,
    /// It wants what others displace to be kept.
    pub rescue: bool,
    /// Who set it, as it says.
    pub author: Option<String>,
    /// What was said to these very words on this computer, and when (seconds, UTC).
    pub answer: Option<(RuleAnswer, i64)>,
}

impl Consent {
    /// Tells whether this computer may write by itself because of the rule.
    pub fn allowed(&self) -> bool {
        matches!(self.answer, Some((RuleAnswer::Allow, _)))
    }
}

impl Keeps {
    /// Returns the repository's rule, where it was not allowed on this computer.
    pub fn not_allowed(&self) -> Option<&Consent> {
        self.consent.as_ref().filter(|consent| !consent.allowed())
    }
}

/// Returns what holds in a repository, from the database.
pub(crate) fn of(store: &Store, place: &Place) -> Result<Keeps, store::Error> {
    Ok(effective(
        store.about(place)?.as_ref(),
        store.keeping(place)?.as_ref(),
        store.rule_answer(place)?.as_ref(),
    ))
}

/// Writes a repository's rule down as it is asked about; none where no computer writes by itself because of it.
pub(crate) fn asked_about(about: &AboutRecord) -> Option<String> {
    let keep = about.keep.as_deref().and_then(KeepRule::parse);
    let rescues = about.rescue && keep != Some(KeepRule::Off);
    if !rescues && !keep.is_some_and(KeepRule::keeps_overwritten) {
        return None;
    }
    let keep = keep.map(|keep| format!("keep={}", keep.as_str()));
    let prune = about
        .keep_rule
        .as_ref()
        .map(|prune| format!("rule={prune}"));
    let rescue = rescues.then(|| "rescue=auto".to_owned());
    let parts: Vec<String> = [keep, prune, rescue].into_iter().flatten().collect();
    Some(parts.join("; "))
}

/// Returns what is to be asked about a repository's rule, with what was said to it.
fn consent(about: &AboutRecord, answered: Option<&Answered>) -> Option<Consent> {
    let rule = asked_about(about)?;
    let answer = answered
        .filter(|answered| answered.rule == rule)
        .and_then(|answered| Some((RuleAnswer::parse(&answered.answer)?, answered.at)));
    Some(Consent {
        rule,
        keep: about
            .keep
            .as_deref()
            .and_then(KeepRule::parse)
            .filter(|keep| keep.keeps_overwritten()),
        rescue: about.rescue,
        author: about.authors.clone(),
        answer,
    })
}

/// Decides what holds, from what the repository and this computer say.
pub(crate) fn effective(
    about: Option<&AboutRecord>,
    here: Option<&Keeping>,
    answered: Option<&Answered>,
) -> Keeps {
    let theirs = about.and_then(|about| KeepRule::parse(about.keep.as_deref()?));
    let off_for_me = here.is_some_and(|here| here.rule == OFF_FOR_ME);
    let ours = match here {
        Some(_) if off_for_me => Some(KeepRule::Off),
        here => here.and_then(|here| KeepRule::parse(&here.rule)),
    };
    let off_for_me = off_for_me && theirs.is_some();
    let (rule, set_by) = match (theirs, ours) {
        (Some(_), _) if off_for_me => (Some(KeepRule::Off), RuleFrom::ThisComputer),
        (Some(rule), _) => (
            Some(rule),
            RuleFrom::Repository {
                author: about.and_then(|about| about.authors.clone()),
            },
        ),
        (None, Some(rule)) => (Some(rule), RuleFrom::ThisComputer),
        (None, None) => (None, RuleFrom::Nobody),
    };
    let consent = about
        .filter(|_| !off_for_me && rule != Some(KeepRule::Off))
        .and_then(|about| consent(about, answered));
    let allowed = consent.as_ref().is_none_or(Consent::allowed);
    let wanted_by_person = here.is_some_and(|here| here.rescue);
    let wanted_by_repository = about.is_some_and(|about| about.rescue);
    let by_itself = ByItself {
        rule: match (theirs, ours) {
            (Some(theirs), Some(ours)) if !allowed => Some(theirs.min(ours)),
            (Some(theirs), None) if !allowed => Some(theirs).filter(|it| !it.keeps_overwritten()),
            _ => rule,
        },
        rescue: rule != Some(KeepRule::Off)
            && (wanted_by_person || wanted_by_repository && allowed),
    };
    let prune = |text: Option<&String>| text.and_then(|text| Prune::parse(text));
    Keeps {
        rule,
        set_by,
        prune: prune(about.and_then(|about| about.keep_rule.as_ref()))
            .or_else(|| prune(here.and_then(|here| here.prune.as_ref())))
            .unwrap_or_default(),
        // Where the rule is *off*, nothing is rescued, whoever said *off*.
        rescue: rule != Some(KeepRule::Off) && (wanted_by_repository || wanted_by_person),
        off_for_me,
        by_itself,
        consent,
    }
}

impl About {
    /// Returns all that holds in a repository.
    pub(crate) async fn keeps(&self, place: &Place) -> Result<Keeps, Problem> {
        let place = place.clone();
        self.ground.db(move |store| of(store, &place)).await
    }

    /// Returns how a repository keeps, where it was ever said.
    pub(crate) async fn rule(&self, place: &Place) -> Result<Option<KeepRule>, Problem> {
        Ok(self.keeps(place).await?.rule)
    }

    /// Chooses the way of keeping that fits this registry.
    pub(crate) async fn fitting_rule(&self, place: &Place) -> Result<KeepRule, Problem> {
        Ok(habits::fitting_rule(
            &place.host,
            self.drops_overwritten(place).await?,
        ))
    }

    /// Tells whether this registry was seen to let go of what a tag had just left.
    pub(crate) async fn drops_overwritten(&self, place: &Place) -> Result<bool, Problem> {
        let host = place.host.clone();
        self.ground
            .db(move |store| store.drops_overwritten(&host, habits::AT_ONCE))
            .await
    }

    /// Tells whether this computer keeps what is overwritten by itself, where no sheet asks.
    pub(crate) async fn keeps_by_itself(&self, place: &Place) -> Result<bool, Problem> {
        let by_itself = self.keeps(place).await?.by_itself;
        Ok(by_itself.rule.is_some_and(KeepRule::keeps_overwritten))
    }

    /// Stores what was said to a repository's rule, word for word, on this computer.
    pub(crate) async fn answer_rule(
        &self,
        place: &Place,
        rule: String,
        answer: RuleAnswer,
    ) -> Result<(), Problem> {
        let (place, at) = (place.clone(), self.ground.now());
        let answered = Answered {
            rule,
            answer: answer.as_str().to_owned(),
            at,
        };
        self.ground
            .db(move |store| store.set_rule_answer(&place, &answered))
            .await
    }

    /// Takes a rule that was stored in the repository from this very computer for allowed: its person has just said so.
    pub(crate) async fn set_from_here(
        &self,
        place: &Place,
        about: &AboutRecord,
    ) -> Result<(), Problem> {
        match asked_about(about) {
            Some(rule) => self.answer_rule(place, rule, RuleAnswer::Allow).await,
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about(keep: Option<&str>, rescue: bool) -> AboutRecord {
        AboutRecord {
            authors: Some("lead".into()),
            keep: keep.map(str::to_owned),
            keep_rule: Some("days=30".into()),
            rescue,
            ..AboutRecord::default()
        }
    }

    fn here(rule: &str) -> Keeping {
        Keeping {
            rule: rule.into(),
            prune: Some("last=2".into()),
            rescue: false,
        }
    }

    #[test]
    fn the_repositorys_word_beats_this_computers() {
        let lead = RuleFrom::Repository {
            author: Some("lead".into()),
        };
        for word in ["off", "on-request", "overwrite", "push"] {
            for ours in ["off", "on-request", "overwrite", "push"] {
                let keeps = effective(Some(&about(Some(word), false)), Some(&here(ours)), None);
                assert_eq!(keeps.rule, KeepRule::parse(word), "{ours}");
                assert_eq!(keeps.set_by, lead);
                assert_eq!(keeps.prune, Prune::Days { days: 30 });
                assert!(!keeps.off_for_me);
            }
        }
    }

    #[test]
    fn a_persons_own_off_holds_for_them() {
        let keeps = effective(
            Some(&about(Some("push"), true)),
            Some(&here(OFF_FOR_ME)),
            None,
        );
        assert_eq!(keeps.rule, Some(KeepRule::Off));
        assert_eq!(keeps.set_by, RuleFrom::ThisComputer);
        assert!(keeps.off_for_me && !keeps.rescue);
        // Once the repository's rule is gone it is a plain off.
        let keeps = effective(Some(&about(None, false)), Some(&here(OFF_FOR_ME)), None);
        assert_eq!((keeps.rule, keeps.off_for_me), (Some(KeepRule::Off), false));
    }

    #[test]
    fn without_a_word_of_the_repository_this_computers_holds_and_without_either_none() {
        for about in [
            None,
            Some(&about(None, false)),
            Some(&about(Some("sometimes"), false)),
        ] {
            let keeps = effective(about, Some(&here("overwrite")), None);
            assert_eq!(keeps.rule, Some(KeepRule::Overwrite));
            assert_eq!(keeps.set_by, RuleFrom::ThisComputer);
            let keeps = effective(about, None, None);
            assert_eq!((keeps.rule, keeps.set_by), (None, RuleFrom::Nobody));
        }
        let keeps = effective(None, Some(&here("overwrite")), None);
        assert_eq!(keeps.prune, Prune::Last { commits: 2 });
    }

    #[test]
    fn rescue_is_said_by_either_and_never_stands_against_off() {
        let with = |rule: &str| Keeping {
            rescue: true,
            ..here(rule)
        };
        assert!(effective(None, Some(&with("on-request")), None).rescue);
        assert!(effective(Some(&about(Some("overwrite"), true)), None, None).rescue);
        assert!(!effective(Some(&about(Some("off"), true)), Some(&with("push")), None).rescue);
        assert!(!effective(Some(&about(Some("push"), false)), None, None).rescue);
    }

    fn said(about: &AboutRecord, answer: RuleAnswer) -> Answered {
        Answered {
            rule: asked_about(about).unwrap(),
            answer: answer.as_str().into(),
            at: 5,
        }
    }

    #[test]
    fn what_nobody_allowed_here_is_shown_and_writes_nothing_by_itself() {
        let nothing = ByItself {
            rule: None,
            rescue: false,
        };
        for word in ["overwrite", "push"] {
            let planted = about(Some(word), true);
            let keeps = effective(Some(&planted), None, None);
            assert_eq!(keeps.rule, KeepRule::parse(word));
            assert_eq!(keeps.by_itself, nothing);
            let asked = keeps.not_allowed().unwrap();
            assert_eq!(asked.author.as_deref(), Some("lead"));
            assert_eq!(
                asked.rule,
                format!("keep={word}; rule=days=30; rescue=auto")
            );
            for no in [RuleAnswer::NotHere, RuleAnswer::Later] {
                let keeps = effective(Some(&planted), None, Some(&said(&planted, no)));
                assert_eq!(keeps.by_itself, nothing, "{no:?}");
            }
            let yes = said(&planted, RuleAnswer::Allow);
            let keeps = effective(Some(&planted), None, Some(&yes));
            assert_eq!(keeps.by_itself.rule, KeepRule::parse(word));
            assert!(keeps.by_itself.rescue && keeps.not_allowed().is_none());
        }
    }

    #[test]
    fn a_yes_holds_for_the_very_words_of_the_rule_and_for_nothing_else() {
        let first = about(Some("overwrite"), false);
        let yes = said(&first, RuleAnswer::Allow);
        let words = AboutRecord {
            title: Some("Another title".into()),
            description: Some("And more".into()),
            authors: Some("someone else".into()),
            ..first.clone()
        };
        assert!(
            effective(Some(&words), None, Some(&yes))
                .not_allowed()
                .is_none()
        );
        let others = [
            about(Some("push"), false),
            about(Some("overwrite"), true),
            AboutRecord {
                keep_rule: Some("last=1".into()),
                ..first
            },
        ];
        for other in others {
            let keeps = effective(Some(&other), None, Some(&yes));
            assert!(keeps.not_allowed().is_some(), "{other:?}");
            assert_eq!(keeps.by_itself.rule, None);
        }
    }

    #[test]
    fn what_was_said_here_holds_as_far_as_the_repository_allows_it() {
        let by_itself = |theirs: &str, ours: &str| {
            effective(Some(&about(Some(theirs), false)), Some(&here(ours)), None)
                .by_itself
                .rule
                .unwrap()
                .as_str()
        };
        for (theirs, ours, holds) in [
            ("push", "overwrite", "overwrite"),
            ("overwrite", "push", "overwrite"),
            ("push", "on-request", "on-request"),
            ("push", "off", "off"),
            ("off", "push", "off"),
            ("on-request", "push", "on-request"),
        ] {
            assert_eq!(by_itself(theirs, ours), holds, "{theirs}, {ours}");
        }
        // A rescue that was asked for here needs no second yes.
        let mine = Keeping {
            rescue: true,
            ..here("on-request")
        };
        let keeps = effective(Some(&about(Some("push"), true)), Some(&mine), None);
        assert!(keeps.by_itself.rescue);
    }

    #[test]
    fn a_rule_by_which_nothing_is_written_asks_nothing() {
        for about in [
            about(Some("off"), true),
            about(Some("on-request"), false),
            about(None, false),
        ] {
            assert_eq!(effective(Some(&about), None, None).consent, None);
        }
        let rescue = about(None, true);
        let keeps = effective(Some(&rescue), None, None);
        assert_eq!(
            keeps.not_allowed().unwrap().rule,
            "rule=days=30; rescue=auto"
        );
        assert!(!keeps.by_itself.rescue);
    }
}
