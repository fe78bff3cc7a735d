//! Tests of what the generated modules do not use today, so that it cannot be tested from outside.

use std::{
    collections::BTreeMap,
    time::{Duration, SystemTime},
};

use serde_json::json;

use super::{
    Clearable, DecodeErrorKind, Expandable, Method, Nullable, Operation, ParamValue, Request, RequestError, Secret,
    Timestamp, decode::decode, form::Form,
};
use crate::__private::{id, model, open_enum, parameter_union};

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
        child?, id, parent?, rate?, type_ = "type", yes? = "is it"
    }
}

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

#[derive(Clone)]
pub(crate) struct Everything {
    amounts: BTreeMap<String, i64>,
    boxed: Option<Box<Everything>>,
    clearable: Option<Clearable<String>>,
    flag: bool,
    id: NodeId,
    metadata: BTreeMap<String, Clearable<String>>,
    nested: Vec<Vec<i64>>,
    odd: Odd,
    secret: Option<Secret<String>>,
    share: f64,
    since: Timestamp,
    type_: i64,
}

impl ParamValue for Everything {
    fn encode(&self, form: &mut Form) {
        form.field("amounts", &self.amounts);
        form.field("boxed", &self.boxed);
        form.field("clearable", &self.clearable);
        form.field("flag", &self.flag);
        form.field("id", &self.id);
        form.field("metadata", &self.metadata);
        form.field("nested", &self.nested);
        form.field("odd", &self.odd);
        form.field("secret", &self.secret);
        form.field("share", &self.share);
        form.field("since", &self.since);
        form.field("type", &self.type_);
    }
}

impl Everything {
    fn new() -> Self {
        Self {
            amounts: BTreeMap::new(),
            boxed: None,
            clearable: None,
            flag: true,
            id: "n 1".into(),
            metadata: BTreeMap::new(),
            nested: Vec::new(),
            odd: Odd::Slash,
            secret: None,
            share: 0.5,
            since: Timestamp::from_unix_seconds(-1),
            type_: i64::MIN,
        }
    }
}

/// What is sent of a parameter `p`.
fn form(value: &dyn ParamValue) -> String {
    let mut form = Form::default();
    form.param("p", value);
    form.into_parts().0
}

const PLAIN: &str = "p[flag]=true&p[id]=n%201&p[odd]=a%2Fb&p[share]=0.5&p[since]=-1&p[type]=-9223372036854775808";

#[test]
fn scalars_are_written_in_order() {
    assert_eq!(form(&Everything::new()), PLAIN);
}

#[test]
fn maps_lists_and_boxes_nest() {
    let mut inner = Everything::new();
    inner.amounts.insert("usd".into(), -5);
    inner.nested = vec![vec![1, 2], vec![], vec![3]];
    let outer = Everything { boxed: Some(Box::new(inner)), ..Everything::new() };
    let text = form(&outer);
    assert!(text.starts_with(
        "p[boxed][amounts][usd]=-5&p[boxed][flag]=true&p[boxed][id]=n%201&p[boxed][nested][0][0]=1\
         &p[boxed][nested][0][1]=2&p[boxed][nested][2][0]=3&p[boxed][odd]=a%2Fb"
    ));
    assert!(text.ends_with(PLAIN), "{text}");
}

#[test]
fn keys_of_a_map_are_encoded() {
    let map: [(_, Clearable<String>); 4] =
        [("a b", "c&d".into()), ("[x]", Clearable::Clear), ("é", "".into()), ("", "=".into())];
    let text = form(&BTreeMap::from(map));
    assert_eq!(text, "p[]=%3D&p[%5Bx%5D]=&p[a%20b]=c%26d&p[%C3%A9]=");
}

#[test]
fn indices_of_long_lists_are_encoded() {
    let text = form(&(0_i64..101).collect::<Vec<_>>());
    let expected: Vec<_> = (0..101).map(|n| format!("p[{n}]={n}")).collect();
    assert_eq!(text, expected.join("&"));
}

#[test]
fn a_clearable_sends_a_value_or_an_empty_string() {
    for (value, sent) in [(Clearable::Clear, "p="), ("a".into(), "p=a"), ("".into(), "p=")] {
        assert_eq!(form(&Some::<Clearable<String>>(value)), sent);
    }
}

/// An operation with all kinds of parameters.
struct Send {
    all: Everything,
}

impl Operation for Send {
    type Output = Node;
    const API_VERSION: Option<&'static str> = Some("v");
    const METHOD: Method = Method::Post;
    const PATH: &'static str = "/v1/send";

    fn request(&self) -> Result<Request, RequestError> {
        Ok(Request::new(Self::METHOD, Self::PATH, &[])?.param("all", &self.all))
    }
}

#[test]
fn a_secret_parameter_is_sent_but_not_printed() {
    let all = Everything { secret: Some("sesame".into()), ..Everything::new() };
    let request = Send { all }.request().unwrap();
    assert!(request.body().unwrap().contains("all[secret]=sesame"));
    assert!(!format!("{:?}", request.clone().param("more", "x")).contains("sesame"));
    assert!(!format!("{request:?}").contains("sesame"));
    let open = Send { all: Everything::new() }.request().unwrap();
    assert!(format!("{open:?}").contains("all[flag]=true"));
}

#[test]
fn a_path_with_several_segments_is_filled() {
    let fill = |a, b| Request::new(Method::Get, "/v1/a/{a}/b/{b}/c", &[("a", a), ("b", b)]);
    assert_eq!(fill("1", "x y").unwrap().path(), "/v1/a/1/b/x%20y/c");
    assert_eq!(fill("{b}", "2").unwrap().path(), "/v1/a/%7Bb%7D/b/2/c");
    assert_eq!(fill("1", "..").unwrap_err().input(), "path parameter `b`");
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
}

#[test]
fn an_error_in_an_object_that_may_be_deleted_has_its_path() {
    let error = decode::<Node>(br#"{"parent": {"child": {"deleted": false, "id": 5}}}"#).unwrap_err();
    assert_eq!((error.path(), error.kind()), ("parent", DecodeErrorKind::Mismatch));
}

#[test]
fn an_object_without_fields_is_an_object() {
    assert_eq!(decode::<Empty>(b"{}").unwrap(), Empty {});
    assert_eq!(decode::<Empty>(br#"{"a": 1}"#).unwrap(), Empty {});
    assert_eq!(serde_json::to_string(&Empty {}).unwrap(), "{}");
    assert_eq!(Empty::from_json(b"[]").unwrap_err().reason(), "expected an object, found an array");
}

/// A document may name its types like anything that the macros refer to.
mod named_like_std {
    use crate::__private::{id, model, opaque, open_enum, parameter_union};

    macro_rules! types {
        ($($name:ident)*) => { $(pub(crate) struct $name;)* };
    }
    types! {
        Option Result Some None Ok Err String Vec Box From Into AsRef Clone Debug PartialEq Default Iterator Item
        Display FromStr Borrow Ord Hash Error Value Map Cow ToOwned Eq PartialOrd Ordering Formatter Infallible Drop
        Fn FnOnce PhantomData Serialize Serializer SerializeMap Deserialize Deserializer MapAccess Request
        RequestError Operation DecodeError Method Opaque Object Expanded Model Names Fields Omit ParamValue Form Text
        IntoIterator Send Sync
    }

    #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub(crate) struct ThingId(::std::string::String);
    id!(ThingId);

    #[derive(Clone, Debug, PartialEq)]
    pub(crate) struct Thing {
        pub(crate) id: ThingId,
        pub(crate) kind: ::core::option::Option<Kind>,
        pub(crate) parent: crate::__private::Nullable<ThingId>,
        pub(crate) type_: bool,
    }
    model! {
        Thing, object = "thing", id = ThingId, deletable = true, expandable = ["parent"] {
            id, kind? = "a kind", parent?, type_ = "type",
        }
    }

    #[derive(Clone, Debug, PartialEq, Eq, Hash)]
    pub(crate) enum Kind {
        One,
        Unknown(::std::string::String),
    }
    open_enum!(Kind { One = "one" });

    #[derive(Clone, PartialEq)]
    pub(crate) struct Other(crate::__private::Opaque);
    // With the comma that formatting adds when the line is long.
    opaque!(Other, ThingId, "other",);

    #[derive(Clone, Debug, PartialEq)]
    pub(crate) enum Choice {
        Text(::std::string::String),
        Thing(ThingId),
        Time(crate::__private::Timestamp),
    }
    parameter_union! { Choice { Text(::std::string::String), Thing(ThingId), Time(crate::__private::Timestamp) } }

    #[cfg(feature = "test-util")]
    mod samples {
        use super::*;
        use crate::__private::samples;

        samples! { Thing = r#"{"id": "a", "object": "thing", "a kind": "one", "parent": null, "type": true}"# }
    }
}

#[test]
fn types_may_be_named_like_those_of_the_standard_library() {
    use named_like_std::{Choice, Kind, Other, Thing, ThingId};

    let json = br#"{"id": "a", "object": "thing", "a kind": "one", "type": true}"#;
    let thing = Thing::from_json(json).unwrap();
    assert_eq!((thing.id.as_str(), &thing.kind, thing.type_), ("a", &Some(Kind::One), true));
    assert_eq!(serde_json::to_value(&thing).unwrap(), serde_json::from_slice::<serde_json::Value>(json).unwrap());
    let other: Other = decode(br#"{"id": "b", "object": "other"}"#).unwrap();
    assert_eq!(format!("{other:?}"), r#"Other { id: Some("b"), object: Some("other"), .. }"#);
    assert_eq!(Expandable::<Other>::Id(ThingId::new("b")).id(), other.id());

    assert_eq!(form(&Choice::from(thing.id)), "p=a");
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

#[test]
fn enums_are_ordered_by_value_and_in_line_with_equality() {
    let values = ["a/b", "a", "b"].map(Odd::from);
    let mut sorted = values.clone();
    sorted.sort();
    assert_eq!(sorted.each_ref().map(Odd::as_str), ["a", "a/b", "b"]);
    assert_eq!(Odd::Slash, "a/b");
    assert_eq!("a/b", Odd::Slash);
    assert_eq!(Odd::Slash, *"a/b");
    assert_eq!(*"a/b", Odd::Slash);
    assert_ne!(Odd::Slash, "a");
    // Decoding never yields this value. It differs from the known one, so that it must not compare as equal.
    let known = Odd::Unknown("a/b".into());
    assert_ne!(known, Odd::Slash);
    let later = Odd::from("b");
    assert!(known > Odd::Slash && known < later);
}
