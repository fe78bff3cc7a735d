//! Thin events: what is the same for the types of all crates.

use serde_core::{Deserialize, Deserializer, de::DeserializeOwned};

use super::{
    WebhookError,
    event::{EventId, EventRequest, OBJECT, THIN_OBJECT, without_mark},
};
#[cfg(feature = "http")]
use crate::Options;
use crate::{DateTime, Opaque, decode, support::model};

/// Why a thin event happened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotificationReason {
    /// An API request caused it.
    Request(EventRequest),
    /// Another reason, by its type. Its JSON is in that of the notification.
    Other(String),
}

impl<'de> Deserialize<'de> for NotificationReason {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let ReasonObject { type_, request } = Deserialize::deserialize(deserializer)?;
        Ok(match type_ == "request" {
            true => Self::Request(request.unwrap_or(EventRequest { id: None, idempotency_key: None })),
            false => Self::Other(type_),
        })
    }
}

struct ReasonObject {
    type_: String,
    request: Option<EventRequest>,
}

model! { @decode ReasonObject [] [] type_ = "type", request?, }

/// A thin event of a type `T`, as it is decoded.
#[doc(hidden)]
pub struct ThinEnvelope<T> {
    pub id: EventId,
    pub type_: T,
    pub created: DateTime,
    pub livemode: bool,
    pub context: Option<String>,
    pub reason: Option<NotificationReason>,
    pub related_object: Option<RelatedFields>,
    pub snapshot_event: Option<EventId>,
}

model! {
    @decode ThinEnvelope [T] [THIN_OBJECT]
    id, context?, created, livemode, reason?, related_object?, snapshot_event?, type_ = "type",
}

/// The object that a thin event is about.
#[doc(hidden)]
pub struct RelatedFields {
    pub type_: String,
    pub id: Option<String>,
    pub url: String,
}

model! { @decode RelatedFields [] [] type_ = "type", id?, url, }

/// What a whole thin event has beside its notification.
#[doc(hidden)]
pub struct ThinDetails {
    pub data: Option<Opaque>,
    pub changes: Option<Opaque>,
}

model! { @decode ThinDetails [] [] data?, changes?, }

/// Decodes a thin event and its JSON, for a crate of an API version.
///
/// # Errors
/// [`WebhookError::NotAnEvent`] and [`WebhookError::SnapshotEvent`].
pub fn notification_json<T: DeserializeOwned>(
    body: &[u8],
    expected_version: &'static str,
) -> Result<(Opaque, ThinEnvelope<T>), WebhookError> {
    let not_an_event = |error| WebhookError::NotAnEvent { error, api_version: None, expected_version };
    let body = without_mark(body);
    let json: Opaque = decode(body).map_err(not_an_event)?;
    if json.object() == Some(OBJECT) {
        return Err(WebhookError::SnapshotEvent(json));
    }
    // The text is decoded again, not the JSON that was just read, so that an error states the place.
    Ok((json, decode(body).map_err(not_an_event)?))
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
