//! The items of one file, the names that they define, and the names that they have to import.

use std::collections::BTreeSet;

use super::index::Index;
use crate::ir::{Field, Type};
use crate::rust::render::{self, Source, push_item};
use crate::rust::spelling;

/// The names in types that need no import: those of the language and its prelude.
const PRELUDE: &[&str] = &["Box", "Option", "String", "Vec", "bool", "f64", "i64"];

/// What maps are, which are in the standard library.
const MAP: &str = "BTreeMap";

#[derive(Default)]
pub(super) struct Part {
    docs: &'static str,
    pub(super) items: String,
    pub(super) names: BTreeSet<String>,
    /// The names in the types that it uses.
    used: BTreeSet<String>,
    macros: BTreeSet<&'static str>,
}

impl Part {
    pub(super) fn new(docs: &'static str) -> Self {
        Self { docs, ..Self::default() }
    }

    /// Adds an item.
    pub(super) fn push(&mut self, item: &str) {
        push_item(&mut self.items, item);
    }

    pub(super) fn uses(&mut self, name: &str) {
        if !self.used.contains(name) {
            self.used.insert(name.to_owned());
        }
    }

    pub(super) fn uses_type(&mut self, ty: &Type) {
        for layer in ty.layers() {
            self.uses(spelling::name(layer));
        }
    }

    pub(super) fn uses_field(&mut self, field: &Field) {
        spelling::around(field).for_each(|name| self.uses(name));
        self.uses_type(&field.ty);
    }

    /// Adds a struct or an enum with its members, and exports it.
    pub(super) fn definition(&mut self, docs: &str, attributes: &[&str], keyword: &str, name: &str, members: &str) {
        self.names.insert(name.to_owned());
        let rest = render::braces(&format!("pub {keyword} {name}"), members);
        self.push(&render::definition(docs, attributes, &rest));
    }

    /// Adds a struct around one private value, and exports it.
    pub(super) fn newtype(&mut self, docs: &str, derive: &str, name: &str, inner: &str) {
        self.uses(inner);
        self.names.insert(name.to_owned());
        self.push(&render::definition(docs, &[derive], &format!("pub struct {name}({inner});")));
    }

    pub(super) fn call(&mut self, name: &'static str, head: &[impl AsRef<str>], entries: Option<&[String]>) {
        self.call_with_list(name, head, None, entries);
    }

    /// The same with a list as the last argument before the entries.
    pub(super) fn call_with_list(
        &mut self,
        name: &'static str,
        head: &[impl AsRef<str>],
        list: Option<(&str, &[String])>,
        entries: Option<&[String]>,
    ) {
        debug_assert_eq!(first_repeated(entries), None, "`lower` gives each entry of a call a name of its own");
        self.macros.insert(name);
        let head: Vec<_> = head.iter().map(AsRef::as_ref).collect();
        self.push(&render::call(name, &head, list, entries));
    }

    /// Adds the imports that the items need, and no other.
    pub(super) fn into_source(self, api: &Index<'_>) -> Source {
        let is_imported = |name: &&String| !self.names.contains(*name) && !PRELUDE.contains(&name.as_str());
        let imported = self.used.iter().filter(is_imported).filter(|name| *name != MAP).cloned();
        let (siblings, mut runtime): (Vec<_>, Vec<_>) = imported.partition(|name| api.defines(name));
        runtime.extend(self.macros.iter().map(|name| (*name).to_owned()));
        // As rustfmt sorts them: types, then everything else.
        runtime.sort_by_key(|name| (name.starts_with(char::is_lowercase), name.clone()));
        let mut items = String::new();
        if self.used.contains(MAP) {
            push_item(&mut items, &format!("use std::collections::{MAP};"));
        }
        let uses = [("use super::super::", siblings), ("use stripe_runtime::__private::", runtime)];
        let uses = uses.iter().filter(|(_, names)| !names.is_empty());
        let uses: String = uses.map(|(head, names)| render::import(&[], head, names)).collect();
        if !uses.is_empty() {
            push_item(&mut items, &uses);
        }
        items.push_str(&self.items);
        Source { docs: self.docs.to_owned(), items }
    }
}

/// The first name that two entries of a call have. All that is inside an item, whether field, variant or method, is such an entry.
fn first_repeated(entries: Option<&[String]>) -> Option<&str> {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let names = entries.into_iter().flatten().filter_map(|entry| entry.split(|c| !is_of_name(c)).next());
    let mut seen = BTreeSet::new();
    names.into_iter().find(|name| !seen.insert(*name))
}
