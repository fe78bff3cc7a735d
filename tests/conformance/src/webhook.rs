//! Webhook deliveries: which ones this crate and the official libraries accept, and why they reject the others.
//!
//! A [`Delivery`] is a request to an endpoint, with the secret and the time. The libraries verify all deliveries, and sign the
//! bodies of those with a time of signing. The outcome is recorded and compared with that of this crate: the id of a snapshot event,
//! and all fields of a thin one.

mod deliveries;
mod differences;

use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use stripe_financial_connections::{
    Timestamp,
    webhook::{Notification, NotificationReason, Verifier, WebhookError},
};

use super::{
    Problem,
    record::{About, Library, ascii, lines, read_recording},
};

pub use deliveries::deliveries;
pub use differences::{DIFFERENCES, Difference};

/// A request to a webhook endpoint. Body and header are bytes, written as the characters U+0000 to U+00FF.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// A unique name. The word before the colon is the group.
    pub name: String,
    /// Whether it goes to what reads thin events.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub thin: bool,
    /// The secret of the endpoint.
    pub secret: String,
    /// The body.
    pub body: String,
    /// The header `Stripe-Signature`, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<String>,
    /// When the request arrived, in seconds since 1970.
    pub received_at: i64,
    /// The tolerance in seconds, where it is not the default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tolerance: Option<u64>,
    /// The timestamp with which the libraries sign the body, if they do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_at: Option<i64>,
}

impl Delivery {
    /// Whether it belongs to a group.
    #[must_use]
    pub fn is(&self, group: &str) -> bool {
        self.name.split(':').next() == Some(group)
    }

    fn verifier(&self) -> Result<Verifier, WebhookError> {
        let verifier = Verifier::new(&self.secret)?;
        Ok(self.tolerance.map_or(verifier.clone(), |seconds| verifier.tolerance(Duration::from_secs(seconds))))
    }

    /// Verifies it with this crate, and returns the id of the event.
    ///
    /// # Errors
    /// Why this crate rejects it.
    pub fn verdict(&self) -> Result<String, Rejection> {
        let header = self.header.as_deref().map(to_bytes);
        let received_at = Timestamp::from_unix_seconds(self.received_at);
        let id = match self.thin {
            false => self.verifier().and_then(|verifier| {
                verifier.event_at(to_bytes(&self.body), header, received_at).map(|event| event.id)
            }),
            true => self.notification(header, received_at).map(|notification| notification.id),
        };
        id.map(Into::into).map_err(|error| match error {
            WebhookError::BlankSecret => Rejection::BlankSecret,
            WebhookError::NoHeader => Rejection::NoHeader,
            WebhookError::Malformed { .. } => Rejection::Malformed,
            WebhookError::NoMatch { .. } => Rejection::NoMatch,
            WebhookError::TooOld { .. } => Rejection::TooOld,
            WebhookError::ThinEvent(_) => Rejection::ThinEvent,
            WebhookError::SnapshotEvent(_) => Rejection::SnapshotEvent,
            // `NotAnEvent`; and a variant to come, which then shows up as a difference.
            _ => Rejection::NotAnEvent,
        })
    }

    /// Reads its thin event with this crate, from a request with some header.
    fn notification(&self, header: Option<Vec<u8>>, received_at: Timestamp) -> Result<Notification, WebhookError> {
        self.verifier()?.notification_at(to_bytes(&self.body), header, received_at)
    }
}

/// Returns what a thin event holds, as all libraries are compared by it.
fn fields(event: &Notification) -> Value {
    let reason = event.reason.as_ref().map(|reason| match reason {
        NotificationReason::Request(request) if request.id.is_none() => json!({ "type": "request", "request": null }),
        NotificationReason::Request(request) => {
            json!({ "type": "request", "request": { "id": request.id, "idempotency_key": request.idempotency_key } })
        }
        NotificationReason::Other(type_) => json!({ "type": type_, "request": null }),
        _ => json!("a variant to come, which then shows up as a difference"),
    });
    let related_object = event.related_object.as_ref().map(
        |object| json!({ "id": object.id.as_ref().map(|id| id.as_str()), "type": object.type_, "url": object.url }),
    );
    json!({
        "id": event.id,
        "type": event.type_,
        "created": event.created.to_string(),
        "livemode": event.livemode,
        "context": event.context,
        "reason": reason,
        "related_object": related_object,
    })
}

/// Why a delivery is rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// The secret is blank.
    BlankSecret,
    /// There is no header.
    NoHeader,
    /// The header cannot be read.
    Malformed,
    /// No signature matches.
    NoMatch,
    /// The signature is too old.
    TooOld,
    /// The body is not an event.
    NotAnEvent,
    /// The body is a thin event, for what reads snapshot events.
    ThinEvent,
    /// The body is a snapshot event, for what reads thin events.
    SnapshotEvent,
}

/// The outcome of one delivery in a library, as its driver reports it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The name of the delivery.
    pub delivery: String,
    /// The header that the library creates for the body, if the delivery has a timestamp for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<String>,
    /// The id of the event, if the library accepts the delivery.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// What a thin event holds, if the library accepts the delivery.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fields: Option<Value>,
    /// The class and the message of the error otherwise; the class alone if the message is not the library's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

impl Outcome {
    /// Returns the id of the event, empty for a body that has none, or why the library rejects the delivery.
    ///
    /// # Errors
    /// If the error of the library is unknown here.
    pub fn verdict(&self) -> Result<Result<&str, Rejection>, Problem> {
        match (&self.event, &self.error) {
            (Some(id), None) => Ok(Ok(id)),
            (None, Some(error)) => match ERRORS.iter().find(|(start, _)| error.starts_with(start)) {
                Some((_, rejection)) => Ok(Err(*rejection)),
                None => Err(Problem::new(format!("an unknown error: {error}"))),
            },
            _ => Err(Problem::new("either an event or an error was expected")),
        }
    }
}

/// The errors of the libraries, by their first words. A class alone is an error of the language, not of the library.
const ERRORS: &[(&str, Rejection)] = &[
    ("StripeSignatureVerificationError: No webhook secret", Rejection::BlankSecret),
    ("SignatureVerificationError: No webhook secret", Rejection::BlankSecret),
    ("StripeSignatureVerificationError: No stripe-signature header", Rejection::NoHeader),
    ("SignatureVerificationError: No Stripe-Signature header", Rejection::NoHeader),
    ("StripeSignatureVerificationError: Unable to extract", Rejection::Malformed),
    ("SignatureVerificationError: Unable to extract", Rejection::Malformed),
    ("StripeSignatureVerificationError: No signatures found", Rejection::NoMatch),
    ("SignatureVerificationError: No signatures found", Rejection::NoMatch),
    ("StripeSignatureVerificationError: Timestamp outside", Rejection::TooOld),
    ("SignatureVerificationError: Timestamp outside", Rejection::TooOld),
    ("Error: You passed a thin event", Rejection::ThinEvent),
    ("ValueError: You passed a thin event", Rejection::ThinEvent),
    ("Error: You passed a webhook payload", Rejection::SnapshotEvent),
    ("ValueError: You passed a webhook payload", Rejection::SnapshotEvent),
    ("Error: Unexpected object type", Rejection::NotAnEvent),
    ("ValueError: Unexpected object type", Rejection::NotAnEvent),
    // An empty body, an empty `v1`.
    ("StripeSignatureVerificationError: No webhook payload", Rejection::NoMatch),
    ("Error: secureCompare must receive two arguments", Rejection::NoMatch),
    // A signature that is not ASCII: the comparison itself fails.
    ("RangeError: Input buffers must have the same byte length", Rejection::NoMatch),
    ("TypeError", Rejection::NoMatch),
    ("SyntaxError", Rejection::NotAnEvent),
    ("JSONDecodeError", Rejection::NotAnEvent),
    ("UnicodeDecodeError", Rejection::NotAnEvent),
    ("AttributeError", Rejection::NotAnEvent),
    ("KeyError", Rejection::NotAnEvent),
];

/// The outcomes of one library.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Recording {
    /// The library.
    pub library: Library,
    /// The versions that it states.
    pub about: About,
    /// The types of events of Financial Connections that it knows. Empty if it has no list.
    #[serde(default)]
    pub event_types: Vec<String>,
    /// An outcome for each delivery, in their order.
    pub outcomes: Vec<Outcome>,
}

/// The output of a driver.
#[derive(Debug, Deserialize)]
pub struct Report {
    #[serde(flatten)]
    about: About,
    #[serde(default)]
    event_types: Vec<String>,
    #[serde(default)]
    notification_types: Vec<String>,
    outcomes: Vec<Outcome>,
}

impl Report {
    /// Returns it as the recording of a library.
    #[must_use]
    pub fn of(self, library: Library) -> Recording {
        let Self { about, event_types, outcomes, .. } = self;
        Recording { library, about, event_types, outcomes }
    }

    /// Returns a line for each type of thin events that the library knows.
    pub fn notification_types(&self) -> impl Iterator<Item = String> {
        self.notification_types.iter().map(|type_| format!("{type_}\n"))
    }
}

impl Recording {
    /// Returns the text of its file.
    ///
    /// # Errors
    /// Never: every value can be encoded as JSON.
    pub fn text(&self) -> Result<String, Problem> {
        Ok(format!(
            "{{\n\"library\":{},\n\"about\":{},\n\"event_types\":{},\n\"outcomes\":{}}}\n",
            ascii(&self.library)?,
            ascii(&self.about)?,
            ascii(&self.event_types)?,
            lines(&self.outcomes)?,
        ))
    }

    /// Reads the recording of a library.
    ///
    /// # Errors
    /// If the file is missing or invalid, or is of another library.
    pub fn read(library: Library) -> Result<Self, Problem> {
        read_recording(file(library), library, |recording: &Self| recording.library)
    }
}

/// The name of the file of the deliveries.
pub const DELIVERIES: &str = "webhook";

/// Returns the name of the file of a library.
#[must_use]
pub const fn file(library: Library) -> &'static str {
    match library {
        Library::Node => "webhook_node",
        Library::Python => "webhook_python",
    }
}

/// Returns the text of the file of the deliveries.
///
/// # Errors
/// Never: every value can be encoded as JSON.
pub fn deliveries_text(deliveries: &[Delivery]) -> Result<String, Problem> {
    lines(deliveries)
}

/// The outcome of the comparison with one library.
#[derive(Debug, Default)]
pub struct Summary {
    /// The number of deliveries that both accept, as the same event.
    pub accepted: usize,
    /// The number of deliveries that both reject, for the same reason.
    pub rejected: usize,
    /// The number of bodies that both sign alike.
    pub signed: usize,
    /// The number of deliveries for each kind of difference.
    pub kinds: BTreeMap<&'static str, usize>,
    /// Differences without a row, and rows without a difference.
    pub problems: Vec<Problem>,
}

/// Compares all outcomes of a library.
#[must_use]
pub fn compare(deliveries: &[Delivery], recording: &Recording) -> Summary {
    let mut summary = Summary::default();
    let library = recording.library;
    if deliveries.len() != recording.outcomes.len() {
        let counts = format!("{} deliveries and {} outcomes", deliveries.len(), recording.outcomes.len());
        summary.problems.push(Problem::new(counts).at(library));
    }
    let rows: Vec<_> = DIFFERENCES.iter().filter(|row| row.library == library).collect();
    for (delivery, theirs) in deliveries.iter().zip(&recording.outcomes) {
        if let Err(problem) = compare_one(delivery, theirs, &rows, &mut summary) {
            summary.problems.push(problem.at(&delivery.name).at(library));
        }
    }
    for (name, _) in rows.iter().flat_map(|row| row.deliveries) {
        if !deliveries.iter().any(|delivery| delivery.name == *name) {
            summary
                .problems
                .push(Problem::new(format!("a difference names `{name}`, which is no delivery")).at(library));
        }
    }
    summary
}

fn compare_one(
    delivery: &Delivery,
    theirs: &Outcome,
    rows: &[&Difference],
    summary: &mut Summary,
) -> Result<(), Problem> {
    if delivery.name != theirs.delivery {
        return Err(Problem::new(format!("this was recorded for `{}`", theirs.delivery)));
    }
    compare_signed(delivery, theirs)?;
    compare_fields(delivery, theirs)?;
    summary.signed += usize::from(theirs.signed.is_some());
    let (ours, verdict) = (delivery.verdict(), theirs.verdict()?);
    let same = ours.as_deref().map_err(|rejection| *rejection) == verdict;
    let row = rows.iter().find_map(|row| {
        let (_, expected) = row.deliveries.iter().find(|(name, _)| *name == delivery.name)?;
        Some((row.kind, *expected))
    });
    match row {
        None if same && ours.is_ok() => summary.accepted += 1,
        None if same => summary.rejected += 1,
        Some((kind, expected)) if expected == verdict && !same => *summary.kinds.entry(kind).or_default() += 1,
        Some((kind, expected)) if expected == verdict => {
            return Err(Problem::new(format!("`{kind}` makes no difference: {ours:?}")));
        }
        _ => return Err(Problem::new(format!("not explained: here {ours:?}, there {verdict:?}"))),
    }
    Ok(())
}

/// Checks that a thin event that both accept holds the same.
fn compare_fields(delivery: &Delivery, theirs: &Outcome) -> Result<(), Problem> {
    let received_at = Timestamp::from_unix_seconds(delivery.received_at);
    let ours = delivery.notification(delivery.header.as_deref().map(to_bytes), received_at);
    match (ours, &theirs.fields) {
        (Ok(ours), Some(theirs)) if delivery.thin && fields(&ours) != *theirs => {
            Err(Problem::new(format!("here {}, there {theirs}", fields(&ours))))
        }
        (Ok(_), None) if delivery.thin && theirs.event.is_some() => {
            Err(Problem::new("the fields of the event are missing"))
        }
        _ => Ok(()),
    }
}

/// Checks that the header of the library is that of this crate, and verifies here.
fn compare_signed(delivery: &Delivery, theirs: &Outcome) -> Result<(), Problem> {
    let problem = |error: WebhookError| Problem::new(error.to_string());
    let Some(signed_at) = delivery.signed_at else { return Ok(()) };
    let signed_at = Timestamp::from_unix_seconds(signed_at);
    let theirs = theirs.signed.as_deref().ok_or_else(|| Problem::new("the library did not sign the body"))?;
    let verifier = delivery.verifier().map_err(problem)?;
    verifier.verify_at(to_bytes(&delivery.body), Some(theirs), signed_at).map_err(problem)?;
    if delivery.thin {
        delivery.notification(Some(theirs.into()), signed_at).map_err(problem)?;
    }
    let ours = verifier.sign_at(to_bytes(&delivery.body), signed_at);
    if ours == theirs { Ok(()) } else { Err(Problem::new(format!("signed as {ours} here and {theirs} there"))) }
}

/// Converts a text of the characters U+0000 to U+00FF to the bytes that it stands for.
fn to_bytes(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect()
}

/// Converts bytes to the text that stands for them.
fn from_bytes(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}
