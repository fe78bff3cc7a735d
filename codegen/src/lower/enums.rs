//! Enumerated strings, and the ones that several places share.

use std::collections::{BTreeMap, BTreeSet};

use super::{Lower, Place, once};
use crate::config::{Lookup, Row, Table};
use crate::diagnostic::Pointer;
use crate::ir::{Docs, Enum, Origin, Type, Usage, Variant};
use crate::markdown::code;
use crate::openapi::node::Node;
use crate::rust::naming;

/// Our extension beside an `enum`: the meaning of each value.
const ENUM_DESCRIPTIONS: &str = "x-enumDescriptions";

impl Lower<'_> {
    /// Lowers an enum, and returns its name.
    pub(super) fn enumeration(&mut self, schema: Node<'_>, place: &Place) -> Option<String> {
        let values: Vec<&str> = schema.texts("enum").collect();
        let (name, rows) = match self.lookup.shared_enum(&place.path) {
            Some((shared, row)) => {
                if self.is_known(&shared.name, &values, place) {
                    return Some(shared.name.clone());
                }
                let help = |lookup: &Lookup<'_>| lookup.other_name_help(&row, "name");
                let name = self.claim_or(shared.name.clone(), &place.pointer, &place.path, help);
                self.api.renamable.remove(&shared.name);
                (name, vec![row])
            }
            None => self.inline_name(place),
        };
        let meanings = schema.get(ENUM_DESCRIPTIONS);
        let mut taken: BTreeMap<String, &str> = BTreeMap::new();
        let mut variants: Vec<Variant> = Vec::with_capacity(values.len());
        for (i, value) in values.into_iter().enumerate() {
            let meaning = meanings.and_then(|meanings| meanings.get(value)?.as_str());
            let variant = self.variant(i, value, meaning, place, &taken);
            taken.extend(variant.iter().map(|variant| (variant.name.clone(), value)));
            variants.extend(variant);
        }
        let name = name?;
        let description = schema.description().or(place.description.as_deref());
        let docs = self.docs(description, || format!("The values of {}.", code(&place.field)));
        let origin = self.component_origin(schema, place, docs, rows);
        self.api.enums.push(Enum {
            name: name.clone(),
            module: self.module.clone(),
            owner: place.owner.clone(),
            origin,
            variants,
            is_computed: false,
            usage: Usage::default(),
        });
        Some(name)
    }

    /// Whether the shared enum `name` was lowered at another place already. Reports values that differ from the ones there.
    fn is_known(&mut self, name: &str, values: &[&str], place: &Place) -> bool {
        let Some(known) = self.api.enums.named(name) else { return false };
        let known_values: BTreeSet<_> = known.variants.iter().map(|variant| variant.value.as_str()).collect();
        // Stripe lists the values of a field and of a parameter in different orders.
        if known_values != values.iter().copied().collect() {
            let reason = format!(
                "the values differ from those of `{}`, and `codegen.toml` declares that both are `{name}`",
                known.origin.pointer
            );
            let help = "delete this place from the `[[shared_enum]]` row, so that it becomes an enum of its own";
            self.problems.report(&place.pointer.child("enum"), reason, help);
        }
        true
    }

    fn variant(
        &mut self,
        index: usize,
        value: &str,
        meaning: Option<&str>,
        place: &Place,
        taken: &BTreeMap<String, &str>,
    ) -> Option<Variant> {
        let pointer = place.pointer.child("enum").index(index);
        let (name, row) = self.variant_name(&place.path, value, &pointer)?;
        if let Some(taken) = taken.get(&name) {
            let taken = code(taken);
            let reason =
                format!("the value {} maps to the name `{name}`, which is already that of {taken}", code(value));
            self.problems.report(&pointer, reason, variant_help(self.lookup, &place.path, value));
            return None;
        }
        let docs = self.docs(meaning, || format!("{}.", code(value)));
        let place = format!("{}={value}", place.path);
        let origin = Origin { pointer, place, docs, rows: row.into_iter().collect(), ..Origin::default() };
        Some(Variant { value: value.to_owned(), name, origin })
    }

    /// The name of a value, from a row for `place` or by the rule, and the row.
    fn variant_name(&mut self, place: &str, value: &str, pointer: &Pointer) -> Option<(String, Option<Row>)> {
        let (name, row) = match self.lookup.variant_name(place, value) {
            Some((name, row)) => (Some(name.to_owned()), Some(row)),
            None => (once(&mut self.variant_names, value, naming::variant_name), None),
        };
        let reason = match name {
            Some(name) if name != naming::UNKNOWN_VARIANT => return Some((name, row)),
            Some(name) => {
                format!("the value {} maps to the name `{name}`, which is that of any other value", code(value))
            }
            None => format!("the value {} does not map to a valid Rust identifier", code(value)),
        };
        self.problems.report(pointer, reason, variant_help(self.lookup, place, value));
        None
    }

    /// The enum of the paths that a response of the type `output` can expand.
    pub(super) fn expand_enum(&mut self, output: &Type, place: &Place) -> Option<String> {
        let of = output.name()?;
        let page = output.layers().find_map(|layer| match layer {
            Type::List(_) => Some("List"),
            Type::SearchResult(_) => Some("Search"),
            _ => None,
        });
        let rule = format!("{of}{}Expand", page.unwrap_or_default());
        let (name, rows) = self.rule_name(rule.clone());
        if let Some(known) = self.expands.get(&rule) {
            return Some(known.clone());
        }
        let name = self.claim(name, &place.pointer, &rule)?;
        self.expands.insert(rule.clone(), name.clone());
        // Of two paths that differ in punctuation only, the shorter one has the variant: `a.b_c` and not `a.b.c`.
        let depth = self.lookup.config.expand_depth;
        let mut paths: Vec<_> = self.expand_paths.of(&self.api, output, depth).into_iter().collect();
        paths.sort_by_cached_key(|(value, _)| value.matches('.').count());
        let mut taken = BTreeSet::new();
        let mut variants: Vec<Variant> = Vec::with_capacity(paths.len());
        for (value, docs) in paths {
            let Some((variant, row)) = self.variant_name(&rule, &value, &place.pointer) else { continue };
            if taken.insert(variant.clone()) {
                let rows = row.into_iter().collect();
                let origin = Origin { place: value.clone(), docs, rows, ..Origin::default() };
                variants.push(Variant { value, name: variant, origin });
            }
        }
        variants.sort_by(|a, b| a.value.cmp(&b.value));
        let summary = match variants.is_empty() {
            true => "A path to expand. This response has no reference that is known.",
            false => "A reference in the response that can be expanded into its object.",
        };
        let text = format!("{summary}\n\nAny other path can be given as a string: [`{name}::from`] takes it.");
        let origin = Origin {
            pointer: place.pointer.clone(),
            place: rule,
            docs: Docs { text, is_described: true, ..Docs::default() },
            rows,
            ..Origin::default()
        };
        self.api.enums.push(Enum {
            name: name.clone(),
            module: self.module.clone(),
            owner: place.operation.clone().unwrap_or_default(),
            origin,
            variants,
            is_computed: true,
            usage: Usage::default(),
        });
        Some(name)
    }
}

/// What to do where a value, or an alternative of a parameter, needs a name.
pub(super) fn variant_help(lookup: &Lookup<'_>, place: &str, value: &str) -> String {
    lookup.name_help(Table::Variant, &[("place", place), ("value", value)])
}
