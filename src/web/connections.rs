//! Connections: how many there may be at once, and how long one may keep a place.
//!
//! Any page that is open in the browser can make it connect here, and so can any program of this machine. Whoever connects and then
//! sends nothing, sends letter by letter, or does not take what was asked for, keeps others out for a while and not for good.

use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Router;
use futures_util::future::{Either, select};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Sleep, sleep, timeout};

/// Connections at once; a browser has six for each window of its own. Others wait until one is free.
pub(super) const MOST: usize = 100;
/// How long the head of a request may take, and how long a connection may wait for the next one.
const HEAD: Duration = Duration::from_secs(10);
/// How long an answer may wait to be taken.
const STALLED: Duration = Duration::from_secs(60);
/// How long the end waits for browsers that still read.
const PARTING: Duration = Duration::from_secs(2);

/// Answers whoever connects until `ending` becomes true.
pub(super) async fn serve(listener: TcpListener, routes: Router, ending: &Arc<AtomicBool>) {
    let places = Arc::new(Semaphore::new(MOST));
    let parting = GracefulShutdown::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD);
    loop {
        let found = match select(pin!(next(&listener, &places)), pin!(ended(ending))).await {
            Either::Left((found, _)) => found,
            Either::Right(_) => break,
        };
        let Ok((stream, place)) = found else {
            // Such as too many open files: it passes.
            sleep(Duration::from_millis(100)).await;
            continue;
        };
        let service = TowerToHyperService::new(routes.clone());
        let connection = parting.watch(http.serve_connection(TokioIo::new(Taken::new(stream)), service));
        tokio::spawn(async move {
            // Whatever became of it, nobody is there to be told.
            drop(connection.await);
            drop(place);
        });
    }
    drop(listener);
    // A browser that never lets go is left.
    let _ = timeout(PARTING, parting.shutdown()).await;
}

/// The next that connects, once there is a place.
async fn next(listener: &TcpListener, places: &Arc<Semaphore>) -> io::Result<(TcpStream, OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.map_err(io::Error::other)?;
    let (stream, _) = listener.accept().await?;
    stream.set_nodelay(true)?;
    Ok((stream, place))
}

async fn ended(flag: &Arc<AtomicBool>) {
    while !flag.load(Ordering::Relaxed) {
        sleep(Duration::from_millis(100)).await;
    }
}

/// A stream that fails where nothing of what is written is taken for long.
struct Taken {
    stream: TcpStream,
    waits: Option<Pin<Box<Sleep>>>,
}

impl Taken {
    const fn new(stream: TcpStream) -> Self {
        Self { stream, waits: None }
    }

    fn in_time<T>(&mut self, context: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.waits = None;
            return written;
        }
        let waits = self.waits.get_or_insert_with(|| Box::pin(sleep(STALLED)));
        ready!(waits.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Taken {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, into)
    }
}

impl AsyncWrite for Taken {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.in_time(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, bytes);
        self.in_time(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
