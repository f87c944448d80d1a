//! This computer, as the window shows it: its engine and its images.
//!
//! Not here: finding and asking the engine (`local`). Grows by what a person does with local images and containers.

mod images;

use crate::ground::Ground;
use crate::local::LocalEngine;
use crate::view::answering::Whom;
use crate::view::engine::{EngineView, ImageRow, ImageStore};
use crate::view::problem::{Code, Problem};
use crate::words;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use std::sync::Arc;

/// The engine and its images.
pub struct Computer {
    ground: Arc<Ground>,
    local: Arc<LocalEngine>,
}

impl Computer {
    pub(crate) fn new(ground: &Arc<Ground>, local: &Arc<LocalEngine>) -> Self {
        Self {
            ground: Arc::clone(ground),
            local: Arc::clone(local),
        }
    }

    /// Returns the engine, or why there is none.
    pub async fn engine(&self) -> Result<EngineView, Problem> {
        let asked = async {
            let engine = self.local.engine().await?;
            self.local.answer(engine.info().await).await
        };
        Ok(match self.asking(asked.boxed()).await {
            Err(problem) if problem.code == Code::Ended => return Err(problem),
            Ok(info) => EngineView::Ready {
                name: info.name,
                version: info.version,
                store: match info.store {
                    engine::ImageStoreKind::GraphDriver => ImageStore::GraphDriver,
                    engine::ImageStoreKind::Containerd => ImageStore::Containerd,
                },
                platform: info.platform.to_string(),
                instead: self.instead().await,
            },
            Err(problem) => EngineView::Absent { problem },
        })
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
        let images = self.asking(self.local.images().boxed()).await?;
        self.ground
            .db(move |store| {
                images
                    .iter()
                    .map(|image| images::rows(store, image))
                    .collect::<Result<Vec<_>, _>>()
            })
            .await
            .map(|rows| rows.into_iter().flatten().collect())
    }

    /// Asks the engine as the window wants it: whoever looks sees that it waits, and can end it.
    async fn asking<T>(&self, question: BoxFuture<'_, Result<T, Problem>>) -> Result<T, Problem> {
        let questions = &self.ground.questions;
        let late = words::engine::no_answer_yet();
        questions.ask_lightly(Whom::Engine, late, question).await
    }
}
