//! The paths that a request can expand, which follow from the models of its response.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::ir::describe::paths::join;
use crate::ir::{Api, Docs, Named, Type};

/// The most paths of one response. Of Stripe's, a charge has the most: 1,494 in 2023. A path that is left out can be given as a
/// string, as any other can.
const PATHS: usize = 2048;

/// The most bytes of the paths of one response and of what is said of each.
const SIZE: usize = 1 << 20;

/// The paths that lead to a reference, found once for each model.
#[derive(Debug, Default)]
pub(crate) struct Paths {
    /// By the name of a model or a union, and the number of segments that a path may still have: the fields or alternatives that
    /// lead to a reference.
    leading: BTreeMap<String, BTreeMap<usize, Vec<usize>>>,
}

impl Paths {
    /// Returns the paths in a response of the type `output` that can be expanded, each with what is said of the reference at
    /// its end; the shortest ones, if there are too many. Stripe expands `depth` levels deep.
    ///
    /// The models that the response leads to are complete.
    pub(crate) fn of(&mut self, api: &Api, output: &Type, depth: usize) -> BTreeMap<String, Docs> {
        let mut paths: BTreeMap<String, &Docs> = BTreeMap::new();
        let mut size = 0;
        let none = Docs::default();
        let mut pending = VecDeque::from([(String::new(), 0, output, &none)]);
        let mut seen = BTreeSet::new();
        while let Some((mut path, mut segments, ty, docs)) = pending.pop_front() {
            for layer in ty.layers() {
                match layer {
                    layer if layer.is_page() => {
                        path = join(&path, "data");
                        segments += 1;
                    }
                    Type::Expandable(_) if segments <= depth => {
                        size += path.len() + docs.text.len();
                        if size > SIZE || paths.len() >= PATHS && !paths.contains_key(&path) {
                            return owned(paths);
                        }
                        paths.insert(path.clone(), docs);
                    }
                    _ => {}
                }
            }
            let Some(name) = ty.name().filter(|_| segments < depth) else { continue };
            // Alternatives of a union have fields of the same name.
            if !seen.insert((path.clone(), name)) {
                continue;
            }
            let leading = self.leading(api, name, depth - segments);
            match api.named(name) {
                Some(Named::Model(model)) => {
                    let fields = leading.iter().filter_map(|at| model.fields.get(*at));
                    pending.extend(
                        fields.map(|field| (join(&path, &field.wire), segments + 1, &field.ty, &field.origin.docs)),
                    );
                }
                Some(Named::Union(union)) => {
                    let alternatives = leading.iter().filter_map(|at| union.alternatives.get(*at));
                    pending.extend(alternatives.map(|one| (path.clone(), segments, &one.ty, docs)));
                }
                _ => {}
            }
        }
        owned(paths)
    }

    /// The fields or alternatives of an item that lead to a reference within so many segments.
    fn leading(&mut self, api: &Api, name: &str, room: usize) -> Vec<usize> {
        if let Some(known) = self.leading.get(name).and_then(|known| known.get(&room)) {
            return known.clone();
        }
        // Until it is known, an item that leads back to itself through unions alone leads nowhere.
        self.leading.entry(name.to_owned()).or_default().insert(room, Vec::new());
        let (types, used): (Vec<&Type>, _) = match api.named(name) {
            Some(Named::Model(model)) => (model.fields.iter().map(|field| &field.ty).collect(), 1),
            Some(Named::Union(union)) => (union.alternatives.iter().map(|one| &one.ty).collect(), 0),
            _ => (Vec::new(), 0),
        };
        let mut leads = |ty: &Type| {
            let mut used = used;
            for layer in ty.layers() {
                match layer {
                    layer if layer.is_page() => used += 1,
                    Type::Expandable(_) if used <= room => return true,
                    _ => {}
                }
            }
            used < room && ty.name().is_some_and(|inner| !self.leading(api, inner, room - used).is_empty())
        };
        let leading: Vec<usize> = types.into_iter().enumerate().filter(|(_, ty)| leads(ty)).map(|(at, _)| at).collect();
        self.leading.entry(name.to_owned()).or_default().insert(room, leading.clone());
        leading
    }
}

fn owned(paths: BTreeMap<String, &Docs>) -> BTreeMap<String, Docs> {
    paths.into_iter().map(|(path, docs)| (path, docs.clone())).collect()
}
