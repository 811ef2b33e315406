//! All files of a results folder in one, to be saved with one press.

use std::io::{self, Cursor, Write as _};
use std::path::PathBuf;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// A zip file with a folder of that name, which holds these: names with `/` between folder and file, and where they lie.
///
/// # Errors
/// If one cannot be read.
pub(super) fn bundle(folder: &str, files: impl Iterator<Item = (String, PathBuf)>) -> io::Result<Vec<u8>> {
    let mut bundle = ZipWriter::new(Cursor::new(Vec::new()));
    // It goes from one folder of a machine to another of the same: nothing is saved by making it small.
    let plain = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, path) in files {
        bundle.start_file(format!("{folder}/{name}"), plain)?;
        bundle.write_all(&std::fs::read(path)?)?;
    }
    Ok(bundle.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read as _};

    use super::bundle;

    #[test]
    fn what_is_put_in_comes_out() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("a.csv");
        std::fs::write(&path, "1,2\n").unwrap();
        let bytes = bundle("a run", [("charts/a b.csv".to_owned(), path.clone())].into_iter()).unwrap();
        assert_eq!(
            bytes,
            bundle("a run", [("charts/a b.csv".to_owned(), path)].into_iter()).unwrap()
        );
        let mut opened = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut text = String::new();
        opened
            .by_name("a run/charts/a b.csv")
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        assert_eq!(text, "1,2\n");
        assert!(bundle("x", [("a".to_owned(), home.path().join("none"))].into_iter()).is_err());
    }
}
