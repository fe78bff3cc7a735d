//! The file that declares the modules of all releases.

use super::condition;
use crate::config::Release;
use crate::naming;
use crate::render::{Item, Source};

/// Declares the modules of the releases. That of the first one is private: its items are at the crate's root.
pub(crate) fn releases(releases: &[Release]) -> Source {
    let mut items = Vec::new();
    for (at, Release { module, feature, .. }) in releases.iter().enumerate() {
        // `Config::check_releases` reports a name that is not an identifier.
        let Some(module) = naming::identifier(module.clone()) else { continue };
        // What is at the root is nowhere else: the module follows the version, and renaming it must break nobody.
        let visibility = if at == 0 { "" } else { "pub " };
        let mut lines: Vec<_> = feature.iter().flat_map(|feature| condition(std::slice::from_ref(feature))).collect();
        lines.push(format!("{visibility}mod {module};"));
        items.push(Item::Lines(lines));
        if at == 0 {
            items.push(Item::Lines(vec![format!("pub use self::{module}::*;")]));
        }
    }
    let docs = "The releases of Stripe's API: the first one at the crate's root, the others in a module each.";
    Source { docs: docs.to_owned(), items }
}
