//! The samples of the feature `test-util`.

use serde_json::{Value, json};
use stripe_financial_connections::{
    Account, AccountHolderType, AccountOwner, AccountOwnership, AccountStatus, ApiError, BalanceType, List,
    SearchResult, Session, preview,
};

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

#[test]
fn the_fields_of_a_sample_agree() {
    let session = Session::sample();
    let account = session.accounts.first().unwrap();
    assert_eq!(*account, Account::sample());
    for holder in [&session.account_holder, &account.account_holder] {
        let holder = holder.as_ref().unwrap();
        assert_eq!(holder.type_, AccountHolderType::Customer);
        assert!(holder.customer.is_some() && holder.account.is_none() && holder.customer_account.is_none());
    }
    let balance = account.balance.as_ref().unwrap();
    assert_eq!(balance.type_, BalanceType::Cash);
    assert!(balance.cash.is_some() && balance.credit.is_none());
    let last4 = account.last4.as_ref().unwrap().expose();
    assert!(last4.len() == 4 && last4.bytes().all(|byte| byte.is_ascii_digit()), "{last4}");
    assert_eq!(account.status, AccountStatus::Active);
    assert!(account.status_details.as_ref().unwrap().active.is_some());
    let refresh = account.balance_refresh.as_ref().unwrap();
    assert!(refresh.next_refresh_available_at.as_ref().unwrap() > &refresh.last_attempted_at);

    let ownership = AccountOwnership::sample();
    assert_eq!(account.ownership.as_ref().unwrap().id(), Some(ownership.id.as_str()));
    assert_eq!(AccountOwner::sample().ownership, ownership.id.as_str());
    assert_eq!(ownership.owners.first(), Some(&AccountOwner::sample()));

    let error = ApiError::sample();
    assert_eq!(error.code.as_deref(), Some("resource_missing"));
    assert!(error.charge.is_none() && error.payment_intent.is_none());
    assert!(preview::Session::sample().relink_result.is_some());
}

/// Ids have the prefixes of Stripe's, times are of this decade, and no string is the name of its field.
#[test]
fn samples_look_like_what_stripe_sends() {
    let samples = [
        json!(Session::sample()),
        json!(AccountOwnership::sample()),
        json!(ApiError::sample()),
        json!(preview::Session::sample()),
    ];
    let mut ids = 0;
    for sample in &samples {
        visit("", sample, &mut |key, value| {
            if let Some(text) = value.as_str() {
                assert_ne!(text, key);
                assert!(!text.contains("obj_"), "{key}: {text}");
            }
            if let Some(id) =
                value.as_str().filter(|_| ["id", "customer", "account", "authorization", "ownership"].contains(&key))
            {
                let (prefix, rest) = id.split_once('_').unwrap();
                assert!(prefix.bytes().all(|byte| byte.is_ascii_lowercase()), "{key}: {id}");
                assert!(rest.len() >= 14 && rest.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{key}: {id}");
                ids += 1;
            }
            if let Some(seconds) = value
                .as_i64()
                .filter(|_| key.ends_with("_at") || key.ends_with("_date") || key == "created" || key == "as_of")
            {
                assert!((1_700_000_000..1_900_000_000).contains(&seconds), "{key}: {seconds}");
            }
        });
    }
    assert!(ids >= 20, "{ids}");
}

/// Calls a function with every value and its key.
fn visit<'a>(key: &'a str, value: &'a Value, call: &mut impl FnMut(&'a str, &'a Value)) {
    call(key, value);
    match value {
        Value::Object(members) => members.iter().for_each(|(key, value)| visit(key, value, call)),
        Value::Array(items) => items.iter().for_each(|value| visit(key, value, call)),
        _ => {}
    }
}

#[test]
fn a_page_is_made_of_objects() {
    let page = List::sample([Account::sample()]).with(|page| page.has_more = true);
    assert_eq!((page.len(), page.has_more, page.total_count), (1, true, None));
    let json = serde_json::to_vec(&page).unwrap();
    assert_eq!(List::from_json(&json).unwrap(), page);
    let results = SearchResult::sample(["a".to_owned()]);
    assert_eq!((results.next_page.as_deref(), results.has_more), (None, false));
}
