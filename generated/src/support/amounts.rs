//! Amounts of money by currency.

use std::{borrow::Cow, collections::BTreeMap, fmt, slice};

use serde_core::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{MapAccess, Visitor},
    ser::SerializeMap,
};

use super::text::Text;

/// Amounts of money by currency, 64 bits wide, in the smallest unit of each currency: `120345` in `usd` is $1,203.45.
///
/// Currencies are spelled as Stripe does: lowercase ISO 4217 codes. They come in the order of their codes, each once.
///
/// ```
/// # use stripe_financial_connections::Amounts;
/// let current: Amounts = serde_json::from_str(r#"{"usd": 120345, "eur": -700}"#)?;
/// assert_eq!(current.get("usd"), Some(120_345));
/// assert_eq!(current.get("gbp"), None);
/// assert_eq!(current.iter().collect::<Vec<_>>(), [("eur", -700), ("usd", 120_345)]);
/// # Ok::<(), serde_json::Error>(())
/// ```
// A `BTreeMap<String, i64>` would do, but allocates twice, and room for eleven, for what is nearly always one amount.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Amounts(Vec<(Currency, i64)>);

/// The code of a currency. That of ISO 4217 has three letters, and needs no allocation.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Currency {
    Code([u8; 3]),
    Other(Box<str>),
}

impl Currency {
    fn new(code: Cow<'_, str>) -> Self {
        match code.as_bytes().try_into() {
            Ok(code) => Self::Code(code),
            Err(_) => Self::Other(code.into()),
        }
    }

    fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Code(code) => code,
            Self::Other(code) => code.as_bytes(),
        }
    }

    fn as_str(&self) -> &str {
        match self {
            // It was made of a string, and so is UTF-8.
            Self::Code(code) => str::from_utf8(code).unwrap_or_default(),
            Self::Other(code) => code,
        }
    }
}

impl Amounts {
    /// The amount in a currency, in its smallest unit.
    #[must_use]
    pub fn get(&self, currency: &str) -> Option<i64> {
        self.find(currency).ok().map(|at| self.0[at].1)
    }

    /// The currencies with their amounts, in the order of the currencies.
    #[must_use]
    pub fn iter(&self) -> AmountsIter<'_> {
        AmountsIter(self.0.iter())
    }

    /// How many currencies there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no amount in any currency.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Keeps the order, so that equal amounts are equal in whatever order they came.
    fn set(&mut self, currency: Cow<'_, str>, amount: i64) {
        match self.find(&currency) {
            Ok(at) => self.0[at].1 = amount,
            Err(at) => {
                if self.0.is_empty() {
                    self.0.reserve_exact(1);
                }
                self.0.insert(at, (Currency::new(currency), amount));
            }
        }
    }

    fn find(&self, currency: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(at, _)| at.as_bytes().cmp(currency.as_bytes()))
    }
}

/// The currencies with their amounts: what [`Amounts::iter`] gives.
#[derive(Clone)]
pub struct AmountsIter<'a>(slice::Iter<'a, (Currency, i64)>);

impl<'a> Iterator for AmountsIter<'a> {
    type Item = (&'a str, i64);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(currency, amount)| (currency.as_str(), *amount))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl ExactSizeIterator for AmountsIter<'_> {}

impl<'a> IntoIterator for &'a Amounts {
    type Item = (&'a str, i64);
    type IntoIter = AmountsIter<'a>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a, C: Into<Cow<'a, str>>> FromIterator<(C, i64)> for Amounts {
    /// Of a currency that is there twice, the last amount counts, as in JSON.
    fn from_iter<I: IntoIterator<Item = (C, i64)>>(amounts: I) -> Self {
        let mut all = Self::default();
        for (currency, amount) in amounts {
            all.set(currency.into(), amount);
        }
        all
    }
}

impl From<Amounts> for BTreeMap<String, i64> {
    fn from(amounts: Amounts) -> Self {
        amounts.iter().map(|(currency, amount)| (currency.to_owned(), amount)).collect()
    }
}

impl fmt::Debug for Amounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self).finish()
    }
}

impl Serialize for Amounts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        for (currency, amount) in self {
            map.serialize_entry(currency, &amount)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Amounts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(AmountsVisitor)
    }
}

struct AmountsVisitor;

impl<'de> Visitor<'de> for AmountsVisitor {
    type Value = Amounts;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of amounts by currency")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Amounts, A::Error> {
        let mut amounts = Amounts::default();
        while let Some(Text(currency)) = map.next_key()? {
            amounts.set(currency, map.next_value()?);
        }
        Ok(amounts)
    }
}
