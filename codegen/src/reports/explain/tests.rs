use super::*;
use crate::config::Table;
use crate::ir::testing::{api as empty, boxed, enumeration, field, model, operation, optional, params, secret};
use crate::ir::{Model, Type};

fn api() -> Api {
    let mut api = empty();
    let filters = optional("filters", Type::Params("CreateSessionFilters".to_owned()));
    api.operations.push(operation("CreateSession", "/v1/sessions", [filters], "Session"));
    api.params.push(params("CreateSessionFilters", "CreateSession", [optional("country", Type::String)]));
    let accounts = field("accounts", Type::List(boxed(Type::Model("Account".to_owned()))));
    let permissions = field("permissions", Type::Array(boxed(Type::Enum("Permission".to_owned()))));
    let mut session = model("Session", "fc.session", [accounts, permissions, secret("client_secret", Type::String)]);
    let row = Row { table: Table::Sensitive, key: "fc.session/client_secret".to_owned(), toml: "sensitive".to_owned() };
    session.fields[2].origin.rows.push(row);
    let ownership = field("ownership", Type::Id("AccountOwnershipId".to_owned()));
    let owner = optional("client_secret", Type::String);
    let account = model("Account", "fc.account", [ownership, owner]);
    let ownership = Model {
        id: ModelId::Required("AccountOwnershipId".to_owned()),
        ..model("AccountOwnership", "fc.account_ownership", [])
    };
    api.models.extend([session, account, ownership]);
    let mut permission = enumeration("Permission", ["balances", "accounts.data.ownership"]);
    permission.variants[1].origin.place = "accounts.data.ownership".to_owned();
    api.enums.push(permission);
    api
}

fn items(query: &str) -> Vec<String> {
    let found = explain(&api(), query).unwrap_or_else(|miss| panic!("{miss}: {:?}", miss.nearest));
    found.into_iter().map(|explanation| explanation.item).collect()
}

#[test]
fn a_name_is_found_however_it_is_written() {
    for (query, expected) in [
        ("session", &["Session"][..]),
        ("session.accounts.data.ownership", &["Account::ownership"]),
        ("session.accounts.ownership", &["Account::ownership"]),
        ("session.accounts.data", &["Session::accounts"]),
        ("accounts.data.ownership", &["Account::ownership", "Permission::accounts.data.ownership"]),
        ("accounts.data[0].ownership", &["Account::ownership"]),
        ("session.permissions.balances", &["Permission::balances"]),
        ("session.permissions.accounts.data.ownership", &["Permission::accounts.data.ownership"]),
        ("filters[country]", &["CreateSessionFilters::country"]),
        ("create_session.filters.country", &["CreateSessionFilters::country"]),
        ("client_secret", &["Session::client_secret", "Account::client_secret"]),
        ("fc.session/client_secret", &["Session::client_secret"]),
        ("fc.session.client_secret", &["Session::client_secret"]),
        ("fc.session", &["Session"]),
        ("balances", &["Permission::balances"]),
        ("Account::ownership", &["Account::ownership"]),
        ("Account.ownership", &["Account::ownership"]),
        ("Session.accounts.data[0].ownership", &["Account::ownership"]),
        ("CreateSession.filters.country", &["CreateSessionFilters::country"]),
        ("Permission.balances", &["Permission::balances"]),
        ("CreateSession::new", &["CreateSession"]),
        ("AccountOwnershipId", &["AccountOwnershipId"]),
        ("/components/schemas/fc.session/properties/client_secret", &["Session::client_secret"]),
        ("spec.yaml#/components/schemas/fc.session/properties/client_secret/anyOf/0", &["Session::client_secret"]),
        ("#/paths/~1v1~1sessions/post/responses/200", &["CreateSession"]),
        ("/paths/~1v1~1sessions", &["CreateSession"]),
    ] {
        assert_eq!(items(query), expected, "{query}");
    }
}

#[test]
fn a_miss_has_the_five_nearest_names_of_the_same_kind() {
    for (query, nearest) in [
        ("session.acounts", "session.accounts"),
        ("acounts.data.ownership", "accounts.data.ownership"),
        ("client_secre", "client_secret"),
        ("Acount", "Account"),
        ("Account::owner", "Account::ownership"),
        ("/components/schemas/fc.sesion", "/components/schemas/fc.session"),
    ] {
        let miss = explain(&api(), query).expect_err(query);
        assert_eq!(miss.nearest.first().map(String::as_str), Some(nearest), "{query}: {:?}", miss.nearest);
        assert!(miss.nearest.len() <= 5, "{query}");
    }
    assert_eq!(explain(&api(), "session.acounts").expect_err("a miss").nearest.len(), 5);
}

#[test]
fn an_explanation_has_the_path_the_rows_and_both_spellings() {
    let found = explain(&api(), "session.client_secret").expect("it is there");
    let [explanation] = found.as_slice() else { panic!("one thing has the name") };
    assert_eq!(explanation.path.as_deref(), Some("session.client_secret"));
    assert_eq!(explanation.lowered, "required, secret: string");
    assert_eq!(explanation.file, "session/models.rs");
    assert_eq!(explanation.rust, "pub client_secret: Secret<String>");
    assert_eq!(explanation.rows.iter().map(|row| row.toml.as_str()).collect::<Vec<_>>(), ["sensitive"]);
    assert_eq!(explanation.pointer.as_str(), "/components/schemas/fc.session/properties/client_secret");
}
