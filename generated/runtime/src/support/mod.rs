//! The hand-written mechanism behind the generated types.
//!
//! Generated modules state data: fields, names, variants, paths. The code that works with this data (decoding, encoding,
//! building requests, hiding secrets) is here, one concern per file.

mod amounts;
mod api_error;
mod clearable;
mod date_time;
pub(crate) mod decode;
pub(crate) mod encoder;
pub(crate) mod expandable;
mod id;
mod int64_string;
mod into_option;
mod invalid_input;
mod json;
pub(crate) mod kept;
mod list;
pub(crate) mod model;
mod nullable;
pub(crate) mod opaque;
mod open_enum;
mod operation;
mod path;
mod range;
mod request;
#[cfg(feature = "test-util")]
pub(crate) mod sample;
mod secret;
pub(crate) mod text;
mod timestamp;
mod transparent;
pub(crate) mod union;

pub use amounts::Amounts;
pub use api_error::{ApiError, ApiErrorType, ErrorResponse};
pub use clearable::Clearable;
pub use date_time::DateTime;
pub use decode::{DecodeError, DecodeErrorKind, decode};
pub use encoder::ParamValue;
pub use expandable::{Deleted, Expandable, Object};
pub use int64_string::Int64String;
pub use into_option::IntoOption;
pub use invalid_input::InvalidInput;
pub use list::{List, ListV2, SearchResult};
pub use nullable::Nullable;
pub use opaque::Opaque;
pub use operation::Operation;
pub use range::{Range, RangeOr};
pub use request::{Method, Request};
pub use secret::Secret;
pub use timestamp::{Timestamp, TimestampRangeError};

#[cfg(feature = "test-util")]
pub(crate) use crate::__samples as samples;
pub(crate) use crate::{__model as model, __open_enum as open_enum, __transparent as transparent};

#[cfg(test)]
#[allow(dead_code, unreachable_pub, reason = "its types are public and complete like the generated ones")]
mod tests;
