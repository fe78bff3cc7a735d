//! The macros that define the types of events of a generated crate.
//!
//! They use the names of the prelude as they are: no type of the document is in scope where events are defined.

mod notification;

/// Defines `Event`, what it consists of, and the `Verifier` that reads it, in a module that has `WebhookError` and `API_VERSION`.
///
/// It takes the enum of types and the models of the module above that the object of an event can be, each with the kind of its id
/// and the condition that it is there. The long form is for models of elsewhere, and for an account whose id has a type.
#[doc(hidden)]
#[macro_export]
macro_rules! __webhook {
    ($type:ident { $($model:ident($id:ident) $(if $cfg:meta)?),* $(,)? }) => {
        $crate::__private::webhook! {
            $type, String;
            $(
                #[doc = concat!("An object of the type [`", stringify!($model), "`](super::", stringify!($model), ").")]
                $model(super::$model, $id) $(if $cfg)?
            ),*
        }
    };

    ($type:ident, $account:ty; $($(#[$docs:meta])* $variant:ident($model:ty, $id:ident) $(if $cfg:meta)?),* $(,)?) => {
        #[doc(inline)]
        pub use $crate::webhook::{EventId, EventRequest};

        /// An event that holds its object as it was when the event occurred (a snapshot event).
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
            pub created: $crate::Timestamp,
            /// `true` for an object of live mode, `false` for one of test mode.
            pub livemode: bool,
            /// The API version that the object is rendered in: that of the endpoint, whatever version this crate is made for. See
            /// [`has_compatible_version`](Self::has_compatible_version).
            pub api_version: Option<String>,
            /// The connected account that the event is about, for an endpoint of a Connect platform.
            pub account: Option<$account>,
            /// The account that the event is about, for an endpoint of an organization or of a Connect platform: the id of an account, as
            /// in `acct_…`, or a path of ids, such as `org_…/acct_…`. A request about the object needs it as its `context` in the options.
            pub context: Option<String>,
            /// The object, and what changed.
            pub data: EventData,
            /// The API request that caused the event. `None` for one that Stripe caused.
            pub request: Option<EventRequest>,
            json: $crate::Secret<$crate::Opaque>,
        }

        /// What an [`Event`] is about.
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub struct EventData {
            /// The object as it was when the event occurred.
            pub object: EventObject,
            /// The fields that changed, with their values before, for events such as `….updated`.
            pub previous_attributes: Option<$crate::Opaque>,
        }

        /// The object of an [`Event`], by its field `object`.
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum EventObject {
            $(
                $(#[$docs])*
                $(#[cfg($cfg)])?
                $variant(Box<$model>),
            )*
            /// An object of another kind: its JSON.
            Other($crate::Opaque),
        }

        impl EventObject {
            /// Returns the id of the object, if it has one.
            #[must_use]
            pub fn id(&self) -> Option<&str> {
                match self {
                    $(
                        $(#[cfg($cfg)])?
                        Self::$variant(object) => $crate::__private::webhook!(@id $id, object),
                    )*
                    Self::Other(other) => other.id(),
                }
            }

            /// Returns what kind of object it is, as in its field `object`.
            #[must_use]
            pub fn object(&self) -> Option<&str> {
                match self {
                    $(
                        $(#[cfg($cfg)])?
                        Self::$variant(_) => Some(<$model>::OBJECT),
                    )*
                    Self::Other(other) => other.object(),
                }
            }
        }

        $(
            $(#[cfg($cfg)])?
            impl From<$model> for EventObject {
                fn from(object: $model) -> Self {
                    Self::$variant(Box::new(object))
                }
            }
        )*

        impl From<$crate::Opaque> for EventObject {
            fn from(other: $crate::Opaque) -> Self {
                Self::Other(other)
            }
        }

        impl Event {
            /// What the field `object` of an event holds.
            pub const OBJECT: &'static str = "event";

            /// Reads an event without a signature, from a source that is trusted: a queue, the `detail` of Amazon EventBridge, a test.
            ///
            /// # Errors
            /// [`WebhookError::NotAnEvent`] and [`WebhookError::ThinEvent`].
            pub fn from_trusted(body: impl AsRef<[u8]>) -> Result<Self, WebhookError> {
                let body = body.as_ref();
                let json = $crate::__private::event_json(body, API_VERSION)?;
                match $crate::__private::object_of_event(&json) {
                    $(
                        $(#[cfg($cfg)])?
                        Some(<$model>::OBJECT) => Self::about::<$model>(body, json),
                    )*
                    _ => Self::about::<$crate::Opaque>(body, json),
                }
            }

            fn about<O: $crate::__private::serde_core::de::DeserializeOwned + Into<EventObject>>(
                body: &[u8],
                json: $crate::Opaque,
            ) -> Result<Self, WebhookError> {
                let event: $crate::__private::Envelope<$type, $account, O> =
                    $crate::__private::event(body, &json, API_VERSION)?;
                Ok(Self {
                    id: event.id,
                    type_: event.type_,
                    created: event.created,
                    livemode: event.livemode,
                    api_version: event.api_version,
                    account: event.account,
                    context: event.context,
                    data: EventData {
                        object: event.data.object.into(),
                        previous_attributes: event.data.previous_attributes,
                    },
                    request: event.request.map(|request| request.0),
                    json: $crate::Secret::new(json),
                })
            }

            $crate::__private::webhook!(@json);

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

        /// Returns the body of an event about an object, to be [signed](Verifier::sign) and sent to the code under test.
        ///
        /// The event is of test mode and of the API version of this crate. Only with the feature `test-util`.
        ///
        /// # Panics
        /// When the object cannot be encoded, which no model and no JSON does.
        #[cfg(feature = "test-util")]
        #[cfg_attr(docsrs, doc(cfg(feature = "test-util")))]
        #[must_use]
        pub fn sample_body(
            type_: impl Into<$type>,
            object: &impl $crate::__private::serde_core::Serialize,
        ) -> String {
            $crate::__private::sample_event(type_.into().as_str(), object, API_VERSION)
        }

        $crate::__private::verifier!();

        impl Verifier {
            /// Verifies a request that has just arrived, and reads its event. A thin one is [`WebhookError::ThinEvent`].
            ///
            /// The body and the header are those of [`verify`](Self::verify).
            ///
            /// # Errors
            /// Every variant of [`WebhookError`] but [`BlankSecret`](WebhookError::BlankSecret) and
            /// [`SnapshotEvent`](WebhookError::SnapshotEvent).
            ///
            /// # Panics
            /// As [`verify`](Self::verify). [`event_at`](Self::event_at) needs no clock.
            #[doc(alias = "construct_event")]
            #[doc(alias = "constructEvent")]
            pub fn event(
                &self,
                body: impl AsRef<[u8]>,
                header: Option<impl AsRef<[u8]>>,
            ) -> Result<Event, WebhookError> {
                self.verify(&body, header)?;
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
                received_at: $crate::Timestamp,
            ) -> Result<Event, WebhookError> {
                self.verify_at(&body, header, received_at)?;
                Event::from_trusted(body)
            }
        }
    };

    (@id id, $object:ident) => {
        Some(AsRef::<str>::as_ref(&$object.id))
    };
    (@id optional_id, $object:ident) => {
        $object.id.as_ref().map(AsRef::<str>::as_ref)
    };
    (@id no_id, $object:ident) => {{
        let _ = $object;
        None
    }};

    (@json) => {
        /// Returns the whole JSON of the event, with every field that Stripe sent.
        #[must_use]
        pub const fn as_json(
            &self,
        ) -> &$crate::__private::serde_json::Map<String, $crate::__private::serde_json::Value> {
            self.json.expose().as_json()
        }

        /// Returns the whole JSON of the event, owned.
        #[must_use]
        pub fn into_json(self) -> $crate::__private::serde_json::Map<String, $crate::__private::serde_json::Value> {
            self.json.into_inner().into_json()
        }
    };
}
