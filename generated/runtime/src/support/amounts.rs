//! Amounts of money by currency.

use std::{borrow::Cow, collections::BinaryHeap, fmt, slice, vec};

use serde_core::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{MapAccess, Visitor},
    ser::SerializeMap,
};

use super::text::Text;

/// Amounts of money by currency, in the smallest unit of each currency: `120345` in `usd` is $1,203.45.
///
/// A currency is a lowercase ISO 4217 code. Each occurs once; they are sorted by code.
///
/// # Examples
/// ```
/// # use stripe_financial_connections::Amounts;
/// let current: Amounts = serde_json::from_str(r#"{"usd": 120345, "eur": -700}"#)?;
/// assert_eq!(current.get("usd"), Some(120_345));
/// assert_eq!(current.get("gbp"), None);
/// for (currency, amount) in &current {
///     println!("{amount} {currency}");
/// }
/// assert_eq!(current.into_iter().next(), Some(("eur".to_owned(), -700)));
/// # Ok::<(), serde_json::Error>(())
/// ```
// A `BTreeMap<String, i64>` allocates twice, with room for eleven entries. There is nearly always just one.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Amounts(Vec<(Currency, i64)>);

/// The code of a currency. A code of ISO 4217 has three letters and needs no allocation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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

    fn as_str(&self) -> &str {
        match self {
            // `new` takes a string, so that this is UTF-8.
            Self::Code(code) => str::from_utf8(code).unwrap_or_default(),
            Self::Other(code) => code,
        }
    }
}

impl Amounts {
    /// Returns the amount in a currency, in its smallest unit.
    #[must_use]
    pub fn get(&self, currency: &str) -> Option<i64> {
        self.iter().find_map(|(at, amount)| (at == currency).then_some(amount))
    }

    /// Returns an iterator over the currencies and their amounts, sorted by currency.
    #[must_use]
    pub fn iter(&self) -> AmountsIter<'_> {
        AmountsIter(self.0.iter())
    }

    /// Returns the number of currencies.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no amounts.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Sorts the amounts and keeps the last one of each currency.
    fn new(amounts: Vec<(Currency, i64)>) -> Self {
        if amounts.len() < 2 {
            return Self(amounts);
        }
        // A heap, since instantiating the sort of a slice takes a tenth of the time to build this crate.
        let heap: BinaryHeap<_> =
            amounts.into_iter().enumerate().map(|(at, (currency, amount))| (currency, at, amount)).collect();
        let mut sorted: Vec<_> =
            heap.into_sorted_vec().into_iter().map(|(currency, _, amount)| (currency, amount)).collect();
        sorted.dedup_by(|later, kept| {
            let again = later.0 == kept.0;
            if again {
                kept.1 = later.1;
            }
            again
        });
        Self(sorted)
    }
}

/// Iterator over [`Amounts`]: currencies with their amounts.
#[derive(Clone, Debug)]
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

impl DoubleEndedIterator for AmountsIter<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.0.next_back().map(|(currency, amount)| (currency.as_str(), *amount))
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

impl IntoIterator for Amounts {
    type Item = (String, i64);
    type IntoIter = vec::IntoIter<(String, i64)>;

    fn into_iter(self) -> Self::IntoIter {
        let owned: Vec<_> = self.iter().map(|(currency, amount)| (currency.to_owned(), amount)).collect();
        owned.into_iter()
    }
}

impl<'a, C: Into<Cow<'a, str>>> FromIterator<(C, i64)> for Amounts {
    /// The last amount counts if a currency occurs twice, as in JSON.
    fn from_iter<I: IntoIterator<Item = (C, i64)>>(amounts: I) -> Self {
        Self::new(amounts.into_iter().map(|(currency, amount)| (Currency::new(currency.into()), amount)).collect())
    }
}

impl fmt::Debug for Amounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl Serialize for Amounts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.len()))?;
        for (currency, amount) in self.iter() {
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
        let mut amounts = Vec::with_capacity(1);
        while let Some(Text(currency)) = map.next_key()? {
            amounts.push((Currency::new(currency), map.next_value()?));
        }
        Ok(Amounts::new(amounts))
    }
}
