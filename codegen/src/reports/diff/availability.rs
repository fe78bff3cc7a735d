//! Compares which features enable an item, and which ids there are.

use std::collections::{BTreeMap, BTreeSet};

use super::{At, Diff, NOTHING, Rule, pair, sides};
use crate::rust::spelling;

impl Diff<'_> {
    /// A module whose features changed is reported once. An item is reported if it moved between modules.
    pub(super) fn features(&mut self) {
        let (old, new) = (self.old.api, self.new.api);
        for (name, sides) in pair(&old.modules, &new.modules, |module| &module.name) {
            if let (Some(was), Some(is)) = sides {
                self.features_of(name, &was.features, &is.features);
            }
        }
        let modules: BTreeMap<_, _> = old.items().map(|item| (item.name(), item.module())).collect();
        for item in new.items() {
            match modules.get(item.name()) {
                Some(&module) if module != item.module() => {
                    self.features_of(item.name(), old.features(module), new.features(item.module()));
                }
                _ => {}
            }
        }
    }

    fn features_of(&mut self, name: &str, old: &[String], new: &[String]) {
        let [was, is] = [old, new].map(|features| {
            let mut sorted = features.to_vec();
            sorted.sort();
            sorted
        });
        if was == is {
            return;
        }
        // Any one of the features enables the item; without features it is always there.
        let is_still_enabled = new.is_empty() || !old.is_empty() && old.iter().all(|feature| new.contains(feature));
        let rule = if is_still_enabled { Rule::FeaturesWidened } else { Rule::FeaturesChanged };
        self.push(rule, &At::item(name), NOTHING, (Some(condition(&was)), Some(condition(&is))));
    }

    /// The newtypes of ids. That of an item which itself came or went is reported with the item.
    pub(super) fn ids(&mut self) {
        let (old, new) = (self.old.api, self.new.api);
        let (old_ids, new_ids) = (old.ids_held(), new.ids_held());
        let names: BTreeSet<_> = old_ids.keys().chain(new_ids.keys()).copied().collect();
        for id in names {
            let both = (old_ids.get(id), new_ids.get(id));
            let other = if both.0.is_some() { new } else { old };
            if both.0.or(both.1).is_some_and(|owner| other.named(owner.name()).is_some()) {
                let (wire, rust) =
                    (sides(both, |_| "string, an id".to_owned()), sides(both, |_| format!("struct {id}")));
                self.on_both([Rule::IdAdded, Rule::IdRemoved], &At::item(id), both, &wire, &rust);
            }
        }
    }
}

fn condition(features: &[String]) -> String {
    match features {
        [] => "always".to_owned(),
        features => spelling::predicate(features),
    }
}
