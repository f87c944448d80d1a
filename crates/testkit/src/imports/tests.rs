//! Small crates, written to a folder and read.

use super::*;

/// Writes these files and reads them as a crate.
fn graph(files: &[(&str, &str)]) -> Graph {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    read(folder.path()).unwrap()
}

/// The files that this one names.
fn named(graph: &Graph, file: &str) -> Vec<String> {
    graph[Path::new(file)]
        .iter()
        .map(|path| path.display().to_string())
        .collect()
}

const LEAF: (&str, &str) = ("leaf.rs", "pub struct Leaf;");

#[test]
fn a_declaration_is_no_import_and_a_re_export_is_one() {
    let declared = graph(&[("lib.rs", "mod leaf;"), LEAF]);
    assert_eq!(named(&declared, "lib.rs"), [""; 0]);
    let exported = graph(&[("lib.rs", "mod leaf;\npub use leaf::Leaf;"), LEAF]);
    assert_eq!(named(&exported, "lib.rs"), ["leaf.rs"]);
    let by_self = graph(&[("lib.rs", "mod leaf;\npub use self::leaf::Leaf;"), LEAF]);
    assert_eq!(named(&by_self, "lib.rs"), ["leaf.rs"]);
}

#[test]
fn a_path_leads_to_the_file_that_defines_the_module() {
    let graph = graph(&[
        ("lib.rs", "mod a; mod b; mod leaf; pub const TOP: u8 = 1;"),
        (
            "a/mod.rs",
            "mod deep;\nfn f() -> crate::leaf::Leaf { deep::go() }",
        ),
        (
            "a/deep.rs",
            "use super::super::b::inner::{self, Thing as Other};\npub fn go() {}",
        ),
        ("b.rs", "pub mod inner;\nfn f() { let x = 1 + crate::TOP; }"),
        ("b/inner.rs", "use super::f as _;\npub struct Thing;"),
        LEAF,
    ]);
    assert_eq!(named(&graph, "a/mod.rs"), ["a/deep.rs", "leaf.rs"]);
    assert_eq!(named(&graph, "a/deep.rs"), ["b/inner.rs"]);
    assert_eq!(named(&graph, "b.rs"), ["lib.rs"]);
    assert_eq!(named(&graph, "b/inner.rs"), ["b.rs"]);
    assert_eq!(find_circle(&graph), None);
}

#[test]
fn trees_over_several_lines_are_read_whole() {
    let graph = graph(&[
        ("lib.rs", "mod a; mod b; mod c; mod d; mod leaf;"),
        (
            "a.rs",
            "use std::{\n    fmt,\n    io::{self, Read},\n};\nuse crate::{\n    // a remark, with } in it\n    b::{\n        One,\n        Two as Three,\n    },\n    c, d::*,\n};\n",
        ),
        ("b.rs", "pub struct One; pub struct Two;"),
        ("c.rs", ""),
        (
            "d.rs",
            "fn f() { let leaf = 1; leaf.max(2); self::g() } fn g() {}",
        ),
        LEAF,
    ]);
    assert_eq!(named(&graph, "a.rs"), ["b.rs", "c.rs", "d.rs"]);
    assert_eq!(named(&graph, "d.rs"), [""; 0]);
}

#[test]
fn tests_comments_strings_and_visibility_name_nothing() {
    let graph = graph(&[
        ("lib.rs", "mod a; mod leaf; mod other;"),
        (
            "a.rs",
            r##"
                // use crate::leaf::Leaf;
                /* crate::leaf::Leaf /* nested */ crate::leaf::Leaf */
                pub(in crate::leaf) struct A<'a> { pub(crate) text: &'a str }
                const S: &str = "crate::leaf::Leaf \" crate::leaf::Leaf";
                const R: &str = r#"crate::leaf::Leaf "crate::leaf"#;
                const C: [char; 3] = ['"', '\'', '{'];
                #[cfg(test)]
                use crate::leaf::{Leaf};
                #[cfg(all(test, unix))]
                #[allow(dead_code)]
                pub fn only<T, U>() -> crate::leaf::Leaf { crate::leaf::Leaf }
                #[cfg(test)]
                mod tests { use crate::leaf::Leaf; mod deeper { use crate::leaf::Leaf; } }
                #[cfg(test)]
                mod none;
                #[cfg(not(test))]
                use crate::other::Thing;
            "##,
        ),
        ("other.rs", "pub struct Thing;"),
        LEAF,
    ]);
    assert_eq!(named(&graph, "a.rs"), ["other.rs"]);
}

#[test]
fn an_inline_module_belongs_to_its_file() {
    let graph = graph(&[
        ("main.rs", "mod a;\nmod leaf;\nfn main() {}"),
        (
            "a.rs",
            "mod inner { mod file; use super::super::leaf::Leaf; fn f() { super::g() } } fn g() {}\nfn h() { crate::main() }",
        ),
        ("a/inner/file.rs", "use super::super::g;"),
        LEAF,
    ]);
    assert_eq!(named(&graph, "a.rs"), ["leaf.rs", "main.rs"]);
    assert_eq!(named(&graph, "a/inner/file.rs"), ["a.rs"]);
}

#[test]
fn the_shortest_circle_is_found() {
    let circle = |files: &[(&str, &str)]| {
        find_circle(&graph(files)).map(|files| {
            let names = files.iter().map(|file| file.display().to_string());
            names.collect::<Vec<_>>().join(" ")
        })
    };
    assert_eq!(
        circle(&[
            ("lib.rs", "mod a; mod b;"),
            ("a.rs", "use crate::b::B;"),
            ("b.rs", "")
        ]),
        None
    );
    assert_eq!(
        circle(&[
            ("lib.rs", "mod a; mod b; mod c; mod d;"),
            ("a.rs", "use crate::b::B;"),
            ("b.rs", "use crate::c::C;"),
            ("c.rs", "use crate::{a::A, d::D};"),
            ("d.rs", "fn f() { crate::c::g() }"),
        ]),
        Some("c.rs d.rs".to_owned())
    );
    assert_eq!(
        circle(&[
            (
                "lib.rs",
                "mod leaf; pub use leaf::Leaf; pub const N: u8 = 1;"
            ),
            ("leaf.rs", "pub struct Leaf([u8; super::N as usize]);"),
        ]),
        Some("leaf.rs lib.rs".to_owned())
    );
}

#[test]
fn a_file_that_is_missing_is_said() {
    let folder = tempfile::tempdir().unwrap();
    assert!(read(folder.path()).is_err());
    fs::write(folder.path().join("lib.rs"), "mod gone;").unwrap();
    let told = read(folder.path()).unwrap_err().to_string();
    assert!(told.contains("lib.rs") && told.contains("gone"), "{told}");
}
