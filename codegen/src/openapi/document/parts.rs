//! The parts of a document, each the slice of the text that it is.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::unique::twice;

/// The root of a document: the slice of the text for each key that is read.
#[derive(Debug, Default)]
pub(super) struct Root<'t> {
    pub(super) openapi: Option<&'t RawValue>,
    pub(super) swagger: Option<&'t RawValue>,
    pub(super) info: Option<&'t RawValue>,
    pub(super) servers: Option<&'t RawValue>,
    pub(super) security: Option<&'t RawValue>,
    pub(super) paths: Part<'t>,
    pub(super) components: Components<'t>,
    /// The other keys.
    pub(super) other: Vec<String>,
}

impl<'t, 'de: 't> Deserialize<'de> for Root<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(RootVisitor(std::marker::PhantomData))
    }
}

pub(super) struct RootVisitor<'t>(std::marker::PhantomData<&'t ()>);

impl<'t, 'de: 't> Visitor<'de> for RootVisitor<'t> {
    type Value = Root<'t>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Root<'t>, A::Error> {
        let mut root = Root::default();
        let mut seen = BTreeSet::new();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "openapi" => root.openapi = map.next_value()?,
                "swagger" => root.swagger = map.next_value()?,
                // `null` is no value of theirs either.
                "info" => root.info = Some(map.next_value()?),
                "servers" => root.servers = Some(map.next_value()?),
                "security" => root.security = Some(map.next_value()?),
                "paths" => root.paths = map.next_value()?,
                "components" => root.components = map.next_value()?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    root.other.push(key.clone());
                }
            }
            if !seen.insert(key.clone()) {
                return Err(twice(&key));
            }
        }
        Ok(root)
    }
}

/// An object whose members are kept as text, or the kind of value in its place.
#[derive(Debug)]
pub(super) enum Part<'t> {
    Members(BTreeMap<String, &'t RawValue>),
    Other(&'static str),
}

impl Default for Part<'_> {
    fn default() -> Self {
        Self::Members(BTreeMap::new())
    }
}

impl<'t> Part<'t> {
    pub(super) fn entries(&self) -> &BTreeMap<String, &'t RawValue> {
        static NONE: BTreeMap<String, &RawValue> = BTreeMap::new();
        match self {
            Self::Members(members) => members,
            Self::Other(_) => &NONE,
        }
    }
}

/// The same for `components`.
#[derive(Debug, Default)]
pub(super) struct Components<'t> {
    pub(super) kind: Part<'t>,
    pub(super) schemas: Part<'t>,
    has_schemas: bool,
    pub(super) security_schemes: Option<&'t RawValue>,
    /// The other keys.
    pub(super) other: Vec<String>,
}

/// Reads an object member by member, and anything else as its kind, so that a wrong kind is reported at its place.
trait Members<'t>: Default {
    fn member<A: MapAccess<'t>>(&mut self, key: String, map: &mut A) -> Result<(), A::Error>;
    fn other(kind: &'static str) -> Self;
}

impl<'t> Members<'t> for Part<'t> {
    fn member<A: MapAccess<'t>>(&mut self, key: String, map: &mut A) -> Result<(), A::Error> {
        let value = map.next_value()?;
        if let Self::Members(members) = self {
            if members.contains_key(&key) {
                return Err(twice(&key));
            }
            members.insert(key, value);
        }
        Ok(())
    }

    fn other(kind: &'static str) -> Self {
        Self::Other(kind)
    }
}

impl<'t> Members<'t> for Components<'t> {
    fn member<A: MapAccess<'t>>(&mut self, key: String, map: &mut A) -> Result<(), A::Error> {
        match key.as_str() {
            "schemas" if self.has_schemas => return Err(twice(&key)),
            "schemas" => (self.schemas, self.has_schemas) = (map.next_value()?, true),
            "securitySchemes" if self.security_schemes.is_some() => return Err(twice(&key)),
            "securitySchemes" => self.security_schemes = Some(map.next_value()?),
            _ => {
                map.next_value::<IgnoredAny>()?;
                self.other.push(key);
            }
        }
        Ok(())
    }

    fn other(kind: &'static str) -> Self {
        Self { kind: Part::Other(kind), ..Self::default() }
    }
}

struct MembersVisitor<M>(std::marker::PhantomData<M>);

impl<'t, M: Members<'t>> Visitor<'t> for MembersVisitor<M> {
    type Value = M;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<M, A::Error> {
        let mut members = M::default();
        while let Some(key) = map.next_key::<String>()? {
            members.member(key, &mut map)?;
        }
        Ok(members)
    }

    fn visit_seq<A: SeqAccess<'t>>(self, mut seq: A) -> Result<M, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(M::other("a list"))
    }

    fn visit_str<E>(self, _: &str) -> Result<M, E> {
        Ok(M::other("a string"))
    }

    fn visit_bool<E>(self, _: bool) -> Result<M, E> {
        Ok(M::other("a boolean"))
    }

    fn visit_i64<E>(self, _: i64) -> Result<M, E> {
        Ok(M::other("a number"))
    }

    fn visit_u64<E>(self, _: u64) -> Result<M, E> {
        Ok(M::other("a number"))
    }

    fn visit_f64<E>(self, _: f64) -> Result<M, E> {
        Ok(M::other("a number"))
    }

    fn visit_unit<E>(self) -> Result<M, E> {
        Ok(M::other("null"))
    }
}

impl<'t, 'de: 't> Deserialize<'de> for Part<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MembersVisitor(std::marker::PhantomData))
    }
}

impl<'t, 'de: 't> Deserialize<'de> for Components<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MembersVisitor(std::marker::PhantomData))
    }
}
