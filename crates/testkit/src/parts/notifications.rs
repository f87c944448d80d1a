//! A desktop's notification service on a private session bus, with a hand to press its buttons.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use zbus::zvariant::OwnedValue;
use zbus::{Connection, connection, interface};

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";
/// The reason for closing a notification, in the specification's numbers.
const DISMISSED: u32 = 2;
const BY_CALL: u32 = 3;

/// One notification, as it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Its number at the service.
    pub number: u32,
    /// Who asked.
    pub app: String,
    /// One line.
    pub title: String,
    /// Its text, with whatever markup it came with.
    pub body: String,
    /// Its buttons: name and label.
    pub actions: Vec<(String, String)>,
    /// It was closed, by a press or by who showed it.
    pub closed: bool,
}

/// A running service, gone when dropped.
#[derive(Debug)]
pub struct Notifications {
    connection: Connection,
    shown: Arc<Mutex<Vec<Shown>>>,
}

impl Notifications {
    /// Starts it on the bus at this address, such as [`SecretService::address`](super::SecretService::address).
    pub async fn start(address: &str) -> Result<Self> {
        let shown = Arc::default();
        let service = Service {
            shown: Arc::clone(&shown),
        };
        let connection = connection::Builder::address(address)?
            .serve_at(PATH, service)?
            .name(NAME)?
            .build()
            .await?;
        Ok(Self { connection, shown })
    }

    /// Returns all notifications so far, in order.
    pub fn shown(&self) -> Vec<Shown> {
        locked(&self.shown).clone()
    }

    /// Waits until so many were shown; all of them.
    pub async fn until(&self, count: usize) -> Result<Vec<Shown>> {
        let start = Instant::now();
        loop {
            let shown = self.shown();
            if shown.len() >= count {
                return Ok(shown);
            }
            ensure!(
                start.elapsed() < Duration::from_mins(1),
                "only these were shown: {shown:#?}"
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Presses a button by its name (`default`: the notification itself), as a person does: then it closes.
    pub async fn press(&self, number: u32, action: &str) -> Result<()> {
        self.signal("ActionInvoked", &(number, action)).await?;
        self.close(number).await
    }

    /// Closes one without pressing anything.
    pub async fn close(&self, number: u32) -> Result<()> {
        close(&self.shown, number);
        self.signal("NotificationClosed", &(number, DISMISSED))
            .await
    }

    async fn signal<B>(&self, name: &str, body: &B) -> Result<()>
    where
        B: serde::Serialize + zbus::zvariant::DynamicType,
    {
        self.connection
            .emit_signal(None::<&str>, PATH, NAME, name, body)
            .await?;
        Ok(())
    }
}

struct Service {
    shown: Arc<Mutex<Vec<Shown>>>,
}

#[interface(name = "org.freedesktop.Notifications")]
impl Service {
    #[allow(clippy::too_many_arguments)] // the specification's
    fn notify(
        &self,
        app_name: String,
        replaces: u32,
        icon: String,
        summary: String,
        body: String,
        actions: Vec<String>,
        hints: HashMap<String, OwnedValue>,
        timeout: i32,
    ) -> u32 {
        // Nothing here depends on how it looks and how long.
        let _ = (icon, hints, timeout);
        let mut shown = locked(&self.shown);
        let number = match replaces {
            0 => u32::try_from(shown.len() + 1).unwrap_or(u32::MAX),
            number => number,
        };
        let mut words = actions.into_iter();
        let mut actions = Vec::new();
        while let (Some(name), Some(label)) = (words.next(), words.next()) {
            actions.push((name, label));
        }
        shown.push(Shown {
            number,
            app: app_name,
            title: summary,
            body,
            actions,
            closed: false,
        });
        number
    }

    async fn close_notification(
        &self,
        number: u32,
        #[zbus(connection)] connection: &Connection,
    ) -> zbus::fdo::Result<()> {
        close(&self.shown, number);
        connection
            .emit_signal(
                None::<&str>,
                PATH,
                NAME,
                "NotificationClosed",
                &(number, BY_CALL),
            )
            .await?;
        Ok(())
    }

    #[allow(clippy::unused_self)] // the specification's
    fn get_capabilities(&self) -> Vec<&'static str> {
        vec!["actions", "body", "body-markup"]
    }

    #[allow(clippy::unused_self)] // the specification's
    fn get_server_information(&self) -> (&'static str, &'static str, &'static str, &'static str) {
        ("testkit", "Longshore", "1", "1.2")
    }
}

fn close(shown: &Mutex<Vec<Shown>>, number: u32) {
    for one in locked(shown).iter_mut() {
        one.closed |= one.number == number;
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
