//! Events: the envelope, which is the same for all types, and the macro that defines the types of a generated crate around it.

use std::fmt;

use serde_core::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error, MapAccess, Visitor, value::MapAccessDeserializer},
};
use serde_json::Value;

use super::WebhookError;
use crate::{
    DecodeError, Opaque, Timestamp, decode,
    support::{
        expandable::Entries,
        model,
        model::{Fields, Model, Names, deserialize_model},
    },
};

/// What the field `object` of an event holds.
const OBJECT: &str = "event";

/// What the field `object` of a thin event holds.
const THIN_OBJECT: &str = "v2.core.event";

/// An event of a type `T` for the account `A`, as it is decoded when its object is known to be an `O`.
pub struct Envelope<T, A, O> {
    /// `id`.
    pub id: String,
    /// `type`.
    pub type_: T,
    /// `created`.
    pub created: Timestamp,
    /// `livemode`.
    pub livemode: bool,
    /// `api_version`.
    pub api_version: Option<String>,
    /// `account`.
    pub account: Option<A>,
    /// `context`.
    pub context: Option<String>,
    /// `data`.
    pub data: EnvelopeData<O>,
    /// `request`.
    pub request: Option<RequestOrId>,
}

/// What an event is about.
pub struct EnvelopeData<O> {
    /// `object`.
    pub object: O,
    /// `previous_attributes`.
    pub previous_attributes: Option<Opaque>,
}

impl<'de, T, A, O> Deserialize<'de> for Envelope<T, A, O>
where
    Self: Model,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize_model(deserializer)
    }
}

impl<T: DeserializeOwned, A: DeserializeOwned, O: DeserializeOwned> Model for Envelope<T, A, O> {
    const NAMES: &'static Names = &Names {
        fields: &["id", "account", "api_version", "context", "created", "data", "livemode", "request", "type"],
        constant: Some(OBJECT),
    };

    fn read<'de, M: MapAccess<'de>>(mut fields: Fields<M>) -> Result<Self, M::Error> {
        let (mut id, mut created, mut data, mut livemode, mut type_) = (None, None, None, None, None);
        let (mut account, mut api_version, mut context, mut request) = (None, None, None, None);
        while let Some(index) = fields.next()? {
            match Self::NAMES.fields[index] {
                "id" => id = Some(fields.value()?),
                "account" => account = fields.value()?,
                "api_version" => api_version = fields.value()?,
                "context" => context = fields.value()?,
                "created" => created = Some(fields.value()?),
                "data" => data = Some(fields.value()?),
                "livemode" => livemode = Some(fields.value()?),
                "request" => request = fields.value()?,
                _ => type_ = Some(fields.value()?),
            }
        }
        let missing = |name| fields.missing(name);
        Ok(Self {
            id: id.ok_or_else(|| missing("id"))?,
            type_: type_.ok_or_else(|| missing("type"))?,
            created: created.ok_or_else(|| missing("created"))?,
            livemode: livemode.ok_or_else(|| missing("livemode"))?,
            api_version,
            account,
            context,
            data: data.ok_or_else(|| missing("data"))?,
            request,
        })
    }
}

impl<'de, O: DeserializeOwned> Deserialize<'de> for EnvelopeData<O> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize_model(deserializer)
    }
}

impl<O: DeserializeOwned> Model for EnvelopeData<O> {
    const NAMES: &'static Names = &Names { fields: &["object", "previous_attributes"], constant: None };

    fn read<'de, M: MapAccess<'de>>(mut fields: Fields<M>) -> Result<Self, M::Error> {
        let (mut object, mut previous_attributes) = (None, None);
        while let Some(index) = fields.next()? {
            match Self::NAMES.fields[index] {
                "object" => object = Some(fields.value()?),
                _ => previous_attributes = fields.value()?,
            }
        }
        Ok(Self { object: object.ok_or_else(|| fields.missing("object"))?, previous_attributes })
    }
}

/// The request of an event. Endpoints of API versions before 2017-05-25 get its id alone.
pub struct RequestOrId(pub RequestObject);

/// The request of an event, as an object.
pub struct RequestObject {
    /// `id`.
    pub id: Option<String>,
    /// `idempotency_key`.
    pub idempotency_key: Option<String>,
}

model! {
    RequestObject { id?, idempotency_key? }
}

impl<'de> Deserialize<'de> for RequestOrId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RequestVisitor)
    }
}

struct RequestVisitor;

impl<'de> Visitor<'de> for RequestVisitor {
    type Value = RequestOrId;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id or an object")
    }

    fn visit_str<E: Error>(self, id: &str) -> Result<RequestOrId, E> {
        Ok(RequestOrId(RequestObject { id: Some(id.to_owned()), idempotency_key: None }))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RequestOrId, A::Error> {
        let entries = Entries::of_object(map, &self)?;
        Deserialize::deserialize(MapAccessDeserializer::new(entries)).map(RequestOrId)
    }
}

/// Returns a body without its byte order mark, which is part of what is signed, but not of the JSON.
#[must_use]
pub fn without_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

/// Decodes the JSON of an event, for a crate of an API version.
///
/// # Errors
/// [`WebhookError::NotAnEvent`] and [`WebhookError::ThinEvent`].
pub fn event_json(body: &[u8], expected_version: &'static str) -> Result<Opaque, WebhookError> {
    let json: Opaque = decode(body).map_err(|error| not_an_event(error, None, expected_version))?;
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

/// Creates the error for a JSON object that is not an event of the types of a crate.
#[must_use]
pub fn not_this_event(error: DecodeError, event: &Opaque, expected_version: &'static str) -> WebhookError {
    let api_version = event.get("api_version").and_then(Value::as_str).map(str::to_owned);
    not_an_event(error, api_version, expected_version)
}

/// Creates the error for a body that a generated crate cannot decode: the variant can be extended, so only this crate makes it.
#[must_use]
pub const fn not_an_event(
    error: DecodeError,
    api_version: Option<String>,
    expected_version: &'static str,
) -> WebhookError {
    WebhookError::NotAnEvent { error, api_version, expected_version }
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

/// Defines `Event`, what it consists of, and the `Verifier` that reads it, in a module that has `WebhookError` and `API_VERSION`.
///
/// It takes the enum of types, the type of the id of a connected account, and the models that the object of an event can be, each
/// with the kind of its id. A crate that reads thin events as well has other documentation.
#[doc(hidden)]
#[macro_export]
macro_rules! __webhook {
    ($type:ident { $($objects:tt)* }) => {
        $crate::__private::webhook! {
            $type, ::std::string::String;
            /// Identifies an [`Event`].
            EventId,
            /// An event that holds its object as it was when the event occurred (a snapshot event).
            Event,
            /// Returns what kind of object it is, as in its field `object`.
            object,
            /// Verifies a request that has just arrived, and reads its event. A thin one is [`WebhookError::ThinEvent`].
            event,
            /// Returns the body of an event about an object, to be [signed](Verifier::sign) and sent to the code under test.
            ///
            /// The event is of test mode and of the API version of this crate. Only with the feature `test-util`.
            sample_body,
            { $($objects)* }
        }
    };

    (
        $type:ident, $account:ty;
        $(#[$id_docs:meta])* EventId,
        $(#[$event_docs:meta])* Event,
        $(#[$object_docs:meta])* object,
        $(#[$read_docs:meta])* event,
        $(#[$sample_docs:meta])* sample_body,
        { $($(#[$docs:meta])* $variant:ident($model:ty, $id:ident)),* $(,)? }
    ) => {
        $(#[$id_docs])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct EventId(::std::string::String);

        $crate::__private::id!(EventId);

        $(#[$event_docs])*
        ///
        /// Fields that this type does not have are kept in [`as_json`](Self::as_json). `Debug` shows no content of objects that this
        /// crate does not model.
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub struct Event {
            /// Id of the event, as in `evt_…`: the same whenever Stripe sends it again.
            pub id: EventId,
            /// What happened.
            pub type_: $type,
            /// When it happened.
            pub created: $crate::__private::Timestamp,
            /// `true` for an object of live mode, `false` for one of test mode.
            pub livemode: bool,
            /// The API version that the object is rendered in: that of the endpoint, whatever version this crate is made for. See
            /// [`has_compatible_version`](Self::has_compatible_version).
            pub api_version: ::core::option::Option<::std::string::String>,
            /// The connected account that the event is about, for an endpoint of a Connect platform.
            pub account: ::core::option::Option<$account>,
            /// The account that the event is about, for an endpoint of an organization or of a Connect platform: the id of an account, as
            /// in `acct_…`, or a path of ids, such as `org_…/acct_…`. A request about the object needs it as its `context` in the options.
            pub context: ::core::option::Option<::std::string::String>,
            /// The object, and what changed.
            pub data: EventData,
            /// The API request that caused the event. `None` for one that Stripe caused.
            pub request: ::core::option::Option<EventRequest>,
            json: $crate::__private::Secret<
                $crate::__private::serde_json::Map<::std::string::String, $crate::__private::serde_json::Value>,
            >,
        }

        /// What an [`Event`] is about.
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub struct EventData {
            /// The object as it was when the event occurred.
            pub object: EventObject,
            /// The fields that changed, with their values before, for events such as `….updated`.
            pub previous_attributes: ::core::option::Option<$crate::__private::Opaque>,
        }

        /// The object of an [`Event`], by its field `object`.
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum EventObject {
            $(
                $(#[$docs])*
                $variant(::std::boxed::Box<$model>),
            )*
            /// An object of another kind: its JSON.
            Other($crate::__private::Opaque),
        }

        impl EventObject {
            /// Returns the id of the object, if it has one.
            #[must_use]
            pub fn id(&self) -> ::core::option::Option<&str> {
                match self {
                    $(Self::$variant(object) => $crate::__private::webhook!(@id $id, object),)*
                    Self::Other(other) => other.id(),
                }
            }

            $(#[$object_docs])*
            #[must_use]
            pub fn object(&self) -> ::core::option::Option<&str> {
                match self {
                    $(Self::$variant(_) => ::core::option::Option::Some(<$model>::OBJECT),)*
                    Self::Other(other) => other.object(),
                }
            }
        }

        $(
            impl ::core::convert::From<$model> for EventObject {
                fn from(object: $model) -> Self {
                    Self::$variant(::std::boxed::Box::new(object))
                }
            }
        )*

        impl ::core::convert::From<$crate::__private::Opaque> for EventObject {
            fn from(other: $crate::__private::Opaque) -> Self {
                Self::Other(other)
            }
        }

        /// The API request that caused an event.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct EventRequest {
            /// Id of the request, as in `req_…`. `None` for an event that no request caused.
            pub id: ::core::option::Option<::std::string::String>,
            /// The idempotency key of the request, if it had one.
            pub idempotency_key: ::core::option::Option<::std::string::String>,
        }

        impl EventRequest {
            fn of($crate::__private::RequestOrId(request): $crate::__private::RequestOrId) -> Self {
                Self { id: request.id, idempotency_key: request.idempotency_key }
            }
        }

        impl<'de> $crate::__private::serde_core::Deserialize<'de> for EventRequest {
            fn deserialize<__D: $crate::__private::serde_core::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::core::result::Result<Self, __D::Error> {
                <$crate::__private::RequestOrId as $crate::__private::serde_core::Deserialize>::deserialize(deserializer)
                    .map(Self::of)
            }
        }

        impl Event {
            /// What the field `object` of an event holds.
            pub const OBJECT: &'static str = "event";

            /// Reads an event without a signature, from a source that is trusted: a queue, the `detail` of Amazon EventBridge, a test.
            ///
            /// # Errors
            /// [`WebhookError::NotAnEvent`] and [`WebhookError::ThinEvent`].
            pub fn from_trusted(
                body: impl ::core::convert::AsRef<[u8]>,
            ) -> ::core::result::Result<Self, $crate::webhook::WebhookError> {
                let body = $crate::__private::without_mark(body.as_ref());
                let json = $crate::__private::event_json(body, API_VERSION)?;
                // The text is decoded again, not the JSON that was just read, so that an error states the place.
                let event = match $crate::__private::object_of_event(&json) {
                    $(
                        ::core::option::Option::Some(<$model>::OBJECT) => {
                            $crate::__private::decode(body).map(Self::of::<$model>)
                        }
                    )*
                    _ => $crate::__private::decode(body).map(Self::of::<$crate::__private::Opaque>),
                };
                match event {
                    ::core::result::Result::Ok(event) => ::core::result::Result::Ok(Self {
                        json: $crate::__private::Secret::new(json.into_json()),
                        ..event
                    }),
                    ::core::result::Result::Err(error) => {
                        ::core::result::Result::Err($crate::__private::not_this_event(error, &json, API_VERSION))
                    }
                }
            }

            fn of<__O: ::core::convert::Into<EventObject>>(event: $crate::__private::Envelope<$type, $account, __O>) -> Self {
                Self {
                    id: EventId(event.id),
                    type_: event.type_,
                    created: event.created,
                    livemode: event.livemode,
                    api_version: event.api_version,
                    account: event.account,
                    context: event.context,
                    data: EventData {
                        object: ::core::convert::Into::into(event.data.object),
                        previous_attributes: event.data.previous_attributes,
                    },
                    request: event.request.map(EventRequest::of),
                    json: $crate::__private::Secret::new(::core::default::Default::default()),
                }
            }

            /// Returns the whole JSON of the event, with every field that Stripe sent.
            #[must_use]
            pub const fn as_json(
                &self,
            ) -> &$crate::__private::serde_json::Map<::std::string::String, $crate::__private::serde_json::Value> {
                self.json.expose()
            }

            /// Returns the whole JSON of the event, owned.
            #[must_use]
            pub fn into_json(
                self,
            ) -> $crate::__private::serde_json::Map<::std::string::String, $crate::__private::serde_json::Value> {
                self.json.into_inner()
            }

            /// Whether the object is rendered in [`API_VERSION`], or in a version of the same release: the word behind the date.
            ///
            /// Stripe makes no breaking change within a release. In an event of another one, a field may be missing or mean something
            /// else, though it could be decoded: set the API version of the endpoint to that of this crate.
            #[must_use]
            pub fn has_compatible_version(&self) -> bool {
                self.api_version.as_deref().is_some_and(|version| $crate::__private::is_same_release(version, API_VERSION))
            }
        }

        $(#[$sample_docs])*
        ///
        /// # Panics
        /// When the object cannot be encoded, which no model and no JSON does.
        #[cfg(feature = "test-util")]
        #[cfg_attr(docsrs, doc(cfg(feature = "test-util")))]
        #[must_use]
        pub fn sample_body(
            type_: impl ::core::convert::Into<$type>,
            object: &impl $crate::__private::serde_core::Serialize,
        ) -> ::std::string::String {
            $crate::__private::sample_event(type_.into().as_str(), object, API_VERSION)
        }

        /// Verifies that a request comes from Stripe, with the secret of a webhook endpoint. See the [module](self).
        ///
        /// It is cheap to clone and can be shared between threads. `Debug` does not show the secret.
        #[derive(Clone, Debug)]
        pub struct Verifier($crate::webhook::Verifier);

        impl Verifier {
            /// The tolerance where none is set: five minutes, as in Stripe's libraries.
            pub const DEFAULT_TOLERANCE: ::core::time::Duration = $crate::webhook::Verifier::DEFAULT_TOLERANCE;

            /// Creates a verifier from the whole secret of the endpoint, with its prefix `whsec_`. Nothing is trimmed.
            ///
            /// # Errors
            /// [`WebhookError::BlankSecret`] when the secret is empty or whitespace.
            pub fn new(secret: impl ::core::convert::AsRef<str>) -> ::core::result::Result<Self, $crate::webhook::WebhookError> {
                $crate::webhook::Verifier::new(secret).map(Self)
            }

            /// Sets the greatest age of a signature that is accepted. Default: 300 seconds, inclusive.
            ///
            /// The age is counted in whole seconds, and a timestamp in the future is accepted. `Duration::ZERO` accepts no age at all,
            /// unlike in Stripe's libraries; `Duration::MAX` accepts any age, and with it every replay.
            #[must_use]
            pub fn tolerance(self, tolerance: ::core::time::Duration) -> Self {
                Self(self.0.tolerance(tolerance))
            }

            $(#[$read_docs])*
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
            pub fn event(&self, body: impl ::core::convert::AsRef<[u8]>, header: ::core::option::Option<impl ::core::convert::AsRef<[u8]>>) -> ::core::result::Result<Event, $crate::webhook::WebhookError> {
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
                body: impl ::core::convert::AsRef<[u8]>,
                header: ::core::option::Option<impl ::core::convert::AsRef<[u8]>>,
                received_at: $crate::__private::Timestamp,
            ) -> ::core::result::Result<Event, $crate::webhook::WebhookError> {
                let body = body.as_ref();
                self.verify_at(body, header, received_at)?;
                Event::from_trusted(body)
            }

            /// Verifies a request that has just arrived, without reading the body, and returns when it was signed.
            ///
            /// # Errors
            /// [`NoHeader`](WebhookError::NoHeader), [`Malformed`](WebhookError::Malformed), [`NoMatch`](WebhookError::NoMatch) and
            /// [`TooOld`](WebhookError::TooOld).
            ///
            /// # Panics
            /// As [`event`](Self::event). [`verify_at`](Self::verify_at) needs no clock.
            pub fn verify(&self, body: impl ::core::convert::AsRef<[u8]>, header: ::core::option::Option<impl ::core::convert::AsRef<[u8]>>) -> ::core::result::Result<$crate::__private::Timestamp, $crate::webhook::WebhookError> {
                self.0.verify(body, header)
            }

            /// Verifies a request that arrived at a given time, without reading the body, and returns when it was signed.
            ///
            /// # Errors
            /// As [`verify`](Self::verify).
            pub fn verify_at(
                &self,
                body: impl ::core::convert::AsRef<[u8]>,
                header: ::core::option::Option<impl ::core::convert::AsRef<[u8]>>,
                received_at: $crate::__private::Timestamp,
            ) -> ::core::result::Result<$crate::__private::Timestamp, $crate::webhook::WebhookError> {
                self.0.verify_at(body, header, received_at)
            }

            /// Returns the header that Stripe would send with a body now: for tests of code that receives events.
            ///
            /// # Panics
            /// As [`event`](Self::event). [`sign_at`](Self::sign_at) needs no clock.
            #[doc(alias = "generateTestHeaderString")]
            #[must_use]
            pub fn sign(&self, body: impl ::core::convert::AsRef<[u8]>) -> ::std::string::String {
                self.0.sign(body)
            }

            /// Returns the header that Stripe would send with a body at a given time, which should not be before 1970.
            #[must_use]
            pub fn sign_at(&self, body: impl ::core::convert::AsRef<[u8]>, at: $crate::__private::Timestamp) -> ::std::string::String {
                self.0.sign_at(body, at)
            }
        }
    };

    (@id id, $object:ident) => {
        ::core::option::Option::Some(::core::convert::AsRef::<str>::as_ref(&$object.id))
    };
    (@id optional_id, $object:ident) => {
        $object.id.as_ref().map(::core::convert::AsRef::<str>::as_ref)
    };
    (@id no_id, $object:ident) => {{
        let _ = $object;
        ::core::option::Option::None
    }};
}
