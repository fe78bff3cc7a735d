//! A valid sample of each model, for the tests of other crates.
//!
//! The samples are read from JSON as Stripe sends it, so that they are what the models say, whatever becomes of the models.

use serde_core::de::DeserializeOwned;
use serde_json::Value;

const SESSION: &str = include_str!("test_util/session.json");
#[cfg(feature = "preview")]
const SESSION_PREVIEW: &str = include_str!("test_util/session_preview.json");
const OWNERSHIP: &str = include_str!("test_util/ownership.json");
const ERROR: &str = include_str!("test_util/error.json");

/// Says where in which JSON the sample of each model of a release stands.
macro_rules! samples {
    ($release:ident: $($model:ident => $json:ident at $pointer:literal,)*) => {
        $(
            impl crate::releases::$release::$model {
                /// A valid one, for a test to change. Only with the feature `test-util`.
                #[must_use]
                pub fn sample() -> Self {
                    read($json, $pointer)
                }
            }
        )*

        #[cfg(test)]
        mod $release {
            use super::*;
            use crate::releases::$release as release;

            #[test]
            fn samples_are_written_as_they_are_read() {
                $(
                    let json: Value = serde_json::from_str($json).unwrap();
                    let sample = release::$model::sample();
                    let written = serde_json::to_value(&sample).unwrap();
                    assert_eq!(Some(&written), json.pointer($pointer), stringify!($model));
                    assert_eq!(serde_json::from_value::<release::$model>(written).unwrap(), sample);
                )*
            }
        }
    };
}

samples! {
    endive:
    Account => SESSION at "/accounts/data/0",
    AccountHolder => SESSION at "/account_holder",
    AccountNumberDetails => SESSION at "/accounts/data/0/account_numbers/0",
    AccountOwner => OWNERSHIP at "/owners/data/0",
    AccountOwnership => OWNERSHIP at "",
    AccountStatusDetails => SESSION at "/accounts/data/0/status_details",
    ActiveStatusDetails => SESSION at "/accounts/data/0/status_details/active",
    ApiError => ERROR at "/error",
    Balance => SESSION at "/accounts/data/0/balance",
    BalanceRefresh => SESSION at "/accounts/data/0/balance_refresh",
    CashBalance => SESSION at "/accounts/data/0/balance/cash",
    CreditBalance => SESSION at "/accounts/data/1/balance/credit",
    ErrorResponse => ERROR at "",
    OwnershipRefresh => SESSION at "/accounts/data/0/ownership_refresh",
    Session => SESSION at "",
    SessionFilters => SESSION at "/filters",
    SessionLimits => SESSION at "/limits",
    SessionManualEntry => SESSION at "/manual_entry",
    Token => SESSION at "/bank_account_token",
    TransactionRefresh => SESSION at "/accounts/data/0/transaction_refresh",
}

#[cfg(feature = "preview")]
samples! {
    preview:
    Account => SESSION_PREVIEW at "/accounts/data/0",
    AccountHolder => SESSION_PREVIEW at "/account_holder",
    AccountNumberDetails => SESSION_PREVIEW at "/accounts/data/0/account_numbers/0",
    AccountOwner => OWNERSHIP at "/owners/data/0",
    AccountOwnership => OWNERSHIP at "",
    AccountStatusDetails => SESSION_PREVIEW at "/accounts/data/0/status_details",
    ApiError => ERROR at "/error",
    Balance => SESSION_PREVIEW at "/accounts/data/0/balance",
    BalanceRefresh => SESSION_PREVIEW at "/accounts/data/0/balance_refresh",
    CashBalance => SESSION_PREVIEW at "/accounts/data/0/balance/cash",
    CreditBalance => SESSION_PREVIEW at "/accounts/data/1/balance/credit",
    ErrorResponse => ERROR at "",
    InactiveStatusDetails => SESSION_PREVIEW at "/accounts/data/0/status_details/inactive",
    OwnershipRefresh => SESSION_PREVIEW at "/accounts/data/0/ownership_refresh",
    Session => SESSION_PREVIEW at "",
    SessionFilters => SESSION_PREVIEW at "/filters",
    SessionLimits => SESSION_PREVIEW at "/limits",
    SessionRelinkOptions => SESSION_PREVIEW at "/relink_options",
    SessionRelinkResult => SESSION_PREVIEW at "/relink_result",
    TransactionRefresh => SESSION_PREVIEW at "/accounts/data/0/transaction_refresh",
}

#[expect(clippy::expect_used, reason = "for tests, and proven by one")]
fn read<T: DeserializeOwned>(json: &str, pointer: &str) -> T {
    let json: Value = serde_json::from_str(json).expect("a sample is JSON");
    let sample = json.pointer(pointer).expect("a sample is where it should be");
    T::deserialize(sample).expect("a sample is what the model says")
}
