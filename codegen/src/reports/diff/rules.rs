//! The rules by which a change has its verdict: what a change of each kind means for a program that uses the crate.

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
    ($($(#[doc = $docs:literal])* $rule:ident: $name:literal, $verdict:ident $(+ $mark:ident)*, $reason:literal;)+) => {
        /// Why a change has its verdict.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule {
            $(#[doc = $reason] $(#[doc = ""] #[doc = $docs])* $rule,)+
        }

        impl Rule {
            /// All rules.
            pub const ALL: &[Self] = &[$(Self::$rule),+];

            fn row(self) -> (&'static str, Verdict, &'static [Mark], &'static str) {
                match self {
                    $(Self::$rule => ($name, Verdict::$verdict, &[$(Mark::$mark),*], $reason),)+
                }
            }
        }
    };
}

rules! {
    /// A value that was secret is printed by `Debug`. It is reported before everything else.
    SecrecyLost: "secrecy-lost", Major + Silent + InRust, "`Debug` prints a value that was secret";

    /// A parameter became secret. That of a field is a change of its type.
    SecrecyGained: "secrecy-gained", Patch + InRust, "`Debug` no longer prints the value";

    VersionChanged: "version-changed", Minor, "Stripe responds as of another version";
    /// The document states another base URL, or one for an operation.
    BaseUrlChanged: "base-url-changed", Major + Silent, "requests go to another host or path";
    /// The document states another way to authenticate.
    SecurityAdded: "security-added", Patch, "the crate goes on with what it uses";
    /// The document no longer states a way to authenticate.
    SecurityRemoved: "security-removed", Major + Silent, "Stripe can refuse the credentials";

    OptionalParameterAdded: "optional-parameter-added", Minor, "a new setter";
    RequiredParameterAdded: "required-parameter-added", Major, "`new` takes one more argument";
    ParameterRemoved: "parameter-removed", Major, "a setter, or an argument of `new`, is gone";
    /// A setter became an argument of `new`, or the reverse.
    ParameterRequirednessChanged: "parameter-requiredness-changed", Major, "`new` takes other arguments";
    ParameterTypeChanged: "parameter-type-changed", Major, "a setter or `new` takes another type";
    ArgumentRenamed: "argument-renamed", Patch + InRust, "callers do not write the name of an argument";
    PathChanged: "path-changed", Major + Silent, "the request goes to another address";
    OutputChanged: "output-changed", Major, "the operation returns another type";

    FieldAdded: "field-added", Minor, "models are `#[non_exhaustive]`";
    /// The same for a field that every response has. JSON that was stored before does not decode.
    RequiredFieldAdded: "required-field-added", Minor, "models are `#[non_exhaustive]`; JSON stored before lacks the field";
    FieldRemoved: "field-removed", Major, "a public field is gone";
    /// A public field has another type. Whether it can be absent or null is part of the type.
    FieldTypeChanged: "field-type-changed", Major, "a public field has another type";
    /// A field, a setter or a variant has another name in Rust and the same one on the wire.
    NameChanged: "name-changed", Major + InRust, "a public name is another";
    /// A field or a parameter has another name on the wire and, by a row, the same one in Rust. JSON that was stored before has
    /// the former name.
    WireNameChanged: "wire-name-changed", Minor, "programs compile; Stripe has another name for it";

    ValueAdded: "value-added", Minor, "enums are open and `#[non_exhaustive]`";
    ValueRemoved: "value-removed", Major, "a variant is gone";
    AlternativeAdded: "alternative-added", Minor, "unions are `#[non_exhaustive]`";
    AlternativeRemoved: "alternative-removed", Major, "a variant is gone";
    AlternativeTypeChanged: "alternative-type-changed", Major, "a variant holds another type";
    UnionKindChanged: "union-kind-changed", Major, "an enum became a struct, or the reverse";

    ItemAdded: "item-added", Minor, "a new public item";
    ItemRemoved: "item-removed", Major, "a public item is gone";
    /// An object is referred to that no row of the configuration names: only its id and its JSON are kept.
    BoundaryReached: "boundary-reached", Minor, "a new object past the boundary";
    IdAdded: "id-added", Minor + InRust, "a new public type";
    IdRemoved: "id-removed", Major + InRust, "a public type is gone";
    FeaturesChanged: "features-changed", Major + InRust, "a program that enables the former features lacks the item";
    FeaturesWidened: "features-widened", Minor + InRust, "the former features still enable the item";

    /// A model has the constant field `object` now, and can be referred to.
    ObjectAdded: "object-added", Minor, "the model can be referred to";
    /// The constant field `object` is gone or has another value: JSON that was sent before no longer decodes.
    ObjectChanged: "object-changed", Major + Silent, "JSON that was sent before no longer decodes";
    /// A deleted object can be, or can no longer be, in the place of an expanded one.
    DeletableChanged: "deletable-changed", Patch, "`Expandable` has the variant in any case";
    /// The constant `EXPANDABLE` has other elements.
    ExpandableSetChanged: "expandable-set-changed", Patch, "the same constant with other elements";
    /// An object began or ceased to have further fields.
    OpennessChanged: "openness-changed", Patch, "fields that are not listed are ignored in any case";
    /// A limit that Stripe enforces, or another key of the document that the types do not show: see [`keys`](crate::openapi::keys).
    LimitChanged: "limit-changed", Patch, "the types in Rust do not show it";
    /// An item is deprecated, which its documentation states. There is no `#[deprecated]`: `codegen::rust::emit` says why.
    Deprecated: "deprecated", Minor + InRust, "the documentation states it; the compiler does not warn";
    DeprecationLifted: "deprecation-lifted", Patch + InRust, "the documentation no longer states it";
    DescriptionChanged: "description-changed", Patch + InRust, "only the documentation";
}

impl Rule {
    /// The name of the rule.
    pub fn name(self) -> &'static str {
        self.row().0
    }

    /// What the rule requires of the version.
    pub fn verdict(self) -> Verdict {
        self.row().1
    }

    /// The reason for the verdict, in words.
    pub fn reason(self) -> &'static str {
        self.row().3
    }

    /// Whether a program can break although it compiles.
    pub fn is_silent(self) -> bool {
        self.row().2.contains(&Mark::Silent)
    }

    /// Whether the change is one of Rust alone, which requests and responses do not show.
    pub(super) fn is_only_in_rust(self) -> bool {
        self.row().2.contains(&Mark::InRust)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_rule_has_a_name_of_its_own() {
        let names: BTreeSet<_> = Rule::ALL.iter().map(|rule| rule.name()).collect();
        assert_eq!(names.len(), Rule::ALL.len());
    }

    #[test]
    fn a_rule_of_which_the_compiler_sees_nothing_is_major() {
        assert!(Rule::ALL.iter().filter(|rule| rule.is_silent()).all(|rule| rule.verdict() == Verdict::Major));
    }
}
