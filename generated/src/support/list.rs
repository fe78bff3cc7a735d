//! Stripe's list object.

use std::{fmt, marker::PhantomData};

use serde_core::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{DeserializeOwned, DeserializeSeed, MapAccess, SeqAccess, Visitor},
    ser::SerializeMap,
};

use super::model::{Fields, Model, Names, deserialize_model};

/// A page of objects of one kind: Stripe's `list` object.
///
/// ```
/// # use stripe_financial_connections::List;
/// let page: List<String> =
///     serde_json::from_str(r#"{"object": "list", "data": ["a", "b"], "has_more": true, "url": "/v1/things"}"#)?;
/// assert_eq!(page.len(), 2);
/// assert!(page.has_more);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct List<T> {
    /// The objects of this page, in Stripe's order.
    pub data: Vec<T>,
    /// Whether more objects follow this page; they are not part of it.
    pub has_more: bool,
    /// How many objects there are on all pages together. Stripe sends it only where `total_count` is expanded.
    pub total_count: Option<i64>,
    /// The path, below the root of the API, where the list is read page by page.
    pub url: String,
}

impl<T> List<T> {
    /// What the field `object` holds: checked when the list is decoded, written when it is encoded.
    pub const OBJECT: &'static str = "list";

    /// The objects of this page.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.data.iter()
    }

    /// How many objects this page has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.data.len()
    }

    /// Whether this page has no object.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.data.is_empty()
    }
}

impl<T> IntoIterator for List<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.data.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a List<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// The elements of a page.
struct Page<T>(Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Page<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(PageVisitor(PhantomData)).map(Self)
    }
}

struct PageVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for PageVisitor<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<T>, A::Error> {
        let mut data = Vec::new();
        while seq.next_element_seed(Push(&mut data))?.is_some() {}
        Ok(data)
    }
}

/// Reads one element to the end of those before it: it can be large, and is moved once less than if it were handed back.
struct Push<'a, T>(&'a mut Vec<T>);

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for Push<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        // Stripe puts ten on a page if nobody asks for more: room for as many at once spares the moves of growing.
        if self.0.is_empty() {
            self.0.reserve_exact(10);
        }
        self.0.push(T::deserialize(deserializer)?);
        Ok(())
    }
}

impl<T: DeserializeOwned> Model for List<T> {
    const NAMES: &'static Names =
        &Names { fields: &["data", "has_more", "total_count", "url"], constant: Some(Self::OBJECT) };

    fn read<'de, A: MapAccess<'de>>(mut fields: Fields<A>) -> Result<Self, A::Error> {
        let (mut data, mut has_more, mut total_count, mut url) = (None, None, None, None);
        while let Some(index) = fields.next()? {
            match index {
                0 => data = Some(fields.value::<Page<T>>()?.0),
                1 => has_more = Some(fields.value()?),
                2 => total_count = fields.value()?,
                _ => url = Some(fields.value()?),
            }
        }
        Ok(Self {
            data: data.ok_or_else(|| fields.missing("data"))?,
            has_more: has_more.ok_or_else(|| fields.missing("has_more"))?,
            total_count,
            url: url.ok_or_else(|| fields.missing("url"))?,
        })
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize_model(deserializer)
    }
}

impl<T: Serialize> Serialize for List<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("object", Self::OBJECT)?;
        map.serialize_entry("data", &self.data)?;
        map.serialize_entry("has_more", &self.has_more)?;
        if let Some(total_count) = self.total_count {
            map.serialize_entry("total_count", &total_count)?;
        }
        map.serialize_entry("url", &self.url)?;
        map.end()
    }
}
