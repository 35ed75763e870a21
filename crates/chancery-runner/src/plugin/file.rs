//! The file of a library: where it is, whether it can be one at all, its hash.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::LoadError;

/// Finds the file that a pipeline names: the path itself, or with the platform's prefix and ending (`plugins/themes` →
/// `plugins/libthemes.so`), or what Cargo builds of a plugin's folder (`target/release` in it or in the pipeline's folder).
pub fn find(base: &Path, named: &str) -> Result<PathBuf, LoadError> {
    let path = base.join(named);
    if path.is_file() {
        return Ok(path);
    }
    let stem = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let file = format!("{}{}{}", std::env::consts::DLL_PREFIX, stem.replace('-', "_"), std::env::consts::DLL_SUFFIX);
    let beside = path.with_file_name(&file);
    let mut places = vec![beside.clone(), path.join(&file)];
    if path.join("Cargo.toml").is_file() {
        for folder in [path.as_path(), base] {
            places.extend(["release", "debug"].map(|profile| folder.join("target").join(profile).join(&file)));
        }
    }
    places.into_iter().find(|place| place.is_file()).ok_or(LoadError::Missing(beside))
}

/// Reads the file, checks that it is a library for this machine and has the pinned hash; gives its SHA-256.
pub fn check(path: &Path, pinned: Option<&str>) -> Result<String, LoadError> {
    let bytes = std::fs::read(path).map_err(|error| LoadError::Unreadable(path.to_owned(), error.to_string()))?;
    let hash = hex(&bytes);
    if let Some(pinned) = pinned
        && !pinned.trim().eq_ignore_ascii_case(&hash)
    {
        return Err(LoadError::Hash { pinned: pinned.to_owned(), found: hash });
    }
    check_header(&bytes)?;
    Ok(hash)
}

/// SHA-256 of a file.
pub fn hash(path: &Path) -> std::io::Result<String> {
    Ok(hex(&std::fs::read(path)?))
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a file's first bytes say it is.
#[derive(Debug, PartialEq)]
struct Header {
    system: &'static str,
    machine: String,
    is_library: bool,
}

fn number<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at.checked_add(N)?)?.try_into().ok()
}

fn header(bytes: &[u8]) -> Option<Header> {
    let named = |names: &[(u32, &str)], code: u32| {
        let known = names.iter().find(|(own, _)| *own == code);
        known.map_or_else(|| format!("machine {code:#x}"), |(_, name)| (*name).to_owned())
    };
    match bytes.get(..4)? {
        b"\x7fELF" => {
            let little = bytes.get(5) == Some(&1);
            let short =
                |at| number::<2>(bytes, at).map(|two| if little { u16::from_le_bytes(two) } else { u16::from_be_bytes(two) });
            let machines =
                [(3, "x86"), (40, "arm"), (62, "x86_64"), (183, "aarch64"), (243, "riscv64"), (21, "powerpc64"), (22, "s390x")];
            let machine = named(&machines, u32::from(short(18)?));
            Some(Header { system: "linux", machine, is_library: short(16)? == 3 })
        }
        [0xcf, 0xfa, 0xed, 0xfe] => {
            let machine = named(&[(0x0100_0007, "x86_64"), (0x0100_000c, "aarch64")], u32::from_le_bytes(number(bytes, 4)?));
            Some(Header { system: "macos", machine, is_library: matches!(u32::from_le_bytes(number(bytes, 12)?), 6 | 8) })
        }
        // A file for several machines: the loader picks.
        [0xca, 0xfe, 0xba, 0xbe] => {
            Some(Header { system: "macos", machine: std::env::consts::ARCH.to_owned(), is_library: true })
        }
        [b'M', b'Z', ..] => {
            let at = u32::from_le_bytes(number(bytes, 0x3c)?) as usize;
            if bytes.get(at..at.checked_add(4)?)? != b"PE\0\0" {
                return None;
            }
            let machine = named(
                &[(0x8664, "x86_64"), (0xaa64, "aarch64"), (0x14c, "x86")],
                u32::from(u16::from_le_bytes(number(bytes, at + 4)?)),
            );
            let is_library = u16::from_le_bytes(number(bytes, at + 22)?) & 0x2000 != 0;
            Some(Header { system: "windows", machine, is_library })
        }
        _ => None,
    }
}

/// Refuses what the loader of the system would refuse too, in words that help.
fn check_header(bytes: &[u8]) -> Result<(), LoadError> {
    let found = header(bytes).ok_or(LoadError::NoLibrary)?;
    let here = match std::env::consts::OS {
        os @ ("linux" | "macos" | "windows") => os,
        _ => "linux",
    };
    if found.system != here || found.machine != std::env::consts::ARCH {
        let found = format!("{} on {}", found.system, found.machine);
        return Err(LoadError::OtherMachine { found, here: format!("{} on {}", std::env::consts::OS, std::env::consts::ARCH) });
    }
    if !found.is_library {
        return Err(LoadError::NoLibrary);
    }
    match whole_length(bytes) {
        Some(length) if length > bytes.len() as u64 => Err(LoadError::Cut { length: bytes.len() as u64, whole: length }),
        _ => Ok(()),
    }
}

/// How long a 64-bit ELF file must be for its segments: the loader of the system maps them without looking, and the process dies
/// when it touches what is not there.
fn whole_length(bytes: &[u8]) -> Option<u64> {
    if bytes.get(..6)? != b"\x7fELF\x02\x01" {
        return None;
    }
    let long = |at: usize| number::<8>(bytes, at).map(u64::from_le_bytes);
    let (table, size, count) = (long(32)?, u16::from_le_bytes(number(bytes, 54)?), u16::from_le_bytes(number(bytes, 56)?));
    let mut longest = table.saturating_add(u64::from(size) * u64::from(count));
    for segment in 0..u64::from(count) {
        let at = table.checked_add(segment * u64::from(size)).and_then(|at| usize::try_from(at).ok());
        let Some(at) = at.filter(|at| *at < bytes.len()) else { break };
        let end = long(at.saturating_add(8)).zip(long(at.saturating_add(32)));
        longest = longest.max(end.map_or(u64::MAX, |(offset, length)| offset.saturating_add(length)));
    }
    Some(longest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn elf(machine: u16, kind: u16) -> Vec<u8> {
        let mut bytes = b"\x7fELF\x02\x01\x01".to_vec();
        bytes.resize(16, 0);
        bytes.extend(kind.to_le_bytes());
        bytes.extend(machine.to_le_bytes());
        bytes
    }

    #[test]
    fn a_file_that_is_no_library_is_told_apart_from_one_for_another_machine() {
        assert!(matches!(check_header(b"#!/bin/sh\n"), Err(LoadError::NoLibrary)));
        assert!(matches!(check_header(b""), Err(LoadError::NoLibrary)));
        assert!(matches!(check_header(b"\x7fELF"), Err(LoadError::NoLibrary)));
        let other = if std::env::consts::ARCH == "x86_64" { 183 } else { 62 };
        let error = check_header(&elf(other, 3)).unwrap_err();
        assert!(matches!(error, LoadError::OtherMachine { .. }), "{error}");
        if cfg!(target_os = "linux") && std::env::consts::ARCH == "x86_64" {
            assert!(check_header(&elf(62, 3)).is_ok());
            assert!(matches!(check_header(&elf(62, 1)), Err(LoadError::NoLibrary)), "an object file");
        }
    }

    #[test]
    fn headers_cut_anywhere_are_refused() {
        let mut pe = b"MZ".to_vec();
        pe.resize(0x3c, 0);
        pe.extend(0xffff_fff0u32.to_le_bytes());
        for file in [elf(62, 3), pe, vec![0xcf, 0xfa, 0xed, 0xfe, 7, 0, 0, 1]] {
            for cut in 0..=file.len() {
                drop(check_header(&file[..cut]));
            }
        }
    }

    #[test]
    fn the_platforms_name_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let file = format!("{}my_stage{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
        std::fs::write(folder.path().join(&file), "x").unwrap();
        assert_eq!(find(folder.path(), "my-stage").unwrap(), folder.path().join(&file));
        let LoadError::Missing(place) = find(folder.path(), "plugins/absent").unwrap_err() else { panic!() };
        assert!(place.ends_with(format!("plugins/{}absent{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX)));
    }

    #[test]
    fn a_pin_is_the_whole_file_s_hash() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.so");
        std::fs::write(&path, "abc").unwrap();
        let hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert!(matches!(check(&path, Some(hash)), Err(LoadError::NoLibrary)), "the hash fits, the file is no library");
        assert!(matches!(check(&path, Some("00")), Err(LoadError::Hash { .. })));
    }
}
