//! Freedesktop's notifications (Desktop Notifications Specification 1.3), over the session bus.
//!
//! One connection for all that are open. It listens before it shows, so that a quick press is heard, and only to the
//! service itself, so that no other program of the session presses for the person.

use super::{NAME, OPEN, action, fault, key};
use app::{Notice, NoticeAction};
use futures_util::StreamExt as _;
use std::collections::{HashMap, VecDeque};
use std::time::Duration;
use tauri::async_runtime::Receiver;
use zbus::zvariant::Value;
use zbus::{Connection, MatchRule, Message, MessageStream, connection, message};

const SERVICE: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";
/// How long the service may take to answer, in which the system may have to start it.
const PATIENCE: Duration = Duration::from_secs(10);

/// Shows the notifications that are ordered, and ends once nobody can order any more. `address` names another bus than
/// the session's, for tests.
pub(super) async fn serve(
    mut orders: Receiver<Notice>,
    address: Option<String>,
    pressed: impl Fn(i64, NoticeAction) + Send,
) {
    let mut desk: Option<Desk> = None;
    loop {
        let order = match &mut desk {
            None => orders.recv().await,
            Some(open) => tokio::select! {
                order = orders.recv() => order,
                heard = open.signals.next() => {
                    match heard {
                        Some(Ok(signal)) => {
                            if let Some((id, action)) = open.heard(&signal) {
                                pressed(id, action);
                            }
                        }
                        // The bus is gone; another may be there by the next time.
                        Some(Err(_)) | None => desk = None,
                    }
                    continue;
                }
            },
        };
        let Some(notice) = order else { return };
        if desk.is_none() {
            match Desk::find(address.as_deref()).await {
                Ok(found) => desk = Some(found),
                Err(error) => fault(&error.to_string()),
            }
        }
        if let Some(open) = &mut desk
            && let Err(error) = open.show(notice).await
        {
            fault(&error.to_string());
            desk = None;
        }
    }
}

/// The notification service, and what it shows of ours.
struct Desk {
    connection: Connection,
    signals: MessageStream,
    /// True where it reads the body as markup.
    markup: bool,
    /// What is shown, each with its number there, oldest first.
    open: VecDeque<(u32, Notice)>,
}

impl Desk {
    async fn find(address: Option<&str>) -> zbus::Result<Self> {
        let builder = match address {
            Some(address) => connection::Builder::address(address)?,
            None => connection::Builder::session()?,
        };
        let connection = builder.method_timeout(PATIENCE).build().await?;
        let rule = MatchRule::builder()
            .msg_type(message::Type::Signal)
            .sender(SERVICE)?
            .interface(SERVICE)?
            .path(PATH)?
            .build();
        let signals = MessageStream::for_match_rule(rule, &connection, Some(64)).await?;
        let mut desk = Self {
            connection,
            signals,
            markup: false,
            open: VecDeque::new(),
        };
        let able: Vec<String> = desk
            .call("GetCapabilities", &())
            .await?
            .body()
            .deserialize()?;
        desk.markup = able.iter().any(|ability| ability == "body-markup");
        Ok(desk)
    }

    async fn show(&mut self, notice: Notice) -> zbus::Result<()> {
        let body = if self.markup {
            escaped(&notice.body)
        } else {
            notice.body.clone()
        };
        let mut buttons: Vec<&str> = Vec::new();
        if let Some((_, label)) = notice.actions.first() {
            buttons.extend(["default", label]);
        }
        for (action, label) in &notice.actions {
            buttons.extend([key(*action), label]);
        }
        let hints: HashMap<&str, Value<'_>> = HashMap::new();
        let told = (NAME, 0_u32, "", &notice.title, body, buttons, hints, -1_i32);
        let number: u32 = self.call("Notify", &told).await?.body().deserialize()?;
        self.open.push_back((number, notice));
        if self.open.len() > OPEN
            && let Some((oldest, _)) = self.open.pop_front()
        {
            self.call("CloseNotification", &oldest).await?;
        }
        Ok(())
    }

    /// Returns the press that a signal of the service tells of. A notification can be pressed once.
    fn heard(&mut self, signal: &Message) -> Option<(i64, NoticeAction)> {
        let header = signal.header();
        match header.member()?.as_str() {
            "ActionInvoked" => {
                let (number, name): (u32, String) = signal.body().deserialize().ok()?;
                let at = self.open.iter().position(|(open, _)| *open == number)?;
                let action = action(&self.open[at].1, &name)?;
                let (_, notice) = self.open.remove(at)?;
                Some((notice.id, action))
            }
            "NotificationClosed" => {
                let (number, _): (u32, u32) = signal.body().deserialize().ok()?;
                self.open.retain(|(open, _)| *open != number);
                None
            }
            _ => None,
        }
    }

    async fn call<B>(&self, method: &str, body: &B) -> zbus::Result<Message>
    where
        B: serde::Serialize + zbus::zvariant::DynamicType,
    {
        self.connection
            .call_method(Some(SERVICE), PATH, Some(SERVICE), method, body)
            .await
    }
}

/// Escapes plain text for a service that reads markup.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;
    use testkit::parts::{Notifications, Part, SecretService, State, need};

    fn notice(id: i64) -> Notice {
        Notice {
            id,
            title: format!("prod moved {id}"),
            body: "a <b> & c".into(),
            actions: vec![
                (NoticeAction::Show, "Show".into()),
                (NoticeAction::Keep, "Keep the old one".into()),
            ],
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_is_pressed_is_heard_once_and_only_from_the_service() {
        if !need(Part::SecretService) {
            return;
        }
        let bus = SecretService::start(State::Absent).await.unwrap();
        let (orders, waiting) = tauri::async_runtime::channel(8);
        let (heard, presses) = mpsc::channel();
        let address = Some(bus.address().to_owned());
        let serving = tokio::spawn(serve(waiting, address, move |id, action| {
            heard.send((id, action)).unwrap();
        }));
        let desk = Notifications::start(bus.address()).await.unwrap();
        for id in 2..=4 {
            orders.send(notice(id)).await.unwrap();
        }
        let shown = desk.until(3).await.unwrap();
        assert_eq!(shown[0].title, "prod moved 2");
        assert_eq!(shown[0].body, "a &lt;b&gt; &amp; c");
        let names: Vec<&str> = shown[0].actions.iter().map(|(name, _)| &**name).collect();
        assert_eq!(names, ["default", "show", "keep"]);

        // Another program on the bus says that it was pressed; the service says so of the next.
        let other = connection::Builder::address(bus.address())
            .unwrap()
            .build()
            .await
            .unwrap();
        let said = (shown[0].number, "keep");
        other
            .emit_signal(None::<&str>, PATH, SERVICE, "ActionInvoked", &said)
            .await
            .unwrap();
        desk.press(shown[1].number, "keep").await.unwrap();
        desk.press(shown[1].number, "keep").await.unwrap();
        desk.press(shown[2].number, "default").await.unwrap();
        let patience = Duration::from_secs(20);
        assert_eq!(
            presses.recv_timeout(patience).unwrap(),
            (3, NoticeAction::Keep)
        );
        assert_eq!(
            presses.recv_timeout(patience).unwrap(),
            (4, NoticeAction::Show)
        );
        drop(orders);
        serving.await.unwrap();
        assert!(presses.try_recv().is_err());
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn nobody_to_show_them_is_no_reason_to_stop() {
        if !need(Part::SecretService) {
            return;
        }
        let bus = SecretService::start(State::Absent).await.unwrap();
        let gone = format!("{}-gone", bus.address());
        for address in [bus.address().to_owned(), gone] {
            let (orders, waiting) = tauri::async_runtime::channel(8);
            for id in 0..3 {
                orders.send(notice(id)).await.unwrap();
            }
            drop(orders);
            serve(waiting, Some(address), |_, _| {}).await;
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn the_oldest_goes_where_many_are_open() {
        if !need(Part::SecretService) {
            return;
        }
        let bus = SecretService::start(State::Absent).await.unwrap();
        let desk = Notifications::start(bus.address()).await.unwrap();
        let (orders, waiting) = tauri::async_runtime::channel(64);
        let address = Some(bus.address().to_owned());
        let serving = tokio::spawn(serve(waiting, address, |_, _| {}));
        for id in 0..i64::try_from(OPEN).unwrap() + 2 {
            orders.send(notice(id)).await.unwrap();
        }
        drop(orders);
        serving.await.unwrap();
        let closed: Vec<bool> = desk.shown().iter().map(|shown| shown.closed).collect();
        assert_eq!(closed.len(), OPEN + 2);
        assert_eq!(closed.iter().filter(|closed| **closed).count(), 2);
        assert!(closed[0] && closed[1]);
    }
}
