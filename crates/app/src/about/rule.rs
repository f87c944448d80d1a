//! How a repository keeps: which of what was said of it holds.
//!
//! The repository's own word (its about manifest) beats this computer's; a person may say *off* for themselves.
//! Not here: writing a rule anywhere, keeping a commit, what a sheet shows of it (`keeping`).

use super::habits;
use super::room::About;
use crate::view::keep::{KeepRule, Prune, RuleFrom};
use crate::view::problem::Problem;
use store::{About as AboutRecord, Keeping, Place, Store};

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
}

/// Returns what holds in a repository, from the database.
pub(crate) fn of(store: &Store, place: &Place) -> Result<Keeps, store::Error> {
    Ok(effective(
        store.about(place)?.as_ref(),
        store.keeping(place)?.as_ref(),
    ))
}

/// Decides what holds, from what the repository and this computer say.
pub(crate) fn effective(about: Option<&AboutRecord>, here: Option<&Keeping>) -> Keeps {
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
    let prune = |text: Option<&String>| text.and_then(|text| Prune::parse(text));
    Keeps {
        rule,
        set_by,
        prune: prune(about.and_then(|about| about.keep_rule.as_ref()))
            .or_else(|| prune(here.and_then(|here| here.prune.as_ref())))
            .unwrap_or_default(),
        // Where the rule is *off*, nothing is rescued, whoever said *off*.
        rescue: rule != Some(KeepRule::Off)
            && (about.is_some_and(|about| about.rescue) || here.is_some_and(|here| here.rescue)),
        off_for_me,
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

    /// Tells whether the repository keeps what is overwritten without being asked each time.
    pub(crate) async fn keeps_overwritten(&self, place: &Place) -> Result<bool, Problem> {
        Ok(self
            .rule(place)
            .await?
            .is_some_and(KeepRule::keeps_overwritten))
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
                let keeps = effective(Some(&about(Some(word), false)), Some(&here(ours)));
                assert_eq!(keeps.rule, KeepRule::parse(word), "{ours}");
                assert_eq!(keeps.set_by, lead);
                assert_eq!(keeps.prune, Prune::Days { days: 30 });
                assert!(!keeps.off_for_me);
            }
        }
    }

    #[test]
    fn a_persons_own_off_holds_for_them() {
        let keeps = effective(Some(&about(Some("push"), true)), Some(&here(OFF_FOR_ME)));
        assert_eq!(keeps.rule, Some(KeepRule::Off));
        assert_eq!(keeps.set_by, RuleFrom::ThisComputer);
        assert!(keeps.off_for_me && !keeps.rescue);
        // Once the repository's rule is gone it is a plain off.
        let keeps = effective(Some(&about(None, false)), Some(&here(OFF_FOR_ME)));
        assert_eq!((keeps.rule, keeps.off_for_me), (Some(KeepRule::Off), false));
    }

    #[test]
    fn without_a_word_of_the_repository_this_computers_holds_and_without_either_none() {
        for about in [
            None,
            Some(&about(None, false)),
            Some(&about(Some("sometimes"), false)),
        ] {
            let keeps = effective(about, Some(&here("overwrite")));
            assert_eq!(keeps.rule, Some(KeepRule::Overwrite));
            assert_eq!(keeps.set_by, RuleFrom::ThisComputer);
            let keeps = effective(about, None);
            assert_eq!((keeps.rule, keeps.set_by), (None, RuleFrom::Nobody));
        }
        let keeps = effective(None, Some(&here("overwrite")));
        assert_eq!(keeps.prune, Prune::Last { commits: 2 });
    }

    #[test]
    fn rescue_is_said_by_either_and_never_stands_against_off() {
        let with = |rule: &str| Keeping {
            rescue: true,
            ..here(rule)
        };
        assert!(effective(None, Some(&with("on-request"))).rescue);
        assert!(effective(Some(&about(Some("overwrite"), true)), None).rescue);
        assert!(!effective(Some(&about(Some("off"), true)), Some(&with("push"))).rescue);
        assert!(!effective(Some(&about(Some("push"), false)), None).rescue);
    }
}
