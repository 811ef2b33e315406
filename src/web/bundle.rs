//! All files of a results folder in one, to be saved with one press.

use std::fs::File;
use std::io;
use std::path::PathBuf;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// A zip file with a folder of that name, which holds these: names with `/` between folder and file, and where they lie. It is written to
/// a file without a name, which is gone once nobody reads it any more: results may be larger than the memory.
///
/// # Errors
/// If one cannot be read, or there is no room.
pub(super) fn bundle(folder: &str, files: impl Iterator<Item = (String, PathBuf)>) -> io::Result<File> {
    let mut bundle = ZipWriter::new(tempfile::tempfile()?);
    // It goes from one folder of a machine to another of the same: nothing is saved by making it small.
    let plain = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, path) in files {
        bundle.start_file(format!("{folder}/{name}"), plain)?;
        io::copy(&mut File::open(path)?, &mut bundle)?;
    }
    Ok(bundle.finish()?)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read as _, Seek as _};

    use super::bundle;

    #[test]
    fn what_is_put_in_comes_out() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("a.csv");
        std::fs::write(&path, "1,2\n").unwrap();
        let bytes = || {
            let files = [("charts/a b.csv".to_owned(), path.clone())].into_iter();
            let mut file = bundle("a run", files).unwrap();
            let mut bytes = Vec::new();
            file.rewind().unwrap();
            file.read_to_end(&mut bytes).unwrap();
            bytes
        };
        assert_eq!(bytes(), bytes());
        let mut opened = zip::ZipArchive::new(Cursor::new(bytes())).unwrap();
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
