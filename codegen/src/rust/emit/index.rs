//! The items of an API by where they are shown: a file looks at its own items only.

use std::collections::{BTreeMap, BTreeSet};

use crate::ir::{Api, ModuleFile, Named};

/// An API, and its items by where they are shown.
pub(super) struct Index<'a> {
    pub(super) api: &'a Api,
    /// By module and file, the items in their order: each is followed by those that are shown beside it.
    files: BTreeMap<(&'a str, ModuleFile), Vec<Named<'a>>>,
    ids: BTreeSet<&'a str>,
}

impl<'a> Index<'a> {
    pub(super) fn new(api: &'a Api) -> Self {
        let (mut alone, mut apart, mut beside) = (Vec::new(), Vec::new(), BTreeMap::<_, Vec<_>>::new());
        for item in in_order(api) {
            match api.named(item.owner()) {
                Some(owner) if owner.module() == item.module() => beside.entry(item.owner()).or_default().push(item),
                Some(_) => apart.push(item),
                // What a component schema is by itself has no owner.
                None => alone.push(item),
            }
        }
        // What belongs to an item of another module is at the end of its file, parameters first.
        apart.sort_by_key(|item| !matches!(item, Named::Params(_)));
        let mut files = BTreeMap::<_, Vec<_>>::new();
        let mut pending: Vec<Named<'_>> = alone.into_iter().chain(apart).rev().collect();
        while let Some(item) = pending.pop() {
            files.entry((item.module(), api.file(item))).or_default().push(item);
            pending.extend(beside.remove(item.name()).into_iter().flatten().rev());
        }
        Self { api, files, ids: api.ids().collect() }
    }

    /// Whether the release has something of this name at its root.
    pub(super) fn defines(&self, name: &str) -> bool {
        self.api.named(name).is_some() || self.ids.contains(name) || name == "API_VERSION"
    }

    /// The items of a file of a module.
    pub(super) fn in_file(&self, module: &'a str, file: ModuleFile) -> &[Named<'a>] {
        self.files.get(&(module, file)).map(Vec::as_slice).unwrap_or_default()
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
