//! Starting other programs, and speaking to the person at the terminal.

#![allow(clippy::print_stdout, clippy::print_stderr)] // the terminal is this program's only voice

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::places;

/// Says what is being done.
pub fn say(sentence: &str) {
    println!("{sentence}");
}

/// Says what went wrong.
pub fn complain(sentence: &str) {
    eprintln!("{sentence}");
}

/// Prints a heading before a step, so that its place in long output is found.
pub fn step(name: &str) {
    println!("\n── {name}");
}

/// Prepares a program in the project's folder, with the environment every step shares.
pub fn program(name: impl AsRef<Path>) -> Command {
    let mut command = Command::new(name.as_ref());
    command.current_dir(places::root());
    command
}

/// Prepares cargo, building where we look for what it has built.
pub fn cargo() -> Result<Command, String> {
    let mut command = program(env::var_os("CARGO").map_or_else(|| "cargo".into(), PathBuf::from));
    command.env("CARGO_TARGET_DIR", places::cargo_target()?);
    Ok(command)
}

/// Prepares npm in the UI's folder. On Windows it is a script, which only a shell can start.
pub fn npm(arguments: &[&str]) -> Command {
    let mut command = if cfg!(windows) {
        let mut command = Command::new("cmd");
        command.args(["/C", "npm"]);
        command
    } else {
        Command::new("npm")
    };
    command.current_dir(places::ui()).args(arguments);
    command
}

/// Runs a program to its end; a failure names it.
pub fn succeed(mut command: Command) -> Result<(), String> {
    let name = describe(&command);
    let status = command
        .status()
        .map_err(|error| format!("{name} did not start: {error}"))?;
    if status.success() {
        return Ok(());
    }
    Err(format!("{name} failed ({status})."))
}

/// Returns what a program prints, when it succeeds.
pub fn output(mut command: Command) -> Option<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    output.status.success().then_some(text)
}

/// Writes a command line as a person would type it, for a message.
pub fn describe(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut words = vec![
        program
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
    ];
    words.extend(
        command
            .get_args()
            .map(|word| word.to_string_lossy().into_owned()),
    );
    words.join(" ")
}

/// Finds a program on the PATH, or where systems keep their daemons.
pub fn find(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let daemons = ["/usr/local/sbin", "/usr/sbin", "/sbin"].map(PathBuf::from);
    let suffixes: &[&str] = if cfg!(windows) {
        &[".exe", ".cmd"]
    } else {
        &[""]
    };
    env::split_paths(&path)
        .chain(daemons)
        .flat_map(|folder| {
            suffixes
                .iter()
                .map(move |suffix| folder.join(format!("{name}{suffix}")))
        })
        .find(|candidate| candidate.is_file())
}

/// Asks for a yes at the terminal. Nobody there, or no answer, is a no.
pub fn yes(question: &str) -> bool {
    println!("{question} [y/N]");
    let mut line = String::new();
    match std::io::stdin().read_line(&mut line) {
        Ok(_) => matches!(line.trim(), "y" | "Y" | "yes"),
        Err(_) => false,
    }
}

/// Tells whether the person is root, who needs no sudo and is asked nothing.
pub fn is_root() -> bool {
    let mut command = Command::new("id");
    command.arg("-u");
    output(command).is_some_and(|id| id.trim() == "0")
}
