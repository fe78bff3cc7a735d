//! The methods of HTTP: those that a document can have, and those that requests can have.

/// The method of an operation of a document, supported or not: as the document writes it, and as it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Verb(&'static str, &'static str);

impl Verb {
    /// All methods.
    pub const ALL: [Self; 8] = [
        Self("get", "GET"),
        Self("post", "POST"),
        Self("delete", "DELETE"),
        Self("put", "PUT"),
        Self("patch", "PATCH"),
        Self("head", "HEAD"),
        Self("options", "OPTIONS"),
        Self("trace", "TRACE"),
    ];

    /// Returns the method with this key in a path item of a document.
    pub fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verb| verb.0 == key)
    }

    /// Returns the method as a document writes it.
    pub fn key(self) -> &'static str {
        self.0
    }

    /// Returns the method as it is sent.
    pub fn as_str(self) -> &'static str {
        self.1
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
            Method::Get => Self("get", "GET"),
            Method::Post => Self("post", "POST"),
            Method::Delete => Self("delete", "DELETE"),
        }
    }
}
