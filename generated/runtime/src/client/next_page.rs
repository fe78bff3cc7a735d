//! How a page names the next one, and where a list is read.

use std::collections::HashSet;

use http::Uri;

use super::{
    endpoint::Endpoint, error::Error, pages::Page, response::Response, unexpected_response::UnexpectedResponse,
};
use crate::support::{
    DecodeError, List, ListV2, Object, Request, SearchResult,
    encoder::{push_encoded, push_key},
};

pub(super) const STARTING_AFTER: &str = "starting_after";
pub(super) const ENDING_BEFORE: &str = "ending_before";
const PAGE: &str = "page";

/// How a page names the next one.
pub(crate) trait NextPage {
    /// The field that tells whether there is one.
    const TELLS: &'static str = "has_more";

    /// Whether it has objects, as every page must that names the next one by its last object or by `has_more`.
    fn has_objects(&self) -> bool {
        true
    }

    /// Whether a parameter selects a page, as opposed to those that the requests of all pages have.
    fn is_cursor(name: &str) -> bool;

    /// Returns the cursor of the next page, which is a part of a query. `None` if this is the last page.
    fn next(&self, place: &Place, backwards: bool) -> Result<Option<String>, Mismatch>;

    /// Puts the objects into the order of a list that is read backwards.
    fn reverse(&mut self) {}
}

/// The server and the path of a list.
#[derive(Default)]
pub(crate) struct Place {
    base_url: Uri,
    path: String,
}

impl Place {
    /// Returns the query of a URL of this list, as it is encoded there. `None` for any other URL.
    fn query_of(&self, url: &str) -> Option<String> {
        // A `Uri` has no fragment.
        let uri = Uri::try_from(url).ok().filter(|_| !url.contains('#'))?;
        let origin = (uri.scheme(), uri.authority());
        let is_here = origin == (None, None) || origin == (self.base_url.scheme(), self.base_url.authority());
        (is_here && uri.path() == self.path).then(|| uri.query().unwrap_or_default().to_owned())
    }
}

/// Why the next page is unknown, and the path in the response that is the reason.
pub(crate) struct Mismatch {
    pub(super) path: String,
    pub(super) reason: &'static str,
}

impl Mismatch {
    fn new(path: impl Into<String>, reason: &'static str) -> Self {
        Self { path: path.into(), reason }
    }

    fn no_data() -> Self {
        Self::new("data", "expected an object, as `has_more` is true, found none")
    }
}

/// Returns a parameter as it is in a query.
fn pair(name: &str, value: &str) -> String {
    let mut pair = String::new();
    push_key(&mut pair, name);
    pair.push('=');
    push_encoded(&mut pair, value);
    pair
}

/// The most pages in a row of a list below `/v2/` that have no object although more follow: one without end would be read forever.
const MAX_EMPTY: usize = 100;

impl<T: Object> NextPage for List<T> {
    fn is_cursor(name: &str) -> bool {
        [STARTING_AFTER, ENDING_BEFORE].contains(&name)
    }

    fn next(&self, _: &Place, backwards: bool) -> Result<Option<String>, Mismatch> {
        if !self.has_more {
            return Ok(None);
        }
        let (name, index) = if backwards { (ENDING_BEFORE, 0) } else { (STARTING_AFTER, self.len().saturating_sub(1)) };
        let object = self.data.get(index).ok_or_else(Mismatch::no_data)?;
        // An empty cursor would start again with the first page.
        let id = object.id().filter(|id| !id.is_empty());
        let id =
            id.ok_or_else(|| Mismatch::new(format!("data[{index}].id"), "expected the id that selects the next page"))?;
        Ok(Some(pair(name, id)))
    }

    fn reverse(&mut self) {
        self.data.reverse();
    }
}

impl<T> NextPage for SearchResult<T> {
    fn is_cursor(name: &str) -> bool {
        name == PAGE
    }

    fn next(&self, _: &Place, _: bool) -> Result<Option<String>, Mismatch> {
        if !self.has_more {
            return Ok(None);
        }
        if self.is_empty() {
            return Err(Mismatch::no_data());
        }
        let next = self.next_page.as_deref().filter(|next| !next.is_empty());
        let next = next.ok_or_else(|| Mismatch::new("next_page", "expected the next page, as `has_more` is true"))?;
        Ok(Some(pair(PAGE, next)))
    }
}

impl<T> NextPage for ListV2<T> {
    const TELLS: &'static str = "next_page_url";

    fn has_objects(&self) -> bool {
        !self.is_empty()
    }

    /// The URL of the next page has all of them.
    fn is_cursor(_: &str) -> bool {
        true
    }

    fn next(&self, place: &Place, _: bool) -> Result<Option<String>, Mismatch> {
        let query = |url: &String| {
            let reason = "expected a URL with the server and the path of this list";
            place.query_of(url).ok_or_else(|| Mismatch::new(Self::TELLS, reason))
        };
        self.next_page_url.as_ref().map(query).transpose()
    }
}

/// Which page comes next. It changes only with a page that is valid.
#[derive(Default)]
pub(super) struct Position {
    place: Place,
    /// What selects the page in the query. `None` for the first page.
    pub(super) cursor: Option<String>,
    /// The cursors of this page and all earlier ones.
    known: HashSet<String>,
    /// How many of the latest pages have no object.
    empty: usize,
    pub(super) ended: bool,
}

impl Position {
    /// The first page of a list. Without a request, there is no page.
    pub(super) fn new(endpoint: &Endpoint, request: Option<&Request>, cursor: String) -> Self {
        let place = request.and_then(|request| {
            let base_url = endpoint.base_url(request).ok()?.parse().ok()?;
            Some(Place { base_url, path: request.path().to_owned() })
        });
        Self { place: place.unwrap_or_default(), known: HashSet::from([cursor]), ..Self::default() }
    }

    /// Moves to the page after this one.
    pub(super) fn advance<P: Page>(
        &mut self,
        mut response: Response<P>,
        backwards: bool,
    ) -> Result<Response<P>, Error> {
        let page = response.value_mut();
        match self.move_after(page, backwards) {
            Ok(()) if backwards => page.reverse(),
            Ok(()) => {}
            Err(Mismatch { path, reason }) => {
                let error = DecodeError::mismatch(response.raw().body(), path, reason);
                return Err(UnexpectedResponse::new(error, response.into_raw()).into());
            }
        }
        Ok(response)
    }

    pub(super) fn move_after<P: NextPage>(&mut self, page: &P, backwards: bool) -> Result<(), Mismatch> {
        let Some(cursor) = page.next(&self.place, backwards)? else {
            self.ended = true;
            return Ok(());
        };
        self.empty = if page.has_objects() { 0 } else { self.empty + 1 };
        if self.empty > MAX_EMPTY {
            return Err(Mismatch::new("data", "expected an object after 100 pages without one, found none"));
        }
        if !self.known.insert(cursor.clone()) {
            return Err(Mismatch::new(P::TELLS, "expected a new page to follow, found the cursor of an earlier page"));
        }
        self.cursor = Some(cursor);
        Ok(())
    }
}
