//! The items of an API by where they are shown: a file looks at its own items only.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;

use crate::ir::{Api, ModuleFile, Named};

/// An API, and its items by where they are shown.
pub(super) struct Index<'a> {
    api: &'a Api,
    /// By module and file, the items that are beside no other one there.
    files: BTreeMap<(&'a str, ModuleFile), Vec<Named<'a>>>,
    /// By the name of an item, those that are shown beside it.
    beside: BTreeMap<&'a str, Vec<Named<'a>>>,
    ids: BTreeSet<&'a str>,
}

impl<'a> Index<'a> {
    pub(super) fn new(api: &'a Api) -> Self {
        let mut index = Self { api, files: BTreeMap::new(), beside: BTreeMap::new(), ids: api.ids().collect() };
        let mut apart = Vec::new();
        for item in in_order(api) {
            match api.named(item.owner()) {
                Some(owner) if owner.module() == item.module() => {
                    index.beside.entry(item.owner()).or_default().push(item);
                }
                Some(_) => apart.push(item),
                // What a component schema is by itself has no owner.
                None => index.push(item),
            }
        }
        // What belongs to an item of another module is at the end of its file, parameters first.
        apart.sort_by_key(|item| !matches!(item, Named::Params(_)));
        apart.into_iter().for_each(|item| index.push(item));
        index
    }

    fn push(&mut self, item: Named<'a>) {
        self.files.entry((item.module(), self.api.file(item))).or_default().push(item);
    }

    /// Whether the release has something of this name at its root.
    pub(super) fn defines(&self, name: &str) -> bool {
        self.api.named(name).is_some() || self.ids.contains(name) || name == "API_VERSION"
    }

    /// The items of a file of a module, without those beside another one.
    pub(super) fn in_file(&self, module: &'a str, file: ModuleFile) -> &[Named<'a>] {
        self.files.get(&(module, file)).map(Vec::as_slice).unwrap_or_default()
    }

    pub(super) fn beside(&self, owner: &str) -> &[Named<'a>] {
        self.beside.get(owner).map(Vec::as_slice).unwrap_or_default()
    }
}

impl Deref for Index<'_> {
    type Target = Api;

    fn deref(&self) -> &Api {
        self.api
    }
}

fn in_order(api: &Api) -> impl Iterator<Item = Named<'_>> {
    let mut references: Vec<_> = api.references.iter().map(Named::Reference).collect();
    references.sort_by_key(|item| item.name());
    let models = api.models.iter().map(Named::Model);
    let operations = api.operations.iter().map(Named::Operation);
    let enums = api.enums.iter().map(Named::Enum);
    let unions = api.unions.iter().map(Named::Union);
    let params = api.params.iter().map(Named::Params);
    models.chain(references).chain(operations).chain(enums).chain(unions).chain(params)
}
