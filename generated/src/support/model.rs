//! Objects of a response: decoding and encoding, without a proc macro.
//!
//! A model states its names and has one arm for each field; the rest is in helpers that are compiled once for a kind of
//! decoder, not once for each model. That keeps the crate quick to build.

use std::{fmt, marker::PhantomData};

use serde_core::de::{Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Unexpected, Visitor};

use super::Nullable;

/// A type that is read from a JSON object, field by field.
pub(crate) trait Model: Sized {
    /// The names of the fields on the wire.
    const NAMES: &'static Names;

    /// Reads the fields.
    fn read<'de, A: MapAccess<'de>>(fields: Fields<A>) -> Result<Self, A::Error>;
}

/// The names that an object's keys are looked up in.
pub(crate) struct Names {
    /// The fields, by their index.
    pub(crate) fields: &'static [&'static str],
    /// What the field `object` must hold, where the type has a constant of that name.
    pub(crate) constant: Option<&'static str>,
}

impl Names {
    /// How many fields a model can have.
    pub(crate) const MAX: usize = 128;
    /// In the place of an index: the constant `object`.
    const CONSTANT: usize = Self::MAX;
    /// In the place of an index: a name that is not listed.
    const UNKNOWN: usize = Self::MAX + 1;
}

/// How far an object is read.
struct Progress {
    names: &'static Names,
    /// Which name probably comes next: Stripe sends the fields in the order in which a model states them.
    next: usize,
    /// What the last key names: the index of a field, [`Names::CONSTANT`] or [`Names::UNKNOWN`].
    // A number, not an enum, and kept here, not handed back through the decoder: it is written and read for each key.
    found: usize,
    /// The fields that were there, a bit for each.
    seen: [u64; Names::MAX / 64],
    constant_seen: bool,
}

impl Progress {
    const fn new(names: &'static Names) -> Self {
        Self { names, next: 0, found: 0, seen: [0; Names::MAX / 64], constant_seen: false }
    }

    /// Looks up a key, first where it probably is.
    #[inline]
    fn find(&mut self, key: &str) {
        self.found = match self.names.fields.get(self.next) {
            Some(name) if same(name.as_bytes(), key.as_bytes()) => self.next,
            _ => self.search(key),
        }
    }

    /// Looks up a key anywhere.
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

    /// Notes the field at an index, and says whether it was there before.
    fn again(&mut self, index: usize) -> bool {
        let (word, bit) = (&mut self.seen[index / 64], 1 << (index % 64));
        let again = *word & bit != 0;
        *word |= bit;
        self.next = index + 1;
        again
    }

    /// Notes the constant, and says whether it was there before.
    const fn constant_again(&mut self) -> bool {
        std::mem::replace(&mut self.constant_seen, true)
    }

    /// Whether the constant is missing, at the end.
    const fn lacks_constant(&self) -> bool {
        self.names.constant.is_some() && !self.constant_seen
    }
}

/// Whether a key is the name that was guessed. Names are too short for a call of `memcmp` to pay.
#[inline]
fn same(name: &[u8], key: &[u8]) -> bool {
    /// Compares two texts of `N` to `2 * N` bytes: what both ends have in common, twice.
    fn ends<const N: usize>(name: &[u8], key: &[u8]) -> bool {
        name.first_chunk::<N>() == key.first_chunk::<N>() && name.last_chunk::<N>() == key.last_chunk::<N>()
    }
    name.len() == key.len()
        && match name.len() {
            0..4 => name.iter().eq(key),
            4..8 => ends::<4>(name, key),
            8..16 => ends::<8>(name, key),
            16..=32 => ends::<16>(name, key),
            _ => name == key,
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
        T::read(Fields { map, progress: Progress::new(T::NAMES) })
    }
}

/// The fields of an object while they are read.
pub(crate) struct Fields<A> {
    map: A,
    progress: Progress,
}

impl<'de, A: MapAccess<'de>> Fields<A> {
    /// The index of the next field, or `None` at the end. What is unknown is skipped, the constant is checked.
    // Inlined at the price of code in whoever decodes: a call for each key is a tenth of the time.
    #[inline(always)]
    pub(crate) fn next(&mut self) -> Result<Option<usize>, A::Error> {
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

    /// Reads the value of that field.
    #[inline(always)]
    pub(crate) fn value<T: Deserialize<'de>>(&mut self) -> Result<T, A::Error> {
        self.map.next_value()
    }

    /// Says that a field is missing.
    pub(crate) fn missing(&self, name: &'static str) -> A::Error {
        A::Error::missing_field(name)
    }
}

/// Reads a key.
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

                /// Reads this object from its JSON in UTF-8: as serde does, but with an error that names the place and
                /// never quotes a value.
                ///
                /// # Errors
                /// When the text is not the JSON of such an object. Never panics, whatever the text.
                pub fn from_json(json: &[u8]) -> Result<Self, $crate::support::DecodeError> {
                    $crate::support::decode::decode(json)
                }
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

            fn read<'de, A: serde_core::de::MapAccess<'de>>(
                mut fields: $crate::support::model::Fields<A>,
            ) -> Result<Self, A::Error> {
                // Numbers the fields, as a macro cannot count.
                #[allow(dead_code, non_camel_case_types, reason = "the names are those of the fields, if there are any")]
                enum Index { $($field),* }
                const { assert!(Self::NAMES.fields.len() <= $crate::support::model::Names::MAX) };
                $($crate::support::model!(@slot $kind $field);)*
                while let Some(index) = fields.next()? {
                    match index {
                        $(
                            _ if index == Index::$field as usize => match fields.value() {
                                Ok(value) => $field = $crate::support::model!(@filled $kind value),
                                Err(error) => return Err(error),
                            },
                        )*
                        _ => {}
                    }
                }
                Ok(Self { $($field: $crate::support::model!(@read $kind fields, $field, $wire)),* })
            }
        }

        impl<'de> serde_core::Deserialize<'de> for $name {
            fn deserialize<D: serde_core::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::support::model::deserialize_model(deserializer)
            }
        }

        impl serde_core::Serialize for $name {
            fn serialize<S: serde_core::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde_core::ser::SerializeMap;
                #[allow(unused_mut, reason = "there may be no field")]
                let mut map = serializer.serialize_map(None)?;
                $(map.serialize_entry("object", $object)?;)?
                $($crate::support::model!(@write $kind map, self.$field, $wire);)*
                map.end()
            }
        }
    };

    // What a field is read into: a required one must be told from one that was never there.
    (@slot required $field:ident) => { let mut $field = None; };
    (@slot optional $field:ident) => { let mut $field = Default::default(); };
    (@filled required $value:ident) => { Some($value) };
    (@filled optional $value:ident) => { $value };
    (@read required $fields:ident, $field:ident, $wire:tt) => {
        match $field {
            Some(value) => value,
            None => return Err($fields.missing($wire)),
        }
    };
    (@read optional $fields:ident, $field:ident, $wire:tt) => { $field };

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
