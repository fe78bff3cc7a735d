//! The edits of a document and of the configuration, of every kind.

use codegen::config::{Event, FieldName, PlaceRow};
use codegen::diff::Rule;
use codegen::{Config, Generated};
use serde_json::{Value, json};

use crate::{config, document, generate};

pub(crate) const CREATE: &str =
    "/paths/~1v1~1financial_connections~1sessions/post/requestBody/content/application~1x-www-form-urlencoded/schema";
pub(crate) const SESSION: &str = "/components/schemas/financial_connections.session";
pub(crate) const ACCOUNT: &str = "/components/schemas/financial_connections.account";
const HOLDER: &str = "/components/schemas/bank_connections_resource_accountholder";
pub(crate) const REFRESH: &str = "/components/schemas/bank_connections_resource_transaction_refresh";
const OWNER: &str = "/components/schemas/financial_connections.account_owner";
pub(crate) const RETRIEVE: &str = "/paths/~1v1~1financial_connections~1sessions~1{session}/get";

/// A change of a document or of the configuration, and a rule that reports it.
pub(crate) struct Edit {
    pub(crate) name: &'static str,
    pub(crate) rule: Rule,
    edit: Input,
}

/// What an edit changes.
enum Input {
    Document(fn(&mut Value)),
    Config(fn(&mut Config)),
}

impl Edit {
    /// Returns what is generated after the edit.
    pub(crate) fn generate(&self) -> Generated {
        let (mut document, mut config) = (document(), config());
        match self.edit {
            Input::Document(edit) => edit(&mut document),
            Input::Config(edit) => edit(&mut config),
        }
        generate(&config, &document)
    }
}

pub(crate) fn set(document: &mut Value, pointer: &str, value: Value) {
    let (parent, name) = pointer.rsplit_once('/').expect("the pointer names a member");
    let parent = document.pointer_mut(parent).unwrap_or_else(|| panic!("{parent} is there"));
    parent.as_object_mut().expect("it is an object").insert(name.replace("~1", "/"), value);
}

pub(crate) fn remove(document: &mut Value, pointer: &str) {
    let (parent, name) = pointer.rsplit_once('/').expect("the pointer names a member");
    let parent = document.pointer_mut(parent).unwrap_or_else(|| panic!("{parent} is there"));
    match parent {
        Value::Object(members) => drop(members.remove(name).unwrap_or_else(|| panic!("{pointer} is there"))),
        Value::Array(elements) => drop(elements.remove(name.parse().expect("an index"))),
        _ => panic!("{pointer} leads nowhere"),
    }
}

pub(crate) fn push(document: &mut Value, pointer: &str, value: Value) {
    let list = document.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer} is there"));
    list.as_array_mut().expect("it is a list").push(value);
}

pub(crate) fn without(document: &mut Value, pointer: &str, value: &str) {
    let list = document.pointer_mut(pointer).unwrap_or_else(|| panic!("{pointer} is there"));
    list.as_array_mut().expect("it is a list").retain(|element| element != value);
}

macro_rules! edits {
    ($list:ident of $input:ident: $($rule:ident $name:ident: |$edited:ident| $edit:expr;)*) => {
        const $list: &[Edit] =
            &[$(Edit { name: stringify!($name), rule: Rule::$rule, edit: Input::$input(|$edited| { $edit; }) }),*];
    };
}

pub(crate) fn edits() -> impl Iterator<Item = &'static Edit> {
    DOCUMENT_EDITS.iter().chain(CONFIG_EDITS)
}

edits! { DOCUMENT_EDITS of Document:
    OptionalParameterAdded optional_parameter: |d| set(d, &format!("{CREATE}/properties/nickname"), json!({"type": "string"}));
    OptionalParameterAdded nested_parameter: |d| set(d, &format!("{CREATE}/properties/filters/properties/depth"), json!({"type": "integer"}));
    RequiredParameterAdded required_parameter: |d| {
        set(d, &format!("{CREATE}/properties/nickname"), json!({"type": "string"}));
        push(d, &format!("{CREATE}/required"), json!("nickname"));
    };
    ParameterRemoved parameter_gone: |d| remove(d, &format!("{CREATE}/properties/return_url"));
    ParameterRemoved last_string_gone: |d| remove(d, &format!("{CREATE}/properties/filters/properties/country"));
    OptionalParameterAdded first_string: |d| {
        set(d, &format!("{CREATE}/properties/limits/properties/nickname"), json!({"type": "string"}));
    };
    ParameterRequirednessChanged parameter_required: |d| push(d, &format!("{CREATE}/required"), json!("filters"));
    ParameterRequirednessChanged parameter_optional: |d| without(d, &format!("{CREATE}/required"), "permissions");
    ParameterTypeChanged parameter_type: |d| set(d, &format!("{CREATE}/properties/return_url"), json!({"type": "integer"}));
    ParameterTypeChanged parameter_no_longer_clears: |d| {
        set(d, &format!("{CREATE}/properties/limits/properties/accounts"), json!({"type": "boolean"}));
    };
    FieldAdded field: |d| set(d, &format!("{SESSION}/properties/colour"), json!({"type": "string"}));
    FieldRemoved field_gone: |d| remove(d, &format!("{ACCOUNT}/properties/last4"));
    FieldTypeChanged field_type: |d| set(d, &format!("{ACCOUNT}/properties/last4"), json!({"type": "integer"}));
    FieldTypeChanged field_required: |d| push(d, &format!("{SESSION}/required"), json!("return_url"));
    FieldTypeChanged field_no_longer_null: |d| remove(d, &format!("{SESSION}/properties/client_secret/nullable"));
    FieldTypeChanged field_becomes_enum: |d| {
        set(d, &format!("{ACCOUNT}/properties/institution_name"), json!({"type": "string", "enum": ["a", "b"]}));
    };
    FieldTypeChanged field_becomes_time: |d| set(d, &format!("{ACCOUNT}/properties/last4/format"), json!("date-time"));
    FieldTypeChanged field_becomes_int64: |d| set(d, &format!("{ACCOUNT}/properties/last4/format"), json!("int64"));
    ParameterTypeChanged parameter_becomes_time: |d| set(d, &format!("{CREATE}/properties/return_url/format"), json!("date-time"));
    FieldTypeChanged field_becomes_expandable: |d| {
        set(d, &format!("{HOLDER}/properties/customer_account"), json!({
            "anyOf": [{"type": "string"}, {"$ref": "#/components/schemas/account"}], "x-expansionResources": {}
        }));
    };
    ValueAdded value: |d| push(d, &format!("{ACCOUNT}/properties/category/enum"), json!("crypto"));
    ValueAdded value_of_a_shared_enum: |d| {
        push(d, &format!("{ACCOUNT}/properties/permissions/items/enum"), json!("everything"));
        push(d, &format!("{SESSION}/properties/permissions/items/enum"), json!("everything"));
        push(d, &format!("{CREATE}/properties/permissions/items/enum"), json!("everything"));
    };
    ValueRemoved value_gone: |d| without(d, &format!("{ACCOUNT}/properties/category/enum"), "other");
    ItemAdded model: |d| {
        set(d, &format!("{SESSION}/properties/weather"), json!({"type": "object", "properties": {"sun": {"type": "boolean"}}}));
    };
    ItemRemoved model_gone: |d| remove(d, &format!("{SESSION}/properties/bank_account_token"));
    ObjectAdded object: |d| {
        set(d, &format!("{REFRESH}/properties/object"), json!({"type": "string", "enum": ["transaction_refresh"]}));
        push(d, &format!("{REFRESH}/required"), json!("object"));
    };
    ObjectChanged object_renamed: |d| {
        set(d, &format!("{ACCOUNT}/properties/object/enum"), json!(["financial_connections.bank_account"]));
    };
    PathChanged path: |d| {
        let item = d["paths"].as_object_mut().and_then(|paths| paths.remove("/v1/financial_connections/sessions/{session}"));
        d["paths"]["/v1/financial_connections/link_sessions/{session}"] = item.expect("it is there");
    };
    PathChanged form_to_json: |d| {
        let accounts = json!({"type": "integer", "nullable": true});
        set(d, &format!("{CREATE}/properties/limits/properties/accounts"), accounts);
        let item = d["paths"].as_object_mut().and_then(|paths| paths.remove("/v1/financial_connections/sessions"));
        let text = item.expect("it is there").to_string().replace("application/x-www-form-urlencoded", "application/json");
        d["paths"]["/v2/financial_connections/sessions"] = serde_json::from_str(&text).expect("it is JSON");
    };
    ArgumentRenamed argument: |d| {
        let item = d["paths"].as_object_mut().and_then(|paths| paths.remove("/v1/financial_connections/sessions/{session}"));
        let text = item.expect("it is there").to_string().replace("\"name\":\"session\"", "\"name\":\"id\"");
        d["paths"]["/v1/financial_connections/sessions/{id}"] = serde_json::from_str(&text).expect("it is JSON");
    };
    DeletableGained deletable: |d| {
        set(d, "/components/schemas/deleted_ownership", json!({"type": "object", "required": ["deleted", "id", "object"], "properties": {
            "deleted": {"type": "boolean", "enum": [true]}, "id": {"type": "string"},
            "object": {"type": "string", "enum": ["financial_connections.account_ownership"]},
        }}));
        push(d, &format!("{ACCOUNT}/properties/ownership/anyOf"), json!({"$ref": "#/components/schemas/deleted_ownership"}));
    };
    ExpandableSetChanged expandable_set: |d| push(d, &format!("{SESSION}/x-expandableFields"), json!("livemode"));
    // Its model has no `object`, and so no constant without these.
    ItemRemoved expandable_gone: |d| remove(d, &format!("{HOLDER}/x-expandableFields"));
    OutputChanged output: |d| {
        let account = json!({"$ref": "#/components/schemas/financial_connections.account"});
        set(d, &format!("{RETRIEVE}/responses/200/content/application~1json/schema"), account);
    };
    OutputChanged page_by_url: |d| {
        set(d, &format!("{RETRIEVE}/responses/200/content/application~1json/schema"), json!({
            "type": "object", "required": ["data", "next_page_url", "previous_page_url"], "properties": {
                "data": {"type": "array", "items": {"$ref": "#/components/schemas/financial_connections.session"}},
                "next_page_url": {"type": "string", "nullable": true},
                "previous_page_url": {"type": "string", "nullable": true},
            },
        }));
    };
    RequiredFieldAdded required_field: |d| {
        set(d, &format!("{SESSION}/properties/colour"), json!({"type": "string"}));
        push(d, &format!("{SESSION}/required"), json!("colour"));
    };
    IdRemoved id_gone: |d| {
        remove(d, &format!("{OWNER}/properties/id"));
        without(d, &format!("{OWNER}/required"), "id");
    };
    BoundaryReached boundary: |d| {
        set(d, "/components/schemas/charge", json!({"type": "object", "required": ["id", "object"], "properties": {
            "id": {"type": "string"}, "object": {"type": "string", "enum": ["charge"]},
        }, "x-resourceId": "charge"}));
        set(d, &format!("{SESSION}/properties/charge"), json!({
            "anyOf": [{"type": "string"}, {"$ref": "#/components/schemas/charge"}], "x-expansionResources": {}
        }));
    };
    AlternativeAdded alternative: |d| {
        push(d, "/components/schemas/subject/anyOf", json!({"$ref": "#/components/schemas/financial_connections.account"}));
    };
    AlternativeAdded parameter_alternative: |d| push(d, &format!("{CREATE}/properties/subject/anyOf"), json!({"type": "boolean"}));
    AlternativeTypeChanged alternative_type: |d| {
        set(d, &format!("{CREATE}/properties/subject/anyOf/1/items"), json!({"type": "integer"}));
    };
    UnionKindChanged union_kind: |d| {
        set(d, "/components/schemas/other_token", json!({"type": "object", "properties": {
            "object": {"type": "string", "enum": ["financial_connections.account_owner"]}, "weight": {"type": "integer"},
        }}));
        push(d, "/components/schemas/subject/anyOf", json!({"$ref": "#/components/schemas/other_token"}));
    };
    OpennessChanged openness: |d| set(d, &format!("{SESSION}/additionalProperties"), json!(true));
    BaseUrlChanged base_url: |d| set(d, "/servers/0/url", json!("https://eu.stripe.com/"));
    BaseUrlChanged server_of_an_operation: |d| set(d, &format!("{RETRIEVE}/servers"), json!([{"url": "https://files.stripe.com/"}]));
    SecurityAdded security: |d| push(d, "/security", json!({"anotherAuth": []}));
    SecurityRemoved security_gone: |d| remove(d, "/security/1");
    ItemRemoved version_that_cannot_be_sent: |d| set(d, "/info/version", json!("next"));
    WireNameChanged wire_name: |d| {
        let field = d.pointer(&format!("{SESSION}/properties/return_url")).expect("it is there").clone();
        remove(d, &format!("{SESSION}/properties/return_url"));
        set(d, &format!("{SESSION}/properties/{KEPT}"), field);
    };
    WireNameChanged wire_name_of_an_argument: |d| {
        let span = d.pointer_mut(&format!("{CREATE}/properties/span")).expect("it is there");
        *span = serde_json::from_str(&span.to_string().replace("\"from\"", &format!("{KEPT_ARGUMENT:?}"))).expect("it is JSON");
    };
    Deprecated field_deprecated: |d| set(d, &format!("{SESSION}/properties/return_url/deprecated"), json!(true));
    Deprecated model_deprecated: |d| set(d, &format!("{ACCOUNT}/deprecated"), json!(true));
    Deprecated union_deprecated: |d| set(d, "/components/schemas/subject/deprecated", json!(true));
    Deprecated enum_deprecated: |d| set(d, "/components/schemas/mood/deprecated", json!(true));
    Deprecated parameter_deprecated: |d| set(d, &format!("{CREATE}/properties/filters/properties/country/deprecated"), json!(true));
    Deprecated query_deprecated: |d| set(d, &format!("{RETRIEVE}/parameters/0/deprecated"), json!(true));
    Deprecated operation_deprecated: |d| set(d, &format!("{RETRIEVE}/deprecated"), json!(true));
    LimitChanged minimum: |d| {
        set(d, "/components/schemas/bank_connections_resource_link_account_session_limits/properties/accounts/minimum", json!(1));
    };
    LimitChanged maximum: |d| set(d, &format!("{CREATE}/properties/limits/properties/accounts/anyOf/0/maximum"), json!(50));
    LimitChanged max_items: |d| set(d, &format!("{CREATE}/properties/permissions/maxItems"), json!(4));
    LimitChanged format: |d| set(d, &format!("{SESSION}/properties/return_url/format"), json!("uri"));
    LimitChanged limit_of_elements: |d| set(d, &format!("{CREATE}/properties/expand/items/maxLength"), json!(100));
    LimitChanged limit: |d| set(d, &format!("{CREATE}/properties/return_url/maxLength"), json!(2000));
    LimitChanged pattern: |d| set(d, &format!("{ACCOUNT}/properties/last4/pattern"), json!("^[0-9]{4}$"));
    VersionChanged version: |d| set(d, "/info/version", json!("2027-01-01.fennel"));
    LimitChanged member_of_a_page: |d| {
        set(d, &format!("{SESSION}/properties/accounts/properties/total_count"), json!({"type": "integer"}));
    };
    DescriptionChanged words_of_a_page: |d| {
        set(d, &format!("{SESSION}/properties/accounts/properties/url/description"), json!("In other words."));
    };
    DescriptionChanged words_of_elements: |d| {
        set(d, &format!("{CREATE}/properties/expand/items/description"), json!("In other words."));
    };
    DescriptionChanged words: |d| set(d, &format!("{SESSION}/description"), json!("In other words."));
}

edits! { CONFIG_EDITS of Config:
    // Without a row, it would be secret by its name.
    SecrecyLost secrecy_lost: |c| {
        c.sensitive.retain(|row| row.place() != "financial_connections.account_owner/email");
        c.public.push(PlaceRow::Place("financial_connections.account_owner/email".to_owned()))
    };
    SecrecyGained secret_parameter: |c| c.sensitive.push(PlaceRow::Place("CreateSession/return_url".to_owned()));
    NameChanged field_name: |c| c.fields.push(named("financial_connections.account/last4"));
    NameChanged parameter_name: |c| c.fields.push(named("CreateSession/return_url"));
    ArgumentsReordered argument_behind_another: |c| c.fields.push(named("CreateSession/span/to"));
    ValueAdded event: |c| c.events.push(event("financial_connections.account.renamed"));
    ValueAdded thin_event: |c| c.events.push(event("v1.financial_connections.account.renamed"));
    ValueRemoved event_gone: |c| c.events.retain(|event| event.type_ != "financial_connections.account.created");
    NameChanged event_name: |c| c.events[0].name = Some("Another".to_owned());
    ItemRemoved thin_events_gone: |c| c.events.retain(|event| !Event::is_thin_type(&event.type_));
    FeaturesChanged features: |c| c.resources[0].feature = Some(FEATURE.to_owned());
}

/// The new name on the wire of `Session::return_url`, which keeps its name in Rust by a row.
pub(crate) const KEPT: &str = "return_to";

/// The new name on the wire of an argument of `new`, which keeps its name in Rust by a row, and so its position: behind `to` on the
/// wire, and before it in Rust.
pub(crate) const KEPT_ARGUMENT: &str = "when";

/// The feature of an edit. It is off, as in a program that enables the features that it enabled before.
pub(crate) const FEATURE: &str = "beta";

pub(crate) fn named(place: &str) -> FieldName {
    FieldName { place: place.to_owned(), name: "another".to_owned(), releases: Vec::new() }
}

fn event(type_: &str) -> Event {
    Event { type_: type_.to_owned(), name: None, description: "It was renamed.".to_owned() }
}
