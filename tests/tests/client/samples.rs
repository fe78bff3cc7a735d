//! The samples of the feature `test-util`.

use stripe_financial_connections::{ApiError, Session};
use tests::workspace;

#[test]
fn a_sample_can_be_changed() {
    let mut session = Session::sample();
    session.livemode = true;
    session.accounts.data.truncate(1);
    assert_ne!(session, Session::sample());
    assert_eq!(ApiError::sample().code.as_deref(), Some("resource_missing"));
}

#[test]
fn every_model_has_a_sample() {
    let source = workspace::read("generated/src/test_util.rs");
    let config = workspace::config();
    let release = config.releases.last().unwrap();
    let document = workspace::read(&format!("spec/{}", release.document));
    let api = codegen::generate(&config, &release.document, &document).unwrap().api;
    assert!(!api.models.is_empty());
    for model in &api.models {
        let row = format!("    {} => ", model.name);
        assert!(source.contains(&row), "{} has no sample: add it to generated/src/test_util.rs", model.name);
    }
}
