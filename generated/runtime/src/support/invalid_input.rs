//! Values passed in by callers that cannot be used.

use std::{borrow::Cow, error::Error, fmt, sync::Arc};

/// A value passed in by the caller that cannot be used: a path parameter, an API key, a base URL, a header.
///
/// Nothing was sent. The message says what to do, and never repeats the value, which may be secret.
#[derive(Clone)]
pub struct InvalidInput(Box<Inner>);

#[derive(Clone)]
struct Inner {
    input: Cow<'static, str>,
    reason: Cow<'static, str>,
    help: &'static str,
    source: Option<Arc<dyn Error + Send + Sync>>,
}

impl InvalidInput {
    #[cold]
    pub(crate) fn new(
        input: impl Into<Cow<'static, str>>,
        reason: impl Into<Cow<'static, str>>,
        help: &'static str,
    ) -> Self {
        Self(Box::new(Inner { input: input.into(), reason: reason.into(), help, source: None }))
    }

    #[cfg(feature = "http")]
    pub(crate) fn caused_by(mut self, source: impl Error + Send + Sync + 'static) -> Self {
        self.0.source = Some(Arc::new(source));
        self
    }

    /// Returns what cannot be used, without its value: `API key`, ``path parameter `session` ``, `header x-example`, …
    #[must_use]
    pub fn input(&self) -> &str {
        &self.0.input
    }

    /// Returns why it cannot be used.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.0.reason
    }

    /// Returns how to fix it.
    #[must_use]
    pub const fn help(&self) -> &'static str {
        self.0.help
    }
}

impl fmt::Display for InvalidInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the {} {}: {}", self.0.input, self.0.reason, self.0.help)
    }
}

impl fmt::Debug for InvalidInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InvalidInput")
            .field("input", &self.0.input)
            .field("reason", &self.0.reason)
            .field("help", &self.0.help)
            .field("source", &self.0.source)
            .finish()
    }
}

impl Error for InvalidInput {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source.as_ref().map(|source| &**source as _)
    }
}
