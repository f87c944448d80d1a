//! Sentences about images that are made here. Not here: an engine's errors (`engine`). Grows with `making`.

use super::table::sentences;
use crate::view::problem::{Code, Problem};
use crate::view::said::Said;

sentences! { "making":
    not_a_folder(typed) => "{typed} is no folder of this computer.";
    whole_path() => "Type its whole path, or one that begins with ~/.";
    no_file(folder) => "No Dockerfile in {folder}.";
    name_file() => "Choose the folder that has one, or name the file under Build options.";
    name_is_borne(name, image) => "{name} is image {image}, and no build or commit here gave it that name.";
    move_it() => "Let the name move to what is made; the other image stays, without it. Or type another name.";
    podman_builds() => "Podman builds by itself.";
    too_far() => "BuildKit is used on this computer alone.";
    no_buildx() => "docker buildx isn’t installed.";
    old_buildx() => "The docker buildx that is installed can’t be used: it doesn’t run, or is older than 0.13.";
    takes_no_secrets() => "The engine’s own builder takes no secrets.";
    install_buildx() => "Only BuildKit has secrets: build with docker buildx on this computer, or without them.";
    no_such_secret(file) => "{file} is no file of this computer.";
    secret_without_id(file) => "What steps ask for {file} by is missing.";
    type_id() => "Type the id that stands in the Dockerfile: --mount=type=secret,id=….";

    not_a_name(name) => "“{name}” can’t be the name of an image.";

    step_failed(step) => "{step} failed.";
    not_begun() => "The build did not begin.";
    look_at_lines() => "Look at what it printed, mend the Dockerfile or its files, and build again.";
    not_in_folder() => "What is copied must lie in the folder, and no line of .dockerignore may leave it out.";
    mend_file() => "Mend the Dockerfile: Details say what the engine doesn’t understand.";
    wants_buildkit() => "The engine’s own builder can’t do this: it wants BuildKit.";
    base_gone() => "A base image was not found.";
    check_base() => "Check its name in the FROM line, and that it isn’t private.";
    built_nothing() => "The engine ended without an image.";
    warned(text) => "The builder warns: {text}";

    container_gone() => "The engine no longer has this container.";
    refresh_containers() => "Refresh the containers and choose it again.";
    container_goes() => "This container is being removed, or could not be.";
    image_gone() => "The image that this container was made from is gone, so the engine can’t make another of it.";
    pull_image() => "Pull that image again, then commit.";
    line_refused() => "The engine doesn’t take one of the lines that change how the image is run.";
    mend_line() => "Mend it; Details say what the engine doesn’t understand.";
    unknown_line(word) => "“{word}” can’t be said of a container.";
    lines_there_are(all) => "Lines may begin with {all}.";
    half_a_line(line) => "“{line}” isn’t a whole line.";
    too_much(bytes) => "That is more than the engine takes; {bytes} bytes at most.";
    name_stayed(name) => "{name} has become another image’s name meanwhile, so this one has none.";
}

/// Says that what was typed is no folder.
pub(crate) fn no_folder(typed: &str) -> Problem {
    not_a_folder(typed).problem().hint(whole_path())
}

/// Says that a folder has no Dockerfile.
pub(crate) fn no_dockerfile(folder: &str) -> Problem {
    no_file(folder).problem().hint(name_file())
}

/// Says why a name can't be an image's.
pub(crate) fn bad_name(name: &str, error: &oci::ReferenceError) -> Problem {
    not_a_name(name)
        .problem()
        .hint(super::general::why_no_name(error))
}

/// Says that a builder has no secrets.
pub(crate) fn no_secrets() -> Problem {
    takes_no_secrets().problem().hint(install_buildx())
}

/// Says that a secret's file is none.
pub(crate) fn no_secret_file(file: &str) -> Problem {
    no_such_secret(file).problem().hint(whole_path())
}

/// Says that a secret has no id.
pub(crate) fn no_secret_id(file: &str) -> Problem {
    secret_without_id(file).problem().hint(type_id())
}

/// Asks before a name moves from an image to what is built.
pub(crate) fn name_borne(name: Option<&str>, image: &str) -> Problem {
    name_is_borne(name.unwrap_or_default(), oci::short_id(image))
        .coded(Code::NameTaken)
        .hint(move_it())
}

/// Says that a builder ended and no image is there.
pub(crate) fn no_image() -> Problem {
    built_nothing().problem().hint(super::general::try_again())
}

/// Says that a container is gone.
pub(crate) fn no_container() -> Problem {
    container_gone().problem().hint(refresh_containers())
}

/// Says that no line with this first word goes along with a commit.
pub(crate) fn no_such_line(word: &str, there_are: Said) -> Problem {
    unknown_line(word).problem().hint(there_are)
}

/// Says why no image was made of a container, where the engine's words tell.
pub(crate) fn of_commit(status: u16, why: &str, lines: bool) -> Option<Problem> {
    let small = why.to_ascii_lowercase();
    let told = match status {
        404 if small.contains("container") => no_container(),
        // The containerd store needs what the image said of itself.
        404 => image_gone().problem().hint(pull_image()),
        409 => container_goes().problem().hint(refresh_containers()),
        // Nothing else that is sent can be wrong; Podman has one number for all.
        400 if lines => line_refused().problem().hint(mend_line()),
        500 if lines
            && ["change", "invalid", "parse"]
                .iter()
                .any(|word| small.contains(word)) =>
        {
            line_refused().problem().hint(mend_line())
        }
        _ => return None,
    };
    Some(told.detail(Some(why.to_owned())))
}

/// Says why a build failed, in which step, and what that printed last.
pub(crate) fn of_build(why: &str, step: Option<(String, String)>) -> Problem {
    let small = why.to_ascii_lowercase();
    let has = |parts: &[&str]| parts.iter().any(|part| small.contains(part));
    let begun = step.is_some();
    let copies = step.as_ref().is_some_and(|(step, _)| {
        let verb = step.split_whitespace().next().unwrap_or_default();
        ["COPY", "ADD"]
            .iter()
            .any(|one| verb.eq_ignore_ascii_case(one))
    });
    let (said, printed) = match step {
        Some((step, printed)) => (step_failed(&step), printed),
        None => (not_begun(), String::new()),
    };
    // What a command of a step printed or is called says nothing of a base image.
    let ran = has(&["returned a non-zero code", "exit status", "exit code:"]);
    let hint = if has(&["requires buildkit", "buildkit is enabled", "buildkit to be"]) {
        wants_buildkit()
    } else if !ran
        && has(&[
            "manifest unknown",
            "pull access denied",
            "repository does not exist",
            "unauthorized",
            "authentication required",
            "no basic auth",
            "failed to resolve source metadata",
        ])
    {
        return base_gone()
            .problem()
            .hint(check_base())
            .detail(Some(why.to_owned()));
    } else if copies && has(&["not found", "no such file", "does not exist"]) {
        not_in_folder()
    } else if begun {
        look_at_lines()
    } else {
        mend_file()
    };
    let detail = [printed.as_str(), why].join("\n");
    said.problem()
        .hint(hint)
        .detail(Some(detail.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn why_no_image_was_made_is_said() {
        let told = |status, why: &str| of_commit(status, why, true).map(|problem| problem.message);
        let gone = told(404, "No such container: 0000").unwrap();
        assert!(gone.contains("no longer has this container"), "{gone}");
        let base = told(404, "content digest sha256:00: not found").unwrap();
        assert!(base.contains("was made from is gone"), "{base}");
        for (status, why) in [
            (400, "run is not a valid change command"),
            (
                400,
                "dockerfile parse error line 1: ENV must have two arguments",
            ),
            (400, "Invalid containerPort: nowhere"),
            (500, "invalid change \"RUN\""),
        ] {
            let line = told(status, why).unwrap();
            assert!(line.contains("one of the lines"), "{line}");
        }
        let goes = told(409, "You cannot commit container x which is being removed");
        assert!(goes.unwrap().contains("is being removed"));
        assert_eq!(told(500, "no space left on device"), None);
        assert_eq!(of_commit(400, "invalid", false), None);
    }

    #[test]
    fn what_failed_and_what_to_do_is_said() {
        let step = || Some(("RUN make".to_owned(), "cc: no such file".to_owned()));
        let told = of_build("returned a non-zero code: 2", step());
        assert_eq!(told.message, "RUN make failed.");
        let detail = told.detail.unwrap();
        assert!(detail.starts_with("cc: no such file\n") && detail.ends_with("code: 2"));
        let told = of_build("the --mount option requires BuildKit.", step());
        assert!(told.hints[0].contains("BuildKit"));
        for why in [
            "pull access denied for x, repository does not exist",
            "Head \"https://h/v2/x/manifests/1\": unauthorized: who are you",
            "initializing source docker://h/x:1: authentication required",
            "Head \"https://h/v2/x/manifests/1\": no basic auth credentials",
            "h/x:1: failed to resolve source metadata for h/x:1: h/x:1: not found",
        ] {
            let told = of_build(why, step());
            assert_eq!(told.message, "A base image was not found.", "{why}");
            assert!(told.hints[0].contains("private"), "{told:?}");
        }
        for (step, why) in [
            (
                "COPY a.txt /data/",
                "COPY failed: file not found in build context or excluded by .dockerignore: stat a.txt: file does not exist",
            ),
            (
                "ADD a.txt /data/",
                "checking on sources under \"/var/tmp/x\": copier: stat: \"/a.txt\": no such file or directory",
            ),
        ] {
            let told = of_build(why, Some((step.to_owned(), String::new())));
            assert_eq!(told.message, format!("{step} failed."));
            assert!(told.hints[0].contains(".dockerignore"), "{told:?}");
            assert_eq!(told.detail.as_deref(), Some(why));
        }
        let ran = "The command 'curl -s h | grep unauthorized' returned a non-zero code: 1";
        assert_eq!(of_build(ran, step()).message, "RUN make failed.");
        let told = of_build(
            "dockerfile parse error line 2: unknown instruction: X",
            None,
        );
        assert_eq!(told.message, "The build did not begin.");
        assert!(told.hints[0].starts_with("Mend the Dockerfile"), "{told:?}");
    }
}
