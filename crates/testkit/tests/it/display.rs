//! The virtual display and its window manager.

use anyhow::Result;
use testkit::parts::{Display, Part, need};

#[tokio::test]
async fn two_displays_run_side_by_side() -> Result<()> {
    if !need(Part::Display) {
        return Ok(());
    }
    let one = Display::start(800, 600).await?;
    let two = Display::start(1280, 800).await?;
    assert_ne!(one.name(), two.name());
    assert!(!one.has_window("Nobody has this")?);
    assert!(one.close("Nobody has this").is_err());
    two.press("alt+F4")?;
    Ok(())
}
