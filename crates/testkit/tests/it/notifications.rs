//! The notification service: what is asked of it is remembered, what is pressed is said on the bus.

use anyhow::{Context, Result};
use std::process::Command;
use testkit::parts::{Notifications, Part, SecretService, State, need, program};

/// Asks the service with another program than ours.
fn ask(address: &str, arguments: &[&str]) -> Result<String> {
    let output = Command::new(program("dbus-send").context("dbus-send is missing")?)
        .env("DBUS_SESSION_BUS_ADDRESS", address)
        .args([
            "--session",
            "--print-reply",
            "--dest=org.freedesktop.Notifications",
            "/org/freedesktop/Notifications",
        ])
        .args(arguments)
        .output()?;
    anyhow::ensure!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_remembers_what_it_is_asked_and_says_what_is_pressed() -> Result<()> {
    if !need(Part::SecretService) {
        return Ok(());
    }
    let bus = SecretService::start(State::Absent).await?;
    let desk = Notifications::start(bus.address()).await?;
    let able = ask(
        bus.address(),
        &["org.freedesktop.Notifications.GetCapabilities"],
    )?;
    assert!(able.contains("\"actions\""), "{able}");
    let answer = ask(
        bus.address(),
        &[
            "org.freedesktop.Notifications.Notify",
            "string:somebody",
            "uint32:0",
            "string:",
            "string:A title",
            "string:A body",
            "array:string:show,Show,keep,Keep it",
            "dict:string:string:",
            "int32:-1",
        ],
    );
    // The specification's hints are variants; what sends others is refused, not misread.
    assert!(answer.is_err() && desk.shown().is_empty());

    let client = zbus::connection::Builder::address(bus.address())?
        .build()
        .await?;
    let hints: std::collections::HashMap<&str, zbus::zvariant::Value<'_>> =
        std::collections::HashMap::new();
    let buttons = vec!["show", "Show", "keep", "Keep it"];
    let told = (
        "somebody", 0_u32, "", "A title", "A body", buttons, hints, -1_i32,
    );
    let name = "org.freedesktop.Notifications";
    let path = "/org/freedesktop/Notifications";
    let number: u32 = client
        .call_method(Some(name), path, Some(name), "Notify", &told)
        .await?
        .body()
        .deserialize()?;
    let shown = desk.until(1).await?.remove(0);
    assert_eq!(
        (shown.number, shown.app.as_str(), shown.title.as_str()),
        (number, "somebody", "A title")
    );
    assert_eq!(shown.actions[1], ("keep".into(), "Keep it".into()));

    let rule = zbus::MatchRule::builder().interface(name)?.build();
    let mut heard = zbus::MessageStream::for_match_rule(rule, &client, None).await?;
    desk.press(number, "keep").await?;
    let mut signals = Vec::new();
    while signals.len() < 2 {
        use futures_util::StreamExt as _;
        let message = heard.next().await.context("the bus is gone")??;
        let member = message.header().member().map(ToString::to_string);
        signals.push(member.unwrap_or_default());
    }
    assert_eq!(signals, ["ActionInvoked", "NotificationClosed"]);
    assert!(desk.shown()[0].closed);
    Ok(())
}
