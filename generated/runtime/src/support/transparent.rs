//! Types whose JSON is that of the one value in them.

/// Implements `Serialize` and `Deserialize` for a tuple struct of one field.
#[doc(hidden)]
#[macro_export]
macro_rules! __transparent {
    ($name:ident $(<$generic:ident>)?) => {
        impl $(<$generic: $crate::__private::serde_core::Serialize>)? $crate::__private::serde_core::Serialize
            for $name $(<$generic>)?
        {
            fn serialize<__S: $crate::__private::serde_core::Serializer>(
                &self,
                serializer: __S,
            ) -> ::core::result::Result<__S::Ok, __S::Error> {
                $crate::__private::serde_core::Serialize::serialize(&self.0, serializer)
            }
        }

        impl<'de $(, $generic: $crate::__private::serde_core::Deserialize<'de>)?>
            $crate::__private::serde_core::Deserialize<'de> for $name $(<$generic>)?
        {
            fn deserialize<__D: $crate::__private::serde_core::Deserializer<'de>>(
                deserializer: __D,
            ) -> ::core::result::Result<Self, __D::Error> {
                $crate::__private::serde_core::Deserialize::deserialize(deserializer).map(Self)
            }
        }
    };
}
