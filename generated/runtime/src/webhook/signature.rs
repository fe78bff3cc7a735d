//! The header `Stripe-Signature`: a timestamp, and an HMAC-SHA-256 of the timestamp and the body.

use std::time::Duration;

use hmac::{
    Hmac, KeyInit, Mac,
    digest::{CtOutput, Output},
};
use sha2::Sha256;

use super::WebhookError;
use crate::Timestamp;

/// The name of the header that holds the signatures. HTTP does not distinguish case in it.
pub const SIGNATURE_HEADER: &str = "stripe-signature";

/// The scheme of the signatures that count. Stripe marks test signatures of other schemes, such as `v0`, as not to be used.
const SCHEME: &[u8] = b"v1";

/// Defines `Verifier` in a module that has `WebhookError`: here, and in a generated crate, which adds what reads an event.
#[doc(hidden)]
#[macro_export]
macro_rules! __verifier {
    () => {
        /// Verifies that a request comes from Stripe, with the secret of a webhook endpoint. See the documentation of the module.
        ///
        /// It is cheap to clone and can be shared between threads. `Debug` does not show the secret.
        #[derive(Clone)]
        pub struct Verifier($crate::__private::Signatures);

        impl Verifier {
            /// The tolerance where none is set: five minutes, as in Stripe's libraries.
            pub const DEFAULT_TOLERANCE: ::core::time::Duration = ::core::time::Duration::from_secs(300);

            /// Creates a verifier from the whole secret of the endpoint, with its prefix `whsec_`. Nothing is trimmed.
            ///
            /// # Errors
            /// [`WebhookError::BlankSecret`] when the secret is empty or whitespace.
            pub fn new(secret: impl AsRef<str>) -> Result<Self, WebhookError> {
                $crate::__private::Signatures::new(secret.as_ref(), Self::DEFAULT_TOLERANCE).map(Self)
            }

            /// Sets the greatest age of a signature that is accepted. Default: 300 seconds, inclusive.
            ///
            /// The age is counted in whole seconds, and a timestamp in the future is accepted. `Duration::ZERO` accepts no age at all,
            /// unlike in Stripe's libraries; `Duration::MAX` accepts any age, and with it every replay.
            #[must_use]
            pub const fn tolerance(mut self, tolerance: ::core::time::Duration) -> Self {
                self.0.tolerance = tolerance;
                self
            }

            /// Verifies a request that has just arrived, without reading the body, and returns when it was signed.
            ///
            /// The body has to be the bytes of the request as they came. The header is what `headers.get(SIGNATURE_HEADER)` returns,
            /// in whatever type the HTTP stack has for it.
            ///
            /// # Errors
            /// [`NoHeader`](WebhookError::NoHeader), [`Malformed`](WebhookError::Malformed), [`NoMatch`](WebhookError::NoMatch) and
            /// [`TooOld`](WebhookError::TooOld).
            ///
            /// # Panics
            /// On platforms without a clock, such as `wasm32-unknown-unknown`. [`verify_at`](Self::verify_at) needs none.
            pub fn verify(
                &self,
                body: impl AsRef<[u8]>,
                header: Option<impl AsRef<[u8]>>,
            ) -> Result<$crate::Timestamp, WebhookError> {
                self.verify_at(body, header, ::std::time::SystemTime::now().into())
            }

            /// Verifies a request that arrived at a given time, without reading the body, and returns when it was signed.
            ///
            /// # Errors
            /// As [`verify`](Self::verify).
            pub fn verify_at(
                &self,
                body: impl AsRef<[u8]>,
                header: Option<impl AsRef<[u8]>>,
                received_at: $crate::Timestamp,
            ) -> Result<$crate::Timestamp, WebhookError> {
                self.0.verify(body.as_ref(), header.as_ref().map_or(&[], AsRef::as_ref), received_at)
            }

            /// Returns the header that Stripe would send with a body now: for tests of code that receives events.
            ///
            /// # Panics
            /// As [`verify`](Self::verify). [`sign_at`](Self::sign_at) needs no clock.
            #[doc(alias = "generateTestHeaderString")]
            #[must_use]
            pub fn sign(&self, body: impl AsRef<[u8]>) -> String {
                self.sign_at(body, ::std::time::SystemTime::now().into())
            }

            /// Returns the header that Stripe would send with a body at a given time, which should not be before 1970.
            #[must_use]
            pub fn sign_at(&self, body: impl AsRef<[u8]>, at: $crate::Timestamp) -> String {
                self.0.sign(body.as_ref(), at)
            }
        }

        impl ::core::fmt::Debug for Verifier {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.debug_struct("Verifier").field("tolerance", &self.0.tolerance).finish_non_exhaustive()
            }
        }
    };
}

crate::__verifier!();

/// What a verifier consists of.
#[derive(Clone)]
#[doc(hidden)]
pub struct Signatures {
    /// Keyed with the secret, which is not kept otherwise.
    mac: Hmac<Sha256>,
    secret_has_whitespace: bool,
    pub tolerance: Duration,
}

#[doc(hidden)]
impl Signatures {
    pub fn new(secret: &str, tolerance: Duration) -> Result<Self, WebhookError> {
        if secret.trim().is_empty() {
            return Err(WebhookError::BlankSecret);
        }
        // Never an error: a key of HMAC may have any length.
        let mac = Hmac::new_from_slice(secret.as_bytes()).map_err(|_| WebhookError::BlankSecret)?;
        Ok(Self { mac, secret_has_whitespace: secret.contains(char::is_whitespace), tolerance })
    }

    pub fn verify(&self, body: &[u8], header: &[u8], received_at: Timestamp) -> Result<Timestamp, WebhookError> {
        if header.is_empty() {
            return Err(WebhookError::NoHeader);
        }
        let signed_at = timestamp(header)?;
        let expected = self.mac_of(body, signed_at);
        let signatures = || values(header, SCHEME);
        // The comparison takes the same time wherever the signatures differ.
        let matches = |hex: &[u8]| from_hex(hex).is_some_and(|signature| CtOutput::new(signature) == expected);
        if !signatures().any(matches) {
            let (signatures, secret_has_whitespace) = (signatures().count(), self.secret_has_whitespace);
            let header_has_blanks = has_blanks(header);
            return Err(WebhookError::NoMatch { signatures, secret_has_whitespace, header_has_blanks });
        }
        // Negative for the future, which is not limited. It cannot overflow, as `signed_at` is not negative.
        let age = received_at.as_unix_seconds().saturating_sub(signed_at.as_unix_seconds());
        let age = Duration::from_secs(u64::try_from(age).unwrap_or(0));
        if age > self.tolerance {
            return Err(WebhookError::TooOld { age, tolerance: self.tolerance });
        }
        Ok(signed_at)
    }

    #[must_use]
    pub fn sign(&self, body: &[u8], at: Timestamp) -> String {
        let mut header = format!("t={at},v1=");
        for byte in self.mac_of(body, at).into_bytes() {
            header.push_str(&format!("{byte:02x}"));
        }
        header
    }

    /// The text that is signed is the timestamp, a dot and the body.
    fn mac_of(&self, body: &[u8], at: Timestamp) -> CtOutput<Hmac<Sha256>> {
        let mut mac = self.mac.clone();
        mac.update(format!("{at}.").as_bytes());
        mac.update(body);
        mac.finalize()
    }
}

/// The values that a header has for a key, as they are: nothing is trimmed, as in Stripe's libraries.
fn values<'a>(header: &'a [u8], key: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
    header.split(|byte| *byte == b',').filter_map(move |item| match item.strip_prefix(key)? {
        [b'=', value @ ..] => Some(value),
        _ => None,
    })
}

/// The timestamp of a header, the only `t` in it.
fn timestamp(header: &[u8]) -> Result<Timestamp, WebhookError> {
    let malformed = |reason| WebhookError::Malformed { reason };
    let mut values = values(header, b"t");
    let digits = values.next().ok_or_else(|| {
        malformed(if has_blanks(header) { "a blank is before its timestamp" } else { "it has no timestamp" })
    })?;
    // With two of them, it would be open which one is signed and which one is compared with the clock.
    if values.next().is_some() {
        return Err(malformed("it has more than one timestamp"));
    }
    // No sign and no spaces: `parse` alone would take `+1`.
    let digits = std::str::from_utf8(digits).ok().filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    let seconds = digits.and_then(|digits| digits.parse().ok());
    seconds.map(Timestamp::from_unix_seconds).ok_or(malformed("its timestamp is not a number of seconds"))
}

/// Whether a header has items with a blank before or after them, which hides them. Stripe sends none.
fn has_blanks(header: &[u8]) -> bool {
    header.split(|byte| *byte == b',').any(|item| (1..item.len()).contains(&item.trim_ascii().len()))
}

/// Decodes a signature, which is 64 hexadecimal digits in lower case.
fn from_hex(hex: &[u8]) -> Option<Output<Hmac<Sha256>>> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let mut signature = Output::<Hmac<Sha256>>::default();
    let (pairs, []) = hex.as_chunks::<2>() else { return None };
    if pairs.len() != signature.len() {
        return None;
    }
    for (byte, [high, low]) in signature.iter_mut().zip(pairs) {
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    Some(signature)
}
