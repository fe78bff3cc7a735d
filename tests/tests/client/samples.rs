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
    for release in &config.releases {
        let document = workspace::read(&format!("spec/{}", release.document));
        let api = codegen::generate(&config, &release.document, &document).unwrap().api;
        let start = source.find(&format!("    {}:\n", release.module)).expect("the release has samples");
        let rows = &source[start..start + source[start..].find('}').unwrap()];
        assert!(!api.models.is_empty());
        for model in &api.models {
            let row = format!("    {} => ", model.name);
            let name = format!("{}::{}", release.module, model.name);
            assert!(rows.contains(&row), "{name} has no sample: add it to generated/src/test_util.rs");
        }
    }
}
