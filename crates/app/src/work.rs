//! Every long order there is, and which room carries it out.
//!
//! Grows by a variant when there is another kind of long work.

use crate::computer::{Computer, Loading, Saving, goes_out};
use crate::hosting::{Downloading, Hosting};
use crate::making::{Building, Committing, Making};
use crate::removal::{Deletion, Pruning, Removal, Restoring};
use crate::tasks::{AfterRestart, Lane, Order, Run, Subject, Tasks};
use crate::transfers::{Pulling, Pushing, Transfers};
use crate::view::computer::{LoadOrder, RemoveOrder, RemovePlan, RemoveRow, SaveOrder};
use crate::view::delete::DeleteOrder;
use crate::view::keep::PruneOrder;
use crate::view::making::{BuildOrder, CommitOrder, ThenPush};
use crate::view::problem::Problem;
use crate::view::push::{PullOrder, PushOrder};
use crate::view::tasks::{TaskKind, TaskOutcome, TaskState, TaskView};
use crate::words::tasks::gone;
use oci::{CommitTag, short_id};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A long order, as it is stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Work {
    /// An image goes to a registry.
    Push(Pushing),
    /// A commit comes into the engine.
    Pull(Pulling),
    /// Tags or commits are deleted.
    Delete(Deletion),
    /// Commit tags are taken away.
    Prune(Pruning),
    /// What was deleted is put back.
    Undo(Restoring),
    /// An image is built.
    Build(Building),
    /// An image is made of a container.
    Commit(Committing),
    /// Images are saved.
    Save(Saving),
    /// An archive is loaded.
    Load(Loading),
    /// The image of a registry comes into the engine.
    Download(Downloading),
}

impl Order for Work {
    fn subject(&self) -> Subject {
        let about = |kind, account: &str, repository: &str| Subject {
            kind,
            account: account.to_owned(),
            repository: repository.to_owned(),
            tag: String::new(),
            short: String::new(),
            image: None,
            engine: None,
        };
        // What is made here is of the repository it goes to.
        let making = |kind, called: String, then: Option<&ThenPush>| {
            let [account, repository, tag] = then.map_or([""; 3], |then| {
                [&then.account, &then.repository, &then.tag].map(String::as_str)
            });
            Subject {
                tag: tag.to_owned(),
                image: Some(called),
                ..about(kind, account, repository)
            }
        };
        match self {
            Self::Push(order) => Subject {
                tag: order.tag.clone(),
                short: short_id(&order.image).to_owned(),
                image: order.name.clone(),
                engine: order.engine.clone(),
                ..about(TaskKind::Push, &order.account, &order.repository)
            },
            Self::Pull(order) => Subject {
                tag: order.tag.clone(),
                short: order.commit.as_deref().map_or_else(String::new, short),
                engine: order.engine.clone(),
                ..about(TaskKind::Pull, &order.account, &order.repository)
            },
            Self::Delete(order) => {
                let (tag, short) = match order.items.as_slice() {
                    [only] => (
                        only.tag.clone().unwrap_or_default(),
                        short_id(&only.digest).to_owned(),
                    ),
                    _ => Default::default(),
                };
                Subject {
                    tag,
                    short,
                    ..about(TaskKind::Delete, &order.account, &order.repository)
                }
            }
            Self::Prune(order) => about(TaskKind::Prune, &order.account, &order.repository),
            Self::Undo(order) => about(TaskKind::Undo, &order.account, &order.repository),
            Self::Build(order) => making(TaskKind::Build, order.called(), order.then.as_ref()),
            Self::Commit(order) => {
                making(TaskKind::Commit, order.called.clone(), order.then.as_ref())
            }
            Self::Save(order) => Subject {
                image: order.one(),
                short: order.several(),
                ..about(TaskKind::Save, "", "")
            },
            Self::Load(order) => Subject {
                image: Some(order.called()),
                ..about(TaskKind::Load, "", "")
            },
            Self::Download(order) => Subject {
                tag: Downloading::tag(),
                engine: Some(order.engine.clone()),
                ..about(TaskKind::Pull, "", &Downloading::repository())
            },
        }
    }

    fn lane(&self) -> Lane {
        match self {
            Self::Push(_) | Self::Pull(_) | Self::Save(_) | Self::Load(_) | Self::Download(_) => {
                Lane::Bytes
            }
            Self::Delete(Deletion { account, .. })
            | Self::Prune(Pruning { account, .. })
            | Self::Undo(Restoring { account, .. }) => Lane::Registry(account.clone()),
            Self::Build(_) => Lane::Build,
            Self::Commit(_) => Lane::Commit,
        }
    }

    fn after_restart(&self) -> AfterRestart {
        match self {
            Self::Push(_)
            | Self::Pull(_)
            | Self::Build(_)
            | Self::Commit(_)
            | Self::Save(_)
            | Self::Load(_)
            | Self::Download(_) => AfterRestart::Offer,
            Self::Delete(_) | Self::Prune(_) | Self::Undo(_) => AfterRestart::Plan,
        }
    }

    fn then(&self, outcome: &TaskOutcome) -> Option<Self> {
        let (Self::Build(Building { then, .. }) | Self::Commit(Committing { then, .. })) = self
        else {
            return None;
        };
        let TaskOutcome::Made(made) = outcome else {
            return None;
        };
        Some(Self::Push(Pushing {
            // The one that is used by then may be another, and have no such image.
            engine: made.engine.clone(),
            ..pushing(then.clone()?, made.image.clone(), made.name.clone())
        }))
    }
}

/// Returns the push of what was made, with the answers that its sheet gave.
fn pushing(then: ThenPush, image: String, name: Option<String>) -> Pushing {
    Pushing {
        image,
        name,
        account: then.account,
        repository: then.repository,
        tag: then.tag,
        expected: then.expected,
        keep: then.keep,
        share_rule: then.share_rule,
        allows: then.allows,
        accept_loss: then.accept_loss,
        taken_name: then.taken_name,
        engine: None,
        secret_goes_to: then.secret_goes_to,
        as_docker: then.as_docker,
    }
}

/// Returns the first 12 digits of a digest or a commit tag.
fn short(text: &str) -> String {
    CommitTag::parse(text).map_or_else(
        || short_id(text).to_owned(),
        |commit| commit.short().to_owned(),
    )
}

/// Says which room carries out which order.
pub(crate) fn run(
    transfers: &Arc<Transfers>,
    removal: &Arc<Removal>,
    making: &Arc<Making>,
    computer: &Arc<Computer>,
    hosting: &Arc<Hosting>,
) -> Run<Work> {
    let (transfers, removal) = (Arc::clone(transfers), Arc::clone(removal));
    let (making, computer) = (Arc::clone(making), Arc::clone(computer));
    let hosting = Arc::clone(hosting);
    Arc::new(move |work, running| {
        let (transfers, removal) = (Arc::clone(&transfers), Arc::clone(&removal));
        let (making, computer) = (Arc::clone(&making), Arc::clone(&computer));
        let hosting = Arc::clone(&hosting);
        Box::pin(async move {
            match work {
                Work::Push(order) => transfers.push(order, &running).await,
                Work::Pull(order) => transfers.pull(order, &running).await,
                Work::Delete(order) => removal.delete(order, &running).await,
                Work::Prune(order) => removal.prune(order, &running).await,
                Work::Undo(order) => removal.undo(order, &running).await,
                Work::Build(order) => making.build(order, &running).await,
                Work::Commit(order) => making.commit(order, &running).await,
                Work::Save(order) => computer.save(order, &running).await,
                Work::Load(order) => computer.load(order, &running).await,
                Work::Download(order) => hosting.download(order, &running).await,
            }
        })
    })
}

/// Takes orders of the window in, and starts them.
pub struct Orders {
    tasks: Arc<Tasks<Work>>,
    transfers: Arc<Transfers>,
    removal: Arc<Removal>,
    making: Arc<Making>,
    computer: Arc<Computer>,
    hosting: Arc<Hosting>,
}

impl Orders {
    pub(crate) fn new(
        tasks: &Arc<Tasks<Work>>,
        transfers: &Arc<Transfers>,
        removal: &Arc<Removal>,
        making: &Arc<Making>,
        computer: &Arc<Computer>,
        hosting: &Arc<Hosting>,
    ) -> Self {
        Self {
            tasks: Arc::clone(tasks),
            transfers: Arc::clone(transfers),
            removal: Arc::clone(removal),
            making: Arc::clone(making),
            computer: Arc::clone(computer),
            hosting: Arc::clone(hosting),
        }
    }

    /// Starts a push; returns the id of its task.
    pub async fn push(&self, order: PushOrder) -> Result<String, Problem> {
        let order = Pushing::from(order);
        self.transfers.check_push(&order).await?;
        self.tasks.begin(Work::Push(order)).await
    }

    /// Starts a pull; returns the id of its task.
    pub async fn pull(&self, order: PullOrder) -> Result<String, Problem> {
        let order = Pulling::from(order);
        self.transfers.check_pull(&order).await?;
        self.tasks.begin(Work::Pull(order)).await
    }

    /// Returns a push as it was ordered: the sheet that its question opens goes on from there.
    pub async fn ordered_push(&self, task: String) -> Result<PushOrder, Problem> {
        match self.tasks.ordered(&task).await? {
            Work::Push(order) => Ok(order.into()),
            _ => Err(gone()),
        }
    }

    /// Returns a pull as it was ordered.
    pub async fn ordered_pull(&self, task: String) -> Result<PullOrder, Problem> {
        match self.tasks.ordered(&task).await? {
            Work::Pull(order) => Ok(order.into()),
            _ => Err(gone()),
        }
    }

    /// Starts a deletion; returns the id of its task. Each item is left alone where it isn't any more what its sheet
    /// showed.
    pub async fn delete(&self, order: DeleteOrder) -> Result<String, Problem> {
        let order = Deletion::from(order);
        self.removal.check_deletion(&order).await?;
        self.tasks.begin(Work::Delete(order)).await
    }

    /// Starts to take away commit tags that a preview showed; returns the id of its task.
    pub async fn prune(&self, order: PruneOrder) -> Result<String, Problem> {
        let order = Pruning::from(order);
        self.removal.check_pruning(&order).await?;
        self.tasks.begin(Work::Prune(order)).await
    }

    /// Starts a build; returns the id of its task. The push that follows is checked now, as nobody is there then.
    pub async fn build(&self, order: BuildOrder) -> Result<String, Problem> {
        let mut order = Building::from(order);
        let ours = self.named_here(order.naming.name.as_deref()).await?;
        self.making.check_build(&mut order, &ours).await?;
        self.check_then(order.then.as_ref()).await?;
        self.tasks.begin(Work::Build(order)).await
    }

    /// Starts to make an image of a container; returns the id of its task. The push that follows is checked now, too.
    pub async fn commit(&self, order: CommitOrder) -> Result<String, Problem> {
        let mut order = Committing::from(order);
        let ours = self.named_here(order.naming.name.as_deref()).await?;
        self.making.check_commit(&mut order, &ours).await?;
        self.check_then(order.then.as_ref()).await?;
        self.tasks.begin(Work::Commit(order)).await
    }

    /// Checks a push that will follow, as nobody is there then.
    async fn check_then(&self, then: Option<&ThenPush>) -> Result<(), Problem> {
        let Some(then) = then.cloned() else {
            return Ok(());
        };
        let pushed = pushing(then, String::new(), None);
        self.transfers.check_push(&pushed).await
    }

    /// Starts to save images; returns the id of its task.
    pub async fn save(&self, order: SaveOrder) -> Result<String, Problem> {
        let order = Saving::from(order);
        self.computer.check_save(&order).await?;
        self.tasks.begin(Work::Save(order)).await
    }

    /// Starts to load an archive; returns the id of its task.
    pub async fn load(&self, order: LoadOrder) -> Result<String, Problem> {
        let order = Loading::from(order);
        self.computer.check_load(&order).await?;
        self.tasks.begin(Work::Load(order)).await
    }

    /// Starts to download the image of a registry into the engine of a way; returns the id of its task.
    pub async fn download(&self, way: String) -> Result<String, Problem> {
        let order = self.hosting.check_download(&way).await?;
        self.tasks.begin(Work::Download(order)).await
    }

    /// Returns the images that builds and commits gave this name, as far as their tasks are listed.
    async fn named_here(&self, name: Option<&str>) -> Result<Vec<String>, Problem> {
        let Some(name) = name else {
            return Ok(Vec::new());
        };
        let tasks = self.tasks.list().await?;
        let image = |task: TaskView| match task.outcome {
            Some(TaskOutcome::Made(made)) if made.name.as_deref() == Some(name) => Some(made.image),
            _ => None,
        };
        Ok(tasks.into_iter().filter_map(image).collect())
    }

    /// Starts to put back what a deletion took, while the layers are there; returns the id of its task.
    pub async fn undo(&self, undo: &str) -> Result<String, Problem> {
        let order = self.removal.find_undo(undo).await?;
        self.tasks.begin(Work::Undo(order)).await
    }

    /// Returns what removing these rows would do, where what a push that waits or runs speaks of stays.
    pub async fn plan_remove(&self, rows: Vec<RemoveRow>) -> Result<RemovePlan, Problem> {
        self.computer.plan_remove(rows, &self.pushed().await?).await
    }

    /// Returns what cleaning up would do, without what a push that waits or runs speaks of.
    pub async fn plan_clean_up(&self) -> Result<RemovePlan, Problem> {
        self.computer.plan_clean_up(&self.pushed().await?).await
    }

    /// Removes what a sheet showed of one image, unless a push that waits or runs speaks of it.
    pub async fn remove_image(&self, order: RemoveOrder) -> Result<(), Problem> {
        if self
            .pushed()
            .await?
            .iter()
            .any(|short| short == short_id(&order.id))
        {
            return Err(goes_out(&order.id));
        }
        self.computer.remove_image(order).await
    }

    /// Returns the images, by their first digits, of pushes that wait or run.
    async fn pushed(&self) -> Result<Vec<String>, Problem> {
        let tasks = self.tasks.list().await?;
        let goes_on = |state| matches!(state, TaskState::Waiting | TaskState::Running);
        Ok(tasks
            .into_iter()
            .filter(|task| task.kind == TaskKind::Push && goes_on(task.state))
            .map(|task| task.short)
            .collect())
    }
}
