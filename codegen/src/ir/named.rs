//! The items that have a name of their own, and finding them by it.

use std::collections::BTreeMap;

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
        let fields = self.fields().map(|field| &field.ty);
        match self {
            Self::Union(item) => item.alternatives.iter().map(|alternative| &alternative.ty).collect(),
            Self::Operation(item) => fields.chain([&item.output]).collect(),
            _ => fields.collect(),
        }
    }

    /// The fields of a model, or the parameters of an operation or inside a parameter, those of the path first.
    pub fn fields(self) -> impl Iterator<Item = &'a Field> {
        let (first, second): (&[Field], &[Field]) = match self {
            Self::Model(item) => (&item.fields, &[]),
            Self::Params(item) => (&item.fields, &[]),
            Self::Operation(item) => (&item.path_params, &item.params),
            Self::Union(_) | Self::Enum(_) | Self::Reference(_) => (&[], &[]),
        };
        first.iter().chain(second)
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

    /// Returns the model of a component schema.
    pub fn model_of(&self, schema: &str) -> Option<&Model> {
        self.models.iter().find(|model| model.origin.place == schema)
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

    /// Returns the features of which any one enables a module.
    pub(crate) fn features(&self, module: &str) -> &[String] {
        self.modules.iter().find(|one| one.name == module).map_or(&[], |one| &one.features)
    }

    /// Returns the values that are secret by a pattern, since no row decides on them.
    pub fn secret_by_pattern(&self) -> impl Iterator<Item = &Field> {
        let is_by_pattern = |field: &&Field| field.origin.rows.iter().any(|row| row.table == Table::Secrecy);
        self.items().flat_map(Named::fields).filter(is_by_pattern)
    }

    /// Returns every parameter, in the path and elsewhere, to be changed.
    pub(crate) fn parameters_mut(&mut self) -> impl Iterator<Item = &mut Field> {
        sent(&mut self.params, &mut self.operations)
    }

    /// Returns every field and every parameter, to be changed.
    pub(crate) fn fields_mut(&mut self) -> impl Iterator<Item = &mut Field> {
        let models = self.models.iter_mut().flat_map(|model| &mut model.fields);
        models.chain(sent(&mut self.params, &mut self.operations))
    }

    /// Returns the newtypes of ids.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        self.identified().map(|(id, _)| id)
    }

    /// Returns the newtypes of ids, each with the item that it identifies.
    pub(crate) fn identified(&self) -> impl Iterator<Item = (&str, Named<'_>)> {
        let models = self.models.iter().filter_map(|model| Some((model.id.name()?.as_str(), Named::Model(model))));
        models.chain(self.references.iter().map(|one| (one.id.as_str(), Named::Reference(one))))
    }

    /// Returns the newtypes of ids that anything has, each with the item that it identifies, or else with one that holds it.
    pub(crate) fn ids_held(&self) -> BTreeMap<&str, Named<'_>> {
        let mut ids = BTreeMap::new();
        for item in self.items() {
            for ty in item.types() {
                if let Type::Id(id) = ty.leaf() {
                    ids.entry(id.as_str()).or_insert(item);
                }
            }
        }
        ids.extend(self.identified());
        ids
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

fn sent<'a>(params: &'a mut [Params], operations: &'a mut [Operation]) -> impl Iterator<Item = &'a mut Field> {
    let fields = params.iter_mut().flat_map(|params| &mut params.fields);
    fields.chain(operations.iter_mut().flat_map(|one| one.path_params.iter_mut().chain(&mut one.params)))
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
