//! Files on their way to the browser, piece by piece: none is ever held whole.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};

use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use futures_util::stream::unfold;

/// How much of a file is held at a time \[bytes\].
const PIECE: u64 = 256 * 1024;

/// An answer that is this file, from its beginning; `held` is let go when all of it has been taken, or nobody takes it any more.
///
/// # Errors
/// If it cannot be read at all.
pub(super) fn sent(mut file: File, kind: &'static str, held: impl Send + 'static) -> io::Result<Response> {
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(0))?;
    // Whatever is added to it meanwhile is not what was promised.
    let pieces = unfold((Some((file, length)), held), |(left, held)| async move {
        let (file, left) = left.filter(|(_, left)| *left > 0)?;
        let read = tokio::task::spawn_blocking(move || piece(file, left)).await;
        Some(match read.map_err(io::Error::other).flatten() {
            Ok((bytes, file, left)) => (Ok(bytes), (Some((file, left)), held)),
            Err(error) => (Err(error), (None, held)),
        })
    });
    let mut response = Body::from_stream(pieces).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CONTENT_LENGTH, length.into());
    Ok(response)
}

fn piece(file: File, left: u64) -> io::Result<(Vec<u8>, File, u64)> {
    let mut bytes = Vec::new();
    let mut part = file.take(left.min(PIECE));
    let read = part.read_to_end(&mut bytes)?;
    if read == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok((bytes, part.into_inner(), left - read as u64))
}
