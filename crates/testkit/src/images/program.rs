//! The smallest program that runs in a container without anything else in it: it sleeps until it is killed.
//!
//! Written by hand, so that no test needs a compiler or a shell. Grows by the code of another processor.

/// What a program of Linux begins with; an archive of ours gives such a file the right to run.
pub(super) const MAGIC: &[u8] = b"\x7fELF";

/// Where the program lies in memory.
const BASE: u64 = 0x0040_0000;
/// The two headers before its code.
const HEADERS: u64 = 64 + 56;

/// Returns the program, for the processor of this computer.
pub fn sleeper() -> Vec<u8> {
    let (machine, code) = code();
    let size = HEADERS + code.len() as u64;
    let mut program = MAGIC.to_vec();
    // 64 bits, little end first, version 1, System V.
    program.extend([2, 1, 1, 0]);
    program.extend([0; 8]);
    for half in [2, machine] {
        program.extend(u16::to_le_bytes(half));
    }
    program.extend(u32::to_le_bytes(1));
    for place in [BASE + HEADERS, 64, 0] {
        program.extend(u64::to_le_bytes(place));
    }
    program.extend(u32::to_le_bytes(0));
    // The sizes of the headers, and how many of each: one of the program, none of sections.
    for half in [64, 56, 1, 64, 0, 0] {
        program.extend(u16::to_le_bytes(half));
    }
    // One part, which is read and run.
    for word in [1, 5] {
        program.extend(u32::to_le_bytes(word));
    }
    for place in [0, BASE, BASE, size, size, 0x1000] {
        program.extend(u64::to_le_bytes(place));
    }
    program.extend(code);
    program
}

/// Returns the number of this processor, and its code: a wait for a signal, for ever.
fn code() -> (u16, Vec<u8>) {
    if cfg!(target_arch = "aarch64") {
        // ppoll(0, 0, 0, 0, 0), again and again.
        let words: [u32; 8] = [
            0xd280_0000,
            0xd280_0001,
            0xd280_0002,
            0xd280_0003,
            0xd280_0004,
            0xd280_0928,
            0xd400_0001,
            0x17ff_fff9,
        ];
        (183, words.into_iter().flat_map(u32::to_le_bytes).collect())
    } else {
        // pause(), again and again.
        (62, vec![0xb8, 34, 0, 0, 0, 0x0f, 0x05, 0xeb, 0xf7])
    }
}

#[cfg(all(
    test,
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64")
))]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;
    use std::time::Duration;

    #[test]
    fn it_sleeps_until_it_is_killed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sleeper");
        std::fs::write(&path, sleeper()).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        let mut child = std::process::Command::new(&path).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(100));
        assert_eq!(child.try_wait().unwrap(), None);
        child.kill().unwrap();
        child.wait().unwrap();
    }
}
