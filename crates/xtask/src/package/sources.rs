//! The licence texts in a library's own sources: at its root, and beside what it brings along of others.
//!
//! Not here: what is made of them (`notices`). Grows when texts lie under names that are not known here.

use std::fs;
use std::path::{Path, PathBuf};

use super::notices::Text;

/// How the names of such files begin, in small letters.
const NAMES: [&str; 6] = [
    "license",
    "licence",
    "copying",
    "copyright",
    "notice",
    "unlicense",
];

/// What is no text, whatever it is called: sources, pictures, settings.
const OTHERS: [&str; 24] = [
    "c", "cc", "cjs", "cpp", "css", "d", "go", "h", "hpp", "html", "java", "js", "json", "map",
    "mjs", "png", "py", "rs", "sh", "svelte", "svg", "toml", "ts", "yml",
];

/// Folders of which nothing ends up in a program.
const APART: [&str; 6] = [
    "benches",
    "examples",
    "fuzz",
    "node_modules",
    "test",
    "tests",
];

/// Reads the texts below a folder, in the order of their names, without what lies in one of the folders left out.
pub fn texts(folder: &Path, left_out: &[PathBuf]) -> Result<Vec<Text>, String> {
    let mut files = Vec::new();
    collect(folder, left_out, &mut files)
        .map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut texts = Vec::new();
    for file in files {
        let bytes = fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        let below = file.strip_prefix(folder).unwrap_or(&file);
        texts.push(Text {
            file: below.to_string_lossy().replace('\\', "/"),
            words: String::from_utf8_lossy(&bytes).into_owned(),
        });
    }
    texts.sort_by(|a, b| a.file.cmp(&b.file));
    Ok(texts)
}

fn collect(folder: &Path, left_out: &[PathBuf], files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().to_lowercase();
        let path = entry.path();
        let kind = entry.file_type()?;
        if kind.is_file() && is_text(&name) {
            files.push(path);
        } else if kind.is_dir()
            && !name.starts_with('.')
            && !APART.contains(&name.as_str())
            && !left_out.contains(&path)
        {
            collect(&path, left_out, files)?;
        }
    }
    Ok(())
}

/// Tells whether a file, by its name in small letters, is a licence or a notice.
fn is_text(name: &str) -> bool {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    NAMES.iter().any(|begins| name.starts_with(begins)) && !OTHERS.contains(&ending)
}

#[cfg(test)]
mod tests {
    use super::{is_text, texts};
    use std::fs;

    #[test]
    fn texts_are_told_by_their_names() {
        for name in [
            "license",
            "license-mit",
            "licence.txt",
            "license.bsd-3-clause",
            "license_apache-2.0",
            "copying",
            "notice",
            "unlicense",
            "copyright",
        ] {
            assert!(is_text(name), "{name}");
        }
        for name in [
            "licenses.rs",
            "copyright.svelte",
            "notice.d.ts",
            "readme.md",
            "mit",
            "license.html",
        ] {
            assert!(!is_text(name), "{name}");
        }
    }

    #[test]
    fn texts_of_what_is_brought_along_are_found_and_those_of_tests_are_not() {
        let folder = std::env::temp_dir().join(format!("longshore-texts-{}", std::process::id()));
        for (file, words) in [
            ("LICENSE", "own"),
            ("inner/third_party/fiat/LICENSE", "brought along"),
            ("vendor/other/COPYING", "not linked"),
            ("tests/data/LICENSE", "of a test"),
            (".git/LICENSE", "of git"),
            ("src/lib.rs", "code"),
        ] {
            let place = folder.join(file);
            fs::create_dir_all(place.parent().unwrap()).unwrap();
            fs::write(place, words).unwrap();
        }
        let found = texts(&folder, &[folder.join("vendor")]);
        fs::remove_dir_all(&folder).unwrap();
        let found: Vec<String> = found.unwrap().into_iter().map(|text| text.file).collect();
        assert_eq!(found, ["LICENSE", "inner/third_party/fiat/LICENSE"]);
    }
}
