//! Compares which features enable an item, and which ids there are.

use std::collections::BTreeMap;

use super::{At, Diff, NOTHING, Rule, pair};
use crate::ir::Api;
use crate::rust::spelling;

impl Diff<'_> {
    pub(super) fn availability(&mut self) {
        self.features();
        self.ids();
    }

    /// A module whose features changed is reported once. An item is reported if it moved between modules.
    fn features(&mut self) {
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
                    self.features_of(item.name(), features(old, module), features(new, item.module()));
                }
                _ => {}
            }
        }
    }

    fn features_of(&mut self, name: &str, old: &[String], new: &[String]) {
        let mut sides = (old.to_vec(), new.to_vec());
        sides.0.sort();
        sides.1.sort();
        if sides.0 == sides.1 {
            return;
        }
        // Any one of the features enables the item; without features it is always there.
        let is_still_enabled = new.is_empty() || !old.is_empty() && old.iter().all(|feature| new.contains(feature));
        let rule = if is_still_enabled { Rule::FeaturesWidened } else { Rule::FeaturesChanged };
        self.push(rule, &At::item(name), NOTHING, (Some(condition(&sides.0)), Some(condition(&sides.1))));
    }

    /// The newtypes of ids. That of an item which itself came or went is reported with the item.
    fn ids(&mut self) {
        let (old, new) = (self.old.api.ids_held(), self.new.api.ids_held());
        let word = || Some("string, an id".to_owned());
        for (id, owner) in &old {
            if !new.contains_key(id) && self.new.api.named(owner.name()).is_some() {
                self.push(Rule::IdRemoved, &At::item(id), (word(), None), (Some(format!("struct {id}")), None));
            }
        }
        for (id, owner) in &new {
            if !old.contains_key(id) && self.old.api.named(owner.name()).is_some() {
                self.push(Rule::IdAdded, &At::item(id), (None, word()), (None, Some(format!("struct {id}"))));
            }
        }
    }
}

fn features<'a>(api: &'a Api, module: &str) -> &'a [String] {
    api.modules.iter().find(|candidate| candidate.name == module).map_or(&[], |module| &module.features)
}

fn condition(features: &[String]) -> String {
    match features {
        [] => "always".to_owned(),
        features => spelling::predicate(features),
    }
}
