//! The items of an API by where they are shown, so that a file looks at its own items only.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;

use crate::ir::{Api, Enum, Model, Operation, Params, Reference, Union};

/// An API, and its items by the module and the item that they are shown beside.
pub(super) struct Index<'a> {
    api: &'a Api,
    models: BTreeMap<&'a str, Vec<&'a Model>>,
    references: BTreeMap<&'a str, Vec<&'a Reference>>,
    operations: BTreeMap<&'a str, Vec<&'a Operation>>,
    params: ByOwner<'a, Params>,
    enums: ByOwner<'a, Enum>,
    unions: ByOwner<'a, Union>,
    ids: BTreeSet<&'a str>,
}

/// Items by their module and their owner, and those of a module whose owner is in another one.
struct ByOwner<'a, T> {
    beside: BTreeMap<(&'a str, &'a str), Vec<&'a T>>,
    apart: BTreeMap<&'a str, Vec<&'a T>>,
}

impl<'a, T> ByOwner<'a, T> {
    fn new(api: &Api, items: &'a [T], place: impl Fn(&'a T) -> (&'a str, &'a str)) -> Self {
        let (mut beside, mut apart) = (BTreeMap::<_, Vec<_>>::new(), BTreeMap::<_, Vec<_>>::new());
        for item in items {
            let (module, owner) = place(item);
            beside.entry((module, owner)).or_default().push(item);
            if api.named(owner).is_some_and(|owner| owner.module() != module) {
                apart.entry(module).or_default().push(item);
            }
        }
        Self { beside, apart }
    }

    fn beside(&self, module: &str, owner: &str) -> impl Iterator<Item = &'a T> + use<'a, T> {
        self.beside.get(&(module, owner)).cloned().into_iter().flatten()
    }

    fn apart(&self, module: &str) -> impl Iterator<Item = &'a T> + use<'a, T> {
        self.apart.get(module).cloned().into_iter().flatten()
    }
}

impl<'a> Index<'a> {
    pub(super) fn new(api: &'a Api) -> Self {
        Self {
            api,
            models: by_module(&api.models, |item| &item.module),
            references: by_module(&api.references, |item| &item.module),
            operations: by_module(&api.operations, |item| &item.module),
            params: ByOwner::new(api, &api.params, |item| (&item.module, &item.operation)),
            enums: ByOwner::new(api, &api.enums, |item| (&item.module, &item.owner)),
            unions: ByOwner::new(api, &api.unions, |item| (&item.module, &item.owner)),
            ids: api.ids().collect(),
        }
    }

    /// Whether the release has something of this name at its root.
    pub(super) fn defines(&self, name: &str) -> bool {
        self.api.named(name).is_some() || self.ids.contains(name) || name == "API_VERSION"
    }

    pub(super) fn models(&self, module: &str) -> impl Iterator<Item = &'a Model> + use<'a> {
        self.models.get(module).cloned().into_iter().flatten()
    }

    pub(super) fn references(&self, module: &str) -> impl Iterator<Item = &'a Reference> + use<'a> {
        self.references.get(module).cloned().into_iter().flatten()
    }

    pub(super) fn operations(&self, module: &str) -> impl Iterator<Item = &'a Operation> + use<'a> {
        self.operations.get(module).cloned().into_iter().flatten()
    }

    /// The parameters of an operation that are in a module.
    pub(super) fn params(&self, module: &str, operation: &str) -> impl Iterator<Item = &'a Params> + use<'a> {
        self.params.beside(module, operation)
    }

    /// The parameters in a module whose operation is in another one.
    pub(super) fn params_apart(&self, module: &str) -> impl Iterator<Item = &'a Params> + use<'a> {
        self.params.apart(module)
    }

    /// The enums in a module that are shown beside an item.
    pub(super) fn enums(&self, module: &str, owner: &str) -> impl Iterator<Item = &'a Enum> + use<'a> {
        self.enums.beside(module, owner)
    }

    /// The enums in a module that belong to an item of another one.
    pub(super) fn enums_apart(&self, module: &str) -> impl Iterator<Item = &'a Enum> + use<'a> {
        self.enums.apart(module)
    }

    /// The unions in a module that are shown beside an item.
    pub(super) fn unions(&self, module: &str, owner: &str) -> impl Iterator<Item = &'a Union> + use<'a> {
        self.unions.beside(module, owner)
    }

    /// The unions in a module that belong to an item of another one.
    pub(super) fn unions_apart(&self, module: &str) -> impl Iterator<Item = &'a Union> + use<'a> {
        self.unions.apart(module)
    }
}

impl Deref for Index<'_> {
    type Target = Api;

    fn deref(&self) -> &Api {
        self.api
    }
}

fn by_module<T>(items: &[T], module: impl Fn(&T) -> &str) -> BTreeMap<&str, Vec<&T>> {
    let mut by_module: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for item in items {
        by_module.entry(module(item)).or_default().push(item);
    }
    by_module
}
