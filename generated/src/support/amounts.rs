//! Amounts of money by currency.

use std::{borrow::Cow, collections::BinaryHeap, fmt};

use serde_core::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{MapAccess, Visitor},
    ser::SerializeMap,
};

use super::text::Text;

/// Amounts of money by currency, 64 bits wide, in the smallest unit of each currency: `120345` in `usd` is $1,203.45.
///
/// Currencies are spelled as Stripe does: lowercase ISO 4217 codes. They come in the order of these codes, each once.
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
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
        self.iter().find_map(|(at, amount)| (at == currency).then_some(amount))
    }

    /// The currencies with their amounts, in the order of the currencies.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, i64)> + Clone {
        self.0.iter().map(|(currency, amount)| (currency.as_str(), *amount))
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

    /// Brings them in order, and keeps the last of those of one currency.
    fn new(amounts: Vec<(Currency, i64)>) -> Self {
        if amounts.len() < 2 {
            return Self(amounts);
        }
        // A heap, as sorting a slice of a type of one's own takes a tenth of the time in which the crate is built.
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

impl<'a, C: Into<Cow<'a, str>>> FromIterator<(C, i64)> for Amounts {
    /// Of a currency that is there twice, the last amount counts, as in JSON.
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
