//! The notifications of macOS and Windows.
//!
//! Each that is shown waits for its press on a thread of its own; where too many wait, the next is shown without.

use super::{NAME, OPEN, action, fault, key};
use app::{Notice, NoticeAction};
use notify_rust::{Notification, NotificationResponse};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tauri::async_runtime::Receiver;

/// The name under which the system knows an installed build; others it does not know.
#[cfg(not(debug_assertions))]
const IDENTIFIER: &str = "dev.longshore.app";

/// Shows the notifications that are ordered, and ends once nobody can order any more.
pub(super) async fn serve(
    mut orders: Receiver<Notice>,
    pressed: impl Fn(i64, NoticeAction) + Send + Sync + 'static,
) {
    #[cfg(all(target_os = "macos", not(debug_assertions)))]
    if let Err(error) = notify_rust::set_application(IDENTIFIER) {
        fault(&error.to_string());
    }
    let (pressed, waiting) = (Arc::new(pressed), Arc::new(AtomicUsize::new(0)));
    while let Some(notice) = orders.recv().await {
        let (pressed, waiting) = (Arc::clone(&pressed), Arc::clone(&waiting));
        let listens = waiting.fetch_add(1, Ordering::SeqCst) < OPEN;
        let thread = std::thread::Builder::new().name("notice".to_owned());
        let started = thread.spawn({
            let waiting = Arc::clone(&waiting);
            move || {
                show(&notice, listens, &*pressed);
                waiting.fetch_sub(1, Ordering::SeqCst);
            }
        });
        if let Err(error) = started {
            waiting.fetch_sub(1, Ordering::SeqCst);
            fault(&error.to_string());
        }
    }
}

fn show(notice: &Notice, listens: bool, pressed: &impl Fn(i64, NoticeAction)) {
    let mut told = Notification::new();
    told.appname(NAME).summary(&notice.title).body(&notice.body);
    #[cfg(all(windows, not(debug_assertions)))]
    told.app_id(IDENTIFIER);
    if listens {
        for (action, label) in &notice.actions {
            told.action(key(*action), label);
        }
    }
    let shown = told.show().and_then(|handle| {
        if !listens {
            return Ok(());
        }
        handle.wait_for_response(|response: &NotificationResponse| {
            let name = match response {
                NotificationResponse::Default => "default",
                NotificationResponse::Action(name) => name,
                _ => return,
            };
            if let Some(action) = action(notice, name) {
                pressed(notice.id, action);
            }
        })
    });
    if let Err(error) = shown {
        fault(&error.to_string());
    }
}
