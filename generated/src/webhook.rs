//! Events that Stripe sends to a webhook endpoint: verifying their signature, and reading them.
//!
//! A [`Verifier`] is made once, with the secret of the endpoint. It takes the body and the header `Stripe-Signature` of each
//! request, and returns an [`Event`], or the [`Notification`] of a thin one:
//!
//! ```
//! use stripe_financial_connections::webhook::{
//!     EventObject, EventType, SIGNATURE_HEADER, Verifier, WebhookError,
//! };
//!
//! fn handle(
//!     verifier: &Verifier,
//!     body: &[u8],
//!     headers: &http::HeaderMap,
//! ) -> Result<(), WebhookError> {
//!     let event = verifier.event(body, headers.get(SIGNATURE_HEADER))?;
//!     match (&event.type_, &event.data.object) {
//!         (EventType::AccountDisconnected, EventObject::Account(account)) => {
//!             println!("{} is gone", account.id)
//!         }
//!         (_, EventObject::Account(account)) => {
//!             println!("{} has {:?}", account.id, account.status)
//!         }
//!         (other, _) => println!("nothing to do for {other}"),
//!     }
//!     Ok(())
//! }
//!
//! // In a test, the same verifier signs:
//! let verifier = Verifier::new("whsec_test")?;
//! let body = br#"{
//!     "object": "event", "id": "evt_1", "type": "invoice.paid",
//!     "api_version": "2026-09-30.endive", "created": 1790000000, "livemode": false,
//!     "data": { "object": { "id": "in_1", "object": "invoice" } }
//! }"#;
//! let mut headers = http::HeaderMap::new();
//! headers.insert(SIGNATURE_HEADER, verifier.sign(body).parse()?);
//! handle(&verifier, body, &headers)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Thin events
//! An event destination with thin payloads is sent a [`Notification`] instead: what happened to which object, without the object. Some
//! events exist only in this form, such as [`AccountBalanceRefreshFailed`](NotificationType::AccountBalanceRefreshFailed). This handler
//! of axum receives both kinds, which Stripe sends to a URL each, signed with a secret each:
//!
//! ```
//! # #[cfg(all(feature = "client", feature = "accounts"))]
//! # mod example {
//! use std::sync::Arc;
//!
//! use axum::{Router, body::Bytes, extract::State, http::HeaderMap, http::StatusCode, routing::post};
//! use stripe_financial_connections::webhook::{
//!     EventObject, NotificationType, SIGNATURE_HEADER, Verifier, WebhookError,
//! };
//! use stripe_financial_connections::{Account, Client, Error};
//!
//! struct Shop {
//!     stripe: Client,
//!     events: Verifier,
//!     notifications: Verifier,
//! }
//!
//! fn router(shop: Shop) -> Router {
//!     Router::new()
//!         .route("/events", post(event))
//!         .route("/notifications", post(notification))
//!         .with_state(Arc::new(shop))
//! }
//!
//! async fn event(
//!     State(shop): State<Arc<Shop>>,
//!     headers: HeaderMap,
//!     body: Bytes,
//! ) -> Result<(), StatusCode> {
//!     let event = shop.events.event(&body, headers.get(SIGNATURE_HEADER)).map_err(rejected)?;
//!     if let EventObject::Account(account) = event.data.object {
//!         store(*account);
//!     }
//!     Ok(())
//! }
//!
//! async fn notification(
//!     State(shop): State<Arc<Shop>>,
//!     headers: HeaderMap,
//!     body: Bytes,
//! ) -> Result<(), StatusCode> {
//!     let header = headers.get(SIGNATURE_HEADER);
//!     let notification = shop.notifications.notification(&body, header).map_err(rejected)?;
//!     if notification.type_ == NotificationType::AccountBalanceRefreshFailed {
//!         println!("{:?} has the balance of before", notification.account_id());
//!     }
//!     if let Some(retrieve) = notification.retrieve_account() {
//!         let account = shop.stripe.send_with(&retrieve, &notification.options()).await;
//!         store(account.map_err(failed)?.into_value());
//!     }
//!     Ok(())
//! }
//!
//! fn store(account: Account) {
//!     println!("{} is {}", account.id, account.status);
//! }
//!
//! fn rejected(error: WebhookError) -> StatusCode {
//!     println!("{error}");
//!     error.class().handler_status()
//! }
//!
//! fn failed(error: Error) -> StatusCode {
//!     println!("{error}");
//!     error.class().handler_status()
//! }
//! # }
//! ```
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
//! use stripe_financial_connections::webhook::{Event, EventType, sample_body};
//!
//! let body = sample_body(EventType::AccountCreated, &Account::sample());
//! assert_eq!(Event::from_trusted(body)?.data.object, Account::sample().into());
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
