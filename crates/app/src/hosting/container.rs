//! A registry that a container of the engine is: made, found again by its label, started, stopped, taken away.
//!
//! Not here: downloading its image (`download`). Grows by an image that is told what to do in another way.

use super::process::Own;
use super::record::{By, Record};
use super::room::Hosting;
use crate::view::problem::Problem;
use crate::words::hosting as say;
use engine::{Engine, Service, ServiceFolder, ServiceOf};
use std::time::Duration;

/// The label of a registry's container; its value is what the registry is known by.
const LABEL: &str = "dev.longshore.registry";
/// The port that a registry listens on in its container.
const INNER: u16 = 5000;
/// Where its data, and who may sign in, are in it.
const DATA: &str = "/var/lib/registry";
const AUTH: &str = "/auth";
/// So many of its last lines are told.
const LINES: u32 = 20;
/// How long an engine is waited for that is only asked how its registries stand.
const BRIEFLY: Duration = Duration::from_secs(3);

/// Where the engine is that is used.
pub(super) enum Reached {
    Here(Engine),
    /// On this other computer: its 127.0.0.1 is not ours.
    Elsewhere(String),
}

impl Hosting {
    /// Connects to the engine that is used, as far as it can run a registry of this computer.
    pub(super) async fn reached(&self) -> Result<Reached, Problem> {
        let engine = match tokio::time::timeout(BRIEFLY, self.local.engine()).await {
            Ok(engine) => engine?,
            Err(_) => return Err(crate::words::engine::no_answer_yet()),
        };
        Ok(match engine.address().host() {
            Some(host) => Reached::Elsewhere(oci::text::plain(host, 255)),
            None => Reached::Here(engine),
        })
    }

    /// Connects to the engine of a registry; none where a program is it.
    pub(super) async fn engine_of(&self, record: &Record) -> Result<Option<Engine>, Problem> {
        let By::Engine { engine, .. } = &record.how.by else {
            return Ok(None);
        };
        let found = self.local.engine_at(Some(engine)).await?;
        match found.address().host() {
            // It was on this computer when it was chosen.
            Some(host) => Err(say::elsewhere(&oci::text::plain(host, 255))),
            None => Ok(Some(found)),
        }
    }

    /// Lists the containers of registries that an engine has, or says that it doesn't answer.
    pub(super) async fn services_at(&self, id: &str) -> Result<Vec<Service>, Problem> {
        let asked = async {
            let engine = self.local.engine_at(Some(id)).await?;
            self.services_of(&engine).await
        };
        match tokio::time::timeout(BRIEFLY, asked).await {
            Ok(listed) => listed,
            Err(_) => Err(crate::words::engine::no_answer_yet()),
        }
    }

    async fn services_of(&self, engine: &Engine) -> Result<Vec<Service>, Problem> {
        let listed = engine.services(LABEL).await;
        self.local.answer_of(engine, listed).await
    }

    /// Finds the container of a registry.
    pub(super) async fn service(
        &self,
        engine: &Engine,
        record: &Record,
    ) -> Result<Option<Service>, Problem> {
        let listed = self.services_of(engine).await?;
        Ok(listed.into_iter().find(|each| each.value == record.id))
    }

    /// Starts the container of a registry, which is made where it is gone.
    pub(super) async fn start_container(
        &self,
        engine: &Engine,
        record: &Record,
        image: &str,
    ) -> Result<(), Problem> {
        let refused = |error: engine::Error| {
            say::of_container(&error, image, &record.how.folder, record.port)
        };
        let id = if let Some(service) = self.service(engine, record).await? {
            service.id
        } else {
            let of = self.service_for(engine, record, image).await?;
            engine.create_service(&of).await.map_err(refused)?
        };
        engine.start_service(&id).await.map_err(refused)
    }

    /// Writes down the container of a registry.
    async fn service_for(
        &self,
        engine: &Engine,
        record: &Record,
        image: &str,
    ) -> Result<ServiceOf, Problem> {
        let apart = engine.apart().await;
        let apart = self.local.answer_of(engine, apart).await?;
        let own = Own::of(self.own_folder(record));
        let mut env = vec![
            format!("REGISTRY_HTTP_ADDR=:{INNER}"),
            format!("REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY={DATA}"),
            "REGISTRY_STORAGE_DELETE_ENABLED=true".to_owned(),
            "REGISTRY_LOG_LEVEL=warn".to_owned(),
            "REGISTRY_LOG_ACCESSLOG_DISABLED=true".to_owned(),
        ];
        env.extend(super::TRACES_NOWHERE.map(|(name, value)| format!("{name}={value}")));
        let mut folders = vec![ServiceFolder {
            source: record.how.folder.clone(),
            target: DATA.to_owned(),
            read_only: false,
        }];
        if record.how.user.is_some() {
            env.extend([
                "REGISTRY_AUTH=htpasswd".to_owned(),
                "REGISTRY_AUTH_HTPASSWD_REALM=Longshore".to_owned(),
                format!("REGISTRY_AUTH_HTPASSWD_PATH={AUTH}/htpasswd"),
            ]);
            folders.push(ServiceFolder {
                source: own.sign_in_folder().display().to_string(),
                target: AUTH.to_owned(),
                read_only: true,
            });
        }
        let short: String = record.id.chars().take(8).collect();
        Ok(ServiceOf {
            name: format!("longshore-registry-{}-{short}", record.port),
            image: image.to_owned(),
            label: (LABEL.to_owned(), record.id.clone()),
            port: record.port,
            inner_port: INNER,
            env,
            folders,
            // What it writes is the person's own then, to be deleted by them.
            user: person().filter(|_| !apart.own_users),
            unlabelled: apart.labels,
        })
    }

    /// Stops the container of a registry.
    pub(super) async fn stop_container(
        &self,
        engine: &Engine,
        record: &Record,
    ) -> Result<(), Problem> {
        let Some(service) = self.service(engine, record).await? else {
            return Ok(());
        };
        let stopped = engine.stop_service(&service.id).await;
        self.local.answer_of(engine, stopped).await
    }

    /// Takes the container of a registry away, which was stopped before.
    pub(super) async fn remove_container(
        &self,
        engine: &Engine,
        record: &Record,
    ) -> Result<(), Problem> {
        let Some(service) = self.service(engine, record).await? else {
            return Ok(());
        };
        let removed = engine.remove_service(&service.id).await;
        self.local.answer_of(engine, removed).await
    }
}

/// Returns the last lines of a container; none where the engine doesn't tell.
pub(super) async fn last_lines(engine: &Engine, id: &str) -> Option<String> {
    let lines = engine.last_lines(id, LINES).await.ok()?;
    Some(lines).filter(|lines| !lines.trim().is_empty())
}

/// Returns who the person is on this computer, `user:group`; none where containers know no such users, and for its
/// administrator, who needs no other.
fn person() -> Option<String> {
    #[cfg(unix)]
    {
        use rustix::process::{getgid, getuid};
        let user = getuid();
        (!user.is_root()).then(|| format!("{}:{}", user.as_raw(), getgid().as_raw()))
    }
    #[cfg(not(unix))]
    None
}
