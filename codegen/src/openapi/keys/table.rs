//! The rows. Data only: what a row means, `keys` says.

use super::Fate::{Checked, Documentation, Ignored, Refused, Used};
use super::Kind::{Array, Boolean, Composition, Integer, Number, Object, String, Unknown, Untyped};
use super::Side::{Request, Response};
use super::Takes::{
    Any, Count, Elsewhere, Flag, FlagOr, Many, Named, Number as Numeral, One, Target, Text, Texts, Values, Whole,
};
use super::When::{Beside, Component, Empty, Extension, Is, NotOf, Of, On, OneOf, With};
use super::{Fate, Place, Row, Takes, When};

/// Keys for people, which no program reads. A place under `spec/` has those of this project, not those of Stripe.
pub(super) const PROSE: &[&str] = &["description", "summary", "x-enumDescriptions"];

/// A row with a reason.
const fn row(
    place: Place,
    keys: &'static [&'static str],
    when: &'static [When],
    takes: Takes,
    fate: Fate,
    reason: &'static str,
) -> Row {
    Row { place, keys, when, takes, fate, reason, is_recorded: matches!(fate, Checked) }
}

/// A row of keys that are used.
const fn used(place: Place, keys: &'static [&'static str], when: &'static [When], takes: Takes) -> Row {
    row(place, keys, when, takes, Used, "")
}

/// The same, and a change of the key is in `diff` although the code can be the same.
const fn recorded(place: Place, keys: &'static [&'static str], when: &'static [When], takes: Takes) -> Row {
    Row { is_recorded: true, ..row(place, keys, when, takes, Used, "") }
}

/// A row of keys for people.
const fn prose(place: Place, keys: &'static [&'static str]) -> Row {
    row(place, keys, &[], Any, Documentation, "")
}

const NOT_IN_3_0: &str = "it is of OpenAPI 3.1, and the document is of 3.0";
const NO_SUCH_METHOD: &str = "no row can select an operation of this method, and `coverage` lists it as refused";
const FOR_STRIPE: &str = "it is for Stripe's own tools";
const DEFAULT: &str = "this is what holds without the key";
const BESIDE: &str = "the composition alone gives the type, and what is beside it would be dropped";
const OTHER_TYPE: &str = "the schema is of another type";
const NOT_EXPLODED: &str = "OpenAPI does not define a `deepObject` that is not exploded";
const PAST: &str = "only the id and the JSON of an object past the boundary are kept";

use Place::{
    Boundary, Components, Document, Encoding, Expansion, Info, Operation, Parameter, PathItem, Paths, Reference,
    RequestBody, RequestContent, RequestMedia, ResponseContent, ResponseMedia, Responses, Schema, SecurityRequirement,
    SecurityScheme, Server,
};

/// All rows: those of a place stand together, in the order of the places.
pub const ROWS: &[Row] = &[
    row(
        Document,
        &["openapi"],
        &[],
        Text,
        Ignored,
        "each 3.0 is read alike, and the document is refused if it is of another",
    ),
    used(Document, &["info"], &[], One(Info)),
    used(Document, &["servers"], &[], Many(Server)),
    used(Document, &["security"], &[], Many(SecurityRequirement)),
    used(Document, &["paths"], &[], Elsewhere),
    used(Document, &["components"], &[], One(Components)),
    row(Document, &["tags", "externalDocs"], &[], Any, Documentation, "not kept"),
    row(Document, &["webhooks", "jsonSchemaDialect"], &[], Any, Refused, NOT_IN_3_0),
    //
    used(Components, &["schemas"], &[], Elsewhere),
    used(Components, &["securitySchemes"], &[], Named(SecurityScheme)),
    row(
        Components,
        &["responses", "parameters", "requestBodies", "headers", "examples", "links", "callbacks", "pathItems"],
        &[],
        Any,
        Ignored,
        "a reference to one of them is refused where it stands",
    ),
    //
    used(Info, &["version"], &[], Text),
    row(Info, &["*"], &[], Any, Documentation, "the code does not say it"),
    //
    recorded(Server, &["url"], &[], Text),
    prose(Server, &["description"]),
    row(Server, &["variables"], &[Empty], Any, Ignored, DEFAULT),
    row(Server, &["variables"], &[], Any, Refused, "the base URL has to be known"),
    //
    Row { keys: &["*"], ..recorded(SecurityRequirement, &[], &[], Texts) },
    //
    prose(SecurityScheme, &["description"]),
    row(SecurityScheme, &["*"], &[], Any, Checked, "the client sends the key as a bearer token"),
    //
    row(Paths, &["*"], &[Extension], Any, Ignored, "it is no path"),
    row(Paths, &["*"], &[], Elsewhere, Used, "if a row selects an operation of it"),
    //
    row(PathItem, &["get", "post", "delete"], &[], Elsewhere, Used, "if a row selects the operation"),
    row(PathItem, &["put", "patch", "head", "options", "trace"], &[], Elsewhere, Ignored, NO_SUCH_METHOD),
    used(PathItem, &["parameters"], &[], Many(Parameter)),
    prose(PathItem, &["summary", "description"]),
    row(PathItem, &["servers"], &[Empty], Any, Ignored, DEFAULT),
    row(PathItem, &["servers"], &[], Any, Refused, "only an operation can have a server of its own"),
    row(PathItem, &["$ref"], &[], Any, Refused, "path items are read where they stand"),
    //
    recorded(Operation, &["operationId"], &[], Text),
    used(Operation, &["parameters"], &[], Many(Parameter)),
    used(Operation, &["requestBody"], &[], One(RequestBody)),
    used(Operation, &["responses"], &[], One(Responses)),
    used(Operation, &["deprecated"], &[], Flag),
    prose(Operation, &["summary", "description", "tags", "externalDocs"]),
    row(Operation, &["servers"], &[Empty], Any, Ignored, DEFAULT),
    used(Operation, &["servers"], &[], Many(Server)),
    row(Operation, &["security"], &[], Any, Refused, "the client authenticates all requests in one way"),
    row(Operation, &["callbacks"], &[Empty], Any, Ignored, DEFAULT),
    row(Operation, &["callbacks"], &[], Any, Refused, "what Stripe calls is not generated"),
    row(
        Operation,
        &["x-stripeOperation", "x-stripeDeprecated", "x-stripeBypassValidation"],
        &[],
        Any,
        Ignored,
        FOR_STRIPE,
    ),
    //
    used(Parameter, &["name"], &[], Text),
    used(Parameter, &["in"], &[OneOf(&["path", "query"])], Text),
    row(Parameter, &["in"], &[], Any, Refused, "only parameters in the path and in the query are supported"),
    used(Parameter, &["required"], &[], Flag),
    used(Parameter, &["schema"], &[], One(Schema)),
    used(Parameter, &["deprecated"], &[], Flag),
    recorded(Parameter, &["style"], &[OneOf(&["simple"]), With("in", "path")], Text),
    row(Parameter, &["style"], &[With("in", "path")], Any, Refused, "a parameter of the path is a string, as `simple`"),
    recorded(Parameter, &["style"], &[OneOf(&["form", "deepObject"])], Text),
    row(Parameter, &["style"], &[], Any, Refused, "parameters are sent as Stripe's forms only"),
    row(Parameter, &["explode"], &[Is(false), With("style", "deepObject")], Flag, Refused, NOT_EXPLODED),
    recorded(Parameter, &["explode"], &[], Flag),
    prose(Parameter, &["description", "example", "examples"]),
    row(Parameter, &["allowEmptyValue", "allowReserved"], &[Is(false)], Any, Ignored, DEFAULT),
    row(Parameter, &["allowEmptyValue"], &[], Any, Refused, "a parameter without a value is not sent"),
    row(Parameter, &["allowReserved"], &[], Any, Refused, "reserved characters are escaped"),
    row(Parameter, &["content"], &[], Any, Refused, "a parameter has a `schema`, and is no media type"),
    row(Parameter, &["$ref"], &[], Any, Refused, "parameters are read where they stand"),
    row(Parameter, &["x-stripeParam", "x-stripeBypassValidation"], &[], Any, Ignored, FOR_STRIPE),
    //
    used(RequestBody, &["content"], &[], One(RequestContent)),
    row(RequestBody, &["required"], &[], Flag, Checked, "the parameters that are required make it so"),
    prose(RequestBody, &["description"]),
    row(RequestBody, &["$ref"], &[], Any, Refused, "bodies are read where they stand"),
    //
    used(RequestContent, &["*"], &[], One(RequestMedia)),
    //
    used(RequestMedia, &["schema"], &[], One(Schema)),
    used(RequestMedia, &["encoding"], &[], Named(Encoding)),
    prose(RequestMedia, &["example", "examples"]),
    //
    recorded(Encoding, &["style"], &[OneOf(&["form", "deepObject"])], Text),
    row(Encoding, &["style"], &[], Any, Refused, "parameters are sent as Stripe's forms only"),
    row(Encoding, &["explode"], &[Is(false), With("style", "deepObject")], Flag, Refused, NOT_EXPLODED),
    recorded(Encoding, &["explode"], &[], Flag),
    row(Encoding, &["allowReserved"], &[Is(false)], Any, Ignored, DEFAULT),
    row(Encoding, &["allowReserved"], &[], Any, Refused, "reserved characters are escaped"),
    row(Encoding, &["contentType", "headers"], &[], Any, Refused, "a part of a form has no type of its own"),
    //
    used(Responses, &["200", "default"], &[], One(Place::Response)),
    row(
        Responses,
        &["*"],
        &[],
        Any,
        Refused,
        "a response is decoded as that of `200` if it succeeds and as that of `default` otherwise",
    ),
    //
    used(Place::Response, &["content"], &[], One(ResponseContent)),
    prose(Place::Response, &["description", "links"]),
    row(Place::Response, &["headers"], &[], Any, Ignored, "a client knows the headers of all responses by itself"),
    row(Place::Response, &["$ref"], &[], Any, Refused, "responses are read where they stand"),
    //
    used(ResponseContent, &["*"], &[], One(ResponseMedia)),
    //
    used(ResponseMedia, &["schema"], &[], One(Schema)),
    row(ResponseMedia, &["encoding"], &[], Any, Ignored, "it is for the bodies of requests"),
    prose(ResponseMedia, &["example", "examples"]),
    //
    row(
        Schema,
        &["type", "enum", "items", "properties", "required", "additionalProperties", "format"],
        &[Of(&[Unknown])],
        Any,
        Refused,
        "OpenAPI 3.0 does not have the type",
    ),
    row(
        Schema,
        &["type", "enum", "items", "properties", "required", "additionalProperties"],
        &[Of(&[Composition])],
        Any,
        Refused,
        BESIDE,
    ),
    used(Schema, &["type"], &[], Text),
    row(Schema, &["nullable"], &[Is(false)], Flag, Ignored, DEFAULT),
    Row {
        reason: "a form has no `null`: a parameter is left out instead",
        ..recorded(Schema, &["nullable"], &[], Flag)
    },
    used(Schema, &["anyOf"], &[], Many(Schema)),
    row(Schema, &["oneOf"], &[Beside("anyOf")], Any, Refused, BESIDE),
    used(Schema, &["oneOf"], &[], Many(Schema)),
    row(Schema, &["allOf"], &[Beside("anyOf")], Any, Refused, BESIDE),
    row(Schema, &["allOf"], &[Beside("oneOf")], Any, Refused, BESIDE),
    used(Schema, &["allOf"], &[], Many(Schema)),
    row(Schema, &["not"], &[], Any, Refused, "what a value is not does not give it a type"),
    row(Schema, &["properties"], &[NotOf(&[Object])], Any, Refused, OTHER_TYPE),
    used(Schema, &["properties"], &[], Named(Schema)),
    row(Schema, &["required"], &[NotOf(&[Object]), Empty], Any, Ignored, DEFAULT),
    row(Schema, &["required"], &[NotOf(&[Object])], Any, Refused, OTHER_TYPE),
    used(Schema, &["required"], &[], Texts),
    row(Schema, &["additionalProperties"], &[NotOf(&[Object])], Any, Refused, OTHER_TYPE),
    row(
        Schema,
        &["additionalProperties"],
        &[Is(false)],
        Flag,
        Checked,
        "only properties that are listed are sent, and others are ignored in a response",
    ),
    row(
        Schema,
        &["additionalProperties"],
        &[Is(true), On(Request)],
        Flag,
        Refused,
        "a parameter with any properties cannot be set",
    ),
    recorded(Schema, &["additionalProperties"], &[Is(true)], Flag),
    row(
        Schema,
        &["additionalProperties"],
        &[Beside("properties")],
        Any,
        Refused,
        "an object with properties does not keep others",
    ),
    used(Schema, &["additionalProperties"], &[], FlagOr(Schema)),
    row(Schema, &["items"], &[NotOf(&[Array])], Any, Refused, OTHER_TYPE),
    used(Schema, &["items"], &[], One(Schema)),
    row(Schema, &["enum"], &[Empty], Any, Refused, "no value would be valid"),
    used(Schema, &["enum"], &[Of(&[String])], Values),
    recorded(Schema, &["enum"], &[Of(&[Boolean])], Values),
    row(Schema, &["enum"], &[Of(&[Integer, Number])], Any, Refused, "the values of an enum are strings"),
    row(Schema, &["enum"], &[Of(&[Untyped])], Any, Refused, "a value of the enum is not a string"),
    row(Schema, &["enum"], &[], Any, Refused, "the values of an enum are strings"),
    row(
        Schema,
        &["format"],
        &[],
        Text,
        Checked,
        "but for `unix-time` of an integer and `date-time` and `int64` of a string, which are types",
    ),
    row(
        Schema,
        &["maxLength", "minLength", "maxItems", "minItems", "maxProperties", "minProperties"],
        &[],
        Count,
        Checked,
        "",
    ),
    row(Schema, &["pattern"], &[], Text, Checked, ""),
    row(Schema, &["minimum", "maximum", "multipleOf"], &[Of(&[Integer])], Whole, Checked, ""),
    row(Schema, &["minimum", "maximum", "multipleOf"], &[], Numeral, Checked, ""),
    row(Schema, &["exclusiveMinimum", "exclusiveMaximum", "uniqueItems"], &[Is(false)], Flag, Ignored, DEFAULT),
    row(Schema, &["exclusiveMinimum", "exclusiveMaximum", "uniqueItems"], &[], Flag, Checked, ""),
    row(Schema, &["default"], &[], Any, Checked, "Stripe applies it"),
    row(Schema, &["readOnly"], &[Is(true), On(Request)], Flag, Refused, "Stripe does not take it in a request"),
    row(Schema, &["readOnly"], &[], Flag, Ignored, "a response is not sent back"),
    row(Schema, &["writeOnly"], &[Is(true), On(Response)], Flag, Refused, "Stripe does not send it in a response"),
    row(Schema, &["writeOnly"], &[], Flag, Ignored, "a request is not read back"),
    recorded(Schema, &["deprecated"], &[], Flag),
    row(Schema, &["description"], &[], Text, Documentation, ""),
    Row {
        reason: "it names the objects that a parameter can be one of",
        ..recorded(Schema, &["title"], &[On(Request), Of(&[Object])], Text)
    },
    row(Schema, &["title"], &[], Text, Documentation, ""),
    prose(Schema, &["example", "externalDocs", "xml", "x-enumDescriptions"]),
    row(
        Schema,
        &["discriminator"],
        &[],
        Any,
        Refused,
        "the objects of a union are told apart by `object`, or not at all",
    ),
    recorded(Schema, &["x-resourceId"], &[Component], Text),
    recorded(Schema, &["x-resourceId"], &[Of(&[Object])], Text),
    row(Schema, &["x-resourceId"], &[], Any, Refused, "only a component or an object can be a resource"),
    recorded(Schema, &["x-expandableFields"], &[Of(&[Object])], Texts),
    row(Schema, &["x-expandableFields"], &[Empty], Texts, Ignored, "nothing can be expanded"),
    row(Schema, &["x-expandableFields"], &[], Any, Refused, "only an object has fields that can be expanded"),
    recorded(Schema, &["x-expansionResources"], &[Of(&[Composition])], One(Expansion)),
    row(Schema, &["x-expansionResources"], &[], Any, Refused, "only a composition can be expanded"),
    row(
        Schema,
        &[
            "x-stripeBypassValidation",
            "x-stripeError",
            "x-stripeEvent",
            "x-stripeMostCommon",
            "x-stripeNotPublic",
            "x-stripeOperations",
            "x-stripeParam",
            "x-stripeResource",
        ],
        &[],
        Any,
        Ignored,
        FOR_STRIPE,
    ),
    row(
        Schema,
        &[
            "$anchor",
            "$comment",
            "$defs",
            "$dynamicAnchor",
            "$dynamicRef",
            "$id",
            "$schema",
            "$vocabulary",
            "const",
            "contains",
            "contentEncoding",
            "contentMediaType",
            "contentSchema",
            "dependentRequired",
            "dependentSchemas",
            "else",
            "examples",
            "if",
            "maxContains",
            "minContains",
            "patternProperties",
            "prefixItems",
            "propertyNames",
            "then",
            "unevaluatedItems",
            "unevaluatedProperties",
        ],
        &[],
        Any,
        Refused,
        NOT_IN_3_0,
    ),
    //
    used(Expansion, &["oneOf"], &[], Many(Schema)),
    //
    used(Reference, &["$ref"], &[], Target),
    prose(Reference, &["description", "summary", "title", "example", "externalDocs"]),
    row(
        Reference,
        &["*"],
        &[],
        Any,
        Refused,
        "OpenAPI 3.0 ignores what is beside a `$ref`, and it can change what the reference means",
    ),
    //
    row(Boundary, &["nullable"], &[Is(false)], Flag, Ignored, DEFAULT),
    recorded(Boundary, &["nullable"], &[], Flag),
    recorded(Boundary, &["x-resourceId"], &[], Any),
    row(Boundary, &["properties"], &[], Any, Used, "for the value of `object`"),
    prose(Boundary, &["title", "description"]),
    row(Boundary, &["*"], &[], Any, Ignored, PAST),
];
