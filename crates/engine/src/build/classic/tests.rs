use super::*;

/// Reads a whole stream; each event as a short text.
fn told(lines: &[&str]) -> (Vec<String>, Option<Error>) {
    let mut reader = Reader::default();
    let mut failed = None;
    for line in lines {
        if let Err(error) = reader.read(line.as_bytes()) {
            failed = Some(error);
            break;
        }
    }
    if failed.is_none() {
        reader.end_well();
    }
    let mut out = Vec::new();
    while let Some(event) = reader.next_event() {
        out.push(match event {
            BuildEvent::Step {
                key,
                number,
                of,
                stage,
                text,
            } => {
                let stage = stage.unwrap_or_default();
                format!("{key} {stage} {}/{} {text}", number.unwrap(), of.unwrap())
            }
            BuildEvent::Line { step, text } => format!("{step}| {text}"),
            BuildEvent::Ended { step, how } => format!("{step} {how:?}"),
            BuildEvent::Image(id) => format!("= {id}"),
            BuildEvent::Again { step } => format!("{step} again"),
            BuildEvent::Warning(text) => format!("! {text}"),
        });
    }
    (out, failed)
}

/// Docker's own builder tells its steps in a stream of text, what they print in between, in colour where it went to standard error.
/// (Read in docker 20.10 `builder/dockerfile/builder.go`, `internals.go`; `pkg/streamformatter`.)
#[test]
fn docker_tells_steps() {
    let (events, failed) = told(&[
        r#"{"stream":"Step 1/3 : FROM busybox"}"#,
        r#"{"stream":"\n"}"#,
        r#"{"status":"Pulling from library/busybox","id":"latest"}"#,
        r#"{"status":"Downloading","progressDetail":{"current":1,"total":2},"progress":"[=>]","id":"abc"}"#,
        r#"{"stream":" ---> \n"}"#,
        r#"{"stream":" ---> 0123456789ab\n"}"#,
        r#"{"stream":"Step 2/3 : RUN make"}"#,
        r#"{"stream":"\n"}"#,
        r#"{"stream":" ---> Using cache\n"}"#,
        r#"{"stream":"COMMIT\n"}"#,
        r#"{"stream":" ---> 1123456789ab\n"}"#,
        r#"{"stream":"Step 3/3 : RUN echo"}"#,
        r#"{"stream":"\n"}"#,
        r#"{"stream":" ---> Running in 2123456789ab\n"}"#,
        r#"{"stream":"WARNING: Running pip as root\n"}"#,
        r#"{"stream":"\u001b[91mhalf a "}"#,
        r#"{"stream":"line\n\u001b[0m","unknown":{"x":1}}"#,
        r#"{"stream":"10%\r50%\r100%\nStep 1/3 : FROM a log\n"}"#,
        r#"{"stream":"Removing intermediate container 2123456789ab\n"}"#,
        r#"{"stream":" ---> 3123456789ab\n"}"#,
        r#"{"aux":{"ID":"sha256:aa"}}"#,
        r#"{"stream":" ---> [Warning] Empty continuation line\n"}"#,
        r#"{"stream":"[Warning] One or more build-args [X] were not consumed\n"}"#,
        r#"{"stream":"Successfully built 3123456789ab\n"}"#,
        r#"{"stream":"Successfully tagged a:b\n"}"#,
    ]);
    assert_eq!(
        events,
        [
            "0  1/3 FROM busybox",
            "0| latest: Pulling from library/busybox",
            "0 Done",
            "1  2/3 RUN make",
            "1| COMMIT",
            "1 Cached",
            "2  3/3 RUN echo",
            "2| WARNING: Running pip as root",
            "2| half a line",
            "2| 100%",
            "2| Step 1/3 : FROM a log",
            "= sha256:aa",
            "! Empty continuation line",
            "! One or more build-args [X] were not consumed",
            "2 Done",
        ]
    );
    assert_eq!(failed, None);
}

/// Podman counts the steps of each stage, leaves out stages that nothing needs, and ends its arrows otherwise.
/// (Read in podman 4.3.1 with buildah `imagebuildah/stage_executor.go`.)
#[test]
fn podman_tells_steps() {
    let (events, failed) = told(&[
        r#"{"stream":"[1/2] STEP 1/2: FROM scratch AS one\n"}"#,
        r#"{"stream":"[1/2] STEP 2/2: COPY a /a\n"}"#,
        r#"{"stream":"--\u003e 0123456789a\n"}"#,
        r#"{"stream":"[2/2] STEP 1/2: FROM scratch\n"}"#,
        r#"{"stream":"[2/2] STEP 2/2: COPY --from=one /a /b\n"}"#,
        r#"{"stream":"--\u003e Using cache 1123456789ab1123456789ab1123456789ab1123456789ab1123456789ab1123\n"}"#,
        r#"{"stream":"[2/2] COMMIT a:b\n"}"#,
        r#"{"stream":"--\u003e 2123456789a\n"}"#,
        r#"{"stream":"Successfully tagged localhost/a:b\n"}"#,
        r#"{"stream":"1123456789ab1123456789ab1123456789ab1123456789ab1123456789ab1123\n"}"#,
        r#"{"aux":{"ID":"sha256:bb"}}"#,
    ]);
    assert_eq!(
        events,
        [
            "0 1/2 1/2 FROM scratch AS one",
            "0 Done",
            "1 1/2 2/2 COPY a /a",
            "1 Done",
            "2 2/2 1/2 FROM scratch",
            "2 Done",
            "3 2/2 2/2 COPY --from=one /a /b",
            "= sha256:bb",
            "3 Cached",
        ]
    );
    assert_eq!(failed, None);
}

#[test]
fn a_step_that_fails_says_so() {
    let (events, failed) = told(&[
        r#"{"stream":"Step 1/1 : RUN false\n"}"#,
        r#"{"stream":"no end"}"#,
        r#"{"errorDetail":{"code":1,"message":"returned a non-zero code: 1\n"},"error":"x"}"#,
    ]);
    assert_eq!(events, ["0  1/1 RUN false", "0| no end", "0 Failed"]);
    assert_eq!(
        failed,
        Some(Error::InStream("returned a non-zero code: 1".into()))
    );
    assert!(matches!(told(&["not json"]).1, Some(Error::Broken(_))));
}

#[test]
fn a_line_without_end_is_cut() {
    let mut reader = Reader::default();
    reader.read(br#"{"stream":"Step 1/1 : RUN x\n"}"#).unwrap();
    let long = format!(r#"{{"stream":"{}"}}"#, "x".repeat(4096));
    for _ in 0..100 {
        reader.read(long.as_bytes()).unwrap();
        assert!(reader.text.len() <= LONGEST);
    }
}
