//! Thin events: the types of the runtime's macro, with the objects of this crate that a notification is about.

use stripe_runtime::__private::notification;
#[cfg(feature = "test-util")]
use stripe_runtime::__private::sample_notification;

use super::{EventId, NotificationType, Verifier, WebhookError};
use crate::API_VERSION;

notification! {
    Some(API_VERSION), NotificationType;
    /// Id of a Financial Connections account, which every event `v1.financial_connections.account.*` is about.
    Account(crate::Account, crate::AccountId, account_id)
        = retrieve_account(crate::RetrieveAccount, feature = "accounts"),
}

/// Returns the body of a notification about an account, to be [signed](super::Verifier::sign) and sent to the code under test.
///
/// The event is of test mode. Only with the feature `test-util`.
///
/// ```
/// use stripe_financial_connections::webhook::{
///     Notification, NotificationType, sample_notification_body,
/// };
///
/// let body = sample_notification_body(NotificationType::AccountCreated, "fca_1");
/// let notification = Notification::from_trusted(body)?;
/// assert_eq!(notification.account_id().map(|id| id.as_str()), Some("fca_1"));
/// # Ok::<(), stripe_financial_connections::webhook::WebhookError>(())
/// ```
#[cfg(feature = "test-util")]
#[cfg_attr(docsrs, doc(cfg(feature = "test-util")))]
#[must_use]
pub fn sample_notification_body(type_: impl Into<NotificationType>, account: impl Into<crate::AccountId>) -> String {
    let account = account.into();
    let url = format!("/v1/financial_connections/accounts/{account}");
    sample_notification(type_.into().as_str(), crate::Account::OBJECT, Some(account.as_str()), &url)
}
