//! Tests of items that the generated modules do not use today, and that no other crate can test.

use std::time::{Duration, SystemTime};

use serde_json::json;

use super::{
    Clearable, DateTime, DecodeErrorKind, Expandable, Int64String, IntoOption, Nullable, Opaque, ParamValue, RangeOr,
    SearchResult, Timestamp, decode::decode, encoder::Encoder,
};
use crate::__private::{id, model, open_enum, parameter_union, tagged_union};

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct NodeId(String);
id!(NodeId);

/// A recursive model of an object that may be deleted.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Node {
    child: Nullable<Box<Self>>,
    id: NodeId,
    parent: Option<Expandable<Self>>,
    rate: Option<f64>,
    type_: String,
    yes: Option<serde_json::Value>,
}
model! {
    Node, object = "node", id = NodeId, deletable = true, expandable = ["parent"] {
        child?, id, parent?, rate?, type_ = "type", yes = "is it"?
    }
}

/// A model without an id, in whose place a deleted object can be.
#[derive(Clone, Debug, PartialEq)]
struct Bare {
    size: Option<i64>,
}
model! { Bare, no_id = true, deletable = true { size? } }

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Empty {}
model! { Empty {} }

/// An enum without known values.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Never {
    Unknown(String),
}
open_enum!(Never {});

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Odd {
    Slash,
    Unknown(String),
}
open_enum!(Odd { Slash = "a/b" });

/// A variant with the name of the error of `FromStr`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Outcome {
    Err,
    Unknown(String),
}

open_enum!(Outcome { Err = "err" });

#[test]
fn a_variant_can_be_called_as_an_error() {
    assert_eq!("err".parse(), Ok(Outcome::Err));
}

/// What is sent of a parameter `p`.
fn form(value: &dyn ParamValue) -> String {
    let mut encoder = Encoder::default();
    encoder.param("p", value);
    encoder.into_parts().0
}

#[test]
fn an_enum_without_known_values_keeps_every_value() {
    assert_eq!(decode::<Never>(br#""x""#).unwrap(), Never::Unknown("x".into()));
    assert!(Never::VARIANTS.is_empty());
    assert_eq!(form(&Never::from("a b")), "p=a%20b");
}

fn node(value: &serde_json::Value) -> Node {
    let text = value.to_string();
    let direct: Node = decode(text.as_bytes()).unwrap();
    assert_eq!(serde_json::from_str::<Node>(&text).unwrap(), direct);
    assert_eq!(serde_json::from_value::<Node>(value.clone()).unwrap(), direct);
    assert_eq!(serde_json::to_value(&direct).unwrap(), *value);
    direct
}

#[test]
fn a_model_may_contain_itself() {
    let value = json!({
        "object": "node", "id": "1", "type": "t", "rate": 1.5, "is it": [1, null],
        "child": {"object": "node", "id": "2", "type": "t", "child": null},
    });
    let node = node(&value);
    assert_eq!(node.child.as_deref().map(|child| child.id.as_str()), Some("2"));
    assert_eq!(node.yes, Some(json!([1, null])));
}

#[test]
fn a_referenced_object_may_be_deleted() {
    let parent = |parent| node(&json!({"object": "node", "id": "1", "type": "t", "parent": parent})).parent.unwrap();
    let gone = parent(json!({"id": "0", "object": "node", "deleted": true}));
    assert!(gone.is_deleted());
    assert_eq!(gone.id(), Some("0"));
    assert_eq!(parent(json!("0")), Expandable::Id("0".into()));
    let there = parent(json!({"id": "0", "object": "node", "type": "t"}));
    assert_eq!(there.to_id(), Some(NodeId::new("0")));
    assert!(there.as_object().is_some());
    // Another field with the text `deleted` does not count.
    assert!(!parent(json!({"id": "0", "object": "node", "type": "\"deleted\""})).is_deleted());

    let gone = json!({"id": "0", "object": "bare", "deleted": true});
    let bare = |value: &serde_json::Value| decode::<Expandable<Bare>>(value.to_string().as_bytes()).unwrap();
    assert!(bare(&gone).is_deleted(), "neither has the model an id");
    assert_eq!(serde_json::to_value(bare(&gone)).unwrap(), gone);
    assert_eq!(bare(&json!({"size": 1})).as_object(), Some(&Bare { size: Some(1) }));
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Either {
    Node(Node),
    Unknown(Opaque),
}
tagged_union! { Either, referable = true { Node = "node" } }

/// Also with serde_json's feature `arbitrary_precision`, which a test turns on.
#[test]
fn a_number_is_not_one_of_several_objects() {
    for number in ["1", "-0", "1.5", "1e3", "123456789012345678901234567890"] {
        for error in [
            decode::<Either>(number.as_bytes()).unwrap_err(),
            decode::<Expandable<Either>>(number.as_bytes()).unwrap_err(),
            decode::<Expandable<Node>>(number.as_bytes()).unwrap_err(),
        ] {
            assert!(error.reason().ends_with(" object, found a number"), "{number}: {error}");
        }
    }
    let object = br#"{"object": "node", "id": "1", "rate": 1.5, "type": "t"}"#;
    assert_eq!(decode::<Expandable<Either>>(object).unwrap().id(), Some("1"));
    let Either::Node(node) = decode(object).unwrap() else { panic!("not a node") };
    assert_eq!(node.rate, Some(1.5));
}

#[test]
fn an_error_in_an_object_that_is_kept_to_see_what_it_is_has_its_path() {
    let paths = [
        (r#"{"parent": {"child": {"deleted": false, "id": 5}}}"#, "parent.child.id"),
        (r#"{"parent": {"deleted": true, "id": 5}}"#, "parent.id"),
        (r#"{"parent": {"id": "1", "object": "node", "parent": {"rate": "5"}}}"#, "parent.parent.rate"),
        (r#"{"parent": {"id": "1"}}"#, "parent"),
    ];
    for (json, path) in paths {
        let error = decode::<Node>(json.as_bytes()).unwrap_err();
        assert_eq!((error.path(), error.kind()), (path, DecodeErrorKind::Mismatch), "{json}: {error}");
    }
    let list = br#"[{"object": "a"}, {"object": "node", "type": "t", "parent": {"child": {"is it": 5, "type": 5}}}]"#;
    let error = decode::<Vec<Either>>(list).unwrap_err();
    assert_eq!((error.path(), error.reason()), ("[1].parent.child.type", "expected a string, found a number"));
    let error = decode::<Vec<Either>>(br#"[{"object": "node"}]"#).unwrap_err();
    assert_eq!((error.path(), error.reason()), ("[0]", "missing field `id`"));
    // Each level is read twice, and not twice as often as the one around it.
    let deep = (0..100).fold("5".to_owned(), |inner, _| format!(r#"{{"parent": {inner}}}"#));
    assert_eq!(decode::<Node>(deep.as_bytes()).unwrap_err().path(), ["parent"; 100].join("."));
}

/// As in a model, whose fields may be read from what is kept.
#[test]
fn a_field_that_is_there_twice_in_an_object_that_is_kept_is_refused() {
    let long = "a\n".repeat(40);
    let short = "a\\n".repeat(32);
    for (object, within, name) in [
        (r#"{"object": "node", "id": "1", "type": "t", "id": "2"}"#, "", "id"),
        (r#"{"object": "node", "id": "1", "type": "t", "child": {"id": "1", "type": "t", "id": "2"}}"#, ".child", "id"),
        (r#"{"object": "other", "list": [1, [{"a": null, "a": null}]]}"#, ".list[1][0]", "a"),
        (r#"{"id": "1", "object": "node", "deleted": true, "deleted": false}"#, "", "deleted"),
        (&format!("{{{long:?}: 1, {long:?}: 2}}"), "", &short),
    ] {
        let json = format!("[{object}]");
        for error in [
            decode::<Vec<Either>>(json.as_bytes()).unwrap_err(),
            decode::<Vec<Expandable<Node>>>(json.as_bytes()).unwrap_err(),
            decode::<Vec<Opaque>>(json.as_bytes()).unwrap_err(),
        ] {
            assert_eq!((error.path(), error.kind()), (&*format!("[0]{within}"), DecodeErrorKind::Mismatch), "{error}");
            assert_eq!(error.reason(), format!("duplicate field `{name}`"));
        }
    }
}

#[test]
fn a_page_encodes_to_the_json_it_comes_from() {
    let page = |next: serde_json::Value| {
        let mut page = json!({"object": "search_result", "data": [1], "has_more": true, "url": "/v1/things"});
        page.as_object_mut().unwrap().extend(next.as_object().unwrap().clone());
        page
    };
    for page in [page(json!({})), page(json!({"next_page": null})), page(json!({"next_page": "p2", "total_count": 2}))]
    {
        let results: SearchResult<i64> = decode(page.to_string().as_bytes()).unwrap();
        assert_eq!(serde_json::to_value(results).unwrap(), page);
    }
}

#[test]
fn an_object_without_fields_is_an_object() {
    assert_eq!(decode::<Empty>(b"{}").unwrap(), Empty {});
    assert_eq!(decode::<Empty>(br#"{"a": 1}"#).unwrap(), Empty {});
    assert_eq!(serde_json::to_string(&Empty {}).unwrap(), "{}");
    assert_eq!(Empty::from_json(b"[]").unwrap_err().reason(), "expected an object, found an array");
}

#[test]
fn a_parameter_of_several_types_takes_each_of_them() {
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) enum Trial {
        Keyword(Odd),
        Text(String),
        Time(Timestamp),
    }
    parameter_union! { Trial { Keyword(Odd), Text(String), Time(Timestamp) } }

    #[derive(Clone, Debug, PartialEq)]
    pub(crate) enum Deadline {
        Time(DateTime),
        Text(String),
    }
    parameter_union! { Deadline { Time(DateTime), Text(String) } }

    let time = SystemTime::UNIX_EPOCH;
    assert_eq!(form(&Deadline::from(time)), "p=1970-01-01T00%3A00%3A00.000Z");
    assert_eq!(Deadline::from(time), Deadline::from(DateTime::from(time)));
    let time = Timestamp::from_unix_seconds(1);
    for (value, sent) in [
        (Trial::from(Odd::Slash), "p=a%2Fb"),
        (Trial::from("a b"), "p=a%20b"),
        (Trial::from("a b".to_owned()), "p=a%20b"),
        (Trial::from(time), "p=1"),
        (Trial::from(SystemTime::UNIX_EPOCH + Duration::from_secs(1)), "p=1"),
    ] {
        assert_eq!(form(&value), sent);
    }
}

/// A literal is an `i32`, and a length a `usize`.
#[test]
fn a_parameter_that_holds_an_integer_takes_any_integer() {
    #[derive(Clone, Debug, PartialEq)]
    pub(crate) enum Count {
        Integer(i64),
        Text(String),
    }
    parameter_union! { Count { Integer(i64), Text(String) } }

    fn set<T, Given>(value: impl IntoOption<T, Given>) -> Option<T> {
        value.into_option()
    }

    let clearable = [set(5), set(Some(5)), set(5_u8), set(5_usize), set(Some(5_u64)), set(5_i64)];
    assert_eq!(clearable, [const { Some(Clearable::Value(5_i64)) }; 6]);
    let range = [set(5), set(Some(5)), set(5_u8), set(5_usize), set(Some(5_u64)), set(5_i64)];
    assert_eq!(range, [const { Some(RangeOr::Value(5_i64)) }; 6]);
    let count = [set(5), set(Some(5)), set(5_u8), set(5_usize), set(Some(5_u64)), set(5_i64)];
    assert_eq!(count, [const { Some(Count::Integer(5)) }; 6]);
    assert_eq!(set(5), Some(Int64String::new(5)));
    assert_eq!(Count::from("a"), Count::Text("a".to_owned()));
}

#[test]
fn enums_are_ordered_by_value_and_in_line_with_equality() {
    let values = ["a/b", "a", "b"].map(Odd::from);
    let mut sorted = values.clone();
    sorted.sort();
    assert_eq!(sorted.each_ref().map(Odd::as_str), ["a", "a/b", "b"]);
    // Decoding never yields this value. It differs from the known one and must not compare as equal.
    let known = Odd::Unknown("a/b".into());
    assert_ne!(known, Odd::Slash);
    let later = Odd::from("b");
    assert!(known > Odd::Slash && known < later);
}
