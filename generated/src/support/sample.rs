//! Samples of models, for the tests of other crates.

use serde_core::de::DeserializeOwned;

/// Gives models a valid sample each, from its JSON.
macro_rules! samples {
    ($($name:ident = $json:literal),* $(,)?) => {
        $(
            impl $name {
                /// A valid one in which every field is set, for a test to change. Only with the feature `test-util`.
                #[must_use]
                pub fn sample() -> Self {
                    $crate::support::sample::read($json)
                }
            }
        )*

        #[cfg(test)]
        #[test]
        fn samples_are_written_as_they_are_read() {
            $(
                let json: serde_json::Value = serde_json::from_str($json).unwrap();
                assert_eq!(serde_json::to_value($name::sample()).unwrap(), json, stringify!($name));
            )*
        }
    };
}

pub(crate) use samples;

#[expect(clippy::expect_used, reason = "for tests, and proven by one")]
pub(crate) fn read<T: DeserializeOwned>(json: &str) -> T {
    serde_json::from_str(json).expect("a sample is what the model says")
}
