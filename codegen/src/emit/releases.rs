//! The file that declares the modules of all releases.

use quote::{format_ident, quote};

use crate::config::Release;
use crate::naming;
use crate::render::{Item, Source};

/// Declares the modules of the releases. That of the first one is private: its items are at the crate's root.
pub(crate) fn releases(releases: &[Release]) -> Source {
    let mut items = Vec::new();
    for (at, Release { module, feature, .. }) in releases.iter().enumerate() {
        // `Config::check_releases` reports a name that is not an identifier.
        let Some(module) = naming::identifier(module.clone()) else { continue };
        let module = format_ident!("{module}");
        let condition = feature
            .as_ref()
            .map(|feature| quote!(#[cfg(feature = #feature)] #[cfg_attr(docsrs, doc(cfg(feature = #feature)))]));
        // What is at the root is nowhere else: the module follows the version, and renaming it must break nobody.
        items.push(Item::Rust(match at {
            0 => quote!(#condition mod #module;),
            _ => quote!(#condition pub mod #module;),
        }));
        if at == 0 {
            items.push(Item::Rust(quote!(pub use self::#module::*;)));
        }
    }
    let docs = "The releases of Stripe's API: the first one at the crate's root, the others in a module each.";
    Source { docs: vec![docs.to_owned()], items }
}
