//! Thin events: what is the same for the types of all crates.

use serde_core::de::DeserializeOwned;

use super::{
    WebhookError,
    event::{OBJECT, RequestObject, THIN_OBJECT, not_an_event, without_mark},
};
#[cfg(feature = "http")]
use crate::Options;
use crate::{DateTime, Opaque, decode, support::model};

/// A thin event of a type `T`, as it is decoded.
pub struct ThinEnvelope<T> {
    /// `id`.
    pub id: String,
    /// `type`.
    pub type_: T,
    /// `created`.
    pub created: DateTime,
    /// `livemode`.
    pub livemode: bool,
    /// `context`.
    pub context: Option<String>,
    /// `reason`.
    pub reason: Option<ReasonObject>,
    /// `related_object`.
    pub related_object: Option<RelatedFields>,
    /// `snapshot_event`.
    pub snapshot_event: Option<String>,
}

model! {
    @decode ThinEnvelope [T] [THIN_OBJECT]
    id, context?, created, livemode, reason?, related_object?, snapshot_event?, type_ = "type",
}

/// Why a thin event happened.
pub struct ReasonObject {
    /// `type`.
    pub type_: String,
    /// `request`.
    pub request: Option<RequestObject>,
}

model! {
    ReasonObject { type_ = "type", request? }
}

impl ReasonObject {
    /// Returns the request that caused the event, or else the type of the reason.
    ///
    /// # Errors
    /// Returns the type of a reason that is no request.
    pub fn into_request(self) -> Result<RequestObject, String> {
        match self.type_ == "request" {
            true => Ok(self.request.unwrap_or(RequestObject { id: None, idempotency_key: None })),
            false => Err(self.type_),
        }
    }
}

/// The object that a thin event is about.
pub struct RelatedFields {
    /// `type`.
    pub type_: String,
    /// `id`.
    pub id: Option<String>,
    /// `url`.
    pub url: String,
}

model! {
    RelatedFields { type_ = "type", id?, url }
}

/// What a whole thin event has beside its notification.
pub struct ThinDetails {
    /// `data`.
    pub data: Option<Opaque>,
    /// `changes`.
    pub changes: Option<Opaque>,
}

model! {
    ThinDetails { data?, changes? }
}

/// Decodes a thin event and its JSON, for a crate of an API version.
///
/// # Errors
/// [`WebhookError::NotAnEvent`] and [`WebhookError::SnapshotEvent`].
pub fn notification_json<T: DeserializeOwned>(
    body: &[u8],
    expected_version: &'static str,
) -> Result<(Opaque, ThinEnvelope<T>), WebhookError> {
    let wrong = |error| not_an_event(error, None, expected_version);
    let body = without_mark(body);
    let json: Opaque = decode(body).map_err(wrong)?;
    if json.object() == Some(OBJECT) {
        return Err(WebhookError::SnapshotEvent(json));
    }
    // The text is decoded again, not the JSON that was just read, so that an error states the place.
    Ok((json, decode(body).map_err(wrong)?))
}

/// Returns the options of a request about an event.
#[cfg(feature = "http")]
pub fn notification_options(id: &str, context: Option<&str>) -> Options {
    let options = Options::new().header("Stripe-Request-Trigger", format!("event={id}"));
    match context {
        None | Some("") => options,
        Some(context) => options.context(context).without_account(),
    }
}

/// Returns the body of the notification of an event about an object.
#[cfg(feature = "test-util")]
#[must_use]
pub fn sample_notification(type_: &str, object: &str, id: Option<&str>, url: &str) -> String {
    let mut related_object = serde_json::json!({ "type": object, "url": url });
    if let Some(id) = id {
        related_object["id"] = id.into();
    }
    serde_json::json!({
        "id": "evt_test_65R9Ijk8dKEYZcXeRWn16R9A7j1FSQ3w3TGDPLLGSM4CW0",
        "object": THIN_OBJECT,
        "context": null,
        "created": "2026-09-21T14:13:20.000Z",
        "livemode": false,
        "reason": null,
        "related_object": related_object,
        "type": type_,
    })
    .to_string()
}
