//! The notices of the libraries that Longshore is made of: a list of them, and below it their licence texts, each once.
//!
//! Not here: which libraries there are (`crates`, `page`, `toolchain`), and where their texts lie (`sources`). Grows when
//! a licence asks for more than its text.

use std::collections::HashMap;
use std::fmt::Write;

/// A library of others, as it is linked in.
#[derive(Debug, PartialEq, Eq)]
pub struct Library {
    pub name: String,
    pub version: String,
    /// The expression (SPDX) that its author gave; empty where there is none.
    pub licence: String,
    /// Where its sources are to be had.
    pub address: String,
    pub texts: Vec<Text>,
}

/// A licence, or a notice, as it lies among a library's sources.
#[derive(Debug, PartialEq, Eq)]
pub struct Text {
    /// Its file, below the library's folder.
    pub file: String,
    pub words: String,
}

const OPENING: &str = "\
Third-party notices

Longshore itself is under MIT or Apache-2.0, as you choose. It is built with the libraries below, each under its own
licence. The texts that lie among their sources follow the list; a number behind a library leads to them. Where none
lies there, the licence is told as its author names it. The sources of each can be had at its address.
";

/// Writes the notices; a library that names no licence and has no text of one is an error.
pub fn compose(mut libraries: Vec<Library>) -> Result<String, String> {
    libraries.sort_by(|a, b| (&a.name, &a.version).cmp(&(&b.name, &b.version)));
    let mut list = String::new();
    let mut texts: Vec<&Text> = Vec::new();
    let mut users: Vec<Vec<String>> = Vec::new();
    let mut numbers: HashMap<String, usize> = HashMap::new();
    for library in &libraries {
        let named = format!("{} {}", library.name, library.version);
        if library.licence.is_empty() && library.texts.is_empty() {
            return Err(format!(
                "{named} has no licence: none is named, and no text of one lies in its sources."
            ));
        }
        let mut places = Vec::new();
        for text in &library.texts {
            let number = *numbers.entry(said(&text.words)).or_insert_with(|| {
                texts.push(text);
                users.push(Vec::new());
                texts.len()
            });
            users[number - 1].push(format!("{named}: {}", text.file));
            places.push(format!("[{number}]"));
        }
        let licence = match library.licence.as_str() {
            "" => "as its text says",
            licence => licence,
        };
        let places = places.join(" ");
        let line = format!("\n{named}\n  {licence} {places}");
        let _ = write!(list, "{}\n  {}\n", line.trim_end(), library.address);
    }
    let mut whole = format!("{OPENING}{list}");
    for (at, (text, users)) in texts.iter().zip(&users).enumerate() {
        let rule = "-".repeat(80);
        let number = at + 1;
        let _ = write!(whole, "\n{rule}\n[{number}]\n");
        for user in users {
            let _ = writeln!(whole, "{user}");
        }
        let _ = write!(whole, "{rule}\n\n{}\n", tidy(&text.words));
    }
    Ok(whole)
}

/// Returns what makes a text the same as another: its words, not how its lines are broken.
fn said(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns a text with plain line ends, and nothing empty before and after it.
fn tidy(words: &str) -> String {
    let lines: Vec<&str> = words.lines().map(str::trim_end).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Library, Text, compose};

    fn library(name: &str, licence: &str, texts: &[(&str, &str)]) -> Library {
        let text = |&(file, words): &(&str, &str)| Text {
            file: file.to_owned(),
            words: words.to_owned(),
        };
        Library {
            name: name.to_owned(),
            version: "1.2.3".to_owned(),
            licence: licence.to_owned(),
            address: format!("https://example.com/{name}"),
            texts: texts.iter().map(text).collect(),
        }
    }

    #[test]
    fn each_library_is_listed_and_each_text_stands_once() {
        let whole = compose(vec![
            library(
                "zeta",
                "MIT",
                &[("LICENSE", "\r\n  Be kind,\r\nalways. \r\n")],
            ),
            library(
                "alpha",
                "MIT OR Apache-2.0",
                &[
                    ("LICENSE-APACHE", "At length."),
                    ("LICENSE-MIT", "Be kind, always.\n"),
                ],
            ),
            library("bare", "Apache-2.0", &[]),
            library("told", "", &[("LICENCE.txt", "Told.")]),
        ])
        .unwrap();
        let list = "\nalpha 1.2.3\n  MIT OR Apache-2.0 [1] [2]\n  https://example.com/alpha\n\
            \nbare 1.2.3\n  Apache-2.0\n  https://example.com/bare\n\
            \ntold 1.2.3\n  as its text says [3]\n  https://example.com/told\n\
            \nzeta 1.2.3\n  MIT [2]\n  https://example.com/zeta\n";
        assert!(whole.contains(list), "{whole}");
        assert_eq!(whole.matches("Be kind").count(), 1, "{whole}");
        let users = "[2]\nalpha 1.2.3: LICENSE-MIT\nzeta 1.2.3: LICENSE\n";
        assert!(whole.contains(users), "{whole}");
        assert!(!whole.contains('\r'));
    }

    #[test]
    fn what_names_no_licence_and_has_none_is_an_error() {
        let told = compose(vec![library("bare", "", &[])]).unwrap_err();
        assert!(told.starts_with("bare 1.2.3 has no licence"), "{told}");
    }
}
