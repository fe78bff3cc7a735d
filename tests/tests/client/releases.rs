//! Two releases of the API in one program, over one client.

use stripe_financial_connections::{
    API_VERSION, Operation, Options, Session,
    preview::{self, RetrieveSession},
};

use crate::{
    harness::{Setup, Stack, create, session},
    server::{Server, Step},
};

/// A version that Stripe gives to participants of the preview.
const PREVIEW: &str = "2026-09-30.preview";

#[test]
fn each_release_sends_its_own_version() {
    let preview = session("fcsess_1").replacen(
        "\"livemode\"",
        "\"relink_result\": {\"failure_reason\": \"no_account\"}, \"filters\": {\"countries\": [\"US\"]}, \"livemode\"",
        1,
    );
    for stack in Stack::ALL {
        let server = Server::steps([Step::response(200, session("fcsess_1")), Step::response(200, preview.clone())]);
        let client = stack.client(&Setup::of(&server)).unwrap();
        let created: Session = client.send(&create()).unwrap().into_value();
        let retrieve = RetrieveSession::new(created.id.as_str());
        let retrieved: preview::Session =
            client.send_with(&retrieve, &Options::new().api_version(PREVIEW)).unwrap().into_value();
        assert_eq!(retrieved.id.as_str(), created.id.as_str());
        let result = retrieved.relink_result.as_ref().unwrap();
        assert_eq!(result.failure_reason.as_ref(), Some(&preview::SessionRelinkResultFailureReason::NoAccount));

        let versions: Vec<_> =
            server.received().iter().map(|received| received.header("stripe-version").unwrap().to_owned()).collect();
        assert_eq!(versions, [API_VERSION, PREVIEW], "{stack:?}");
    }
}

#[test]
fn a_release_without_a_version_asks_for_one() {
    assert_eq!(RetrieveSession::API_VERSION, None);
    assert_eq!(RetrieveSession::new("fcsess_1").request().unwrap().api_version(), None);
    let server = Server::steps([Step::response(200, session("fcsess_1"))]);
    for stack in Stack::ALL {
        let client = stack.client(&Setup::of(&server)).unwrap();
        let error = client.send(&RetrieveSession::new("fcsess_1")).unwrap_err();
        assert!(error.to_string().contains("API version is missing"), "{error}");
    }
    assert!(server.received().is_empty(), "nothing was sent");
}

#[test]
fn errors_are_one_type_for_all_releases() {
    let body = r#"{"error": {"type": "invalid_request_error", "code": "resource_missing", "param": "session"}}"#;
    let server = Server::steps([Step::response(404, body)]);
    for stack in Stack::ALL {
        let client = stack.client(&Setup::of(&server)).unwrap();
        let retrieve = RetrieveSession::new("fcsess_1");
        let error = client.send_with(&retrieve, &Options::new().api_version(PREVIEW)).unwrap_err();
        assert!(error.to_string().contains("resource_missing"), "{error}");
    }
}
