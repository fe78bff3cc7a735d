//! Compares which features enable an item, and which ids there are.

use std::collections::BTreeMap;

use super::parts::Fact;
use super::{At, Diff, Rule, Words, pair};
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
        let words = |features: &[String]| Words { wire: None, rust: Some(condition(features)) };
        self.push(rule, &At::item(name), words(&was), words(&is));
    }

    /// The newtypes of ids. That of an item which itself came or went is reported with the item.
    pub(super) fn ids(&mut self) {
        let (old, new) = (self.old.api, self.new.api);
        let (old_ids, new_ids) = (old.ids_held(), new.ids_held());
        for (id, owner) in old_ids.iter().chain(&new_ids) {
            if old.named(owner.name()).is_some() && new.named(owner.name()).is_some() {
                let words = Words::new("string, an id", format!("struct {id}"));
                let fact = Fact::there([Rule::IdAdded, Rule::IdRemoved], words);
                let held = |ids: &BTreeMap<_, _>| ids.contains_key(id).then_some(&fact);
                self.fact(&At::item(id), held(&old_ids), held(&new_ids));
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
