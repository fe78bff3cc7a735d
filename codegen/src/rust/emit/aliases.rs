//! What people type into rustdoc's search to find an operation or a model: words, and the names in Stripe's own libraries.

use std::collections::{BTreeMap, BTreeSet};

use heck::{ToLowerCamelCase, ToSnakeCase};

use crate::ir::{Api, Method, Operation, Type};
use crate::rust::naming;

/// The aliases of operations and resources, by name.
pub(super) fn aliases(api: &Api) -> BTreeMap<&str, BTreeSet<String>> {
    let operations = api.operations.iter().map(|operation| (operation.name.as_str(), calls(operation)));
    let models = api.models.iter().filter(|model| model.object.is_some()).map(|model| model.name.as_str());
    let references = api.references.iter().map(|reference| reference.name.as_str());
    let resources = models.chain(references).map(|name| (name, BTreeSet::new()));
    let with_words = operations.chain(resources).map(|(name, mut aliases)| {
        let words = name.to_snake_case().replace('_', " ");
        // rustdoc finds a single word by the name, and refuses an alias that is the name.
        if words.contains(' ') {
            aliases.insert(words);
        }
        (name, aliases)
    });
    with_words.filter(|(_, aliases)| !aliases.is_empty()).collect()
}

/// The calls that send the request of an operation in Stripe's libraries for Node and Python, below the client.
///
/// | request | calls |
/// |---|---|
/// | `GET /v1/issuing/cards` | `issuing.cards.list`, `cards.list` |
/// | `POST /v1/issuing/cards/{card}` | `issuing.cards.update`, … |
/// | `POST /v1/payment_intents/{intent}/capture` | `paymentIntents.capture`, `payment_intents.capture` |
/// | `GET /v1/customers/{customer}/sources` | `customers.listSources`, `customers.sources.list` |
/// | `GET /v2/core/accounts/{account}/persons` | `v2.core.accounts.persons.list`, … |
fn calls(operation: &Operation) -> BTreeSet<String> {
    let is_parameter = |segment: &str| segment.starts_with('{');
    let mut segments: Vec<&str> = naming::path_segments(&operation.path).collect();
    let of_one = segments.last().is_some_and(|last| is_parameter(last));
    let is_search = matches!(operation.output, Type::SearchResult(_));
    let is_list = matches!(operation.output, Type::List(_) | Type::ListV2(_));
    // The name starts with the last segment if that is what is done: `refresh` of `RefreshAccount`.
    let action =
        segments.last().filter(|last| !of_one && operation.name.to_snake_case().starts_with(&format!("{last}_")));
    let verb = match (operation.method, action) {
        (_, Some(action)) => (*action).to_owned(),
        _ if is_search => "search".to_owned(),
        _ if is_list => "list".to_owned(),
        (Method::Get, None) => "retrieve".to_owned(),
        (Method::Delete, None) => "delete".to_owned(),
        (Method::Post, None) => if of_one { "update" } else { "create" }.to_owned(),
    };
    if action.is_some() || (is_search && segments.last() == Some(&"search")) {
        segments.pop();
    }
    let literals: Vec<&str> = segments.iter().copied().filter(|segment| !is_parameter(segment)).collect();
    let Some((collection, groups)) = literals.split_last() else { return BTreeSet::new() };

    let mut calls = BTreeSet::new();
    let mut call = |path: &[&str], method: &str| {
        for from in 0..path.len() {
            let path = path[from..].join(".");
            calls.insert(format!("{path}.{method}"));
            let in_camel_case: Vec<_> = path.split('.').map(ToLowerCamelCase::to_lower_camel_case).collect();
            calls.insert(format!("{}.{}", in_camel_case.join("."), method.to_lower_camel_case()));
        }
    };
    // A collection below one object: `sources` of `/v1/customers/{customer}/sources`.
    let position = segments.iter().rposition(|segment| segment == collection).unwrap_or_default();
    let is_v2 = literals.first() == Some(&"v2");
    if position > 0 && is_parameter(segments[position - 1]) && !groups.is_empty() && !is_v2 {
        let noun = if is_list { (*collection).to_owned() } else { naming::singular(collection) };
        call(groups, &format!("{verb}_{noun}"));
    }
    call(&literals, &verb);
    calls
}
