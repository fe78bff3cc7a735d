//! Every rule by which something of a document gets its Rust name. Pure, and the only place that makes identifiers.

mod operation;
mod words;

pub(crate) use self::operation::{OperationFacts, operation_name, path_segments, path_words, resource_path};
pub(crate) use self::words::{plural, singular};

use heck::{ToSnakeCase, ToUpperCamelCase};

/// Names of the standard library and of the runtime as generated modules use them. No type of a document may have one.
const STANDARD: &[&str] = &[
    "BTreeMap",
    "Box",
    "Encoder",
    "Given",
    "Into",
    "IntoIterator",
    "None",
    "Ok",
    "Option",
    "Result",
    "Self",
    "Some",
    "String",
    "Vec",
];

/// The public types and traits at the root of the generated crate that are not generated: a re-export would hide a generated
/// type of the same name, without a warning. `tests/tests/names.rs` compares the list with the crate.
pub const AT_ROOT: &[&str] = &[
    "API_VERSION",
    "Amounts",
    "ApiError",
    "ApiErrorType",
    "CannedTransport",
    "Clearable",
    "Client",
    "ClientBuilder",
    "DateTime",
    "DecodeError",
    "DecodeErrorKind",
    "Deleted",
    "Endpoint",
    "Error",
    "ErrorClass",
    "ErrorKind",
    "ErrorResponse",
    "Expandable",
    "Fault",
    "Int64String",
    "IntoOption",
    "InvalidInput",
    "Items",
    "KeySource",
    "List",
    "ListV2",
    "Method",
    "Nullable",
    "Object",
    "Opaque",
    "Operation",
    "Options",
    "Page",
    "Pages",
    "ParamValue",
    "Range",
    "RangeOr",
    "RawResponse",
    "Request",
    "ReqwestTransport",
    "Response",
    "SearchResult",
    "Secret",
    "StripeError",
    "ThreadTimer",
    "Timer",
    "Timestamp",
    "TimestampRangeError",
    "TokioTimer",
    "Transport",
    "TransportError",
    "TransportErrorKind",
    "TransportLimits",
    "UnexpectedResponse",
    "UreqTransport",
];

/// The other public names at the root of a generated crate, and the modules beside those of the releases: one of these would be hidden
/// by it, or be there twice. `tests/tests/names.rs` compares the list with the crate.
pub const MODULES_AT_ROOT: &[&str] =
    &["blocking", "decode", "events", "generated", "releases", "stripe_runtime", "webhook"];

/// The variant of an object of an event that is of no selected resource. The others are called as their models.
const OTHER_OBJECT: &str = "Other";

pub(crate) fn is_reserved(type_name: &str) -> bool {
    STANDARD.contains(&type_name) || AT_ROOT.contains(&type_name) || is_variant_for_others(type_name)
}

/// Whether a variant has the name that is not called after a model, beside others that are.
fn is_variant_for_others(name: &str) -> bool {
    name == OTHER_OBJECT || name == UNKNOWN_VARIANT
}

/// The variant of an enum for a value that is not listed, and of a union for an object that is none of the alternatives.
pub(crate) const UNKNOWN_VARIANT: &str = "Unknown";

/// The methods of generated builders, which no parameter may be called: those of their own, and those of the traits that they derive.
pub(crate) const RESERVED_METHODS: &[&str] = &["new", "decode", "request", "clone", "default", "eq", "ne"];

/// The type name of a component key or of a name from the configuration: `bank_account` is `BankAccount`.
pub fn type_name(key: &str) -> Option<String> {
    identifier(leading_letter(key.to_upper_camel_case(), 'V'))
}

/// The type name of a component schema: that of its key, but for `Other` and `Unknown`, which get an `Object` behind.
pub(crate) fn component_name(key: &str) -> Option<String> {
    type_name(key).map(|name| if is_variant_for_others(&name) { format!("{name}Object") } else { name })
}

/// Every method that is called after the type of a component schema. Two types may differ in nothing but the case of letters, as `AB`
/// and `Ab` do, and their methods not at all: `lower` compares all of these.
pub(crate) fn methods(type_name: &str) -> [String; 3] {
    [reading_method(type_name), id_method(type_name), retrieving_method(type_name)]
}

/// The method of a union that reads an object as an alternative.
pub(crate) fn reading_method(alternative: &str) -> String {
    format!("to_{}", module_name(alternative))
}

/// The method of a thin event that returns the id of its object.
pub(crate) fn id_method(model: &str) -> String {
    module_name(&format!("{model}Id"))
}

/// The method of a thin event that returns the request for its object.
pub(crate) fn retrieving_method(model: &str) -> String {
    module_name(&format!("Retrieve{model}"))
}

/// The type name of an inline schema: its owner's, then the field's, in the singular for an item.
pub(crate) fn inline_type_name(owner: &str, field: &str, is_item: bool) -> Option<String> {
    let field = if is_item { singular(field) } else { field.to_owned() };
    let field = field.to_upper_camel_case();
    if field.is_empty() { None } else { identifier(format!("{owner}{field}")) }
}

/// The name of a module: that of the type in it, in snake case.
pub fn module_name(type_name: &str) -> String {
    let name = type_name.to_snake_case();
    if is_word(&name) { name } else { format!("{name}_") }
}

/// The name of a cargo feature as a part of a module's name.
pub(crate) fn feature_word(feature: &str) -> String {
    feature.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}

/// The name of a field: Stripe's own, with a trailing `_` if that is a keyword of Rust.
pub(crate) fn field_name(wire: &str) -> Option<String> {
    let name = leading_letter(wire.to_snake_case(), '_');
    if name.len() > 1 && name.chars().all(|c| c == '_' || c.is_ascii_digit()) {
        // An underscore and digits alone are an identifier that clippy warns of.
        return identifier(format!("n{}", &name[1..]));
    }
    // The underscore makes an identifier of a keyword, and of nothing else.
    identifier(if is_word(&name) { name } else { format!("{name}_") })
}

/// The name of the variant of a value.
///
/// Each value is looked at alone: a value that is added later cannot rename another one. A digit in front gets a
/// `V`; `""` is `Empty`; symbols are spelled out, since values may differ in nothing else (`Etc/GMT+1`, `Etc/GMT-1`);
/// `Self` and `Unknown`, which an enum cannot have twice or at all, get a `Value` behind.
pub(crate) fn variant_name(value: &str) -> Option<String> {
    if value.is_empty() {
        return Some("Empty".to_owned());
    }
    let name = leading_letter(spell_symbols(value).to_upper_camel_case(), 'V');
    identifier(if name == "Self" || name == UNKNOWN_VARIANT { format!("{name}Value") } else { name })
}

/// The value with its symbols as words. `-`, `_`, `.`, `/`, `:` and blanks only separate words, except for a `-` between a
/// letter and a digit, which is a minus sign.
fn spell_symbols(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut before = ' ';
    let mut rest = value.chars().peekable();
    while let Some(c) = rest.next() {
        let word = match c {
            '-' if before.is_ascii_alphabetic() && rest.peek().is_some_and(char::is_ascii_digit) => "minus",
            '+' => "plus",
            '*' => "star",
            '<' => "less",
            '>' => "greater",
            '=' => "equal",
            '!' => "not",
            '%' => "percent",
            '&' => "and",
            '#' => "hash",
            '@' => "at",
            '$' => "dollar",
            '~' => "tilde",
            '^' => "caret",
            '|' => "or",
            '?' => "question",
            _ => "",
        };
        if word.is_empty() {
            out.push(c);
        } else {
            out.extend(["_", word, "_"]);
        }
        before = c;
    }
    out
}

fn leading_letter(name: String, letter: char) -> String {
    if name.starts_with(|c: char| c.is_ascii_digit()) { format!("{letter}{name}") } else { name }
}

/// Whether a name is an identifier, and no keyword. The parser is of an edition before `gen` became one.
fn is_word(name: &str) -> bool {
    name != "gen" && syn::parse_str::<syn::Ident>(name).is_ok()
}

/// The name, if it is a Rust identifier in ASCII: others make the compiler warn, and few people can type or tell them apart.
pub(crate) fn identifier(name: String) -> Option<String> {
    let is_ascii_word =
        name.starts_with(|c: char| !c.is_ascii_digit()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    // The parser knows the keywords, which are in lower case, and refuses `_` alone. It is slow, and most names are variants.
    let may_be_keyword = name == "Self" || !name.bytes().any(|b| b.is_ascii_uppercase());
    (is_ascii_word && (!may_be_keyword || is_word(&name))).then_some(name)
}
