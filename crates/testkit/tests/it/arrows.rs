//! Who may depend on whom (docs/architecture.md), read from `cargo metadata`.

use std::collections::BTreeSet;
use std::process::Command;

use anyhow::Result;
use serde_json::Value;

/// Each package of the house, and which of the house it may need. A dev-dependency on the testkit is
/// everyone's right, so it is not listed.
const ARROWS: &[(&str, &[&str])] = &[
    ("oci", &[]),
    ("timeline", &["oci"]),
    ("registry", &["oci"]),
    ("vendors", &["oci", "registry"]),
    ("engine", &["oci"]),
    ("credentials", &[]),
    ("store", &["oci"]),
    (
        "app",
        &[
            "oci",
            "timeline",
            "registry",
            "engine",
            "store",
            "credentials",
            "vendors",
        ],
    ),
    ("longshore-app", &["app"]),
    ("testkit", &[]),
    ("xtask", &[]),
];

fn packages() -> Result<Vec<Value>> {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version",
            "1",
            "--no-deps",
            "--offline",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()?;
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    Ok(metadata["packages"].as_array().cloned().unwrap_or_default())
}

/// The dependencies of a package: name and kind (`normal`, `dev`, `build`).
fn dependencies(package: &Value) -> Vec<(String, String)> {
    let list = package["dependencies"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    list.iter()
        .map(|each| {
            (
                each["name"].as_str().unwrap_or_default().to_owned(),
                each["kind"].as_str().unwrap_or("normal").to_owned(),
            )
        })
        .collect()
}

#[test]
fn every_package_of_the_house_is_in_the_list() -> Result<()> {
    let there: BTreeSet<String> = packages()?
        .iter()
        .map(|package| package["name"].as_str().unwrap_or_default().to_owned())
        .collect();
    let listed: BTreeSet<String> = ARROWS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(there, listed);
    Ok(())
}

#[test]
fn the_arrows_point_the_agreed_way() -> Result<()> {
    let house: BTreeSet<&str> = ARROWS.iter().map(|(name, _)| *name).collect();
    let mut wrong = Vec::new();
    for package in packages()? {
        let name = package["name"].as_str().unwrap_or_default();
        let Some((_, allowed)) = ARROWS.iter().find(|(known, _)| *known == name) else {
            continue;
        };
        for (needs, kind) in dependencies(&package) {
            let tests_only = kind == "dev" && needs == "testkit";
            if house.contains(needs.as_str()) && !allowed.contains(&needs.as_str()) && !tests_only {
                wrong.push(format!("{name} → {needs} ({kind})"));
            }
        }
    }
    assert!(wrong.is_empty(), "arrows nobody agreed on: {wrong:?}");
    Ok(())
}

#[test]
fn only_the_shell_knows_tauri_and_only_tests_know_the_kit() -> Result<()> {
    let mut wrong = Vec::new();
    for package in packages()? {
        let name = package["name"].as_str().unwrap_or_default();
        for (needs, kind) in dependencies(&package) {
            let knows_shell = needs.starts_with("tauri") || needs == "wry" || needs == "tao";
            if knows_shell && name != "longshore-app" {
                wrong.push(format!("{name} → {needs}"));
            }
            if (needs == "testkit" && kind != "dev") || needs == "xtask" {
                wrong.push(format!("{name} → {needs} ({kind})"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
    Ok(())
}

#[test]
fn values_do_no_input_or_output() -> Result<()> {
    let doers = ["tokio", "reqwest", "hyper", "bollard", "rusqlite", "ureq"];
    for package in packages()? {
        if package["name"] == "oci" || package["name"] == "timeline" {
            for (needs, kind) in dependencies(&package) {
                assert!(
                    kind == "dev" || !doers.contains(&needs.as_str()),
                    "{} → {needs}",
                    package["name"]
                );
            }
        }
    }
    Ok(())
}
