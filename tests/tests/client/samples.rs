//! The samples of the feature `test-util`.

use stripe_financial_connections::{Account, AccountStatus, ApiError, Session, SessionPermission, preview};

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

#[test]
fn a_test_states_only_what_it_is_about() {
    let inactive = Account::sample().with(|account| account.status = AccountStatus::Inactive);
    assert_eq!(inactive.status, AccountStatus::Inactive);
    let session = Session::sample().with(|session| {
        session.livemode = true;
        session.accounts.data = vec![inactive.clone()];
    });
    assert_eq!(session.accounts.first(), Some(&inactive));
    assert_eq!(session.id, Session::sample().id);
    assert_eq!(inactive.with(|account| account.status = AccountStatus::Active), Account::sample());
}
