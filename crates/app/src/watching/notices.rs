//! Notifications of the desktop: what is said there, and what a press on one of their buttons does.
//!
//! Not here: how a system shows them; that is the shell's. Grows by a [`NoticeAction`].

use super::room::Watching;
use crate::accounts::Remote;
use crate::ground::options::{Notice, NoticeAction};
use crate::history::marks::is_kept;
use crate::view::active::ActiveOrder;
use crate::view::events::AppEvent;
use crate::view::push::KeepAnswer;
use crate::view::said::Said;
use crate::words;
use crate::words::general::{quoted, then};
use crate::words::watching as say;
use store::{Place, TagMove, Watched};

/// How many moves of a repository are told one by one; more at once are one notification.
const AT_ONCE: usize = 5;
/// How many are looked through for those to be told.
const LOOKED_THROUGH: u32 = 500;

impl Watching {
    /// Does what a pressed button of a notification says: the press is the yes for it.
    pub async fn notice_pressed(&self, id: i64, action: NoticeAction) {
        let found = self.ground.db(move |store| store.find_move(id)).await;
        let Ok(Some((place, moved))) = found else {
            return;
        };
        let Ok(account) = self.account_for(&place).await else {
            return;
        };
        match action {
            NoticeAction::Show => self.show(&account, &place, &moved, false),
            NoticeAction::Keep => self.keep_pressed(&account, &place, &moved).await,
            NoticeAction::PutBack => self.put_back_pressed(&account, &place, &moved).await,
        }
    }

    async fn keep_pressed(&self, account: &str, place: &Place, moved: &TagMove) {
        let (title, body) = match self.keep_left_behind(account, place, moved).await {
            Ok(name) => (
                say::is_kept(moved.old.short()),
                say::kept_as(&name, &place.repository),
            ),
            Err(problem) => (say::is_not_kept(moved.old.short()), problem.what()),
        };
        self.say(moved.id, &title, &body);
    }

    /// Puts the tag back at once where the repository keeps what is overwritten; else the sheet asks.
    async fn put_back_pressed(&self, account: &str, place: &Place, moved: &TagMove) {
        let keeps = self.about.keeps_by_itself(place).await;
        if !keeps.unwrap_or_default() {
            self.show(account, place, moved, true);
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
            allows: None,
            accept_loss: false,
        };
        match self.active.make_active(order).await {
            Ok(outcome) => {
                let mut body = say::points_again(moved.old.short());
                if let (Some(new), Some(name)) = (&moved.new, &outcome.commit_tag) {
                    body = then(body, say::kept_before(new.short(), name));
                }
                let title = say::is_put_back(&moved.tag, repository);
                self.say(moved.id, &title, &body);
            }
            Err(problem) => {
                let title = say::is_not_put_back(&moved.tag, repository);
                self.say(moved.id, &title, &problem.what());
                // What is there now and what can be done about it is the sheet's to say.
                self.show(account, place, moved, true);
            }
        }
    }
}

impl Watching {
    /// Tells the moves of watched tags that nobody has told or looked at yet, each once.
    pub(super) async fn tell_moves(&self, remote: &Remote, watched: &Watched) {
        let wanted = remote.place.clone();
        let open = self
            .ground
            .db(move |store| store.open_moves(&wanted, LOOKED_THROUGH))
            .await;
        let mut due: Vec<TagMove> = open
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
                self.content.reachable(remote, &moved.old).await
            };
            let Ok(there) = there else { return };
            let (id, wanted, asked) = (moved.id, remote.place.clone(), moved.clone());
            let first = self
                .ground
                .db(move |store| Ok((store.tell_move(id)?, is_kept(store, &wanted, &asked)?)))
                .await;
            let Ok((true, kept)) = first else { continue };
            if many {
                told.push(moved);
            } else {
                self.notices
                    .show(notice(&remote.place, &moved, there, kept));
            }
        }
        if let Some(last) = told.last() {
            self.notices.show(Notice {
                id: last.id,
                title: say::many_moved(&told.len(), &remote.place.repository).text(),
                body: say::and_others(&last.tag).text(),
                actions: vec![show()],
            });
        }
    }

    /// Says what came of a press.
    pub(super) fn say(&self, id: i64, title: &Said, body: &Said) {
        self.notices.show(Notice {
            id,
            title: title.text(),
            body: words::bounded(&body.text(), 300),
            actions: vec![show()],
        });
    }

    fn show(&self, account: &str, place: &Place, moved: &TagMove, make_active: bool) {
        self.ground.events.emit(AppEvent::Show {
            account: account.to_owned(),
            repository: place.repository.to_string(),
            tag: moved.tag.clone(),
            make_active: make_active.then(|| moved.old.to_string()),
        });
    }
}

fn show() -> (NoticeAction, String) {
    (NoticeAction::Show, say::show().text())
}

/// Says what is known of a move. `there`: the old commit can still be fetched; `kept`: a commit tag keeps it.
fn notice(place: &Place, moved: &TagMove, there: bool, kept: bool) -> Notice {
    let Place { repository, .. } = place;
    let (tag, old) = (&moved.tag, moved.old.short());
    let at = say::when(moved.at);
    let (title, mut body) = match &moved.new {
        Some(new) => (
            say::moved(tag, repository),
            say::moved_from_to(old, new.short(), at),
        ),
        None => (say::deleted(tag, repository), say::deleted_from(old, at)),
    };
    let mut actions = vec![show()];
    if there {
        if kept {
            body = then(body, say::old_is_kept());
        } else {
            if let Some(trouble) = &moved.trouble {
                body = then(body, quoted(&words::of_stored(trouble)));
            }
            actions.push((NoticeAction::Keep, say::keep_old().text()));
        }
        actions.push((NoticeAction::PutBack, say::put_it_back().text()));
    } else {
        body = then(body, say::old_is_gone());
    }
    Notice {
        id: moved.id,
        title: title.text(),
        body: body.text(),
        actions,
    }
}

#[cfg(test)]
mod tests {
    use super::NoticeAction::{Keep, PutBack, Show};
    use super::*;
    use oci::Digest;

    fn moved(new: Option<&str>) -> TagMove {
        TagMove {
            id: 7,
            tag: "prod".into(),
            old: Digest::sha256_of(b"old"),
            new: new.map(|new| Digest::sha256_of(new.as_bytes())),
            at: 1_795_270_140,
            looked_at: None,
            answered: None,
            told: false,
            to_rescue: false,
            trouble: None,
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
