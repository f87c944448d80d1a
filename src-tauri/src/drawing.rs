//! How the web view draws on Linux: by the processor alone where the computer has no graphics card.
//!
//! WebKitGTK composes a page by OpenGL. Without a graphics card a library imitates one, which doubles the time until
//! the first words stand there and costs 90 MB (`cargo xtask bench start`); drawn without OpenGL the page looks the
//! same. Not a setting: whoever names WebKit's variable is obeyed. It may grow by another system that needs the like.

use std::path::Path;

/// WebKitGTK's own variable, which its processes inherit.
const WITHOUT_OPENGL: &str = "WEBKIT_DISABLE_COMPOSITING_MODE";
/// How what can draw begins in `/dev/dri` (`renderD128`); what only shows pictures, as in many virtual machines, has none.
const DRAWS: &str = "renderD";
/// What other drivers put into `/dev` for a graphics card: NVIDIA's, and WSL's.
const CARDS: [&str; 2] = ["nvidiactl", "dxg"];

/// Chooses how pages are drawn. Call it first of all: the environment must not change once there are threads.
pub fn choose() {
    if has_card(Path::new("/dev")) {
        return;
    }
    // Named already, it stays as it is. Where it can't be set, pages are drawn as ever.
    let _ = glib::setenv(WITHOUT_OPENGL, "1", false);
}

fn has_card(devices: &Path) -> bool {
    let drawing = std::fs::read_dir(devices.join("dri")).is_ok_and(|found| {
        found
            .flatten()
            .any(|each| each.file_name().to_string_lossy().starts_with(DRAWS))
    });
    drawing || CARDS.iter().any(|name| devices.join(name).exists())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_of_any_driver_is_seen() {
        let devices = tempfile::tempdir().unwrap();
        assert!(!has_card(devices.path()));
        std::fs::create_dir(devices.path().join("dri")).unwrap();
        std::fs::write(devices.path().join("dri/card0"), "").unwrap();
        assert!(!has_card(devices.path()), "it only shows pictures");
        for name in ["dri/renderD128", "nvidiactl", "dxg"] {
            let card = devices.path().join(name);
            std::fs::write(&card, "").unwrap();
            assert!(has_card(devices.path()), "{name}");
            std::fs::remove_file(card).unwrap();
        }
    }
}
