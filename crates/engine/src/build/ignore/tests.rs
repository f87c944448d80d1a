//! The cases of moby/patternmatcher, and what follows from them for folders.

use super::*;

/// Asks for a path as a walk does: its folders first.
fn left_out(rules: &str, path: &str) -> bool {
    let ignore = Ignore::parse(rules, ".dockerignore").unwrap();
    let mut known = Fitted::default();
    let mut out = false;
    let ends = path.match_indices('/').map(|(at, _)| at);
    for end in ends.chain([path.len()]) {
        (out, known) = ignore.leaves_out(&path[..end], &known);
    }
    out
}

/// Behaviour (files): `.dockerignore` is read as Docker reads it: `**`, `?`, classes, escapes; names with signs of other languages of patterns stand for themselves.
/// Source: moby/patternmatcher v0.6.1 `TestMatches`.
#[test]
fn patterns_fit_as_docker_fits_them() {
    for (rules, path, out) in [
        ("**", "file", true),
        ("**/", "file", true),
        ("**", "dir/file", true),
        ("**/**", "dir/file", true),
        ("dir/**", "dir/file", true),
        ("dir/**", "dir/dir2/file", true),
        ("**/dir", "dir", true),
        ("**/dir", "dir/file", true),
        ("**/dir2/*", "dir/dir2/file", true),
        ("**/dir2/**", "dir/dir2/dir3/file", true),
        ("**file", "file", true),
        ("**file", "dir/file", true),
        ("**file", "dir/myfile", true),
        ("**file*", "dir/myfile", false),
        ("**/file", "dir/dir/file", true),
        ("**/file*", "dir/dir/file.txt", true),
        ("**/file*txt", "dir/dir/file.txt", true),
        ("**/file*.txt*", "dir/dir/file.txt", true),
        ("**/**/*.txt", "dir/dir/file.txt", true),
        ("**/**/*.txt2", "dir/dir/file.txt", false),
        ("**/*.txt", "file.txt", true),
        ("a**/*.txt", "a/file.txt", true),
        ("a**/*.txt", "a/dir/dir/file.txt", true),
        ("a/*.txt", "a/dir/file.txt", false),
        ("a/*.txt", "a/file.txt", true),
        ("a/*.txt**", "a/file.txt", true),
        ("a[b-d]e", "ae", false),
        ("a[b-d]e", "ace", true),
        ("a[b-d]e", "aae", false),
        ("a[^b-d]e", "aze", true),
        (".*", ".foo", true),
        (".*", "foo", false),
        ("abc.def", "abcZdef", false),
        ("abc?def", "abcZdef", true),
        ("abc?def", "abcdef", false),
        ("**/foo/bar", "dir/dir2/foo/bar", true),
        ("abc/**", "abc", false),
        ("abc/**", "abc/def/ghi", true),
        ("**/.foo", ".foo", true),
        ("**/.foo", "bar.foo", false),
        ("a(b)c/def", "a(b)c/def", true),
        ("a.|)$(}+{bc", "a.|)$(}+{bc", true),
        ("a*b?c*x", "abxbbxdbxebxczzx", true),
        ("a*b?c*x", "abxbbxdbxebxczzy", false),
        ("a?b", "a☺b", true),
        ("a[^a]b", "a☺b", true),
        ("a???b", "a☺b", false),
        ("[a-ζ]*", "α", true),
        ("*[a-ζ]", "A", false),
        ("*x", "xxx", true),
        ("a*", "ab/c", true),
        ("a*/b", "a/c/b", false),
    ] {
        assert_eq!(left_out(rules, path), out, "{rules:?} {path:?}");
    }
    #[cfg(unix)]
    for (rules, path, out) in [
        ("a\\*b", "a*b", true),
        ("a\\*b", "ab", false),
        ("a\\\\", "a\\", true),
        ("[\\]a]", "]", true),
        ("[x\\-]", "-", true),
        ("[\\-x]", "a", false),
    ] {
        assert_eq!(left_out(rules, path), out, "{rules:?} {path:?}");
    }
}

#[test]
fn the_last_rule_that_fits_counts() {
    for (rules, path, out) in [
        ("!fileutils.go\n*.go", "fileutils.go", true),
        ("*.go\n!fileutils.go", "fileutils.go", false),
        ("docs\n!docs/README.md", "docs/README.md", false),
        ("docs/\n!docs/README.md", "docs/README.md", false),
        ("docs/*\n!docs/README.md", "docs/other.md", true),
        ("**\n!util/docker/web", "util/docker/web/foo", false),
        (
            "**\n!util/docker/web\nutil/docker/web/foo",
            "util/docker/web/foo",
            true,
        ),
        ("**\n!dist/*.whl", "dist/a-2.4+g0-py3.whl", false),
        ("*\n!src\nsrc/*.o", "src/a.o", true),
        ("*\n!src\nsrc/*.o", "src/a.c", false),
        ("", "any/path", false),
    ] {
        assert_eq!(left_out(rules, path), out, "{rules:?} {path:?}");
    }
}

/// Behaviour (files): comments, spaces, a byte order mark, a leading `/`, `./` and `..` in `.dockerignore` mean what they mean to Docker; a line that it refuses is refused.
/// Source: moby/patternmatcher v0.6.1 `ignorefile.ReadAll`, `TestMatch`.
#[test]
fn lines_are_read_as_docker_reads_them() {
    let rules = "\u{feff}/a\n# a comment\n  ./b/../c  \r\n\n! /d\n #e";
    for (path, out) in [("a", true), ("b", false), ("c", true), ("#e", true)] {
        assert_eq!(left_out(rules, path), out, "{path}");
    }
    assert!(!left_out("*\n! /d", "d"));
    assert!(!left_out("/", "a"));
    for bad in [
        "!", "! ", "[", "[^", "[^bc", "a[", "[]a]", "[-]", "[x-]", "[-x]", "[a-b-c]",
    ] {
        assert!(
            matches!(Ignore::parse(bad, ".dockerignore"), Err(Error::Context(text)) if text.contains(bad.trim())),
            "{bad}"
        );
    }
    #[cfg(unix)]
    assert!(Ignore::parse("\\", ".dockerignore").is_err());
}

#[test]
fn a_folder_is_left_whole_only_where_no_exception_may_mean_what_is_in_it() {
    let keeps = |rules: &str, folder: &str| {
        Ignore::parse(rules, ".dockerignore")
            .unwrap()
            .may_keep_below(folder)
    };
    assert!(keeps("*\n!docs/README.md", "docs"));
    assert!(!keeps("*\n!docs/README.md", "doc"));
    assert!(!keeps("*\n!docs/README.md", "docs/more"));
    assert!(keeps("*\n!**/*.go", "any/folder"));
    assert!(keeps("*\n!a*/b", "abc"));
    assert!(!keeps("*\n!a*/b", "b"));
    assert!(!keeps("node_modules", "node_modules"));
    assert!(!keeps("*\n!*.go", "sub"));
}

#[test]
fn no_pattern_makes_a_path_slow() {
    let rules = "*a".repeat(200);
    let path = "a".repeat(199) + &"b".repeat(4000);
    let ignore = Ignore::parse(&rules, ".dockerignore").unwrap();
    assert!(!ignore.leaves_out(&path, &Fitted::default()).0);
}
