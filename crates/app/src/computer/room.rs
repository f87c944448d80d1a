//! What every file of the room works with: the lists, read from the engine and the database.
//!
//! Not here: what a row says (`images`, `containers`). Grows by another list.

use super::kept::Facts;
use super::place::Known;
use super::sizes::Sizes;
use super::users::Users;
use super::{containers, images};
use crate::ground::Ground;
use crate::local::{LocalEngine, place_of, store_of};
use crate::view::answering::Whom;
use crate::view::containers::ContainerRow;
use crate::view::engine::{EngineRow, EngineView, ImageRow};
use crate::view::problem::{Code, Problem};
use crate::words;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, join};
use std::path::PathBuf;
use std::sync::Arc;

/// The engine, its images and its containers.
pub struct Computer {
    pub(super) ground: Arc<Ground>,
    pub(super) local: Arc<LocalEngine>,
    pub(super) facts: Facts,
    /// Where archives go where the person has set nothing else.
    pub(super) downloads: PathBuf,
    pub(super) known: Arc<Known>,
    pub(super) sizes: Sizes,
}

impl Computer {
    pub(crate) fn new(ground: &Arc<Ground>, local: &Arc<LocalEngine>, downloads: PathBuf) -> Self {
        Self {
            ground: Arc::clone(ground),
            local: Arc::clone(local),
            facts: Facts::default(),
            downloads,
            known: Arc::default(),
            sizes: Sizes::default(),
        }
    }

    /// Returns the engine, or why there is none.
    pub async fn engine(&self) -> Result<EngineView, Problem> {
        let asked = async {
            let engine = self.local.engine().await?;
            let info = self.local.answer(engine.info().await).await?;
            let id = self.local.id_of(engine.address()).await?;
            Ok((id, place_of(engine.address()), info))
        };
        Ok(match self.asking(asked.boxed()).await {
            Err(problem) if problem.code == Code::Ended => return Err(problem),
            Ok((id, place, info)) => EngineView::Ready {
                id,
                place,
                name: info.name,
                version: info.version,
                store: store_of(info.store),
                platform: info.platform.to_string(),
                insecure: info.insecure.beyond_loopback(),
                instead: self.instead().await,
            },
            Err(problem) => EngineView::Absent { problem },
        })
    }

    /// Lists the engines there may be, and how each answered when it was last asked.
    pub async fn engines(&self) -> Result<Vec<EngineRow>, Problem> {
        self.local.engines().await
    }

    /// Asks all engines who they are; the window is told of each as it answers.
    pub async fn look_for_engines(&self) -> Result<(), Problem> {
        self.local.look_for_engines().await
    }

    /// Says that the engine is used in another's place, and what to do; or that it has its own again.
    async fn instead(&self) -> Vec<String> {
        if let Some(said) = self.local.instead().await {
            return vec![said.text(), words::engine::set_one().text()];
        }
        let back = self.local.back().await;
        back.map(|said| said.text()).into_iter().collect()
    }

    /// Returns the engine's images, a row a name.
    pub async fn images(&self) -> Result<Vec<ImageRow>, Problem> {
        let asked = async {
            let engine = self.local.engine().await?;
            let images = self.local.images_of(&engine);
            let (images, containers) = join(images, engine.containers()).await;
            let images = images?;
            self.sizes.saw(&engine, &images);
            // Who can't tell of containers can tell of images.
            Ok((images, containers.ok()))
        };
        let (images, containers) = self.asking(asked.boxed()).await?;
        let known = Arc::clone(&self.known);
        self.ground
            .db(move |store| {
                let users = containers.as_deref().map(Users::of);
                let commits = known.of(store, &images)?;
                let rows = |image| images::rows(image, &commits, users.as_ref());
                Ok(images.iter().flat_map(rows).collect())
            })
            .await
    }

    /// Returns the engine's containers.
    pub async fn containers(&self) -> Result<Vec<ContainerRow>, Problem> {
        let asked = async {
            let engine = self.local.engine().await?;
            let images = self.local.images_of(&engine);
            let (images, containers) = join(images, engine.containers()).await;
            Ok((images?, self.local.answer(containers).await?))
        };
        let (images, containers) = self.asking(asked.boxed()).await?;
        let known = Arc::clone(&self.known);
        self.ground
            .db(move |store| {
                let commits = known.of(store, &images)?;
                Ok(containers::rows(containers, &images, &commits))
            })
            .await
    }

    /// Lets go of the engine, at the end.
    pub async fn leave(&self) {
        self.local.leave().await;
    }

    /// Asks the engine as the window wants it: whoever looks sees that it waits, and can end it.
    async fn asking<T>(&self, question: BoxFuture<'_, Result<T, Problem>>) -> Result<T, Problem> {
        let questions = &self.ground.questions;
        let late = words::engine::no_answer_yet();
        questions.ask_lightly(Whom::Engine, late, question).await
    }
}
