//! What real engines said, read back: whole, in chunks of any size, cut off anywhere, and with fields that nobody knows.
//!
//! The streams lie in `streams`, an engine a folder; `cargo xtask record` records them anew. Not here: lines that no engine was
//! heard to say (the tests of each reader).

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::{Lines, ReadLines};
use crate::archive::loaded;
use crate::build::buildx::reader::Reader as BuildKit;
use crate::build::{StepEnd, classic};
use crate::events::EventReader;
use crate::{Error, event};

const ENGINES: [&str; 3] = ["docker-20.10", "moby-2", "podman-4.3"];
const KINDS: [&str; 7] = [
    "push",
    "push-refused",
    "pull",
    "build",
    "build-failed",
    "load",
    "events",
];

/// What BuildKit says through `docker buildx`, which builds in these engines alone.
const BUILDKIT: [(&str, &str); 4] = [
    ("docker-20.10", "buildx"),
    ("docker-20.10", "buildx-failed"),
    ("moby-2", "buildx"),
    ("moby-2", "buildx-failed"),
];

/// What was understood of a stream: each event as a text, and the error it ended with.
type Told = (Vec<String>, Option<Error>);
/// Reads a line, or the end; adds what it means.
type Read = Box<dyn FnMut(Option<&[u8]>, &mut Vec<String>) -> Result<(), Error>>;

fn stream(engine: &str, kind: &str) -> Vec<u8> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("streams/{engine}/{kind}.jsonl"));
    fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    let of = |engine| KINDS.into_iter().map(move |kind| (engine, kind));
    ENGINES.into_iter().flat_map(of).chain(BUILDKIT)
}

fn by_lines<R: ReadLines>(mut reader: R) -> Read
where
    R::Event: std::fmt::Debug,
{
    Box::new(move |line, told| {
        if let Some(line) = line {
            let event = reader.read(line)?;
            told.extend(event.map(|event| format!("{event:?}")));
        }
        Ok(())
    })
}

fn reader(kind: &str) -> Read {
    match kind {
        "push" | "push-refused" | "pull" => by_lines(event::Reader::default()),
        "events" => by_lines(EventReader),
        "buildx" | "buildx-failed" => {
            let mut reader = BuildKit::default();
            Box::new(move |line, told| {
                match line {
                    // What is no progress is the program's own, and told otherwise.
                    Some(line) => drop(reader.read(line)),
                    None => reader.end(StepEnd::Stopped),
                }
                while let Some(event) = reader.next_event() {
                    told.push(format!("{event:?}"));
                }
                Ok(())
            })
        }
        "load" => Box::new(|line, told| line.map_or(Ok(()), |line| loaded(line, told))),
        _ => {
            let mut reader = classic::Reader::default();
            Box::new(move |line, told| {
                let read = if let Some(line) = line {
                    reader.read(line)
                } else {
                    reader.end_well();
                    Ok(())
                };
                while let Some(event) = reader.next_event() {
                    told.push(format!("{event:?}"));
                }
                read
            })
        }
    }
}

fn read<'a>(kind: &str, chunks: impl IntoIterator<Item = &'a [u8]>) -> Told {
    let (mut read, mut lines, mut told) = (reader(kind), Lines::default(), Vec::new());
    let all = || -> Result<(), Error> {
        for chunk in chunks {
            lines.push(chunk);
            while let Some(line) = lines.next_line()? {
                read(Some(&line), &mut told)?;
            }
        }
        if let Some(line) = lines.rest() {
            read(Some(&line), &mut told)?;
        }
        read(None, &mut told)
    };
    let ended = all();
    (told, ended.err())
}

fn whole(engine: &str, kind: &str) -> Told {
    read(kind, [stream(engine, kind).as_slice()])
}

#[test]
fn a_stream_says_the_same_however_it_is_cut_into_chunks() {
    for (engine, kind) in all() {
        let bytes = stream(engine, kind);
        let once = read(kind, [bytes.as_slice()]);
        assert!(!once.0.is_empty(), "{engine} {kind} says nothing");
        for size in [1, 7, 4096] {
            assert_eq!(
                read(kind, bytes.chunks(size)),
                once,
                "{engine} {kind} by {size}"
            );
        }
    }
}

/// Counts what a stream that breaks off may have told that the whole one doesn't: the last line of a step may be cut, and
/// then its end is told; by BuildKit that of as many steps as run, which are all stopped.
fn added(kind: &str, told: &[String]) -> usize {
    if !kind.starts_with("buildx") {
        return told.len().min(2);
    }
    let mut is_cut = false;
    let is_added = |event: &&String| {
        let is_line = event.starts_with("Line ");
        let is_first = is_line && !std::mem::replace(&mut is_cut, true);
        is_first || event.starts_with("Ended ") && event.contains("how: Stopped")
    };
    told.iter().rev().take_while(is_added).count()
}

/// A connection may break anywhere: what was said until then counts, and nothing is made up.
#[test]
fn a_stream_that_breaks_off_anywhere_says_less_or_fails() {
    for (engine, kind) in all() {
        let bytes = stream(engine, kind);
        let (once, _) = read(kind, [bytes.as_slice()]);
        for end in 0..bytes.len() {
            let (told, error) = read(kind, [&bytes[..end]]);
            assert!(
                error.is_some() || told.len() <= once.len(),
                "{engine} {kind} until {end}: {told:#?}"
            );
            let sure = told.len() - added(kind, &told);
            assert_eq!(told[..sure], once[..sure], "{engine} {kind} until {end}");
        }
    }
}

#[test]
fn fields_that_nobody_knows_change_nothing() {
    for (engine, kind) in all() {
        let bytes = stream(engine, kind);
        let mut other = Vec::new();
        for line in bytes.split(|byte| *byte == b'\n') {
            if let Ok(Value::Object(mut fields)) = serde_json::from_slice(line.trim_ascii()) {
                fields.insert("aaa".to_owned(), json!({"x": [1, null], "stream": "y"}));
                fields.insert("Later".to_owned(), Value::Null);
                fields.insert("zzz".to_owned(), json!("status"));
                other.extend(serde_json::to_vec(&fields).unwrap());
                other.push(b'\n');
            }
        }
        assert!(other.len() > bytes.len());
        let read = read(kind, [other.as_slice()]);
        assert_eq!(read, whole(engine, kind), "{engine} {kind}");
    }
}

#[test]
fn a_push_tells_its_digest_with_and_without_aux_and_size() {
    for engine in ENGINES {
        let (told, error) = whole(engine, "push");
        assert_eq!(error, None);
        let digests = told.iter().filter(|event| event.starts_with("Digest("));
        assert_eq!(digests.count(), 1, "{engine}: {told:#?}");
        let text = String::from_utf8(stream(engine, "push")).unwrap();
        let sizeless: String = text
            .lines()
            .map(|line| match line.split_once(" size: ") {
                Some((before, _)) => format!("{before}\"}}\n"),
                None => format!("{line}\n"),
            })
            .collect();
        assert!(sizeless.len() < text.len(), "{engine}");
        assert_eq!(
            read("push", [sizeless.as_bytes()]),
            (told, None),
            "{engine}"
        );
    }
    // The containerd store tells it in words alone; the other in both.
    let aux = |engine| {
        String::from_utf8(stream(engine, "push"))
            .unwrap()
            .contains("\"aux\"")
    };
    assert_eq!(ENGINES.map(aux), [true, false, false]);
}

#[test]
fn a_refused_push_fails_although_its_answer_began_well() {
    for engine in ENGINES {
        let (told, error) = whole(engine, "push-refused");
        assert!(
            matches!(&error, Some(Error::InStream(why)) if why.to_lowercase().contains("unauthorized")),
            "{engine}: {error:?}"
        );
        assert!(
            told[0].contains("The push refers to repository"),
            "{told:#?}"
        );
    }
}

#[test]
fn a_pull_counts_bytes_and_where_seconds_are_told_it_counts_nothing() {
    for engine in ENGINES {
        let (told, error) = whole(engine, "pull");
        assert_eq!(error, None);
        let digest = told.iter().any(|event| event.starts_with("Digest("));
        assert_eq!(digest, engine != "podman-4.3", "{told:#?}");
    }
    let has = |engine: &str, part: &str| {
        whole(engine, "pull")
            .0
            .iter()
            .any(|event| event.contains(part))
    };
    let seconds = String::from_utf8(stream("moby-2", "pull")).unwrap();
    assert!(seconds.contains("\"units\":\"s\""));
    assert!(has("moby-2", "Unpacking { done: 0, total: 0 }"));
    assert!(has("docker-20.10", "Moving { done: "));
    assert!(!has("docker-20.10", "Unpacking { done: 0, total: 0 }"));
}

#[test]
fn a_build_tells_its_steps_what_they_print_and_its_image() {
    for engine in ENGINES {
        let (told, error) = whole(engine, "build");
        assert_eq!(error, None, "{engine}");
        let count = |part: &str| told.iter().filter(|event| event.contains(part)).count();
        assert_eq!(
            (count("Step {"), count("how: Done")),
            (5, 5),
            "{engine}: {told:#?}"
        );
        assert!(count("Image(\"sha256:") >= 1, "{engine}: {told:#?}");
        if engine != "moby-2" {
            assert_eq!(count("text: \"tini version "), 1, "{engine}: {told:#?}");
        }
    }
}

#[test]
fn a_build_that_fails_tells_what_its_step_printed() {
    for engine in ENGINES {
        let (told, error) = whole(engine, "build-failed");
        assert!(
            matches!(error, Some(Error::InStream(_))),
            "{engine}: {error:?}"
        );
        assert!(
            told.last().unwrap().contains("how: Failed"),
            "{engine}: {told:#?}"
        );
        let cached = told.iter().filter(|event| event.contains("how: Cached"));
        assert_eq!(cached.count(), 2, "{engine}: {told:#?}");
        if engine != "moby-2" {
            let line = &told[told.len() - 2];
            assert!(
                line.contains("exec /missing failed: No such file"),
                "{engine}: {line}"
            );
        }
    }
}

/// Which steps were told of a build by BuildKit, and how each ended.
fn steps(told: &[String]) -> (Vec<&String>, Vec<&String>) {
    let begin = |begin: &'static str| told.iter().filter(move |event| event.starts_with(begin));
    (begin("Step {").collect(), begin("Ended {").collect())
}

#[test]
fn buildkit_tells_its_steps_and_what_they_print() {
    for engine in ["docker-20.10", "moby-2"] {
        let (told, error) = whole(engine, "buildx");
        assert_eq!(error, None);
        let (begun, ended) = steps(&told);
        assert_eq!(begun.len(), ended.len(), "{engine}: {told:#?}");
        let is = |at: usize, stage: &str, text: &str| {
            begun[at].contains(&format!("of: Some(1), stage: Some(\"{stage}\")"))
                && begun[at].contains(&format!("text: \"{text} "))
        };
        assert!(
            is(0, "first", "COPY") && is(1, "stage-1", "RUN"),
            "{engine}: {told:#?}"
        );
        assert!(
            begun[2].contains("exporting to image"),
            "{engine}: {told:#?}"
        );
        let how = |how: &str| ended.iter().filter(|end| end.contains(how)).count();
        assert_eq!((how("Failed"), how("Stopped")), (0, 0), "{told:#?}");
        let said = told
            .iter()
            .filter(|event| event.contains("text: \"tini version "));
        assert_eq!(said.count(), 1, "{engine}: {told:#?}");
    }
}

#[test]
fn a_build_by_buildkit_that_fails_tells_which_step_did() {
    for engine in ["docker-20.10", "moby-2"] {
        let (told, _) = whole(engine, "buildx-failed");
        let (begun, ended) = steps(&told);
        let failed: Vec<_> = ended
            .iter()
            .filter(|end| end.contains("how: Failed"))
            .collect();
        assert_eq!(failed.len(), 1, "{engine}: {told:#?}");
        assert!(
            begun.last().unwrap().contains("/missing"),
            "{engine}: {told:#?}"
        );
        // What the program says at the end is none of BuildKit's, and why it failed.
        let text = String::from_utf8(stream(engine, "buildx-failed")).unwrap();
        assert!(
            text.lines().any(|line| line.starts_with("ERROR: ")),
            "{text}"
        );
    }
}

#[test]
fn what_was_loaded_and_what_happened_is_told() {
    for engine in ENGINES {
        let (names, error) = whole(engine, "load");
        assert_eq!(error, None);
        assert!(names[0].ends_with("local/tool:v1"), "{names:?}");
        let (told, error) = whole(engine, "events");
        assert_eq!(error, None);
        assert!(
            told.iter().any(|change| change == "Images"),
            "{engine}: {told:#?}"
        );
        let container =
            |change: &&String| change.contains("uses: true") && !change.contains("id: \"\"");
        assert!(
            told.iter().filter(container).count() >= 2,
            "{engine}: {told:#?}"
        );
    }
}
