//! An empty window of the same Tauri: what `cargo xtask bench start` measures the app beside.
//!
//! It shows one page with one coloured box and does nothing else. It never grows.

fn main() {
    let context = tauri::generate_context!("src-tauri/empty/tauri.conf.json");
    if let Err(error) = tauri::Builder::default().run(context) {
        panic!("the empty window does not open: {error}");
    }
}
