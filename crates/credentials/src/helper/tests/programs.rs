//! Which programs are helpers, and where they are looked for.

use super::*;

#[test]
fn a_helper_that_is_not_there_is_missing() {
    let zoo = Zoo::new("exit 0");
    assert_eq!(
        helper_of(Programs::default()).get("h").unwrap_err(),
        HelperError::Missing
    );
    let other = Helper::new(HelperName::parse("y").unwrap(), Arc::new(zoo.programs()));
    assert_eq!(other.get("h").unwrap_err(), HelperError::Missing);
    // A file that may not be run is no program, and a folder is none.
    fs::set_permissions(
        zoo.path("docker-credential-x"),
        fs::Permissions::from_mode(0o644),
    )
    .unwrap();
    assert_eq!(zoo.helper().get("h").unwrap_err(), HelperError::Missing);
    fs::create_dir(zoo.path("docker-credential-y")).unwrap();
    assert_eq!(other.get("h").unwrap_err(), HelperError::Missing);
    // One that no system can start.
    fs::write(zoo.path("docker-credential-z"), b"\x7fELF but not so").unwrap();
    fs::set_permissions(
        zoo.path("docker-credential-z"),
        fs::Permissions::from_mode(0o755),
    )
    .unwrap();
    let broken = Helper::new(HelperName::parse("z").unwrap(), Arc::new(zoo.programs()));
    assert!(matches!(
        broken.get("h").unwrap_err(),
        HelperError::NotStarted(_)
    ));
}

/// Behaviour (helpers): A helper's name is a plain word that is looked for on the PATH; a path is no name.
/// Source: hostile configurations; `exec.LookPath` would take `../x` of a configuration for a path.
#[test]
fn a_name_is_a_plain_word_and_never_a_path() {
    for name in [
        "x",
        "gcloud",
        "ecr-login",
        "osxkeychain",
        "acr-env_2.0+b",
        "1password",
    ] {
        assert_eq!(HelperName::parse(name).unwrap().as_str(), name);
    }
    let long = "x".repeat(65);
    for name in [
        "", ".", "..", "../x", "a/b", "/x", "a\\b", "a b", "-x", "x\n", "x\0", "ü", "a..b", ".x",
        "%x", "x;y", "$(x)", &long,
    ] {
        assert_eq!(
            HelperName::parse(name).unwrap_err(),
            HelperError::BadName,
            "{name:?}"
        );
        let json = serde_json::to_string(name).unwrap();
        assert!(
            serde_json::from_str::<HelperName>(&json).is_err(),
            "{name:?}"
        );
    }
}

#[test]
fn only_absolute_folders_are_looked_in_and_the_path_comes_first() {
    let (zoo, other) = (Zoo::new("exit 1"), Zoo::new("exit 2"));
    let name = HelperName::parse("x").unwrap();
    let at = |path: &str, besides: &[&Path]| {
        Programs {
            path: Some(OsString::from(path)),
            besides: besides.iter().map(|folder| folder.to_path_buf()).collect(),
            env: Vec::new(),
        }
        .find(&name)
    };
    let first = zoo.path("docker-credential-x");
    let folder = zoo.folder.path().display().to_string();
    assert_eq!(at(&folder, &[other.folder.path()]), Some(first.clone()));
    assert_eq!(at("/nonexistent:", &[zoo.folder.path()]), Some(first));
    // From where we are it would be found.
    let relative = format!("{}{folder}", "../".repeat(40));
    assert!(Path::new(&relative).join("docker-credential-x").exists());
    for path in [relative.as_str(), ".", ""] {
        assert_eq!(at(path, &[]), None, "{path:?}");
    }
}
