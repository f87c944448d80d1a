//! Whose word holds, and what a computer does by itself because of it.

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

#[test]
fn a_rule_that_was_allowed_holds_whole_whatever_was_said_here_before() {
    for ours in ["off", "on-request", "overwrite", "push"] {
        for theirs in ["overwrite", "push"] {
            let rule = about(Some(theirs), false);
            let yes = said(&rule, RuleAnswer::Allow);
            let keeps = effective(Some(&rule), Some(&here(ours)), Some(&yes));
            assert_eq!(keeps.by_itself.rule, KeepRule::parse(theirs), "{ours}");
        }
    }
}

#[test]
fn where_this_computer_said_off_the_repositorys_rescue_asks_nothing() {
    let rescue = about(None, true);
    for off in ["off", OFF_FOR_ME] {
        let keeps = effective(Some(&rescue), Some(&here(off)), None);
        assert_eq!((keeps.rule, keeps.consent), (Some(KeepRule::Off), None));
        assert!(!keeps.by_itself.rescue);
    }
    let keeps = effective(Some(&rescue), Some(&here("on-request")), None);
    assert!(keeps.consent.is_some());
}
