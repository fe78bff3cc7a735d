//! Samples of models, for the tests of other crates.

use serde_core::de::DeserializeOwned;

/// Implements `sample` for models from the JSON of each.
#[doc(hidden)]
#[macro_export]
macro_rules! __samples {
    ($($name:ident = $json:literal),* $(,)?) => {
        $(
            impl $name {
                /// Returns a plausible instance for tests: all fields that agree with each other are set. Requires the feature
                /// `test-util`.
                #[must_use]
                pub fn sample() -> Self {
                    $crate::__private::read_sample($json)
                }

                /// Returns this instance with a change, so that a test states only the fields that it is about. Requires
                /// the feature `test-util`.
                #[must_use]
                pub fn with(mut self, change: impl ::core::ops::FnOnce(&mut Self)) -> Self {
                    change(&mut self);
                    self
                }
            }
        )*

        #[cfg(test)]
        #[test]
        fn samples_encode_to_the_json_they_come_from() {
            $(
                let json: $crate::__private::serde_json::Value =
                    $crate::__private::serde_json::from_str($json).unwrap();
                ::core::assert_eq!(
                    $crate::__private::serde_json::to_value($name::sample()).unwrap(),
                    json,
                    ::core::stringify!($name),
                );
            )*
        }
    };
}

/// Reads a sample from its JSON.
#[expect(clippy::expect_used, reason = "for tests; the test beside the samples decodes all of them")]
pub fn read<T: DeserializeOwned>(json: &str) -> T {
    serde_json::from_str(json).expect("the sample is the JSON of its model")
}
