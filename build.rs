//! What the program was built from, as one short hash: pieces made by two builds of one version that are not of the same source must
//! not be put together.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=Cargo.lock");
    println!("cargo::rerun-if-changed=src");
    println!("cargo::rustc-env=HOMEFIRST_SOURCE={}", fingerprint(&root)?);
    Ok(())
}

/// FNV-1a of the names and contents of all sources and of `Cargo.lock`, whatever the machine, the folder and the ends of lines.
pub(crate) fn fingerprint(root: &Path) -> io::Result<String> {
    let mut files = vec!["Cargo.lock".to_owned()];
    below(root, "src", &mut files)?;
    files.sort_unstable();
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for name in files {
        let content = fs::read(root.join(&name)).or_else(|error| match error.kind() {
            // As a library of another program, which has its own.
            io::ErrorKind::NotFound => Ok(Vec::new()),
            _ => Err(error),
        })?;
        let lines = content.iter().filter(|byte| **byte != b'\r');
        for byte in name.bytes().chain([0]).chain(lines.copied()).chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    Ok(format!("{hash:016x}"))
}

/// What sources end in. Whatever else lies there (files of editors, of the system, of tests) is none.
const ENDS: [&str; 4] = [".rs", ".css", ".js", ".toml"];

/// The sources below a folder, with `/` between the parts of their names.
fn below(root: &Path, folder: &str, files: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(root.join(folder))? {
        let entry = entry?;
        let own = entry.file_name().to_string_lossy().into_owned();
        let name = format!("{folder}/{own}");
        if own.starts_with('.') {
            continue;
        }
        if entry.file_type()?.is_dir() {
            below(root, &name, files)?;
        } else if ENDS.iter().any(|end| own.ends_with(end)) {
            files.push(name);
        }
    }
    Ok(())
}
