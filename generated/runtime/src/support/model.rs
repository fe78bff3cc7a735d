//! Models, the objects of a response: decoding and encoding without a proc macro.
//!
//! A model states its names and has one match arm for each field. The rest is in helpers that are compiled once for each
//! kind of decoder instead of once for each model, so that the crate builds quickly.

use std::{fmt, marker::PhantomData};

use serde_core::de::{Deserialize, DeserializeSeed, Deserializer, Error, Expected, IgnoredAny, MapAccess, Visitor};

use super::{Nullable, text::parse_text};

/// A type that is decoded from a JSON object, field by field.
pub trait Model: Sized {
    /// The names of the fields in the JSON.
    const NAMES: &'static Names;

    /// Decodes the fields.
    fn read<'de, A: MapAccess<'de>>(fields: Fields<A>) -> Result<Self, A::Error>;
}

/// Returns the kind of object that a reference leads to; empty if the object does not state it.
pub const fn kind<T: Model>() -> &'static str {
    match T::NAMES.constant {
        Some(kind) => kind,
        None => "",
    }
}

/// The names that an object's keys are looked up in.
pub struct Names {
    /// The fields, by their index.
    pub fields: &'static [&'static str],
    /// The required value of the field `object`, if the type has one.
    pub constant: Option<&'static str>,
}

impl Names {
    /// Stands for the field `object` where an index is expected.
    const CONSTANT: usize = usize::MAX - 1;
    /// Stands for an unknown field where an index is expected.
    const UNKNOWN: usize = usize::MAX;
}

/// How much of an object is decoded.
struct Progress {
    names: &'static Names,
    /// Index of the name that is expected next: Stripe sends the fields in the order in which a model states them.
    next: usize,
    /// Meaning of the last key: the index of a field, [`Names::CONSTANT`] or [`Names::UNKNOWN`].
    // A number kept here, rather than an enum returned through the decoder: this runs for each key.
    found: usize,
    /// The fields that were present, one bit each. One that is there twice is an error among the first 1024 fields, which no model
    /// exceeds.
    seen: [u64; 16],
    constant_seen: bool,
}

impl Progress {
    const fn new(names: &'static Names) -> Self {
        Self { names, next: 0, found: 0, seen: [0; 16], constant_seen: false }
    }

    /// Looks up a key, first at the expected index.
    #[inline]
    fn find(&mut self, key: &str) {
        self.found = match self.names.fields.get(self.next) {
            Some(name) if *name == key => self.next,
            _ => self.search(key),
        }
    }

    /// Looks up a key at any index.
    fn search(&self, key: &str) -> usize {
        if self.names.constant.is_some() && key == "object" {
            return Names::CONSTANT;
        }
        let (before, after) = self.names.fields.split_at(self.next);
        match after.iter().position(|name| *name == key) {
            Some(index) => self.next + index,
            None => before.iter().position(|name| *name == key).unwrap_or(Names::UNKNOWN),
        }
    }

    /// Records the field at an index. Returns whether it was present before.
    #[inline]
    fn again(&mut self, index: usize) -> bool {
        self.next = index + 1;
        let Some(word) = self.seen.get_mut(index / 64) else { return false };
        let bit = 1 << (index % 64);
        let again = *word & bit != 0;
        *word |= bit;
        again
    }

    /// Records the field `object`. Returns whether it was present before.
    const fn constant_again(&mut self) -> bool {
        std::mem::replace(&mut self.constant_seen, true)
    }

    /// Whether the field `object` is required and was not present.
    const fn lacks_constant(&self) -> bool {
        self.names.constant.is_some() && !self.constant_seen
    }
}

impl fmt::Display for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.constant {
            Some(constant) => write!(f, "a `{constant}` object"),
            None => f.write_str("an object"),
        }
    }
}

/// Decodes a model with any serde deserializer.
pub fn deserialize_model<'de, T: Model, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(ModelVisitor(PhantomData))
}

struct ModelVisitor<T>(PhantomData<T>);

impl<'de, T: Model> Visitor<'de> for ModelVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(T::NAMES, f)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::read(Fields { map, progress: Progress::new(T::NAMES) })
    }
}

/// The fields of an object while they are decoded.
pub struct Fields<A> {
    map: A,
    progress: Progress,
}

impl<'de, A: MapAccess<'de>> Fields<A> {
    /// Returns the index of the next field, or `None` at the end. Skips unknown fields and checks the field `object`.
    // Inlined although that makes the callers larger: decoding takes a tenth less time. `value` is inlined for the same reason.
    #[inline(always)]
    #[expect(clippy::should_implement_trait, reason = "the iteration can fail")]
    pub fn next(&mut self) -> Result<Option<usize>, A::Error> {
        while self.map.next_key_seed(Key(&mut self.progress))?.is_some() {
            match self.progress.found {
                Names::CONSTANT => {
                    if self.progress.constant_again() {
                        return Err(A::Error::duplicate_field("object"));
                    }
                    self.map.next_value_seed(Constant(self.progress.names.constant.unwrap_or_default()))?;
                }
                Names::UNKNOWN => drop(self.map.next_value::<IgnoredAny>()?),
                index => {
                    if self.progress.again(index) {
                        return Err(A::Error::duplicate_field(self.progress.names.fields[index]));
                    }
                    return Ok(Some(index));
                }
            }
        }
        if self.progress.lacks_constant() { Err(self.missing("object")) } else { Ok(None) }
    }

    /// Decodes the value of that field.
    #[inline(always)]
    pub fn value<T: Deserialize<'de>>(&mut self) -> Result<T, A::Error> {
        self.map.next_value()
    }

    /// Returns the error for a missing field.
    pub fn missing(&self, name: &'static str) -> A::Error {
        A::Error::missing_field(name)
    }
}

/// Decodes a key.
struct Key<'a>(&'a mut Progress);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<(), E> {
        self.0.find(key);
        Ok(())
    }
}

/// Decodes a string that must equal the given one.
struct Constant(&'static str);

impl Expected for Constant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the constant `{}`", self.0)
    }
}

impl<'de> DeserializeSeed<'de> for Constant {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        parse_text(deserializer, &self, |text| (text == self.0).then_some(()))
    }
}

/// Whether encoding omits an optional field.
pub trait Omit {
    /// Whether the field is omitted.
    fn is_omitted(&self) -> bool;
}

impl<T> Omit for Option<T> {
    fn is_omitted(&self) -> bool {
        self.is_none()
    }
}

impl<T> Omit for Nullable<T> {
    fn is_omitted(&self) -> bool {
        self.is_absent()
    }
}

/// Implements a model from the names of its fields in the JSON.
///
/// `id` is the type of an id that every object has, `optional_id` that of one that some lack; `no_id` is for objects that
/// references lead to although they have none. `name` is a required field and `name?` an optional one. `name = "wire"` and
/// `name = "wire"?` state the name in the JSON if it differs from the one in Rust.
///
/// Types of this crate with type parameters use its parts: `@decode` and `@encode`, or `@fields` for both.
#[doc(hidden)]
#[macro_export]
macro_rules! __model {
    (
        $name:ident
        $(, object = $object:literal)?
        $(, id = $id:ty $(, deletable = $deletable:literal)?)?
        $(, optional_id = $optional_id:ty $(, deletable = $optional_deletable:literal)?)?
        $(, no_id = $no_id:literal $(, deletable = $no_id_deletable:literal)?)?
        $(, expandable = [$($path:literal),* $(,)?])?
        { $($fields:tt)* }
    ) => {
        #[allow(dead_code, unreachable_pub, reason = "a model may be private to this crate")]
        impl $name {
            $(
                /// Value of the field `object`: checked when decoding, written when encoding.
                pub const OBJECT: &'static str = $object;
            )?

            $(
                /// Fields listed in `x-expandableFields` of Stripe's OpenAPI document.
                ///
                /// Stripe lists nested objects there as well, so not every one of these fields can be expanded. The
                /// paths that a request can expand are the variants of the enum that its method `expand` takes.
                pub const EXPANDABLE: &'static [&'static str] = &[$($path),*];
            )?

            /// Decodes the object from its JSON.
            ///
            /// In contrast to `serde_json::from_slice`, the error states the path to the invalid value and never its
            /// content.
            ///
            /// # Errors
            /// Returns an error if `json` is not UTF-8 or not the JSON of such an object. Never panics.
            pub fn from_json(json: &[u8]) -> ::core::result::Result<Self, $crate::__private::DecodeError> {
                $crate::__private::decode(json)
            }
        }

        $(
            $crate::__private::model!(@object $name, $id, false $(|| $deletable)?, |object| {
                ::core::option::Option::Some(::core::convert::AsRef::<str>::as_ref(&object.id))
            });
        )?
        $(
            $crate::__private::model!(@object $name, $optional_id, false $(|| $optional_deletable)?, |object| {
                object.id.as_ref().map(::core::convert::AsRef::<str>::as_ref)
            });
        )?
        $(
            $crate::__private::model!(@object $name, ::std::string::String, false $(|| $no_id_deletable)?, |_object| {
                const { ::core::assert!($no_id) };
                ::core::option::Option::None
            });
        )?
        $crate::__private::model!(@fields $name [] [$($object)?] $($fields)*,);
    };

    (@object $name:ident, $id:ty, $deletable:expr, |$object:ident| $read:block) => {
        impl $crate::__private::Object for $name {
            const OBJECT: &'static str = $crate::__private::kind::<Self>();
            const DELETABLE: bool = $deletable;
            type Id = $id;

            fn id(&self) -> ::core::option::Option<&str> {
                let $object = self;
                $read
            }
        }
    };

    (@fields $name:ident [$($generic:ident),*] [$($object:tt)?] $($fields:tt)*) => {
        $crate::__private::model!(@decode $name [$($generic),*] [$($object)?] $($fields)*);
        $crate::__private::model!(@encode $name [$($generic),*] [$($object)?] $($fields)*);
    };

    // The empty `vis` is what makes the question mark of one field repeatable. It needs a token behind it: the comma at the end.
    (
        @decode $name:ident [$($generic:ident),*] [$($object:tt)?]
        $($field:ident $(= $wire:literal)? $(? $question:vis)?),* $(,)*
    ) => {
        impl<$($generic: $crate::__private::serde_core::de::DeserializeOwned),*> $crate::__private::Model
            for $name<$($generic),*>
        {
            const NAMES: &'static $crate::__private::Names = &$crate::__private::Names {
                fields: &[$($crate::__private::model!(@wire $field $(= $wire)?)),*],
                constant: $crate::__private::model!(@constant $($object)?),
            };

            fn read<'de, __A: $crate::__private::serde_core::de::MapAccess<'de>>(
                mut fields: $crate::__private::Fields<__A>,
            ) -> ::core::result::Result<Self, __A::Error> {
                // Numbers the fields, as a macro cannot count.
                #[allow(dead_code, non_camel_case_types, reason = "named like the fields, if there are any")]
                enum Index { $($field),* }
                $($crate::__private::model!(@slot [$(? $question)?] $field);)*
                while let ::core::option::Option::Some(index) = fields.next()? {
                    match index {
                        $(
                            _ if index == Index::$field as usize => match fields.value() {
                                ::core::result::Result::Ok(value) => {
                                    $field = $crate::__private::model!(@filled [$(? $question)?] value);
                                }
                                ::core::result::Result::Err(error) => return ::core::result::Result::Err(error),
                            },
                        )*
                        _ => {}
                    }
                }
                ::core::result::Result::Ok(Self {
                    $($field: $crate::__private::model!(
                        @read [$(? $question)?] fields, $field, $crate::__private::model!(@wire $field $(= $wire)?)
                    )),*
                })
            }
        }

        impl<'de, $($generic: $crate::__private::serde_core::de::DeserializeOwned),*>
            $crate::__private::serde_core::Deserialize<'de> for $name<$($generic),*>
        {
            fn deserialize<__D: $crate::__private::serde_core::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::core::result::Result<Self, __D::Error> {
                $crate::__private::deserialize_model(deserializer)
            }
        }
    };

    (
        @encode $name:ident [$($generic:ident),*] [$($object:tt)?]
        $($field:ident $(= $wire:literal)? $(? $question:vis)?),* $(,)*
    ) => {
        impl<$($generic: $crate::__private::serde_core::Serialize),*> $crate::__private::serde_core::Serialize
            for $name<$($generic),*>
        {
            fn serialize<__S: $crate::__private::serde_core::Serializer>(
                &self,
                serializer: __S,
            ) -> ::core::result::Result<__S::Ok, __S::Error> {
                #[allow(unused_mut, reason = "there may be no field")]
                let mut map = serializer.serialize_map(::core::option::Option::None)?;
                $($crate::__private::serde_core::ser::SerializeMap::serialize_entry(&mut map, "object", $object)?;)?
                $($crate::__private::model!(
                    @write [$(? $question)?] map, self.$field, $crate::__private::model!(@wire $field $(= $wire)?)
                );)*
                $crate::__private::serde_core::ser::SerializeMap::end(map)
            }
        }
    };

    // What a field is decoded into: a required one must be told from one that was not present.
    (@slot [] $field:ident) => { let mut $field = ::core::option::Option::None; };
    (@slot [? $question:vis] $field:ident) => { let mut $field = ::core::default::Default::default(); };
    (@filled [] $value:ident) => { ::core::option::Option::Some($value) };
    (@filled [? $question:vis] $value:ident) => { $value };
    (@read [] $fields:ident, $field:ident, $wire:expr) => {
        match $field {
            ::core::option::Option::Some(value) => value,
            ::core::option::Option::None => return ::core::result::Result::Err($fields.missing($wire)),
        }
    };
    (@read [? $question:vis] $fields:ident, $field:ident, $wire:expr) => { $field };

    (@wire $field:ident) => { ::core::stringify!($field) };
    (@wire $field:ident = $wire:literal) => { $wire };

    (@constant) => { ::core::option::Option::None };
    (@constant $object:tt) => { ::core::option::Option::Some($object) };

    (@write [] $map:ident, $value:expr, $wire:expr) => {
        $crate::__private::serde_core::ser::SerializeMap::serialize_entry(&mut $map, $wire, &$value)?;
    };
    (@write [? $question:vis] $map:ident, $value:expr, $wire:expr) => {
        if !$crate::__private::Omit::is_omitted(&$value) {
            $crate::__private::serde_core::ser::SerializeMap::serialize_entry(&mut $map, $wire, &$value)?;
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_seen_once() {
        static NAMES: Names = Names { fields: &[], constant: None };
        let mut progress = Progress::new(&NAMES);
        // The last one first: what is between is not taken to be seen.
        for index in std::iter::once(1_023).chain(0..1_023) {
            assert!(!progress.again(index), "{index}");
        }
        assert!((0..1_024).all(|index| progress.again(index)));
        assert!(!progress.again(5_000), "any number of fields is decoded");
    }
}
