//! Values that are one of several types.

use serde_json::Value;

use super::Opaque;

/// Whether an object of a response is of a kind.
pub fn is_kind(object: &Opaque, kind: &str, deleted: bool) -> bool {
    let is_deleted = matches!(object.get("deleted"), Some(Value::Bool(true)));
    object.object() == Some(kind) && is_deleted == deleted
}

/// Implements a union of objects that their fields `object` and `deleted` tell apart.
#[doc(hidden)]
#[macro_export]
macro_rules! __tagged_union {
    (
        $name:ident $(, referable = $referable:tt)? {
            $($variant:ident = $object:literal $($deleted:ident)?),* $(,)?
        }
    ) => {
        impl<'de> $crate::__private::serde_core::Deserialize<'de> for $name {
            fn deserialize<__D: $crate::__private::serde_core::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::core::result::Result<Self, __D::Error> {
                $crate::__private::deserialize_object(deserializer, |object| {
                    $(
                        let deleted = $crate::__private::tagged_union!(@deleted $($deleted)?);
                        if $crate::__private::is_kind(&object, $object, deleted) {
                            return $crate::__private::decode_kept(object.as_json()).map(Self::$variant);
                        }
                    )*
                    ::core::result::Result::Ok(Self::Unknown(object))
                })
            }
        }

        impl $crate::__private::serde_core::Serialize for $name {
            fn serialize<__S: $crate::__private::serde_core::Serializer>(
                &self,
                serializer: __S,
            ) -> ::core::result::Result<__S::Ok, __S::Error> {
                match self {
                    $(Self::$variant(object) => {
                        $crate::__private::serde_core::Serialize::serialize(object, serializer)
                    })*
                    Self::Unknown(object) => $crate::__private::serde_core::Serialize::serialize(object, serializer),
                }
            }
        }

        $crate::__private::tagged_union!(@object $name [$($referable)?] $($variant)*);
    };

    (@deleted) => { false };
    (@deleted deleted) => { true };

    (@object $name:ident [] $($variant:ident)*) => {};
    (@object $name:ident [true] $($variant:ident)*) => {
        impl $crate::__private::Object for $name {
            // Any: an object tells its kind itself.
            const OBJECT: &'static str = "";
            const DELETABLE: bool = false;
            type Id = ::std::string::String;

            fn id(&self) -> ::core::option::Option<&str> {
                #[allow(unused_imports, reason = "an object that is kept as JSON has the method itself")]
                use $crate::__private::Object as _;
                match self {
                    $(Self::$variant(object) => object.id(),)*
                    Self::Unknown(object) => object.id(),
                }
            }
        }
    };
}

/// Implements a union of objects that no field tells apart, a tuple struct around one private `Opaque`.
#[doc(hidden)]
#[macro_export]
macro_rules! __untagged_union {
    ($name:ident $(, referable = $referable:tt)? { $($method:ident = $alternative:ty),* $(,)? }) => {
        impl $name {
            $(
                #[doc = ::core::concat!("Reads the object as `", ::core::stringify!($alternative), "`.")]
                ///
                /// # Errors
                /// Returns an error if the JSON is not that of such an object.
                pub fn $method(&self) -> ::core::result::Result<$alternative, $crate::__private::serde_json::Error> {
                    <$alternative as $crate::__private::serde_core::Deserialize>::deserialize(self.0.as_json())
                }
            )*
        }

        $crate::__private::json_object!($name);

        // Not even the id is shown: it may be the secret of one of the alternatives.
        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.debug_struct(::core::stringify!($name)).finish_non_exhaustive()
            }
        }

        $(
            impl $crate::__private::Object for $name {
                const OBJECT: &'static str = {
                    ::core::assert!($referable);
                    // Any: nothing tells the kinds apart.
                    ""
                };
                const DELETABLE: bool = false;
                type Id = ::std::string::String;

                fn id(&self) -> ::core::option::Option<&str> {
                    self.0.id()
                }
            }
        )?
    };
}

/// Implements a parameter of several types.
#[doc(hidden)]
#[macro_export]
macro_rules! __parameter_union {
    ($name:ident { $($variant:ident($($alternative:tt)*)),* $(,)? }) => {
        $($crate::__private::parameter_union!(@from $name $variant $($alternative)*);)*

        impl $crate::__private::ParamValue for $name {
            fn encode(&self, encoder: &mut $crate::__private::Encoder) {
                match self {
                    $(Self::$variant(value) => $crate::__private::ParamValue::encode(value, encoder),)*
                }
            }
        }
    };

    (@from $name:ident $variant:ident String) => {
        $crate::__private::parameter_union!(@into $name $variant String, ::std::string::String, &str);
    };
    (@from $name:ident $variant:ident Timestamp) => {
        $crate::__private::parameter_union!(@into $name $variant Timestamp, Timestamp, ::std::time::SystemTime);
    };
    (@from $name:ident $variant:ident DateTime) => {
        $crate::__private::parameter_union!(@into $name $variant DateTime, DateTime, ::std::time::SystemTime);
    };
    (@from $name:ident $variant:ident i64) => {
        $crate::__private::parameter_union!(@into $name $variant i64, i64, i8, i16, i32, u8, u16, u32);
    };
    (@from $name:ident $variant:ident $alternative:ty) => {
        $crate::__private::parameter_union!(@into $name $variant $alternative, $alternative);
    };

    (@into $name:ident $variant:ident $alternative:ty, $($given:ty),*) => {
        $(
            impl ::core::convert::From<$given> for $name {
                fn from(value: $given) -> Self {
                    Self::$variant(<$alternative as ::core::convert::From<$given>>::from(value))
                }
            }
        )*
    };
}
