//! Events: the types of the runtime's macro, with the object that an event of this crate is about.

use stripe_runtime::__private::webhook;

use super::{EventType, WebhookError};
use crate::{API_VERSION, Account, StripeAccountId};

webhook! {
    EventType, StripeAccountId;
    /// A Financial Connections account, which every event `financial_connections.account.*` is about.
    Account(Account, id),
}
