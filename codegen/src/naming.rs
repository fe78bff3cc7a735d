//! Every rule by which something of the document gets its Rust name. Pure, and the only place that makes identifiers.

use heck::{ToSnakeCase, ToUpperCamelCase};

/// Names that machine-written modules use for something else, so that no type of the document may have one.
pub(crate) const RESERVED_TYPES: &[&str] = &[
    "API_VERSION",
    "Amounts",
    "BTreeMap",
    "Box",
    "Clearable",
    "Client",
    "Cow",
    "DecodeError",
    "DecodeErrorKind",
    "Deleted",
    "Err",
    "Error",
    "Expandable",
    "From",
    "Into",
    "IntoIterator",
    "Iterator",
    "List",
    "Method",
    "None",
    "Nullable",
    "Object",
    "Ok",
    "Opaque",
    "Operation",
    "Option",
    "Request",
    "RequestError",
    "Response",
    "Result",
    "Secret",
    "Self",
    "Some",
    "String",
    "Timestamp",
    "Value",
    "Vec",
];

/// The variant that keeps a value that is not known.
pub(crate) const UNKNOWN_VARIANT: &str = "Unknown";

/// The type name of a component key or of a name from the configuration: `bank_account` is `BankAccount`.
pub(crate) fn type_name(key: &str) -> Option<String> {
    identifier(leading_letter(key.to_upper_camel_case(), 'V'))
}

/// The type name of an inline schema: its owner's, then the field's, in the singular where it is an item.
pub(crate) fn inline_type_name(owner: &str, field: &str, item: bool) -> Option<String> {
    let field = if item { singular(field) } else { field.to_owned() };
    let part = field.to_upper_camel_case();
    if part.is_empty() { None } else { identifier(format!("{owner}{part}")) }
}

/// The name of a field: Stripe's own, and a trailing `_` where that is a keyword of Rust.
pub(crate) fn field_name(wire: &str) -> Option<String> {
    let name = leading_letter(wire.to_snake_case(), '_');
    if name.is_empty() {
        return None;
    }
    if syn::parse_str::<syn::Ident>(&name).is_err() {
        // A keyword becomes an identifier by the underscore; what does not is no identifier at all.
        return identifier(format!("{name}_"));
    }
    identifier(name)
}

/// The name of a value's variant. One that starts with a digit gets a `V` in front.
pub(crate) fn variant_name(value: &str) -> Option<String> {
    // `Self` is the one keyword in this spelling.
    let name = leading_letter(value.to_upper_camel_case(), 'V');
    identifier(if name == "Self" { "SelfValue".to_owned() } else { name })
}

/// The name of a constructor's or setter's argument, which is the field's.
pub(crate) fn singular(plural: &str) -> String {
    let cut = |n: usize, end: &str| format!("{}{end}", &plural[..plural.len() - n]);
    let ends = |ends: &[&str]| ends.iter().any(|end| plural.ends_with(end));
    if plural.ends_with("series") {
        plural.to_owned()
    } else if plural.ends_with("ies") {
        cut(3, "y")
    } else if ends(&["sses", "xes", "ches", "shes", "uses"]) {
        cut(2, "")
    } else if plural.ends_with('s') && !ends(&["ss", "us", "is"]) {
        cut(1, "")
    } else {
        plural.to_owned()
    }
}

fn leading_letter(name: String, letter: char) -> String {
    if name.starts_with(|c: char| c.is_ascii_digit()) { format!("{letter}{name}") } else { name }
}

/// The name, if Rust takes it as an identifier, and without a warning about letters that few can type or tell apart.
pub(crate) fn identifier(name: String) -> Option<String> {
    // The parser refuses keywords and `_` alone, but takes the blanks and the comments around an identifier.
    let parses = syn::parse_str::<syn::Ident>(&name).is_ok_and(|identifier| identifier == name);
    (name.is_ascii() && parses).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_upper_camel_case() {
        assert_eq!(type_name("bank_account").as_deref(), Some("BankAccount"));
        assert_eq!(type_name("issuing.card").as_deref(), Some("IssuingCard"));
        assert_eq!(type_name("3d_secure").as_deref(), Some("V3dSecure"));
        assert_eq!(type_name("self"), None);
        assert_eq!(type_name("💥"), None);
        assert_eq!(type_name("größe"), None);
        assert_eq!(identifier("\tName".to_owned()), None);
        assert_eq!(identifier("Name // it".to_owned()), None);
        assert_eq!(type_name(""), None);
    }

    #[test]
    fn inline_types_are_owner_and_field() {
        assert_eq!(inline_type_name("Session", "permissions", true).as_deref(), Some("SessionPermission"));
        assert_eq!(inline_type_name("Session", "status", false).as_deref(), Some("SessionStatus"));
        assert_eq!(inline_type_name("Session", "-", false), None);
    }

    #[test]
    fn fields_keep_their_spelling() {
        for (wire, name) in [
            ("account_holder", Some("account_holder")),
            ("last4", Some("last4")),
            ("type", Some("type_")),
            ("self", Some("self_")),
            ("async", Some("async_")),
            ("3d_secure", Some("_3d_secure")),
            ("a-b", Some("a_b")),
            ("camelCase", Some("camel_case")),
            ("", None),
            ("_", None),
            ("💥", None),
        ] {
            assert_eq!(field_name(wire).as_deref(), name, "{wire}");
        }
    }

    #[test]
    fn variants_start_with_a_letter() {
        for (value, name) in [
            ("us_bank_account", Some("UsBankAccount")),
            ("2.0", Some("V20")),
            ("self", Some("SelfValue")),
            ("accounts.data.ownership", Some("AccountsDataOwnership")),
            ("", None),
            ("💥", None),
        ] {
            assert_eq!(variant_name(value).as_deref(), name, "{value}");
        }
    }

    #[test]
    fn items_are_singular() {
        for (plural, one) in [
            ("permissions", "permission"),
            ("account_subcategories", "account_subcategory"),
            ("addresses", "address"),
            ("statuses", "status"),
            ("boxes", "box"),
            ("purchases", "purchase"),
            ("status", "status"),
            ("prefetch", "prefetch"),
            ("series", "series"),
        ] {
            assert_eq!(singular(plural), one);
        }
    }
}
