//! The items of one file, the names that they define, and the names that they have to import.

use std::collections::BTreeSet;

use super::index::Index;
use crate::ir::{Field, Type};
use crate::rust::render::{Body, Call, Head, Impl, Item, Member, Source, TypeDefinition, Use};
use crate::rust::spelling;

/// The names in types that need no import: those of the language and its prelude.
const PRELUDE: &[&str] = &["Box", "Option", "String", "Vec", "bool", "f64", "i64"];

/// What maps are, which are in the standard library.
const MAP: &str = "BTreeMap";

#[derive(Default)]
pub(super) struct Part {
    docs: &'static str,
    pub(super) items: Vec<Item>,
    /// The names that it defines.
    pub(super) names: BTreeSet<String>,
    /// The names in the types that it uses.
    used: BTreeSet<String>,
    macros: BTreeSet<&'static str>,
}

impl Part {
    pub(super) fn new(docs: &'static str) -> Self {
        Self { docs, ..Self::default() }
    }

    /// Notes a name, to be imported.
    pub(super) fn uses(&mut self, name: &str) {
        if !self.used.contains(name) {
            self.used.insert(name.to_owned());
        }
    }

    /// Notes the names in a type, to be imported.
    pub(super) fn uses_type(&mut self, ty: &Type) {
        for layer in ty.layers() {
            self.uses(spelling::name(layer));
        }
    }

    /// Notes the names in the type of a field, to be imported.
    pub(super) fn uses_field(&mut self, field: &Field) {
        spelling::around(field).for_each(|name| self.uses(name));
        self.uses_type(&field.ty);
    }

    /// Adds a struct or an enum, and exports it.
    pub(super) fn definition(
        &mut self,
        docs: &str,
        attributes: Vec<&'static str>,
        keyword: &str,
        name: &str,
        members: Vec<Member>,
    ) {
        self.names.insert(name.to_owned());
        let (docs, head) = (docs.to_owned(), format!("pub {keyword} {name}"));
        self.items.push(Item::Type(TypeDefinition { docs, attributes, head, body: Body::Members(members) }));
    }

    /// Adds a struct around one private value, and exports it.
    pub(super) fn newtype(&mut self, docs: &str, derive: &'static str, name: &str, inner: &'static str) {
        self.uses(inner);
        self.names.insert(name.to_owned());
        let (docs, head) = (docs.to_owned(), format!("pub struct {name}"));
        self.items.push(Item::Type(TypeDefinition {
            docs,
            attributes: vec![derive],
            head,
            body: Body::Newtype(inner),
        }));
    }

    pub(super) fn implementation(&mut self, block: Impl) {
        self.items.push(Item::Impl(block));
    }

    pub(super) fn call(&mut self, name: &'static str, head: Vec<Head>, entries: Option<Vec<String>>) {
        self.macros.insert(name);
        self.items.push(Item::Call(Call { name, head, entries }));
    }

    /// Adds the imports that the items need, and no other.
    pub(super) fn into_source(self, api: &Index<'_>) -> Source {
        let is_imported = |name: &&String| !self.names.contains(*name) && !PRELUDE.contains(&name.as_str());
        let imported = self.used.iter().filter(is_imported).filter(|name| *name != MAP).cloned();
        let (siblings, mut runtime): (Vec<_>, Vec<_>) = imported.partition(|name| api.defines(name));
        runtime.extend(self.macros.iter().map(|name| (*name).to_owned()));
        // As rustfmt sorts them: types, then everything else.
        runtime.sort_by_key(|name| (name.starts_with(char::is_lowercase), name.clone()));
        let import = |head: &str, names: Vec<String>| {
            (!names.is_empty()).then(|| Use { attributes: Vec::new(), head: head.to_owned(), names })
        };
        let maps = self.used.contains(MAP).then(|| Item::Lines(vec![format!("use std::collections::{MAP};")]));
        let uses = [import("use super::super::", siblings), import("use stripe_runtime::__private::", runtime)];
        let uses: Vec<_> = uses.into_iter().flatten().collect();
        let imports = maps.into_iter().chain((!uses.is_empty()).then_some(Item::Uses(uses)));
        Source { docs: self.docs.to_owned(), items: imports.chain(self.items).collect() }
    }
}
