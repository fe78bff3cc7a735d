//! The macros that define the types of events of a generated crate.

mod notification;

/// Defines `Event`, what it consists of, and the `Verifier` that reads it, in a module that has `WebhookError` and `API_VERSION`.
///
/// It takes the enum of types and the models of the module above that the object of an event can be, each with the kind of its id
/// and the condition that it is there. The long form is for other documentation, and for an account whose id has a type.
#[doc(hidden)]
#[macro_export]
macro_rules! __webhook {
    ($type:ident { $($model:ident($id:ident) $(if $cfg:meta)?),* $(,)? }) => {
        $crate::__private::webhook! {
            $type, ::std::string::String;
            /// Identifies an [`Event`].
            EventId,
            /// An event that holds its object as it was when the event occurred (a snapshot event).
            Event,
            /// Returns what kind of object it is, as in its field `object`.
            object,
            /// Verifies that a request comes from Stripe, with the secret of a webhook endpoint. See the [module](self).
            Verifier,
            /// Verifies a request that has just arrived, and reads its event. A thin one is [`WebhookError::ThinEvent`].
            event,
            /// Returns the body of an event about an object, to be [signed](Verifier::sign) and sent to the code under test.
            ///
            /// The event is of test mode and of the API version of this crate. Only with the feature `test-util`.
            sample_body,
            {
                $(
                    #[doc = ::core::concat!(
                        "An object of the type [`", ::core::stringify!($model), "`](super::",
                        ::core::stringify!($model), ").",
                    )]
                    $model(super::$model, $id) $(if $cfg)?
                ),*
            }
        }
    };

    (
        $type:ident, $account:ty;
        $(#[$id_docs:meta])* EventId,
        $(#[$event_docs:meta])* Event,
        $(#[$object_docs:meta])* object,
        $(#[$verifier_docs:meta])* Verifier,
        $(#[$read_docs:meta])* event,
        $(#[$sample_docs:meta])* sample_body,
        { $($(#[$docs:meta])* $variant:ident($model:ty, $id:ident) $(if $cfg:meta)?),* $(,)? }
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
                $(#[cfg($cfg)])?
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
                    $(
                        $(#[cfg($cfg)])?
                        Self::$variant(object) => $crate::__private::webhook!(@id $id, object),
                    )*
                    Self::Other(other) => other.id(),
                }
            }

            $(#[$object_docs])*
            #[must_use]
            pub fn object(&self) -> ::core::option::Option<&str> {
                match self {
                    $(
                        $(#[cfg($cfg)])?
                        Self::$variant(_) => ::core::option::Option::Some(<$model>::OBJECT),
                    )*
                    Self::Other(other) => other.object(),
                }
            }
        }

        $(
            $(#[cfg($cfg)])?
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
            /// The idempotency key of the request, if it had one. `Debug` prints it: it opens nothing without the API key, and finds the
            /// call in a log.
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
                use $crate::__private::{RequestOrId, serde_core};
                <RequestOrId as serde_core::Deserialize>::deserialize(deserializer)
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
            ) -> ::core::result::Result<Self, WebhookError> {
                let body = $crate::__private::without_mark(body.as_ref());
                let json = $crate::__private::event_json(body, API_VERSION)?;
                // The text is decoded again, not the JSON that was just read, so that an error states the place.
                let event = match $crate::__private::object_of_event(&json) {
                    $(
                        $(#[cfg($cfg)])?
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

            fn of<__O: ::core::convert::Into<EventObject>>(
                event: $crate::__private::Envelope<$type, $account, __O>,
            ) -> Self {
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
                let is_same = |version| $crate::__private::is_same_release(version, API_VERSION);
                self.api_version.as_deref().is_some_and(is_same)
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

        $(#[$verifier_docs])*
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
            pub fn new(secret: impl ::core::convert::AsRef<str>) -> ::core::result::Result<Self, WebhookError> {
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
            pub fn event(
                &self,
                body: impl ::core::convert::AsRef<[u8]>,
                header: ::core::option::Option<impl ::core::convert::AsRef<[u8]>>,
            ) -> ::core::result::Result<Event, WebhookError> {
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
            ) -> ::core::result::Result<Event, WebhookError> {
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
            pub fn verify(
                &self,
                body: impl ::core::convert::AsRef<[u8]>,
                header: ::core::option::Option<impl ::core::convert::AsRef<[u8]>>,
            ) -> ::core::result::Result<$crate::__private::Timestamp, WebhookError> {
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
            ) -> ::core::result::Result<$crate::__private::Timestamp, WebhookError> {
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
            pub fn sign_at(
                &self,
                body: impl ::core::convert::AsRef<[u8]>,
                at: $crate::__private::Timestamp,
            ) -> ::std::string::String {
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
