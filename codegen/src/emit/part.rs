//! The items of one file, the names that they define, and the names that they have to import.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::text::{lines, words};
use crate::ir::Api;
use crate::render::{Call, Head, Impl, Item, Method, Source, TypeDefinition};

/// The names of the runtime that generated modules use. Its macros they use by calling them.
const RUNTIME: &[&str] = &[
    "Amounts",
    "Clearable",
    "Deleted",
    "Expandable",
    "List",
    "Nullable",
    "Opaque",
    "RangeOr",
    "SearchResult",
    "Secret",
    "Timestamp",
    "serde_json",
];

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

    /// Notes the names in a type as `rust_types` spells it, to be imported.
    pub(super) fn uses(&mut self, ty: &str) {
        // This one is spelled with its path.
        let named = ty.replace("serde_json::Value", "serde_json");
        let words = named.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
        for word in words {
            if !self.used.contains(word) {
                self.used.insert(word.to_owned());
            }
        }
    }

    pub(super) fn rust(&mut self, tokens: TokenStream) {
        self.items.push(Item::Rust(tokens));
    }

    pub(super) fn definition(&mut self, definition: TypeDefinition) {
        self.items.push(Item::Type(definition));
    }

    pub(super) fn methods(&mut self, head: String, methods: Vec<Method>) {
        self.items.push(Item::Impl(Impl { head, methods }));
    }

    pub(super) fn call(&mut self, name: &'static str, head: Vec<Head>, entries: Option<Vec<String>>) {
        self.macros.insert(name);
        self.items.push(Item::Call(Call { name, head, entries }));
    }

    /// An argument of a macro call that is a type, after `before`.
    pub(super) fn type_word(&mut self, before: &str, ty: &str) -> Head {
        self.uses(ty);
        words(format!("{before}{ty}"))
    }

    /// Adds the imports that the items need, and no other.
    pub(super) fn into_source(self, api: &Api) -> Source {
        let std = [
            (
                "Cow",
                quote!(
                    use std::borrow::Cow;
                ),
            ),
            (
                "BTreeMap",
                quote!(
                    use std::collections::BTreeMap;
                ),
            ),
            (
                "PhantomData",
                quote!(
                    use std::marker::PhantomData;
                ),
            ),
        ];
        let std: TokenStream =
            std.into_iter().filter(|(name, _)| self.used.contains(*name)).map(|(_, tokens)| tokens).collect();
        let is_of_api = |name: &&String| {
            let name = name.as_str();
            api.named(name).is_some() || name == "API_VERSION" || api.is_id(name)
        };
        let siblings = self.used.difference(&self.names).filter(is_of_api).map(|name| format_ident!("{name}"));
        let siblings: Vec<_> = siblings.collect();
        let types = RUNTIME.iter().copied().filter(|name| self.used.contains(*name));
        let runtime: Vec<_> = types.chain(self.macros.iter().copied()).map(|name| format_ident!("{name}")).collect();
        let mut imports = TokenStream::new();
        if !siblings.is_empty() {
            imports.extend(quote!(use super::super::{#(#siblings),*};));
        }
        if !runtime.is_empty() {
            imports.extend(quote!(use stripe_runtime::__private::{#(#runtime),*};));
        }
        let imports = [std, imports].into_iter().filter(|group| !group.is_empty()).map(Item::Rust);
        Source { docs: lines(self.docs, 4), items: imports.chain(self.items).collect() }
    }
}
