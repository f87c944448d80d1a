//! Rust's standard library, which is linked into every program; its notices come with the toolchain, as a page.
//!
//! Not here: crates (`crates`). Grows when its notices come as plain text.

use std::fs;
use std::path::Path;

use super::notices::{Library, Text};
use crate::shell;

/// Where the notices lie, below the toolchain's folder.
const FILE: &str = "share/doc/rust/COPYRIGHT-library.html";

/// Returns the standard library; a toolchain that brings no notices along has it named only.
pub fn library() -> Result<Library, String> {
    let ask = |words: &[&str]| {
        let mut rustc = shell::program("rustc");
        rustc.args(words);
        shell::output(rustc).ok_or("rustc did not tell its version and its folder.")
    };
    let version = ask(&["--version"])?;
    let folder = ask(&["--print", "sysroot"])?;
    let page = fs::read_to_string(Path::new(folder.trim()).join(FILE)).ok();
    Ok(Library {
        name: "Rust's standard library".to_owned(),
        version: version.split(' ').nth(1).unwrap_or_default().to_owned(),
        licence: "MIT OR Apache-2.0".to_owned(),
        address: "https://github.com/rust-lang/rust".to_owned(),
        texts: page
            .iter()
            .map(|page| Text {
                file: "COPYRIGHT-library".to_owned(),
                words: plain(page),
            })
            .collect(),
    })
}

/// Returns the words of a page: without its tags, its characters as they are read, at most one empty line in a row.
fn plain(page: &str) -> String {
    let mut words = String::new();
    let body = page.split_once("<body>").map_or(page, |(_, body)| body);
    let mut parts = body.split('<');
    words.push_str(parts.next().unwrap_or_default());
    for part in parts {
        words.push_str(part.split_once('>').map_or(part, |(_, after)| after));
    }
    for (written, meant) in [
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        // Last, as what it makes is not read again.
        ("&#38;", "&"),
        ("&amp;", "&"),
    ] {
        words = words.replace(written, meant);
    }
    let mut lines: Vec<&str> = words.lines().map(str::trim_end).collect();
    lines.dedup_by(|a, b| a.is_empty() && b.is_empty());
    lines.join("\n").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{library, plain};

    #[test]
    fn a_page_is_read_as_its_words() {
        let page = "<html><title>Notices</title><body><p><b>License:</b> <code class=\"a\">MIT</code></p>\n\n  \n\n&#34;Licensor&#34; &lt;a@b.c&gt; &amp;lt;\n";
        assert_eq!(plain(page), "License: MIT\n\n\"Licensor\" <a@b.c> &lt;");
    }

    #[test]
    fn the_toolchain_tells_its_version() {
        let found = library().unwrap();
        assert!(found.version.starts_with("1."), "{}", found.version);
    }
}
