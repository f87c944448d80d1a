//! Python is the person's; a virtual environment of ours is made with one that is new enough.

use std::path::PathBuf;
use std::process::Command;

use crate::shell;

/// Names of Python, the person's own choice first.
const NAMES: [&str; 5] = [
    "python3",
    "python3.13",
    "python3.12",
    "python3.14",
    "python3.11",
];

/// Ends well where it is new enough and can make an environment with pip in it (Debian's needs `python3-venv` for that).
const CAN: &str = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))";

/// Finds a Python 3.11 or newer that can make a virtual environment. One that is only named, as by pyenv, is none.
pub fn find() -> Option<PathBuf> {
    NAMES.into_iter().find_map(|name| {
        let path = shell::find(name)?;
        let mut command = Command::new(&path);
        command.args(["-c", CAN]);
        shell::output(command).map(|_| path)
    })
}
