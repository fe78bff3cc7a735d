//! Objects of a response: decoding and encoding, without a proc macro.
//!
//! The work is done by helpers that are compiled once (or once for a kind of decoder), not once for each model: a model
//! adds no more than its list of names and one arm for each field. That keeps the crate quick to build.

use std::{fmt, marker::PhantomData};

use serde_core::de::{DeserializeSeed, Deserialize, Deserializer, Error, IgnoredAny, MapAccess, Unexpected, Visitor};

use super::Nullable;

/// A type that is read from a JSON object, field by field.
pub(crate) trait Model: Sized {
    /// The names of the fields on the wire.
    const FIELDS: &'static [&'static str];
    /// The constant that the field `object` must hold, where the type has one.
    const CONSTANT: Option<&'static str>;

    /// Reads the fields.
    fn read<'de, A: MapAccess<'de>>(fields: Fields<A>) -> Result<Self, A::Error>;
}

/// Reads a model from any decoder.
pub(crate) fn read_model<'de, T: Model, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(ModelVisitor(PhantomData))
}

/// Reads a model from what follows an opening brace.
pub(crate) fn read_fields<'de, T: Model, A: MapAccess<'de>>(map: A) -> Result<T, A::Error> {
    T::read(Fields { map, names: T::FIELDS, constant: T::CONSTANT, constant_seen: false, next: 0 })
}

struct ModelVisitor<T>(PhantomData<T>);

impl<'de, T: Model> Visitor<'de> for ModelVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        expecting(T::CONSTANT, f)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        read_fields(map)
    }
}

fn expecting(constant: Option<&'static str>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match constant {
        Some(constant) => write!(f, "a `{constant}` object"),
        None => f.write_str("an object"),
    }
}

/// The fields of an object while they are read.
pub(crate) struct Fields<A> {
    map: A,
    names: &'static [&'static str],
    constant: Option<&'static str>,
    constant_seen: bool,
    /// Where the next name probably is. Stripe sends fields in the order of the document, so that the guess is nearly
    /// always right and one comparison finds the field.
    next: usize,
}

impl<'de, A: MapAccess<'de>> Fields<A> {
    /// The index of the next field, or `None` at the end. What is unknown is skipped, the constant is checked.
    pub(crate) fn next(&mut self) -> Result<Option<usize>, A::Error> {
        loop {
            match self.map.next_key_seed(Name { names: self.names, constant: self.constant.is_some(), next: self.next })? {
                None => break,
                Some(Found::Field(index)) => {
                    self.next = index + 1;
                    return Ok(Some(index));
                }
                Some(Found::Constant) => self.read_constant()?,
                Some(Found::Unknown) => {
                    self.map.next_value::<IgnoredAny>()?;
                }
            }
        }
        if self.constant.is_some() && !self.constant_seen {
            return Err(A::Error::missing_field("object"));
        }
        Ok(None)
    }

    fn read_constant(&mut self) -> Result<(), A::Error> {
        if self.constant_seen {
            return Err(A::Error::duplicate_field("object"));
        }
        self.constant_seen = true;
        self.map.next_value_seed(Constant(self.constant.unwrap_or_default()))
    }

    /// Reads the value of the field at an index.
    pub(crate) fn read<T: Deserialize<'de>>(&mut self, slot: &mut Option<T>, index: usize) -> Result<(), A::Error> {
        if slot.is_some() {
            return Err(A::Error::duplicate_field(self.names[index]));
        }
        *slot = Some(self.map.next_value()?);
        Ok(())
    }
}

/// A field that must be there.
pub(crate) fn required<T, E: Error>(slot: Option<T>, name: &'static str) -> Result<T, E> {
    slot.ok_or_else(|| E::missing_field(name))
}

/// A field that may be missing.
#[expect(clippy::unnecessary_wraps, reason = "stands where `required` may stand")]
pub(crate) fn optional<T: Default, E: Error>(slot: Option<T>, _: &'static str) -> Result<T, E> {
    Ok(slot.unwrap_or_default())
}

/// What a key names.
enum Found {
    Field(usize),
    Constant,
    Unknown,
}

/// Reads a key.
struct Name {
    names: &'static [&'static str],
    constant: bool,
    next: usize,
}

impl Name {
    fn find(&self, key: &str) -> Found {
        if self.names.get(self.next) == Some(&key) {
            return Found::Field(self.next);
        }
        if self.constant && key == "object" {
            return Found::Constant;
        }
        match self.names.iter().position(|name| *name == key) {
            Some(index) => Found::Field(index),
            None => Found::Unknown,
        }
    }
}

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Found;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Found, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Name {
    type Value = Found;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Found, E> {
        Ok(self.find(key))
    }
}

/// Reads a string that must be the one given.
pub(crate) struct Constant(pub(crate) &'static str);

impl<'de> DeserializeSeed<'de> for Constant {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Constant {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the constant `{}`", self.0)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        if text == self.0 { Ok(()) } else { Err(E::invalid_value(Unexpected::Other("another string"), &self)) }
    }
}

/// Whether an optional field is left out when it is encoded.
pub(crate) trait Omit {
    /// True for what was not there.
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

/// Implements a model from the wire names of its fields.
///
/// `name` is a required field, `name?` one that may be missing, `name = "wire"` and `name? = "wire"` one whose Rust name is
/// not its name on the wire.
macro_rules! model {
    (
        $name:ident
        $(, object = $object:literal)?
        $(, id = $id:ty)?
        $(, expandable = [$($path:literal),* $(,)?])?
        $(, deletable = $deletable:tt)?
        { $($fields:tt)* }
    ) => {
        $(
            impl $name {
                /// What the field `object` of this object holds: checked when it is decoded, written when it is encoded.
                pub const OBJECT: &'static str = $object;
            }
        )?
        $(
            impl $name {
                /// The fields that Stripe can send expanded, by their names on the wire.
                pub const EXPANDABLE: &'static [&'static str] = &[$($path),*];
            }
        )?
        $(
            impl $crate::support::expandable::Object for $name {
                const OBJECT: &'static str = $name::OBJECT;
                type Id = $id;

                fn id(&self) -> Option<&str> {
                    Some(self.id.as_str())
                }
            }

            impl $crate::support::expandable::Expanded for $name {
                fn read<'de, A: serde_core::de::MapAccess<'de>>(
                    map: A,
                ) -> Result<$crate::support::expandable::Expandable<Self>, A::Error> {
                    $crate::support::model!(@expanded $($deletable)?)(map)
                }
            }
        )?
        $crate::support::model!(@fields $name [$($object)?] [] $($fields)*);
    };

    (@fields $name:ident $object:tt [$($done:tt)*] $field:ident ? = $wire:literal $(, $($rest:tt)*)?) => {
        $crate::support::model!(@fields $name $object [$($done)* ($field optional $wire)] $($($rest)*)?);
    };
    (@fields $name:ident $object:tt [$($done:tt)*] $field:ident ? $(, $($rest:tt)*)?) => {
        $crate::support::model!(@fields $name $object [$($done)* ($field optional (stringify!($field)))] $($($rest)*)?);
    };
    (@fields $name:ident $object:tt [$($done:tt)*] $field:ident = $wire:literal $(, $($rest:tt)*)?) => {
        $crate::support::model!(@fields $name $object [$($done)* ($field required $wire)] $($($rest)*)?);
    };
    (@fields $name:ident $object:tt [$($done:tt)*] $field:ident $(, $($rest:tt)*)?) => {
        $crate::support::model!(@fields $name $object [$($done)* ($field required (stringify!($field)))] $($($rest)*)?);
    };

    (@fields $name:ident [$($object:literal)?] [$(($field:ident $kind:ident $wire:tt))*]) => {
        impl $crate::support::model::Model for $name {
            const FIELDS: &'static [&'static str] = &[$($wire),*];
            const CONSTANT: Option<&'static str> = $crate::support::model!(@constant $($object)?);

            fn read<'de, A: serde_core::de::MapAccess<'de>>(
                mut fields: $crate::support::model::Fields<A>,
            ) -> Result<Self, A::Error> {
                // Numbers the fields, as a macro cannot count.
                #[allow(non_camel_case_types)]
                enum Index { $($field),* }
                $(let mut $field = None;)*
                while let Some(index) = fields.next()? {
                    match index {
                        $(_ if index == Index::$field as usize => fields.read(&mut $field, index)?,)*
                        _ => {}
                    }
                }
                Ok(Self { $($field: $crate::support::model::$kind($field, $wire)?),* })
            }
        }

        impl<'de> serde_core::Deserialize<'de> for $name {
            fn deserialize<D: serde_core::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::support::model::read_model(deserializer)
            }
        }

        impl serde_core::Serialize for $name {
            fn serialize<S: serde_core::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde_core::ser::SerializeMap;
                let mut map = serializer.serialize_map(None)?;
                $(map.serialize_entry("object", $object)?;)?
                $($crate::support::model!(@write $kind map, self.$field, $wire);)*
                map.end()
            }
        }
    };

    (@expanded) => { $crate::support::expandable::read_model };
    (@expanded true) => { $crate::support::expandable::read_deletable };

    (@constant) => { None };
    (@constant $object:literal) => { Some($object) };

    (@write required $map:ident, $value:expr, $wire:tt) => {
        $map.serialize_entry($wire, &$value)?;
    };
    (@write optional $map:ident, $value:expr, $wire:tt) => {
        if !$crate::support::model::Omit::is_omitted(&$value) {
            $map.serialize_entry($wire, &$value)?;
        }
    };
}

pub(crate) use model;
