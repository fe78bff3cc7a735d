//! Objects of a response: decoding and encoding, without a proc macro.
//!
//! A model states its names and has one arm for each field; the rest is in helpers that are compiled once, not once for
//! each model. The same arms serve both ways in: JSON text (`json.rs`) and any decoder of serde's.

use std::{fmt, marker::PhantomData};

use serde_core::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Unexpected, Visitor,
};

use super::{Nullable, json::Decode};

/// A type that is read from a JSON object, field by field.
pub(crate) trait Model: Sized {
    /// The names of the fields on the wire.
    const NAMES: &'static Names;

    /// Reads the fields.
    fn read<F: Fields>(fields: F) -> Result<Self, F::Error>;
}

/// What can be read both ways.
pub(crate) trait Wire: Decode + DeserializeOwned {}

impl<T: Decode + DeserializeOwned> Wire for T {}

/// The fields of an object while they are read.
pub(crate) trait Fields {
    /// Why reading stops.
    type Error;

    /// The index of the next field, or `None` at the end. What is unknown is skipped, the constant is checked.
    fn next(&mut self) -> Result<Option<usize>, Self::Error>;

    /// Reads the value of the field at an index.
    fn read<T: Wire>(&mut self, slot: &mut Option<T>, index: usize) -> Result<(), Self::Error>;

    /// Says that a field is missing.
    fn missing(&self, name: &'static str) -> Self::Error;

    /// A field that must be there.
    fn required<T>(&self, slot: Option<T>, name: &'static str) -> Result<T, Self::Error> {
        slot.ok_or_else(|| self.missing(name))
    }

    /// A field that may be missing.
    fn optional<T: Default>(&self, slot: Option<T>, _: &'static str) -> Result<T, Self::Error> {
        Ok(slot.unwrap_or_default())
    }
}

/// The names that an object's keys are looked up in.
pub(crate) struct Names {
    /// The fields, by their index.
    pub(crate) fields: &'static [&'static str],
    /// What the field `object` must hold, where the type has a constant of that name.
    pub(crate) constant: Option<&'static str>,
}

/// What a key names.
#[derive(Clone, Copy)]
pub(crate) enum Found {
    Field(usize),
    Constant(&'static str),
    Unknown,
}

impl Names {
    /// Looks up a key, first where it probably is: Stripe sends fields in the order of its document.
    pub(crate) fn find(&self, key: &str, next: usize) -> Found {
        if self.fields.get(next) == Some(&key) {
            return Found::Field(next);
        }
        match self.constant {
            Some(constant) if key == "object" => Found::Constant(constant),
            _ => self.fields.iter().position(|name| *name == key).map_or(Found::Unknown, Found::Field),
        }
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

/// Reads a model from any decoder of serde's.
pub(crate) fn deserialize_model<'de, T: Model, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(ModelVisitor(PhantomData))
}

struct ModelVisitor<T>(PhantomData<T>);

impl<'de, T: Model> Visitor<'de> for ModelVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(T::NAMES, f)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::read(SerdeFields { map, names: T::NAMES, constant_seen: false, next: 0, de: PhantomData })
    }
}

/// The fields of an object in one of serde's decoders.
struct SerdeFields<'de, A> {
    map: A,
    names: &'static Names,
    constant_seen: bool,
    /// Which name probably comes next.
    next: usize,
    de: PhantomData<&'de ()>,
}

impl<'de, A: MapAccess<'de>> Fields for SerdeFields<'de, A> {
    type Error = A::Error;

    fn next(&mut self) -> Result<Option<usize>, A::Error> {
        while let Some(found) = self.map.next_key_seed(Key { names: self.names, next: self.next })? {
            match found {
                Found::Field(index) => {
                    self.next = index + 1;
                    return Ok(Some(index));
                }
                Found::Constant(constant) => {
                    if self.constant_seen {
                        return Err(A::Error::duplicate_field("object"));
                    }
                    self.constant_seen = true;
                    self.map.next_value_seed(Constant(constant))?;
                }
                Found::Unknown => {
                    self.map.next_value::<IgnoredAny>()?;
                }
            }
        }
        if self.names.constant.is_some() && !self.constant_seen {
            return Err(self.missing("object"));
        }
        Ok(None)
    }

    fn read<T: Wire>(&mut self, slot: &mut Option<T>, index: usize) -> Result<(), A::Error> {
        if slot.is_some() {
            return Err(A::Error::duplicate_field(self.names.fields[index]));
        }
        *slot = Some(self.map.next_value()?);
        Ok(())
    }

    fn missing(&self, name: &'static str) -> A::Error {
        A::Error::missing_field(name)
    }
}

/// Reads a key.
struct Key {
    names: &'static Names,
    next: usize,
}

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Found;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Found, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Key {
    type Value = Found;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Found, E> {
        Ok(self.names.find(key, self.next))
    }
}

/// Reads a string that must be the one given.
struct Constant(&'static str);

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
        $(, id = $id:ty $(, deletable = $deletable:literal)?)?
        $(, expandable = [$($path:literal),* $(,)?])?
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
                const DELETABLE: bool = false $(|| $deletable)?;
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
            const NAMES: &'static $crate::support::model::Names = &$crate::support::model::Names {
                fields: &[$($wire),*],
                constant: $crate::support::model!(@constant $($object)?),
            };

            fn read<F: $crate::support::model::Fields>(mut fields: F) -> Result<Self, F::Error> {
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
                Ok(Self { $($field: fields.$kind($field, $wire)?),* })
            }
        }

        impl<'de> serde_core::Deserialize<'de> for $name {
            fn deserialize<D: serde_core::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::support::model::deserialize_model(deserializer)
            }
        }

        impl $crate::support::json::Decode for $name {
            fn decode(
                reader: &mut $crate::support::json::Reader<'_>,
            ) -> Result<Self, $crate::support::json::Fault> {
                $crate::support::json::decode_model(reader)
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
