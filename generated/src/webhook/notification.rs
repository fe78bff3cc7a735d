//! Thin events: the notification that Stripe sends, and the whole event, which a request fetches.

#[cfg(feature = "test-util")]
use stripe_runtime::__private::serde_json;
use stripe_runtime::__private::{
    DecodeError, Fields, InvalidInput, Method, Model, Names, Operation, Request, RequestObject, decode,
    deserialize_model, model, not_an_event,
    serde_core::{
        Deserialize, Deserializer,
        de::{Error, MapAccess},
    },
    serde_json::{Map, Value},
    without_mark,
};

use super::{DateTime, Event, EventId, EventRequest, NotificationType, Verifier, WebhookError};
#[cfg(feature = "http")]
use crate::Options;
use crate::{API_VERSION, Account, AccountId, Opaque, Secret, Timestamp};

/// The notification of an event that does not hold its object (a thin event): it says what happened to which object.
///
/// Retrieve the object as it is now, or the whole event with [`RetrieveEvent`], with the `options` of the notification. Fields that
/// this type does not have are kept in [`as_json`](Self::as_json).
#[derive(Clone, Debug, PartialEq)]
#[doc(alias = "ThinEvent")]
#[doc(alias = "EventNotification")]
#[non_exhaustive]
pub struct Notification {
    /// Id of the event, as in `evt_…`: the same whenever Stripe sends it again.
    pub id: EventId,
    /// What happened.
    pub type_: NotificationType,
    /// When it happened.
    pub created: DateTime,
    /// `true` for an object of live mode, `false` for one of test mode.
    pub livemode: bool,
    /// The account that the event is about, if a request about it needs one: the id of an account, as in `acct_…`, or a path of ids,
    /// such as `org_…/acct_…`. It is part of the `options`.
    pub context: Option<String>,
    /// Why it happened, if Stripe says so.
    pub reason: Option<NotificationReason>,
    /// The object that the event is about. `None` for an event about no object.
    pub related_object: Option<RelatedObject>,
    /// The [`Event`] with a snapshot of the object that Stripe sends of the same occurrence, if there is one: its id tells that both
    /// arrived.
    pub snapshot_event: Option<EventId>,
    json: Secret<Map<String, Value>>,
}

/// Why an event happened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotificationReason {
    /// An API request caused it.
    Request(EventRequest),
    /// Another reason, by its type. Its JSON is in [`as_json`](Notification::as_json).
    Other(String),
}

/// The object that a [`Notification`] is about.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RelatedObject {
    /// What kind of object it is, such as `financial_connections.account`.
    pub type_: String,
    /// Id of the object. `None` for one that there is once in an account, such as its balance.
    pub id: Option<RelatedObjectId>,
    /// The path to retrieve it, such as `/v1/financial_connections/accounts/fca_…`.
    pub url: String,
}

/// Identifies a [`RelatedObject`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RelatedObjectId {
    /// Id of a Financial Connections account, which every event `v1.financial_connections.account.*` is about.
    Account(AccountId),
    /// Id of an object of another kind.
    Other(String),
}

impl RelatedObjectId {
    /// Returns the id as a string slice.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Account(id) => id.as_str(),
            Self::Other(id) => id,
        }
    }
}

impl Notification {
    /// What the field `object` of a thin event holds.
    pub const OBJECT: &'static str = "v2.core.event";

    /// Reads a notification without a signature, from a source that is trusted: a queue, the `detail` of Amazon EventBridge, a test.
    ///
    /// # Errors
    /// [`WebhookError::NotAnEvent`] and [`WebhookError::SnapshotEvent`].
    pub fn from_trusted(body: impl AsRef<[u8]>) -> Result<Self, WebhookError> {
        let wrong = |error| not_an_event(error, None, API_VERSION);
        let body = without_mark(body.as_ref());
        let json: Opaque = decode(body).map_err(wrong)?;
        if json.object() == Some(Event::OBJECT) {
            return Err(WebhookError::SnapshotEvent(json));
        }
        // The text is decoded again, not the JSON that was just read, so that an error states the place.
        let Envelope(notification) = decode(body).map_err(wrong)?;
        Ok(Self { json: Secret::new(json.into_json()), ..notification })
    }

    /// Returns the id of the Financial Connections account that the event is about, if it is about one.
    #[must_use]
    pub fn account_id(&self) -> Option<&AccountId> {
        match self.related_object.as_ref()?.id.as_ref()? {
            RelatedObjectId::Account(id) => Some(id),
            RelatedObjectId::Other(_) => None,
        }
    }

    /// Returns the options of a request about the event: its context, and a header that tells Stripe which event it is about.
    ///
    /// Without a context, those of the client apply. With one, no connected account of the client does.
    ///
    /// ```
    /// # #[cfg(all(feature = "client", feature = "accounts"))]
    /// # mod example {
    /// use stripe_financial_connections::webhook::{FullEvent, Notification, RetrieveEvent};
    /// use stripe_financial_connections::{Account, Client, Error, RetrieveAccount};
    ///
    /// /// Returns the account as it is now.
    /// async fn account(stripe: &Client, event: &Notification) -> Result<Option<Account>, Error> {
    ///     let Some(id) = event.account_id() else { return Ok(None) };
    ///     let response = stripe.send_with(&RetrieveAccount::new(id), &event.options()).await?;
    ///     Ok(Some(response.into_value()))
    /// }
    ///
    /// async fn full_event(stripe: &Client, event: &Notification) -> Result<FullEvent, Error> {
    ///     let response = stripe.send_with(&RetrieveEvent::new(&event.id), &event.options()).await?;
    ///     Ok(response.into_value())
    /// }
    /// # }
    /// ```
    #[cfg(feature = "http")]
    #[cfg_attr(docsrs, doc(cfg(feature = "http")))]
    #[doc(alias = "fetch_related_object")]
    #[doc(alias = "fetchRelatedObject")]
    pub fn options(&self) -> Options {
        let options = Options::new().header("Stripe-Request-Trigger", format!("event={}", self.id));
        match self.context.as_deref() {
            None | Some("") => options,
            Some(context) => options.context(context).without_account(),
        }
    }

    /// Returns the whole JSON of the notification, with every field that Stripe sent.
    #[must_use]
    pub const fn as_json(&self) -> &Map<String, Value> {
        self.json.expose()
    }

    /// Returns the whole JSON of the notification, owned.
    #[must_use]
    pub fn into_json(self) -> Map<String, Value> {
        self.json.into_inner()
    }
}

/// A notification without its JSON, as it is decoded.
struct Envelope(Notification);

impl<'de> Deserialize<'de> for Envelope {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize_model(deserializer)
    }
}

impl Model for Envelope {
    const NAMES: &'static Names = &Names {
        fields: &["id", "context", "created", "livemode", "reason", "related_object", "snapshot_event", "type"],
        constant: Some(Notification::OBJECT),
    };

    fn read<'de, A: MapAccess<'de>>(mut fields: Fields<A>) -> Result<Self, A::Error> {
        let (mut id, mut created, mut livemode, mut type_) = (None, None, None, None);
        let (mut context, mut reason, mut related_object, mut snapshot_event) = (None, None, None, None);
        while let Some(index) = fields.next()? {
            match Self::NAMES.fields[index] {
                "id" => id = Some(fields.value()?),
                "context" => context = fields.value()?,
                "created" => created = Some(fields.value()?),
                "livemode" => livemode = Some(fields.value()?),
                "reason" => reason = fields.value::<Option<ReasonObject>>()?.map(Into::into),
                "related_object" => related_object = fields.value::<Option<RelatedFields>>()?.map(Into::into),
                "snapshot_event" => snapshot_event = fields.value()?,
                _ => type_ = Some(fields.value()?),
            }
        }
        let missing = |name| fields.missing(name);
        let notification = Notification {
            id: id.ok_or_else(|| missing("id"))?,
            type_: type_.ok_or_else(|| missing("type"))?,
            created: created.ok_or_else(|| missing("created"))?,
            livemode: livemode.ok_or_else(|| missing("livemode"))?,
            context,
            reason,
            related_object,
            snapshot_event,
            json: Secret::new(Map::new()),
        };
        Ok(Self(notification))
    }
}

struct ReasonObject {
    type_: String,
    request: Option<RequestObject>,
}

model! {
    ReasonObject { type_ = "type", request? }
}

impl From<ReasonObject> for NotificationReason {
    fn from(reason: ReasonObject) -> Self {
        if reason.type_ != "request" {
            return Self::Other(reason.type_);
        }
        let request = reason.request.map(|request| (request.id, request.idempotency_key));
        let (id, idempotency_key) = request.unwrap_or_default();
        Self::Request(EventRequest { id, idempotency_key })
    }
}

struct RelatedFields {
    type_: String,
    id: Option<String>,
    url: String,
}

model! {
    RelatedFields { type_ = "type", id?, url }
}

impl From<RelatedFields> for RelatedObject {
    fn from(RelatedFields { type_, id, url }: RelatedFields) -> Self {
        let is_account = type_ == Account::OBJECT;
        let typed =
            |id: String| if is_account { RelatedObjectId::Account(id.into()) } else { RelatedObjectId::Other(id) };
        Self { id: id.map(typed), type_, url }
    }
}

/// A thin event with what its [`Notification`] leaves out, as [`RetrieveEvent`] returns it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct FullEvent {
    /// What the notification holds as well. Its JSON is that of the whole event.
    pub notification: Notification,
    /// More about what happened, in the form of the type of the event. `None` if there is nothing more.
    pub data: Option<Opaque>,
    /// The fields of the related object that changed, with their values before and after, for types of events that track them.
    pub changes: Option<Opaque>,
}

/// `data` and `changes` alone.
struct Details {
    data: Option<Opaque>,
    changes: Option<Opaque>,
}

model! {
    Details { data?, changes? }
}

impl FullEvent {
    fn new(json: Opaque, Envelope(notification): Envelope, Details { data, changes }: Details) -> Self {
        Self { notification: Notification { json: Secret::new(json.into_json()), ..notification }, data, changes }
    }
}

impl<'de> Deserialize<'de> for FullEvent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Opaque::deserialize(deserializer)?;
        let envelope = Deserialize::deserialize(json.as_json()).map_err(D::Error::custom)?;
        let details = Deserialize::deserialize(json.as_json()).map_err(D::Error::custom)?;
        Ok(Self::new(json, envelope, details))
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

impl Operation for RetrieveEvent {
    type Output = FullEvent;
    const API_VERSION: Option<&'static str> = Some(API_VERSION);
    const METHOD: Method = Method::Get;
    const PATH: &'static str = "/v2/core/events/{id}";

    fn request(&self) -> Result<Request, InvalidInput> {
        let request = Request::new(Self::METHOD, Self::PATH, &[("id", self.id.as_str())])?;
        Ok(request.with_api_version(Self::API_VERSION))
    }

    fn decode(body: &[u8]) -> Result<FullEvent, DecodeError> {
        // From the text again, as in `Notification::from_trusted`.
        let json: Opaque = decode(body)?;
        Ok(FullEvent::new(json, decode(body)?, decode(body)?))
    }
}

impl Verifier {
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
}

/// Returns the body of a notification about an account, to be [signed](super::Verifier::sign) and sent to the code under test.
///
/// The event is of test mode. Only with the feature `test-util`.
///
/// ```
/// use stripe_financial_connections::webhook::{
///     Notification, NotificationType, sample_notification_body,
/// };
///
/// let body = sample_notification_body(NotificationType::AccountCreated, "fca_1");
/// let notification = Notification::from_trusted(body)?;
/// assert_eq!(notification.account_id().map(|id| id.as_str()), Some("fca_1"));
/// # Ok::<(), stripe_financial_connections::webhook::WebhookError>(())
/// ```
#[cfg(feature = "test-util")]
#[cfg_attr(docsrs, doc(cfg(feature = "test-util")))]
#[must_use]
pub fn sample_notification_body(type_: impl Into<NotificationType>, account: impl Into<AccountId>) -> String {
    let account = account.into();
    serde_json::json!({
        "id": "evt_test_65R9Ijk8dKEYZcXeRWn16R9A7j1FSQ3w3TGDPLLGSM4CW0",
        "object": Notification::OBJECT,
        "context": null,
        "created": "2026-09-21T14:13:20.000Z",
        "livemode": false,
        "reason": null,
        "related_object": {
            "id": account,
            "type": Account::OBJECT,
            "url": format!("/v1/financial_connections/accounts/{account}"),
        },
        "type": type_.into(),
    })
    .to_string()
}
