//! The paths that a request can expand, which follow from the models of its response.

use std::collections::BTreeMap;

use super::{Api, Docs, Named, Type};

/// Returns the paths in a response of the type `output` that can be expanded, each with what is said of the reference at
/// its end. Stripe expands `depth` levels deep.
pub(crate) fn expand_paths(api: &Api, output: &Type, depth: usize) -> BTreeMap<String, Docs> {
    let mut paths = BTreeMap::new();
    collect(api, output, &Docs::default(), Vec::new(), depth, &mut paths);
    paths
}

fn collect<'a>(
    api: &'a Api,
    ty: &'a Type,
    docs: &Docs,
    mut path: Vec<&'a str>,
    depth: usize,
    paths: &mut BTreeMap<String, Docs>,
) {
    for layer in ty.layers() {
        match layer {
            Type::List(_) | Type::SearchResult(_) => path.push("data"),
            Type::Expandable(_) if path.len() <= depth => {
                paths.insert(path.join("."), docs.clone());
            }
            _ => {}
        }
    }
    if path.len() >= depth {
        return;
    }
    match ty.name().and_then(|name| api.named(name)) {
        Some(Named::Model(model)) => {
            for field in &model.fields {
                let path = path.iter().copied().chain([field.wire.as_str()]).collect();
                collect(api, &field.ty, &field.origin.docs, path, depth, paths);
            }
        }
        Some(Named::Union(union)) => {
            for alternative in &union.alternatives {
                collect(api, &alternative.ty, docs, path.clone(), depth, paths);
            }
        }
        _ => {}
    }
}
