//! Files and folders of the desktop: those that are dropped on the window, and those that are chosen in the system's own
//! window for it.
//!
//! What they are is `app`'s to say; what becomes of them is the page's. The page is told of paths and gets no right to
//! read any. Grows by what else a desktop hands over.

use crate::WindowEvents;
use app::view::computer::PathKind;
use app::view::events::{AppEvent, FilesPhase};
use app::view::problem::Problem;
use app::{Events, Longshore};
use rfd::{AsyncFileDialog, FileHandle};
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use tauri::{DragDropEvent, Manager, PhysicalPosition, Runtime, WebviewWindow, Window};
use tokio::sync::oneshot;

/// What the person chooses, once they have.
type Chosen = Pin<Box<dyn Future<Output = Option<FileHandle>> + Send>>;

/// Counts the drags, and their ends: what is found out of one that is over is told no more.
static DRAGS: AtomicU64 = AtomicU64::new(0);

/// Tells the page of files that are dragged over the window, and of those that are dropped.
pub fn dragged<R: Runtime>(window: &Window<R>, event: &DragDropEvent) {
    let (phase, paths, at) = match event {
        DragDropEvent::Enter { paths, position } => (FilesPhase::Enter, paths.clone(), *position),
        DragDropEvent::Over { position } => (FilesPhase::Over, Vec::new(), *position),
        DragDropEvent::Drop { paths, position } => (FilesPhase::Drop, paths.clone(), *position),
        DragDropEvent::Leave => (FilesPhase::Leave, Vec::new(), PhysicalPosition::default()),
        _ => return,
    };
    let at = at.to_logical::<f64>(scale(window));
    let told = move |files| AppEvent::Files {
        phase,
        files,
        x: at.x,
        y: at.y,
    };
    if phase != FilesPhase::Over {
        DRAGS.fetch_add(1, Ordering::SeqCst);
    }
    let mine = DRAGS.load(Ordering::SeqCst);
    let app = window.app_handle().clone();
    if paths.is_empty() {
        return WindowEvents::new(app).emit(told(Vec::new()));
    }
    // They are looked at on the disk, which may be slow.
    tauri::async_runtime::spawn(async move {
        let Some(longshore) = app.try_state::<Longshore>() else {
            return;
        };
        let files = longshore.computer.look_at(texts(paths)).await;
        // What was dropped was dropped, whatever came since.
        if phase == FilesPhase::Drop || mine == DRAGS.load(Ordering::SeqCst) {
            WindowEvents::new(app.clone()).emit(told(files.unwrap_or_default()));
        }
    });
}

/// Returns by how much a place of a drag is larger than in the page: only Windows tells it in pixels of the screen, whatever
/// its type says.
fn scale<R: Runtime>(window: &Window<R>) -> f64 {
    if cfg!(windows) {
        window.scale_factor().unwrap_or(1.0)
    } else {
        1.0
    }
}

fn texts(paths: Vec<PathBuf>) -> Vec<String> {
    let texts = paths.into_iter();
    texts
        .map(|path| path.to_string_lossy().into_owned())
        .collect()
}

/// Has the person choose a folder or an archive; none where they chose nothing.
pub async fn choose<R: Runtime>(
    window: WebviewWindow<R>,
    what: PathKind,
) -> Result<Option<String>, Problem> {
    let (tell, told) = oneshot::channel();
    let parent = window.clone();
    // Systems open it on the thread of their windows alone.
    let opened = window.run_on_main_thread(move || {
        let dialog = AsyncFileDialog::new().set_parent(&parent);
        let chosen: Chosen = match what {
            PathKind::Folder => Box::pin(dialog.pick_folder()),
            PathKind::Archive | PathKind::Certificate => Box::pin(dialog.pick_file()),
        };
        tauri::async_runtime::spawn(async move {
            let chosen = chosen.await;
            // Whoever asked may be gone.
            let _ = tell.send(chosen.map(|chosen| chosen.path().to_string_lossy().into_owned()));
        });
    });
    opened.map_err(app::unexpected)?;
    Ok(told.await.unwrap_or_default())
}
