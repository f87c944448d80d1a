//! From the text of a file to its tests and what they say of themselves.
//!
//! It reads lines as `cargo fmt` leaves them. Not here: which kinds there are.

/// A test that is run.
#[derive(Debug, PartialEq, Eq)]
pub struct Test {
    pub name: String,
    pub behaviours: Vec<Behaviour>,
}

/// Something that a registry, or a file of another program, does and Longshore takes.
#[derive(Debug, PartialEq, Eq)]
pub struct Behaviour {
    pub kind: String,
    pub what: String,
    pub source: String,
}

/// Reads the tests of a file. A behaviour that belongs to no test, or has another form, is an error.
pub fn tests_in(text: &str) -> Result<Vec<Test>, String> {
    let mut tests = Vec::new();
    let mut above: Vec<&str> = Vec::new();
    let mut attributes: Vec<&str> = Vec::new();
    // An attribute may go over several lines.
    let mut inside = false;
    for line in text.lines().map(str::trim) {
        if inside {
            inside = !line.ends_with(']');
        } else if let Some(doc) = line.strip_prefix("///") {
            above.push(doc.trim());
        } else if line.starts_with("#[") {
            attributes.push(line);
            inside = !line.ends_with(']');
        } else {
            let behaviours = behaviours_of(&above)?;
            let is_test = attributes.iter().any(|each| is_test(each));
            let is_left_out = attributes
                .iter()
                .any(|each| each.starts_with("#[ignore") || each.starts_with("#[cfg(any()"));
            match name_of_function(line) {
                Some(name) if is_test && !is_left_out => tests.push(Test {
                    name: name.to_owned(),
                    behaviours,
                }),
                _ if behaviours.is_empty() => {}
                _ => {
                    return Err(format!(
                        "no test that is run shows {:?}",
                        behaviours[0].what
                    ));
                }
            }
            above.clear();
            attributes.clear();
        }
    }
    Ok(tests)
}

fn is_test(attribute: &str) -> bool {
    let inner = attribute.trim_start_matches("#[");
    let name = inner.trim_start_matches("tokio::");
    name.starts_with("test]") || (name.starts_with("test(") && inner != name)
}

fn name_of_function(line: &str) -> Option<&str> {
    let line = line.strip_prefix("async ").unwrap_or(line);
    let name = line.strip_prefix("fn ")?;
    let end = name.find(|c: char| !c.is_alphanumeric() && c != '_')?;
    Some(&name[..end])
}

/// Reads what the doc lines above an item say of behaviours: each begins with `Behaviour (` and goes on to its `Source: `,
/// which goes on to the end or to the next one.
fn behaviours_of(doc: &[&str]) -> Result<Vec<Behaviour>, String> {
    let mut found: Vec<Behaviour> = Vec::new();
    let mut lines = doc.iter().peekable();
    while let Some(line) = lines.next() {
        let Some(rest) = line.strip_prefix("Behaviour") else {
            if line.starts_with("Source:") {
                return Err(format!("a source of nothing: {line:?}"));
            }
            continue;
        };
        let (kind, what) = rest
            .strip_prefix(" (")
            .and_then(|rest| rest.split_once("): "))
            .ok_or_else(|| format!("write `Behaviour (<kind>): <sentence>`, not {line:?}"))?;
        let mut what = what.to_owned();
        while let Some(more) = lines.next_if(|next| !is_begin(next)) {
            what = format!("{what} {more}");
        }
        let source = lines
            .next_if(|next| next.starts_with("Source: "))
            .and_then(|next| next.strip_prefix("Source: "));
        let mut source = source
            .ok_or_else(|| format!("the source is missing: {what:?}"))?
            .to_owned();
        while let Some(more) = lines.next_if(|next| !is_begin(next)) {
            source = format!("{source} {more}");
        }
        let sentence = |text: &str| text.len() > 5 && text.ends_with('.');
        if !sentence(&what) || !sentence(&source) {
            return Err(format!("no whole sentences: {what:?}, {source:?}"));
        }
        found.push(Behaviour {
            kind: kind.to_owned(),
            what,
            source,
        });
    }
    Ok(found)
}

fn is_begin(line: &str) -> bool {
    line.starts_with("Behaviour") || line.starts_with("Source:")
}

#[test]
fn tests_are_read_with_what_they_show() {
    let text = "/// Says more.\n/// Behaviour (lists): A list of null\n/// is an empty one.\n/// Source: Seen at GitLab's.\n\
        #[tokio::test(flavor = \"multi_thread\")]\n#[cfg(unix)]\nasync fn one() {}\n\n#[test]\nfn two() {}\nfn none() {}\n\
        proptest! {\n    #[test]\n    fn three(x in 0..1) {}\n}\n#[test]\n#[ignore]\nfn four() {}\n";
    let tests = tests_in(text).unwrap();
    let names: Vec<&str> = tests.iter().map(|test| test.name.as_str()).collect();
    assert_eq!(names, ["one", "two", "three"]);
    assert_eq!(
        tests[0].behaviours,
        [Behaviour {
            kind: "lists".to_owned(),
            what: "A list of null is an empty one.".to_owned(),
            source: "Seen at GitLab's.".to_owned(),
        }]
    );
    assert!(tests[1].behaviours.is_empty());
}

#[test]
fn a_behaviour_without_a_test_a_source_or_a_form_is_an_error() {
    let said = "/// Behaviour (lists): It is taken so.\n/// Source: It was seen.\n";
    assert!(tests_in(&format!("{said}#[test]\nfn a() {{}}")).is_ok());
    for wrong in [
        format!("{said}fn a() {{}}"),
        format!("{said}\n#[test]\nfn a() {{}}"),
        format!("{said}#[test]\n#[ignore]\nfn a() {{}}"),
        "/// Behaviour (lists): It is taken so.\n#[test]\nfn a() {}".to_owned(),
        "/// Behaviour lists: It is taken so.\n/// Source: It was seen.\n#[test]\nfn a() {}"
            .to_owned(),
        "/// Behaviour (lists): It is taken so\n/// Source: It was seen.\n#[test]\nfn a() {}"
            .to_owned(),
        "/// Source: It was seen.\n#[test]\nfn a() {}".to_owned(),
    ] {
        assert!(tests_in(&wrong).is_err(), "{wrong}");
    }
}
