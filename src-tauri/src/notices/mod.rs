//! Notifications of the desktop: how this system shows them, and which of their buttons was pressed.
//!
//! Freedesktop's (Linux, BSD) are spoken to directly: one connection for all, and no press is missed. macOS and Windows
//! have their own. Not here: what is said, and what a button does; that is `app`'s. Grows by a system.

#[cfg(all(unix, not(target_os = "macos")))]
mod freedesktop;
#[cfg(not(all(unix, not(target_os = "macos"))))]
mod native;

use crate::fault_log;
use app::{Longshore, Notice, NoticeAction};
use std::sync::Mutex;
use tauri::async_runtime::{self, Sender};
use tauri::{AppHandle, Manager, Runtime};

/// The name that the desktop shows for this app.
const NAME: &str = "Longshore";
/// The number of notifications that can wait to be shown. Nobody reads more in one moment.
const WAITING: usize = 32;
/// The number of shown notifications whose buttons still work.
const OPEN: usize = 16;

/// Shows notifications, and hands on what is pressed on them.
pub struct DesktopNotices {
    orders: Sender<Notice>,
}

impl DesktopNotices {
    /// Starts to show notifications. Presses go to the [`Longshore`] that this app manages.
    pub fn new<R: Runtime>(app: AppHandle<R>) -> Self {
        let (orders, waiting) = async_runtime::channel(WAITING);
        let pressed = move |id, action| {
            let Some(longshore) = app.try_state::<Longshore>() else {
                return;
            };
            let longshore = longshore.inner().clone();
            async_runtime::spawn(
                async move { longshore.watching.notice_pressed(id, action).await },
            );
        };
        #[cfg(all(unix, not(target_os = "macos")))]
        async_runtime::spawn(freedesktop::serve(waiting, None, pressed));
        #[cfg(not(all(unix, not(target_os = "macos"))))]
        async_runtime::spawn(native::serve(waiting, pressed));
        Self { orders }
    }
}

impl app::Notices for DesktopNotices {
    fn show(&self, notice: Notice) {
        // Full: the person has enough to read.
        let _ = self.orders.try_send(notice);
    }
}

/// Returns the name of a button between this app and the desktop.
fn key(action: NoticeAction) -> &'static str {
    match action {
        NoticeAction::Show => "show",
        NoticeAction::Keep => "keep",
        NoticeAction::PutBack => "put-back",
    }
}

/// Returns the button of a notification that a name stands for; `default` is a press on the notification itself and
/// stands for the first.
fn action(notice: &Notice, name: &str) -> Option<NoticeAction> {
    let named = notice.actions.iter().find(|(own, _)| key(*own) == name);
    let itself = || notice.actions.first().filter(|_| name == "default");
    named.or_else(itself).map(|(action, _)| *action)
}

/// Writes to the fault log why a notification could not be shown, once as long as the reason stays.
fn fault(why: &str) {
    static LAST: Mutex<String> = Mutex::new(String::new());
    let Ok(mut last) = LAST.lock() else { return };
    if *last != why {
        why.clone_into(&mut last);
        fault_log::write(&format!("a notification could not be shown: {why}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_buttons_a_notification_has_are_pressed() {
        let notice = Notice {
            id: 1,
            title: String::new(),
            body: String::new(),
            actions: vec![
                (NoticeAction::Show, "Show".into()),
                (NoticeAction::PutBack, "Put it back".into()),
            ],
        };
        assert_eq!(action(&notice, "put-back"), Some(NoticeAction::PutBack));
        assert_eq!(action(&notice, "default"), Some(NoticeAction::Show));
        assert_eq!(action(&notice, "keep"), None);
        assert_eq!(action(&notice, "anything"), None);
    }
}
