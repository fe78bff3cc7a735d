//! The facts of an item that its type does not show, for comparisons: what Stripe checks, and keys that need not change the
//! code; and what describes it.

use std::collections::{BTreeMap, BTreeSet};

/// Facts, each by its path of keys inside the item: `items/maxLength`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// What Stripe checks or applies.
    pub checked: BTreeMap<String, String>,
    /// What the code is generated from, although it can be the same without.
    pub used: BTreeMap<String, String>,
    /// What describes it, or a part of it that has no documentation of its own.
    pub prose: BTreeMap<String, String>,
}

/// The path of the facts of component schemas.
pub(crate) const SCHEMAS: &str = "schemas/";

/// The component schema that a path is of.
fn component(path: &str) -> Option<&str> {
    path.strip_prefix(SCHEMAS)?.split('/').next()
}

impl Facts {
    /// Adds facts at other paths.
    pub(crate) fn add(&mut self, other: Self) {
        self.checked.extend(other.checked);
        self.used.extend(other.used);
        self.prose.extend(other.prose);
    }

    /// Those that are of no component schema, or of one that the other side has as well.
    pub(crate) fn shared(&self, other: &Self) -> Self {
        let theirs: BTreeSet<_> = other.used.keys().filter_map(|path| component(path)).collect();
        let mut facts = self.clone();
        for facts in [&mut facts.used, &mut facts.prose] {
            facts.retain(|path, _| component(path).is_none_or(|key| theirs.contains(key)));
        }
        facts
    }

    /// Adds those facts of the same item of another operation that are others.
    pub(crate) fn share(&mut self, other: &Self, operation: &str) {
        for (own, other) in
            [(&mut self.checked, &other.checked), (&mut self.used, &other.used), (&mut self.prose, &other.prose)]
        {
            let of = format!(" of {operation}");
            let is_own = |path: &&String| !path.contains(" of ");
            let gone = own.keys().filter(is_own).filter(|path| !other.contains_key(*path));
            let mut added: Vec<_> = gone.map(|path| (format!("{path}{of}"), "none".to_owned())).collect();
            let others = other.iter().filter(|(path, value)| own.get(*path) != Some(value));
            added.extend(others.map(|(path, value)| (format!("{path}{of}"), value.clone())));
            own.extend(added);
        }
    }
}
