//! Parameters of a create request: which are there, and random values for them.

use serde_json::{Map, Value, json};

use super::set;
use super::values::{EXPAND, HOLDERS, MODES, NUMBERS, PERMISSIONS, PREFETCH, SUBCATEGORIES, SUPPORT};
use crate::random::Random;

/// What can be there or not, by name, with the number of ways in which it can.
const FACTORS: [(&str, u8); 9] = [
    ("account", 2),
    ("customer", 2),
    ("customer_account", 2),
    ("expand", 2),
    // Not at all, or with each choice of its three parameters.
    ("filters", 9),
    ("limits", 2),
    // Not at all, empty, or with its mode.
    ("manual_entry", 3),
    ("prefetch", 2),
    ("return_url", 2),
];

/// Which parameters are there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Row([u8; FACTORS.len()]);

/// Rows in which every choice for any three factors is met, and the two in which nothing and all is there.
pub(super) fn rows(random: &mut Random) -> Vec<Row> {
    let mut rows = vec![Row([0; FACTORS.len()]), Row(FACTORS.map(|(_, ways)| ways - 1))];
    for (a, b, c) in triples() {
        let choices = (0..FACTORS[a].1).flat_map(|x| (0..FACTORS[b].1).map(move |y| (x, y)));
        for ((x, y), z) in choices.flat_map(|choice| (0..FACTORS[c].1).map(move |z| (choice, z))) {
            if rows.iter().any(|Row(row)| (row[a], row[b], row[c]) == (x, y, z)) {
                continue;
            }
            let mut row = Row::random(random);
            (row.0[a], row.0[b], row.0[c]) = (x, y, z);
            rows.push(row);
        }
    }
    rows
}

fn triples() -> impl Iterator<Item = (usize, usize, usize)> {
    let count = FACTORS.len();
    // The one with the most choices first: it takes fewer rows.
    let order: [usize; FACTORS.len()] = [4, 6, 0, 1, 2, 3, 5, 7, 8];
    (0..count).flat_map(move |a| {
        (a + 1..count).flat_map(move |b| (b + 1..count).map(move |c| (order[a], order[b], order[c])))
    })
}

impl Row {
    pub(super) fn random(random: &mut Random) -> Self {
        Self(FACTORS.map(|(_, ways)| random.below(u64::from(ways)) as u8))
    }

    pub(super) fn name(self) -> String {
        let there: Vec<_> = FACTORS
            .iter()
            .zip(self.0)
            .filter(|(_, way)| *way > 0)
            .map(|((name, ways), way)| if *ways > 2 { format!("{name} {way}") } else { (*name).to_owned() })
            .collect();
        if there.is_empty() { "nothing".to_owned() } else { there.join(", ") }
    }

    pub(super) fn params(self, source: &mut Source) -> Map<String, Value> {
        let [account, customer, customer_account, expand, filters, limits, manual_entry, prefetch, return_url] = self.0;
        let mut params = Map::new();
        params.insert("account_holder".to_owned(), json!({ "type": source.value(HOLDERS) }));
        params.insert("permissions".to_owned(), source.list(PERMISSIONS));
        if account > 0 {
            set(&mut params, "account_holder.account", source.text().into());
        }
        if customer > 0 {
            set(&mut params, "account_holder.customer", source.text().into());
        }
        if customer_account > 0 {
            set(&mut params, "account_holder.customer_account", source.text().into());
        }
        if expand > 0 {
            set(&mut params, "expand", source.list(EXPAND));
        }
        if filters > 0 {
            let choice = filters - 1;
            set(&mut params, "filters", json!({}));
            if choice & 1 > 0 {
                set(&mut params, "filters.account_subcategories", source.list(SUBCATEGORIES));
            }
            if choice & 2 > 0 {
                set(&mut params, "filters.country", source.text().into());
            }
            if choice & 4 > 0 {
                set(&mut params, "filters.require_payment_method_support", source.value(SUPPORT).into());
            }
        }
        if limits > 0 {
            set(&mut params, "limits.accounts", source.accounts());
        }
        if manual_entry > 0 {
            set(&mut params, "manual_entry", json!({}));
        }
        if manual_entry > 1 {
            set(&mut params, "manual_entry.mode", source.value(MODES).into());
        }
        if prefetch > 0 {
            set(&mut params, "prefetch", source.list(PREFETCH));
        }
        if return_url > 0 {
            set(&mut params, "return_url", source.text().into());
        }
        params
    }
}

/// Which values are made up.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Taste {
    /// Those that an application would send.
    Usual,
    /// Any.
    Odd,
}

/// Makes values up.
pub(super) struct Source {
    pub(super) random: Random,
    taste: Taste,
}

impl Source {
    pub(super) fn new(seed: u64, taste: Taste) -> Self {
        Self { random: Random(seed), taste }
    }

    pub(super) fn text(&mut self) -> String {
        let odd = self.taste == Taste::Odd;
        let length = if odd { self.random.below(16) } else { 12 };
        (0..length)
            .map(|_| match if odd { self.random.below(10) } else { 0 } {
                0..3 => self.random.pick(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_").into(),
                3..7 => self.random.pick(b" !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~").into(),
                7 => char::from(self.random.below(0x80) as u8),
                8 => self.scalar(0x1_0000),
                _ => self.scalar(0x11_0000),
            })
            .collect()
    }

    /// Any character below a limit.
    fn scalar(&mut self, limit: u64) -> char {
        loop {
            if let Some(c) = char::from_u32(self.random.below(limit) as u32) {
                return c;
            }
        }
    }

    pub(super) fn value(&mut self, known: &[&str]) -> String {
        if self.taste == Taste::Odd && self.random.chance(4) {
            return self.text();
        }
        self.random.pick(known).to_owned()
    }

    fn list(&mut self, known: &[&str]) -> Value {
        let most = if self.taste == Taste::Odd { 13 } else { known.len() as u64 + 1 };
        (0..self.random.below(most)).map(|_| self.value(known)).collect()
    }

    fn accounts(&mut self) -> Value {
        match self.random.below(4) {
            0 => json!(""),
            1 if self.taste == Taste::Odd => json!(self.random.pick(NUMBERS)),
            _ => json!(self.random.below(100)),
        }
    }
}
