//! What the compiler says where a client is to be built over an HTTP stack whose feature is off.
//!
//! No type implements these traits. The bound `for<'a> …` is checked where a method is called: without `'a`, it would be an
//! error where the method is defined.

#[cfg(not(all(feature = "reqwest", feature = "ureq")))]
use super::{builder::ClientBuilder, error::Error};

#[cfg(not(feature = "reqwest"))]
#[diagnostic::on_unimplemented(
    message = "`Client::new` and `ClientBuilder::build` of the async client need the feature `reqwest`",
    label = "the feature `reqwest` is off",
    note = "enable it in `Cargo.toml`, or pass a transport of your own to `ClientBuilder::build_with`"
)]
pub(super) trait OverReqwest<'a>: Sized {
    fn build(builder: ClientBuilder<Self>) -> Result<Self, Error>;
}

#[cfg(not(feature = "ureq"))]
#[diagnostic::on_unimplemented(
    message = "`Client::new` and `ClientBuilder::build` of the blocking client need the feature `ureq`",
    label = "the feature `ureq` is off",
    note = "enable it in `Cargo.toml`, or pass a transport of your own to `ClientBuilder::build_with`"
)]
pub(super) trait OverUreq<'a>: Sized {
    fn build(builder: ClientBuilder<Self>) -> Result<Self, Error>;
}
