//! The error object, which every operation of every release of the API responds with.

use super::{Opaque, model, model::Omit, open_enum};

/// The body of an error response.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ErrorResponse {
    /// What went wrong.
    pub error: ApiError,
}

model! { ErrorResponse { error } }

/// What went wrong with a request: the error object of Stripe's API.
///
/// Branch on `type` and on `code`, never on `message`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ApiError {
    /// What the card issuer advises to do next after a decline, as a short code, if it says so. See
    /// [declines](https://docs.stripe.com/declines).
    pub advice_code: Option<String>,
    /// The failed charge, by id, for card errors.
    pub charge: Option<String>,
    /// Short code that programs can act on. See [error codes](https://docs.stripe.com/error-codes).
    pub code: Option<String>,
    /// Why the card issuer declined, as a short code, if it says so. See [declines](https://docs.stripe.com/declines).
    pub decline_code: Option<String>,
    /// Page of Stripe's documentation on this `code`.
    pub doc_url: Option<String>,
    /// The error in words. Those of card errors are fit to be shown to the payer.
    pub message: Option<String>,
    /// Two digits with which the card network tells the merchant what to do next after the issuer declined.
    pub network_advice_code: Option<String>,
    /// Letters and digits with which the network gives its reason for declining.
    pub network_decline_code: Option<String>,
    /// The parameter at fault, if there is one; lets you put the message beside the right input.
    pub param: Option<String>,
    /// The attempt to collect a payment that failed: its id and its JSON.
    pub payment_intent: Option<Opaque>,
    /// The way to pay that failed: its id and its JSON.
    pub payment_method: Option<Opaque>,
    /// The type of the payment method at fault. Set only for errors that concern an invoice.
    pub payment_method_type: Option<String>,
    /// Log entry of this request in the Stripe Dashboard.
    pub request_log_url: Option<String>,
    /// The preparation of a payment method that failed: its id and its JSON.
    pub setup_intent: Option<Opaque>,
    /// The payment source at fault, when the request concerned one: its id and its JSON.
    pub source: Option<Opaque>,
    /// Broad class of the error. `Unknown` with an empty string if Stripe sent none, as in some errors of operations below `/v2/`.
    pub type_: ApiErrorType,
    /// The error in words that are fit to be shown to the people who use the program. Only operations below `/v2/` send it.
    pub user_message: Option<String>,
}

model! {
    ApiError {
        advice_code?, charge?, code?, decline_code?, doc_url?, message?, network_advice_code?, network_decline_code?,
        param?, payment_intent?, payment_method?, payment_method_type?, request_log_url?, setup_intent?, source?,
        type_ = "type"?, user_message?,
    }
}

/// Broad class of an [`ApiError`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ApiErrorType {
    /// Something else went wrong, such as a temporary failure at Stripe. Rare.
    ApiError,
    /// The card cannot be charged.
    CardError,
    /// The idempotency key was used before, with another endpoint or other parameters.
    IdempotencyError,
    /// The request is malformed, or a parameter is wrong or missing.
    InvalidRequestError,
    /// A value unknown to this version of the crate, as Stripe sent it.
    Unknown(String),
}

/// Stands for a type that Stripe did not send.
impl Default for ApiErrorType {
    fn default() -> Self {
        Self::Unknown(String::new())
    }
}

impl Omit for ApiErrorType {
    /// Never: an empty type could also be what Stripe sent.
    fn is_omitted(&self) -> bool {
        false
    }
}

open_enum! {
    ApiErrorType {
        ApiError = "api_error", CardError = "card_error", IdempotencyError = "idempotency_error",
        InvalidRequestError = "invalid_request_error",
    }
}

#[cfg(feature = "test-util")]
super::samples! {
    // A session that does not exist, without a payment.
    ApiError = r#"{
        "code": "resource_missing",
        "doc_url": "https://stripe.com/docs/error-codes/resource-missing",
        "message": "No such session: 'fcsess_1Qz7VfKkXe3Yw5Lb2VdGjW6N'",
        "param": "session",
        "request_log_url": "https://dashboard.stripe.com/test/logs/req_N5xPq8ZkRw2TtY",
        "type": "invalid_request_error"
    }"#,
    ErrorResponse = r#"{
        "error": {
            "code": "resource_missing",
            "doc_url": "https://stripe.com/docs/error-codes/resource-missing",
            "message": "No such session: 'fcsess_1Qz7VfKkXe3Yw5Lb2VdGjW6N'",
            "param": "session",
            "request_log_url": "https://dashboard.stripe.com/test/logs/req_N5xPq8ZkRw2TtY",
            "type": "invalid_request_error"
        }
    }"#,
}
