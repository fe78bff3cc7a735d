//! A server on loopback that records the requests it receives.
//!
//! It serves one connection at a time and one request on each, which keeps the order of the requests.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use stripe_financial_connections::Request;

use super::{Problem, record::Headers};

/// The header in which the sender states the case: a driver its index, a program of a generated crate its name.
pub const CASE_HEADER: &str = "x-conformance-case";

/// The largest request in bytes. A larger one means that the driver is broken.
const LIMIT: usize = 4 << 20;

/// Timeout for each read and write, so that a broken driver cannot hang the run.
const PATIENCE: Duration = Duration::from_secs(30);

const SESSION: &str = r#"{"id":"fcsess_1","object":"financial_connections.session","account_holder":{"customer":"cus_1","type":"customer"},"accounts":{"object":"list","data":[],"has_more":false,"url":"/v1/financial_connections/accounts"},"client_secret":null,"livemode":false,"permissions":[],"prefetch":null}"#;

/// Fits every operation below `/v2/`: a list, and an object with an id.
const V2: &str = r#"{"data":[],"id":"id_1","next_page_url":null,"object":"v2","previous_page_url":null}"#;

/// A request as received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Captured {
    /// The case, as the sender states it.
    pub case: String,
    /// The method.
    pub method: String,
    /// The path, still encoded.
    pub path: String,
    /// The query without the question mark, still encoded.
    pub query: Option<String>,
    /// The body, still encoded.
    pub body: String,
    /// The headers that are compared.
    pub headers: Headers,
}

/// A running server.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    stop: Arc<AtomicBool>,
    worker: JoinHandle<Result<Vec<Captured>, Problem>>,
}

impl Server {
    /// Starts on a free port.
    ///
    /// # Errors
    /// If there is none.
    pub fn start() -> Result<Self, Problem> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let worker = thread::spawn(move || serve(&listener, &stopped));
        Ok(Self { address, stop, worker })
    }

    /// Returns the address that it listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops the server, and returns the requests in the order received.
    ///
    /// # Errors
    /// If it received something that is not the request of a case.
    pub fn stop(self) -> Result<Vec<Captured>, Problem> {
        self.stop.store(true, Ordering::SeqCst);
        // It waits for a connection.
        drop(TcpStream::connect(self.address)?);
        self.worker.join().map_err(|_| Problem::new("the capturing server panicked"))?
    }
}

fn serve(listener: &TcpListener, stop: &AtomicBool) -> Result<Vec<Captured>, Problem> {
    let mut captured = Vec::new();
    let mut problem = None;
    for stream in listener.incoming() {
        if stop.load(Ordering::SeqCst) {
            break;
        }
        let mut stream = stream?;
        let outcome = capture(&mut stream);
        // A sender that gets no response finds out by itself; what came is what counts here.
        let body = outcome.as_ref().ok().map(|request| if request.path.starts_with("/v2/") { V2 } else { SESSION });
        let _ = respond(&mut stream, body);
        match outcome {
            Ok(request) => captured.push(request),
            Err(error) => problem = problem.or(Some(error)),
        }
    }
    problem.map_or(Ok(captured), Err)
}

fn capture(stream: &mut TcpStream) -> Result<Captured, Problem> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut bytes = Vec::new();
    loop {
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut head = httparse::Request::new(&mut headers);
        let status = head.parse(&bytes).map_err(|error| Problem::new(format!("this is no request: {error}")))?;
        if let httparse::Status::Complete(length) = status {
            let end = length + content_length(head.headers)?;
            if bytes.len() > end {
                return Err(Problem::new("more came than the one request"));
            }
            if bytes.len() == end {
                return request(&head, &bytes[length..]);
            }
        }
        more(stream, &mut bytes)?;
    }
}

fn more(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> Result<(), Problem> {
    let mut buffer = [0; 16 << 10];
    let count = stream.read(&mut buffer)?;
    if count == 0 || bytes.len() + count > LIMIT {
        return Err(Problem::new(if count == 0 { "the request ended early" } else { "the request is too long" }));
    }
    bytes.extend_from_slice(&buffer[..count]);
    Ok(())
}

fn content_length(headers: &[httparse::Header<'_>]) -> Result<usize, Problem> {
    if header(headers, "transfer-encoding")?.is_some() {
        return Err(Problem::new("the body comes in chunks, which this server does not read"));
    }
    let Some(length) = header(headers, "content-length")? else { return Ok(0) };
    let length = length.parse().ok().filter(|&length| length <= LIMIT);
    length.ok_or_else(|| Problem::new("the length of the body is no length"))
}

fn request(head: &httparse::Request<'_, '_>, body: &[u8]) -> Result<Captured, Problem> {
    let target = head.path.unwrap_or_default();
    let (path, query) = match target.split_once('?') {
        Some((path, query)) => (path, Some(query.to_owned())),
        None => (target, None),
    };
    let case = header(head.headers, CASE_HEADER)?.map(ToOwned::to_owned);
    let scheme = |value: &str| value.split(' ').next().unwrap_or_default().to_owned();
    Ok(Captured {
        case: case.ok_or_else(|| Problem::new(format!("the request for `{target}` names no case")))?,
        method: head.method.unwrap_or_default().to_owned(),
        path: path.to_owned(),
        query,
        body: String::from_utf8(body.to_vec())
            .map_err(|_| Problem::new(format!("the body for `{target}` is no UTF-8")))?,
        headers: Headers {
            authorization: header(head.headers, "authorization")?.map(scheme),
            content_type: header(head.headers, "content-type")?.map(ToOwned::to_owned),
            idempotency_key: header(head.headers, "idempotency-key")?.is_some(),
            stripe_version: header(head.headers, "stripe-version")?.map(ToOwned::to_owned),
        },
    })
}

/// Returns the value of a header, which must not be repeated.
fn header<'h>(headers: &'h [httparse::Header<'_>], name: &str) -> Result<Option<&'h str>, Problem> {
    let mut values = headers.iter().filter(|header| header.name.eq_ignore_ascii_case(name));
    let Some(first) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(Problem::new(format!("the header `{name}` comes twice")));
    }
    std::str::from_utf8(first.value).map(Some).map_err(|_| Problem::new(format!("the header `{name}` is no UTF-8")))
}

fn respond(stream: &mut TcpStream, body: Option<&str>) -> Result<(), Problem> {
    let (status, body) = body.map_or(("400 Bad Request", "{}"), |body| ("200 OK", body));
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(body.as_bytes())?;
    Ok(())
}

/// Sends a request of this crate to the server, and returns the body of the response.
///
/// # Errors
/// If there is no complete response.
pub fn send(server: SocketAddr, case: usize, request: &Request) -> Result<Vec<u8>, Problem> {
    let body = request.body().unwrap_or_default();
    let mut text = format!("{} {} HTTP/1.1\r\nhost: {server}\r\n", request.method(), request.url(""));
    text.push_str("authorization: Bearer sk_test_conformance\r\nconnection: close\r\n");
    text.push_str(&format!("{CASE_HEADER}: {case}\r\ncontent-length: {}\r\n", body.len()));
    for (name, value) in request.headers() {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str("\r\n");
    text.push_str(body);

    let mut stream = TcpStream::connect(server)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(text.as_bytes())?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let mut headers = [httparse::EMPTY_HEADER; 16];
    let mut head = httparse::Response::new(&mut headers);
    match head.parse(&bytes) {
        Ok(httparse::Status::Complete(length)) if head.code == Some(200) => Ok(bytes.split_off(length)),
        _ => Err(Problem::new(format!("the server did not take `{} {}`", request.method(), request.path()))),
    }
}
