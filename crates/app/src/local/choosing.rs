//! Which engines there are to choose from, and to send an order to.
//!
//! They are asked when a person opens the list, and never by a timer. Not here: the one that is used (the module above),
//! and what an order does with another. Grows by nothing.

use super::LocalEngine;
use super::engines::{ask, origin, place};
use crate::ground::{blocking, lock};
use crate::view::engine::{EngineRow, EngineState};
use crate::view::events::Stale;
use crate::view::problem::Problem;
use crate::words::engine as say;
use engine::{Address, Candidate, Engine, Origin};
use futures_util::{StreamExt, stream};

/// How many are asked at once.
const AT_ONCE: usize = 6;

impl LocalEngine {
    /// Lists the engines there may be, and how each answered when it was last asked.
    pub async fn engines(&self) -> Result<Vec<EngineRow>, Problem> {
        let chosen = self.chosen().await?.map(|chosen| chosen.address);
        let used = lock(&self.used).clone();
        let row = |candidate: Candidate| {
            let state = self.engines.state(&candidate.id);
            let name = match (&candidate.origin, &state) {
                (Origin::Known(product), _) => (*product).to_owned(),
                (Origin::Context(name), _) | (_, EngineState::Answers { name, .. }) => name.clone(),
                _ => candidate.address.to_string(),
            };
            EngineRow {
                name: oci::text::plain(&name, 100),
                place: place(&candidate.address),
                origin: origin(&candidate.origin),
                used: used.as_ref() == Some(&candidate.address),
                chosen: chosen.as_ref() == Some(&candidate.address),
                state,
                id: candidate.id,
            }
        };
        Ok(self.listed().await?.into_iter().map(row).collect())
    }

    /// Asks all engines who they are, a few at once; the window is told of each as it answers.
    pub async fn look_for_engines(&self) -> Result<(), Problem> {
        // Who wants the same meanwhile has it when it is done.
        let Ok(_asking) = self.engines.asking.try_lock() else {
            drop(self.engines.asking.lock().await);
            return Ok(());
        };
        let candidates = self.listed().await?;
        {
            let mut states = lock(&self.engines.states);
            *states = candidates
                .iter()
                .map(|candidate| (candidate.id.clone(), EngineState::Asking))
                .collect();
        }
        self.ground.stale(Stale::Engines);
        let mut asked = stream::iter(candidates)
            .map(|candidate| async move {
                let state = ask(&candidate.address).await;
                (candidate.id, state)
            })
            .buffer_unordered(AT_ONCE);
        while let Some((id, state)) = asked.next().await {
            lock(&self.engines.states).insert(id, state);
            self.ground.stale(Stale::Engines);
        }
        Ok(())
    }

    /// Returns the engine that is set, where one is. The settings may write its address in another way than the list does.
    async fn chosen(&self) -> Result<Option<Candidate>, Problem> {
        let set = self.ground.kept.settings().engine;
        let env = self.env();
        blocking(move || set.map(|set| Candidate::by_id(&env, &set))).await
    }

    /// Lists the candidates that a person can choose from, each once.
    async fn listed(&self) -> Result<Vec<Candidate>, Problem> {
        let chosen = self.chosen().await?;
        let sandbox = self.sandbox_engine().await?;
        let env = self.env();
        blocking(move || {
            // Whoever plays in a sandbox has its engine alone.
            if let Some(host) = sandbox {
                return vec![Candidate::by_id(&env, &host)];
            }
            let mut all = engine::all(&env);
            if let Some(chosen) = chosen
                && !all
                    .iter()
                    .any(|candidate| candidate.address == chosen.address)
            {
                all.insert(0, chosen);
            }
            all
        })
        .await
    }

    /// Connects to the engine that an order names: one of the list, else the one that is used.
    pub async fn engine_at(&self, id: Option<&str>) -> Result<Engine, Problem> {
        let Some(id) = id else {
            return self.engine().await;
        };
        let listed = self.listed().await?;
        // Only what is listed, or was used: the page can name no address of its own.
        let candidate = listed.into_iter().find(|candidate| candidate.id == id);
        let address = candidate.map(|candidate| candidate.address);
        let known = address.or_else(|| lock(&self.engines.were_used).get(id).cloned());
        let Some(address) = known else {
            return Err(say::no_such_engine().problem().hint(say::look_again()));
        };
        if lock(&self.used).as_ref() == Some(&address) {
            return self.engine().await;
        }
        let engine = Engine::connect(&address).await;
        engine.map_err(|error| say::of_engine(&error))
    }

    /// Returns what the engine at this address, which is used, is known by.
    pub async fn id_of(&self, address: &Address) -> Result<String, Problem> {
        let listed = self.listed().await?;
        let known = listed
            .into_iter()
            .find(|candidate| candidate.address == *address);
        let id = known.map_or_else(|| address.to_string(), |candidate| candidate.id);
        lock(&self.engines.were_used).insert(id.clone(), address.clone());
        Ok(id)
    }
}
