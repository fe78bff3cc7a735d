//! The items that have a name of their own, and finding them by it.

use super::{Api, Enum, Field, Model, Operation, Origin, Params, Reference, Type, Union, UnionKind};
use crate::config::Table;

/// What a name stands for: the kind of item, and its position among those of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Model(usize),
    Union(usize),
    Enum(usize),
    Reference(usize),
    Params(usize),
    Operation(usize),
}

/// An item with a name of its own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Named<'a> {
    /// A model.
    Model(&'a Model),
    /// A union.
    Union(&'a Union),
    /// An enum.
    Enum(&'a Enum),
    /// An object past the boundary.
    Reference(&'a Reference),
    /// Nested parameters.
    Params(&'a Params),
    /// An operation.
    Operation(&'a Operation),
}

impl<'a> Named<'a> {
    /// The Rust name.
    pub fn name(self) -> &'a str {
        match self {
            Self::Model(item) => &item.name,
            Self::Union(item) => &item.name,
            Self::Enum(item) => &item.name,
            Self::Reference(item) => &item.name,
            Self::Params(item) => &item.name,
            Self::Operation(item) => &item.name,
        }
    }

    /// The module that it is in.
    pub fn module(self) -> &'a str {
        match self {
            Self::Model(item) => &item.module,
            Self::Union(item) => &item.module,
            Self::Enum(item) => &item.module,
            Self::Reference(item) => &item.module,
            Self::Params(item) => &item.module,
            Self::Operation(item) => &item.module,
        }
    }

    /// Where it comes from.
    pub fn origin(self) -> &'a Origin {
        match self {
            Self::Model(item) => &item.origin,
            Self::Union(item) => &item.origin,
            Self::Enum(item) => &item.origin,
            Self::Reference(item) => &item.origin,
            Self::Params(item) => &item.origin,
            Self::Operation(item) => &item.origin,
        }
    }

    /// The types that it holds itself.
    pub fn types(self) -> Vec<&'a Type> {
        match self {
            Self::Model(item) => item.fields.iter().map(|field| &field.ty).collect(),
            Self::Union(item) => item.alternatives.iter().map(|alternative| &alternative.ty).collect(),
            Self::Params(item) => item.fields.iter().map(|field| &field.ty).collect(),
            Self::Operation(item) => {
                let fields = item.path_params.iter().chain(&item.params).map(|field| &field.ty);
                fields.chain([&item.output]).collect()
            }
            Self::Enum(_) | Self::Reference(_) => Vec::new(),
        }
    }
}

/// A file of a module that items are in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModuleFile {
    /// Objects of responses.
    Models,
    /// Objects past the boundary.
    References,
    /// Operations and their parameters.
    Requests,
}

impl ModuleFile {
    /// All files, in their order.
    pub const ALL: [Self; 3] = [Self::Models, Self::References, Self::Requests];

    /// The name of the file, without `.rs`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Models => "models",
            Self::References => "references",
            Self::Requests => "requests",
        }
    }
}

impl Api {
    /// Returns the file of its module that an item is in. An enum or a union is in the file of its owner if that is in the same
    /// module.
    pub fn file(&self, item: Named<'_>) -> ModuleFile {
        let of_kind = |union: &Union| match union.kind {
            UnionKind::Parameter => ModuleFile::Requests,
            UnionKind::Tagged | UnionKind::Untagged => ModuleFile::Models,
        };
        let owner = match item {
            Named::Enum(item) => self.named(&item.owner),
            Named::Union(union) => self.named(&union.owner),
            Named::Operation(_) | Named::Params(_) => return ModuleFile::Requests,
            Named::Reference(_) => return ModuleFile::References,
            Named::Model(_) => return ModuleFile::Models,
        };
        match (item, owner) {
            (_, Some(owner)) if owner.module() == item.module() => self.file(owner),
            // An operation owns the union that it responds with.
            (Named::Union(union), _) | (_, Some(Named::Union(union))) => of_kind(union),
            (_, Some(owner)) => self.file(owner),
            (_, None) => ModuleFile::Models,
        }
    }

    /// Makes the items findable by name again, after a pass removed or renamed some.
    pub(crate) fn reindex(&mut self) {
        self.index.clear();
        let models = self.models.iter().enumerate().map(|(at, item)| (&item.name, Kind::Model(at)));
        let unions = self.unions.iter().enumerate().map(|(at, item)| (&item.name, Kind::Union(at)));
        let enums = self.enums.iter().enumerate().map(|(at, item)| (&item.name, Kind::Enum(at)));
        let references = self.references.iter().enumerate().map(|(at, item)| (&item.name, Kind::Reference(at)));
        let params = self.params.iter().enumerate().map(|(at, item)| (&item.name, Kind::Params(at)));
        let operations = self.operations.iter().enumerate().map(|(at, item)| (&item.name, Kind::Operation(at)));
        let items = models.chain(unions).chain(enums).chain(references).chain(params).chain(operations);
        self.index.extend(items.map(|(name, kind)| (name.clone(), kind)));
        let models = self.models.iter().filter_map(|model| model.id.name());
        self.ids = models.chain(self.references.iter().map(|reference| &reference.id)).cloned().collect();
    }

    /// Adds a model, and makes it findable by name. Returns its position.
    pub(crate) fn add_model(&mut self, model: Model) -> usize {
        let at = self.models.len();
        self.index.insert(model.name.clone(), Kind::Model(at));
        self.models.push(model);
        at
    }

    /// Adds a union, and makes it findable by name.
    pub(crate) fn add_union(&mut self, union: Union) {
        self.index.insert(union.name.clone(), Kind::Union(self.unions.len()));
        self.unions.push(union);
    }

    /// Adds an enum, and makes it findable by name.
    pub(crate) fn add_enum(&mut self, item: Enum) {
        self.index.insert(item.name.clone(), Kind::Enum(self.enums.len()));
        self.enums.push(item);
    }

    /// Adds an object past the boundary, and makes it findable by name.
    pub(crate) fn add_reference(&mut self, reference: Reference) {
        self.index.insert(reference.name.clone(), Kind::Reference(self.references.len()));
        self.references.push(reference);
    }

    /// Returns the item of that name.
    pub fn named(&self, name: &str) -> Option<Named<'_>> {
        Some(match *self.index.get(name)? {
            Kind::Model(at) => Named::Model(self.models.get(at)?),
            Kind::Union(at) => Named::Union(self.unions.get(at)?),
            Kind::Enum(at) => Named::Enum(self.enums.get(at)?),
            Kind::Reference(at) => Named::Reference(self.references.get(at)?),
            Kind::Params(at) => Named::Params(self.params.get(at)?),
            Kind::Operation(at) => Named::Operation(self.operations.get(at)?),
        })
    }

    /// Returns the values that are secret by a pattern, since no row decides on them.
    pub fn secret_by_pattern(&self) -> impl Iterator<Item = &Field> {
        let models = self.models.iter().flat_map(|model| &model.fields);
        let params = self.params.iter().flat_map(|params| &params.fields);
        let requests = self.operations.iter().flat_map(|one| one.path_params.iter().chain(&one.params));
        let is_by_pattern = |field: &&Field| field.origin.rows.iter().any(|row| row.table == Table::Secrecy);
        models.chain(params).chain(requests).filter(is_by_pattern)
    }

    /// Whether `name` is the newtype of an id.
    pub(crate) fn is_id(&self, name: &str) -> bool {
        self.ids.contains(name)
    }

    /// Returns all items with a name, kind by kind.
    pub fn items(&self) -> impl Iterator<Item = Named<'_>> {
        let models = self.models.iter().map(Named::Model);
        let unions = self.unions.iter().map(Named::Union);
        let enums = self.enums.iter().map(Named::Enum);
        let references = self.references.iter().map(Named::Reference);
        let params = self.params.iter().map(Named::Params);
        let operations = self.operations.iter().map(Named::Operation);
        operations.chain(models).chain(unions).chain(params).chain(enums).chain(references)
    }

    /// Returns the model of that name.
    pub fn model(&self, name: &str) -> Option<&Model> {
        match self.named(name)? {
            Named::Model(model) => Some(model),
            _ => None,
        }
    }

    /// Returns the union of that name.
    pub fn union(&self, name: &str) -> Option<&Union> {
        match self.named(name)? {
            Named::Union(union) => Some(union),
            _ => None,
        }
    }

    /// Returns the enum of that name.
    pub fn enumeration(&self, name: &str) -> Option<&Enum> {
        match self.named(name)? {
            Named::Enum(enumeration) => Some(enumeration),
            _ => None,
        }
    }

    /// Returns the object past the boundary of that name.
    pub fn reference(&self, name: &str) -> Option<&Reference> {
        match self.named(name)? {
            Named::Reference(reference) => Some(reference),
            _ => None,
        }
    }

    /// Returns the nested parameters of that name.
    pub fn params(&self, name: &str) -> Option<&Params> {
        match self.named(name)? {
            Named::Params(params) => Some(params),
            _ => None,
        }
    }
}
