//! The rules by which a change has its verdict: what a change of each kind means for a program that uses the crate.

use heck::ToKebabCase;

/// What a change requires of the version, by Semantic Versioning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Programs compile and work as before.
    Patch,
    /// Programs compile and work as before, and can do more.
    Minor,
    /// Some program no longer compiles or no longer works.
    Major,
}

impl Verdict {
    /// The name of the verdict.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

/// What a rule says beside its verdict.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// A program can break although it compiles.
    Silent,
    /// Requests and responses do not show the change.
    InRust,
}

macro_rules! rules {
    ($($(#[doc = $docs:literal])* $rule:ident: $verdict:ident $(+ $mark:ident)*, $reason:literal;)+) => {
        /// Why a change has its verdict.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule {
            $(#[doc = $reason] $(#[doc = ""] #[doc = $docs])* $rule,)+
        }

        impl Rule {
            /// All rules.
            pub const ALL: &[Self] = &[$(Self::$rule),+];

            fn row(self) -> (Verdict, &'static [Mark], &'static str) {
                match self {
                    $(Self::$rule => (Verdict::$verdict, &[$(Mark::$mark),*], $reason),)+
                }
            }
        }
    };
}

rules! {
    /// A value that was secret is printed by `Debug`. It is reported before everything else.
    SecrecyLost: Major + Silent + InRust, "`Debug` prints a value that was secret";

    /// A parameter became secret. That of a field is a change of its type.
    SecrecyGained: Patch + InRust, "`Debug` no longer prints the value";

    VersionChanged: Minor, "Stripe responds as of another version";
    /// The document states another base URL, or one for an operation.
    BaseUrlChanged: Major + Silent, "requests go to another host or path";
    /// The document states another way to authenticate.
    SecurityAdded: Patch, "the crate goes on with what it uses";
    /// The document no longer states a way to authenticate.
    SecurityRemoved: Major + Silent, "Stripe can refuse the credentials";

    OptionalParameterAdded: Minor, "a new setter";
    RequiredParameterAdded: Major, "`new` takes one more argument";
    ParameterRemoved: Major, "a setter, or an argument of `new`, is gone";
    /// A setter became an argument of `new`, or the reverse.
    ParameterRequirednessChanged: Major, "`new` takes other arguments";
    ParameterTypeChanged: Major, "a setter or `new` takes another type";
    /// Arguments of `new` changed places: their order is that of their names in Rust.
    ArgumentsReordered: Major + Silent + InRust, "`new` takes its arguments in another order";
    ArgumentRenamed: Patch + InRust, "callers do not write the name of an argument";
    PathChanged: Major + Silent, "the request goes to another address";
    OutputChanged: Major, "the operation returns another type";

    FieldAdded: Minor, "models are `#[non_exhaustive]`";
    /// The same for a field that every response has. JSON that was stored before does not decode.
    RequiredFieldAdded: Minor, "models are `#[non_exhaustive]`; JSON stored before lacks the field";
    FieldRemoved: Major, "a public field is gone";
    /// A public field has another type. Whether it can be absent or null is part of the type.
    FieldTypeChanged: Major, "a public field has another type";
    /// A field, a setter or a variant has another name in Rust and the same one on the wire.
    NameChanged: Major + InRust, "a public name is another";
    /// A field or a parameter has another name on the wire and, by a row, the same one in Rust. JSON that was stored before has
    /// the former name.
    WireNameChanged: Minor, "programs compile; Stripe has another name for it";

    ValueAdded: Minor, "enums are open and `#[non_exhaustive]`";
    ValueRemoved: Major, "a variant is gone";
    AlternativeAdded: Minor, "unions are `#[non_exhaustive]`";
    AlternativeRemoved: Major, "a variant is gone";
    AlternativeTypeChanged: Major, "a variant holds another type";
    UnionKindChanged: Major, "an enum became a struct, or the reverse";

    ItemAdded: Minor, "a new public item";
    ItemRemoved: Major, "a public item is gone";
    /// An object is referred to that no row of the configuration names: only its id and its JSON are kept.
    BoundaryReached: Minor, "a new object past the boundary";
    IdAdded: Minor + InRust, "a new public type";
    IdRemoved: Major + InRust, "a public type is gone";
    FeaturesChanged: Major + InRust, "a program that enables the former features lacks the item";
    FeaturesWidened: Minor + InRust, "the former features still enable the item";

    /// A model has the constant field `object` now, and can be referred to. JSON that was stored before does not decode.
    ObjectAdded: Minor, "the model can be referred to; JSON stored before lacks the field";
    /// The constant field `object` is gone or has another value: JSON that was sent before no longer decodes.
    ObjectChanged: Major + Silent, "JSON that was sent before no longer decodes";
    /// A deleted object can be in the place of an expanded one.
    DeletableGained: Patch, "`Expandable` has the variant in any case";
    /// A deleted object can no longer be in the place of an expanded one. One that Stripe sends, or sent before, is read as the
    /// object itself, whose required fields it lacks.
    DeletableLost: Major + Silent, "JSON of a deleted object no longer decodes";
    /// The constant `EXPANDABLE` has other elements.
    ExpandableSetChanged: Patch, "the same constant with other elements";
    /// An object began or ceased to have further fields.
    OpennessChanged: Patch, "fields that are not listed are ignored in any case";
    /// A limit that Stripe enforces, or another key of the document that the types do not show: see [`keys`](crate::openapi::keys).
    LimitChanged: Patch, "the types in Rust do not show it";
    /// An item is deprecated, which its documentation states. There is no `#[deprecated]`: `codegen::rust::emit` says why.
    Deprecated: Minor + InRust, "the documentation states it; the compiler does not warn";
    DeprecationLifted: Patch + InRust, "the documentation no longer states it";
    DescriptionChanged: Patch + InRust, "only the documentation";
}

impl Rule {
    /// The name of the rule in reports: `SecrecyLost` is `secrecy-lost`.
    pub fn name(self) -> String {
        format!("{self:?}").to_kebab_case()
    }

    /// What the rule requires of the version.
    pub fn verdict(self) -> Verdict {
        self.row().0
    }

    /// The reason for the verdict, in words.
    pub fn reason(self) -> &'static str {
        self.row().2
    }

    /// Whether a program can break although it compiles.
    pub fn is_silent(self) -> bool {
        self.row().1.contains(&Mark::Silent)
    }

    /// Whether the change is one of Rust alone, which requests and responses do not show.
    pub(super) fn is_only_in_rust(self) -> bool {
        self.row().1.contains(&Mark::InRust)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_that_has_to_be_there_says_what_it_means_for_stored_json() {
        for rule in [Rule::RequiredFieldAdded, Rule::ObjectAdded] {
            assert!(rule.reason().ends_with("; JSON stored before lacks the field"), "{}", rule.name());
        }
    }

    #[test]
    fn a_rule_of_which_the_compiler_sees_nothing_is_major() {
        assert!(Rule::ALL.iter().filter(|rule| rule.is_silent()).all(|rule| rule.verdict() == Verdict::Major));
    }
}
