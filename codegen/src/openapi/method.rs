//! The methods of HTTP: those that a document can have, and those that requests can have.

/// The method of an operation of a document, supported or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "they are the methods of HTTP")]
pub enum Verb {
    Get,
    Post,
    Delete,
    Put,
    Patch,
    Head,
    Options,
    Trace,
}

impl Verb {
    /// All methods.
    pub const ALL: [Self; 8] =
        [Self::Get, Self::Post, Self::Delete, Self::Put, Self::Patch, Self::Head, Self::Options, Self::Trace];

    /// Returns the method with this key in a path item of a document.
    pub fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verb| verb.key() == key)
    }

    /// Returns the method as a document writes it.
    pub fn key(self) -> &'static str {
        self.names().0
    }

    /// Returns the method as it is sent.
    pub fn as_str(self) -> &'static str {
        self.names().1
    }

    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Get => ("get", "GET"),
            Self::Post => ("post", "POST"),
            Self::Delete => ("delete", "DELETE"),
            Self::Put => ("put", "PUT"),
            Self::Patch => ("patch", "PATCH"),
            Self::Head => ("head", "HEAD"),
            Self::Options => ("options", "OPTIONS"),
            Self::Trace => ("trace", "TRACE"),
        }
    }

    /// Returns the method of a request, if requests of this method are supported.
    pub fn method(self) -> Option<Method> {
        Method::ALL.into_iter().find(|method| Self::from(*method) == self)
    }
}

/// The method of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// `GET`.
    Get,
    /// `POST`.
    Post,
    /// `DELETE`.
    Delete,
}

impl Method {
    /// All methods.
    pub const ALL: [Self; 3] = [Self::Get, Self::Post, Self::Delete];

    /// Returns the method as a document writes it.
    pub fn key(self) -> &'static str {
        Verb::from(self).key()
    }

    /// Returns the method as it is sent.
    pub fn as_str(self) -> &'static str {
        Verb::from(self).as_str()
    }
}

impl From<Method> for Verb {
    fn from(method: Method) -> Self {
        match method {
            Method::Get => Self::Get,
            Method::Post => Self::Post,
            Method::Delete => Self::Delete,
        }
    }
}
