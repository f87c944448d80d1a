//! Where the window stands and how large it is: as it was left, where the screens of today allow it.
//!
//! Not here: where that is kept (`settings`). Grows by what else of a window a person sets by hand. `tauri-plugin-window-state`
//! does most of this, but takes a size larger than every screen and a place whose top no hand reaches (tried with 2.5.0), and
//! before the window is shown nothing tells what it has taken.

use crate::MAIN_WINDOW;
use app::{Longshore, WindowPlace};
use std::sync::{Mutex, PoisonError};
use tauri::{
    AppHandle, Manager, PhysicalPosition, PhysicalSize, Runtime, WebviewWindow, Window, WindowEvent,
};

/// How much of the window's top must lie on a screen, so that it can be taken hold of.
const GRIP: (i64, i64) = (120, 32);

/// As the window stood when it was neither maximised nor hidden, and whether it is maximised now.
static LAST: Mutex<Option<WindowPlace>> = Mutex::new(None);

/// A screen, in its own pixels.
#[derive(Clone, Copy, Debug)]
struct Screen {
    x: i64,
    y: i64,
    width: i64,
    height: i64,
}

/// What of a place is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Taken {
    at: Option<(i32, i32)>,
    size: Option<(u32, u32)>,
}

/// Puts the window where it stood. It is not shown yet.
pub(crate) fn restore<R: Runtime>(
    window: &WebviewWindow<R>,
    left: Option<WindowPlace>,
) -> tauri::Result<()> {
    let Some(left) = left else { return Ok(()) };
    let screens: Vec<Screen> = window
        .available_monitors()?
        .iter()
        .map(|screen| Screen {
            x: screen.position().x.into(),
            y: screen.position().y.into(),
            width: screen.size().width.into(),
            height: screen.size().height.into(),
        })
        .collect();
    let taken = fit(left, &screens);
    // The place first: a size in pixels is one of the screen that the window is on.
    if let Some((x, y)) = taken.at {
        window.set_position(PhysicalPosition { x, y })?;
    }
    if let Some((width, height)) = taken.size {
        window.set_size(PhysicalSize { width, height })?;
    }
    if taken.at.is_none() {
        window.center()?;
    }
    if left.maximized {
        window.maximize()?;
    }
    *last() = Some(left);
    Ok(())
}

/// Takes what fits the screens: a place that shows the window's top, a size that is no larger than the screen it is on.
fn fit(left: WindowPlace, screens: &[Screen]) -> Taken {
    let at = left.x.zip(left.y);
    let on = |screen: &&Screen| {
        let Some((x, y)) = at else { return false };
        let (x, y, width) = (i64::from(x), i64::from(y), i64::from(left.width));
        let across = (x + width).min(screen.x + screen.width) - x.max(screen.x);
        let down = screen.y + screen.height - y;
        across >= GRIP.0 && y >= screen.y && down >= GRIP.1
    };
    let home = screens.iter().find(on);
    let room = home.or(screens.first());
    let fits = |screen: &Screen| {
        i64::from(left.width) <= screen.width && i64::from(left.height) <= screen.height
    };
    let whole = left.width > 0 && left.height > 0;
    Taken {
        at: home.and(at),
        size: room
            .is_some_and(|screen| whole && fits(screen))
            .then_some((left.width, left.height)),
    }
}

/// Notes where the window stands whenever it was moved or sized.
pub(crate) fn note<R: Runtime>(window: &Window<R>, event: &WindowEvent) {
    if window.label() != MAIN_WINDOW
        || !matches!(event, WindowEvent::Moved(_) | WindowEvent::Resized(_))
    {
        return;
    }
    let filled = |window: &Window<R>| -> tauri::Result<bool> {
        Ok(window.is_maximized()? || window.is_fullscreen()? || window.is_minimized()?)
    };
    // Before it is shown it is moved by us alone.
    if !window.is_visible().unwrap_or(false) || filled(window).unwrap_or(true) {
        return;
    }
    let Ok(size) = window.inner_size() else {
        return;
    };
    if size.width == 0 || size.height == 0 {
        return;
    }
    let at = window.outer_position().ok();
    *last() = Some(WindowPlace {
        x: at.map(|at| at.x),
        y: at.map(|at| at.y),
        width: size.width,
        height: size.height,
        maximized: false,
    });
}

/// Keeps where the window stands. Called where it may go next.
pub(crate) fn keep<R: Runtime>(app: &AppHandle<R>, longshore: &Longshore) {
    let maximized = app
        .get_webview_window(MAIN_WINDOW)
        .and_then(|window| window.is_maximized().ok());
    let kept = last().as_mut().map(|place| {
        // Once it is gone, it is as it was when it was asked to go.
        place.maximized = maximized.unwrap_or(place.maximized);
        *place
    });
    if let Some(place) = kept {
        longshore.settings.set_window_place(place);
    }
}

fn last() -> std::sync::MutexGuard<'static, Option<WindowPlace>> {
    LAST.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(x: i32, y: i32, width: u32, height: u32) -> WindowPlace {
        WindowPlace {
            x: Some(x),
            y: Some(y),
            width,
            height,
            maximized: false,
        }
    }

    const LAPTOP: Screen = Screen {
        x: 0,
        y: 0,
        width: 1440,
        height: 900,
    };
    const BESIDE: Screen = Screen {
        x: -1920,
        y: 0,
        width: 1920,
        height: 1200,
    };

    #[test]
    fn a_window_stands_where_it_stood_on_any_screen() {
        for (place, screens) in [
            (left(40, 30, 1280, 800), &[LAPTOP][..]),
            (left(-1900, 100, 1900, 1100), &[LAPTOP, BESIDE][..]),
            (left(-100, 0, 1280, 800), &[LAPTOP][..]),
        ] {
            let taken = fit(place, screens);
            assert_eq!(taken.at, place.x.zip(place.y), "{place:?}");
            assert_eq!(taken.size, Some((place.width, place.height)), "{place:?}");
        }
    }

    #[test]
    fn a_place_off_every_screen_is_not_taken_and_the_size_still_is() {
        for place in [
            left(-1900, 100, 1280, 800),
            left(1400, 30, 1280, 800),
            left(40, 890, 1280, 800),
            left(40, -400, 1280, 800),
            left(i32::MAX, i32::MIN, 1280, 800),
        ] {
            let taken = fit(place, &[LAPTOP]);
            assert_eq!(taken.at, None, "{place:?}");
            assert_eq!(taken.size, Some((1280, 800)), "{place:?}");
        }
    }

    #[test]
    fn a_size_larger_than_the_screen_is_not_taken() {
        assert_eq!(fit(left(0, 0, 1441, 800), &[LAPTOP]).size, None);
        assert_eq!(fit(left(0, 0, 1280, u32::MAX), &[LAPTOP]).size, None);
        assert_eq!(fit(left(0, 0, 0, 0), &[LAPTOP]).size, None);
        let nowhere = fit(left(0, 0, 1280, 800), &[]);
        assert_eq!((nowhere.at, nowhere.size), (None, None));
    }
}
