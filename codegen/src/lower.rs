//! Decides what each schema and each operation of a selection is in Rust.
//!
//! Operation by operation: first the models of its responses, breadth first, since the paths that it can expand are those
//! of its models; then its parameters. Passes over the intermediate representation decide what depends on all of it.

mod enums;
pub mod errors;
mod events;
mod expand;
mod facts;
mod limits;
mod operations;
mod passes;
mod place;
mod schemas;
mod shapes;
mod unions;

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use serde_json::Value;

use crate::config::{Lookup, Row, Table};
use crate::diagnostic::{Collector, Diagnostic, Diagnostics, Pointer};
use crate::ir::{Api, Docs, Facts, ModelId, Origin, Type, Version};
use crate::markdown;
use crate::openapi::known::date;
use crate::openapi::node::Node;
use crate::rust::naming;
use crate::select::{SelectedOperation, Selection};
pub(crate) use events::types as event_types;
pub use operations::DEFAULT_BASE_URL;
use passes::modules;
pub use passes::samples::check_samples;
use place::Place;

/// Lowers `selection`.
///
/// # Errors
/// All shapes that are not supported and all names that cannot be given.
pub(crate) fn lower(
    selection: &Selection,
    operations: &[SelectedOperation<'_>],
    lookup: &Lookup<'_>,
) -> Result<Api, Diagnostics> {
    let schemas = &selection.value["components"]["schemas"];
    let mut lower = Lower {
        selection,
        operations,
        schemas,
        lookup,
        problems: Collector::new(&selection.name),
        names: BTreeMap::new(),
        methods: BTreeMap::new(),
        components: BTreeMap::new(),
        open: BTreeSet::new(),
        pending: VecDeque::new(),
        keys: BTreeMap::new(),
        expands: BTreeMap::new(),
        expand_paths: expand::Paths::default(),
        deleted: selection
            .schemas()
            .filter_map(|(_, schema)| shapes::constant_object(schema).filter(|_| shapes::is_deleted(schema)))
            .collect(),
        deletable: BTreeSet::new(),
        paths: selection.schemas().map(|(key, _)| (key.replace('.', "_"), key.as_str())).collect(),
        depth: 0,
        module: String::new(),
        features: modules::Features::new(),
        errors: BTreeSet::new(),
        shown_ids: BTreeSet::new(),
        texts: HashMap::new(),
        field_names: HashMap::new(),
        variant_names: HashMap::new(),
        api: Api::default(),
    };
    lower.api.version = Version { text: selection.version.clone(), is_pinned: date(&selection.version).is_some() };
    lower.api.base_url = selection.value.pointer("/servers/0/url").and_then(|url| url.as_str()).map(str::to_owned);
    let accepted = Node(&selection.value).list("security").iter().filter_map(Value::as_object);
    lower.api.security = accepted.flat_map(|schemes| schemes.keys().cloned()).collect();
    lower.api.facts = lower.document_facts();
    for (operation, module) in operations.iter().zip(lower.module_names()) {
        lower.module = module;
        lower.operation(operation);
    }
    lower.api.events = lookup.is_first_release().then(|| event_types(lookup.config));
    lower.facts_of_the_rest();
    lower.show_ids();
    let Lower { mut problems, mut api, features, deletable, .. } = lower;
    for model in api.models.iter_mut() {
        model.is_deletable |= deletable.contains(&model.name);
    }
    passes::run(&mut api, selection, lookup, &features, &mut problems);
    problems.finish(api)
}

struct Lower<'a> {
    selection: &'a Selection,
    operations: &'a [SelectedOperation<'a>],
    /// The component schemas.
    schemas: &'a Value,
    lookup: &'a Lookup<'a>,
    problems: Collector<'a>,
    /// The names that are taken, and where.
    names: BTreeMap<String, Pointer>,
    /// The methods that are called after the types of component schemas, and after which.
    methods: BTreeMap<String, Pointer>,
    /// The types of the component schemas met so far, and whether each may be `null`; none for one that was refused.
    components: BTreeMap<String, Option<(Type, bool)>>,
    /// The component schemas whose type is being determined.
    open: BTreeSet<String>,
    /// The component schemas that have a name and are still to be lowered, with the name.
    pending: VecDeque<(String, String)>,
    /// The component schemas of the models, by the name of the model.
    keys: BTreeMap<String, String>,
    /// The enums of the paths that can be expanded, by the name of the rule.
    expands: BTreeMap<String, String>,
    expand_paths: expand::Paths,
    /// The values of `object` of which there is a deleted form.
    deleted: BTreeSet<&'a str>,
    /// The models in whose place a reference can lead to what is left of a deleted object, whatever kind either states.
    deletable: BTreeSet<String>,
    /// The component schemas by the path that a resource of their key would have.
    paths: BTreeMap<String, &'a str>,
    /// How many schemas are inside each other where the lowering is.
    depth: usize,
    /// The module of the operation that is being lowered.
    module: String,
    features: modules::Features,
    /// The places of the error responses that were compared with that of the runtime, and whether as those of `/v2`.
    errors: BTreeSet<(Pointer, bool)>,
    /// The places of ids that the rows make secret although references have them, in a document that the rows are not about.
    shown_ids: BTreeSet<String>,
    /// The descriptions as Markdown, and the names by the rules. Most are repeated in a whole document.
    texts: HashMap<String, String>,
    field_names: HashMap<String, Option<String>>,
    variant_names: HashMap<String, Option<String>>,
    api: Api,
}

/// The most schemas inside each other. A text has no more, since its depth is limited.
const NESTING: usize = 128;

const HELP: &str = "teach `codegen::lower` the shape, or name no resource that reaches it";
const HELP_IN_OPERATION: &str = "correct the document, or teach `codegen::lower` the shape";

impl Lower<'_> {
    fn refuse(&mut self, pointer: &Pointer, reason: impl Into<String>) {
        let help = if pointer.as_str().starts_with("/components/") { HELP } else { HELP_IN_OPERATION };
        self.problems.report(pointer, reason, help);
    }

    /// Lowers a schema inside another one, unless that is too deep: references can nest deeper than a text can.
    fn deeper<T>(&mut self, pointer: &Pointer, lower: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.depth == NESTING {
            let reason =
                format!("more than {NESTING} schemas inside each other, without an object of its own in between");
            return self.unsupported(pointer, reason);
        }
        self.depth += 1;
        let lowered = lower(self);
        self.depth -= 1;
        lowered
    }

    /// Lets the ids that references have be public.
    fn show_ids(&mut self) {
        for model in self.api.models.iter_mut() {
            let has_id = !matches!(model.id, ModelId::None);
            for field in model.fields.iter_mut().filter(|field| self.shown_ids.contains(&field.origin.place)) {
                let (rows, kept) = field.origin.rows.drain(..).partition(|row: &Row| row.table == Table::Sensitive);
                field.origin.rows = kept;
                self.lookup.forget(&rows);
                field.is_secret = false;
                model.is_referable = has_id;
            }
        }
    }

    fn unsupported<T>(&mut self, pointer: &Pointer, reason: impl Into<String>) -> Option<T> {
        self.refuse(pointer, reason);
        None
    }

    /// The description, or `fallback` in its place.
    fn docs(&mut self, description: Option<&str>, fallback: impl FnOnce() -> String) -> Docs {
        let docs_url = &self.lookup.config.docs_url;
        let markdown = |description: &str| markdown::markdown(description, docs_url);
        let text = description.map(|description| once(&mut self.texts, description, markdown)).unwrap_or_default();
        match text.is_empty() {
            false => Docs { text, is_described: true, ..Docs::default() },
            true => Docs { text: fallback(), ..Docs::default() },
        }
    }

    /// Gives `name` to the item at `pointer`, once. `from` is what a `[[rename]]` row for it would name.
    fn claim(&mut self, name: Option<String>, pointer: &Pointer, from: &str) -> Option<String> {
        let name = self.named(name, pointer, from)?;
        self.claim_or(name, pointer, from, |lookup| lookup.name_help(Table::Rename, &[("from", from)]))
    }

    /// Gives `name` to the item at `pointer`, once; `help` is what to do where another one has it.
    fn claim_or(
        &mut self,
        name: String,
        pointer: &Pointer,
        from: &str,
        help: impl FnOnce(&Lookup<'_>) -> String,
    ) -> Option<String> {
        let other = self.names.get(&name).filter(|other| *other != pointer);
        let reason = match other {
            _ if naming::is_reserved(&name) => format!("the name `{name}` is reserved for the bindings themselves"),
            Some(other) => format!("the name `{name}` is already that of `{other}`"),
            None => {
                self.names.insert(name.clone(), pointer.clone());
                self.api.renamable.insert(name.clone(), from.to_owned());
                return Some(name);
            }
        };
        let is_clash = other.is_some();
        // A row would rename both.
        let help = match self.api.renamable.get(&name).is_some_and(|known| is_clash && known == from) {
            true => passes::ONE_PLACE.to_owned(),
            false => help(self.lookup),
        };
        let problem = Diagnostic::new(&self.selection.name, pointer.clone(), reason, help);
        self.problems.push(Diagnostic { is_clash, ..problem });
        None
    }

    /// Gives `name` to the type of the component schema at `pointer`, and to the methods that are called after it.
    fn claim_component(&mut self, name: Option<String>, pointer: &Pointer, key: &str) -> Option<String> {
        let name = self.claim(name, pointer, key)?;
        for method in naming::methods(&name) {
            let other = self.methods.entry(method.clone()).or_insert_with(|| pointer.clone());
            if other != pointer {
                let reason = format!(
                    "the method `{method}`, called after `{name}`, is already called after the type of `{other}`"
                );
                let help = self.lookup.name_help(Table::Rename, &[("from", key)]);
                let problem = Diagnostic::new(&self.selection.name, pointer.clone(), reason, help);
                self.problems.push(Diagnostic { is_clash: true, ..problem });
                return None;
            }
        }
        Some(name)
    }

    /// Returns the name, or reports that `from` maps to none.
    fn named(&mut self, name: Option<String>, pointer: &Pointer, from: &str) -> Option<String> {
        if name.is_none() {
            let reason = format!("`{from}` does not map to a valid Rust identifier");
            self.problems.report(pointer, reason, self.lookup.name_help(Table::Rename, &[("from", from)]));
        }
        name
    }

    /// The name of an item that follows a rule, unless a row renames it; and the row.
    fn rule_name(&self, rule: String) -> (Option<String>, Vec<Row>) {
        renamed(self.lookup.rename(&rule), || Some(rule))
    }

    /// The type name of a component key, and the row that gives it.
    fn component_name(&self, key: &str) -> (Option<String>, Vec<Row>) {
        renamed(self.lookup.rename_key(key), || naming::component_name(key))
    }

    /// The name of an inline type, and the row that gives it. It is not claimed yet.
    fn unclaimed_name(&self, place: &Place) -> (Option<String>, Vec<Row>) {
        let rule = || naming::inline_type_name(&place.owner, &place.field, place.is_item);
        renamed(self.lookup.rename(&place.path), rule)
    }

    /// The name of an inline type, and the row that gives it.
    fn inline_name(&mut self, place: &Place) -> (Option<String>, Vec<Row>) {
        let (name, rows) = self.unclaimed_name(place);
        (self.claim(name, &place.pointer, &place.path), rows)
    }

    /// The origin of a type that may be a component schema of its own. The deprecation of an inline type is its field's.
    fn component_origin(&self, schema: Node<'_>, place: &Place, docs: Docs, rows: Vec<Row>) -> Origin {
        let mut origin = self.origin(place, docs, rows);
        schemas::deprecate(&mut origin, schema.is("deprecated") && place.owner.is_empty());
        origin
    }

    fn origin(&self, place: &Place, docs: Docs, rows: Vec<Row>) -> Origin {
        let (pointer, place) = (place.pointer.clone(), place.path.clone());
        Origin { pointer, place, docs, is_deprecated: false, rows, facts: Facts::default() }
    }
}

/// The type name that a row states, with the row, or else that of the rule.
fn renamed(row: Option<(String, Row)>, rule: impl FnOnce() -> Option<String>) -> (Option<String>, Vec<Row>) {
    match row {
        Some((to, row)) => (naming::type_name(&to), vec![row]),
        None => (rule(), Vec::new()),
    }
}

/// Returns what `make` makes of a text, and makes it once.
fn once<T: Clone>(made: &mut HashMap<String, T>, text: &str, make: impl FnOnce(&str) -> T) -> T {
    if let Some(known) = made.get(text) {
        return known.clone();
    }
    let new = make(text);
    made.insert(text.to_owned(), new.clone());
    new
}
