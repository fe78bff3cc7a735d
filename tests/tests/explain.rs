//! What `explain` finds by a name, and what it says of each shape of value.

use std::fmt::Write;

use codegen::explain::explain;
use codegen::ir::{Api, Named};
use tests::{fixture, workspace};

/// The API of the current release.
fn api() -> Api {
    codegen::generate(&workspace::session_config(), None, "document", &workspace::current_document())
        .expect("the document is accepted")
        .api
}

#[test]
fn a_name_is_found_however_it_is_written() {
    let api = api();
    for (query, expected) in [
        ("session", &["Session", "RetrieveSession::session"][..]),
        ("session.accounts.data.ownership", &["Account::ownership"]),
        ("session.accounts.ownership", &["Account::ownership"]),
        ("session.accounts.data", &["Session::accounts"]),
        ("accounts.data.ownership", &["Account::ownership", "SessionExpand::AccountsDataOwnership"]),
        ("accounts.data[0].ownership", &["Account::ownership"]),
        ("session.permissions.balances", &["SessionPermission::Balances"]),
        ("create_session.expand.accounts.data.ownership", &["SessionExpand::AccountsDataOwnership"]),
        ("filters[country]", &["CreateSessionFilters::country", "SessionFilters::country"]),
        ("create_session.filters.country", &["CreateSessionFilters::country"]),
        ("client_secret", &["Session::client_secret"]),
        ("financial_connections.session/client_secret", &["Session::client_secret"]),
        ("financial_connections.session.client_secret", &["Session::client_secret"]),
        ("financial_connections.session", &["Session"]),
        ("balances", &["SessionPermission::Balances", "SessionPrefetch::Balances"]),
        ("Account::ownership", &["Account::ownership"]),
        ("Account.ownership", &["Account::ownership"]),
        ("Session.accounts.data[0].ownership", &["Account::ownership"]),
        ("CreateSession.filters.country", &["CreateSessionFilters::country"]),
        ("SessionPermission::balances", &["SessionPermission::Balances"]),
        ("SessionPermission.balances", &["SessionPermission::Balances"]),
        ("SessionPermission.Balances", &["SessionPermission::Balances"]),
        ("financial_connections.account.created", &["Account::created", "EventType::AccountCreated"]),
        ("financial_connections.account.disconnected", &["EventType::AccountDisconnected"]),
        ("v1.financial_connections.account.disconnected", &["NotificationType::AccountDisconnected"]),
        ("EventType::AccountCreated", &["EventType::AccountCreated"]),
        ("NotificationType.AccountCreated", &["NotificationType::AccountCreated"]),
        ("EventType", &["EventType"]),
        ("CreateSession::new", &["CreateSession"]),
        ("CreateSession::BASE_URL", &["CreateSession"]),
        ("Session.accounts.data.OBJECT", &["Account"]),
        ("AccountOwnershipId", &["AccountOwnershipId"]),
        ("GetFinancialConnectionsSessionsSession", &["RetrieveSession"]),
        ("/components/schemas/financial_connections.session/properties/client_secret", &["Session::client_secret"]),
        (
            "spec.yaml#/components/schemas/financial_connections.session/properties/client_secret/anyOf/0",
            &["Session::client_secret"],
        ),
        ("#/paths/~1v1~1financial_connections~1sessions/post/responses/200", &["CreateSession"]),
        ("/paths/~1v1~1financial_connections~1sessions", &["CreateSession"]),
    ] {
        let explanations = explain(&api, query).unwrap_or_else(|nearest| panic!("{query}: {nearest:?}"));
        let items: Vec<_> = explanations.into_iter().map(|explanation| explanation.item).collect();
        assert_eq!(items, expected, "{query}");
    }
}

#[test]
fn a_miss_has_the_five_nearest_names_of_the_same_kind() {
    let api = api();
    for (query, nearest) in [
        ("session.acounts", "session.accounts"),
        ("acounts.data.ownership", "accounts.data.ownership"),
        ("client_secre", "client_secret"),
        ("financial_connections.session/client_secre", "financial_connections.session/client_secret"),
        ("financial_connections.account.creatd", "financial_connections.account.created"),
        ("Acount", "Account"),
        ("Account.livemod", "account.livemode"),
        ("CreateSession.filters.contry", "create_session.filters.country"),
        ("Account::owner", "Account::ownership"),
        ("/components/schemas/financial_connections.sesion", "/components/schemas/financial_connections.session"),
    ] {
        let names = explain(&api, query).expect_err(query);
        assert_eq!((names[0].as_str(), names.len()), (nearest, 5), "{query}: {names:?}");
        assert!(names.iter().all(|name| explain(&api, name).is_ok()), "{query}: {names:?}");
    }
}

/// Each item, field and alternative of the fixtures that have every type.
#[test]
fn each_type_is_said_in_words() {
    let mut text = String::new();
    let fixtures = ["expandable", "lists", "nullable_component_items", "operations", "parameters", "query"];
    for name in fixtures.into_iter().chain(["required_and_nullable", "scalars", "unions", "v2"]) {
        let path = workspace::path(&format!("tests/fixtures/emit/{name}.yaml"));
        let api = fixture::generate(&path).unwrap_or_else(|error| panic!("{error}")).api;
        for item in api.items() {
            let members: Vec<_> = match item {
                Named::Model(item) => item.fields.iter().map(|field| &field.name).collect(),
                Named::Params(item) => item.fields.iter().map(|field| &field.name).collect(),
                Named::Operation(item) => item.path_params.iter().chain(&item.params).map(|one| &one.name).collect(),
                Named::Union(item) => item.alternatives.iter().map(|one| &one.name).collect(),
                Named::Enum(_) | Named::Reference(_) => Vec::new(),
            };
            let members = members.into_iter().map(|member| format!("{}::{member}", item.name()));
            for query in [item.name().to_owned()].into_iter().chain(members) {
                for one in explain(&api, &query).expect("it is there") {
                    let _ = writeln!(text, "{name}: {query}: {}\n    {}: {}", one.lowered, one.file, one.rust);
                }
            }
        }
    }
    insta::assert_snapshot!("explanations", text);
}
