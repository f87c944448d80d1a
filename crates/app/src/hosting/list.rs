//! The registries that were started here, how each stands, and stopping one.
//!
//! Grows by another thing that is shown of one.

use super::container::last_lines;
use super::process::Own;
use super::record::{By, Record};
use super::room::Hosting;
use crate::ground::blocking;
use crate::view::events::Stale;
use crate::view::hosting::{HostedState, HostedView};
use crate::view::problem::Problem;
use crate::words::hosting as say;
use engine::{ContainerState, Service};
use std::collections::HashMap;

/// What an engine said of its registries.
type Asked = HashMap<String, Result<Vec<Service>, Problem>>;

impl Hosting {
    /// Lists the registries that were started here. Each engine is asked once, and not waited for long.
    pub async fn list(&self) -> Result<Vec<HostedView>, Problem> {
        let mut asked = Asked::new();
        let mut listed = Vec::new();
        for record in self.records().await? {
            let (state, problem) = self.stands(&record, &mut asked).await?;
            listed.push(HostedView {
                name: record.name(),
                by: record.by(),
                id: record.id,
                host: record.host.to_string(),
                folder: record.how.folder,
                state,
                problem,
            });
        }
        Ok(listed)
    }

    /// Stops a registry. What the engine runs isn't started by it again, either.
    pub async fn stop(&self, id: String) -> Result<(), Problem> {
        let _turn = self.turn.lock().await;
        let mut record = self.record(&id).await?;
        self.halt(&record).await?;
        record.how.runs = false;
        self.keep(&record).await?;
        self.ground.stale(Stale::Hosted);
        Ok(())
    }

    /// Stops what runs a registry.
    pub(super) async fn halt(&self, record: &Record) -> Result<(), Problem> {
        if let Some(engine) = self.engine_of(record).await? {
            return self.stop_container(&engine, record).await;
        }
        let own = Own::of(self.own_folder(record));
        if blocking(move || own.stop()).await? {
            Ok(())
        } else {
            Err(say::runs_on(&record.name()))
        }
    }

    async fn stands(
        &self,
        record: &Record,
        asked: &mut Asked,
    ) -> Result<(HostedState, Option<Problem>), Problem> {
        let (runs, service) = match &record.how.by {
            By::Engine { engine, .. } => {
                if !asked.contains_key(engine) {
                    let services = self.services_at(engine).await;
                    asked.insert(engine.clone(), services);
                }
                match asked.get(engine) {
                    Some(Ok(services)) => {
                        let mine = services.iter().find(|service| service.value == record.id);
                        let runs = mine.is_some_and(|mine| mine.state == ContainerState::Running);
                        (runs, mine.cloned())
                    }
                    Some(Err(why)) => {
                        return Ok((HostedState::Unknown, Some(say::engine_away(why))));
                    }
                    None => (false, None),
                }
            }
            By::Program { .. } => {
                let own = Own::of(self.own_folder(record));
                (blocking(move || own.runs()).await?, None)
            }
        };
        if runs {
            return Ok((HostedState::Running, None));
        }
        if !record.how.runs {
            return Ok((HostedState::Stopped, None));
        }
        let lines = match (&record.how.by, service) {
            (By::Engine { engine, .. }, Some(service)) => {
                match self.local.engine_at(Some(engine)).await {
                    Ok(engine) => last_lines(&engine, &service.id).await,
                    Err(_) => None,
                }
            }
            (By::Engine { .. }, None) => None,
            (By::Program { .. }, _) => self.last_lines(record).await,
        };
        let why = say::ended(&record.name(), lines);
        Ok((HostedState::Stopped, Some(why)))
    }
}
