use std::sync::Arc;

use bytes::Bytes;
use futures_util::StreamExt;

use super::sending::PIECE;
use super::*;

/// Makes a folder of these files, and gives the names that go along to the engine's own builder.
async fn goes(files: &[(&str, &str)], dockerfile: &str) -> Vec<String> {
    goes_by(IgnoreFile::OfFolder, files, dockerfile).await
}

async fn goes_by(says: IgnoreFile, files: &[(&str, &str)], dockerfile: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let context = Context::open(folder.path(), dockerfile, says).unwrap();
    let mut names: Vec<String> = entries(context).await.into_iter().map(|(n, _)| n).collect();
    names.sort();
    names
}

async fn entries(context: Context) -> Vec<(String, Vec<u8>)> {
    let pieces: Vec<Bytes> = context
        .send(Arc::default())
        .pieces
        .map(|piece| piece.unwrap())
        .collect()
        .await;
    let bytes = pieces.concat();
    let mut archive = tar::Archive::new(bytes.as_slice());
    let read = |entry: io::Result<tar::Entry<'_, &[u8]>>| {
        let mut entry = entry.unwrap();
        let name = entry.path().unwrap().display().to_string();
        let mut text = Vec::new();
        entry.read_to_end(&mut text).unwrap();
        (name, text)
    };
    archive.entries().unwrap().map(read).collect()
}

#[tokio::test]
async fn what_is_left_out_stays_here_but_the_files_the_engine_reads_go() {
    let files = [
        ("Dockerfile", "FROM scratch"),
        (".dockerignore", "*\n!src\nsrc/*.o\n!deep/*/keep"),
        ("src/a.c", "int a;"),
        ("src/a.o", "binary"),
        ("secret", "hunter2"),
        ("deep/one/keep", "1"),
        ("deep/one/drop", "2"),
        ("deep/two/drop", "3"),
    ];
    assert_eq!(
        goes(&files, "Dockerfile").await,
        [
            ".dockerignore",
            "Dockerfile",
            "deep/",
            "deep/one/",
            "deep/one/keep",
            "src/",
            "src/a.c"
        ]
    );
    let files = [
        ("docker/Dockerfile", "FROM scratch"),
        ("docker/other", "x"),
        (".dockerignore", "**"),
    ];
    assert_eq!(
        goes(&files, "docker/Dockerfile").await,
        [".dockerignore", "docker/", "docker/Dockerfile"]
    );
}

/// Behaviour (files): the `.dockerignore` beside a Dockerfile, under its name, is read in place of the folder's where `BuildKit` builds, and by it alone.
/// Source: docs.docker.com, *Build context*, "Filename and location"; `BuildKit`'s `frontend/dockerui/config.go`.
#[tokio::test]
async fn a_dockerfile_has_an_ignore_file_of_its_own_for_buildkit() {
    let files = [
        ("docker/dev.Dockerfile", "FROM scratch"),
        ("docker/dev.Dockerfile.dockerignore", "*\n!a"),
        (".dockerignore", "*\n!b"),
        ("a", "1"),
        ("b", "2"),
    ];
    let by = async |says, files: &[(&str, &str)]| {
        let mut names = goes_by(says, files, "docker/dev.Dockerfile").await;
        names.retain(|name| !name.starts_with("docker/"));
        names
    };
    assert_eq!(by(IgnoreFile::OfDockerfile, &files).await, ["a"]);
    assert_eq!(
        by(IgnoreFile::OfFolder, &files).await,
        [".dockerignore", "b"]
    );
    // Without one the folder's counts, and an empty one leaves out nothing.
    let without = files
        .iter()
        .filter(|(name, _)| !name.ends_with("file.dockerignore"));
    let without: Vec<_> = without.copied().collect();
    assert_eq!(
        by(IgnoreFile::OfDockerfile, &without).await,
        [".dockerignore", "b"]
    );
    let mut empty = files;
    empty[1].1 = "";
    assert_eq!(
        by(IgnoreFile::OfDockerfile, &empty).await,
        [".dockerignore", "a", "b"]
    );

    // What is wrong is said of the file it stands in, and the other one doesn't matter.
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("Dockerfile"), "FROM scratch").unwrap();
    fs::write(folder.path().join("Dockerfile.dockerignore"), "[").unwrap();
    let opened = Context::open(folder.path(), "Dockerfile", IgnoreFile::OfDockerfile);
    assert!(
        matches!(&opened, Err(Error::Context(why)) if why.contains(" of Dockerfile.dockerignore ")),
        "{opened:?}"
    );
    assert!(Context::open(folder.path(), "Dockerfile", IgnoreFile::OfFolder).is_ok());
}

#[tokio::test]
async fn names_of_any_length_links_and_modes_go_along() {
    let folder = tempfile::tempdir().unwrap();
    let long = format!("{}/{}", "d".repeat(120), "f".repeat(150));
    fs::create_dir_all(folder.path().join("d".repeat(120))).unwrap();
    fs::write(folder.path().join(&long), "long").unwrap();
    fs::write(folder.path().join("Dockerfile"), "FROM scratch").unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::{PermissionsExt, symlink};
        symlink("../outside", folder.path().join("link")).unwrap();
        let run = folder.path().join("run.sh");
        fs::write(&run, "#!/bin/sh").unwrap();
        fs::set_permissions(&run, fs::Permissions::from_mode(0o750)).unwrap();
        // Nothing of a build, and a reader of it would wait for ever.
        let _socket = std::os::unix::net::UnixListener::bind(folder.path().join("s")).unwrap();
    }
    let context = Context::open(folder.path(), "Dockerfile", IgnoreFile::OfFolder).unwrap();
    let size = context.size(100, || true).unwrap();
    assert!(!size.cut && size.files >= 2, "{size:?}");
    assert!(context.size(1, || true).unwrap().cut);
    let pieces: Vec<Bytes> = context
        .send(Arc::default())
        .pieces
        .map(|piece| piece.unwrap())
        .collect()
        .await;
    let bytes = pieces.concat();
    let mut archive = tar::Archive::new(bytes.as_slice());
    let mut seen = Vec::new();
    for entry in archive.entries().unwrap() {
        let entry = entry.unwrap();
        let name = entry.path().unwrap().display().to_string();
        assert_eq!(entry.header().uid().unwrap(), 0);
        #[cfg(unix)]
        match name.as_str() {
            "link" => assert_eq!(
                entry.link_name().unwrap().unwrap().display().to_string(),
                "../outside"
            ),
            "run.sh" => assert_eq!(entry.header().mode().unwrap(), 0o750),
            "s" => panic!("a socket went along"),
            _ => {}
        }
        seen.push(name);
    }
    assert!(seen.contains(&long), "{seen:?}");
}

#[test]
fn a_dockerfile_is_a_file_of_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("Dockerfile"), "FROM scratch").unwrap();
    let open = |name: &str| Context::open(folder.path(), name, IgnoreFile::OfFolder);
    assert!(open("Dockerfile").is_ok());
    for bad in [
        "",
        "..",
        "../Dockerfile",
        "/etc/passwd",
        "a//b",
        "./Dockerfile",
        "Missing",
        "C:x",
    ] {
        assert!(matches!(open(bad), Err(Error::Context(_))), "{bad}");
    }
    let missing = Context::open(
        &folder.path().join("nowhere"),
        "Dockerfile",
        IgnoreFile::OfFolder,
    );
    assert!(matches!(missing, Err(Error::Context(text)) if text.contains("nowhere")));
}

#[tokio::test]
async fn a_file_that_shrinks_while_it_is_read_breaks_the_context_off() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("Dockerfile"), "FROM scratch").unwrap();
    let large = folder.path().join("large");
    let file = File::create(&large).unwrap();
    file.set_len(64 * 1024 * 1024).unwrap();
    let sending = Context::open(folder.path(), "Dockerfile", IgnoreFile::OfFolder)
        .unwrap()
        .send(Arc::default());
    let mut pieces = sending.pieces;
    assert!(pieces.next().await.unwrap().is_ok());
    file.set_len(1024).unwrap();
    let mut last = None;
    while let Some(piece) = pieces.next().await {
        // The mark of a whole archive never goes out, nor what would lead up to it.
        assert!(piece.as_ref().map_or(true, |piece| piece.len() == PIECE));
        last = Some(piece);
    }
    assert!(last.unwrap().is_err());
    let Some(Error::Context(text)) = sending.trouble.get() else {
        panic!("nothing was said");
    };
    assert!(text.contains("large") && text.contains("changed"), "{text}");
}

#[tokio::test]
async fn whoever_goes_before_the_end_is_no_fault_of_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("Dockerfile"), "FROM scratch").unwrap();
    let large = File::create(folder.path().join("large")).unwrap();
    large.set_len(64 * 1024 * 1024).unwrap();
    let sending = Context::open(folder.path(), "Dockerfile", IgnoreFile::OfFolder)
        .unwrap()
        .send(Arc::default());
    let mut pieces = sending.pieces;
    assert!(pieces.next().await.unwrap().is_ok());
    drop(pieces);
    // The walk holds the other end of it until it has ended.
    while Arc::strong_count(&sending.trouble) > 1 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    assert_eq!(sending.trouble.get(), None);
}

/// What is left out is looked at too where a rule may keep something in it: it has the same end.
#[test]
fn a_look_ends_however_much_is_left_out() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("Dockerfile"), "FROM scratch").unwrap();
    fs::write(folder.path().join(IGNORE_FILE), "out\n!**/keep").unwrap();
    for n in 0..50 {
        fs::create_dir_all(folder.path().join(format!("out/{n}/deep"))).unwrap();
    }
    let context = Context::open(folder.path(), "Dockerfile", IgnoreFile::OfFolder).unwrap();
    let whole = context.size(1000, || true).unwrap();
    assert_eq!((whole.files, whole.cut), (2, false));
    assert!(context.size(100, || true).unwrap().cut);
    // Whoever doesn't want it any more isn't worked for.
    let looks = Cell::new(0);
    let ended = context.size(1000, || {
        looks.set(looks.get() + 1);
        looks.get() < 10
    });
    assert!(ended.unwrap().cut);
    assert_eq!(looks.get(), 10);
}

#[cfg(unix)]
#[tokio::test]
async fn a_pipe_in_the_place_of_a_file_makes_nobody_wait() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("Dockerfile"), "FROM scratch").unwrap();
    let pipe = folder.path().join(IGNORE_FILE);
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    let opened = Context::open(folder.path(), "Dockerfile", IgnoreFile::OfFolder);
    assert!(
        matches!(&opened, Err(Error::Context(why)) if why.contains("not a file")),
        "{opened:?}"
    );
    let link = folder.path().join("link");
    std::os::unix::fs::symlink("Dockerfile", &link).unwrap();
    assert!(open(&link, Links::Followed).is_ok());
    assert!(open(&link, Links::Refused).is_err());
}
