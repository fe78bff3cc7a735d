//! What generated code is written against. It is no part of the public API, and may change in any release: a generated crate
//! and this one are released together, and the one requires exactly the version of the other.

pub use serde_core;
pub use serde_json;

#[cfg(all(feature = "http", feature = "webhook"))]
pub use crate::webhook::notification::notification_options;
#[cfg(all(feature = "test-util", feature = "webhook"))]
pub use crate::webhook::{event::sample_event, notification::sample_notification};
pub use crate::{
    __id as id, __json_object as json_object, __model as model, __opaque as opaque, __open_enum as open_enum,
    __parameter_union as parameter_union, __tagged_union as tagged_union, __text_type as text_type,
    __transparent as transparent, __untagged_union as untagged_union,
    support::{
        Amounts, Clearable, DateTime, DecodeError, Deleted, Expandable, Int64String, IntoOption, InvalidInput, List,
        ListV2, Method, Nullable, Object, Opaque, Operation, ParamValue, RangeOr, Request, SearchResult, Secret,
        Timestamp, decode,
        decode::decode_kept,
        encoder::Encoder,
        kept::deserialize_object,
        model::{Fields, Model, Names, Omit, deserialize_model, kind},
        text::Text,
        union::is_kind,
    },
};
#[cfg(feature = "webhook")]
pub use crate::{
    __notification as notification, __verifier as verifier, __webhook as webhook,
    webhook::{
        event::{Envelope, event, event_json, is_same_release, object_of_event},
        notification::{RelatedFields, ThinDetails, ThinEnvelope, notification_json},
        signature::Signatures,
    },
};
#[cfg(feature = "test-util")]
pub use crate::{__samples as samples, support::sample::read as read_sample};
