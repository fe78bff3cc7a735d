//! Events that Stripe sends to a webhook endpoint: verifying their signature, and reading them.
//!
//! A [`Verifier`] is made once, with the secret of the endpoint. It takes the body and the header `Stripe-Signature` of each
//! request, and returns an [`Event`], or the [`Notification`] of a thin one. The [front page](crate#webhooks) has a handler of
//! each, and the example `axum_handler` a backend that receives both.
//!
//! # Thin events
//! An event destination with thin payloads is sent a [`Notification`] instead: what happened to which object, without the object. Some
//! events exist only in this form, such as [`AccountBalanceRefreshFailed`](NotificationType::AccountBalanceRefreshFailed). Stripe sends
//! both kinds to a URL each, signed with a secret each.
//!
//! [`RetrieveEvent`] fetches more about what happened, with the same options:
//!
//! ```
//! # #[cfg(feature = "client")]
//! # mod example {
//! use stripe_financial_connections::webhook::{FullEvent, Notification, RetrieveEvent};
//! use stripe_financial_connections::{Client, Error};
//!
//! async fn full_event(stripe: &Client, event: &Notification) -> Result<FullEvent, Error> {
//!     let response = stripe.send_with(&RetrieveEvent::new(&event.id), &event.options()).await?;
//!     Ok(response.into_value())
//! }
//! # }
//! ```
//!
//! During a migration, Stripe sends some events in both forms: the
//! [`snapshot_event`](Notification::snapshot_event) of the one is the [`id`](Event::id) of the other.
//!
//! # Testing
//! With the feature `test-util`, there are bodies to sign:
//!
//! ```
//! # #[cfg(feature = "test-util")]
//! # {
//! use stripe_financial_connections::Account;
//! use stripe_financial_connections::webhook::{EventType, Verifier, sample_body};
//!
//! let verifier = Verifier::new("whsec_test")?;
//! let body = sample_body(EventType::AccountCreated, &Account::sample());
//! let event = verifier.event(&body, Some(verifier.sign(&body)))?;
//! assert_eq!(event.data.object, Account::sample().into());
//! # }
//! # Ok::<(), stripe_financial_connections::webhook::WebhookError>(())
//! ```
//!
//! # What is signed
//! - The body as its bytes came: pass it on before anything parses, trims or re-encodes it.
//! - The key is the whole secret, with its prefix `whsec_`. Each endpoint has a secret of its own, and so has `stripe listen`.
//! - While a secret is being rolled, Stripe signs with both secrets. The signature of one of them is enough.
//!
//! # Responding
//! Respond with 200 as soon as the event is stored, and with 400 to a [`WebhookError`]. Stripe sends an event again until it
//! gets a 2xx status, may send it twice, and sends events in no particular order: remember the [`id`](Event::id) of what was
//! handled.

mod event;
mod notification;

pub use crate::releases::events::{EventType, NotificationType};
#[cfg(feature = "test-util")]
pub use event::sample_body;
pub use event::{Event, EventData, EventId, EventObject, EventRequest, Verifier};
#[cfg(feature = "test-util")]
pub use notification::sample_notification_body;
pub use notification::{FullEvent, Notification, NotificationReason, RelatedObject, RelatedObjectId, RetrieveEvent};
#[doc(inline)]
pub use stripe_runtime::webhook::{DateTime, SIGNATURE_HEADER, WebhookError, WebhookErrorClass};
