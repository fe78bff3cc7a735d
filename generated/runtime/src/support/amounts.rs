//! Amounts of money by currency.

use std::{
    collections::{BTreeMap, btree_map},
    fmt,
};

/// Amounts of money by currency, in the smallest unit of each currency: `120345` in `usd` is $1,203.45.
///
/// A currency is a lowercase ISO 4217 code. Each occurs once; they are sorted by code.
///
/// # Examples
/// ```
/// # use stripe_runtime::Amounts;
/// let current: Amounts = serde_json::from_str(r#"{"usd": 120345, "eur": -700}"#)?;
/// assert_eq!(current.get("usd"), Some(120_345));
/// assert_eq!(current.get("gbp"), None);
/// for (currency, amount) in &current {
///     println!("{amount} {currency}");
/// }
/// assert_eq!(current.into_iter().next(), Some(("eur".to_owned(), -700)));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Amounts(BTreeMap<String, i64>);

impl Amounts {
    /// Returns the amount in a currency, in its smallest unit.
    #[must_use]
    pub fn get(&self, currency: &str) -> Option<i64> {
        self.0.get(currency).copied()
    }

    /// Returns an iterator over the currencies and their amounts, sorted by currency.
    pub fn iter(&self) -> btree_map::Iter<'_, String, i64> {
        self.0.iter()
    }

    /// Returns the number of currencies.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no amounts.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'a> IntoIterator for &'a Amounts {
    type Item = (&'a String, &'a i64);
    type IntoIter = btree_map::Iter<'a, String, i64>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for Amounts {
    type Item = (String, i64);
    type IntoIter = btree_map::IntoIter<String, i64>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<C: Into<String>> FromIterator<(C, i64)> for Amounts {
    /// The last amount counts if a currency occurs twice, as in JSON.
    fn from_iter<I: IntoIterator<Item = (C, i64)>>(amounts: I) -> Self {
        Self(amounts.into_iter().map(|(currency, amount)| (currency.into(), amount)).collect())
    }
}

impl fmt::Debug for Amounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

super::transparent!(Amounts);
