//! A vendor's own command: what it is given, and what becomes of it.

use super::*;

fn command(zoo: &Zoo, patience: Duration) -> VendorCommand {
    VendorCommand {
        patience,
        ..VendorCommand::new("vendor", Arc::new(zoo.programs()))
    }
}

fn zoo(script: &str) -> Zoo {
    let zoo = Zoo::new("exit 0");
    zoo.put("vendor", script);
    zoo
}

#[test]
fn a_command_gets_its_arguments_as_they_are_and_nobody_to_ask() {
    let zoo = zoo(
        r#"for word in "$@"; do echo "<$word>"; done; read -r answer && echo "heard $answer"
        echo "not signed in" >&2; exit 3"#,
    );
    let command = command(&zoo, PATIENCE);
    assert!(command.is_there());
    let said = command
        .run(&["list", "a b; rm *", "$HOME", ""], 1000)
        .unwrap();
    assert!(!said.ended_well);
    assert_eq!(said.output(), "<list>\n<a b; rm *>\n<$HOME>\n<>\n");
    assert_eq!(said.errors(), "not signed in\n");
    assert_eq!(format!("{said:?}"), "VendorSaid { ended_well: false, .. }");
    let other = VendorCommand::new("other", Arc::new(zoo.programs()));
    assert!(!other.is_there());
    assert_eq!(other.run(&[], 10).unwrap_err(), HelperError::Missing);
}

#[test]
fn hostile_a_command_that_says_too_much_or_hangs_is_ended() {
    let zoo = zoo("while :; do echo 0123456789; echo 0123456789 >&2; done");
    let error = command(&zoo, PATIENCE).run(&[], 100_000).unwrap_err();
    assert_eq!(error, HelperError::TooMuch);
    // What it says of errors is no reason to end it, however much it is.
    zoo.put("vendor", "head -c 3000000 /dev/zero >&2; echo done");
    let said = command(&zoo, PATIENCE).run(&[], 100).unwrap();
    assert_eq!(
        (said.output().as_ref(), said.errors().len()),
        ("done\n", 16 * 1024)
    );
    zoo.put("vendor", "sleep 600 & wait");
    assert_eq!(
        command(&zoo, SHORT).run(&[], 100).unwrap_err(),
        HelperError::Hung
    );
}
