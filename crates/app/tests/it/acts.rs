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
use testkit::images::MANIFEST;
use testkit::scripted::{Answer, Scripted};

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
    /// The repository that all is about.
    pub repository: &'static str,
}

/// At a scripted registry.
pub async fn scripted() -> (Desk, Scripted) {
    let registry = Scripted::start().await.unwrap();
    (Desk::at(&registry.host()).await, registry)
}

impl Desk {
    pub fn of(home: Home, id: String) -> Self {
        let repository = REPOSITORY;
        Self {
            home,
            id,
            repository,
        }
    }

    pub async fn at(host: &str) -> Self {
        let home = Home::new();
        let id = home.anyone(host).await;
        Self::of(home, id)
    }

    /// With the usual sign-in.
    pub async fn signed_in_at(host: &str) -> Self {
        let home = Home::new();
        let id = home.sign_in(host).await.id;
        Self::of(home, id)
    }

    /// Turns to the repository.
    pub fn lab(&self) -> Lab<'_> {
        self.home.at(&self.id, self.repository)
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
            repository: self.repository.into(),
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
            repository: self.repository.into(),
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
        self.try_plan_delete(items).await.unwrap()
    }

    /// Opens a sheet that may not open.
    pub async fn try_plan_delete(&self, items: &[DeleteItem]) -> Result<DeletePlan, Problem> {
        let question = DeleteQuestion {
            account: self.id.clone(),
            repository: self.repository.into(),
            items: items.to_vec(),
        };
        spawned!(self, app, app.plan_delete(question))
    }

    pub fn delete_order(&self, items: &[(DeleteItem, &str)]) -> DeleteOrder {
        let now = |(item, expected): &(DeleteItem, &str)| DeleteNow {
            item: item.clone(),
            expected: (*expected).to_owned(),
            names: Vec::new(),
        };
        DeleteOrder {
            account: self.id.clone(),
            repository: self.repository.into(),
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

    /// Presses *Stop* on every deletion in the moment before the next such request is answered.
    pub fn stop_at(&self, registry: &Scripted, method: &str, part: &str) {
        let app = self.home.app.clone();
        registry.before(method, part, move |_| {
            tokio::spawn(async move { app.stop_deleting().await });
        });
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

/// Another name for what is there.
pub fn also(registry: &Scripted, digest: &str, name: &str) {
    let bytes = registry.manifest(REPOSITORY, digest).unwrap();
    registry.put_manifest(REPOSITORY, Some(name), MANIFEST, &bytes);
}

/// A commit that no tag names; its digest.
pub fn nameless(registry: &Scripted, text: &str) -> String {
    let digest = registry.push_image(REPOSITORY, "nameless", text);
    registry.drop_manifest(REPOSITORY, "nameless");
    digest
}

/// A tag that is listed and not there for anybody who asks: its type is none that is asked for.
pub fn unreadable(registry: &Scripted, name: &str) {
    registry.put_manifest(
        REPOSITORY,
        Some(name),
        "application/vnd.example.thing",
        b"{}",
    );
}

/// Requests of these methods whose path holds this are answered with this status and nothing else.
pub fn answered(registry: &Scripted, status: u16, methods: &'static str, part: impl Into<String>) {
    let part = part.into();
    registry.script(move |asked| {
        let mut methods = methods.split(", ");
        let is_one = methods.any(|method| method == asked.method) && asked.path.contains(&part);
        is_one.then(|| Answer::of(status))
    });
}

/// How often something was written: manifests and blobs.
pub fn writes(registry: &Scripted) -> usize {
    ["PUT", "POST", "PATCH"]
        .iter()
        .map(|method| registry.count(method, "/v2/"))
        .sum()
}
