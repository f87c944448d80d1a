//! A computer at the repository: what its person does, and what it shows.

use super::Rule;
use super::scene::{REPOSITORY, TAG};
use crate::home::Home;
use crate::lab::{Lab, ticked};
use app::view::active::{ActiveOrder, ActiveQuestion};
use app::view::browse::CommitRow;
use app::view::problem::Problem;
use app::view::push::KeepAnswer;
use app::view::tasks::Outcome;

/// A computer with its account at the registry.
pub struct Computer {
    pub home: Home,
    pub id: String,
}

impl Computer {
    pub async fn sign_in(home: Home, host: &str) -> Self {
        let id = home.anyone(host).await;
        Self { home, id }
    }

    /// Turns to the repository.
    pub fn lab(&self) -> Lab<'_> {
        self.home.at(&self.id, REPOSITORY)
    }

    /// Says how the repository keeps: here, or in the repository for everyone.
    pub async fn keeps(&self, rule: Rule, share: bool) {
        self.lab().set_keep(rule.stored(), share).await;
    }

    /// *Make active*, through the sheet.
    pub async fn activate(&self, commit: &str, keep: KeepAnswer) -> Result<Outcome, Problem> {
        let order = self.ready_to_activate(commit, keep).await?;
        self.home.app.make_active(order).await
    }

    /// The sheet of *Make active* is open and answered; its button is yet to be pressed.
    pub async fn ready_to_activate(
        &self,
        commit: &str,
        keep: KeepAnswer,
    ) -> Result<ActiveOrder, Problem> {
        let question = ActiveQuestion {
            account: self.id.clone(),
            repository: REPOSITORY.to_owned(),
            tag: TAG.to_owned(),
            commit: commit.to_owned(),
        };
        let plan = self.home.app.plan_active(question).await?;
        Ok(ActiveOrder {
            account: self.id.clone(),
            repository: REPOSITORY.to_owned(),
            tag: TAG.to_owned(),
            digest: commit.to_owned(),
            expected: plan.from.map(|from| from.digest),
            keep,
            share_rule: false,
            allows: ticked(&plan.keep),
            accept_loss: false,
        })
    }

    /// The page of the repository is refreshed.
    pub async fn refresh(&self) {
        self.lab().refresh_tags().await;
        self.lab().resolve(TAG).await;
        self.lab().refresh_commits(TAG).await;
    }

    /// *Keep this commit*, where the rule is that it was asked for. What can't be kept is told, not kept.
    pub async fn keep_if_asked(&self, rule: Rule, commit: &str) -> Option<Result<String, Problem>> {
        if rule != Rule::Asked {
            return None;
        }
        let order = self.lab().commit(TAG, commit);
        Some(self.home.app.keep_commit(order).await)
    }

    /// The commit’s row in its tag’s list after a refresh; the timeline of the repository must show the same.
    pub async fn row(&self, commit: &str) -> CommitRow {
        self.refresh().await;
        let list = self.lab().commits(TAG).await;
        let row = list
            .iter()
            // A commit tag that lies about it is an entry of its own.
            .find(|row| row.short == commit[7..19] && !row.mismatch)
            .unwrap_or_else(|| panic!("{commit} is not listed: {list:#?}"));
        assert!(!row.active, "it is still active: {row:#?}");
        assert_eq!(row.digest.as_deref(), Some(commit), "{row:#?}");
        let timeline = self.lab().timeline().await;
        let woven = timeline
            .rows
            .iter()
            .find(|woven| {
                let here =
                    |mark: &app::view::timeline::Mark| mark.tag == TAG && mark.key == row.key;
                woven.marks.iter().any(here)
            })
            .unwrap_or_else(|| panic!("{commit} is not in the timeline: {timeline:#?}"));
        assert_eq!(woven.commit.digest, row.digest);
        assert_eq!(woven.commit.reach, row.reach);
        row.clone()
    }
}
