//! What an archive of images on this computer's disk says is in it.
//!
//! What it is: its kind by its first bytes, and the names and ids that its lists tell, as far as it isn't packed. What it is
//! not: it reads no layer, and unpacks nothing. It grows by another form of archive.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use serde::Deserialize;

/// The most entries of an archive that are looked at, and the longest list in it that is read.
const ENTRIES: usize = 100_000;
const LONGEST: u64 = 4 * 1024 * 1024;
/// The most bytes of an archive that are read; what is skipped costs nothing. A header's long texts have no bound of their own.
const READ: u64 = 128 * 1024 * 1024;
/// Where a tar says that it is one, and what.
const TAR_AT: usize = 257;
const TAR: &[u8] = b"ustar";
/// How packed files begin that engines take: gzip, bzip2, xz, zstd.
const PACKED: [&[u8]; 4] = [b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd"];

/// An archive of images.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ArchiveFile {
    /// Its length in bytes.
    pub bytes: u64,
    /// The names of the images in it, as it says them, each with the ids that an engine may give to its image: the digests of
    /// its config and of its manifest or index. None where it doesn't tell, as when it is packed.
    pub names: Option<BTreeMap<String, BTreeSet<String>>>,
}

/// An image, as `manifest.json` lists it.
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Listed {
    config: String,
    repo_tags: Option<Vec<String>>,
}

/// What `index.json` of an OCI layout lists.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Index {
    manifests: Vec<Entry>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Entry {
    digest: String,
    annotations: BTreeMap<String, String>,
}

impl ArchiveFile {
    /// Looks at a file; none where it is no archive. Blocks.
    pub fn open(path: &Path) -> io::Result<Option<Self>> {
        // What is no file, as a pipe, may wait for ever when it is opened.
        let about = std::fs::metadata(path)?;
        if !about.is_file() {
            return Ok(None);
        }
        let mut file = File::open(path)?;
        let bytes = about.len();
        let mut head = Vec::new();
        (&mut file).take(512).read_to_end(&mut head)?;
        let mut archive = Self {
            bytes,
            ..Self::default()
        };
        if PACKED.iter().any(|begin| head.starts_with(begin)) {
            return Ok(Some(archive));
        }
        if !head.get(TAR_AT..).is_some_and(|rest| rest.starts_with(TAR)) {
            return Ok(None);
        }
        file.seek(SeekFrom::Start(0))?;
        archive.read(file);
        Ok(Some(archive))
    }

    /// Takes what the lists of an archive tell. One that breaks off tells no more: the engine says what is wrong with it.
    fn read(&mut self, file: File) {
        let mut tar = tar::Archive::new(Bounded(file, READ));
        let Ok(entries) = tar.entries_with_seek() else {
            return;
        };
        for entry in entries.take(ENTRIES) {
            let Ok(mut entry) = entry else { return };
            let Ok(name) = entry.path().map(|path| path.to_path_buf()) else {
                continue;
            };
            let is =
                |wanted: &str| name == Path::new(wanted) || name == Path::new("./").join(wanted);
            let (is_list, is_index) = (is("manifest.json"), is("index.json"));
            if !is_list && !is_index || entry.size() > LONGEST {
                continue;
            }
            let mut text = Vec::new();
            if entry.read_to_end(&mut text).is_err() {
                return;
            }
            if is_list {
                self.take_list(&text);
            } else {
                self.take_index(&text);
            }
        }
    }

    fn take_list(&mut self, text: &[u8]) {
        let Ok(listed) = serde_json::from_slice::<Vec<Listed>>(text) else {
            return;
        };
        self.names.get_or_insert_default();
        for image in listed {
            // "<hex>.json" of docker save before 25, "blobs/sha256/<hex>" since.
            let config = image.config.trim_end_matches(".json");
            let hex = config.rsplit('/').next().unwrap_or(config);
            self.name(
                image.repo_tags.unwrap_or_default(),
                &format!("sha256:{hex}"),
            );
        }
    }

    fn take_index(&mut self, text: &[u8]) {
        let Ok(index) = serde_json::from_slice::<Index>(text) else {
            return;
        };
        for entry in index.manifests {
            let said = |name: &str| entry.annotations.get(name).cloned();
            // Podman writes whole names there (containers/common `libimage/pull.go`); others a tag alone, which is no name.
            let own =
                || said("org.opencontainers.image.ref.name").filter(|name| name.contains('/'));
            self.name(said("io.containerd.image.name").or_else(own), &entry.digest);
        }
    }

    fn name(&mut self, names: impl IntoIterator<Item = String>, id: &str) {
        let known = self.names.get_or_insert_default();
        for name in names {
            known.entry(name).or_default().insert(id.to_owned());
        }
    }
}

/// A file of which so many bytes are read, and no more.
struct Bounded(File, u64);

impl Read for Bounded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = (&mut self.0).take(self.1).read(buffer)?;
        self.1 = self.1.saturating_sub(read as u64);
        Ok(read)
    }
}

impl Seek for Bounded {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archive(files: &[(&str, &str)]) -> Option<ArchiveFile> {
        let mut tar = tar::Builder::new(Vec::new());
        for (name, text) in files {
            let mut header = tar::Header::new_gnu();
            header.set_size(text.len() as u64);
            header.set_mode(0o644);
            tar.append_data(&mut header, name, text.as_bytes()).unwrap();
        }
        look(&tar.into_inner().unwrap())
    }

    fn look(bytes: &[u8]) -> Option<ArchiveFile> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        ArchiveFile::open(file.path()).unwrap()
    }

    fn names(archive: &ArchiveFile) -> Vec<&str> {
        let names = archive.names.iter().flatten();
        names.map(|(name, _)| name.as_str()).collect()
    }

    fn ids<'a>(archive: &'a ArchiveFile, name: &str) -> Vec<&'a str> {
        let ids = archive.names.as_ref().and_then(|names| names.get(name));
        ids.into_iter().flatten().map(String::as_str).collect()
    }

    #[test]
    fn an_archive_tells_its_names_and_ids() {
        let list = r#"[{"Config":"00ff.json","RepoTags":["a:1","b:2"],"Layers":[]},{"Config":"blobs/sha256/11ee","RepoTags":null}]"#;
        let layer = "x".repeat(5000);
        let old = archive(&[("00ff/layer.tar", &layer), ("manifest.json", list)]).unwrap();
        assert_eq!(names(&old), ["a:1", "b:2"]);
        assert_eq!(ids(&old, "b:2"), ["sha256:00ff"]);
        assert!(old.bytes > 5000);
        let index = r#"{"manifests":[{"digest":"sha256:22dd","annotations":{"io.containerd.image.name":"docker.io/team/a:1"}}]}"#;
        let layout = archive(&[("./index.json", index), ("oci-layout", "{}")]).unwrap();
        assert_eq!(names(&layout), ["docker.io/team/a:1"]);
        assert_eq!(ids(&layout, "docker.io/team/a:1"), ["sha256:22dd"]);
        let index = r#"{"manifests":[{"digest":"sha256:33","annotations":{"org.opencontainers.image.ref.name":"localhost/a:1"}},
            {"digest":"sha256:44","annotations":{"org.opencontainers.image.ref.name":"v1"}}]}"#;
        let podmans = archive(&[("index.json", index)]).unwrap();
        assert_eq!(names(&podmans), ["localhost/a:1"]);
    }

    #[test]
    fn what_does_not_tell_is_unknown_and_what_is_no_archive_is_none() {
        let packed = look(b"\x1f\x8b\x08\0something").unwrap();
        assert_eq!((packed.bytes, packed.names), (13, None));
        let other = archive(&[("readme", "hello")]).unwrap();
        assert_eq!(other.names, None);
        let odd = archive(&[("manifest.json", "{\"no\":\"list\"}")]).unwrap();
        assert_eq!(odd.names, None);
        for none in [&b""[..], b"hello", &[0; 600]] {
            assert_eq!(look(none), None);
        }
    }

    /// A name of 200 MiB stands in a header that tar reads whole.
    #[test]
    fn hostile_a_header_without_end_is_read_no_further_than_its_bound() {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(tar::EntryType::GNULongName);
        header.set_path("././@LongLink").unwrap();
        header.set_size(200 * 1024 * 1024);
        header.set_cksum();
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), header.as_bytes()).unwrap();
        file.as_file().set_len(300 * 1024 * 1024).unwrap();
        let told = ArchiveFile::open(file.path()).unwrap().unwrap();
        assert_eq!(told.names, None);
    }

    #[cfg(unix)]
    #[test]
    fn hostile_a_pipe_is_no_archive_and_makes_nobody_wait() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("images.tar");
        rustix::fs::mknodat(
            rustix::fs::CWD,
            &pipe,
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::RWXU,
            0,
        )
        .unwrap();
        assert_eq!(ArchiveFile::open(&pipe).unwrap(), None);
    }

    #[test]
    fn an_archive_that_breaks_off_tells_what_came() {
        let list = r#"[{"Config":"00ff.json","RepoTags":["a:1"]}]"#;
        let mut tar = tar::Builder::new(Vec::new());
        let mut header = tar::Header::new_gnu();
        header.set_size(list.len() as u64);
        tar.append_data(&mut header, "manifest.json", list.as_bytes())
            .unwrap();
        let whole = tar.into_inner().unwrap();
        let end = 512 + list.len();
        for (cut, is_told) in [
            (0, false),
            (100, false),
            (400, false),
            (512, false),
            (end - 1, false),
            (end, true),
            (whole.len(), true),
        ] {
            let told = look(&whole[..cut]);
            let known = told.is_some_and(|told| told.names.is_some());
            assert_eq!(known, is_told, "{cut}");
        }
    }
}
