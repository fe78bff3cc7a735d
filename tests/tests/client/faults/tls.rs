//! Certificates.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use stripe_financial_connections::{ReqwestTransport, TransportErrorKind, UreqTransport};

use crate::fault_server;
use crate::fault_server::{Certificates, respond};
use crate::faults::table::Target;
use crate::harness::{AnyClient, Setup, Stack, chain, create, session, transport_kind};

/// Clients that trust the authority of these certificates, and nobody else.
fn trusting(stack: Stack, certificates: &Certificates, setup: &Setup) -> AnyClient {
    let reqwest = || {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(certificates.roots())
            .with_no_client_auth();
        let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::limited(5));
        ReqwestTransport::new(builder.no_proxy().tls_backend_preconfigured(tls)).unwrap()
    };
    let ureq = || {
        use ureq::tls::{Certificate, RootCerts, TlsConfig};
        let roots = vec![Certificate::from_der(certificates.authority()).to_owned()];
        let tls = TlsConfig::builder().root_certs(RootCerts::Specific(Arc::new(roots))).build();
        UreqTransport::new(ureq::Agent::config_builder().proxy(None).tls_config(tls).build().into())
    };
    stack.client_over(setup, reqwest, ureq).unwrap()
}

#[test]
fn a_certificate_has_to_be_trusted_and_of_the_host_and_valid() {
    for (host, year, is_valid) in [("127.0.0.1", 4000, true), ("example.com", 4000, false), ("127.0.0.1", 2020, false)]
    {
        for stack in Stack::ALL {
            let certificates = Certificates::new(host, year);
            let target = Target::https(certificates.serve(|mut stream| {
                while fault_server::Request::read(&mut stream).is_some() {
                    respond(&mut stream, &session("fcsess_1")).unwrap();
                }
            }));
            let outcome = trusting(stack, &certificates, &target.setup(1)).send(&create());
            match outcome {
                Ok(_) => assert!(is_valid, "{stack:?}, {host}, {year}"),
                Err(error) => {
                    let cause = chain(&error);
                    assert!(!is_valid && cause.contains("certificate"), "{stack:?}: {cause}");
                    assert_eq!(transport_kind(&error), TransportErrorKind::Tls, "{stack:?}: {cause}");
                }
            }
        }
    }
}

/// Over TLS, the transport uses the builder that it was made of, which here follows redirects.
#[test]
fn a_redirect_is_not_followed_over_tls() {
    for stack in Stack::ALL {
        let requests = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&requests);
        let certificates = Certificates::new("127.0.0.1", 4000);
        let target = Target::https(certificates.serve(move |mut stream| {
            while fault_server::Request::read(&mut stream).is_some() {
                counted.fetch_add(1, Ordering::SeqCst);
                stream.write_all(b"HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n").unwrap();
                stream.flush().unwrap();
            }
        }));
        let error = trusting(stack, &certificates, &target.setup(0)).send(&create()).unwrap_err();
        assert_eq!(error.status().unwrap(), 302, "{stack:?}: {error:?}");
        assert_eq!(requests.load(Ordering::SeqCst), 1, "{stack:?}");
    }
}
