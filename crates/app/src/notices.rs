//! Notifications of the desktop: what is said there, and what a press on one of their buttons does.
//!
//! Not here: how a system shows them; that is the shell's. Grows by a [`NoticeAction`].

use crate::house::{Door, House};
use crate::moves::is_kept;
use crate::view::accounts::AccountState;
use crate::view::active::ActiveOrder;
use crate::view::events::AppEvent;
use crate::view::problem::Problem;
use crate::view::push::KeepAnswer;
use crate::{Longshore, problems};
use registry::Repository;
use std::fmt::Write as _;
use store::{Move, Place, Watched};

/// How many moves of a repository are told one by one; more at once are one notification.
const AT_ONCE: usize = 5;
/// How many are looked through for those to be told.
const LOOKED_THROUGH: u32 = 500;

/// One notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Given back when a button is pressed.
    pub id: i64,
    /// One line.
    pub title: String,
    /// A sentence or two, plain text.
    pub body: String,
    /// Its buttons, in order; the first is also what a press on the notification itself means.
    pub actions: Vec<(NoticeAction, String)>,
}

/// What a button does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NoticeAction {
    /// Brings the window forward, at the tag.
    Show,
    /// Keeps the commit that was displaced.
    Keep,
    /// Makes it active again.
    PutBack,
}

/// Shows notifications. Must not block.
pub trait Notices: Send + Sync {
    /// Shows one.
    fn show(&self, notice: Notice);
}

/// Shows none.
pub struct Silent;

impl Notices for Silent {
    fn show(&self, _: Notice) {}
}

impl Longshore {
    /// A button of a notification was pressed: that is the yes for what it says.
    pub async fn notice_pressed(&self, id: i64, action: NoticeAction) {
        let found = self.house.db(move |store| store.find_move(id)).await;
        let Ok(Some((place, moved))) = found else {
            return;
        };
        let Ok(account) = self.house.notice_account(&place).await else {
            return;
        };
        match action {
            NoticeAction::Show => self.house.show(&account, &place, &moved, false),
            NoticeAction::Keep => self.keep_pressed(&account, &place, &moved).await,
            NoticeAction::PutBack => self.put_back_pressed(&account, &place, &moved).await,
        }
    }

    async fn keep_pressed(&self, account: &str, place: &Place, moved: &Move) {
        let (title, body) = match self.keep_left_behind(account, place, moved).await {
            Ok(name) => (
                format!("{} is kept", moved.old.short()),
                format!("It is {name} in {}.", place.repository),
            ),
            Err(problem) => (
                format!("{} is not kept", moved.old.short()),
                problem.message,
            ),
        };
        self.house.say(moved.id, title, &body);
    }

    /// Put back at once where the repository keeps what is overwritten; else the sheet asks.
    async fn put_back_pressed(&self, account: &str, place: &Place, moved: &Move) {
        let keeps = self.house.keeps_overwritten(place).await;
        if !keeps.unwrap_or_default() {
            self.house.show(account, place, moved, true);
            return;
        }
        let Place { repository, .. } = place;
        let order = ActiveOrder {
            account: account.to_owned(),
            repository: repository.to_string(),
            tag: moved.tag.clone(),
            digest: moved.old.to_string(),
            expected: moved.new.as_ref().map(ToString::to_string),
            keep: KeepAnswer::ByRule,
            share_rule: false,
            accept_loss: false,
        };
        match self.make_active(order).await {
            Ok(outcome) => {
                let mut body = format!("It points at {} again.", moved.old.short());
                if let (Some(new), Some(name)) = (&moved.new, &outcome.commit_tag) {
                    let _ = write!(body, " {} was kept before, as {name}.", new.short());
                }
                let title = format!("{} is put back in {repository}", moved.tag);
                self.house.say(moved.id, title, &body);
            }
            Err(problem) => {
                self.house.say(
                    moved.id,
                    format!("{} is not put back in {repository}", moved.tag),
                    &problem.message,
                );
                // What is there now and what can be done about it is the sheet's to say.
                self.house.show(account, place, moved, true);
            }
        }
    }
}

impl House {
    /// Tells the moves of watched tags that nobody has told or looked at yet, each once.
    pub(crate) async fn tell_moves(
        &self,
        door: &Door,
        place: &Place,
        remote: &Repository,
        watched: &Watched,
    ) {
        let wanted = place.clone();
        let open = self
            .db(move |store| store.open_moves(&wanted, LOOKED_THROUGH))
            .await;
        let mut due: Vec<Move> = open
            .unwrap_or_default()
            .into_iter()
            .filter(|moved| !moved.told && moved.looked_at.is_none() && watched.is(&moved.tag))
            .collect();
        // Oldest first, as it happened.
        due.reverse();
        let many = due.len() > AT_ONCE;
        let mut told = Vec::new();
        for moved in due {
            // Without knowing whether the old one is there nothing can be offered: the next round tells it.
            let there = if many {
                Ok(false)
            } else {
                self.reachable(door, place, remote, &moved.old).await
            };
            let Ok(there) = there else { return };
            let (id, wanted, asked) = (moved.id, place.clone(), moved.clone());
            let first = self
                .db(move |store| Ok((store.tell_move(id)?, is_kept(store, &wanted, &asked)?)))
                .await;
            let Ok((true, kept)) = first else { continue };
            if many {
                told.push(moved);
            } else {
                self.notices.show(notice(place, &moved, there, kept));
            }
        }
        if let Some(last) = told.last() {
            self.notices.show(Notice {
                id: last.id,
                title: format!("{} tags moved in {}", told.len(), place.repository),
                body: format!("{} and others.", last.tag),
                actions: vec![show()],
            });
        }
    }

    /// Says what came of a press.
    fn say(&self, id: i64, title: String, body: &str) {
        self.notices.show(Notice {
            id,
            title,
            body: problems::bounded(body, 300),
            actions: vec![show()],
        });
    }

    fn show(&self, account: &str, place: &Place, moved: &Move, make_active: bool) {
        self.events.emit(AppEvent::Show {
            account: account.to_owned(),
            repository: place.repository.to_string(),
            tag: moved.tag.clone(),
            make_active: make_active.then(|| moved.old.to_string()),
        });
    }

    /// The account a notification about a repository stands for: one that watches it, else one of its host.
    async fn notice_account(&self, place: &Place) -> Result<String, Problem> {
        let wanted = place.clone();
        let (watched, accounts) = self
            .db(move |store| Ok((store.watched(&wanted)?, store.accounts()?)))
            .await?;
        let mut there: Vec<_> = accounts
            .into_iter()
            .filter(|account| account.host == place.host)
            .collect();
        there.sort_by_key(|account| {
            let signed_out = self.standing(account) == AccountState::SignedOut;
            (signed_out, !watched.accounts.contains(&account.id))
        });
        let account = there.first().ok_or_else(problems::no_account)?;
        Ok(account.id.to_string())
    }
}

fn show() -> (NoticeAction, String) {
    (NoticeAction::Show, "Show".to_owned())
}

/// What is said of a move. `there`: the old commit can still be fetched; `kept`: a commit tag keeps it.
fn notice(place: &Place, moved: &Move, there: bool, kept: bool) -> Notice {
    let Place { repository, .. } = place;
    let (tag, old) = (&moved.tag, moved.old.short());
    let at = when(moved.at);
    let (title, mut body) = match &moved.new {
        Some(new) => (
            format!("{tag} moved in {repository}"),
            format!(
                "It pointed at {old} and points at {} now, noticed {at}.",
                new.short()
            ),
        ),
        None => (
            format!("{tag} was deleted in {repository}"),
            format!("It pointed at {old}; noticed {at}."),
        ),
    };
    let mut actions = vec![show()];
    if there {
        if kept {
            body.push_str(" The old one is kept.");
        } else {
            actions.push((NoticeAction::Keep, "Keep the old one".to_owned()));
        }
        actions.push((NoticeAction::PutBack, "Put it back".to_owned()));
    } else {
        body.push_str(" The registry no longer has the old one: it can’t be kept or put back.");
    }
    Notice {
        id: moved.id,
        title,
        body,
        actions,
    }
}

/// A time as a notification says it. The time zone of the person is the window's to know.
fn when(at: i64) -> String {
    let format = time::macros::format_description!(
        "[day padding:none] [month repr:short] [hour]:[minute] UTC"
    );
    time::OffsetDateTime::from_unix_timestamp(at)
        .ok()
        .and_then(|at| at.format(format).ok())
        .unwrap_or_else(|| "at a time that can’t be right".to_owned())
}

#[cfg(test)]
mod tests {
    use super::NoticeAction::{Keep, PutBack, Show};
    use super::*;
    use oci::Digest;

    fn moved(new: Option<&str>) -> Move {
        Move {
            id: 7,
            tag: "prod".into(),
            old: Digest::sha256_of(b"old"),
            new: new.map(|new| Digest::sha256_of(new.as_bytes())),
            at: 1_795_270_140,
            looked_at: None,
            answered: None,
            told: false,
            to_rescue: false,
        }
    }

    fn place() -> Place {
        Place {
            host: oci::Host::parse("registry.example").unwrap(),
            repository: oci::RepositoryName::parse("genomics/aligner").unwrap(),
        }
    }

    fn buttons(notice: &Notice) -> Vec<NoticeAction> {
        notice.actions.iter().map(|(action, _)| *action).collect()
    }

    #[test]
    fn a_move_is_told_with_both_commits_and_the_time() {
        let told = notice(&place(), &moved(Some("new")), true, false);
        assert_eq!(told.title, "prod moved in genomics/aligner");
        let (old, new) = (Digest::sha256_of(b"old"), Digest::sha256_of(b"new"));
        assert_eq!(
            told.body,
            format!(
                "It pointed at {} and points at {} now, noticed 21 Nov 14:09 UTC.",
                old.short(),
                new.short()
            )
        );
        assert_eq!(buttons(&told), [Show, Keep, PutBack]);
        let kept = notice(&place(), &moved(Some("new")), true, true);
        assert_eq!(buttons(&kept), [Show, PutBack]);
        assert!(kept.body.ends_with("The old one is kept."));
    }

    #[test]
    fn what_can_not_be_done_is_not_offered() {
        for new in [Some("new"), None] {
            let told = notice(&place(), &moved(new), false, false);
            assert_eq!(buttons(&told), [NoticeAction::Show]);
            assert!(told.body.contains("can’t be kept or put back"), "{told:?}");
        }
        assert_eq!(
            notice(&place(), &moved(None), true, false).title,
            "prod was deleted in genomics/aligner"
        );
    }
}
