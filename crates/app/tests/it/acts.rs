//! What the tests of going back, deleting and undoing begin with.

use crate::home::Home;
use crate::lab::{Lab, ticked};
use app::view::active::{ActiveOrder, ActivePlan, ActiveQuestion};
use app::view::browse::CommitRow;
use app::view::delete::{
    DeleteItem, DeleteNow, DeleteOrder, DeleteOutcome, DeletePlan, DeleteQuestion, Effect,
    EffectKind,
};
use app::view::problem::Problem;
use app::view::push::KeepAnswer;
use app::view::tasks::Outcome;
use testkit::scripted::Scripted;

/// As the window calls: on a thread of the runtime's choice.
macro_rules! spawned {
    ($desk:ident, $app:ident, $call:expr) => {{
        let $app = $desk.home.app.clone();
        tokio::spawn(async move { $call.await }).await.unwrap()
    }};
}

pub const REPOSITORY: &str = "lab/tool";

/// A computer with an account at a registry.
pub struct Desk {
    pub home: Home,
    pub id: String,
}

/// At a scripted registry.
pub async fn scripted() -> (Desk, Scripted) {
    let registry = Scripted::start().await.unwrap();
    (Desk::at(&registry.host()).await, registry)
}

impl Desk {
    pub async fn at(host: &str) -> Self {
        let home = Home::new();
        let id = home.anyone(host).await;
        Self { home, id }
    }

    /// Turns to the repository.
    pub fn lab(&self) -> Lab<'_> {
        self.home.at(&self.id, REPOSITORY)
    }

    /// Looks at a tag, as a row in the window does.
    pub async fn see(&self, tag: &str) {
        assert_eq!(self.lab().resolve(tag).await.trouble, None);
    }

    pub async fn refresh(&self) {
        self.lab().refresh_tags().await;
    }

    pub async fn commits(&self, tag: &str) -> Vec<CommitRow> {
        self.lab().commits(tag).await
    }

    pub async fn plan_active(&self, tag: &str, commit: &str) -> Result<ActivePlan, Problem> {
        let question = ActiveQuestion {
            account: self.id.clone(),
            repository: REPOSITORY.into(),
            tag: tag.into(),
            commit: commit.into(),
        };
        spawned!(self, app, app.plan_active(question))
    }

    pub fn active_order(
        &self,
        tag: &str,
        digest: &str,
        expected: Option<&str>,
        keep: KeepAnswer,
    ) -> ActiveOrder {
        ActiveOrder {
            account: self.id.clone(),
            repository: REPOSITORY.into(),
            tag: tag.into(),
            digest: digest.into(),
            expected: expected.map(str::to_owned),
            keep,
            share_rule: false,
            allows: None,
            accept_loss: false,
        }
    }

    /// Through the sheet: plan, then the button.
    pub async fn make_active(
        &self,
        tag: &str,
        commit: &str,
        keep: KeepAnswer,
    ) -> Result<Outcome, Problem> {
        let plan = self.plan_active(tag, commit).await?;
        let from = plan.from.map(|from| from.digest);
        let order = ActiveOrder {
            allows: ticked(&plan.keep),
            ..self.active_order(tag, &plan.to.digest, from.as_deref(), keep)
        };
        spawned!(self, app, app.make_active(order))
    }

    pub async fn plan_delete(&self, items: &[DeleteItem]) -> DeletePlan {
        let question = DeleteQuestion {
            account: self.id.clone(),
            repository: REPOSITORY.into(),
            items: items.to_vec(),
        };
        spawned!(self, app, app.plan_delete(question)).unwrap()
    }

    pub fn delete_order(&self, items: &[(DeleteItem, &str)]) -> DeleteOrder {
        let now = |(item, expected): &(DeleteItem, &str)| DeleteNow {
            item: item.clone(),
            expected: (*expected).to_owned(),
            names: Vec::new(),
        };
        DeleteOrder {
            account: self.id.clone(),
            repository: REPOSITORY.into(),
            items: items.iter().map(now).collect(),
        }
    }

    /// Through the sheet: plan, then the button.
    pub async fn delete(&self, items: &[DeleteItem]) -> DeleteOutcome {
        let plan = self.plan_delete(items).await;
        let digests: Vec<String> = plan
            .items
            .iter()
            .map(|item| item.digest.clone().unwrap())
            .collect();
        let items: Vec<(DeleteItem, &str)> = items
            .iter()
            .cloned()
            .zip(digests.iter().map(String::as_str))
            .collect();
        let order = self.delete_order(&items);
        spawned!(self, app, app.delete(order)).unwrap()
    }

    pub async fn undo(&self, outcome: &DeleteOutcome) -> DeleteOutcome {
        let undo = outcome.undo.clone().unwrap();
        spawned!(self, app, app.undo_delete(undo)).unwrap()
    }
}

pub fn tag(name: &str) -> DeleteItem {
    DeleteItem::Tag { name: name.into() }
}

pub fn commit(digest: &str) -> DeleteItem {
    DeleteItem::Commit {
        digest: digest.into(),
    }
}

/// The names of one kind.
pub fn of_kind(effects: &[Effect], kind: EffectKind) -> Vec<&str> {
    let of_kind = effects.iter().filter(|effect| effect.kind == kind);
    of_kind.map(|effect| effect.name.as_str()).collect()
}

/// First 12 digits.
pub fn short(digest: &str) -> &str {
    &digest[7..19]
}

/// How often something was written: manifests and blobs.
pub fn writes(registry: &Scripted) -> usize {
    ["PUT", "POST", "PATCH"]
        .iter()
        .map(|method| registry.count(method, "/v2/"))
        .sum()
}
