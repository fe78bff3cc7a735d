//! The samples of the feature `test-util`.

use stripe_financial_connections::{ApiError, Session, SessionPermission, preview};

#[test]
fn a_sample_can_be_changed() {
    let mut session = Session::sample();
    assert_eq!(session.permissions, [SessionPermission::Balances]);
    assert_eq!(session.accounts.data[0].institution_name, "institution_name");
    session.livemode = false;
    session.accounts.data.clear();
    assert_ne!(session, Session::sample());
    assert_eq!(ApiError::sample().code.as_deref(), Some("code"));
    assert!(preview::Session::sample().relink_result.is_some());
}
