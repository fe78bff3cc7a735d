//! Verifying that a request to a webhook endpoint comes from Stripe.
//!
//! A [`Verifier`] is made once, with the secret of the endpoint. It takes the body and the header `Stripe-Signature` of each
//! request. A generated crate has a verifier of its own, which also reads the event, and if the crate names thin events, the
//! notification of one.

mod define;
mod error;
pub(crate) mod event;
pub(crate) mod notification;
pub(crate) mod signature;

pub use error::{WebhookError, WebhookErrorClass};
pub use event::{EventId, EventRequest};
pub use notification::NotificationReason;
pub use signature::{SIGNATURE_HEADER, Verifier};

#[doc(no_inline)]
pub use crate::DateTime;
