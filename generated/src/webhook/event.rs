//! Events: the envelope, which is the same for all types, and the object that an event is about.

use std::{fmt, marker::PhantomData};

use stripe_runtime::__private::{
    Entries, Fields, Model, Names, decode, deserialize_model, id, model, not_an_event,
    serde_core::{
        Deserialize, Deserializer,
        de::{DeserializeOwned, Error, MapAccess, Visitor, value::MapAccessDeserializer},
    },
    serde_json::{Map, Value},
};
#[cfg(feature = "test-util")]
use stripe_runtime::__private::{serde_core, serde_json};

use super::{EventType, Notification, WebhookError};
use crate::{API_VERSION, Account, Opaque, Secret, StripeAccountId, Timestamp};

/// Identifies an [`Event`], or the event of a [`Notification`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId(String);

id!(EventId);

/// An event that holds its object as it was when the event occurred (a snapshot event). A [`Notification`] is of one that does not.
///
/// Fields that this type does not have are kept in [`as_json`](Self::as_json). `Debug` shows no content of objects that this
/// crate does not model.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Event {
    /// Id of the event, as in `evt_…`: the same whenever Stripe sends it again.
    pub id: EventId,
    /// What happened.
    pub type_: EventType,
    /// When it happened.
    pub created: Timestamp,
    /// `true` for an object of live mode, `false` for one of test mode.
    pub livemode: bool,
    /// The API version that the object is rendered in: that of the endpoint, whatever version this crate is made for. See
    /// [`has_compatible_version`](Self::has_compatible_version).
    pub api_version: Option<String>,
    /// The connected account that the event is about, for an endpoint of a Connect platform.
    pub account: Option<StripeAccountId>,
    /// The account that the event is about, for an endpoint of an organization or of a Connect platform: the id of an account, as
    /// in `acct_…`, or a path of ids, such as `org_…/acct_…`. A request about the object needs it as its `context` in the options.
    pub context: Option<String>,
    /// The object, and what changed.
    pub data: EventData,
    /// The API request that caused the event. `None` for one that Stripe caused.
    pub request: Option<EventRequest>,
    json: Secret<Map<String, Value>>,
}

/// What an [`Event`] is about.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct EventData {
    /// The object as it was when the event occurred.
    pub object: EventObject,
    /// The fields that changed, with their values before, for events such as `….updated`.
    pub previous_attributes: Option<Opaque>,
}

/// The object of an [`Event`], by its field `object`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum EventObject {
    /// A Financial Connections account, which every event `financial_connections.account.*` is about.
    Account(Box<Account>),
    /// An object of another kind: its JSON.
    Other(Opaque),
}

impl EventObject {
    /// Returns the id of the object, if it has one.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Account(account) => Some(account.id.as_str()),
            Self::Other(other) => other.id(),
        }
    }

    /// Returns what kind of object it is, as in its field `object`: `financial_connections.account`.
    #[must_use]
    pub fn object(&self) -> Option<&str> {
        match self {
            Self::Account(_) => Some(Account::OBJECT),
            Self::Other(other) => other.object(),
        }
    }
}

/// The API request that caused an event.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EventRequest {
    /// Id of the request, as in `req_…`. `None` for an event that no request caused.
    pub id: Option<String>,
    /// The idempotency key of the request, if it had one.
    pub idempotency_key: Option<String>,
}

impl Event {
    /// What the field `object` of an event holds.
    pub const OBJECT: &'static str = "event";

    /// Reads an event without a signature, from a source that is trusted: a queue, the `detail` of Amazon EventBridge, a test.
    ///
    /// # Errors
    /// [`WebhookError::NotAnEvent`] and [`WebhookError::ThinEvent`].
    pub fn from_trusted(body: impl AsRef<[u8]>) -> Result<Self, WebhookError> {
        let body = without_mark(body.as_ref());
        let json: Opaque = decode(body).map_err(|error| not_an_event(error, None, API_VERSION))?;
        if json.object() == Some(Notification::OBJECT) {
            return Err(WebhookError::ThinEvent(json));
        }
        let object = json.get("data").and_then(|data| data.get("object")?.get("object")?.as_str());
        // The text is decoded again, not the JSON that was just read, so that an error states the place.
        let event = if object == Some(Account::OBJECT) {
            decode(body).map(|Wire(event, _): Wire<Self, Account>| event)
        } else {
            decode(body).map(|Wire(event, _): Wire<Self, Opaque>| event)
        };
        match event {
            Ok(event) => Ok(Self { json: Secret::new(json.into_json()), ..event }),
            Err(error) => {
                let api_version = json.get("api_version").and_then(Value::as_str).map(str::to_owned);
                Err(not_an_event(error, api_version, API_VERSION))
            }
        }
    }

    /// Returns the whole JSON of the event, with every field that Stripe sent.
    #[must_use]
    pub const fn as_json(&self) -> &Map<String, Value> {
        self.json.expose()
    }

    /// Returns the whole JSON of the event, owned.
    #[must_use]
    pub fn into_json(self) -> Map<String, Value> {
        self.json.into_inner()
    }

    /// Whether the object is rendered in [`API_VERSION`], or in a version of the same release: the word behind the date.
    ///
    /// Stripe makes no breaking change within a release. In an event of another one, a field may be missing or mean something
    /// else, though it could be decoded: set the API version of the endpoint to that of this crate.
    #[must_use]
    pub fn has_compatible_version(&self) -> bool {
        fn release(version: &str) -> Option<&str> {
            version.split_once('.').map(|(_, release)| release)
        }
        self.api_version.as_deref().is_some_and(|version| {
            version == API_VERSION || (release(version).is_some() && release(version) == release(API_VERSION))
        })
    }
}

/// Returns a body without its byte order mark, which is part of what is signed, but not of the JSON.
pub(super) fn without_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

impl From<Account> for EventObject {
    fn from(account: Account) -> Self {
        Self::Account(Box::new(account))
    }
}

impl From<Opaque> for EventObject {
    fn from(other: Opaque) -> Self {
        Self::Other(other)
    }
}

/// A `T`, as it is decoded when the object of the event is known to be an `O`.
struct Wire<T, O>(T, PhantomData<O>);

impl<'de, T, O> Deserialize<'de> for Wire<T, O>
where
    Self: Model,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize_model(deserializer)
    }
}

impl<O: DeserializeOwned + Into<EventObject>> Model for Wire<Event, O> {
    const NAMES: &'static Names = &Names {
        fields: &["id", "account", "api_version", "context", "created", "data", "livemode", "request", "type"],
        constant: Some(Event::OBJECT),
    };

    fn read<'de, A: MapAccess<'de>>(mut fields: Fields<A>) -> Result<Self, A::Error> {
        let (mut id, mut created, mut data, mut livemode, mut type_) = (None, None, None, None, None);
        let (mut account, mut api_version, mut context, mut request) = (None, None, None, None);
        while let Some(index) = fields.next()? {
            match Self::NAMES.fields[index] {
                "id" => id = Some(fields.value()?),
                "account" => account = fields.value()?,
                "api_version" => api_version = fields.value()?,
                "context" => context = fields.value()?,
                "created" => created = Some(fields.value()?),
                "data" => data = Some(fields.value::<Wire<EventData, O>>()?.0),
                "livemode" => livemode = Some(fields.value()?),
                "request" => request = fields.value()?,
                _ => type_ = Some(fields.value()?),
            }
        }
        let missing = |name| fields.missing(name);
        let event = Event {
            id: id.ok_or_else(|| missing("id"))?,
            type_: type_.ok_or_else(|| missing("type"))?,
            created: created.ok_or_else(|| missing("created"))?,
            livemode: livemode.ok_or_else(|| missing("livemode"))?,
            api_version,
            account,
            context,
            data: data.ok_or_else(|| missing("data"))?,
            request,
            json: Secret::new(Map::new()),
        };
        Ok(Self(event, PhantomData))
    }
}

impl<O: DeserializeOwned + Into<EventObject>> Model for Wire<EventData, O> {
    const NAMES: &'static Names = &Names { fields: &["object", "previous_attributes"], constant: None };

    fn read<'de, A: MapAccess<'de>>(mut fields: Fields<A>) -> Result<Self, A::Error> {
        let (mut object, mut previous_attributes) = (None, None);
        while let Some(index) = fields.next()? {
            match Self::NAMES.fields[index] {
                "object" => object = Some(fields.value::<O>()?.into()),
                _ => previous_attributes = fields.value()?,
            }
        }
        let object = object.ok_or_else(|| fields.missing("object"))?;
        Ok(Self(EventData { object, previous_attributes }, PhantomData))
    }
}

impl<'de> Deserialize<'de> for EventRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(EventRequestVisitor)
    }
}

/// Endpoints of API versions before 2017-05-25 get the id alone.
struct EventRequestVisitor;

impl<'de> Visitor<'de> for EventRequestVisitor {
    type Value = EventRequest;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id or an object")
    }

    fn visit_str<E: Error>(self, id: &str) -> Result<EventRequest, E> {
        Ok(EventRequest { id: Some(id.to_owned()), idempotency_key: None })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<EventRequest, A::Error> {
        let entries = Entries::of_object(map, &self)?;
        let RequestObject { id, idempotency_key } = Deserialize::deserialize(MapAccessDeserializer::new(entries))?;
        Ok(EventRequest { id, idempotency_key })
    }
}

pub(super) struct RequestObject {
    pub(super) id: Option<String>,
    pub(super) idempotency_key: Option<String>,
}

model! {
    RequestObject { id?, idempotency_key? }
}

/// Returns the body of an event about an object, to be [signed](super::Verifier::sign) and sent to the code under test.
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
///
/// # Panics
/// When the object cannot be encoded, which no model and no JSON does.
#[cfg(feature = "test-util")]
#[cfg_attr(docsrs, doc(cfg(feature = "test-util")))]
#[expect(clippy::expect_used, reason = "for tests")]
#[must_use]
pub fn sample_body(type_: impl Into<EventType>, object: &impl serde_core::Serialize) -> String {
    let object = serde_json::to_value(object).expect("the object is encoded as JSON");
    serde_json::json!({
        "id": "evt_1Qz7VfKkXe3Yw5Lb5NbYcK8J",
        "object": Event::OBJECT,
        "api_version": API_VERSION,
        "created": 1_790_000_000,
        "data": { "object": object },
        "livemode": false,
        "pending_webhooks": 1,
        "request": { "id": null, "idempotency_key": null },
        "type": type_.into(),
    })
    .to_string()
}
