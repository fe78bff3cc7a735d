//! An HTTP server on loopback with scripted responses, which records the requests.

use std::{
    convert::Infallible,
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll},
    thread::JoinHandle,
};

use http::{HeaderMap, Method, Request, Response};
use http_body_util::{BodyExt as _, Either, Full};
use hyper::body::{Body, Bytes, Frame, Incoming};
use hyper_util::rt::TokioIo;
use tokio::{
    io::AsyncWriteExt as _,
    net::{TcpListener, TcpStream},
    sync::oneshot,
};

/// A request that arrived.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) method: Method,
    /// The path and the query, as they arrived.
    pub(crate) target: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

/// What to do with a request.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Responds.
    Response(Response<Vec<u8>>),
    /// Responds with a body that never ends.
    Endless,
    /// Never responds.
    Hang,
    /// Writes these bytes, which may be anything, and closes the connection.
    Raw(Vec<u8>),
    /// Resets the connection.
    Reset,
}

impl Step {
    pub(crate) fn response(status: u16, body: impl Into<Vec<u8>>) -> Self {
        let response = Response::builder().status(status).header("request-id", "req_1");
        Self::Response(response.body(body.into()).unwrap())
    }

    pub(crate) fn header(mut self, name: &'static str, value: &'static str) -> Self {
        let Self::Response(response) = &mut self else { panic!("only a response has headers") };
        response.headers_mut().insert(name, http::HeaderValue::from_static(value));
        self
    }
}

/// Runs until it is dropped.
pub(crate) struct Server {
    address: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Follows the steps in order, and repeats the last one.
    pub(crate) fn steps(steps: impl Into<Vec<Step>>) -> Self {
        let steps = steps.into();
        Self::start(move |index, _| steps[index.min(steps.len() - 1)].clone())
    }

    /// Asks a function for each step, with the number of earlier requests and the request.
    pub(crate) fn start(decide: impl Fn(usize, &Received) -> Step + Send + Sync + 'static) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let received = Arc::new(Mutex::new(Vec::new()));
        let (stop, stopped) = oneshot::channel();
        let noted = Arc::clone(&received);
        let decide = Arc::new(decide);
        let accept = async move {
            let listener = TcpListener::from_std(listener).unwrap();
            while let Ok((stream, _)) = listener.accept().await {
                let (noted, decide) = (Arc::clone(&noted), Arc::clone(&decide));
                tokio::spawn(connection(stream, move |request| {
                    let mut noted = noted.lock().unwrap();
                    let step = decide(noted.len(), &request);
                    noted.push(request);
                    step
                }));
            }
        };
        // In its own thread, so that tests may block.
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                tokio::select! {
                    () = accept => {}
                    _ = stopped => {}
                }
            });
        });
        Self { address, received, stop: Some(stop), thread: Some(thread) }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Serves one connection. hyper reads the requests; invalid responses are written past it, to the same socket.
async fn connection(stream: TcpStream, decide: impl Fn(Received) -> Step) -> io::Result<()> {
    let stream = stream.into_std()?;
    let beside = Mutex::new(Some(TcpStream::from_std(stream.try_clone()?)?));
    let stream = TcpStream::from_std(stream)?;
    let (beside, decide) = (&beside, &decide);
    let service = hyper::service::service_fn(move |request: Request<Incoming>| async move {
        let (parts, body) = request.into_parts();
        let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
        let step = decide(Received {
            method: parts.method,
            target: parts.uri.to_string(),
            headers: parts.headers,
            body: String::from_utf8(body.into()).map_err(io::Error::other)?,
        });
        let beside = || beside.lock().unwrap().take().ok_or(io::Error::from(io::ErrorKind::BrokenPipe));
        match step {
            Step::Response(response) => {
                Ok::<_, io::Error>(response.map(|body| Either::Left(Full::<Bytes>::from(body))))
            }
            Step::Endless => Ok(Response::new(Either::Right(Endless))),
            Step::Hang => std::future::pending().await,
            Step::Raw(bytes) => {
                beside()?.write_all(&bytes).await?;
                Err(io::ErrorKind::ConnectionAborted.into())
            }
            Step::Reset => {
                beside()?.set_zero_linger()?;
                Err(io::ErrorKind::ConnectionReset.into())
            }
        }
    });
    let connection = hyper::server::conn::http1::Builder::new();
    // An error here is a step that asked for it, or a client that has disconnected.
    let _: Result<(), hyper::Error> = connection.serve_connection(TokioIo::new(stream), service).await;
    Ok(())
}

/// Spaces without end.
struct Endless;

impl Body for Endless {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(&[b' '; 1024])))))
    }
}
