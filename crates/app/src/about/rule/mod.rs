//! How a repository keeps: which of what was said of it holds.
//!
//! The repository's own word (its about manifest) beats this computer's; a person may say *off* for themselves. But
//! whoever may push may write that word: what a computer writes *by itself* because of it is another question, which is
//! asked once on each computer, and again when the rule changes ([`ByItself`]).
//!
//! Not here: writing a rule anywhere, keeping a commit, what a sheet shows of it (`keeping`).

#[cfg(test)]
mod tests;

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
        .filter(|_| rule != Some(KeepRule::Off))
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

    /// Tells whether registries of this one's vendor are known to let go of what a tag has just left.
    pub(crate) async fn is_known_to_drop(&self, place: &Place) -> bool {
        let vendor = self.accounts.vendor_at(&place.host).await;
        let lets_go = vendor.and_then(|vendor| vendors::of(vendor).lets_go());
        lets_go.is_some_and(|lets_go| lets_go.at_overwrite)
    }

    /// Tells whether this registry lets go of what a tag has just left: as its vendor's are known to, or as it was seen to do.
    pub(crate) async fn drops_overwritten(&self, place: &Place) -> Result<bool, Problem> {
        if self.is_known_to_drop(place).await {
            return Ok(true);
        }
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
