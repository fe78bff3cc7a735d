//! Events: the types of the runtime's macro, with the object that an event of this crate is about.

use stripe_runtime::__private::webhook;

use super::{EventType, WebhookError};
use crate::{API_VERSION, Account, StripeAccountId};

webhook! {
    EventType, StripeAccountId;

    /// Identifies an [`Event`], or the event of a [`Notification`](super::Notification).
    EventId,

    /// An event that holds its object as it was when the event occurred (a snapshot event). A
    /// [`Notification`](super::Notification) is of one that does not.
    Event,

    /// Returns what kind of object it is, as in its field `object`: `financial_connections.account`.
    object,

    /// Verifies that a request comes from Stripe, with the secret of a webhook endpoint. See the [module](super).
    Verifier,

    /// Verifies a request that has just arrived, and reads its event. [`notification`](Self::notification) reads a thin one.
    event,

    /// Returns the body of an event about an object, to be [signed](Verifier::sign) and sent to the code under test.
    ///
    /// The event is of test mode and of the API version of this crate. Only with the feature `test-util`.
    ///
    /// ```
    /// use stripe_financial_connections::Account;
    /// use stripe_financial_connections::webhook::{Event, EventType, sample_body};
    ///
    /// let body = sample_body(EventType::AccountCreated, &Account::sample());
    /// assert_eq!(Event::from_trusted(body)?.data.object, Account::sample().into());
    /// # Ok::<(), stripe_financial_connections::webhook::WebhookError>(())
    /// ```
    sample_body,

    {
        /// A Financial Connections account, which every event `financial_connections.account.*` is about.
        Account(Account, id),
    }
}
