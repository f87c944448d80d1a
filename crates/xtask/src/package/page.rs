//! The packages of npm that are in the page: what its bundle renders code of (`ui/bundled.ts`).
//!
//! Not here: the crates (`crates`). Grows when the page is built in parts.

use std::fs;
use std::path::Path;

use super::notices::Library;
use super::sources;
use crate::shell;

/// Builds the page, has the list of its packages written to a file, and reads them.
pub fn libraries(list: &Path) -> Result<Vec<Library>, String> {
    let mut npm = shell::npm(&["run", "build"]);
    npm.env("LONGSHORE_BUNDLED", list);
    shell::succeed(npm)?;
    let lines = fs::read_to_string(list).map_err(|error| format!("{}: {error}", list.display()))?;
    lines.lines().map(library).collect()
}

/// Reads a line of the list, and the texts in the folder that it names.
fn library(line: &str) -> Result<Library, String> {
    let [name, version, licence, folder] = line.split('\t').collect::<Vec<_>>()[..] else {
        return Err(format!(
            "The list of the page's packages has the line: {line}"
        ));
    };
    Ok(Library {
        name: name.to_owned(),
        version: version.to_owned(),
        licence: licence.to_owned(),
        address: format!("https://www.npmjs.com/package/{name}/v/{version}"),
        texts: sources::texts(Path::new(folder), &[])?,
    })
}

#[cfg(test)]
mod tests {
    use super::library;

    #[test]
    fn a_line_tells_name_version_licence_and_folder() {
        let folder = crate::places::root();
        let found = library(&format!(
            "@a/b\t1.2.3\tISC\t{}",
            folder.join("icons").display()
        ))
        .unwrap();
        assert_eq!(
            (found.name.as_str(), found.version.as_str()),
            ("@a/b", "1.2.3")
        );
        assert_eq!(found.licence, "ISC");
        assert_eq!(found.address, "https://www.npmjs.com/package/@a/b/v/1.2.3");
        assert!(found.texts.is_empty());
        for wrong in ["", "a\t1\tMIT", "a\t1\tMIT\t/there\tmore"] {
            assert!(library(wrong).is_err(), "{wrong}");
        }
    }
}
