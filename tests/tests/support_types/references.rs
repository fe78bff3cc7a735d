//! References, which are an id or an object.

use std::collections::HashMap;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use stripe_financial_connections::{
    Account, AccountHolder, AccountHolderType, AccountOwnership, AccountStatus, Amounts, Customer, CustomerId,
    Expandable, List, Opaque, Secret, SessionExpand, SessionId, Timestamp, Token, decode,
};

use crate::{FULL, minimal, parse, session};

#[test]
fn paths_to_expand_are_typed() {
    let path = SessionExpand::from("accounts.data.ownership");
    assert_eq!(path, SessionExpand::AccountsDataOwnership);
    assert_eq!(SessionExpand::from("a.b"), SessionExpand::Unknown("a.b".into()));
}

pub(crate) fn holder(customer: Value) -> AccountHolder {
    let value = json!({"type": "customer", "customer": customer});
    let mut whole = minimal();
    whole["account_holder"] = value.clone();
    let holder = session(&whole).account_holder.into_option().unwrap();
    assert_eq!(serde_json::to_value(&holder).unwrap(), value);
    assert_eq!(holder.type_, AccountHolderType::Customer);
    holder
}

#[test]
fn a_reference_is_an_id_an_object_or_deleted() {
    let id = holder(json!("cus_1")).customer.unwrap();
    assert_eq!(id, Expandable::Id(CustomerId::new("cus_1")));
    assert_eq!((id.id(), id.to_id(), id.is_deleted()), (Some("cus_1"), Some("cus_1".into()), false));
    assert!(id.as_object().is_none() && id.into_object().is_none());

    let object = holder(json!({"id": "cus_1", "object": "customer", "balance": 12, "nested": {"deleted": true}}));
    let object = object.customer.unwrap();
    assert_eq!((object.id(), object.to_id(), object.is_deleted()), (Some("cus_1"), Some("cus_1".into()), false));
    let customer = object.into_object().unwrap();
    assert_eq!((customer.id(), customer.object()), (Some("cus_1"), Some("customer")));
    assert_eq!(customer.get("balance"), Some(&json!(12)));
    assert_eq!(customer.as_json().len(), 4);
    assert_eq!(customer.into_json()["balance"], json!(12));

    let gone = holder(json!({"id": "cus_1", "object": "customer", "deleted": true})).customer.unwrap();
    assert!(gone.is_deleted() && gone.as_object().is_none());
    assert_eq!((gone.id(), gone.to_id()), (Some("cus_1"), Some("cus_1".into())));
    let Expandable::Deleted(deleted) = gone else { panic!("not deleted") };
    assert_eq!((deleted.id.as_str(), deleted.object.as_str()), ("cus_1", "customer"));

    // These are not deleted objects and are kept as JSON.
    for odd in
        [json!({}), json!({"id": 5}), json!({"deleted": true}), json!({"deleted": false, "id": "a", "object": "b"})]
    {
        let odd = holder(odd).customer.unwrap();
        assert!(!odd.is_deleted() && odd.as_object().is_some());
        assert!(odd.to_id().is_none() || odd.id() == Some("a"));
    }
}

#[test]
fn an_expanded_reference_is_decoded_as_its_model() {
    let ownership = json!({
        "id": "fcaowns_1", "object": "financial_connections.account_ownership", "created": 1,
        "owners": {"object": "list", "has_more": false, "url": "/", "data": []},
    });
    let reference: Expandable<AccountOwnership> = serde_json::from_value(ownership.clone()).unwrap();
    assert_eq!(reference.id(), Some("fcaowns_1"));
    assert_eq!(reference.as_object().unwrap().created, Timestamp::from_unix_seconds(1));
    assert_eq!(serde_json::to_value(&reference).unwrap(), ownership);
    assert!(serde_json::from_value::<Expandable<AccountOwnership>>(json!({"id": "x"})).is_err());
}

/// Every form of a number in JSON, also those that serde_json may keep as text.
#[test]
fn a_number_is_no_object_and_no_id() {
    fn check<T: DeserializeOwned>(value: &Value) {
        let text = value.to_string();
        let name = std::any::type_name::<T>();
        let error = decode::<T>(text.as_bytes()).err().unwrap_or_else(|| panic!("{name} is read from {text}"));
        assert!(error.reason().ends_with(", found a number"), "{name}, {text}: {error}");
        assert!(T::deserialize(value).is_err() && serde_json::from_value::<T>(value.clone()).is_err(), "{name}");
        // Not the whole text, which could be a number that a reader cuts off.
        let text = format!(r#"{{"a": [{text}]}}"#);
        let error = decode::<HashMap<String, Vec<T>>>(text.as_bytes()).err().unwrap();
        assert_eq!(error.path(), "a[0]", "{name}, {text}: {error}");
        assert!(error.reason().ends_with(", found a number"), "{name}, {text}: {error}");
    }
    for number in ["5", "-5", "0", "-0", "1.5", "1e3", "18446744073709551615", "123456789012345678901234567890"] {
        let number = parse(number);
        check::<Expandable<Opaque>>(&number);
        check::<Expandable<Customer>>(&number);
        check::<Expandable<Account>>(&number);
        check::<Expandable<AccountOwnership>>(&number);
        check::<Opaque>(&number);
        check::<Customer>(&number);
        check::<Account>(&number);
        check::<List<String>>(&number);
        check::<Amounts>(&number);
        check::<SessionId>(&number);
        check::<AccountStatus>(&number);
        check::<Secret<String>>(&number);
        check::<bool>(&number);
    }
}

#[test]
fn an_opaque_object_keeps_its_whole_json() {
    let text =
        r#"{"id":"x","big":18446744073709551615,"small":-9223372036854775808,"float":1.0,"list":[null,true,{}]}"#;
    let opaque: Opaque = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_value(&opaque).unwrap(), parse(text));
    assert_eq!(opaque.get("float").unwrap().to_string(), "1.0");
    assert_eq!(format!("{opaque:?}"), r#"Opaque { id: Some("x"), object: None, .. }"#);
    for not in ["null", "[]", "1", "\"x\""] {
        assert!(serde_json::from_str::<Opaque>(not).is_err(), "{not}");
        assert!(serde_json::from_str::<Customer>(not).is_err(), "{not}");
    }
}

#[test]
fn a_token_keeps_objects_past_the_boundary() {
    let token = session(&parse(FULL)).bank_account_token.unwrap();
    assert_eq!(token.bank_account.as_ref().unwrap().id(), Some("ba_1Qx7Test"));
    assert_eq!(token.id.expose().as_str(), "btok_1Qx7TestToken");
    assert_eq!(Token::OBJECT, "token");
}
