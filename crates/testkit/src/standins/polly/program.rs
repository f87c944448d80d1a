//! A program that is played: a script on the PATH, which hands its arguments over to the test that started it and prints what it is told.
//!
//! Files stand between the two, so that nothing but a shell is needed. Not here: what it answers (`mod`). Grows by what a program sees
//! of its surroundings.

use anyhow::{Context as _, Result, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// How often is looked whether it was started.
const GLANCE: Duration = Duration::from_millis(5);

/// How a program ends.
pub(super) struct Ends {
    pub out: String,
    pub err: String,
    pub code: u8,
    /// It asks on the terminal first, and ends so where nobody is there to answer.
    pub asks: bool,
}

/// A program that is played until it is dropped.
pub(super) struct Program {
    folder: tempfile::TempDir,
    is_over: Arc<AtomicBool>,
}

impl Program {
    /// Begins to answer whoever starts it.
    pub fn start(answer: impl Fn(&[String]) -> Ends + Send + 'static) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let (asks, answers) = (folder.path().join("asks"), folder.path().join("answers"));
        fs::create_dir(&asks)?;
        fs::create_dir(&answers)?;
        let is_over = Arc::new(AtomicBool::new(false));
        let over = Arc::clone(&is_over);
        thread::spawn(move || {
            while !over.load(Ordering::Relaxed) {
                // What can't be answered ends by itself, and the test fails.
                let _ = answer_all(&asks, &answers, &answer);
                thread::sleep(GLANCE);
            }
        });
        Ok(Self { folder, is_over })
    }

    /// Installs it into a folder under this name. Another process writes it: what this one holds open for writing, none that it starts
    /// meanwhile could run.
    pub fn install(&self, bin: &Path, name: &str) -> Result<()> {
        fs::create_dir_all(bin)?;
        let text = self.folder.path().join("text");
        fs::write(&text, self.script())?;
        let mut install = Command::new("install");
        let installed = install.args(["-m", "755"]).arg(text).arg(bin.join(name));
        ensure!(installed.status()?.success(), "{name} was not installed");
        Ok(())
    }

    fn script(&self) -> String {
        let here = self.folder.path().display();
        format!(
            r#"#!/bin/sh
here='{here}'
for word in "$@"; do printf '%s\036' "$word"; done > "$here/part.$$"
if [ -t 0 ]; then printf 'a terminal\036' >> "$here/part.$$"; fi
mv "$here/part.$$" "$here/asks/$$"
tries=0
while [ ! -e "$here/answers/$$.code" ]; do
  tries=$((tries + 1))
  if [ "$tries" -gt 2000 ]; then echo 'nobody plays polly any more' >&2; exit 99; fi
  sleep 0.01
done
if [ -e "$here/answers/$$.asks" ]; then
  printf 'Email: '
  if read -r answer; then echo 'Password: '; read -r answer; fi
fi
cat "$here/answers/$$.out"
cat "$here/answers/$$.err" >&2
code=$(cat "$here/answers/$$.code")
rm -f "$here/answers/$$".*
exit "$code"
"#
        )
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
    }
}

fn answer_all(asks: &Path, answers: &Path, answer: &impl Fn(&[String]) -> Ends) -> Result<()> {
    for ask in fs::read_dir(asks)? {
        let ask = ask?.path();
        let text = fs::read_to_string(&ask)?;
        fs::remove_file(&ask)?;
        let mut words: Vec<String> = text.split('\u{1e}').map(str::to_owned).collect();
        words.pop();
        let ends = answer(&words);
        let number = ask.file_name().context("a file without a name")?;
        let to = |kind: &str| -> PathBuf { answers.join(number).with_extension(kind) };
        fs::write(to("out"), ends.out)?;
        fs::write(to("err"), ends.err)?;
        if ends.asks {
            fs::write(to("asks"), "")?;
        }
        fs::write(to("part"), ends.code.to_string())?;
        fs::rename(to("part"), to("code"))?;
    }
    Ok(())
}
