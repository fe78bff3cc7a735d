//! Events: the envelope, which is the same for all types.

use std::fmt;

use serde_core::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error, MapAccess, Visitor, value::MapAccessDeserializer},
};
use serde_json::Value;

use super::WebhookError;
use crate::{
    __private::id,
    Opaque, Timestamp, decode,
    support::{kept::Entries, model},
};

/// What the field `object` of an event holds.
pub(super) const OBJECT: &str = "event";

/// What the field `object` of a thin event holds.
pub(super) const THIN_OBJECT: &str = "v2.core.event";

/// Identifies an event.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId(String);

id!(EventId);

/// The API request that caused an event.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EventRequest {
    /// Id of the request, as in `req_…`. `None` for an event that no request caused.
    pub id: Option<String>,
    /// The idempotency key of the request, if it had one. `Debug` prints it: it opens nothing without the API key, and finds the
    /// call in a log.
    pub idempotency_key: Option<String>,
}

model! { @decode EventRequest [] [] id?, idempotency_key?, }

/// The request of a snapshot event.
#[doc(hidden)]
pub struct IdOrRequest(pub EventRequest);

impl<'de> Deserialize<'de> for IdOrRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(IdOrRequestVisitor)
    }
}

/// Endpoints of API versions before 2017-05-25 get the id of the request alone.
struct IdOrRequestVisitor;

impl<'de> Visitor<'de> for IdOrRequestVisitor {
    type Value = IdOrRequest;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id or an object")
    }

    fn visit_str<E: Error>(self, id: &str) -> Result<IdOrRequest, E> {
        Ok(IdOrRequest(EventRequest { id: Some(id.to_owned()), idempotency_key: None }))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<IdOrRequest, A::Error> {
        let entries = Entries::of_object(map, &self)?;
        EventRequest::deserialize(MapAccessDeserializer::new(entries)).map(IdOrRequest)
    }
}

/// An event of a type `T` for the account `A`, as it is decoded when its object is known to be an `O`.
#[doc(hidden)]
pub struct Envelope<T, A, O> {
    pub id: EventId,
    pub type_: T,
    pub created: Timestamp,
    pub livemode: bool,
    pub api_version: Option<String>,
    pub account: Option<A>,
    pub context: Option<String>,
    pub data: EnvelopeData<O>,
    pub request: Option<IdOrRequest>,
}

model! {
    @decode Envelope [T, A, O] [OBJECT]
    id, account?, api_version?, context?, created, data, livemode, request?, type_ = "type",
}

/// What an event is about.
#[doc(hidden)]
pub struct EnvelopeData<O> {
    pub object: O,
    pub previous_attributes: Option<Opaque>,
}

model! { @decode EnvelopeData [O] [] object, previous_attributes?, }

/// Returns a body without its byte order mark, which is part of what is signed, but not of the JSON.
pub(super) fn without_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

/// Decodes the JSON of an event, for a crate of an API version.
///
/// # Errors
/// [`WebhookError::NotAnEvent`] and [`WebhookError::ThinEvent`].
pub fn event_json(body: &[u8], expected_version: &'static str) -> Result<Opaque, WebhookError> {
    let not_an_event = |error| WebhookError::NotAnEvent { error, api_version: None, expected_version };
    let json: Opaque = decode(without_mark(body)).map_err(not_an_event)?;
    match json.object() {
        Some(THIN_OBJECT) => Err(WebhookError::ThinEvent(json)),
        _ => Ok(json),
    }
}

/// Returns what kind of object an event is about.
#[must_use]
pub fn object_of_event(event: &Opaque) -> Option<&str> {
    event.get("data")?.get("object")?.get("object")?.as_str()
}

/// Decodes an event whose JSON was read. The text is decoded again, not the JSON, so that an error states the place.
///
/// # Errors
/// [`WebhookError::NotAnEvent`].
pub fn event<E: DeserializeOwned>(
    body: &[u8],
    json: &Opaque,
    expected_version: &'static str,
) -> Result<E, WebhookError> {
    decode(without_mark(body)).map_err(|error| {
        let api_version = json.get("api_version").and_then(Value::as_str).map(str::to_owned);
        WebhookError::NotAnEvent { error, api_version, expected_version }
    })
}

/// Whether two API versions are the same, or of the same release: the word behind the date.
#[must_use]
pub fn is_same_release(version: &str, other: &str) -> bool {
    fn release(version: &str) -> Option<&str> {
        version.split_once('.').map(|(_, release)| release)
    }
    version == other || (release(version).is_some() && release(version) == release(other))
}

/// Returns the body of an event about an object.
///
/// # Panics
/// When the object cannot be encoded, which no model and no JSON does.
#[cfg(feature = "test-util")]
#[expect(clippy::expect_used, reason = "for tests")]
#[must_use]
pub fn sample_event(type_: &str, object: &impl serde_core::Serialize, api_version: &str) -> String {
    let object = serde_json::to_value(object).expect("the object is encoded as JSON");
    serde_json::json!({
        "id": "evt_1Qz7VfKkXe3Yw5Lb5NbYcK8J",
        "object": OBJECT,
        "api_version": api_version,
        "created": 1_790_000_000,
        "data": { "object": object },
        "livemode": false,
        "pending_webhooks": 1,
        "request": { "id": null, "idempotency_key": null },
        "type": type_,
    })
    .to_string()
}
