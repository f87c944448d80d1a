//! The app with Tauri's mock runtime in place of the system's windows, and the window's own door.

use app::SessionSecrets;
use app::view::events::AppEvent;
use app::{Events, Longshore, Options};
use serde_json::Value;
use std::sync::Arc;
use tauri::test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder};
use tauri::webview::{InvokeRequest, WebviewWindowBuilder};
use tauri::{App, WebviewWindow};
use tempfile::TempDir;

/// The real commands, configuration and permissions, over an empty data folder.
pub struct Shell {
    app: App<MockRuntime>,
    folder: TempDir,
}

struct Unheard;

impl Events for Unheard {
    fn emit(&self, _event: AppEvent) {}
}

impl Shell {
    pub fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let longshore = Longshore::open(Options {
            data_dir: folder.path().join("data"),
            access: app::Access::Alone,
            keychain: Arc::new(SessionSecrets::default()),
            work_factor: None,
            // Nobody listens there: no engine of this machine is asked.
            engine: Some(format!(
                "unix://{}",
                folder.path().join("no-engine.sock").display()
            )),
            docker_config: Some(folder.path().join("docker")),
            cert_folders: Vec::new(),
            sign_ins: app::Files::default(),
            programs: app::Programs::default(),
            ssh: app::SshProgram::default(),
            buildx: app::BuildxAt::Nowhere,
            sandbox: None,
            events: Arc::new(Unheard),
            notices: std::sync::Arc::new(app::Silent),
            downloads: folder.path().join("downloads"),
            clock: app::Clock::system(),
            log: app::RequestLog::new(app::Clock::system()),
            settings: Arc::new(app::SettingsInMemory::default()),
            watch_every: Some(std::time::Duration::from_hours(1)),
            engine_patience: None,
            instead: app::Instead::parse("hub.docker.com=http://127.0.0.1:1").unwrap(),
            platform: app::Platform::here(),
        });
        let Ok(longshore) = longshore else {
            panic!("the data folder does not open")
        };
        let app = longshore_app::with_commands(mock_builder())
            // As in the product, so that what is refused is there.
            .plugin(tauri_plugin_store::Builder::new().build())
            .manage(longshore)
            .build(longshore_app::context())
            .unwrap();
        Self { app, folder }
    }

    pub fn window(&self, label: &str) -> WebviewWindow<MockRuntime> {
        // Without a folder named here, Tauri makes the app's own in the person's home, also for a window that isn't real.
        WebviewWindowBuilder::new(&self.app, label, tauri::WebviewUrl::default())
            .data_directory(self.folder.path().join("web-view"))
            .build()
            .unwrap()
    }

    /// Calls a command as the page of this window would, from this address.
    pub fn call(
        window: &WebviewWindow<MockRuntime>,
        page: &str,
        command: &str,
        arguments: Value,
    ) -> Result<Value, Value> {
        let request = InvokeRequest {
            cmd: command.into(),
            callback: tauri::ipc::CallbackFn(0),
            error: tauri::ipc::CallbackFn(1),
            url: page.parse().unwrap(),
            body: arguments.into(),
            headers: tauri::http::HeaderMap::default(),
            invoke_key: INVOKE_KEY.to_owned(),
        };
        get_ipc_response(window, request).map(|body| body.deserialize::<Value>().unwrap())
    }
}

/// Returns the address of our own page.
pub fn home() -> &'static str {
    if cfg!(windows) {
        "http://tauri.localhost"
    } else {
        "tauri://localhost"
    }
}

/// Returns every command that the window's own door calls, in its order.
pub fn door() -> Vec<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/ui/src/lib/backend/tauri.ts");
    let source = std::fs::read_to_string(path).unwrap();
    let calls = source.split("call(\"").skip(1);
    let named: Vec<String> = calls
        .filter_map(|rest| Some(rest.split_once('"')?.0.to_owned()))
        .collect();
    assert!(named.len() > 20, "the door is read wrongly: {named:?}");
    named
}
