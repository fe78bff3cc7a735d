//! Pages of objects: Stripe's objects `list` and `search_result`, and the lists below `/v2/`.

use serde_core::de::DeserializeOwned;

use super::{DecodeError, Nullable, decode::decode};

/// A page of objects of one kind: Stripe's `list` object.
///
/// # Examples
/// ```
/// # use stripe_runtime::{DecodeError, List};
/// let json = br#"{"object": "list", "data": ["a", "b"], "has_more": true, "url": "/v1/things"}"#;
/// let page = List::<String>::from_json(json)?;
/// for element in &page {
///     println!("{element}");
/// }
/// assert_eq!((page.len(), page.first().map(String::as_str)), (2, Some("a")));
/// assert!(page.has_more);
/// # Ok::<(), DecodeError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct List<T> {
    /// Objects of this page, in Stripe's order.
    pub data: Vec<T>,
    /// Whether more objects follow after this page.
    pub has_more: bool,
    /// Number of objects on all pages together. Stripe sends it only if `total_count` is expanded.
    pub total_count: Option<i64>,
    /// Path of the operation that returns the list page by page.
    pub url: String,
}

/// A page of search results: Stripe's `search_result` object.
///
/// # Examples
/// ```
/// # use stripe_runtime::SearchResult;
/// let page: SearchResult<String> = serde_json::from_str(
///     r#"{
///         "object": "search_result", "data": ["a"], "has_more": true, "next_page": "p2",
///         "url": "/v1/things/search"
///     }"#,
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
    pub next_page: Nullable<String>,
    /// Number of objects on all pages together. Stripe sends it only if `total_count` is expanded.
    pub total_count: Option<i64>,
    /// Path of the operation that returns the results page by page.
    pub url: String,
}

/// A page of objects of one kind of an operation below `/v2/`.
///
/// # Examples
/// ```
/// # use stripe_runtime::ListV2;
/// let page: ListV2<String> = serde_json::from_str(
///     r#"{"data": ["a"], "next_page_url": "/v2/things?page=p2", "previous_page_url": null}"#,
/// )?;
/// assert_eq!(page.first().map(String::as_str), Some("a"));
/// assert_eq!(page.next_page_url.as_deref(), Some("/v2/things?page=p2"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ListV2<T> {
    /// Objects of this page, in Stripe's order.
    pub data: Vec<T>,
    /// URL of the next page. `None` if this is the last one.
    pub next_page_url: Option<String>,
    /// URL of the page before this one. `None` if this is the first one.
    pub previous_page_url: Option<String>,
}

/// Implements what pages of objects have in common. The required fields besides `data` have the values of a sample; the optional
/// ones follow.
macro_rules! page {
    ($name:ident $(= $object:literal)?, { $($required:ident: $sample:expr),* $(; $($optional:ident),*)? }) => {
        impl<T> $name<T> {
            $(
                /// Value of the field `object`: checked when decoding, written when encoding.
                pub const OBJECT: &'static str = $object;
            )?

            /// Returns the first object of this page, if any.
            #[must_use]
            pub fn first(&self) -> Option<&T> {
                self.data.first()
            }

            /// Returns an iterator over the objects of this page.
            pub fn iter(&self) -> std::slice::Iter<'_, T> {
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

        #[cfg(feature = "test-util")]
        #[cfg_attr(docsrs, doc(cfg(feature = "test-util")))]
        impl<T> $name<T> {
            /// Returns a page with these objects for tests, after which no other follows. Requires the feature `test-util`.
            #[must_use]
            pub fn sample(data: impl IntoIterator<Item = T>) -> Self {
                let data = data.into_iter().collect();
                Self { data, $($required: $sample,)* $($($optional: Default::default(),)*)? }
            }

            /// Returns this page with a change, so that a test states only the fields that it is about. Requires the feature
            /// `test-util`.
            #[must_use]
            pub fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
                change(&mut self);
                self
            }
        }

        impl<T: DeserializeOwned> $name<T> {
            /// Decodes the page from its JSON.
            ///
            /// In contrast to `serde_json::from_slice`, the error states the path to the invalid value and never its content.
            ///
            /// # Errors
            /// Returns an error if `json` is not UTF-8 or not the JSON of such a page. Never panics.
            pub fn from_json(json: &[u8]) -> Result<Self, DecodeError> {
                decode(json)
            }
        }

        impl<T> IntoIterator for $name<T> {
            type Item = T;
            type IntoIter = std::vec::IntoIter<T>;

            fn into_iter(self) -> Self::IntoIter {
                self.data.into_iter()
            }
        }

        impl<'a, T> IntoIterator for &'a $name<T> {
            type Item = &'a T;
            type IntoIter = std::slice::Iter<'a, T>;

            fn into_iter(self) -> Self::IntoIter {
                self.iter()
            }
        }

        super::model! {
            @fields $name [T] [$($object)?] data, $($required,)* $($($optional?,)*)?
        }
    };
}

page!(List = "list", { has_more: false, url: "/v1/samples".to_owned(); total_count });
page!(SearchResult = "search_result", { has_more: false, url: "/v1/samples".to_owned(); next_page, total_count });
page!(ListV2, { next_page_url: None, previous_page_url: None });
