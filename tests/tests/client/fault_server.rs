//! A server on loopback for the faults below HTTP: a function handles the bare connections, each in a thread of its own.

use std::{
    io::{self, Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread::JoinHandle,
};

use rustls::{
    RootCertStore, ServerConfig, ServerConnection, StreamOwned,
    pki_types::{CertificateDer, PrivateKeyDer},
};

/// Runs until it is dropped.
pub(crate) struct FaultServer {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
    stopped: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl FaultServer {
    /// Handles each connection with a function, which closes it by returning.
    pub(crate) fn start(handle: impl Fn(TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (connections, stopped) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let (counted, stop) = (Arc::clone(&connections), Arc::clone(&stopped));
        let handle = Arc::new(handle);
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if stop.load(Ordering::SeqCst) {
                    break;
                }
                counted.fetch_add(1, Ordering::SeqCst);
                let handle = Arc::clone(&handle);
                std::thread::spawn(move || handle(stream.unwrap()));
            }
        });
        Self { address, connections, stopped, thread: Some(thread) }
    }

    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many connections came so far.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

impl Drop for FaultServer {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::SeqCst);
        // Wakes the thread that accepts.
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A request, as far as the tests look at it.
pub(crate) struct Request {
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// Reads a request with its body. `None` when the client closes the connection instead.
    pub(crate) fn read(stream: &mut impl Read) -> Option<Self> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            if stream.read(&mut byte).ok()? == 0 {
                return None;
            }
            head.push(byte[0]);
        }
        let mut request = Self { head: String::from_utf8(head).unwrap(), body: Vec::new() };
        let length = request.header("content-length").map_or(0, |length| length.parse().unwrap());
        request.body = vec![0; length];
        stream.read_exact(&mut request.body).ok()?;
        Some(request)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

/// A whole response.
pub(crate) fn respond(stream: &mut impl Write, body: &str) -> io::Result<()> {
    let length = body.len();
    // In one piece, as the client would acknowledge each one late.
    let response = format!("HTTP/1.1 200 OK\r\nrequest-id: req_1\r\ncontent-length: {length}\r\n\r\n{body}");
    stream.write_all(response.as_bytes())?;
    stream.flush()
}

/// Says nothing until the client gives up.
pub(crate) fn hang(mut stream: impl Read) {
    while stream.read(&mut [0; 1024]).is_ok_and(|length| length > 0) {}
}

/// Writes bytes as soon as the client has sent something, and resets the connection.
pub(crate) fn reset_after(mut stream: TcpStream, bytes: &[u8]) {
    stream.peek(&mut [0]).unwrap();
    stream.write_all(bytes).unwrap();
    // The client reads the bytes before the reset throws them away.
    std::thread::sleep(std::time::Duration::from_millis(50));
    // Closing with something unread resets.
    drop(stream);
}

/// Writes bytes once the request is here, and closes the connection in an orderly way.
pub(crate) fn close_after(mut stream: TcpStream, bytes: &[u8]) {
    Request::read(&mut stream);
    let _ = stream.write_all(bytes);
    let _ = stream.shutdown(Shutdown::Write);
    hang(stream);
}

/// An authority that nobody knows, and a certificate of its own making for a server.
pub(crate) struct Certificates {
    authority: CertificateDer<'static>,
    server: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
}

impl Certificates {
    /// With a certificate for one host, which expires at the end of a year.
    pub(crate) fn new(host: &str, year: i32) -> Self {
        let mut authority = rcgen::CertificateParams::new([]).unwrap();
        authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let authority = rcgen::CertifiedIssuer::self_signed(authority, rcgen::KeyPair::generate().unwrap()).unwrap();
        let key = rcgen::KeyPair::generate().unwrap();
        let mut server = rcgen::CertificateParams::new([host.to_owned()]).unwrap();
        server.not_after = rcgen::date_time_ymd(year, 12, 31);
        let server = server.signed_by(&key, &authority).unwrap();
        Self {
            authority: authority.der().clone(),
            server: server.der().clone(),
            key: PrivateKeyDer::Pkcs8(key.serialize_der().into()),
        }
    }

    pub(crate) const fn authority(&self) -> &CertificateDer<'static> {
        &self.authority
    }

    /// What a client trusts that knows the authority.
    pub(crate) fn roots(&self) -> RootCertStore {
        let mut roots = RootCertStore::empty();
        roots.add(self.authority.clone()).unwrap();
        roots
    }

    /// Serves over TLS. A client that does not like the certificate is not waited for.
    pub(crate) fn serve(
        &self,
        handle: impl Fn(StreamOwned<ServerConnection, TcpStream>) + Send + Sync + 'static,
    ) -> FaultServer {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![self.server.clone()], self.key.clone_key())
            .unwrap();
        let config = Arc::new(config);
        FaultServer::start(move |stream| {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            handle(StreamOwned::new(connection, stream));
        })
    }
}
