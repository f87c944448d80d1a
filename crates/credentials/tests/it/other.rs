//! The second process: it holds one keychain and does with it what it reads from its standard input.

use std::env;
use std::io::{BufRead, BufReader, Write, stdin, stdout};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use credentials::{Keychain, SecretKey, SecretStore, SecretString, StoreError};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};

/// Set in the second process.
const INSIDE: &str = "LONGSHORE_CREDENTIALS_INSIDE";
/// What begins a line of ours; the test harness prints too.
const MARK: &str = "answer: ";

#[derive(Serialize, Deserialize)]
struct Order {
    what: What,
    host: String,
    user: String,
    secret: String,
}

#[derive(Serialize, Deserialize)]
enum What {
    Get,
    Set,
    Remove,
}

#[derive(Serialize, Deserialize)]
enum Answer {
    Done(Option<String>),
    Locked(String),
    Absent(String),
    Refused(String),
}

/// The second process, seen from the first.
pub struct Other {
    child: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Other {
    /// Starts this test again with the given bus.
    pub fn start(test: &str, bus: &str) -> Self {
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["--exact", test, "--nocapture"])
            .env(INSIDE, "1")
            .env("DBUS_SESSION_BUS_ADDRESS", bus)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap());
        Self {
            orders: child.stdin.take(),
            child,
            answers,
        }
    }

    pub fn get(&mut self, host: &str, user: &str) -> Result<Option<String>, StoreError> {
        self.ask(What::Get, host, user, "")
    }

    pub fn set(&mut self, host: &str, user: &str, secret: &str) -> Result<(), StoreError> {
        self.ask(What::Set, host, user, secret).map(drop)
    }

    pub fn remove(&mut self, host: &str, user: &str) -> Result<(), StoreError> {
        self.ask(What::Remove, host, user, "").map(drop)
    }

    fn ask(
        &mut self,
        what: What,
        host: &str,
        user: &str,
        secret: &str,
    ) -> Result<Option<String>, StoreError> {
        let order = Order {
            what,
            host: host.to_owned(),
            user: user.to_owned(),
            secret: secret.to_owned(),
        };
        let orders = self.orders.as_mut().unwrap();
        writeln!(orders, "{}", serde_json::to_string(&order).unwrap()).unwrap();
        loop {
            let mut line = String::new();
            assert_ne!(
                self.answers.read_line(&mut line).unwrap(),
                0,
                "the other process ended"
            );
            // The harness may have begun the line.
            let Some((_, answer)) = line.split_once(MARK) else {
                continue;
            };
            return match serde_json::from_str(answer).unwrap() {
                Answer::Done(secret) => Ok(secret),
                Answer::Locked(text) => Err(StoreError::Locked(text)),
                Answer::Absent(text) => Err(StoreError::Absent(text)),
                Answer::Refused(text) => Err(StoreError::Refused(text)),
            };
        }
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        // It ends with its input.
        self.orders = None;
        let _ = self.child.wait();
    }
}

/// In the second process: does what it is told until there is nothing more to do. Else `false`, at once.
pub fn serve() -> bool {
    if env::var_os(INSIDE).is_none() {
        return false;
    }
    // The keychain blocks: never on a thread of the async runtime.
    let thread = std::thread::spawn(|| {
        let keychain = Keychain::new();
        let mut answers = stdout();
        for line in stdin().lines() {
            let order: Order = serde_json::from_str(&line.unwrap()).unwrap();
            let answer = serde_json::to_string(&done(&keychain, order)).unwrap();
            writeln!(answers, "\n{MARK}{answer}").unwrap();
        }
    });
    thread.join().unwrap();
    true
}

fn done(keychain: &Keychain, order: Order) -> Answer {
    let key = SecretKey {
        host: order.host,
        user: order.user,
    };
    let done = match order.what {
        What::Get => keychain.get(&key),
        What::Set => keychain
            .set(&key, &SecretString::from(order.secret))
            .map(|()| None),
        What::Remove => keychain.remove(&key).map(|()| None),
    };
    match done {
        Ok(secret) => Answer::Done(secret.map(|secret| secret.expose_secret().to_owned())),
        Err(StoreError::Locked(text)) => Answer::Locked(text),
        Err(StoreError::Absent(text)) => Answer::Absent(text),
        Err(StoreError::Refused(text)) => Answer::Refused(text),
        Err(StoreError::File(error)) => panic!("a keychain has no file: {error}"),
    }
}
