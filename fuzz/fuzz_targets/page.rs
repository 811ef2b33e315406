//! Requests to the local page, byte by byte as they come from the network. `@PORT` in an input is the port. Whatever comes, the
//! page answers or closes, never with a fault of its own (500), and writes nothing outside of its folder.
#![no_main]

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, OnceLock, mpsc};
use std::time::Duration;

use homefirst::web::{Serve, serve};

/// The folder around the page's own, and the port.
static PAGE: OnceLock<(tempfile::TempDir, String)> = OnceLock::new();

fn page() -> &'static (tempfile::TempDir, String) {
    PAGE.get_or_init(|| {
        let outside = tempfile::tempdir().unwrap();
        let folder: PathBuf = outside.path().join("planners");
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("queue.toml"), include_str!("../../scenarios/theory/mm3.toml")).unwrap();
        let (told, address) = mpsc::channel();
        std::thread::spawn(move || {
            let what = Serve {
                port: 0,
                folder,
                threads: Some(1),
            };
            let ending = Arc::new(AtomicBool::new(false));
            serve(&what, &ending, |address| told.send(address.to_owned()).unwrap()).unwrap();
        });
        let address = address.recv().unwrap();
        let port = address.trim_end_matches('/').rsplit(':').next().unwrap().to_owned();
        (outside, port)
    })
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let (outside, port) = page();
    let request: Vec<u8> = {
        let (mut rest, mut all) = (bytes, Vec::new());
        while let Some(at) = rest.windows(5).position(|five| five == b"@PORT") {
            all.extend_from_slice(&rest[..at]);
            all.extend_from_slice(port.as_bytes());
            rest = &rest[at + 5..];
        }
        all.extend_from_slice(rest);
        all
    };
    let mut stream = TcpStream::connect(format!("127.0.0.1:{port}")).expect("the page is there");
    stream.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
    stream.set_write_timeout(Some(Duration::from_millis(500))).unwrap();
    // The page may have closed before it has read all.
    let _ = stream.write_all(&request);
    let _ = stream.shutdown(std::net::Shutdown::Write);
    let mut answer = [0; 64];
    let n = stream.read(&mut answer).unwrap_or(0);
    let answer = &answer[..n];
    assert!(n == 0 || answer.starts_with(b"HTTP/1."), "{answer:?}");
    assert!(!answer.starts_with(b"HTTP/1.1 500"), "a fault of the page");
    let beside = std::fs::read_dir(outside.path()).unwrap().count();
    assert_eq!(beside, 1, "something lies outside of the folder");
});
