//! The items that have a name of their own, and finding them by it.

use super::{Api, Enum, Field, Item, Model, Operation, Origin, Params, Reference, Type, Union, UnionKind};
use crate::config::Table;

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
    fn item(self) -> &'a dyn Item {
        match self {
            Self::Model(item) => item,
            Self::Union(item) => item,
            Self::Enum(item) => item,
            Self::Reference(item) => item,
            Self::Params(item) => item,
            Self::Operation(item) => item,
        }
    }

    /// The Rust name.
    pub fn name(self) -> &'a str {
        self.item().name()
    }

    /// The module that it is in.
    pub fn module(self) -> &'a str {
        self.item().module()
    }

    /// Where it comes from.
    pub fn origin(self) -> &'a Origin {
        self.item().origin()
    }

    /// The name of the item that it is shown beside; empty if there is none.
    pub(crate) fn owner(self) -> &'a str {
        match self {
            Self::Union(item) => &item.owner,
            Self::Enum(item) => &item.owner,
            Self::Params(item) => &item.operation,
            Self::Model(_) | Self::Reference(_) | Self::Operation(_) => "",
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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
        match (item, self.named(item.owner())) {
            (Named::Operation(_) | Named::Params(_), _) => ModuleFile::Requests,
            (Named::Reference(_), _) => ModuleFile::References,
            (Named::Model(_), _) => ModuleFile::Models,
            (_, Some(owner)) if owner.module() == item.module() => self.file(owner),
            // An operation owns the union that it responds with.
            (Named::Union(union), _) | (_, Some(Named::Union(union))) => of_kind(union),
            (_, Some(owner)) => self.file(owner),
            (_, None) => ModuleFile::Models,
        }
    }

    /// Returns the item of that name.
    pub fn named(&self, name: &str) -> Option<Named<'_>> {
        let model = || self.models.named(name).map(Named::Model);
        let union = || self.unions.named(name).map(Named::Union);
        let item = || self.enums.named(name).map(Named::Enum);
        let reference = || self.references.named(name).map(Named::Reference);
        let params = || self.params.named(name).map(Named::Params);
        let operation = || self.operations.named(name).map(Named::Operation);
        model().or_else(item).or_else(union).or_else(reference).or_else(params).or_else(operation)
    }

    /// Returns the values that are secret by a pattern, since no row decides on them.
    pub fn secret_by_pattern(&self) -> impl Iterator<Item = &Field> {
        let models = self.models.iter().flat_map(|model| &model.fields);
        let params = self.params.iter().flat_map(|params| &params.fields);
        let requests = self.operations.iter().flat_map(|one| one.path_params.iter().chain(&one.params));
        let is_by_pattern = |field: &&Field| field.origin.rows.iter().any(|row| row.table == Table::Secrecy);
        models.chain(params).chain(requests).filter(is_by_pattern)
    }

    /// Returns the newtypes of ids.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        let models = self.models.iter().filter_map(|model| model.id.name());
        models.chain(self.references.iter().map(|reference| &reference.id)).map(String::as_str)
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
}

macro_rules! items {
    ($($kind:ident)*) => {
        $(
            impl Item for $kind {
                fn name(&self) -> &str {
                    &self.name
                }

                fn module(&self) -> &str {
                    &self.module
                }

                fn origin(&self) -> &Origin {
                    &self.origin
                }

                fn set_module(&mut self, module: &str) {
                    module.clone_into(&mut self.module);
                }
            }
        )*
    };
}

items! { Model Union Enum Reference Params Operation }
