//! The macro that defines the types of thin events of a generated crate.

/// Defines `Notification`, what it consists of, `RetrieveEvent` and the methods of the `Verifier` that read thin events, beside what
/// `__webhook` defines.
///
/// It takes the version that the request for an event states, the enum of types, and the models of the module above that a thin
/// event can be about: each with the type of its id, the method that returns it, the operation that retrieves the object, if the
/// crate has it, and the conditions that these are there. The long form is for models of elsewhere, and defines no sample.
#[doc(hidden)]
#[macro_export]
macro_rules! __notification {
    (
        $version:expr, $type:ident {
            $(
                $model:ident($id:ident, $id_method:ident)
                $(= $retrieve:ident($operation:ident $(, $operation_cfg:meta)?))?
                $(if $cfg:meta)?
            ),* $(,)?
        }
    ) => {
        $crate::__private::notification! {
            $version, $type;
            $(
                #[doc = concat!(
                    "Id of an object of the type [`", stringify!($model), "`](super::", stringify!($model), ")."
                )]
                $model(super::$model, super::$id, $id_method)
                $(= $retrieve(super::$operation $(, $operation_cfg)?))?
                $(if $cfg)?
            ),*
        }

        /// Returns the body of a notification about an object, to be [signed](Verifier::sign) and sent to the code under test.
        ///
        /// The event is of test mode. Only with the feature `test-util`.
        #[cfg(feature = "test-util")]
        #[cfg_attr(docsrs, doc(cfg(feature = "test-util")))]
        #[must_use]
        pub fn sample_notification_body(type_: impl Into<$type>, object: &RelatedObject) -> String {
            let id = object.id.as_ref().map(RelatedObjectId::as_str);
            $crate::__private::sample_notification(type_.into().as_str(), &object.type_, id, &object.url)
        }
    };

    (
        $version:expr, $type:ident;
        $(
            $(#[$docs:meta])*
            $variant:ident($from:ident::$model:ident, $id:ty, $id_method:ident)
            $(= $retrieve:ident($operation:ty $(, $operation_cfg:meta)?))?
            $(if $cfg:meta)?
        ),* $(,)?
    ) => {
        #[doc(inline)]
        pub use $crate::webhook::NotificationReason;

        /// The notification of an event that does not hold its object (a thin event): it says what happened to which object.
        ///
        /// Retrieve the object as it is now, or the whole event with [`RetrieveEvent`], with the `options` of the notification. Fields
        /// that this type does not have are kept in [`as_json`](Self::as_json).
        #[derive(Clone, Debug, PartialEq)]
        #[doc(alias = "ThinEvent")]
        #[doc(alias = "EventNotification")]
        #[non_exhaustive]
        pub struct Notification {
            /// Id of the event, as in `evt_…`: the same whenever Stripe sends it again.
            pub id: EventId,
            /// What happened.
            pub type_: $type,
            /// When it happened.
            pub created: $crate::DateTime,
            /// `true` for an object of live mode, `false` for one of test mode.
            pub livemode: bool,
            /// The account that the event is about, if a request about it needs one: the id of an account, as in `acct_…`, or a path
            /// of ids, such as `org_…/acct_…`. It is part of the `options`.
            pub context: Option<String>,
            /// Why it happened, if Stripe says so.
            pub reason: Option<NotificationReason>,
            /// The object that the event is about. `None` for an event about no object.
            pub related_object: Option<RelatedObject>,
            /// The [event](Verifier::event) with a snapshot of the object that Stripe sends of the same occurrence, if there is one: its
            /// id tells that both arrived.
            pub snapshot_event: Option<EventId>,
            json: $crate::Secret<$crate::Opaque>,
        }

        /// The object that a [`Notification`] is about.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub struct RelatedObject {
            /// What kind of object it is, as in its field `object`.
            pub type_: String,
            /// Id of the object. `None` for one that there is once in an account, such as its balance.
            pub id: Option<RelatedObjectId>,
            /// The path to retrieve it, such as `/v1/…/…`.
            pub url: String,
        }

        impl RelatedObject {
            /// Creates what a notification says of an object: for tests of code that receives notifications.
            #[must_use]
            pub fn new(type_: impl Into<String>, id: impl Into<String>, url: impl Into<String>) -> Self {
                Self::of($crate::__private::RelatedFields {
                    type_: type_.into(),
                    id: Some(id.into()),
                    url: url.into(),
                })
            }

            fn of(fields: $crate::__private::RelatedFields) -> Self {
                let typed = |id: String| match fields.type_.as_str() {
                    $(
                        $(#[cfg($cfg)])?
                        <$from::$model>::OBJECT => RelatedObjectId::$variant(id.into()),
                    )*
                    _ => RelatedObjectId::Other(id),
                };
                Self { id: fields.id.map(typed), type_: fields.type_, url: fields.url }
            }
        }

        /// Identifies a [`RelatedObject`].
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum RelatedObjectId {
            $(
                $(#[$docs])*
                $(#[cfg($cfg)])?
                $variant($id),
            )*
            /// Id of an object of another kind.
            Other(String),
        }

        impl RelatedObjectId {
            /// Returns the id as a string slice.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(
                        $(#[cfg($cfg)])?
                        Self::$variant(id) => id.as_str(),
                    )*
                    Self::Other(id) => id,
                }
            }
        }

        impl Notification {
            /// What the field `object` of a thin event holds.
            pub const OBJECT: &'static str = "v2.core.event";

            /// Reads a notification without a signature, from a source that is trusted: a queue, the `detail` of Amazon EventBridge, a
            /// test.
            ///
            /// # Errors
            /// [`WebhookError::NotAnEvent`] and [`WebhookError::SnapshotEvent`].
            pub fn from_trusted(body: impl AsRef<[u8]>) -> Result<Self, WebhookError> {
                let (json, envelope) = $crate::__private::notification_json(body.as_ref(), API_VERSION)?;
                Ok(Self::of(json, envelope))
            }

            fn of(json: $crate::Opaque, envelope: $crate::__private::ThinEnvelope<$type>) -> Self {
                Self {
                    id: envelope.id,
                    type_: envelope.type_,
                    created: envelope.created,
                    livemode: envelope.livemode,
                    context: envelope.context,
                    reason: envelope.reason,
                    related_object: envelope.related_object.map(RelatedObject::of),
                    snapshot_event: envelope.snapshot_event,
                    json: $crate::Secret::new(json),
                }
            }

            $(
                #[doc = concat!(
                    "Returns the id of the [`", stringify!($variant), "`](", stringify!($from), "::",
                    stringify!($model), ") that the event is about, if it is about one."
                )]
                $(#[cfg($cfg)])?
                #[must_use]
                pub fn $id_method(&self) -> Option<&$id> {
                    match self.related_object.as_ref()?.id.as_ref()? {
                        RelatedObjectId::$variant(id) => Some(id),
                        _ => None,
                    }
                }

                $(
                    #[doc = concat!(
                        "Returns the request that retrieves the [`", stringify!($variant), "`](",
                        stringify!($from), "::", stringify!($model),
                        ") that the event is about as it is now, if it is about one. Send it with the `options`."
                        $(, " Only with `", stringify!($operation_cfg), "`.")?
                    )]
                    $(#[cfg($operation_cfg)])?
                    #[doc(alias = "fetch_related_object")]
                    #[doc(alias = "fetchRelatedObject")]
                    pub fn $retrieve(&self) -> Option<$operation> {
                        self.$id_method().map(|id| <$operation>::new(id.as_str()))
                    }
                )?
            )*

            /// Returns the options of a request about the event: its context, and a header that tells Stripe which event it is about.
            ///
            /// Without a context, those of the client apply. With one, no connected account of the client does. Only with the feature
            /// `http`.
            #[cfg(feature = "http")]
            #[cfg_attr(docsrs, doc(cfg(feature = "http")))]
            #[doc(alias = "fetch_related_object")]
            #[doc(alias = "fetchRelatedObject")]
            pub fn options(&self) -> $crate::Options {
                $crate::__private::notification_options(self.id.as_str(), self.context.as_deref())
            }

            $crate::__private::webhook!(@json);
        }

        /// A thin event with what its [`Notification`] leaves out, as [`RetrieveEvent`] returns it.
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub struct FullEvent {
            /// What the notification holds as well. Its JSON is that of the whole event.
            pub notification: Notification,
            /// More about what happened, in the form of the type of the event. `None` if there is nothing more.
            pub data: Option<$crate::Opaque>,
            /// The fields of the related object that changed, with their values before and after, for types of events that track
            /// them.
            pub changes: Option<$crate::Opaque>,
        }

        impl<'de> $crate::__private::serde_core::Deserialize<'de> for FullEvent {
            fn deserialize<D: $crate::__private::serde_core::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                $crate::__private::deserialize_object(deserializer, |json| {
                    let envelope = $crate::__private::decode_kept(json.as_json())?;
                    let details: $crate::__private::ThinDetails = $crate::__private::decode_kept(json.as_json())?;
                    let notification = Notification::of(json, envelope);
                    Ok(Self { notification, data: details.data, changes: details.changes })
                })
            }
        }

        /// Fetches the whole event of a [`Notification`], for up to 30 days after it happened.
        ///
        /// `GET /v2/core/events/{id}`. Returns a [`FullEvent`]. Send it with the `options` of the notification.
        #[derive(Clone, Debug, PartialEq)]
        #[doc(alias = "fetch_event")]
        #[doc(alias = "fetchEvent")]
        #[must_use]
        pub struct RetrieveEvent {
            id: EventId,
        }

        impl RetrieveEvent {
            /// Creates the request with the id of a thin event.
            pub fn new(id: impl Into<EventId>) -> Self {
                Self { id: id.into() }
            }
        }

        impl $crate::Operation for RetrieveEvent {
            type Output = FullEvent;
            const API_VERSION: Option<&'static str> = $version;
            const METHOD: $crate::Method = $crate::Method::Get;
            const PATH: &'static str = "/v2/core/events/{id}";

            fn request(&self) -> Result<$crate::Request, $crate::InvalidInput> {
                let request = $crate::Request::new(Self::METHOD, Self::PATH, &[("id", self.id.as_str())])?;
                Ok(request.with_api_version(Self::API_VERSION))
            }
        }

        impl Verifier {
            /// Verifies a request that has just arrived, and reads its thin event.
            ///
            /// The body and the header are those of [`verify`](Self::verify).
            ///
            /// # Errors
            /// Every variant of [`WebhookError`] but [`BlankSecret`](WebhookError::BlankSecret) and
            /// [`ThinEvent`](WebhookError::ThinEvent).
            ///
            /// # Panics
            /// As [`verify`](Self::verify). [`notification_at`](Self::notification_at) needs no clock.
            #[doc(alias = "parse_event_notification")]
            #[doc(alias = "parseEventNotification")]
            pub fn notification(
                &self,
                body: impl AsRef<[u8]>,
                header: Option<impl AsRef<[u8]>>,
            ) -> Result<Notification, WebhookError> {
                self.verify(&body, header)?;
                Notification::from_trusted(body)
            }

            /// Verifies a request that arrived at a given time, for a request that waited in a queue and for tests, and reads its
            /// thin event.
            ///
            /// # Errors
            /// As [`notification`](Self::notification).
            pub fn notification_at(
                &self,
                body: impl AsRef<[u8]>,
                header: Option<impl AsRef<[u8]>>,
                received_at: $crate::Timestamp,
            ) -> Result<Notification, WebhookError> {
                self.verify_at(&body, header, received_at)?;
                Notification::from_trusted(body)
            }
        }
    };
}
