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
    keys: &'static str,
    when: &'static [When],
    takes: Takes,
    fate: Fate,
    reason: &'static str,
) -> Row {
    Row { place, keys, when, takes, fate, reason, is_recorded: matches!(fate, Checked) }
}

/// A row of keys that are used.
const fn used(place: Place, keys: &'static str, when: &'static [When], takes: Takes) -> Row {
    row(place, keys, when, takes, Used, "")
}

/// The same, and a change of the key is in `diff` although the code can be the same.
const fn recorded(place: Place, keys: &'static str, when: &'static [When], takes: Takes) -> Row {
    Row { is_recorded: true, ..used(place, keys, when, takes) }
}

const fn checked(place: Place, keys: &'static str, when: &'static [When], takes: Takes, reason: &'static str) -> Row {
    row(place, keys, when, takes, Checked, reason)
}

const fn ignored(place: Place, keys: &'static str, when: &'static [When], reason: &'static str) -> Row {
    row(place, keys, when, Any, Ignored, reason)
}

const fn refused(place: Place, keys: &'static str, when: &'static [When], reason: &'static str) -> Row {
    row(place, keys, when, Any, Refused, reason)
}

/// A row of texts that describe what the code has. A change of one is in `diff`, wherever it stands.
const fn text(place: Place, keys: &'static str) -> Row {
    Row { is_recorded: true, ..row(place, keys, &[], Text, Documentation, "") }
}

/// A row of other keys for people.
const fn prose(place: Place, keys: &'static str, takes: Takes) -> Row {
    row(place, keys, &[], takes, Documentation, NOT_SAID)
}

const NOT_SAID: &str = "the code does not say it";
const NOT_IN_3_0: &str = "it is of OpenAPI 3.1, and the document is of 3.0";
const NO_SUCH_METHOD: &str = "no row can select an operation of this method, and `coverage` lists it as refused";
const FOR_STRIPE: &str = "it is for Stripe's own tools";
const PROPOSED: &str =
    "a row `[[event]]` is proposed for the thin event that it states, and the code follows from the row";
const DEFAULT: &str = "this is what holds without the key";
const BESIDE: &str = "the composition alone gives the type, and what is beside it would be dropped";
const OTHER_TYPE: &str = "the schema is of another type";
const NOT_EXPLODED: &str = "OpenAPI does not define a `deepObject` that is not exploded";
const PAST: &str = "only the id and the JSON of an object past the boundary are kept";

/// The extensions that Stripe has in schemas for itself.
const EXTENSIONS: &str = "x-stripeBypassValidation x-stripeError x-stripeMostCommon x-stripeNotPublic \
    x-stripeOperations x-stripeParam x-stripeResource";

/// The keys of schemas that OpenAPI 3.1 adds.
const KEYS_OF_3_1: &str = "$anchor $comment $defs $dynamicAnchor $dynamicRef $id $schema $vocabulary const contains \
    contentEncoding contentMediaType contentSchema dependentRequired dependentSchemas else examples if maxContains \
    minContains patternProperties prefixItems propertyNames then unevaluatedItems unevaluatedProperties";

use Place::{
    Boundary, Components, Document, Encoding, Expansion, Info, Operation, Parameter, PathItem, Paths, Reference,
    RequestBody, RequestContent, RequestMedia, ResponseContent, ResponseMedia, Responses, Schema, SecurityRequirement,
    SecurityScheme, Server,
};

/// All rows: those of a place stand together, in the order of the places.
pub const ROWS: &[Row] = &[
    row(
        Document,
        "openapi",
        &[],
        Text,
        Ignored,
        "each 3.0 is read alike, and the document is refused if it is of another",
    ),
    used(Document, "info", &[], One(Info)),
    used(Document, "servers", &[], Many(Server)),
    used(Document, "security", &[], Many(SecurityRequirement)),
    used(Document, "paths", &[], Elsewhere),
    used(Document, "components", &[], One(Components)),
    prose(Document, "tags externalDocs", Any),
    refused(Document, "webhooks jsonSchemaDialect", &[], NOT_IN_3_0),
    //
    used(Components, "schemas", &[], Elsewhere),
    used(Components, "securitySchemes", &[], Named(SecurityScheme)),
    ignored(
        Components,
        "responses parameters requestBodies headers examples links callbacks pathItems",
        &[],
        "a reference to one of them is refused where it stands",
    ),
    //
    used(Info, "version", &[], Text),
    prose(Info, "*", Any),
    //
    recorded(Server, "url", &[], Text),
    prose(Server, "description", Any),
    ignored(Server, "variables", &[Empty], DEFAULT),
    refused(Server, "variables", &[], "the base URL has to be known"),
    //
    recorded(SecurityRequirement, "*", &[], Texts),
    //
    prose(SecurityScheme, "description", Any),
    checked(SecurityScheme, "*", &[], Any, "the client sends the key as a bearer token"),
    //
    ignored(Paths, "*", &[Extension], "it is no path"),
    row(Paths, "*", &[], Elsewhere, Used, "if a row selects an operation of it"),
    //
    row(PathItem, "get post delete", &[], Elsewhere, Used, "if a row selects the operation"),
    row(PathItem, "put patch head options trace", &[], Elsewhere, Ignored, NO_SUCH_METHOD),
    used(PathItem, "parameters", &[], Many(Parameter)),
    prose(PathItem, "summary description", Any),
    ignored(PathItem, "servers", &[Empty], DEFAULT),
    refused(PathItem, "servers", &[], "only an operation can have a server of its own"),
    refused(PathItem, "$ref", &[], "path items are read where they stand"),
    //
    recorded(Operation, "operationId", &[], Text),
    used(Operation, "parameters", &[], Many(Parameter)),
    used(Operation, "requestBody", &[], One(RequestBody)),
    used(Operation, "responses", &[], One(Responses)),
    used(Operation, "deprecated", &[], Flag),
    row(Operation, "summary", &[Beside("description")], Text, Documentation, "the code has the description"),
    text(Operation, "summary description"),
    prose(Operation, "tags externalDocs", Any),
    ignored(Operation, "servers", &[Empty], DEFAULT),
    used(Operation, "servers", &[], Many(Server)),
    refused(Operation, "security", &[], "the client authenticates all requests in one way"),
    ignored(Operation, "callbacks", &[Empty], DEFAULT),
    refused(Operation, "callbacks", &[], "what Stripe calls is not generated"),
    ignored(Operation, "x-stripeOperation x-stripeDeprecated x-stripeBypassValidation", &[], FOR_STRIPE),
    //
    used(Parameter, "name", &[], Text),
    used(Parameter, "in", &[OneOf(&["path", "query"])], Text),
    refused(Parameter, "in", &[], "only parameters in the path and in the query are supported"),
    used(Parameter, "required", &[], Flag),
    used(Parameter, "schema", &[], One(Schema)),
    used(Parameter, "deprecated", &[], Flag),
    recorded(Parameter, "style", &[OneOf(&["simple"]), With("in", "path")], Text),
    refused(Parameter, "style", &[With("in", "path")], "a parameter of the path is a string, as `simple`"),
    recorded(Parameter, "style", &[OneOf(&["form", "deepObject"])], Text),
    refused(Parameter, "style", &[], "parameters are sent as Stripe's forms only"),
    refused(Parameter, "explode", &[Is(false), With("style", "deepObject")], NOT_EXPLODED),
    recorded(Parameter, "explode", &[], Flag),
    text(Parameter, "description"),
    prose(Parameter, "example examples", Any),
    ignored(Parameter, "allowEmptyValue allowReserved", &[Is(false)], DEFAULT),
    refused(Parameter, "allowEmptyValue", &[], "a parameter without a value is not sent"),
    refused(Parameter, "allowReserved", &[], "reserved characters are escaped"),
    refused(Parameter, "content", &[], "a parameter has a `schema`, and is no media type"),
    refused(Parameter, "$ref", &[], "parameters are read where they stand"),
    ignored(Parameter, "x-stripeParam x-stripeBypassValidation", &[], FOR_STRIPE),
    //
    used(RequestBody, "content", &[], One(RequestContent)),
    checked(RequestBody, "required", &[], Flag, "the parameters that are required make it so"),
    text(RequestBody, "description"),
    refused(RequestBody, "$ref", &[], "bodies are read where they stand"),
    //
    used(RequestContent, "*", &[], One(RequestMedia)),
    //
    used(RequestMedia, "schema", &[], One(Schema)),
    used(RequestMedia, "encoding", &[], Named(Encoding)),
    prose(RequestMedia, "example examples", Any),
    //
    recorded(Encoding, "style", &[OneOf(&["form", "deepObject"])], Text),
    refused(Encoding, "style", &[], "parameters are sent as Stripe's forms only"),
    refused(Encoding, "explode", &[Is(false), With("style", "deepObject")], NOT_EXPLODED),
    recorded(Encoding, "explode", &[], Flag),
    ignored(Encoding, "allowReserved", &[Is(false)], DEFAULT),
    refused(Encoding, "allowReserved", &[], "reserved characters are escaped"),
    refused(Encoding, "contentType headers", &[], "a part of a form has no type of its own"),
    //
    used(Responses, "200 default", &[], One(Place::Response)),
    refused(
        Responses,
        "*",
        &[],
        "a response is decoded as that of `200` if it succeeds and as that of `default` otherwise",
    ),
    //
    used(Place::Response, "content", &[], One(ResponseContent)),
    prose(Place::Response, "description", Text),
    prose(Place::Response, "links", Any),
    ignored(Place::Response, "headers", &[], "a client knows the headers of all responses by itself"),
    refused(Place::Response, "$ref", &[], "responses are read where they stand"),
    //
    used(ResponseContent, "*", &[], One(ResponseMedia)),
    //
    used(ResponseMedia, "schema", &[], One(Schema)),
    ignored(ResponseMedia, "encoding", &[], "it is for the bodies of requests"),
    prose(ResponseMedia, "example examples", Any),
    //
    refused(
        Schema,
        "type enum items properties required additionalProperties format",
        &[Of(&[Unknown])],
        "OpenAPI 3.0 does not have the type",
    ),
    refused(Schema, "type enum items properties required additionalProperties", &[Of(&[Composition])], BESIDE),
    used(Schema, "type", &[], Text),
    ignored(Schema, "nullable", &[Is(false)], DEFAULT),
    Row {
        reason: "a form has no `null`: a parameter of one is left out instead",
        ..recorded(Schema, "nullable", &[], Flag)
    },
    used(Schema, "anyOf", &[], Many(Schema)),
    refused(Schema, "oneOf", &[Beside("anyOf")], BESIDE),
    used(Schema, "oneOf", &[], Many(Schema)),
    refused(Schema, "allOf", &[Beside("anyOf")], BESIDE),
    refused(Schema, "allOf", &[Beside("oneOf")], BESIDE),
    used(Schema, "allOf", &[], Many(Schema)),
    refused(Schema, "not", &[], "what a value is not does not give it a type"),
    refused(Schema, "properties", &[NotOf(&[Object])], OTHER_TYPE),
    used(Schema, "properties", &[], Named(Schema)),
    ignored(Schema, "required", &[NotOf(&[Object]), Empty], DEFAULT),
    refused(Schema, "required", &[NotOf(&[Object])], OTHER_TYPE),
    used(Schema, "required", &[], Texts),
    refused(Schema, "additionalProperties", &[NotOf(&[Object])], OTHER_TYPE),
    checked(
        Schema,
        "additionalProperties",
        &[Is(false)],
        Flag,
        "only properties that are listed are sent, and others are ignored in a response",
    ),
    refused(Schema, "additionalProperties", &[Is(true), On(Request)], "a parameter with any properties cannot be set"),
    recorded(Schema, "additionalProperties", &[Is(true)], Flag),
    refused(Schema, "additionalProperties", &[Beside("properties")], "an object with properties does not keep others"),
    used(Schema, "additionalProperties", &[], FlagOr(Schema)),
    refused(Schema, "items", &[NotOf(&[Array])], OTHER_TYPE),
    used(Schema, "items", &[], One(Schema)),
    refused(Schema, "enum", &[Empty], "no value would be valid"),
    used(Schema, "enum", &[Of(&[String])], Values),
    recorded(Schema, "enum", &[Of(&[Boolean])], Values),
    refused(Schema, "enum", &[Of(&[Integer, Number])], "the values of an enum are strings"),
    refused(Schema, "enum", &[Of(&[Untyped])], "a value of the enum is not a string"),
    refused(Schema, "enum", &[], "the values of an enum are strings"),
    checked(
        Schema,
        "format",
        &[],
        Text,
        "but for `unix-time` of an integer and `date-time` and `int64` of a string, which are types",
    ),
    checked(Schema, "maxLength minLength maxItems minItems maxProperties minProperties", &[], Count, ""),
    checked(Schema, "pattern", &[], Text, ""),
    checked(Schema, "minimum maximum multipleOf", &[Of(&[Integer])], Whole, ""),
    checked(Schema, "minimum maximum multipleOf", &[], Numeral, ""),
    ignored(Schema, "exclusiveMinimum exclusiveMaximum uniqueItems", &[Is(false)], DEFAULT),
    checked(Schema, "exclusiveMinimum exclusiveMaximum uniqueItems", &[], Flag, ""),
    checked(Schema, "default", &[], Any, "Stripe applies it"),
    refused(Schema, "readOnly", &[Is(true), On(Request)], "Stripe does not take it in a request"),
    row(Schema, "readOnly", &[], Flag, Ignored, "a response is not sent back"),
    refused(Schema, "writeOnly", &[Is(true), On(Response)], "Stripe does not send it in a response"),
    row(Schema, "writeOnly", &[], Flag, Ignored, "a request is not read back"),
    Row {
        reason: "the documentation of a component, a field and a parameter states it",
        ..recorded(Schema, "deprecated", &[], Flag)
    },
    text(Schema, "description"),
    Row {
        reason: "it names the objects that a parameter can be one of",
        ..recorded(Schema, "title", &[On(Request), Of(&[Object])], Text)
    },
    prose(Schema, "title", Text),
    row(
        Schema,
        "x-enumDescriptions",
        &[],
        Any,
        Documentation,
        "the variants of the enum have them, if it is one in Rust",
    ),
    prose(Schema, "example externalDocs xml", Any),
    refused(Schema, "discriminator", &[], "the objects of a union are told apart by `object`, or not at all"),
    recorded(Schema, "x-resourceId", &[Component], Text),
    recorded(Schema, "x-resourceId", &[Of(&[Object])], Text),
    refused(Schema, "x-resourceId", &[], "only a component or an object can be a resource"),
    recorded(Schema, "x-expandableFields", &[Of(&[Object])], Texts),
    row(Schema, "x-expandableFields", &[Empty], Texts, Ignored, "nothing can be expanded"),
    refused(Schema, "x-expandableFields", &[], "only an object has fields that can be expanded"),
    recorded(Schema, "x-expansionResources", &[Of(&[Composition])], One(Expansion)),
    refused(Schema, "x-expansionResources", &[], "only a composition can be expanded"),
    ignored(Schema, EXTENSIONS, &[], FOR_STRIPE),
    ignored(Schema, "x-stripeEvent", &[], PROPOSED),
    refused(Schema, KEYS_OF_3_1, &[], NOT_IN_3_0),
    //
    used(Expansion, "oneOf", &[], Many(Schema)),
    //
    used(Reference, "$ref", &[], Target),
    prose(Reference, "description summary title example externalDocs", Any),
    refused(
        Reference,
        "*",
        &[],
        "OpenAPI 3.0 ignores what is beside a `$ref`, and it can change what the reference means",
    ),
    //
    ignored(Boundary, "nullable", &[Is(false)], DEFAULT),
    recorded(Boundary, "nullable", &[], Flag),
    recorded(Boundary, "x-resourceId", &[], Any),
    row(Boundary, "properties", &[], Named(Schema), Used, "for the value of `object`"),
    row(Boundary, "title description", &[], Text, Documentation, PAST),
    ignored(Boundary, "*", &[], PAST),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::ROWS;

    #[test]
    fn no_key_has_a_row_that_never_applies() {
        let mut always = BTreeSet::new();
        for row in ROWS {
            for key in row.keys() {
                let place = row.place.as_str();
                assert!(!always.contains(&(place, key)), "{key} of a {place}: a row above applies in any case");
                if row.when.is_empty() {
                    always.insert((place, key));
                }
            }
        }
        assert!(ROWS.is_sorted_by_key(|row| row.place), "the rows of a place stand together");
    }
}
