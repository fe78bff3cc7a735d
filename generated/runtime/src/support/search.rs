//! Stripe's search result object.

use std::{slice, vec};

use serde_core::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{DeserializeOwned, MapAccess},
    ser::SerializeMap,
};

use super::model::{Fields, Model, Names, deserialize_model};

/// A page of search results: Stripe's `search_result` object.
///
/// # Examples
/// ```
/// # use stripe_runtime::SearchResult;
/// let page: SearchResult<String> = serde_json::from_str(
///     r#"{"object": "search_result", "data": ["a"], "has_more": true, "next_page": "p2", "url": "/v1/things/search"}"#,
/// )?;
/// assert_eq!(page.next_page.as_deref(), Some("p2"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SearchResult<T> {
    /// Objects of this page, in Stripe's order.
    pub data: Vec<T>,
    /// Whether more objects follow after this page.
    pub has_more: bool,
    /// Value of the parameter `page` for the next page.
    pub next_page: Option<String>,
    /// Number of objects on all pages together. Stripe sends it only if `total_count` is expanded.
    pub total_count: Option<i64>,
    /// Path of the operation that returns the results page by page.
    pub url: String,
}

impl<T> SearchResult<T> {
    /// Value of the field `object`: checked when decoding, written when encoding.
    pub const OBJECT: &'static str = "search_result";

    /// Returns an iterator over the objects of this page.
    pub fn iter(&self) -> slice::Iter<'_, T> {
        self.data.iter()
    }

    /// Returns the number of objects of this page.
    #[must_use]
    pub fn len(&self) -> usize {
        self.data.len()
    }

    /// Whether this page has no objects.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.data.is_empty()
    }
}

impl<T> IntoIterator for SearchResult<T> {
    type Item = T;
    type IntoIter = vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.data.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a SearchResult<T> {
    type Item = &'a T;
    type IntoIter = slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T: DeserializeOwned> Model for SearchResult<T> {
    const NAMES: &'static Names =
        &Names { fields: &["data", "has_more", "next_page", "total_count", "url"], constant: Some(Self::OBJECT) };

    fn read<'de, A: MapAccess<'de>>(mut fields: Fields<A>) -> Result<Self, A::Error> {
        let (mut data, mut has_more, mut next_page, mut total_count, mut url) = (None, None, None, None, None);
        while let Some(index) = fields.next()? {
            match index {
                0 => data = Some(fields.value()?),
                1 => has_more = Some(fields.value()?),
                2 => next_page = fields.value()?,
                3 => total_count = fields.value()?,
                _ => url = Some(fields.value()?),
            }
        }
        Ok(Self {
            data: data.ok_or_else(|| fields.missing("data"))?,
            has_more: has_more.ok_or_else(|| fields.missing("has_more"))?,
            next_page,
            total_count,
            url: url.ok_or_else(|| fields.missing("url"))?,
        })
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for SearchResult<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize_model(deserializer)
    }
}

impl<T: Serialize> Serialize for SearchResult<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("object", Self::OBJECT)?;
        map.serialize_entry("data", &self.data)?;
        map.serialize_entry("has_more", &self.has_more)?;
        if let Some(next_page) = &self.next_page {
            map.serialize_entry("next_page", next_page)?;
        }
        if let Some(total_count) = self.total_count {
            map.serialize_entry("total_count", &total_count)?;
        }
        map.serialize_entry("url", &self.url)?;
        map.end()
    }
}
