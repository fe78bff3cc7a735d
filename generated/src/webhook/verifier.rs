//! The verifier of the runtime, which also reads the event here.

use std::time::Duration;

use stripe_runtime::webhook::{self, WebhookError};

use super::{Event, Notification};
use crate::Timestamp;

/// Verifies that a request comes from Stripe, with the secret of a webhook endpoint. See the [module](super).
///
/// It is cheap to clone and can be shared between threads. `Debug` does not show the secret.
#[derive(Clone, Debug)]
pub struct Verifier(webhook::Verifier);

impl Verifier {
    /// The tolerance where none is set: five minutes, as in Stripe's libraries.
    pub const DEFAULT_TOLERANCE: Duration = webhook::Verifier::DEFAULT_TOLERANCE;

    /// Creates a verifier from the whole secret of the endpoint, with its prefix `whsec_`. Nothing is trimmed.
    ///
    /// # Errors
    /// [`WebhookError::BlankSecret`] when the secret is empty or whitespace.
    pub fn new(secret: impl AsRef<str>) -> Result<Self, WebhookError> {
        webhook::Verifier::new(secret).map(Self)
    }

    /// Sets the greatest age of a signature that is accepted. Default: 300 seconds, inclusive.
    ///
    /// The age is counted in whole seconds, and a timestamp in the future is accepted. `Duration::ZERO` accepts no age at all,
    /// unlike in Stripe's libraries; `Duration::MAX` accepts any age, and with it every replay.
    #[must_use]
    pub fn tolerance(self, tolerance: Duration) -> Self {
        Self(self.0.tolerance(tolerance))
    }

    /// Verifies a request that has just arrived, and reads its event. [`notification`](Self::notification) reads a thin one.
    ///
    /// The body has to be the bytes of the request as they came. The header is what `headers.get(SIGNATURE_HEADER)` returns,
    /// in whatever type the HTTP stack has for it.
    ///
    /// # Errors
    /// Every variant of [`WebhookError`] but [`BlankSecret`](WebhookError::BlankSecret) and
    /// [`SnapshotEvent`](WebhookError::SnapshotEvent).
    ///
    /// # Panics
    /// On platforms without a clock, such as `wasm32-unknown-unknown`. [`event_at`](Self::event_at) needs none.
    #[doc(alias = "construct_event")]
    #[doc(alias = "constructEvent")]
    pub fn event(&self, body: impl AsRef<[u8]>, header: Option<impl AsRef<[u8]>>) -> Result<Event, WebhookError> {
        let body = body.as_ref();
        self.verify(body, header)?;
        Event::from_trusted(body)
    }

    /// Verifies a request that arrived at a given time, for a request that waited in a queue and for tests, and reads its
    /// event.
    ///
    /// # Errors
    /// As [`event`](Self::event).
    pub fn event_at(
        &self,
        body: impl AsRef<[u8]>,
        header: Option<impl AsRef<[u8]>>,
        received_at: Timestamp,
    ) -> Result<Event, WebhookError> {
        let body = body.as_ref();
        self.verify_at(body, header, received_at)?;
        Event::from_trusted(body)
    }

    /// Verifies a request that has just arrived, and reads its thin event.
    ///
    /// The body and the header are those of [`event`](Self::event).
    ///
    /// # Errors
    /// Every variant of [`WebhookError`] but [`BlankSecret`](WebhookError::BlankSecret) and
    /// [`ThinEvent`](WebhookError::ThinEvent).
    ///
    /// # Panics
    /// As [`event`](Self::event). [`notification_at`](Self::notification_at) needs no clock.
    #[doc(alias = "parse_event_notification")]
    #[doc(alias = "parseEventNotification")]
    pub fn notification(
        &self,
        body: impl AsRef<[u8]>,
        header: Option<impl AsRef<[u8]>>,
    ) -> Result<Notification, WebhookError> {
        let body = body.as_ref();
        self.verify(body, header)?;
        Notification::from_trusted(body)
    }

    /// Verifies a request that arrived at a given time, for a request that waited in a queue and for tests, and reads its thin
    /// event.
    ///
    /// # Errors
    /// As [`notification`](Self::notification).
    pub fn notification_at(
        &self,
        body: impl AsRef<[u8]>,
        header: Option<impl AsRef<[u8]>>,
        received_at: Timestamp,
    ) -> Result<Notification, WebhookError> {
        let body = body.as_ref();
        self.verify_at(body, header, received_at)?;
        Notification::from_trusted(body)
    }

    /// Verifies a request that has just arrived, without reading the body, and returns when it was signed.
    ///
    /// # Errors
    /// [`NoHeader`](WebhookError::NoHeader), [`Malformed`](WebhookError::Malformed), [`NoMatch`](WebhookError::NoMatch) and
    /// [`TooOld`](WebhookError::TooOld).
    ///
    /// # Panics
    /// As [`event`](Self::event). [`verify_at`](Self::verify_at) needs no clock.
    pub fn verify(&self, body: impl AsRef<[u8]>, header: Option<impl AsRef<[u8]>>) -> Result<Timestamp, WebhookError> {
        self.0.verify(body, header)
    }

    /// Verifies a request that arrived at a given time, without reading the body, and returns when it was signed.
    ///
    /// # Errors
    /// As [`verify`](Self::verify).
    pub fn verify_at(
        &self,
        body: impl AsRef<[u8]>,
        header: Option<impl AsRef<[u8]>>,
        received_at: Timestamp,
    ) -> Result<Timestamp, WebhookError> {
        self.0.verify_at(body, header, received_at)
    }

    /// Returns the header that Stripe would send with a body now: for tests of code that receives events.
    ///
    /// # Panics
    /// As [`event`](Self::event). [`sign_at`](Self::sign_at) needs no clock.
    #[doc(alias = "generateTestHeaderString")]
    #[must_use]
    pub fn sign(&self, body: impl AsRef<[u8]>) -> String {
        self.0.sign(body)
    }

    /// Returns the header that Stripe would send with a body at a given time, which should not be before 1970.
    #[must_use]
    pub fn sign_at(&self, body: impl AsRef<[u8]>, at: Timestamp) -> String {
        self.0.sign_at(body, at)
    }
}
